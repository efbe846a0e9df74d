"""Pages that stand in for the services where only files are served: how to apply, ask and write without a form.

They stand at the address of the service itself. Our own server never gives them out, since it answers these
addresses; a plain web server, or a DMZ host whose inner server is away, does.
"""

from django.utils import translation
from django.utils.translation import gettext_lazy, pgettext_lazy

from gongkai.agencies.models import Agency
from gongkai.channels.renderers import Page, Standing, stand
from gongkai.portal import rendering
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


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    stand(Standing("elsewhere", pages))
