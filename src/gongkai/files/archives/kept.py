"""The signed list outside the database that remembers each destruction (journal/erasures.jsonl).

It is the list of the erasures of the review too: each reader takes the lines it knows by their fields.
"""

import fcntl
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection

from gongkai.files.models import Destruction
from gongkai.journal import canon, chain

LIST = "erasures.jsonl"
COLUMNS = {
    "list": (
        "id",
        "agency_id",
        "number",
        "content",
        "digest",
        "count",
        "made_by_id",
        "witness_id",
        "on_day",
        "at",
    ),
    "step": ("step", "agreed", "digest", "person_id", "appointment_id", "opinion", "on_day", "at"),
    "destruction": ("digest", "person_id", "on_day", "at"),
}


def keep() -> int:
    """Write every destruction that the list lacks; how many. Also run by the sweeper."""
    rows = Destruction.objects.select_related("list").order_by("pk")
    if not rows.exists():
        return 0
    place = settings.INSTANCE.home / "journal" / LIST
    place.parent.mkdir(parents=True, exist_ok=True)
    with open(place, "a+", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.seek(0)
        known = {said["digest"] for said in read(stream)}
        missing = [row for row in rows if row.digest not in known]
        for row in missing:
            stream.write(_line(row) + "\n")
    if connection.vendor == "sqlite" and missing and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            # The write-ahead log holds older pages, with the keys, until it is written back.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return len(missing)


def _line(row: Destruction) -> str:
    steps = [_said(step, "step") for step in row.list.steps.all()]
    statement = canon.text(
        {
            # The field by which every reader of the list tells what it has.
            "digest": row.digest,
            "list": _said(row.list, "list"),
            "steps": steps,
            "destruction": _said(row, "destruction"),
        }
    )
    signature = chain.sign(statement.encode())
    return json.dumps({"statement": statement, "signature": signature}, ensure_ascii=False)


def _said(row: Any, kind: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in COLUMNS[kind]}


def read(lines: Iterable[str]) -> list[dict[str, Any]]:
    """The destructions of the list; what is not signed by this instance, or is something else, is left out."""
    found = []
    for line in lines:
        try:
            parts = json.loads(line)
            said = json.loads(parts["statement"])
            if "list" in said and chain.signed(parts["statement"].encode(), parts["signature"]):
                found.append(said)
        except (ValueError, KeyError, TypeError, AttributeError):
            # The review's reader of the same list names lines that are not this instance's.
            continue
    return found
