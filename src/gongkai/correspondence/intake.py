"""Intake: by the public form, and by staff for everything that comes by other ways."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import number_forms, numbering, options
from gongkai.agencies.models import Agency, Role
from gongkai.agencies.options import FLAG, Option
from gongkai.agencies.policy import (
    Actor,
    Refused,
    allowed,
    approver,
    grant,
    handler,
    head,
    oversees,
    require,
    staff,
    three,
)
from gongkai.correspondence import enclosures, happenings, terms, writer
from gongkai.correspondence.models import Channel, Matter, Topic
from gongkai.correspondence.procedure import BY_CODE, Event, Kind
from gongkai.correspondence.writer import Letter
from gongkai.files import codes, prints, sealing
from gongkai.journal import clock
from gongkai.journal.chain import Who
from gongkai.rulebook.calendar import FIRST_DAY

grant("correspondence.read", staff | oversees, gettext_lazy("see the correspondence of this agency"))
grant("correspondence.register", three | head, gettext_lazy("register correspondence of this agency"))
grant("correspondence.handle", handler | head, gettext_lazy("handle correspondence of this agency"))
grant("correspondence.decide", approver | head, gettext_lazy("decide on correspondence of this agency"))
grant("correspondence.supervise", oversees, gettext_lazy("register and handle complaints about disclosure"))

# 信箱、连线、交办、热线、投诉; the agency's code keeps the numbers of a whole district apart.
NUMBER_FORMS = {
    Kind.MAILBOX: "{code}-XX{year}-{n:04d}",
    Kind.MEDIA_LINE: "{code}-LX{year}-{n:04d}",
    Kind.ASSIGNED: "{code}-JB{year}-{n:04d}",
    Kind.HOTLINE: "{code}-RX{year}-{n:04d}",
    Kind.COMPLAINT: "{code}-TS{year}-{n:04d}",
}
OPEN = "mailbox_open"
options.declare(
    Option(
        OPEN, terms.GROUP, gettext_lazy("Letters are taken through the public form"), FLAG, True,
        words=gettext_lazy("Needs a handler of the agency; without it the agency is not offered to the public."),
    ),
    *(
        number_forms.option(
            f"{kind.value}_number_form",
            format_lazy(gettext_lazy("Form of registration numbers: {kind}"), kind=kind.label),
            form,
            space="matter",
        )
        for kind, form in NUMBER_FORMS.items()
    ),
)  # fmt: skip
LONGEST = {"subject": 200, "text": 20_000, "name": 60, "phone": 40, "email": 100, "address": 200}
PER_HOUR, PER_HOUR_UNPROVED = 10, 3


@dataclass(frozen=True)
class Registered:
    """What intake gives back after the commit (I8). code: the writer's query code, for letters and complaints."""

    matter: Matter
    number: str
    code: str


def open_agencies() -> list[Agency]:
    """The agencies that take letters through the public form: those with a handler, unless switched off."""
    rows = Agency.objects.filter(appointments__role=Role.HANDLER).distinct()
    return [agency for agency in rows if options.read(agency, OPEN)]


def receive(
    agency: Agency,
    letter: Letter,
    *,
    topic: str = Topic.OTHER,
    may_publish: bool = False,
    address: str = "",
    form: str = "",
    proved: bool = True,
) -> Registered:
    """A letter from the public form. Raises Refused.

    address: the network address, kept only as a keyed digest; form: the token of the form sent, so that one
    form makes one letter; proved: with a proof of work, without which fewer letters an hour are taken.
    """
    if agency not in open_agencies():
        raise Refused(_("This agency does not take letters here; choose another from the list."))
    return register_public(
        agency,
        Kind.MAILBOX,
        letter,
        address=address,
        form=form,
        proved=proved,
        topic=topic,
        may_publish=may_publish,
    )


