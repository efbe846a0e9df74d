"""What is public is screened again: each week a sample, and everything when the rules changed (保密法 2024 art. 35;
国办发〔2016〕61号 asks for regular checks of what stands on the site).

A screening afterwards changes and releases nothing. What it finds anew becomes a task (told through the outbox);
people withdraw, or say with a ground that it is no problem.

How the turn comes: each release has a number from 0 to 9999 made from its key. With a share of p percent a cycle has
⌈100/p⌉ weeks, and each week takes its part of the numbers; where that is fewer than the least number, those come
first that have waited longest. After a change of the rules everything is taken, oldest screened first.

A round is done in portions by the sweeper. What a portion found is written together with how far the round is, so
one that is killed goes on where the last portion ended.
"""

import logging
import math
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai import screening
from gongkai.agencies.models import Agency, Role
from gongkai.agencies.policy import Actor, Refused, grant, require, reviewer
from gongkai.files import storage
from gongkai.journal import canon, chain, clock, outbox
from gongkai.review import screening_rules, subjects, submission
from gongkai.review.models import (
    Dictionary,
    Dismissal,
    Finding,
    NewFinding,
    Release,
    Rescreening,
    RescreeningRound,
    RevisionEditor,
    ScreenedRelease,
    Screening,
)
from gongkai.screening import Kind, Layer, Severity

log = logging.getLogger(__name__)
DISMISS = "rescreening.dismiss"
grant(DISMISS, reviewer, gettext_lazy("decide on what a screening afterwards found"))

# One sweep works no longer than this, in portions of so many releases.
SECONDS, PORTION = 10.0, 20
# Of one release so many new findings are kept with their excerpts; all are counted.
KEPT = 200
DRAWS = 10_000
TOLD, DISMISSED = "review.rescreened", "review.rescreening_dismissed"
_RANK = {"warn": 1, "block": 2}


def entered(release: Release) -> None:
    """Take a release among what is screened again, inside the releasing transaction; what it replaces goes."""
    if not subjects.kind_of(release.subject_kind).public:
        return
    _of_subject(release).delete()
    made = Screening.objects.filter(revision=release.revision).order_by("-pk").first()
    if made is None:
        return
    ScreenedRelease.objects.create(
        release=release,
        agency_id=release.agency_id,
        rules_version=made.rules_version,
        looked_at=made.at,
        draw=draw_of(release.pk),
    )


def left(release: Release) -> None:
    """Forget a release that is public no more, inside the withdrawing transaction."""
    _of_subject(release).delete()


def _of_subject(release: Release) -> QuerySet[ScreenedRelease]:
    return ScreenedRelease.objects.filter(
        release__subject_kind=release.subject_kind, release__subject_id=release.subject_id
    )


def draw_of(release_pk: int) -> int:
    """The number by which a release takes its turn in the weekly sample, the same on every machine."""
    return int(canon.sm3(str(release_pk).encode())[:8], 16) % DRAWS


def week_of(day: date) -> str:
    """The ISO week of a day, as 2026-W48."""
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02d}"


def window(day: date, percent: int) -> tuple[int, int]:
    """The numbers whose turn the week of `day` is: from the first up to, and without, the second."""
    weeks = math.ceil(100 / percent)
    turn = (day.toordinal() - day.weekday()) // 7 % weeks
    return DRAWS * turn // weeks, DRAWS * (turn + 1) // weeks


def sweep(seconds: float = SECONDS) -> int:
    """Begin the rounds that are due and work on the open ones for so long; how many releases were screened."""
    begin_rounds()
    until, done = time.monotonic() + seconds, 0
    # A change of the rules before the sample: it reaches everything, and what it screened the sample need not.
    for running in RescreeningRound.objects.filter(ended_at__isnull=True).order_by("reason", "pk"):
        while time.monotonic() < until and (worked := _portion(running, until)) is not None:
            done += worked
    return done


def begin_rounds() -> list[RescreeningRound]:
    """Begin a round where the rules changed since the last, and one for each week; those begun."""
    begun = []
    shared = screening_rules.version_for(None)
    if _last_version(None) != shared:
        begun.append(_begin_for_rules(None, shared))
    for agency in Agency.objects.filter(
        pk__in=Dictionary.objects.filter(agency__isnull=False).values("agency")
    ):
        own = screening_rules.own_version(agency)
        if (_last_version(agency) or screening_rules.NONE) != own:
            begun.append(_begin_for_rules(agency, own))
    week = week_of(clock.today())
    if not RescreeningRound.objects.filter(reason=RescreeningRound.Reason.WEEKLY, week=week).exists():
        begun.append(_begin_week(week))
    return begun


