"""That a policy document, its plan and its interpretation go together (三同步).

政策性文件与解读方案、解读材料同步组织、同步审签、同步部署. Organised: a document that is to be interpreted is submitted
only when its material stands ready. Reviewed: each passes its own three steps. Released: whichever is approved first
waits, approved, for the other, and both go out in one transaction. An agency may do without by a setting; its leader
may let a document go alone, with a reason.
"""

import logging
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import calendars, options
from gongkai.agencies.options import FLAG, NUMBER, Option
from gongkai.agencies.policy import Actor, Refused, allowed, approver, grant, require
from gongkai.disclosure import content as contents
from gongkai.disclosure import interpretations, policies
from gongkai.disclosure.models import Interpretation, Item
from gongkai.disclosure.varieties import PREFIX, More
from gongkai.journal import chain, clock
from gongkai.review import drafts, releases
from gongkai.review.models import Approval, Draft, Release, ReviewState, Revision
from gongkai.review.subjects import Content, Problem
from gongkai.review.submission import content_of, contents_of
from gongkai.rulebook import interpretation as rules
from gongkai.rulebook.calendar import CalendarError

log = logging.getLogger(__name__)
ALONE = "policy.alone"
TOGETHER, DUE = "interpretation_together", "interpretation_working_days"
# Of documents without their interpretation, no more are listed at once.
SHOWN = 200
LONGEST_REASON = 500

grant(ALONE, approver, gettext_lazy("release a policy document of this agency before its interpretation"))
options.declare(
    Option(
        TOGETHER,
        gettext_lazy("Proactive disclosure"),
        gettext_lazy("Policy document and interpretation are released together"),
        FLAG,
        True,
        words=gettext_lazy("Whichever is approved first waits for the other; both go out at once (三同步)."),
    ),
    Option(
        DUE,
        gettext_lazy("Proactive disclosure"),
        gettext_lazy("Working days from a policy document to its interpretation"),
        NUMBER,
        rules.DUE_WORKING_DAYS,
        words=gettext_lazy(
            "Where the document went out alone; afterwards it stands in the inbox as overdue."
        ),
        least=1,
        most=30,
    ),
)


def demanded(more: More) -> bool:
    """Whether the plan of a policy document wants an interpretation."""
    return more.get("interpret") == policies.YES


def problems(more: More, draft: Draft) -> list[Problem]:
    """That plan and material of a policy document stand ready when it is submitted for the first time."""
    if not demanded(more):
        return []
    found = [
        Problem(f"{PREFIX}{name}", message)
        for name, message in (
            ("plan_outline", _("Outline the interpretation: without a plan the document is not taken.")),
            ("plan_form", _("Choose the forms of the interpretation.")),
            ("plan_by", _("Say who interprets.")),
        )
        if not more.get(name)
    ]
    item = Item.objects.select_related("agency").get(pk=draft.subject_id)
    if item.released_at is not None or not options.read(item.agency, TOGETHER):
        return found
    if why := _material(item):
        found.append(Problem(f"{PREFIX}interpret", why))
    return found


def _material(policy: Item) -> str:
    """Why the material of a policy document does not stand ready, in one sentence; empty where it does."""
    rows = interpretations.of_policy(policy)
    if not rows:
        return _("Draft its interpretation first: begin it from the page of this document.")
    for row in rows:
        draft = drafts.draft_of(contents.KIND, row.pk)
        if row.live_id or _running(row) or (draft is not None and not contents.problems(draft)):
            return ""
    return _("Its interpretation “%(title)s” is not complete: complete it, so that both are reviewed.") % {
        "title": rows[0].title
    }


def _running(item: Item) -> ReviewState | None:
    return (
        ReviewState.objects.filter(subject_kind=contents.KIND, subject_id=item.pk, state__in=ReviewState.OPEN)
        .select_related("revision")
        .first()
    )


def held(item: Item) -> Revision | None:
    """The revision of an item that is approved and waits, or None. The state is a cache: the approval counts (I2)."""
    state = _running(item)
    if state is None or state.state != ReviewState.State.HELD:
        return None
    approved = state.revision.approvals.filter(step=3, decision=Approval.PASSED).exists()
    return state.revision if approved else None


def _said(revision: Revision) -> tuple[Item, Content] | None:
    """The item and the content of a revision that is a policy document or an interpretation; else None."""
    content = content_of(revision.digest)
    if content is None or content.get("variety") not in (policies.CODE, interpretations.CODE):
        return None
    return Item.objects.select_related("agency").get(pk=revision.subject_id), content


def holds(revision: Revision) -> str:
    """For what an approved revision waits, by its title; empty where it can go out."""
    said = _said(revision)
    if said is None:
        return ""
    item, content = said
    if item.released_at is not None or not options.read(item.agency, TOGETHER):
        return ""
    if content["variety"] == interpretations.CODE:
        policy = interpretations.policy_of(content["more"], item.agency)
        if policy is None or policy.state == Item.State.PUBLIC or held(policy):
            return ""
        return policy.title
    if not demanded(content["more"]):
        return ""
    rows = interpretations.of_policy(item)
    if any(row.live_id or held(row) for row in rows):
        return ""
    return rows[0].title if rows else _("its interpretation")