def register(
    actor: Actor,
    agency: Agency,
    kind: str,
    letter: Letter,
    *,
    channel: str,
    received_on: date,
    title: str,
    topic: str = Topic.OTHER,
    source: str = "",
    source_number: str = "",
    may_publish: bool = False,
    about: Agency | None = None,
) -> Registered:
    """A matter that staff enter. title: neutral words, for lists and inbox; source: the medium, the leader
    (批示领导) or the platform; source_number: their number, required for hotline tickets; about: the agency that a
    complaint is about, below the one that registers it. Raises Refused.
    """
    if kind != Kind.COMPLAINT or not allowed(actor, "correspondence.supervise", agency):
        require(actor, "correspondence.register", agency)
    if (kind == Kind.COMPLAINT) != (about is not None):
        raise Refused(_("A complaint, and only a complaint, names the agency that it is about."))
    if about is not None and (about == agency or not about.path.startswith(agency.path)):
        raise Refused(
            _(
                "The agency complained of is not below yours: the complaint goes to the agency above it (art. 51)."
            )
        )
    if not title.strip():
        raise Refused(_("Give a title in neutral words, without names: lists show it."))
    if not FIRST_DAY <= received_on <= clock.today():
        raise Refused(_("The day of receipt lies in the future, or before the calendar begins."))
    if kind not in BY_CODE and not source.strip():
        raise Refused(_("Say where it comes from: the medium, the leader or the platform."))
    if kind == Kind.HOTLINE and not source_number.strip():
        raise Refused(_("Give the number of the hotline ticket."))
    return _register(
        actor.who,
        actor,
        agency,
        kind,
        letter,
        channel=channel,
        received_on=received_on,
        title=title.strip(),
        topic=topic,
        source=source.strip(),
        source_number=source_number.strip(),
        may_publish=may_publish,
        about=about,
    )


def register_public(
    agency: Agency, kind: Kind, letter: Letter, *, address: str, form: str, proved: bool, **facts: Any
) -> Registered:
    """A matter from a public form whose agency and `facts` were checked, within the hourly limit of one network;
    address, form, proved: as `receive` has them. Raises Refused."""
    if not letter.name.strip() or not (letter.phone.strip() or letter.email.strip()):
        raise Refused(_("Give your name, and a telephone number or an e-mail address for the answer."))
    origin = sealing.fingerprint(f"origin:{address}") if address else ""
    hour = clock.now() - timedelta(hours=1)
    most = PER_HOUR if proved else PER_HOUR_UNPROVED
    if origin and Matter.objects.filter(origin_print=origin, registered_at__gt=hour).count() >= most:
        raise Refused(_("Too many letters came from your network in the last hour; try again later."))
    return _register(
        happenings.WEB,
        None,
        agency,
        kind,
        letter,
        channel=Channel.WEB,
        received_on=clock.today(),
        origin=origin,
        form=sealing.fingerprint(f"form:{form}") if form else "",
        **facts,
    )


def _register(
    who: Who,
    actor: Actor | None,
    agency: Agency,
    kind: str,
    letter: Letter,
    *,
    channel: str,
    received_on: date,
    topic: str,
    may_publish: bool = False,
    title: str = "",
    source: str = "",
    source_number: str = "",
    origin: str = "",
    form: str = "",
    about: Agency | None = None,
    files: Iterable[enclosures.Upload] = (),
) -> Registered:
    _measure(letter)
    code = codes.fresh() if kind in BY_CODE else ""
    try:
        with transaction.atomic():
            key = sealing.new_key()
            matter = Matter(
                agency=agency,
                kind=Kind(kind),
                title=title[:200],
                topic=topic,
                channel=channel,
                received_on=received_on,
                runs_from=received_on,
                term_days=terms.term_for(agency, kind),
                source=source[:100],
                source_number=source_number[:80],
                key_id=key.pk,
                name_print=prints.of(prints.NAME, letter.name),
                phone_print=prints.of(prints.PHONE, letter.phone),
                origin_print=origin,
                form_print=form or None,
                may_publish=may_publish,
                about=about,
                registered_at=clock.now(),
            )
            for name in ("subject", "text", *writer.PARTICULARS):
                setattr(matter, f"sealed_{name}", sealing.seal(key.pk, getattr(letter, name).strip()))
            # Refused before a number is taken, so the series has no gap.
            writer.refuse_particulars(matter, title, source)
            enclosures.keep(who, matter, files)
            number_form = options.read(agency, f"{Kind(kind).value}_number_form")
            matter.number = numbering.issue(
                agency, f"matter.{Kind(kind).value}", number_form, who=who, subject=("matter", matter.pk)
            ).text
            matter.code_print = codes.of(matter.number, code) if code else ""
            matter.save(force_insert=True)
            happenings.write(
                who,
                matter,
                Event.REGISTERED,
                person=actor.person if actor else None,
                on=received_on,
                data={"channel": str(channel), "term_days": matter.term_days},
            )
    except IntegrityError as error:
        raise Refused(_twice(kind, form)) from error
    return Registered(matter, matter.number, code)


def _twice(kind: str, form: str) -> str:
    if form:
        return _("This letter was sent already; its number was shown then.")
    if kind == Kind.HOTLINE:
        return _("A ticket with this number is registered already.")
    return _("Someone registered at the same moment; send it again.")


def _measure(letter: Letter) -> None:
    if not letter.text.strip():
        raise Refused(_("Write the text."))
    for name, length in LONGEST.items():
        if len(getattr(letter, name)) > length:
            raise Refused(_("Shorten each field: the text has at most 20,000 characters, the others fewer."))