def begin_everything() -> RescreeningRound:
    """Begin a round over everything that is public, by whatever rules it was screened; one that runs goes on."""
    running = RescreeningRound.objects.filter(reason=RescreeningRound.Reason.ALL, ended_at__isnull=True)
    with transaction.atomic():
        chain.hold()
        moment = clock.now()
        return running.first() or RescreeningRound.objects.create(
            reason=RescreeningRound.Reason.ALL,
            rules_version=screening_rules.version_for(None),
            total=ScreenedRelease.objects.filter(looked_at__lt=moment).count(),
            began_at=moment,
        )


def _last_version(agency: Agency | None) -> str:
    rounds = RescreeningRound.objects.filter(reason=RescreeningRound.Reason.RULES, agency=agency)
    return rounds.order_by("-pk").values_list("rules_version", flat=True).first() or ""


def _begin_for_rules(agency: Agency | None, version: str) -> RescreeningRound:
    with transaction.atomic():
        chain.hold()
        moment = clock.now()
        running = RescreeningRound.objects.filter(reason=RescreeningRound.Reason.RULES, ended_at__isnull=True)
        # The new round takes what the old one did not reach; one of the whole instance takes all.
        (running.filter(agency=agency) if agency else running).update(ended_at=moment)
        return RescreeningRound.objects.create(
            reason=RescreeningRound.Reason.RULES,
            agency=agency,
            rules_version=version,
            total=_waiting_for_rules(agency, moment).count(),
            began_at=moment,
        )


def _waiting_for_rules(agency: Agency | None, began: datetime) -> QuerySet[ScreenedRelease]:
    """What a round of the rules has to screen; what is screened by those of now already, as after an installation,
    is not screened once more."""
    rows = ScreenedRelease.objects.filter(looked_at__lt=began)
    if agency is not None:
        rows = rows.filter(agency=agency)
    return rows.exclude(rules_version=screening_rules.version_for(agency))


def _begin_week(week: str) -> RescreeningRound:
    policy = screening_rules.in_force()
    low, high = window(clock.today(), policy.sample_percent)
    with transaction.atomic():
        chain.hold()
        turn = ScreenedRelease.objects.filter(draw__gte=low, draw__lt=high).count()
        least = ScreenedRelease.objects.values("pk")[: policy.sample_least].count()
        return RescreeningRound.objects.create(
            reason=RescreeningRound.Reason.WEEKLY,
            rules_version=screening_rules.version_for(None),
            week=week,
            total=max(turn, least),
            began_at=clock.now(),
        )


def _picked(running: RescreeningRound) -> list[ScreenedRelease]:
    """The next releases of a round, oldest screened first."""
    if running.reason == RescreeningRound.Reason.ALL:
        return _oldest(ScreenedRelease.objects.filter(looked_at__lt=running.began_at), PORTION)
    if running.reason == RescreeningRound.Reason.RULES:
        rows = _waiting_for_rules(running.agency, running.began_at)
        return _oldest(rows, PORTION)
    policy = screening_rules.in_force()
    low, high = window(
        date.fromisocalendar(int(running.week[:4]), int(running.week[6:]), 1), policy.sample_percent
    )
    waiting = ScreenedRelease.objects.filter(looked_at__lt=running.began_at)
    turn = _oldest(waiting.filter(draw__gte=low, draw__lt=high), PORTION)
    return turn or _oldest(waiting, min(PORTION, max(running.total - running.done, 0)))


def _oldest(rows: QuerySet[ScreenedRelease], most: int) -> list[ScreenedRelease]:
    ordered = rows.order_by("looked_at", "pk")[:most]
    return list(ordered.select_related("release__revision", "agency"))


@dataclass(frozen=True)
class Seen:
    """What a screening found in one release, before it is written."""

    row: ScreenedRelease
    version: str
    verdict: str
    persons: int
    news: list[screening.Finding] = field(default_factory=list)


