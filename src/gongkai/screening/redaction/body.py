"""Redaction of texts that are no files: the fields and the html body of a draft."""

from collections.abc import Mapping

from gongkai.screening.finding import Layer
from gongkai.screening.redaction.cutting import Cutter, Surveyor, Thread
from gongkai.screening.redaction.orders import Order, Removed, Target
from gongkai.screening.redaction.plain import redact_html, survey_html

_SALT = b"body"


def survey_body(html: str, fields: Mapping[str, str]) -> tuple[Target, ...]:
    """What could be cut out of a body and of plain fields, by their names for people."""
    surveyor = Surveyor(_SALT)
    for name, text in fields.items():
        _field(name, text, surveyor)
    if html.strip():
        survey_html(html, surveyor, fragment=True)
    return surveyor.targets()


def redact_body(
    html: str, fields: Mapping[str, str], order: Order
) -> tuple[str, dict[str, str], tuple[Removed, ...]]:
    """The body and the fields without what is ordered to go, and what went."""
    cutter = Cutter(order, _SALT)
    changed = {name: _field(name, text, cutter) for name, text in fields.items()}
    made = redact_html(html, order, cutter, fragment=True) if html.strip() else html
    # What went from one place goes from all: a number in the title stands in the body too.
    return made, {name: cutter.swept(text) for name, text in changed.items()}, cutter.removed()


def _field(name: str, text: str, cutter: Cutter) -> str:
    held = [text]

    def put(changed: str) -> None:
        held[0] = changed

    thread = Thread()
    thread.add(text, put, Layer.TEXT, name)
    cutter.cut(thread)
    return held[0]
