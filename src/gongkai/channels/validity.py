"""The validity mark of policy documents (有效、废止 …), with the paper that ended or changed one."""

from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.channels import addresses
from gongkai.disclosure import normative, notices
from gongkai.disclosure.models import Item, NormativeDocument, NormativeEvent
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
    """How a policy document stands today, and the event that made it so, if any.

    on, paper: since when and by what; url: the page of that paper, where it is public here.
    """

    code: str
    label: str
    event: NormativeEvent | None
    on: date | None = None
    paper: str = ""
    url: str = ""


def standing(item: Item) -> Standing | None:
    """The validity of an item in the register of policy documents; None for any other item."""
    document = getattr(item, "normative", None)
    return of_document(document) if document is not None else None


def of_document(document: NormativeDocument) -> Standing:
    """How a document of the register stands today."""
    today = clock.today()
    code, label = MARKS[normative.validity(document, today)]
    # Chosen here, not in the database, so that a list can fetch the events of many documents at once.
    so_far = [event for event in document.events.all() if event.on <= today]
    event = max(so_far, key=lambda row: (row.on, row.pk), default=None)
    if event is not None:
        return Standing(code, label, event, event.on, *paper(event))
    if code == "expired" and document.expires_on is not None:
        return Standing(code, label, None, document.expires_on + timedelta(days=1), normative.LAPSED)
    return Standing(code, label, None)


def paper(event: NormativeEvent) -> tuple[str, str]:
    """By what a document was ended or changed, in words, and its address; of a paper that is not public any more
    neither its title nor its address (I9)."""
    if event.by is None:
        return event.paper, ""
    if event.by.state != Item.State.PUBLIC:
        return "另一份文件", ""
    return event.paper, addresses.folder_url(addresses.item_folder(event.by.index_number))


def mark(item: Item) -> tuple[str, str] | None:
    """(code, label) for lists: the validity of a document, or the phase of a notice."""
    if phase := notices.mark(item):
        return phase
    found = standing(item)
    return (found.code, found.label) if found else None
