"""Use cases of a report: begin, save, submit; and what follows a submission."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, approver, grant, head, oversees, require, staff, three
from gongkai.journal import chain, clock
from gongkai.journal.chain import Who
from gongkai.reporting import content as contents
from gongkai.reporting import document, figures, followups, jumps
from gongkai.reporting.collecting import Rules, rules_for, statutory
from gongkai.reporting.figures import Period
from gongkai.reporting.models import AnnualReport, FrozenFigure, FrozenRecords
from gongkai.review import drafts, submission
from gongkai.review.models import Draft, ReviewState, Revision
from gongkai.rulebook.report_form import FORM_2021, FORM_2021_ISSUED
from gongkai.rulebook.terms import REPORT_LAW

grant("report.read", staff | oversees, gettext_lazy("see the annual reports of this agency"))
grant("report.draft", three | head, gettext_lazy("write the annual report of this agency"))
grant("report.approve_figure", approver, gettext_lazy("approve a figure set by hand in this agency"))


def due(agency: Agency, year: int, rules: Rules | None = None) -> date | None:
    """The last day to publish: 31 January, of a government 31 March (art. 49), or the earlier day that the superior
    set; None before the regulation. rules: where they are loaded already, as for a list."""
    terms = (rules or rules_for(agency)).terms(agency, year)
    return terms.publish_by if terms else None


def require_year(agency: Agency, year: int) -> None:
    """Refused unless a report in the form of 2021 can be made on this year: from 2021 to the running one."""
    if statutory(year, government=agency.government) is None or year > clock.today().year:
        raise Refused(_("There is no report on %(year)d.") % {"year": year}, REPORT_LAW)
    if year < FORM_2021_ISSUED.year:
        raise Refused(
            _("The report on %(year)d was made in an earlier form; take it over from its file.")
            % {"year": year},
            FORM_2021,
        )


def begin(actor: Actor, agency: Agency, year: int) -> tuple[AnnualReport, Draft]:
    """Begin the report of an agency on a year, with the proposed texts. Raises Refused."""
    require(actor, "report.draft", agency)
    require_year(agency, year)
    said = contents.proposed(agency, year)
    try:
        with transaction.atomic():
            report = AnnualReport.objects.create(
                agency=agency, year=year, created_by=actor.person, created_at=clock.now()
            )
            draft = drafts.save(actor, contents.KIND, report.pk, agency, said, version=0)
            chain.record(
                "report.begun", actor.who, agency=agency.pk, subject=(contents.KIND, report.pk), year=year
            )
    except IntegrityError as error:
        raise Refused(_("The report on %(year)d is begun already.") % {"year": year}) from error
    return report, draft


def save(actor: Actor, report: AnnualReport, content: dict[str, Any], *, version: int) -> Draft:
    """Save what people wrote: the fields of `content.EMPTY`. Raises Refused, Overtaken."""
    require(actor, "report.draft", report.agency)
    said = contents.EMPTY | content
    if unfit := set(said) - set(contents.EMPTY):
        raise Refused(_("A report has no field “%(name)s”.") % {"name": sorted(unfit)[0]})
    _check_starts(said["starts"], report.year)
    followups.check(said["followups"])
    jumps.check(said)
    return drafts.save(actor, contents.KIND, report.pk, report.agency, said, version=version)


def _check_starts(starts: dict[str, str], year: int) -> None:
    """Each start is a day, of a narrative figure, not after the year."""
    for key, day in starts.items():
        each = figures.figure(key)
        if each is None or not each.narrative:
            raise Refused(
                _("Only figures of the text may begin before the year; the tables cover the calendar year.")
            )
        try:
            first = contents.starts_of({"starts": {key: day}})[key]
        except ValueError:
            raise Refused(_("“%(day)s” is not a day.") % {"day": day[:20]}) from None
        if first > Period.of_year(year).last:
            raise Refused(
                _("The count of “%(figure)s” begins after the end of the period.") % {"figure": each.label}
            )


def submit(actor: Actor, report: AnnualReport, *, version: int) -> Revision:
    """Freeze the report as it stands and begin its three-step review. Raises Refused, Incomplete."""
    require(actor, "report.draft", report.agency)
    draft = drafts.draft_of(contents.KIND, report.pk)
    if draft is None:
        raise Refused(_("There is no draft of this report."))
    return submission.submit(actor, draft, version=version)


def after_submission(payload: dict[str, Any]) -> None:
    """Keep the figures of a submitted report as rows that can be asked for; called once or again (outbox)."""
    revision = Revision.objects.select_related("submitted_by").get(pk=UUID(payload["revision"]))
    if revision.subject_kind != contents.KIND:
        return
    content = submission.content_of(revision.digest)
    with transaction.atomic():
        report = AnnualReport.objects.select_for_update().get(pk=revision.subject_id)
        if content is not None and not FrozenFigure.objects.filter(revision=revision).exists():
            _keep(report, revision, content)
        running = ReviewState.objects.filter(revision=revision, state__in=ReviewState.OPEN).exists()
        if running and report.live_id is None and report.state != AnnualReport.State.FILED:
            report.state = AnnualReport.State.REVIEW
            report.save(update_fields=["state"])


def _keep(report: AnnualReport, revision: Revision, content: dict[str, Any]) -> None:
    groups = FrozenRecords.objects.bulk_create(
        FrozenRecords(revision=revision, number=number, records=keys)
        for number, keys in enumerate(content.get("records", ()))
    )
    rows = FrozenFigure.objects.bulk_create(
        FrozenFigure(
            report=report,
            revision=revision,
            key=each.key,
            value=each.value,
            records=content["figures"][each.key].get("records", []),
            groups=content["figures"][each.key].get("groups"),
            manual=each.manual is not None,
        )
        for each in document.values_of(content).values()
    )
    author = revision.submitted_by
    chain.record(
        "report.frozen",
        Who(str(author.pk), author.name),
        agency=report.agency_id,
        subject=(contents.KIND, report.pk),
        covers=[*groups, *rows],
        digest=revision.digest,
    )


def latest(agency: Agency, year: int) -> AnnualReport | None:
    """The report of an agency and year, with what is public of it; None where none is begun."""
    return AnnualReport.objects.filter(agency=agency, year=year).select_related("agency", "live").first()


def content_now(report: AnnualReport | None, agency: Agency, year: int) -> dict[str, Any]:
    """The report from the current records, in the form in which it would be frozen.

    Without a draft: the proposed texts, as a look ahead that writes nothing.
    """
    draft = drafts.draft_of(contents.KIND, report.pk) if report else None
    said = draft.content if draft else contents.proposed(agency, year)
    shown = report or AnnualReport(agency=agency, year=year)
    return contents.frozen(contents.standing(shown, said))


def bindable() -> list[dict[str, Any]]:
    """The figures that a text may bind: [{key, label, source}], those of the text first."""
    named = figures.narrative()
    totals = [
        each
        for each in figures.every()
        if each.cell is not None and (each.cell.table == "disclosure" or each.cell.column == "total")
    ]
    return [{"key": each.key, "label": each.label, "source": each.source} for each in (*named, *totals)]
