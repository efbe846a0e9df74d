"""What a kind of the ledger is made of, read from data and checked: fields, states, moves.

A kind is data, so that an administrator adds one without a programmer. `parse` refuses what would leave
an entry without a way on: unknown words, a state that nothing reaches, an open state that nobody can leave.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TYPES = ("text", "longtext", "date", "number", "choice", "person", "people", "url", "agency", "private")
"""private: personal data of the public; sealed at rest and shown only with a journal entry (I7)."""

GROUPS: Mapping[str, Any] = {
    "work": gettext_lazy("Deployment and tasks"),
    "checks": gettext_lazy("Inspection and rectification"),
    "assessment": gettext_lazy("Assessment and evaluation"),
    "people": gettext_lazy("Training and staff"),
    "rules": gettext_lazy("Rules"),
    "media": gettext_lazy("New media and public opinion"),
}
ROLES: Mapping[str, Any] = {
    "responsible": gettext_lazy("the responsible person"),
    "staff": gettext_lazy("staff of the agency"),
    "lead": gettext_lazy("head of the disclosure office or principal leader"),
    "principal": gettext_lazy("principal leader"),
    "issuer": gettext_lazy("lead of the agency that opened the entry, or the supervisor"),
    "supervisor": gettext_lazy("supervisor"),
    "releasers": gettext_lazy("the three people of a release, or the supervisor"),
    "system": gettext_lazy("the system, by what was done elsewhere"),
}
SYSTEM = "system"
OPENERS = ("staff", "lead", "principal", "supervisor", SYSTEM)
# Kinds whose step is taken on a page of its own: pages.py knows the address.
PAGES = ("", "rescreening", "shortfall")
NEEDS: Mapping[str, Any] = {
    "outcome": gettext_lazy("the outcome in words"),
    "evidence": gettext_lazy("at least one evidence file"),
    "note": gettext_lazy("a reason"),
    "children": gettext_lazy("every entry below closed"),
    "past": gettext_lazy("a day that is not in the future"),
    "attendance": gettext_lazy("attendance of everyone on the staff"),
}
# What a kind may count for in the yearly report, with the fields that the figure reads.
FIGURES: Mapping[str, Mapping[str, str]] = {
    "none": {},
    "count": {},
    "tasks": {},
    "findings": {},
    "training": {"hours": "number"},
    "accountability": {"person": "person"},
    "assessment": {"section": "choice", "full": "number", "score": "number"},
}
PRESENCE = ("required", "optional", "none")
ENDS = ("", "done", "dropped")
RESERVED = frozenset(
    {"agency", "subject", "responsible", "due_on", "occurred_on", "year", "period", "parent", "version"}
    | {"note", "outcome", "on", "files", "state", "number", "kind"}
)
MOST_FIELDS, MOST_STATES, MOST_MOVES, LARGEST = 40, 20, 40, 64 * 1024
_CODE = re.compile(r"[a-z][a-z0-9_]{1,29}")


class BadKind(ValueError):
    """A kind that cannot be taken; the text names the kind, the place and the cure, for users."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind. choices: (code, label) pairs; at_most: the number field that caps this one.

    A retired field is no longer asked for; what was entered stays readable.
    """

    name: str
    label: str
    type: str
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    help: str = ""
    at_most: str = ""
    default: str = ""
    retired: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """Where an entry can stand. end: "" while open, "done" once its aim is reached, "dropped" otherwise.

    waits_for: whose inbox shows the entry; fixed: its fields can no longer be changed.
    """

    code: str
    name: str
    end: str = ""
    waits_for: str = ""
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A step from one state to another: who may take it, which fields it asks for, what must be there.

    parent_move: the step that the entry above takes in the same act, where it stands so that it can.
    """

    code: str
    label: str
    sources: tuple[str, ...]
    target: str
    by: tuple[str, ...]
    asks: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    parent_move: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A kind as the program reads it; `raw` is the data it was read from."""

    code: str
    group: str
    name: str
    number: str
    fields: tuple[Field, ...]
    states: tuple[State, ...]
    moves: tuple[Move, ...]
    open_by: tuple[str, ...]
    about: str = ""
    law: str = ""
    day_label: str = ""
    due: str = "optional"
    responsible: str = "optional"
    parent: str = "none"
    parents: tuple[str, ...] = ()
    periodic: bool = False
    figure: str = "none"
    expects: tuple[str, tuple[str, ...]] = ("", ())
    page: str = ""
    order: int = 50

    @property
    def first(self) -> State:
        return self.states[0]

    def state(self, code: str) -> State:
        """The state of that code; KeyError where the kind has none."""
        return next((state for state in self.states if state.code == code), None) or _no(code)

    def move(self, code: str) -> Move:
        """The move of that code; KeyError where the kind has none."""
        return next((move for move in self.moves if move.code == code), None) or _no(code)

    def field(self, name: str) -> Field:
        """The field of that name; KeyError where the kind has none."""
        return next((field for field in self.fields if field.name == name), None) or _no(name)

    def moves_from(self, state: str) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if state in move.sources)

    @property
    def form_fields(self) -> tuple[Field, ...]:
        """The fields of the ordinary form: those that no move asks for."""
        asked = {name for move in self.moves for name in move.asks}
        return tuple(field for field in self.fields if field.name not in asked and not field.retired)


def _no(code: str) -> Any:
    raise KeyError(code)


T = TypeVar("T")


def parse(data: Any) -> Definition:
    """Read one kind. Raises BadKind with one sentence that says where and what is wrong."""
    if not isinstance(data, dict):
        raise BadKind(_("A kind is an object with code, name, fields, states and moves."))
    code = data.get("code")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise BadKind(
            _("“%(code)s”: the code of a kind is 2 to 30 small letters, digits or underscores.")
            % {"code": str(code)[:40]}
        )
    if len(json.dumps(data, ensure_ascii=False)) > LARGEST:
        raise BadKind(_("Kind “%(code)s” is larger than 64 KB.") % {"code": code})
    try:
        kind = _read(data)
        _check(kind)
    except BadKind as error:
        raise BadKind(_("Kind “%(code)s”: %(problem)s") % {"code": code, "problem": error}) from None
    return kind


def _read(data: dict[str, Any]) -> Definition:
    known = set(Definition.__dataclass_fields__)
    _only(data, known, _("the kind"))
    expects = data.get("expects") or {}
    if not isinstance(expects, dict):
        raise BadKind(_("“expects” names a field and its values."))
    _only(expects, {"field", "values"}, "expects")
    return Definition(
        code=data["code"],
        group=_word(data, "group", GROUPS),
        name=_text(data, "name", 60, required=True),
        number=_text(data, "number", 60, required=True),
        fields=_many(data, "fields", MOST_FIELDS, _field),
        states=_many(data, "states", MOST_STATES, _state),
        moves=_many(data, "moves", MOST_MOVES, _move),
        open_by=_words(data, "open_by", OPENERS),
        about=_text(data, "about", 300),
        law=_text(data, "law", 200),
        day_label=_text(data, "day_label", 30),
        due=_word(data, "due", PRESENCE, "optional"),
        responsible=_word(data, "responsible", PRESENCE, "optional"),
        parent=_word(data, "parent", PRESENCE, "none"),
        parents=_words(data, "parents", None),
        periodic=bool(data.get("periodic", False)),
        figure=_word(data, "figure", FIGURES, "none"),
        expects=(_text(expects, "field", 30), _words(expects, "values", None)),
        page=_word(data, "page", PAGES, ""),
        order=data["order"] if isinstance(data.get("order"), int) else 50,
    )


def _field(data: dict[str, Any]) -> Field:
    _only(data, set(Field.__dataclass_fields__), _("a field"))
    name = _text(data, "name", 30, required=True)
    if not _CODE.fullmatch(name) or name in RESERVED:
        raise BadKind(_("“%(name)s” cannot be the name of a field; choose another.") % {"name": name})
    choices = data.get("choices", [])
    pairs = isinstance(choices, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(word, str) and word for word in pair)
        for pair in choices
    )
    if not pairs or len({pair[0] for pair in choices}) != len(choices):
        raise BadKind(
            _("the choices of “%(name)s” are pairs of a code and a label, each once.") % {"name": name}
        )
    return Field(
        name=name,
        label=_text(data, "label", 60, required=True),
        type=_word(data, "type", TYPES),
        required=bool(data.get("required", False)),
        choices=tuple((pair[0], pair[1]) for pair in choices),
        help=_text(data, "help", 200),
        at_most=_text(data, "at_most", 30),
        default=_text(data, "default", 300),
        retired=bool(data.get("retired", False)),
    )


def _state(data: dict[str, Any]) -> State:
    _only(data, set(State.__dataclass_fields__), _("a state"))
    return State(
        code=_text(data, "code", 30, required=True),
        name=_text(data, "name", 30, required=True),
        end=_word(data, "end", ENDS, ""),
        waits_for=_word(data, "waits_for", ("", *ROLES), ""),
        fixed=bool(data.get("fixed", False)),
    )


def _move(data: dict[str, Any]) -> Move:
    _only(data, {"code", "label", "from", "to", "by", "asks", "needs", "parent_move"}, _("a move"))
    return Move(
        code=_text(data, "code", 30, required=True),
        label=_text(data, "label", 30, required=True),
        sources=_words(data, "from", None),
        target=_text(data, "to", 30, required=True),
        by=_words(data, "by", ROLES),
        asks=_words(data, "asks", None),
        needs=_words(data, "needs", NEEDS),
        parent_move=_text(data, "parent_move", 30),
    )


def _check(kind: Definition) -> None:
    """What the parts must say to one another."""
    _unique([field.name for field in kind.fields], _("field"))
    _unique([state.code for state in kind.states], _("state"))
    _unique([move.code for move in kind.moves], _("move"))
    _check_number(kind)
    _check_fields(kind)
    _check_states(kind)
    if not kind.open_by:
        raise BadKind(_("say in “open_by” who may open an entry."))
    if (kind.parent != "none") != bool(kind.parents):
        raise BadKind(_("“parent” and “parents” belong together."))


def _check_number(kind: Definition) -> None:
    try:
        names = [name for _text_, name, _spec, _conv in Formatter().parse(kind.number) if name is not None]
    except ValueError:
        names = []
    if not {"year", "n"} <= set(names) or not set(names) <= {"year", "n", "mark", "code"}:
        raise BadKind(_("the number is written with {year} and {n}, and {mark} or {code} where wished."))


def _check_fields(kind: Definition) -> None:
    by_name = {field.name: field for field in kind.fields}
    for field in kind.fields:
        if (field.type == "choice") != bool(field.choices):
            raise BadKind(
                _("“%(name)s”: a choice, and only a choice, lists its choices.") % {"name": field.name}
            )
        cap = by_name.get(field.at_most)
        if field.at_most and (field.type != "number" or cap is None or cap.type != "number"):
            raise BadKind(_("“%(name)s”: “at_most” names another number field.") % {"name": field.name})
    for name, type_ in FIGURES[kind.figure].items():
        if name not in by_name or by_name[name].type != type_:
            raise BadKind(
                _("the figure “%(figure)s” reads a field “%(name)s” of type %(type)s.")
                % {"figure": kind.figure, "name": name, "type": type_}
            )
    field_name, values = kind.expects
    if field_name or values:
        found = by_name.get(field_name)
        if found is None or not values or not set(values) <= {code for code, _label in found.choices}:
            raise BadKind(_("“expects” names a choice field and some of its choices."))


def _check_states(kind: Definition) -> None:
    states = {state.code: state for state in kind.states}
    if not kind.states or kind.first.end:
        raise BadKind(_("the first state is an open one."))
    if not any(state.end == "done" for state in kind.states):
        raise BadKind(_("at least one state has the end “done”."))
    fields = {field.name for field in kind.fields}
    for move in kind.moves:
        for code in (*move.sources, move.target):
            if code not in states:
                raise BadKind(
                    _("move “%(move)s” names the state “%(state)s”, which the kind does not have.")
                    % {"move": move.code, "state": code}
                )
        if not move.sources or not move.by:
            raise BadKind(_("move “%(move)s” says from which states and by whom.") % {"move": move.code})
        if missing := set(move.asks) - fields:
            raise BadKind(
                _("move “%(move)s” asks for the field “%(name)s”, which the kind does not have.")
                % {"move": move.code, "name": min(missing)}
            )
    reached, new = set(), {kind.first.code}
    while new:
        reached |= new
        new = {move.target for move in kind.moves if reached & set(move.sources)} - reached
    if lost := [code for code in states if code not in reached]:
        raise BadKind(_("no move leads to the state “%(state)s”.") % {"state": lost[0]})
    for state in kind.states:
        leaving = kind.moves_from(state.code)
        if not state.end and not leaving:
            raise BadKind(_("no move leads out of the open state “%(state)s”.") % {"state": state.code})
        # What is decided on a page of its own, the system moves.
        movers = {role for move in leaving for role in move.by} - ({SYSTEM} if not kind.page else set())
        if state.waits_for and state.waits_for not in movers and SYSTEM not in movers:
            raise BadKind(
                _("the state “%(state)s” waits for %(role)s, who has no move there.")
                % {"state": state.code, "role": ROLES[state.waits_for]}
            )


def _unique(codes: list[str], what: str) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise BadKind(_("the %(what)s “%(code)s” stands twice.") % {"what": what, "code": code})


def _only(data: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    if unknown := [key for key in data if key not in known]:
        raise BadKind(
            _("“%(key)s” is not known in %(where)s.") % {"key": str(unknown[0])[:40], "where": where}
        )


def _text(data: Mapping[str, Any], key: str, longest: int, *, required: bool = False) -> str:
    value = data.get(key, "")
    if not isinstance(value, str) or len(value) > longest or (required and not value.strip()):
        raise BadKind(
            _("“%(key)s” is a text of at most %(longest)d characters%(empty)s.")
            % {"key": key, "longest": longest, "empty": _(", not empty") if required else ""}
        )
    return value


def _word(data: Mapping[str, Any], key: str, words: Iterable[str], default: str | None = None) -> str:
    value = data.get(key, default)
    if value not in tuple(words) or not isinstance(value, str):
        raise BadKind(
            _("“%(key)s” is one of: %(words)s.")
            % {"key": key, "words": "、".join(word or "“”" for word in words)}
        )
    return value


def _words(data: Mapping[str, Any], key: str, words: Iterable[str] | None) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        raise BadKind(_("“%(key)s” is a list of words.") % {"key": key})
    for word in value:
        if words is not None and word not in tuple(words):
            raise BadKind(
                _("“%(key)s”: “%(word)s” is not one of %(words)s.")
                % {"key": key, "word": word, "words": "、".join(words)}
            )
    return tuple(value)


def _many(data: Mapping[str, Any], key: str, most: int, read: Callable[[dict[str, Any]], T]) -> tuple[T, ...]:
    rows = data.get(key, [])
    if not isinstance(rows, list) or len(rows) > most or not all(isinstance(row, dict) for row in rows):
        raise BadKind(_("“%(key)s” is a list of at most %(most)d objects.") % {"key": key, "most": most})
    return tuple(read(row) for row in rows)
