"""Forms of the rules of screening: the matrix of the policy, dictionaries and their terms."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai import screening
from gongkai.review import dictionaries, screening_rules
from gongkai.review.screening_rules import InForce
from gongkai.screening import CONDITIONS, FIXED_KINDS, KIND_LABELS, LAYER_LABELS, Kind, Layer, Severity, Term

SEVERITIES = {Severity.BLOCK: gettext_lazy("block"), Severity.WARN: gettext_lazy("warn")}
# A cell of a layer left like this does what its kind does.
AS_KIND = ""


@dataclass(frozen=True)
class Cell:
    """One cell of the matrix: its field (None where it cannot be changed), what it does, whether that differs from
    what it does without this version, and what that is."""

    label: str
    field: BoundField | None
    words: str
    differs: bool
    default: str


class PolicyForm(forms.Form):
    """The whole matrix of one column, the numbers, and the reason."""

    persons_warning = forms.IntegerField(
        label=gettext_lazy("Rows of persons from which to warn"),
        min_value=1,
        max_value=100_000,
        help_text=gettext_lazy(
            "A list that names so many persons is pointed out in the review (实施条例 43, 个人信息保护法 55)."
        ),
    )
    sample_percent = forms.IntegerField(
        label=gettext_lazy("Share screened again each week, in percent"), min_value=1, max_value=100
    )
    sample_least = forms.IntegerField(
        label=gettext_lazy("And at least so many each week"), min_value=0, max_value=10_000
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for the change"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("It stays with the version."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, now: InForce, column: str, **kwargs: Any) -> None:
        self.column = column
        self.policy = screening_rules.policy_of(now, column)
        self.without = screening_rules.policy_of(now) if column else screening.DEFAULT_POLICY
        initial = {
            "persons_warning": now.persons_warning,
            "sample_percent": now.sample_percent,
            "sample_least": now.sample_least,
            "seen": now.number,
        }
        super().__init__(*args, initial=initial, **kwargs)
        for kind in Kind:
            if kind in FIXED_KINDS:
                continue
            for layer in (None, *Layer):
                self.fields[_name(kind, layer)] = self._cell(kind, layer)

    def _cell(self, kind: Kind, layer: Layer | None) -> forms.ChoiceField:
        whole = self.policy.severity_of(kind)
        said = self.policy.severity_of(kind, layer)
        choices = [(str(each), words) for each, words in SEVERITIES.items()]
        if layer is not None:
            choices = [(AS_KIND, _("as the kind")), *choices]
        label = f"{KIND_LABELS[kind]}·{LAYER_LABELS[layer] if layer else _('all layers')}"
        return forms.ChoiceField(
            label=label,
            choices=choices,
            required=layer is None,
            initial=AS_KIND if layer is not None and said is whole else str(said),
            widget=forms.Select(attrs={"aria-label": label}),
        )

    def rows(self) -> Iterator[tuple[str, list[Cell]]]:
        """The matrix, kind by kind: its own cell first, then those of the layers."""
        for kind in Kind:
            yield (
                KIND_LABELS[kind],
                [self._shown(kind, layer) for layer in (None, *Layer)],
            )

    def _shown(self, kind: Kind, layer: Layer | None) -> Cell:
        now, without = self.policy.severity_of(kind, layer), self.without.severity_of(kind, layer)
        whole = (self.policy.severity_of(kind), self.without.severity_of(kind))
        return Cell(
            label=LAYER_LABELS[layer] if layer else _("all layers"),
            field=None if kind in FIXED_KINDS else self[_name(kind, layer)],
            words=str(SEVERITIES[now]),
            # A layer that only follows its kind is not marked again.
            differs=now is not without and (layer is None or (now, without) != whole),
            default=str(SEVERITIES[without]),
        )

    def numbers(self) -> list[BoundField]:
        """The fields below the matrix."""
        return [self[name] for name in ("persons_warning", "sample_percent", "sample_least", "reason")]

    def cells(self) -> dict[str, str]:
        """The matrix as it is to be: every kind, and each layer with what it then does."""
        said = self.cleaned_data
        found: dict[str, str] = {}
        for kind in Kind:
            if kind in FIXED_KINDS:
                continue
            for layer in (None, *Layer):
                value = said.get(_name(kind, layer)) or said[_name(kind, None)]
                found[screening_rules.key(kind, layer)] = value
        return found


def _name(kind: Kind, layer: Layer | None) -> str:
    return f"cell-{screening_rules.key(kind, layer)}"


def layers() -> list[str]:
    """The headings of the matrix."""
    return [_("all layers"), *(str(LAYER_LABELS[layer]) for layer in Layer)]


class NameForm(forms.Form):
    """A new dictionary."""

    name = forms.CharField(
        label=gettext_lazy("Name of the dictionary"),
        max_length=60,
        help_text=gettext_lazy("As “names and offices of leaders” or “terms of our trade”."),
    )
    whose = forms.ChoiceField(label=gettext_lazy("For"), choices=())

    def __init__(self, *args: Any, whose: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whose"].choices = whose


class ImportForm(forms.Form):
    """A file of terms, and how it counts."""

    file = forms.FileField(
        label=gettext_lazy("File (xlsx, csv, txt or json)"),
        help_text=gettext_lazy(
            "With a heading row: 错误, 规范, 理由, 条件, 分组, 处置. A txt holds one term a line. Nothing counts before "
            "you have seen what changes."
        ),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("How it counts"),
        choices=list(dictionaries.MODES.items()),
        initial=dictionaries.ADD,
        widget=forms.RadioSelect,
    )


class TakeForm(forms.Form):
    """Let a previewed import count."""

    token = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, required=False)


class ReasonForm(forms.Form):
    """Why a dictionary is taken out of use, or into use again."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)


class TermForm(forms.Form):
    """One term."""

    wrong = forms.CharField(label=gettext_lazy("Term to find"), max_length=60, strip=False)
    right = forms.CharField(label=gettext_lazy("What should stand there"), max_length=60, required=False)
    why = forms.CharField(label=gettext_lazy("Why"), max_length=500, required=False)
    group = forms.CharField(label=gettext_lazy("Group"), max_length=60, required=False)
    before = forms.ChoiceField(
        label=gettext_lazy("Condition"), choices=list(CONDITIONS.items()), required=False
    )
    allowed = forms.CharField(
        label=gettext_lazy("Right in these phrases"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One phrase a line, each with the term in it."),
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Weight"),
        choices=[("", gettext_lazy("as the policy says")), ("block", gettext_lazy("always blocks"))],
        required=False,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    @staticmethod
    def initial_of(term: Term) -> dict[str, Any]:
        """A term as the form shows it."""
        return {
            "wrong": term.wrong,
            "right": term.right,
            "why": term.why,
            "group": term.group,
            "before": term.before,
            "allowed": "\n".join(term.allowed),
            "severity": str(term.severity or ""),
        }

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "wrong" in said and (problem := self.term(said).problem()):
            self.add_error("wrong", problem)
        return said

    def term(self, said: dict[str, Any] | None = None) -> Term:
        """The term that was typed."""
        said = said or self.cleaned_data
        return Term(
            wrong=said["wrong"].strip(),
            right=said.get("right", "").strip(),
            why=said.get("why", "").strip(),
            before=said.get("before", ""),
            allowed=tuple(line.strip() for line in said.get("allowed", "").splitlines() if line.strip()),
            severity=Severity(said["severity"]) if said.get("severity") else None,
            group=said.get("group", "").strip(),
        )
