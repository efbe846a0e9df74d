"""The end of an import: what still waits for a person, that somebody has done with it, and how long its rows stay.

What became an item is kept as an item. The file as it came and the rows that were left out are working papers: they stay
for a period after the import is closed, and then go; that they were here, and what came of each row, stays.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import options
from gongkai.agencies.models import Role
from gongkai.agencies.navigation import Waiting
from gongkai.agencies.options import NUMBER, Option
from gongkai.agencies.policy import Actor, Refused, agencies_for, require
from gongkai.disclosure.models import ItemImport, ItemImportRow
from gongkai.files import erasing
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock
from gongkai.review.models import ReviewState

KEPT = "import_kept_days"
GROUND = "导入已办结，保存期满"
SHOWN, PORTION = 100, 20
LEFT = (ItemImportRow.State.WRONG, ItemImportRow.State.KNOWN, ItemImportRow.State.FOUND)
options.declare(
    Option(
        KEPT, gettext_lazy("Proactive disclosure"),
        gettext_lazy("Days for which a closed import keeps its file and its rows"), NUMBER, 180,
        words=gettext_lazy("Then both go; items, import manifests and what came of each row stay."),
        least=30, most=3650,
    )
)  # fmt: skip


def waiting(actor: Actor) -> list[Waiting]:
    """Imports of which a person has something to do: whoever began them, and the handlers of the agency."""
    seats = [a.agency_id for a in actor.appointments if a.role in (Role.HANDLER, Role.DISCLOSURE_HEAD)]
    mine = Q(agency__in=seats) | Q(created_by=actor.person, agency__in=agencies_for(actor, "item.draft"))
    rows = ItemImport.objects.filter(mine, reading=False, closed_at=None).select_related("agency")
    return [
        Waiting(
            kind=_("import of items"),
            title=row.name,
            step=step,
            url=reverse("disclosure:import", args=[row.pk]),
            agency=row.agency,
            since=row.created_at,
        )
        for row in _told(rows).order_by("created_at")[:SHOWN]
        if (step := _step(row))
    ]


def _told(rows: QuerySet[ItemImport]) -> QuerySet[ItemImport]:
    """With what came of the rows, and whether what it lists is still on its way to the public."""
    of_it = ItemImportRow.objects.filter(imported=OuterRef("pk"))
    filled = ItemImportRow.objects.filter(imported=OuterRef(OuterRef("pk")), manifest__isnull=False)
    on_the_way = ReviewState.objects.filter(
        state=ReviewState.State.LISTED, revision__batch__in=filled.values("manifest")
    )
    return rows.annotate(
        left=Exists(of_it.filter(state__in=LEFT)),
        listed=Exists(of_it.filter(state=ItemImportRow.State.LISTED)),
        on_the_way=Exists(on_the_way),
    )


def _step(row: ItemImport) -> str:
    """The next step; empty while it is another's, who finds it in the inbox as a manifest."""
    if row.mapping is None:
        return _("say which column is what")
    if row.on_the_way:
        return _("look at the rows that were left out") if row.left else ""
    if row.left:
        return _("finished, with rows left out: look at them, then close the import")
    return (
        _("finished: everything is public; close the import") if row.listed else _("empty: close the import")
    )


def why_open(imported: ItemImport) -> str:
    """Why an import cannot be closed now, in one sentence; empty where it can, or is closed."""
    if imported.reading:
        return _("Its rows are still being read; close it afterwards.")
    if _told(ItemImport.objects.filter(pk=imported.pk)).filter(on_the_way=True).exists():
        return _("Items of it are still in a manifest that is not released; submit that, or take them out.")
    return ""


def close(actor: Actor, imported: ItemImport) -> None:
    """Say that an import is done with; its file and rows stay for the period of the agency. Raises Refused."""
    require(actor, "item.draft", imported.agency)
    with transaction.atomic():
        held = ItemImport.objects.select_for_update().get(pk=imported.pk)
        if held.closed_at is not None:
            raise Refused(_("This import is closed already."))
        if why := why_open(held):
            raise Refused(why)
        held.closed_at = clock.now()
        held.save(update_fields=["closed_at"])
        chain.record("items.import_closed", actor.who, agency=held.agency_id, subject=("import", held.pk))
    imported.refresh_from_db()


def kept_days(imported: ItemImport) -> int:
    """How many days after it is closed an import keeps its file and rows."""
    return int(options.read(imported.agency, KEPT))


def forget() -> int:
    """Take away file and rows of the imports whose period is over; how many. Run by the sweeper."""
    return sum(1 for imported in _over() if _forget(imported))


def _over() -> Iterator[ItemImport]:
    rows = ItemImport.objects.filter(closed_at__isnull=False, forgotten_at=None).select_related("agency")
    # All are looked at: agencies keep theirs for different periods, and the oldest may be kept longest.
    over = (
        row
        for row in rows.order_by("closed_at")
        if row.closed_at is not None and row.closed_at < clock.now() - timedelta(days=kept_days(row))
    )
    return islice(over, PORTION)


def _forget(imported: ItemImport) -> bool:
    with transaction.atomic():
        chain.hold()
        held = ItemImport.objects.select_for_update().filter(pk=imported.pk, forgotten_at=None).first()
        if held is None:
            return False
        held.rows.update(cells=[])
        held.rows.filter(state__in=LEFT, item=None).update(title="", reason="")
        held.forgotten_at = clock.now()
        held.save(update_fields=["forgotten_at"])
        # The same file may have been sent in anew, or lie with a draft.
        other = ItemImport.objects.filter(file=held.file_id, forgotten_at=None).exists()
        needed = other or Attachment.objects.filter(file_id=held.file_id).exists()
        gone = None if needed else erasing.erase(held.file_id, GROUND)
        chain.record(
            "items.import_forgotten",
            chain.SWEEPER,
            agency=held.agency_id,
            subject=("import", held.pk),
            covers=[gone] if gone is not None else [],
        )
    return True
