"""What is not disclosed is looked at again regularly; what may be opened is opened (条例第十八条).

The regulation gives no interval: twelve months, unless the agency says otherwise (items.EXAMINATION).
"""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import CharField, DateField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from gongkai.agencies import options
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.disclosure import content as contents
from gongkai.disclosure.items import EXAMINATION, months_later
from gongkai.disclosure.models import AttributeDecision, Item, Reexamination
from gongkai.journal import chain, clock
from gongkai.rulebook import catalogue
from gongkai.rulebook.examination import GROUNDS_TO_WITHHOLD
from gongkai.rulebook.norms import cite, together

# A withheld item is put before the office so many days before its next examination.
AHEAD = timedelta(days=30)
ARTICLE = cite("regulation", 18)


def withheld() -> QuerySet[Item]:
    """The items that are not proactively public, each with decided_on, ground, reason, looked_at and examined_next."""
    decision = AttributeDecision.objects.filter(item=OuterRef("pk")).order_by("-pk")
    again = Reexamination.objects.filter(decision=OuterRef("decided_by")).order_by("-pk")
    return (
        Item.objects.filter(state=Item.State.WITHHELD)
        .annotate(
            decided_by=Subquery(decision.values("pk")[:1]),
            decided_on=Subquery(decision.values("on")[:1]),
        )
        .annotate(
            looked_at=Subquery(again.values("on")[:1], output_field=DateField()),
            ground=Coalesce(
                Subquery(again.values("ground")[:1]),
                Subquery(decision.values("ground")[:1]),
                Value(""),
                output_field=CharField(),
            ),
            why=Coalesce(
                Subquery(again.values("reason")[:1]),
                Subquery(decision.values("reason")[:1]),
                output_field=CharField(),
            ),
            examined_next=Coalesce(
                Subquery(again.values("next_on")[:1]),
                Subquery(decision.values("next_examination")[:1]),
                output_field=DateField(),
            ),
        )
    )


def due(day: date) -> QuerySet[Item]:
    """Those of them whose examination falls within AHEAD of the day, soonest first."""
    return withheld().filter(examined_next__lte=day + AHEAD).order_by("examined_next")


def examine(actor: Actor, item: Item, *, outcome: str, ground: str = "", reason: str) -> Reexamination:
    """Put on record that a withheld item was looked at again.

    ground: where it stays withheld, a ground of arts. 14 to 16 (open on application only needs none). What may be
    opened goes back to drafting, and to the public only through the review. Raises Refused.
    """
    require(actor, "item.draft", item.agency)
    if outcome not in Reexamination.Outcome.values:
        raise Refused(_("Choose the outcome of the examination."), ARTICLE)
    if not reason.strip():
        raise Refused(_("Give the reason: what has changed, or why it has not."), ARTICLE)
    stays = outcome == Reexamination.Outcome.WITHHELD
    today = clock.today()
    with transaction.atomic():
        held = Item.objects.select_for_update().get(pk=item.pk)
        decision = held.attribute_decisions.order_by("-pk").first()
        if held.state != Item.State.WITHHELD or decision is None:
            raise Refused(_("This item is not withheld."))
        if stays and decision.attribute == contents.WITHHELD and ground not in GROUNDS_TO_WITHHOLD:
            raise Refused(
                _("Name the ground of articles 14 to 16 on which it stays withheld."),
                together(each.law for each in GROUNDS_TO_WITHHOLD.values()),
            )
        if not stays:
            ground = ""
        law = [catalogue.GROUNDS[ground].law] if ground in catalogue.GROUNDS else []
        row = Reexamination.objects.create(
            decision=decision,
            item=held,
            outcome=outcome,
            ground=ground,
            articles=together([ARTICLE, *law]),
            reason=reason.strip()[:500],
            person=actor.person,
            on=today,
            at=clock.now(),
            next_on=months_later(today, options.read(held.agency, EXAMINATION)) if stays else None,
        )
        if not stays:
            held.state = Item.State.DRAFT
            held.attribute = ""
            held.save(update_fields=["state", "attribute"])
        chain.record(
            "item.reexamined",
            actor.who,
            agency=held.agency_id,
            subject=(contents.KIND, held.pk),
            covers=[row],
            outcome=outcome,
            ground=ground,
        )
    return row
