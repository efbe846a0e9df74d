"""What the archive must know of a kind of subject, told by the room that owns the kind.

A room subclasses `ArchiveKind` and registers one instance in its AppConfig.ready. A room above it may stand
`Beside` it: what belongs into the same file, and what keeps the file from being destroyed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import options
from gongkai.agencies.models import Agency
from gongkai.agencies.options import NUMBER, Option

GROUP = _("Archive")


@dataclass(frozen=True)
class Subject:
    """A subject as the archive names it. reference: its own number; title: without personal data; ended_on: the
    day it was finished, None while it is not; key: the case key under which it is sealed, where it is;
    disclosure: what was disclosed of it, for the archives that take it over (档案法实施条例 30)."""

    id: UUID
    agency: Agency
    reference: str
    title: str
    ended_on: date | None
    key: UUID | None = None
    url: str = ""
    disclosure: str = ""


@dataclass(frozen=True)
class Paper:
    """One document of a file. responsible: who made it (责任者); form: 正本, 定稿, 原件 …; note: 备注."""

    title: str
    data: bytes
    extension: str
    number: str = ""
    on: date | None = None
    responsible: str = ""
    form: str = ""
    note: str = ""


@dataclass(frozen=True)
class Happening:
    """One thing that happened: the day that counts, what, who, in which words."""

    on: date
    what: str
    who: str = ""
    words: str = ""


class ArchiveKind:
    """One kind of subject. years: how long it is kept where the agency says nothing else; 0: permanently."""

    kind: str = ""
    label: object = ""
    years: int = 10

    def finished(self) -> QuerySet[Any]:
        """Every finished subject, with its agency, annotated with archive_reference, archive_title and
        archive_ended (a day)."""
        raise NotImplementedError(self.kind)

    def subject(self, pk: UUID) -> Subject | None:
        """The subject; None where there is none."""
        raise NotImplementedError(self.kind)

    def papers(self, subject: Subject) -> list[Paper]:
        """Every document of the file, in its order; the same records give the same bytes.

        Raises Refused where one cannot be made.
        """
        raise NotImplementedError(self.kind)

    def happenings(self, subject: Subject) -> list[Happening]:
        """What happened, oldest first."""
        raise NotImplementedError(self.kind)

    def owners(self, pk: UUID) -> list[tuple[str, UUID]]:
        """Whose stored files go with the subject when it is destroyed: (owner kind, owner id)."""
        return [(self.kind, pk)]

    def hold_reason(self, pk: UUID) -> str:
        """Why it may not be destroyed now; empty where nothing stands against it."""
        return ""

    def remains(self, pk: UUID) -> str:
        """What must be erased by another door before a list is carried out; empty where nothing is left."""
        return ""

    def destroyed(self, pk: UUID) -> None:
        """Called inside the destroying transaction: what was derived from the personal data goes too."""


def _nothing(pk: UUID) -> list[Any]:
    return []


@dataclass(frozen=True)
class Beside:
    """What another room adds to the files of a kind: papers, owners of stored files, a reason to wait, what
    happened."""

    papers: Callable[[UUID], list[Paper]] = _nothing
    owners: Callable[[UUID], list[tuple[str, UUID]]] = _nothing
    hold: Callable[[UUID], str] = str
    happenings: Callable[[UUID], list[Happening]] = _nothing


_kinds: dict[str, ArchiveKind] = {}
_beside: dict[tuple[str, str], Beside] = {}


def register(kind: ArchiveKind) -> None:
    """Make a kind known, with its setting of the retention period; registering it again replaces it."""
    _kinds[kind.kind] = kind
    options.declare(
        Option(
            years_option(kind.kind),
            GROUP,
            _("Retention period in years: %(kind)s") % {"kind": kind.label},
            NUMBER,
            kind.years,
            words=_("0 keeps it permanently; else 10 or 30 by the plan of the agency's archive."),
            least=0,
            most=100,
            law="机关文件材料归档范围和文书档案保管期限规定",
        )
    )


def years_option(kind: str) -> str:
    """The key of the setting of a kind's retention period."""
    return f"archive_years_{kind}"


def beside(kind: str, name: str, part: Beside) -> None:
    """Let a room stand beside a kind; under the same name it replaces what stood there."""
    _beside[kind, name] = part


def kind_of(name: str) -> ArchiveKind:
    """The kind registered under `name`; KeyError where there is none."""
    return _kinds[name]


def kinds() -> list[ArchiveKind]:
    return list(_kinds.values())


def papers(kind: ArchiveKind, subject: Subject) -> list[Paper]:
    """Every document of a file, those of the rooms beside it at the end. Raises Refused."""
    more = [paper for part in _parts(kind.kind) for paper in part.papers(subject.id)]
    return [*kind.papers(subject), *more]


def happenings(kind: ArchiveKind, subject: Subject) -> list[Happening]:
    """What happened, oldest first, in the rooms beside it too; of one day, in its own room first."""
    more = [each for part in _parts(kind.kind) for each in part.happenings(subject.id)]
    return sorted([*kind.happenings(subject), *more], key=lambda each: each.on)


def owners(kind: ArchiveKind, pk: UUID) -> list[tuple[str, UUID]]:
    """Whose stored files go with the subject."""
    return [*kind.owners(pk), *(each for part in _parts(kind.kind) for each in part.owners(pk))]


def hold_reason(kind: ArchiveKind, pk: UUID) -> str:
    """Why it may not be destroyed now, from its own room or one beside it; empty where nothing is."""
    reasons = (kind.hold_reason(pk), *(part.hold(pk) for part in _parts(kind.kind)))
    return next((str(reason) for reason in reasons if reason), "")


def _parts(kind: str) -> list[Beside]:
    return [part for (name, _room), part in sorted(_beside.items(), key=lambda pair: pair[0]) if name == kind]
