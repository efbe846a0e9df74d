"""Loaded items again and again by the database itself, a few times as fast as rows.py: for a million of them.

Every copy is a whole item with content, revision, screening, examinations, approvals and release, under keys, digests
and numbers of its own; the triggers look at each row as at any other.
"""

from collections.abc import Iterator
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max

from gongkai.channels.columns import positions
from gongkai.channels.models import ColumnEntry
from gongkai.disclosure.models import Column, Item
from gongkai.review.models import (
    Approval,
    Content,
    Examination,
    Release,
    ReviewState,
    Revision,
    RevisionEditor,
    Screening,
)

# Beyond what any of the copied tables holds in the rows that are copied.
SHIFT = 1_000_000
COPIED: tuple[type[models.Model], ...] = (
    Content, Revision, RevisionEditor, Screening, Examination, Approval, Release, ReviewState, Item, ColumnEntry,
)  # fmt: skip


class Copier:
    """Copies of the public items that rows.py has loaded (those whose index number begins with YS/)."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS made")
            cursor.execute(
                "CREATE TEMPORARY TABLE made AS SELECT i.id AS item, r.id AS revision, r.digest AS digest, l.id AS release "
                "FROM disclosure_item i JOIN review_release l ON l.id = i.live_id JOIN review_revision r ON r.id = l.revision_id "
                f"WHERE i.index_number LIKE 'YS/%' AND l.id < {SHIFT}"
            )

    def copy(self, number: int) -> None:
        """The copies of that number, from 1, in one transaction; in each column they stand behind what is there."""
        self.given = {column: positions(column) for column in Column.objects.values_list("pk", flat=True)}
        with transaction.atomic(), connection.cursor() as cursor:
            for model, step in _orders():
                where = self._where(model)
                if step:
                    where += f" AND step = {step}"
                table = model._meta.db_table
                names, said = zip(*self._columns(model, number), strict=True)
                order = ' ORDER BY "position"' if model is ColumnEntry else ""
                cursor.execute(
                    f'INSERT INTO "{table}" ({", ".join(names)}) SELECT {", ".join(said)} FROM "{table}" '
                    f"WHERE {where}{order}"
                )

    def _where(self, model: type[models.Model]) -> str:
        keys = {Content: "digest", Revision: "id", Item: "id", ColumnEntry: "item_id", Release: "id"}
        taken = {Content: "digest", Item: "item", ColumnEntry: "item", Release: "release"}
        return f"{keys.get(model, 'revision_id')} IN (SELECT {taken.get(model, 'revision')} FROM made)"

    def _columns(self, model: type[models.Model], number: int) -> Iterator[tuple[str, str]]:
        for field in model._meta.concrete_fields:
            name = f'"{field.column}"'
            yield name, self._value(model, field, name, number)

    def _value(self, model: type[models.Model], field: Any, name: str, number: int) -> str:
        target = field.related_model if field.is_relation else model if field.primary_key else None
        if field.column == "digest" or target is Content:
            return f"'{number:08x}' || substr({name}, 9)"
        if field.column == "subject_id" or (
            target in COPIED and isinstance(target._meta.pk, models.UUIDField)
        ):
            if connection.vendor == "sqlite":
                return f"'{number:08x}' || substr({name}, 9)"
            return f"('{number:08x}' || substr(replace({name}::text, '-', ''), 9))::uuid"
        if target in COPIED:
            return f"{name} + {number * SHIFT}"
        if field.column in ("title", "index_number", "document_number"):
            return f"{name} || '-{number}'"
        if field.column == "position":
            places = " ".join(f"WHEN {column} THEN {given}" for column, given in self.given.items())
            return f"{name} + CASE column_id {places} END"
        return name


def _orders() -> Iterator[tuple[type[models.Model], int]]:
    """The tables as they may be filled; a step is examined and passed before the next one is."""
    for model in COPIED:
        if model is Examination:
            for step in (1, 2, 3):
                yield Examination, step
                yield Approval, step
        elif model is not Approval:
            yield model, 0


def settle() -> None:
    """Let the database give the keys after the copied ones."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(COPIED)):
            cursor.execute(statement)


def copies() -> int:
    """How many times the items have been copied already."""
    last = Item.objects.filter(index_number__startswith="YS/").aggregate(last=Max("live"))["last"]
    return (last or 0) // SHIFT
