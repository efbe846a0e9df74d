"""What the public says to a notice, a solicitation or a hearing: taken in sealed, answered one by one, counted.

Nothing of a writer is public, neither name nor text: what came of all opinions together is told by a result, which is an
item like any other and goes through the review (`results`).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import number_forms, numbering, options
from gongkai.agencies.policy import Actor, Refused, grant, handler, head, oversees, require, staff
from gongkai.disclosure import notices
from gongkai.disclosure.models import (
    Item,
    Opinion,
    OpinionAnswer,
    OpinionKey,
    OpinionTrace,
    Period,
)
from gongkai.disclosure.notice_models import Outcome, Stance
from gongkai.files import codes, sealing, storage
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock, outbox
from gongkai.journal.chain import Who
from gongkai.review.submission import content_of

grant("opinion.read", staff | oversees, gettext_lazy("see how many opinions came in and what became of them"))
grant("opinion.handle", handler | head, gettext_lazy("open, register and answer opinions of the public"))

KIND = "opinion"
PUBLIC = Who("system:public", "公众")
NUMBER_FORM = "opinion_number_form"
options.declare(
    number_forms.option(
        NUMBER_FORM,
        gettext_lazy("Form of the numbers of opinions"),
        "{code}-YJ{year}-{n:05d}",
        space="opinion",
    )
)
# Keeps its query codes apart from those of letters.
ABOUT = "opinion:"
LONGEST = {"text": 20_000, "name": 60, "contact": 100}
PER_HOUR, PER_HOUR_UNPROVED = 20, 5
LONGEST_REASON = 500


@dataclass(frozen=True)
class Said:
    """What one person sends, in the clear; file: (name, bytes), or None."""

    text: str
    name: str = ""
    contact: str = ""
    file: tuple[str, bytes] | None = None


@dataclass(frozen=True)
class Taken:
    """What intake gives back after the commit (I8)."""

    opinion: Opinion
    number: str
    code: str


def live_content(item: Item) -> dict[str, Any] | None:
    """The released content of an item that is public now."""
    return content_of(item.live.digest) if item.live else None


def open_period(item: Item, on: date | None = None) -> Period | None:
    """The period of the public text of an item, where opinions are taken through the site on that day."""
    if item.live_id is None or item.variety not in notices.WITH_PERIOD:
        return None
    day = on or clock.today()
    return Period.objects.filter(release_id=item.live_id, online=True, begins__lte=day, ends__gte=day).first()


def receive(
    item: Item,
    said: Said,
    *,
    stance: str = Stance.OTHER,
    address: str = "",
    form: str = "",
    proved: bool = True,
) -> Taken:
    """Take an opinion from the public form. Raises Refused, after the last day with where to write instead.

    address: the network address, kept only as a keyed digest; form: the token of the form sent, so that one form makes
    one opinion; proved: with a proof of work, without which fewer an hour are taken.
    """
    origin = sealing.fingerprint(f"origin:{address}") if address else ""
    hour = clock.now() - timedelta(hours=1)
    most = PER_HOUR if proved else PER_HOUR_UNPROVED
    if origin and OpinionTrace.objects.filter(origin_print=origin, at__gt=hour).count() >= most:
        raise Refused(
            _(
                "Too many opinions came from your network in the last hour; what you typed is kept, send it later."
            )
        )
    return _enter(PUBLIC, item, said, stance=stance, channel=Opinion.Channel.WEB, origin=origin, form=form)


def register(actor: Actor, item: Item, said: Said, *, stance: str, channel: str, received_on: date) -> Taken:
    """Enter an opinion that came by post, by telephone or at the counter within the period. Raises Refused."""
    require(actor, "opinion.handle", item.agency)
    if received_on > clock.today():
        raise Refused(_("The day of receipt lies in the future."))
    return _enter(actor.who, item, said, stance=stance, channel=channel, received_on=received_on)


def _enter(
    who: Who,
    item: Item,
    said: Said,
    *,
    stance: str,
    channel: str,
    origin: str = "",
    form: str = "",
    received_on: date | None = None,
) -> Taken:
    _measure(said)
    code = codes.fresh()
    try:
        with transaction.atomic():
            # The journal orders all writers: the moment of receipt is read when this one has its turn.
            chain.hold()
            held = Item.objects.select_related("agency", "live").get(pk=item.pk)
            moment = clock.now()
            period = _period(held, channel, received_on or timezone.localtime(moment).date())
            _needs_name(held, said)
            key, _made = OpinionKey.objects.get_or_create(
                item=held, defaults={"key_id": sealing.new_key().pk}
            )
            opinion = Opinion(
                item=held,
                period=period,
                agency=held.agency,
                channel=channel,
                stance=Stance(stance),
                named=bool(said.name.strip()),
                sealed_name=sealing.seal(key.key_id, said.name.strip()),
                sealed_contact=sealing.seal(key.key_id, said.contact.strip()),
                sealed_text=sealing.seal(key.key_id, said.text.strip()),
                received_on=received_on or timezone.localtime(moment).date(),
                received_at=moment,
            )
            if said.file:
                name, data = said.file
                storage.attach(
                    data, name, who=who, agency=held.agency, owner=(KIND, opinion.pk), case_key=key.key_id
                )
            number_form = options.read(held.agency, NUMBER_FORM)
            opinion.number = numbering.issue(
                held.agency, "opinion", number_form, who=who, subject=(KIND, opinion.pk)
            ).text
            opinion.save()
            OpinionTrace.objects.create(
                opinion=opinion,
                code_print=codes.of(opinion.number, code, about=ABOUT),
                origin_print=origin,
                form_print=sealing.fingerprint(f"form:{form}") if form else None,
                at=moment,
            )
            chain.record(
                "opinion.received", who, agency=held.agency_id, subject=(KIND, opinion.pk), covers=[opinion]
            )
    except IntegrityError as error:
        raise Refused(_("This opinion was sent already; its number was shown then.")) from error
    return Taken(opinion, opinion.number, code)


def _period(item: Item, channel: str, day: date) -> Period:
    """The period of the public text in which that day lies. Raises Refused with where to write instead."""
    period = Period.objects.filter(release_id=item.live_id).first() if item.live_id else None
    if period is None or item.variety not in notices.WITH_PERIOD:
        raise Refused(_("This text is not public, or no opinions are taken on it."))
    content = live_content(item)
    contact = str(content["more"].get("contact", "")) if content else ""
    if day > period.ends:
        raise Refused(
            _(
                "The last day was %(day)s; opinions are no longer taken here. You can still write to: %(contact)s"
            )
            % {"day": notices.day_words(period.ends), "contact": contact or item.agency.name}
        )
    if day < period.begins:
        raise Refused(_("Opinions are taken from %(day)s.") % {"day": notices.day_words(period.begins)})
    if channel == Opinion.Channel.WEB and not period.online:
        raise Refused(
            _("No opinions are taken through this site; write to: %(contact)s")
            % {"contact": contact or item.agency.name}
        )
    return period


def _needs_name(item: Item, said: Said) -> None:
    content = live_content(item)
    if content and content["more"].get("named") and not said.name.strip():
        raise Refused(_("Give your name: the agency asks for it here."))


def _measure(said: Said) -> None:
    if not said.text.strip():
        raise Refused(_("Write what you want to say."))
    for name, length in LONGEST.items():
        if len(getattr(said, name)) > length:
            raise Refused(_("Shorten each field: the text has at most 20,000 characters, the others fewer."))


def find(number: str, code: str) -> Opinion:
    """The opinion of a receipt. Raises Refused: the same sentence whichever of the two is wrong."""
    print_of = codes.typed(number, code, about=ABOUT)
    rows = OpinionTrace.objects.select_related("opinion__item", "opinion__agency")
    trace = rows.filter(code_print=print_of).first() if print_of else None
    if trace is None:
        raise Refused(_("Nothing is registered under this number and code; check both, letter by letter."))
    return trace.opinion


def opened(actor: Actor, opinion: Opinion) -> Said:
    """The opinion in the clear, for a member of staff to read; the journal says who opened it. Raises Refused."""
    require(actor, "opinion.handle", opinion.agency)
    said = Said(
        text=sealing.unseal(opinion.sealed_text),
        name=sealing.unseal(opinion.sealed_name),
        contact=sealing.unseal(opinion.sealed_contact),
    )
    with transaction.atomic():
        chain.record("opinion.opened", actor.who, agency=opinion.agency_id, subject=(KIND, opinion.pk))
    return said


def enclosed(opinion: Opinion) -> Attachment | None:
    """The file that came with it."""
    return Attachment.objects.filter(owner_kind=KIND, owner_id=opinion.pk).select_related("file").first()


def open_file(actor: Actor, opinion: Opinion) -> tuple[Attachment, bytes]:
    """The file in the clear; the journal says who opened it. Raises Refused."""
    require(actor, "opinion.handle", opinion.agency)
    row = enclosed(opinion)
    if row is None:
        raise Refused(_("No file came with this opinion."))
    data = storage.read(row.file_id, case_key=row.case_key)
    with transaction.atomic():
        chain.record("opinion.file_opened", actor.who, agency=opinion.agency_id, subject=(KIND, opinion.pk))
    return row, data


def answer(actor: Actor, opinion: Opinion, *, outcome: str, reason: str) -> OpinionAnswer:
    """Say what becomes of an opinion, and why; a further answer takes the place of the one before. Raises Refused.

    The reason may be told to the public together with others: it names nobody.
    """
    require(actor, "opinion.handle", opinion.agency)
    if outcome not in Outcome.values:
        raise Refused(_("Choose what becomes of the opinion."))
    words = reason.strip()
    if not words:
        raise Refused(_("Give the reason: the result tells it (重大行政决策程序暂行条例；590号令第十一条)."))
    if len(words) > LONGEST_REASON:
        raise Refused(_("Shorten the reason to 500 characters."))
    name = sealing.unseal(opinion.sealed_name)
    if len(name) > 1 and name in words:
        raise Refused(_("The reason holds the writer's name; leave it out, it stays sealed."))
    with transaction.atomic():
        row = OpinionAnswer.objects.create(
            opinion=opinion, outcome=Outcome(outcome), reason=words, person=actor.person, at=clock.now()
        )
        chain.record(
            "opinion.answered",
            actor.who,
            agency=opinion.agency_id,
            subject=(KIND, opinion.pk),
            covers=[row],
            outcome=str(outcome),
        )
        if clock.today() > opinion.period.ends:
            # Once it is over the public pages tell the counts.
            outbox.emit("item.changed", item=str(opinion.item_id))
    return row


def with_outcome(rows: QuerySet[Opinion]) -> QuerySet[Opinion]:
    """Opinions annotated with outcome, reason and answered_at of their latest answer."""
    latest = OpinionAnswer.objects.filter(opinion=OuterRef("pk")).order_by("-pk")
    return rows.annotate(
        outcome=Subquery(latest.values("outcome")[:1]),
        reason=Subquery(latest.values("reason")[:1]),
        answered_at=Subquery(latest.values("at")[:1]),
    )


@dataclass(frozen=True)
class Counts:
    """How many opinions an item has, and what became of them."""

    total: int = 0
    adopted: int = 0
    partly: int = 0
    declined: int = 0
    noted: int = 0

    @property
    def answered(self) -> int:
        return self.adopted + self.partly + self.declined + self.noted

    @property
    def waiting(self) -> int:
        return self.total - self.answered


def counts_of(item: Item) -> Counts:
    """The counts of one item, from its opinions and their latest answers."""
    rows = with_outcome(Opinion.objects.filter(item=item)).order_by().values("outcome")
    found = {row["outcome"]: row["n"] for row in rows.annotate(n=Count("pk"))}
    by = {name: found.get(name, 0) for name in Outcome.values}
    return Counts(total=sum(found.values()), **by)


def reasons(item: Item) -> list[tuple[str, str, int]]:
    """(outcome, reason, how many opinions) of the latest answers, the most frequent first within each outcome."""
    rows = with_outcome(Opinion.objects.filter(item=item)).exclude(outcome=None).order_by()
    found = rows.values("outcome", "reason").annotate(n=Count("pk"))
    order = {name: at for at, name in enumerate(Outcome.values)}
    said = [(row["outcome"], row["reason"], row["n"]) for row in found]
    return sorted(said, key=lambda row: (order[row[0]], -row[2], row[1]))


def unanswered(agencies: Any) -> QuerySet[Opinion]:
    """Opinions of these agencies that nobody has answered yet, the oldest first."""
    rows = Opinion.objects.filter(agency__in=agencies, answers__isnull=True)
    return rows.select_related("item", "agency").order_by("received_at")


def forget(item_id: Any) -> None:
    """The keyed digests go with the key: called when the file of the item is destroyed."""
    OpinionTrace.objects.filter(opinion__item_id=item_id).update(
        code_print="", origin_print="", form_print=None
    )


def key_of(item_id: Any) -> Any:
    """The key under which the opinions on an item are sealed; None where there are none."""
    return OpinionKey.objects.filter(item_id=item_id).values_list("key_id", flat=True).first()