def _portion(running: RescreeningRound, until: float) -> int | None:
    """Screen the next releases of a round and write what was found; how many, None where the round is at its end."""
    rows = _picked(running)
    if not rows:
        RescreeningRound.objects.filter(pk=running.pk).update(ended_at=clock.now())
        return None
    seen = []
    for row in rows:
        seen.append(_look(row))
        if time.monotonic() >= until:
            break
    with transaction.atomic():
        chain.hold()
        written = [each for one in seen if (each := _write(one, running.reason)) is not None]
        found = sum(each.result == Rescreening.Result.NEW for each in written)
        RescreeningRound.objects.filter(pk=running.pk).update(
            done=F("done") + len(written), found=F("found") + found
        )
        if written:
            covers = [*written, *NewFinding.objects.filter(rescreening__in=written)]
            chain.record(
                "review.rescreened",
                chain.SWEEPER,
                covers=covers,
                reason=running.reason,
                releases=len(written),
                found=found,
            )
    running.refresh_from_db()
    return len(seen)


def _look(row: ScreenedRelease) -> Seen:
    """Screen one release by the rules in force; writes nothing. What cannot be screened is a finding, never clear."""
    release = row.release
    version = screening_rules.version_for(row.agency)
    kind = subjects.kind_of(release.subject_kind)
    try:
        content = submission.content_of(release.digest)
        if content is None:
            raise storage.FileChanged(_("The content of this release is gone from the store."))
        rules = screening_rules.rules_for(row.agency, kind.column(content))
        searched = submission.screen(kind, content, rules)
    except Exception as error:
        # One release that cannot be read, or a detector that fails on it, holds up no other.
        log.exception("screening release %s again failed", release.pk)
        reason = error.message if isinstance(error, Refused) else "自动复查未能完成，请人工核对"
        searched = submission.Searched([_unread(reason)], 0)
    verdict = str(screening.verdict_of(searched.findings).value)
    return Seen(row, version, verdict, searched.persons, news(release, searched.findings))


def _unread(reason: str) -> screening.Finding:
    return screening.Finding(Kind.UNREADABLE_PART, Layer.TEXT, Severity.BLOCK, "", "全文", reason)


def news(release: Release, findings: Iterable[screening.Finding]) -> list[screening.Finding]:
    """The findings that nobody has seen: neither in the screening of this revision, nor dismissed since for the same
    content. One that only warned then and blocks now is new, since nobody had to resolve it."""
    known: Counter[tuple[str, str]] = Counter()
    exact: Counter[tuple[str, str, str, str]] = Counter()
    rank: dict[tuple[str, str], int] = {}
    for kind, layer, excerpt, location, severity in _known(release):
        known[kind, excerpt] += 1
        exact[kind, layer, excerpt, location] += 1
        rank[kind, excerpt] = max(rank.get((kind, excerpt), 0), _RANK.get(severity, 2))
    rest: list[screening.Finding] = []
    found: list[screening.Finding] = []
    for finding in findings:
        place = (str(finding.kind), str(finding.layer), finding.excerpt[:200], finding.location[:300])
        if exact[place]:
            exact[place] -= 1
            known[place[0], place[2]] -= 1
            if rank[place[0], place[2]] < _RANK[str(finding.severity)]:
                found.append(finding)
        else:
            rest.append(finding)
    for finding in rest:
        # A reader that names a place in other words finds nothing new.
        same = (str(finding.kind), finding.excerpt[:200])
        if known[same] > 0 and rank[same] >= _RANK[str(finding.severity)]:
            known[same] -= 1
        else:
            found.append(finding)
    return found


def _known(release: Release) -> list[tuple[str, str, str, str, str]]:
    names = ("kind", "layer", "excerpt", "location", "severity")
    then = Finding.objects.filter(screening__revision=release.revision_id)
    dismissed = NewFinding.objects.filter(
        rescreening__digest=release.digest,
        rescreening__release=release,
        rescreening__dismissal__isnull=False,
    )
    return [*then.values_list(*names), *dismissed.values_list(*names)]


