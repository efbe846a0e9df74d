"""What reconsideration and litigation add to the file of a case, and that they keep it from being destroyed."""

from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.applications.models import KIND
from gongkai.files import storage
from gongkai.files.archives import kinds
from gongkai.files.archives.kinds import Beside, Happening, Paper
from gongkai.paperwork.registers import printable
from gongkai.remedies import cases, follows, results
from gongkai.remedies.models import Remedy, RemedyEvent


def _papers(application: UUID) -> list[Paper]:
    return [
        Paper(
            printable(row.name),
            storage.read(row.file_id, case_key=row.case_key),
            row.file.extension,
            remedy.case_number or remedy.number,
            timezone.localtime(row.uploaded_at).date(),
            remedy.body,
            form="原件",
            note=str(remedy.get_kind_display()),
        )
        for remedy in Remedy.objects.filter(application_id=application).order_by("received_on", "number")
        for row in cases.files(remedy)
    ]


def _owners(application: UUID) -> list[tuple[str, UUID]]:
    found = Remedy.objects.filter(application_id=application).order_by("pk")
    return [(cases.SUBJECT, pk) for pk in found.values_list("pk", flat=True)]


def _hold(application: UUID) -> str:
    """A case about which a remedy is pending, or which is to be answered anew, stays."""
    redo = Q(redo_due_on__isnull=False, redo_done_on__isnull=True)
    pending = Remedy.objects.filter(
        Q(result=Remedy.Column.PENDING) | redo, application_id=application
    ).first()
    if pending is None:
        named = Remedy.objects.filter(application_id=application, events__kind=RemedyEvent.Kind.OPINION)
        pending = next((row for row in named if follows.opinion(follows.standing_events(row))), None)
    return _("%(number)s is not over.") % {"number": pending.number} if pending else ""


def _happenings(application: UUID) -> list[Happening]:
    """The course of each reconsideration and lawsuit about the case; what was struck out is marked so."""
    found = []
    for remedy in Remedy.objects.filter(application_id=application).order_by("received_on", "number"):
        rows = list(remedy.events.select_related("person").order_by("on", "pk"))
        gone = {row.struck_id for row in rows if row.struck_id}
        for row in rows:
            what = f"{remedy.get_kind_display()}（{remedy.number}）：{row.get_kind_display()}"
            if row.pk in gone:
                what += "（已划去）"
            found.append(Happening(row.on, what, row.person.name, "；".join(_words(remedy, row))))
    return found


def _words(remedy: Remedy, row: RemedyEvent) -> list[str]:
    said = [results.label(row.detail) if row.detail else "", row.paper, row.note]
    if row.kind == RemedyEvent.Kind.REGISTERED:
        said += [remedy.body, remedy.case_number]
    if row.kind == RemedyEvent.Kind.FILED:
        said.append(row.content.get("file", ""))
    if row.due_on:
        said.append(f"期限至{row.due_on.isoformat()}")
    return [part for part in said if part]


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    kinds.beside(KIND, "remedies", Beside(_papers, _owners, _hold, _happenings))
