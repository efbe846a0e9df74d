"""The validity mark of normative documents (有效、废止 …), with the paper that ended or changed one."""

from dataclasses import dataclass

from gongkai.disclosure import normative
from gongkai.disclosure.models import Item, NormativeEvent
from gongkai.journal import clock

# State of the register → (code of the mark, statutory word).
MARKS = {
    "valid": ("in_force", "有效"),
    "pending": ("none", "尚未施行"),
    "amended": ("amended", "已修改"),
    "repealed": ("repealed", "废止"),
    "invalid": ("expired", "失效"),
}


@dataclass(frozen=True)
class Standing:
    """How a normative document stands today, and the event that made it so, if any."""

    code: str
    label: str
    event: NormativeEvent | None


def standing(item: Item) -> Standing | None:
    """The validity of an item in the register of normative documents; None for any other item."""
    document = getattr(item, "normative", None)
    if document is None:
        return None
    today = clock.today()
    code, label = MARKS[normative.validity(document, today)]
    event = document.events.filter(on__lte=today).order_by("-on", "-pk").first()
    return Standing(code, label, event)


def mark(item: Item) -> tuple[str, str] | None:
    """(code, label) for lists."""
    found = standing(item)
    return (found.code, found.label) if found else None