def _write(seen: Seen, reason: str) -> Rescreening | None:
    """One screening afterwards; None where the release left the public, or another screened it meanwhile."""
    cached = ScreenedRelease.objects.select_for_update().filter(pk=seen.row.pk, looked_at=seen.row.looked_at)
    if cached.first() is None:
        return None
    moment = clock.now()
    before = Rescreening.objects.filter(release=seen.row.release).order_by("-pk").first()
    row = Rescreening.objects.create(
        release=seen.row.release,
        agency=seen.row.agency,
        digest=seen.row.release.digest,
        rules_version=seen.version,
        reason=reason,
        verdict=seen.verdict,
        persons=seen.persons,
        news=len(seen.news),
        result=Rescreening.Result.NEW if seen.news else Rescreening.Result.NOTHING,
        at=moment,
    )
    for finding in seen.news[:KEPT]:
        NewFinding.objects.create(
            rescreening=row,
            kind=str(finding.kind.value),
            layer=str(finding.layer.value),
            severity=str(finding.severity.value),
            excerpt=finding.excerpt[:200],
            location=finding.location[:300],
            why=finding.why[:300],
        )
    cached.update(looked_at=moment, rules_version=seen.version)
    if seen.news or (before is not None and before.news and not hasattr(before, "dismissal")):
        outbox.emit(TOLD, rescreening=row.pk)
    return row


def later() -> Exists:
    """Whether a release was screened again after the row that is looked at."""
    return Exists(Rescreening.objects.filter(release=OuterRef("release"), pk__gt=OuterRef("pk")))


def open_finding(release: Release) -> Rescreening | None:
    """The screening afterwards whose findings wait for a decision; None where there is none."""
    last = Rescreening.objects.filter(release=release).order_by("-pk").first()
    if last is None or not last.news or hasattr(last, "dismissal"):
        return None
    return last if ScreenedRelease.objects.filter(pk=release.pk).exists() else None


def dismiss(actor: Actor, row: Rescreening, ground: str) -> Dismissal:
    """Say that what was found is no problem, with the ground; it is remembered for this content.

    By the confidentiality reviewer of the agency who did not write the text, and never for a classification mark.
    Raises Refused with one sentence that says what to do.
    """
    require(actor, DISMISS, row.agency)
    appointment = actor.holds(Role.REVIEWER, row.agency)
    if appointment is None:
        raise Refused(_("Only the confidentiality reviewer of the agency decides on this."))
    if not ground.strip():
        raise Refused(_("Give the ground: why is this no problem?"))
    if RevisionEditor.objects.filter(revision=row.release.revision_id, person=actor.person).exists():
        raise Refused(_("You wrote this text: another confidentiality reviewer decides."))
    if row.findings.filter(kind=str(Kind.CLASSIFICATION_MARK)).exists():
        raise Refused(
            _("A classification mark is never dismissed: withdraw the text, then refer the question upward."),
            "保密法 25",
        )
    with transaction.atomic():
        chain.hold()
        now = open_finding(row.release)
        if now is None or now.pk != row.pk:
            raise Refused(_("It was decided already, or screened again in the meantime. Look at it again."))
        made = Dismissal.objects.create(
            rescreening=row,
            person=actor.person,
            appointment=appointment,
            ground=ground.strip()[:500],
            on_day=clock.today(),
            at=clock.now(),
        )
        chain.record(
            "review.rescreening_dismissed",
            actor.who,
            agency=row.agency_id,
            subject=(row.release.subject_kind, row.release.subject_id),
            covers=[made],
            rescreening=row.pk,
        )
        outbox.emit(DISMISSED, rescreening=row.pk)
    return made


def differences(*, repair: bool = False) -> list[str]:
    """Public releases that no round would reach, and rows of what is public no more; one sentence for all.

    With `repair` they are mended and nothing is listed.
    """
    public = [kind.kind for kind in subjects.kinds() if kind.public]
    later = Release.objects.filter(
        subject_kind=OuterRef("subject_kind"), subject_id=OuterRef("subject_id"), pk__gt=OuterRef("pk")
    )
    live = Release.objects.filter(subject_kind__in=public, withdrawal__isnull=True).exclude(Exists(later))
    missing = live.filter(screened__isnull=True)
    surplus = ScreenedRelease.objects.exclude(release__in=live)
    if not repair:
        count = missing.count() + surplus.count()
        return (
            [f"有{count}件公开信息的复查台账与发布记录不符；运行 gongkai check --repair。"] if count else []
        )
    with transaction.atomic():
        surplus.delete()
        for release in missing.select_related("revision").iterator(chunk_size=500):
            entered(release)
    return []