def companions(revision: Revision) -> Sequence[Revision]:
    """The held revisions that go out in the same transaction as this one."""
    said = _said(revision)
    if said is None:
        return ()
    item, content = said
    if content["variety"] == policies.CODE:
        return [waits for row in interpretations.of_policy(item) if (waits := held(row))]
    policy = interpretations.policy_of(content["more"], item.agency)
    waits = held(policy) if policy is not None else None
    return [waits] if waits is not None else ()


def beside(revision: Revision) -> list[dict[str, Any]]:
    """For the reviewers of one: the other, where it stands, and its page."""
    said = _said(revision)
    if said is None:
        return []
    item, content = said
    if content["variety"] == interpretations.CODE:
        policy = interpretations.policy_of(content["more"], item.agency)
        return [_fact(_("policy document"), policy)] if policy is not None else []
    rows = [_fact(_("interpretation"), row) for row in interpretations.of_policy(item)]
    if not rows and demanded(content["more"]):
        return [{"label": _("interpretation"), "value": _("not drafted yet")}]
    return rows


def facts(item: Item) -> list[dict[str, Any]]:
    """For the page of an item: the document that it interprets, and what interprets it."""
    link = interpretations.link_of(item)
    own = [_fact(_("policy document"), link.policy)] if link is not None and link.policy is not None else []
    return [*own, *(_fact(_("interpretation"), row) for row in interpretations.of_policy(item))]


def acts(actor: Actor, item: Item) -> list[dict[str, Any]]:
    """What may be done with a policy document beyond what any item allows."""
    if item.variety != policies.CODE:
        return []
    found = []
    if allowed(actor, "item.draft", item.agency) and item.state in (Item.State.DRAFT, Item.State.PUBLIC):
        url = reverse("disclosure:interpret", args=[item.pk])
        found.append({"label": _("Draft its interpretation"), "url": url, "method": "post"})
    if held(item) is not None and allowed(actor, ALONE, item.agency):
        url = reverse("disclosure:alone", args=[item.pk])
        found.append({"label": _("Release before its interpretation"), "url": url})
    return found


def state_words(state: ReviewState) -> str:
    """Where a review of an item stands; what is held waits for the other item, not for a supervising agency."""
    if state.state == ReviewState.State.HELD:
        return _("approved, goes out together with the other")
    return str(state.get_state_display())


def _fact(label: str, item: Item) -> dict[str, Any]:
    running = _running(item)
    state = state_words(running) if running is not None else item.get_state_display()
    return {
        "label": label,
        "value": f"{item.title}（{state}）",
        "url": reverse("review:page", args=[running.pk])
        if running is not None
        else reverse("disclosure:item", args=[item.pk]),
        "wide": True,
    }


def release_freed() -> int:
    """Release what was held and waits for nothing any more, since the setting or its plan changed; how many.
    The sweeper's task."""
    waiting = ReviewState.objects.filter(subject_kind=contents.KIND, state=ReviewState.State.HELD)
    done = 0
    for state in waiting.select_related("revision").order_by("changed_at")[:100]:
        if holds(state.revision):
            continue
        try:
            releases.confirm_files(state.revision)
            with transaction.atomic():
                releases.release_locked(releases.held(state.revision), None)
        except (Refused, IntegrityError) as error:
            # One that the database or a changed file stands against does not hold up the others.
            log.error("release of held revision %s refused: %s", state.pk, error)
            continue
        done += 1
    return done


def release_alone(actor: Actor, revision: Revision, reason: str) -> Release:
    """The leader lets an approved document go before its interpretation, which is due all the more. Raises Refused."""
    require(actor, ALONE, revision.agency)
    said = _said(revision)
    if said is None or said[1]["variety"] != policies.CODE:
        raise Refused(_("Only a policy document that waits for its interpretation goes alone."))
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Refused(_("Give the reason, in at most %(n)d characters.") % {"n": LONGEST_REASON})
    releases.confirm_files(revision)
    with transaction.atomic():
        state = releases.held(revision)
        chain.record(
            "policy.released_alone",
            actor.who,
            agency=revision.agency_id,
            subject=(contents.KIND, revision.subject_id),
            digest=revision.digest,
            reason=reason.strip(),
        )
        return releases.release_locked(state, actor)


# Terms


def due(policy: Item) -> date | None:
    """The last day for the interpretation of a released policy document; None outside the calendar."""
    if policy.released_at is None:
        return None
    day = timezone.localtime(policy.released_at).date()
    try:
        return calendars.current().add_working_days(day, int(options.read(policy.agency, DUE)))
    except CalendarError:
        return None


def missing(agencies: Any) -> list[tuple[Item, date | None]]:
    """Public policy documents whose plan wants an interpretation that is not public, with its last day.

    Looks back over a year: what is older is a matter of the supervisor's findings, not of the inbox.
    """
    told = Interpretation.objects.filter(policy=OuterRef("pk"), item__state=Item.State.PUBLIC)
    rows = Item.objects.filter(
        ~Exists(told),
        agency__in=agencies,
        variety=policies.CODE,
        state=Item.State.PUBLIC,
        released_at__gte=clock.now() - timedelta(days=366),
    ).select_related("agency", "live")
    shown = list(rows.order_by("released_at")[:SHOWN])
    frozen = contents_of(row.live.digest for row in shown if row.live)
    wanted = {digest for digest, content in frozen.items() if demanded(content.get("more") or {})}
    return [(row, due(row)) for row in shown if row.live and row.live.digest in wanted]
