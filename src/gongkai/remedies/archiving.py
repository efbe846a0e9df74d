"""What reconsideration and litigation add to the file of a case, and that they keep it from being destroyed."""

from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.applications.models import KIND
from gongkai.files import storage
from gongkai.files.archives import kinds
from gongkai.files.archives.kinds import Beside, Paper
from gongkai.paperwork.registers import printable
from gongkai.remedies import cases, follows
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


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    kinds.beside(KIND, "remedies", Beside(_papers, _owners, _hold))
