"""What programs read of the site: plain files of JSON and CSV at stable addresses under /data/ (docs/open-data.md).

Every file is a function of what is public now, made and taken away with the pages. None grows with the number of all
items: lists of items are cut by the positions of a column, as its pages and sitemaps are.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.agencies.exporting import harmless
from gongkai.channels import addresses
from gongkai.channels.identity import Identity

SHELF = "data"
SCHEMAS = f"{SHELF}/schemas"
BOM = "\ufeff"  # without it office programs take the file for one in their own character set
Row = dict[str, Any]


def schema_address(name: str) -> str:
    """The stable address of a JSON Schema."""
    return f"/{SCHEMAS}/{name}.json"


def column_folder(code: str) -> str:
    """The folder of a column's lists."""
    return f"{SHELF}/columns/{addresses.segment(code)}"


def dumped(said: Mapping[str, Any]) -> bytes:
    """A JSON file for people and programs."""
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def listed(head: Mapping[str, Any], name: str, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """A JSON file with one row a line, so that two versions can be compared by eye and by tools."""
    start = json.dumps(head, ensure_ascii=False, indent=0)[:-2]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return f'{start},\n"{name}": [\n{lines}\n]\n}}\n'.encode()


def head(schema: str, site: Identity, **more: Any) -> Row:
    """What stands at the beginning of every file: its schema, the publisher, the terms."""
    return {
        "$schema": schema_address(schema),
        "publisher": site.sponsor or site.name,
        "licence": site.data_licence,
        **more,
    }


def table(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """CSV (RFC 4180, UTF-8 with its mark); a text that a spreadsheet would run is made harmless."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(heads)
    writer.writerows([harmless("" if cell is None else cell) for cell in row] for row in rows)
    return (BOM + stream.getvalue()).encode()


def moment(value: datetime | None) -> str | None:
    """A time as programs want it, with its zone; None where there is none."""
    return timezone.localtime(value).isoformat(timespec="seconds") if value else None


def shown(value: datetime | None) -> str:
    """A time as people want it in a table."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""


def day(value: date | None) -> str | None:
    return value.isoformat() if value else None
