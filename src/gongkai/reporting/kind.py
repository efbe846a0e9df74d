"""What the review knows of an annual report."""

from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor
from gongkai.reporting import collecting, corrections, document, filing, jumps, open_data
from gongkai.reporting import content as contents
from gongkai.reporting.models import AnnualReport
from gongkai.review.models import Draft, Release, Revision, Withdrawal
from gongkai.review.subjects import Content, Part, Problem, SubjectKind


class ReportKind(SubjectKind):
    kind = contents.KIND
    label = _("annual report")
    public = True
    stylesheet = "reporting/report.css"
    checklists = {
        1: (
            ("figures", _("The figures were compared with the registers; those set by hand are explained.")),
            ("six", _("All six parts are there, in the form of 国办公开办函〔2021〕30号.")),
            ("own", _("The text speaks of this agency and this year and is not copied.")),
        ),
        2: (
            ("secret", _("No state secret and no work secret, derived ones included (保密法 35, 64).")),
            ("personal", _("No applicant, writer or third party can be recognised.")),
        ),
        3: (
            ("read", _("I have read the report as it will appear.")),
            ("agree", _("I agree to its publication by this agency.")),
        ),
    }

    def title(self, content: Content) -> str:
        return str(content["title"])

    def problems(self, draft: Draft) -> list[Problem]:
        return contents.problems(draft)

    def freeze(self, draft: Draft) -> Content:
        return contents.freeze(draft)

    def parts(self, content: Content) -> list[Part]:
        texts = [
            Part(name, document.text_of(content, name)) for name in ("opening", *document.TEXTS.values())
        ]
        # Of a correction its note is public too.
        note = [Part("correction", content["correction"])] if content.get("correction") else []
        return [Part("title", content["title"]), *note, *texts]

    def due_on(self, draft: Draft) -> date | None:
        report = AnnualReport.objects.select_related("agency").get(pk=draft.subject_id)
        terms = collecting.rules_for(report.agency).terms(report.agency, report.year)
        return terms.file_by if terms else None

    def preview(self, content: Content, agency: Agency) -> str:
        return (
            corrections.note(content) + document.html(content) + jumps.note(content) + open_data.note(content)
        )

    def lines(self, content: Content) -> list[str]:
        note = content.get("correction")
        return [
            *([f"{_('Correction')}：{note}"] if note else []),
            *document.lines(content),
            *jumps.lines(content),
            *open_data.lines(content),
        ]

    def page(self, subject_id: UUID) -> str:
        report = AnnualReport.objects.select_related("agency").get(pk=subject_id)
        return reverse("reporting:report", args=[report.agency.code, report.year])

    def holds(self, revision: Revision) -> str:
        report = AnnualReport.objects.select_related("agency").get(pk=revision.subject_id)
        superior = collecting.collector(report.agency, report.year)
        return superior.name if superior else ""

    def held(self, revision: Revision, actor: Actor) -> None:
        filing.file(revision, actor)

    def after_steps(self, revision: Revision) -> str:
        return filing.after_steps(revision)

    def released(self, release: Release, content: Content, actor: Actor | None) -> None:
        report = AnnualReport.objects.select_for_update().get(pk=release.subject_id)
        report.live = release
        report.state = AnnualReport.State.PUBLIC
        report.published_at = report.published_at or release.released_at
        report.save(update_fields=["live", "state", "published_at"])
        open_data.keep(release, content)

    def returned(self, subject_id: UUID, actor: Actor) -> None:
        """Back to drafting, where nothing is public (I10)."""
        AnnualReport.objects.filter(
            pk=subject_id, state__in=(AnnualReport.State.REVIEW, AnnualReport.State.FILED)
        ).update(state=AnnualReport.State.DRAFT)

    def withdrawn(self, withdrawal: Withdrawal) -> None:
        AnnualReport.objects.filter(pk=withdrawal.release.subject_id).update(
            state=AnnualReport.State.WITHDRAWN, live=None
        )
        open_data.drop(withdrawal.release)
