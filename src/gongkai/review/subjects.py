"""What the review must know of a kind of subject, told by the room that owns the kind.

A room subclasses `SubjectKind` and registers one instance in its AppConfig.ready. Content is a JSON
object; the review never looks inside it but through these methods.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from gongkai.agencies.models import Agency
    from gongkai.agencies.policy import Actor
    from gongkai.journal.models import AppendOnly
    from gongkai.review.models import Draft, Release, Revision, Withdrawal

Content = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """Why a draft cannot be submitted: the field and one sentence with the cure."""

    field: str
    message: str


@dataclass(frozen=True)
class Word:
    """What somebody said on a content before the three steps, for the review sheet: in which role, who, when."""

    role: str
    person: str
    opinion: str
    at: datetime


@dataclass(frozen=True)
class Part:
    """A piece of content to screen. kind: text or html; location: how a person finds it, as 正文."""

    location: str
    text: str
    kind: str = "text"


@dataclass(frozen=True)
class AttachedFile:
    """A file that belongs to a content: its digest in `files` and its name."""

    digest: str
    name: str


@dataclass(frozen=True)
class Outlet:
    """Where and when a content is to go out, as the review sheet says it."""

    channel: str = "本机关门户网站"
    column: str = ""
    planned: str = "审批后即时公开"


class SubjectKind:
    """One kind of subject. `kind` is stored; `public` says whether a release goes to the portal."""

    kind: str = ""
    label: object = ""
    public: bool = False
    # A stylesheet beyond those of every page, without which the preview does not look as it will appear.
    stylesheet: str = ""
    # Who may open a review of this kind; a kind that shows personal data names a narrower act.
    read_act: str = "review.read"
    # What each step confirms: step → [(key, sentence)]. Step two of what goes to the public answers the ten points
    # of rulebook 6.6 instead; its sentences here are those of reviews from before, which their sheets still print.
    checklists: dict[int, Sequence[tuple[str, object]]] = {}

    def examined(self, step: int) -> bool:
        """Whether a step answers the ten points: the first two of what goes to the public."""
        return self.public and step in (1, 2)

    def asked(self, step: int) -> Sequence[tuple[str, object]]:
        """The sentences that a step has to confirm now."""
        return () if self.public and step == 2 else self.checklists.get(step, ())

    def title(self, content: Content) -> str:
        raise NotImplementedError(self.kind)

    def problems(self, draft: "Draft") -> list[Problem]:
        """What keeps the draft from being submitted; an empty list when nothing does."""
        raise NotImplementedError(self.kind)

    def freeze(self, draft: "Draft") -> Content:
        """The content to freeze: what people wrote, cleaned; numbers and times are not in it."""
        return dict(draft.content)

    def parts(self, content: Content) -> list[Part]:
        """Every text to screen, but for the files."""
        raise NotImplementedError(self.kind)

    def files(self, content: Content) -> list[AttachedFile]:
        """Every file that goes out with the content."""
        return []

    def column(self, content: Content) -> str:
        """The code of the column for which the content is meant; empty for a kind without columns."""
        return ""

    def columns(self) -> Sequence[tuple[str, str]]:
        """The columns of this kind as (code, name); the policy of screening may differ by column."""
        return ()

    def own(self, content: Content) -> Sequence[str]:
        """What of the addressee may lawfully stand in a letter to them: own name, numbers, address. A finding that
        is exactly one of these is shown and does not block; nothing of it for a kind that is public."""
        return ()

    def due_on(self, draft: "Draft") -> date | None:
        """The day by which the release must be made, or None."""
        return None

    def preview(self, content: Content, agency: "Agency") -> str:
        """Safe HTML of the content exactly as it will appear."""
        raise NotImplementedError(self.kind)

    def seen(self, subject_id: UUID, actor: "Actor") -> None:
        """Called before `preview` is shown to a person: a kind with personal data writes a journal entry (I7)."""

    def lines(self, content: Content) -> list[str]:
        """The content as lines of text, for showing what changed."""
        raise NotImplementedError(self.kind)

    def page(self, subject_id: UUID) -> str:
        """The address of the subject's page in the staff interface."""
        raise NotImplementedError(self.kind)

    def facts(self, content: Content) -> Sequence[tuple[str, str]]:
        """Further lines for the head of the review sheet, as (name, value): number, carrier and source, how and
        when it goes out, the attribute proposed and why (rulebook 5.3, sheet 31). No personal data."""
        return ()

    def outlet(self, content: Content, agency: "Agency") -> Outlet:
        """Where the content goes out, for the sheet; the reviewer may say otherwise."""
        return Outlet()

    def words(self, revision: "Revision") -> list[Word]:
        """What was said on exactly this content before the three steps; stands on its review sheet."""
        return []

    def holds(self, revision: "Revision") -> str:
        """Who has to accept a fully approved revision before it is released, by name; empty where nobody does."""
        return ""

    def held(self, revision: "Revision", actor: "Actor") -> None:
        """Called inside the transaction of the third approval where `holds` names somebody: put it before them."""

    # What the page of the third step says where `holds` names somebody, and what a set time is refused with.
    held_consequence: object = _("It then goes to %(agency)s, and is released once that accepts it.")
    held_label: object = _("Approve and file with the supervising agency")
    held_refusal: object = _("No time can be set: it is released when %(agency)s accepts it.")

    def companions(self, revision: "Revision") -> Sequence["Revision"]:
        """Revisions of the kind that are held and go out with this one, in its transaction. Each is approved by its
        own three people (I1)."""
        return ()

    def beside(self, revision: "Revision") -> Sequence[dict[str, Any]]:
        """What the reviewers see beside the content, as facts of the page: {label, value, url}."""
        return ()

    def after_steps(self, revision: "Revision") -> str:
        """Where an approved and unreleased revision stands by the records of the subject's own room: the code of a
        state of the review, or empty where it waits for nobody."""
        return ""

    def original(self, content: Content) -> tuple[str, str]:
        """Where and on which day (ISO) a content was public before it came here, as its import kept it; empty where
        it was not. A manifest takes nothing else."""
        return "", ""

    def frozen(self, revision: "Revision", content: Content) -> Sequence["AppendOnly"]:
        """Called inside the transaction that freezes a revision: rows of the kind's own that stand beside it, which
        the journal covers with it."""
        return ()

    def released(self, release: "Release", content: Content, actor: "Actor | None") -> None:
        """Called inside the releasing transaction: numbers, dates and state of the subject's own room."""

    def returned(self, subject_id: UUID, actor: "Actor") -> None:
        """Called inside the transaction of a return or a recall."""

    def withheld(self, subject_id: UUID, grounds: Sequence[str], reason: str, actor: "Actor") -> None:
        """Called inside the transaction in which the reviewer concludes 不公开, after `returned`."""

    def withdrawn(self, withdrawal: "Withdrawal") -> None:
        """Called inside the transaction of a withdrawal."""


_kinds: dict[str, SubjectKind] = {}


def register(subject_kind: SubjectKind) -> None:
    """Make a kind known; registering it again replaces it (a reloading server does)."""
    _kinds[subject_kind.kind] = subject_kind


def kind_of(name: str) -> SubjectKind:
    """The kind registered under `name`; KeyError where there is none."""
    return _kinds[name]


def kinds() -> list[SubjectKind]:
    return list(_kinds.values())
