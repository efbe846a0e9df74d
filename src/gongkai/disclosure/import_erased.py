"""An erased item that came from a former site: its row and the file in which it stood are erased with it.

The table cannot lose one row and keep its digest, so it goes whole; what its other rows hold is kept with them.
"""

from typing import Any

from django.db import transaction

from gongkai.disclosure import content as contents
from gongkai.disclosure.models import ItemImport, ItemImportRow
from gongkai.files import erasing
from gongkai.journal import chain

GROUND = "所载信息已销毁"


def on_erased(payload: dict[str, Any]) -> None:
    """Handler of review.erased. Bears being called twice."""
    if payload["kind"] != contents.KIND:
        return
    with transaction.atomic():
        rows = ItemImportRow.objects.filter(item=payload["subject"])
        found = ItemImport.objects.filter(rows__in=rows).distinct()
        imported = list(found)
        rows.update(cells=[], title="", reason="")
        for each in imported:
            gone = erasing.erase(each.file_id, GROUND)
            if gone is not None:
                chain.record(
                    "item.import_erased",
                    chain.SWEEPER,
                    agency=each.agency_id,
                    subject=("item_import", each.pk),
                    covers=[gone],
                )
