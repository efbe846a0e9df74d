"""Partial disclosure (art. 37): the list of what is opened and what is withheld, each part with its own ground.

The letter's words follow from the list alone, so they cannot contradict it. What goes out is a redacted copy; the
original is kept with the letter, sealed, and never leaves the house.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from gongkai.agencies.policy import Refused
from gongkai.applications import relations, wording
from gongkai.applications.models import CaseEvent, Decision, Letter
from gongkai.files import cleaning, sealing, storage
from gongkai.files.models import Attachment
from gongkai.journal import canon
from gongkai.rulebook.norms import cite, together
from gongkai.rulebook.outcomes import OUTCOMES, Outcome

OUTCOME, LETTER_NUMBER = "partly_provided", 16
LAW = cite("regulation", 37)
# The withholding rows of the one table: arts. 14, 15, 16 and 36(7).
GROUNDS: dict[str, Outcome] = {
    key: each for key, each in OUTCOMES.items() if each.row.key.startswith("r3_3_")
}
# The elements of letter 16 that follow from the list.
ELEMENTS = ("opened_part", "withheld_part", "withheld_grounds", "redaction_note")
# Purposes of the files of a letter: what goes out, what goes out redacted, and what never does.
ENCLOSURE, REDACTED, ORIGINAL = "enclosure", "redacted", "original"
MOST, LONGEST = 30, 500


@dataclass(frozen=True)
class Withheld:
    """One part that stays closed. ground: the key of its row among GROUNDS."""

    part: str
    ground: str
    reason: str


@dataclass(frozen=True)
class Parts:
    """What a partial disclosure opens and what it withholds."""

    opened: tuple[str, ...]
    withheld: tuple[Withheld, ...]


@dataclass(frozen=True)
class Said:
    """What a decision holds under the case key. parts: None but for a partial disclosure."""

    facts: str
    parts: Parts | None = None


def ground_label(key: str) -> str:
    """A ground as people read it, without the words of the row above it."""
    return GROUNDS[key].label.removeprefix("不予公开：")


def cleaned(parts: Parts) -> Parts:
    """The list without what is empty. Raises Refused, art. 37, where it is no lawful list."""
    opened = tuple(text for text in (_one_line(each) for each in parts.opened) if text)
    withheld = tuple(
        Withheld(_one_line(each.part), each.ground, _one_line(each.reason))
        for each in parts.withheld
        if each.part.strip() or each.ground or each.reason.strip()
    )
    if not opened:
        raise Refused(
            _("List what is opened; where nothing is, choose the ground of the refusal instead."), LAW
        )
    if not withheld:
        raise Refused(_("List what is withheld; where nothing is, the information is provided whole."), LAW)
    if len(opened) + len(withheld) > MOST:
        raise Refused(_("At most %(n)d parts; sum up what has the same ground.") % {"n": MOST}, LAW)
    for each in withheld:
        if not each.part:
            raise Refused(_("Name the part that is withheld, so that one knows what is missing."), LAW)
        if each.ground not in GROUNDS:
            raise Refused(_("Choose the ground of “%(part)s” from the list.") % {"part": each.part}, LAW)
        if not each.reason:
            raise Refused(_("Give the reason why “%(part)s” is withheld.") % {"part": each.part}, LAW)
    texts = [*opened, *(each.part for each in withheld)]
    if any(len(text) > LONGEST for text in (*texts, *(each.reason for each in withheld))):
        raise Refused(_("A part and a reason have at most %(n)d characters.") % {"n": LONGEST}, LAW)
    twice = next((text for text in texts if texts.count(text) > 1), "")
    if twice:
        raise Refused(
            _("“%(part)s” stands twice: a part is opened or withheld, once.") % {"part": twice}, LAW
        )
    return Parts(opened, withheld)


def _one_line(text: str) -> str:
    return " ".join(text.split()).rstrip("；。;")


def refuse_unless_asked(parts: Parts, rows: Sequence[CaseEvent]) -> None:
    """Refuse to withhold for a third party that nobody asked (art. 32)."""
    if any(each.ground == "third_party_rights" for each in parts.withheld) and not any(
        row.type == "third_party_asked" for row in rows
    ):
        raise Refused(_("Ask the third party in writing first."), cite("regulation", 32))


def elements(parts: Parts) -> dict[str, str]:
    """What letter 16 says of the list, by element key."""
    grounds = (
        f"第{n}项“{each.part}”：属于{GROUNDS[each.ground].law[0]}规定的情形（{ground_label(each.ground)}），"
        f"理由是：{each.reason}"
        for n, each in enumerate(parts.withheld, start=1)
    )
    return {
        "opened_part": _numbered(parts.opened),
        "withheld_part": _numbered(each.part for each in parts.withheld),
        "withheld_grounds": "；".join(grounds),
        "redaction_note": f"本机关已依据{LAW}对所申请的信息作区分处理，"
        f"随本告知书向{{you}}提供遮盖了上述{len(parts.withheld)}项不予公开内容的副本。",
    }


def lines(parts: Parts) -> tuple[str, ...]:
    """The withheld parts for people, each with ground, article and reason."""
    return tuple(
        f"{each.part}（{ground_label(each.ground)}，{GROUNDS[each.ground].law[0]}）：{each.reason}"
        for each in parts.withheld
    )


def articles(parts: Parts) -> str:
    """The articles of the decision: art. 37 and those of every ground, each once."""
    return together([LAW, *(GROUNDS[each.ground].law[0] for each in parts.withheld)])


def _numbered(texts: Iterable[str]) -> str:
    return "；".join(f"{n}. {text}" for n, text in enumerate(texts, start=1))


def sealed(case_key: object, said: Said) -> str:
    """What a decision keeps, under the case key."""
    return sealing.seal(case_key, json.dumps(asdict(said), ensure_ascii=False, sort_keys=True))


def said(decision: Decision) -> Said:
    """What a decision holds; those made before there were lists hold the facts alone. Raises sealing.Sealed."""
    text = sealing.unseal(decision.sealed)
    try:
        found = json.loads(text)
        listed = found["parts"]
        parts = listed and Parts(
            tuple(listed["opened"]), tuple(Withheld(**each) for each in listed["withheld"])
        )
        return Said(found["facts"], parts)
    except (ValueError, TypeError, KeyError):
        return Said(text)


def parts_of(letter: Letter) -> Parts | None:
    """The list behind a letter; None where its decision has none."""
    if letter.kind != LETTER_NUMBER or letter.decision is None:
        return None
    return said(letter.decision).parts


def fixed(letter: Letter) -> tuple[str, ...]:
    """The elements of a letter that nobody writes by hand, because the list says them."""
    return ELEMENTS if parts_of(letter) is not None else ()


def originals(letter: Letter) -> list[Attachment]:
    """The originals of redacted copies, kept closed with their letter."""
    rows = Attachment.objects.filter(owner_kind="letter", owner_id=letter.pk, purpose=ORIGINAL)
    return list(rows.select_related("file").order_by("uploaded_at", "pk"))


def faults(letter: Letter, written: dict[str, str], chosen: Iterable[Attachment]) -> list[tuple[str, str]]:
    """What keeps a partial disclosure from review, as (element, sentence). chosen: the files that go out."""
    if letter.kind != LETTER_NUMBER:
        return []
    found = []
    parts = parts_of(letter)
    expected = elements(parts) if parts is not None else {}
    for key, text in expected.items():
        if written.get(key) != wording.spoken(text, relations.spoken_to(letter.application)):
            found.append((key, _("The letter no longer says what the decision lists; decide anew.")))
    going = list(chosen)
    if not any(row.purpose == REDACTED for row in going):
        found.append(("", _("Add the redacted copy that the applicant is given, and mark it as such.")))
    kept = originals(letter)
    if not kept:
        found.append(("", _("Keep the original of the redacted copy with the letter; it stays closed.")))
    digests = {digest for row in kept for digest in _spellings(row)}
    found += [
        ("", _("“%(name)s” is the original, not a redacted copy: take it off.") % {"name": row.name})
        for row in going
        if digests & _spellings(row)
    ]
    return found


def plain(row: Attachment) -> str:
    """The digest of what a file says; the stored one is that of its sealed bytes."""
    return canon.sm3(storage.read(row.file_id, case_key=row.case_key))


def _spellings(row: Attachment) -> set[str]:
    """The digests by which a file is known: of what it says, and of what it said before its properties went."""
    return {plain(row), *(step.original_id for step in cleaning.made(row))}


def refuse_the_original(letter: Letter, data: bytes, purpose: str) -> None:
    """Refuse a file that would go out and is the original kept closed, or the other way round."""
    digest = canon.sm3(data)
    mine = Attachment.objects.filter(owner_kind="letter", owner_id=letter.pk).select_related("file")
    others = mine.filter(purpose=ORIGINAL) if purpose != ORIGINAL else mine.exclude(purpose=ORIGINAL)
    if any(digest in _spellings(row) for row in others):
        raise Refused(
            _("This file is the original that stays closed: black out first what is withheld."), LAW
        )
