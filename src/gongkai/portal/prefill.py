"""What the form of an application begins with where a page of the site leads to it: an entry or a column that has
nothing published, or a search that found nothing. The words come from our own data; those of a search, which the
visitor typed, stand in the address as plain text and change nothing but what the visitor reads and sends."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from gongkai.disclosure import standards
from gongkai.disclosure.models import Column
from gongkai.journal import clock

LONGEST = 60
LONGEST_ABOUT = 200


def initial(asked: Mapping[str, str]) -> dict[str, Any]:
    """Initial values of the form by ?standard=<code> or ?column=<code>; nothing for what is not known.
    ?about=<words>: what was searched in vain, one line of plain text."""
    entry = standards.entry(str(asked.get("standard", ""))[:LONGEST], clock.today())
    if entry is not None:
        words = _("%(field)s, %(entry)s: %(contents)s")
        said = {"field": entry.edition.field.name, "entry": str(entry), "contents": entry.contents}
        return {"title": entry.matter, "description": words % said}
    about = "".join(
        char if char.isprintable() else " " for char in str(asked.get("about", ""))[:LONGEST_ABOUT]
    )
    if about.strip():
        return {"description": " ".join(about.split())}
    column = Column.objects.filter(code=str(asked.get("column", ""))[:LONGEST], active=True).first()
    return (
        {"description": _("Information of the column “%(name)s”: ") % {"name": column.name}} if column else {}
    )
