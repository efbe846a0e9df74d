"""Pages that stand in for the services where only files are served: how to apply, ask and write without a form.

They stand at the address of the service itself. Our own server never gives them out, since it answers these
addresses; a plain web server, or a DMZ host whose inner server is away, does.
"""

from collections.abc import Hashable, Iterator
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gongkai.agencies.models import Agency
from gongkai.channels import parts, site
from gongkai.channels.parts import Part
from gongkai.channels.renderers import Page, Standing, stand
from gongkai.disclosure import notices, opinions
from gongkai.disclosure.models import Item, Period
from gongkai.journal import clock
from gongkai.portal import lists, rendering
from gongkai.portal.standing import contact

# Address → (title, what to do instead, whether the agencies' offices are named).
SERVICES = {
    "apply": (
        pgettext_lazy("portal navigation", "Apply for information"),
        gettext_lazy(
            "Applications cannot be made on this page at the moment. Apply at the counter, by post, by fax or by "
            "e-mail of the agency that holds the information, as named below. State your name, proof of identity and "
            "contact, the name, document number or other features of the information, and the form in which you want "
            "it (art. 29). Mark an envelope “政府信息公开申请”."
        ),
        True,
    ),
    "track": (
        gettext_lazy("Track an application"),
        gettext_lazy(
            "The state of an application cannot be shown on this page at the moment. Ask the disclosure office by "
            "telephone or at the counter, with the registration number and the code of your receipt."
        ),
        True,
    ),
    "mailbox": (
        gettext_lazy("Write to us"),
        gettext_lazy(
            "Letters cannot be sent on this page at the moment. Write by post or e-mail, call, or come to the office."
        ),
        True,
    ),
    "complaints": (
        gettext_lazy("Complaints about disclosure"),
        gettext_lazy(
            "Complaints cannot be sent on this page at the moment. Write to, call or visit the agency above the one that you "
            "complain of, or the department in charge of open government information (art. 47 and 51 of the Regulation)."
        ),
        True,
    ),
    "opinions": (
        gettext_lazy("Give your opinion"),
        gettext_lazy(
            "Opinions cannot be given on this page at the moment. Give them by post, e-mail or telephone before the "
            "last day that the notice names; they count like those given here."
        ),
        True,
    ),
    "search": (
        gettext_lazy("Search"),
        gettext_lazy(
            "Searching is not possible on this page at the moment. Everything that is public stands in the catalogue "
            "and in the columns, newest first."
        ),
        False,
    ),
    "subscribe": (
        gettext_lazy("Subscribe"),
        gettext_lazy(
            "Subscribing by e-mail is not possible on this page at the moment. The feed of each column works all the "
            "same: open the column and put its feed into your feed reader."
        ),
        False,
    ),
    "share": (
        gettext_lazy("Share"),
        gettext_lazy(
            "The QR code cannot be made at the moment. Open the page itself and copy its address from the browser."
        ),
        False,
    ),
    "documents": (
        gettext_lazy("Keep a page as a file"),
        gettext_lazy(
            "Word and PDF files of a page cannot be made at the moment. Open the page itself and print it, to paper or "
            "into a PDF file; its attachments can be saved from there."
        ),
        False,
    ),
}


def _page(service: str) -> Page:
    title, words, offices = SERVICES[service]
    agencies = [{"name": agency.name, "facts": contact(agency)} for agency in Agency.objects.all() if offices]
    page = rendering.page(
        "portal/elsewhere.html",
        title=title,
        words=words,
        agencies=agencies,
        breadcrumb=[{"label": title}],
    )
    return f"{service}/index.html", page


def pages() -> list[Page]:
    """One page for each service."""
    with translation.override(rendering.LANGUAGE):
        return [_page(service) for service in SERVICES]


def _opinion_part(item: Item) -> Part:
    """What stands at the address of the form of one notice while opinions are taken: where to send them."""
    folder = f"opinions/{item.pk}"

    def state() -> Hashable:
        # Another text, a withdrawal and the last day each make it another.
        return Item.objects.filter(pk=item.pk).values_list("live", flat=True).first(), clock.today()

    def pages() -> list[Page]:
        now = Item.objects.select_related("agency", "live").get(pk=item.pk)
        content = opinions.live_content(now)
        if content is None or opinions.open_period(now) is None:
            return []
        with translation.override(rendering.LANGUAGE):
            return [_opinion_page(now, content["more"])]

    return Part(f"elsewhere:{item.pk}", pages, state, folder=folder)


def _opinion_page(item: Item, more: dict[str, object]) -> Page:
    title, words, _offices = SERVICES["opinions"]
    first, last = notices.begins(more), notices.ends(more)
    facts = [
        {"label": _("Period of the notice"), "value": notices.period_words(first, last), "wide": True},
        {"label": _("How to take part"), "value": more.get("how", ""), "wide": True},
        {"label": _("How to reach the office"), "value": more.get("contact", ""), "wide": True},
    ]
    page = rendering.page(
        "portal/elsewhere.html",
        title=title,
        words=words,
        agencies=[
            {"name": item.title, "facts": [fact for fact in facts if fact["value"]]},
            {"name": item.agency.name, "facts": contact(item.agency)},
        ],
        breadcrumb=[{"label": item.title[:40], "url": lists.item_url(item)}, {"label": title}],
    )
    return f"opinions/{item.pk}/index.html", page


def opinion_parts() -> Iterator[Part]:
    """The notices on which opinions are taken today."""
    today = clock.today()
    running = Period.objects.filter(online=True, begins__lte=today, ends__gte=today).values("item")
    for item in Item.objects.filter(pk__in=running, state=Item.State.PUBLIC).iterator(chunk_size=500):
        yield _opinion_part(item)


def follow_item(kind: str, subject: UUID) -> None:
    """The page at the form of a notice follows its release, its last day and its withdrawal."""
    if kind != "item":
        return
    item = Item.objects.filter(pk=subject, periods__online=True).first()
    if item is not None:
        parts.settle(_opinion_part(item))


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    stand(Standing("elsewhere", pages))
    parts.provide(opinion_parts)
    site.also(follow_item)
