"""An agency's own wording of its letters: checked like the standard, kept version by version (I4).

A letter takes the wording in force when it is begun and keeps its paragraphs; what is in force later is offered
to drafts, never put under them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import policy
from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.applications import citing, wording
from gongkai.applications.models import LetterWording
from gongkai.journal import chain, clock
from gongkai.paperwork.text import has_glyph
from gongkai.rulebook.letters import LETTER_KINDS
from gongkai.rulebook.norms import cite

SUBJECT = "letter_wording"
LAW = cite("regulation", 36)
MOST_PARAGRAPHS, LONGEST = 40, 2000
_BRACED = re.compile(r"\{([^{}]*)\}")

policy.grant("wording.read", policy.staff, gettext_lazy("see how the letters of this agency are worded"))
policy.grant("wording.edit", policy.head, gettext_lazy("word the letters of this agency"))


@dataclass(frozen=True)
class Wording:
    """The text of one kind of letter in an agency. version: 0 is the standard; row: the version, where it has
    its own text; texts: what the elements begin with."""

    kind: int
    version: int
    paragraphs: tuple[str, ...]
    texts: Mapping[str, str]
    row: LetterWording | None = None

    @property
    def own(self) -> bool:
        return self.row is not None


@dataclass(frozen=True)
class Fault:
    """Why a wording is not taken. field: paragraphs, or the element whose text it is."""

    field: str
    message: str


class Unsound(Refused):
    """A wording that the check refuses; `faults` says where and why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0].message, LAW)
        self.faults = tuple(faults)


def standard(kind: int) -> Wording:
    """The text that comes with this version of the program."""
    template = wording.TEMPLATES[kind]
    return Wording(kind, 0, template.paragraphs, template.texts)


def of(row: LetterWording) -> Wording:
    """What one version says; one without paragraphs is the return to the standard."""
    if not row.paragraphs:
        plain = standard(row.kind)
        return Wording(row.kind, row.version, plain.paragraphs, plain.texts)
    return Wording(row.kind, row.version, tuple(row.paragraphs), row.texts, row)


def versions(agency: Agency, kind: int) -> list[LetterWording]:
    """Every version of an agency's wording, the newest first."""
    return list(LetterWording.objects.filter(agency=agency, kind=kind).select_related("person"))


def in_force(agency: Agency, kind: int) -> Wording:
    """The newest version, or the standard where there is none. KeyError for a kind that is no letter."""
    row = LetterWording.objects.filter(agency=agency, kind=kind).first()
    return of(row) if row is not None else standard(kind)


def faults(kind: int, paragraphs: Sequence[str], texts: Mapping[str, str]) -> list[Fault]:
    """Everything for which a wording is refused, each in one sentence; an empty list for a sound one."""
    template = wording.TEMPLATES[kind]
    found = [Fault("paragraphs", words) for words in _body(template, paragraphs)]
    labels = {each.key: each.label for each in template.written}
    for name, text in texts.items():
        if name not in labels:
            found.append(Fault("paragraphs", _("“%(name)s” is no element of this letter.") % {"name": name}))
            continue
        where = _("“%(element)s”") % {"element": labels[name]}
        found += [Fault(name, words) for words in text_faults(where, text)]
        if name == citing.ELEMENT:
            rests_on = citing.of_standard(template.texts.get(name, ""))
            found += [Fault(name, words) for words in (citing.fault(text, rests_on),) if words]
    return found


def text_faults(where: str, text: str) -> list[str]:
    """Why a text that an element begins with is not taken; it may hold {you} and nothing else in braces."""
    return _text(where, text, (wording.YOU,))


def _body(template: wording.Template, paragraphs: Sequence[str]) -> list[str]:
    if len(paragraphs) > MOST_PARAGRAPHS:
        return [_("At most %(n)d paragraphs.") % {"n": MOST_PARAGRAPHS}]
    found: list[str] = []
    for place, text in enumerate(paragraphs, start=1):
        found += _text(_("Paragraph %(n)d") % {"n": place}, text, template.allowed)
    found += [
        _("No paragraph prints “%(element)s”: put {%(name)s} where it is to stand.")
        % {"element": each.label, "name": each.key}
        for each in wording.unprinted(template.kind, paragraphs)
    ]
    return found


def _text(where: str, text: str, allowed: Sequence[str]) -> list[str]:
    found = []
    if len(text) > LONGEST:
        found.append(_("%(where)s: at most %(n)d characters.") % {"where": where, "n": LONGEST})
    if "<" in text or ">" in text:
        found.append(
            _("%(where)s: plain text only, no HTML; write 〈 and 〉 for brackets.") % {"where": where}
        )
    for name in dict.fromkeys(_BRACED.findall(text)):
        if name not in allowed:
            words = _("%(where)s: there is no element {%(name)s}; choose one from the list.")
            found.append(words % {"where": where, "name": name[:40]})
    if set(_BRACED.sub("", text)) & set("{}"):
        found.append(_("%(where)s: a brace is open or closed alone.") % {"where": where})
    if strange := next((each for each in text if not each.isspace() and not has_glyph(each)), ""):
        words = _("%(where)s: the character “%(character)s” cannot be printed; write it otherwise.")
        found.append(words % {"where": where, "character": strange})
    if wording.words_remedies(text):
        found.append(
            _("%(where)s states remedies itself: {remedy} states them by the law of the day of service.")
            % {"where": where}
        )
    return found


def save(
    actor: Actor,
    agency: Agency,
    kind: int,
    *,
    paragraphs: Sequence[str],
    texts: Mapping[str, str],
    reason: str,
    version: int,
) -> LetterWording:
    """Put an agency's own wording in force, over `version`, the newest that the writer saw (0: none).

    Raises Unsound with every fault, Refused. Drafts keep what they have.
    """
    lines = [text.strip() for text in paragraphs if text.strip()]
    said = {name: text.strip() for name, text in texts.items()}
    if found := faults(kind, lines, said):
        raise Unsound(found)
    plain = standard(kind)
    if tuple(lines) == plain.paragraphs and _same(said, plain.texts):
        raise Refused(_("This is the standard text: return to it instead, or change something."))
    now = in_force(agency, kind)
    if tuple(lines) == now.paragraphs and _same(said, now.texts):
        raise Refused(_("Nothing was changed."))
    kept = {name: text for name, text in said.items() if text or plain.texts.get(name)}
    return _write(actor, agency, kind, lines, kept, reason, version)


def restore(actor: Actor, agency: Agency, kind: int, *, reason: str, version: int) -> LetterWording:
    """Return to the standard text. Raises Refused."""
    if not in_force(agency, kind).own:
        raise Refused(_("The standard text is in force already."))
    return _write(actor, agency, kind, [], {}, reason, version)


def _same(texts: Mapping[str, str], others: Mapping[str, str]) -> bool:
    return all(texts.get(name, "") == others.get(name, "") for name in {*texts, *others})


def _write(
    actor: Actor,
    agency: Agency,
    kind: int,
    paragraphs: list[str],
    texts: dict[str, str],
    reason: str,
    version: int,
) -> LetterWording:
    require(actor, "wording.edit", agency)
    reason = reason.strip()
    if not reason or len(reason) > 200:
        raise Refused(_("Say why the wording changes, in at most 200 characters."))
    try:
        with transaction.atomic():
            newest = LetterWording.objects.filter(agency=agency, kind=kind).first()
            if (newest.version if newest else 0) != version:
                raise Refused(_("Somebody else changed this wording in the meantime; look at it again."))
            row = LetterWording.objects.create(
                agency=agency,
                kind=kind,
                version=version + 1,
                paragraphs=paragraphs,
                texts=texts,
                reason=reason,
                person=actor.person,
                at=clock.now(),
            )
            chain.record(
                "letter.worded",
                actor.who,
                agency=agency.pk,
                subject=(SUBJECT, row.pk),
                covers=[row],
                kind=kind,
                title=LETTER_KINDS[kind].title,
                version=row.version,
                own=bool(paragraphs),
            )
    except IntegrityError as error:
        raise Refused(_("Somebody else changed this wording in the meantime; look at it again.")) from error
    return row
