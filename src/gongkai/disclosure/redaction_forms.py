"""Forms of redaction: what is to go from a file or a text, and how the columns of a list are masked."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongkai.screening import DEFAULT_POLICY, KIND_LABELS, Kind, Layer, Severity
from gongkai.screening.redaction import (
    CONCEALMENT_LABELS,
    USUALLY_DROPPED,
    Box,
    Concealment,
    List,
    Masking,
    Order,
    Target,
    masks,
)

_KEY = re.compile(r"[0-9a-f]{20}")
_PARTED = re.compile(r"[\n\r、,，;；]+")
_PICTURES = frozenset({"png", "jpg", "gif", "webp", "bmp", "tif"})
_MOST_PAGES = 500
# What a file of a kind can hold of all that may be dropped.
_HOLDS: dict[str, frozenset[Concealment]] = {
    "docx": frozenset(Concealment) - {Concealment.HIDDEN_SHEETS, Concealment.HIDDEN_CELLS},
    "xlsx": frozenset(Concealment) - {Concealment.TRACKED_CHANGES},
    "pptx": frozenset(Concealment) - {Concealment.TRACKED_CHANGES, Concealment.HIDDEN_CELLS},
    "html": frozenset({Concealment.COMMENTS, Concealment.HIDDEN_TEXT, Concealment.LEFTOVERS}),
    "md": frozenset({Concealment.COMMENTS}),
}


class _Keys(forms.MultipleChoiceField):
    """Keys of a survey: those of a file that changed meanwhile name nothing, and do no harm."""

    def valid_value(self, value: str) -> bool:
        return bool(_KEY.fullmatch(value))


class RedactForm(forms.Form):
    """What is to go."""

    kinds = forms.MultipleChoiceField(
        label=_("Everything of these kinds"), required=False, widget=forms.CheckboxSelectMultiple
    )
    targets = _Keys(
        label=_("One by one"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For a kind of which only some go: leave the kind unmarked above and mark them here."),
    )
    words = forms.CharField(
        label=_("Further words, as names of persons"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Parted by commas or lines. Each is taken out wherever it stands, also written with blanks."
        ),
    )
    drop = forms.MultipleChoiceField(
        label=_("What the printed page does not show"), required=False, widget=forms.CheckboxSelectMultiple
    )
    pages = forms.CharField(
        label=_("Pages to turn into pictures"),
        required=False,
        max_length=200,
        help_text=_("As 3, 5-7. What lies under a cover or outside the page goes with it."),
    )
    boxes = forms.CharField(
        label=_("Rectangles to paint over"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One a line: page, left, top, right, bottom, the last four in per cent of width and height, "
            "as 1 10 20 50 25. For stamps, signatures, faces."
        ),
    )

    def __init__(
        self, data: Any = None, *, targets: Iterable[Target] = (), extension: str = "", text: bool = False
    ) -> None:
        super().__init__(data)
        found = list(targets)
        kinds = list(dict.fromkeys(target.kind for target in found))
        counts = {kind: sum(t.count for t in found if t.kind is kind) for kind in kinds}
        choices = [
            (str(kind), gettext("%(kind)s (%(n)d)") % {"kind": KIND_LABELS[kind], "n": counts[kind]})
            for kind in kinds
        ]
        # A kind that is not in the survey may still come back with a form sent again.
        self.fields["kinds"].choices = choices if data is None else [(str(k), KIND_LABELS[k]) for k in Kind]
        # What only warns may stand there lawfully, as the rooms in a list of flats: a person chooses it.
        self.fields["kinds"].initial = [
            str(kind) for kind in kinds if DEFAULT_POLICY.severity_of(kind, Layer.TEXT) is Severity.BLOCK
        ]
        self.fields["targets"].choices = [
            (
                t.key,
                f"{KIND_LABELS[t.kind]} {t.excerpt}（{t.location}{f'，共 {t.count} 处' if t.count > 1 else ''}）",
            )
            for t in found
        ]
        holds = _HOLDS.get(extension, frozenset())
        self.fields["drop"].choices = [(str(c), CONCEALMENT_LABELS[c]) for c in Concealment if c in holds]
        self.fields["drop"].initial = [str(c) for c in USUALLY_DROPPED]
        for name, kept in (
            ("drop", bool(holds)),
            ("pages", extension == "pdf"),
            ("boxes", extension == "pdf" or extension in _PICTURES),
            ("targets", bool(found) or data is not None),
            ("kinds", bool(found) or data is not None),
        ):
            if not kept:
                del self.fields[name]
        if text:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)

    def clean_pages(self) -> frozenset[int]:
        return frozenset(_pages(self.cleaned_data["pages"]))

    def clean_boxes(self) -> tuple[Box, ...]:
        found = []
        for line in self.cleaned_data["boxes"].splitlines():
            if not line.strip():
                continue
            numbers = re.findall(r"[0-9]+(?:\.[0-9]+)?", line)
            try:
                page, *shares = numbers
                found.append(Box(int(page), *(float(share) / 100 for share in shares)))
            except (TypeError, ValueError) as error:
                raise forms.ValidationError(
                    _("“%(line)s” is no rectangle: write page, left, top, right, bottom, as 1 10 20 50 25."),
                    params={"line": line.strip()[:40]},
                ) from error
        return tuple(found)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(value for name, value in said.items() if name != "version"):
            raise forms.ValidationError(_("Mark what is to go, or write words."))
        return said

    def order(self) -> Order:
        """The order that the form says."""
        said = self.cleaned_data
        words = (word.strip() for word in _PARTED.split(said.get("words", "")))
        return Order(
            kinds=frozenset(map(Kind, said.get("kinds", ()))),
            targets=frozenset(said.get("targets", ())),
            words=tuple(dict.fromkeys(word for word in words if word)),
            drop=frozenset(map(Concealment, said.get("drop", ()))),
            pages=said.get("pages", frozenset()),
            boxes=said.get("boxes", ()),
        )


def _pages(text: str) -> Iterable[int]:
    for piece in filter(None, re.split(r"[\s,，、;；]+", text)):
        match = re.fullmatch(r"([0-9]{1,4})(?:[-—–~～至]([0-9]{1,4}))?", piece)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= last <= _MOST_PAGES:
            raise forms.ValidationError(
                _("“%(piece)s” is no page: write numbers and ranges, as 3, 5-7."),
                params={"piece": piece[:20]},
            )
        yield from range(first, last + 1)


class MaskForm(forms.Form):
    """How each column of each list of a file is masked."""

    def __init__(self, lists: list[List], data: Any = None) -> None:
        super().__init__(data)
        self.lists = lists
        for each in lists:
            for column in each.columns:
                item = masks.items().get(column.item)
                labels = masks.rules()
                order = (
                    [*item.choices, *(r for r in labels if r not in item.choices)] if item else list(labels)
                )
                self.fields[self.field_of(each, column.number)] = forms.ChoiceField(
                    label=column.heading or gettext("column %(n)d") % {"n": column.number},
                    choices=[(rule, labels[rule]) for rule in order],
                    initial=item.default if item else masks.KEEP,
                    help_text=gettext("looks like: %(what)s") % {"what": item.label} if item else "",
                )

    @staticmethod
    def field_of(each: List, column: int) -> str:
        """The name of the field of one column."""
        return f"list{each.number}-{column}"

    def rule(self, each: List, column: int) -> str:
        """The rule that is chosen now, valid or proposed."""
        name = self.field_of(each, column)
        said = self[name].value()
        return str(said) if said in masks.rules() else str(self.fields[name].initial)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors and all(rule == masks.KEEP for rule in said.values()):
            raise forms.ValidationError(_("Choose for at least one column how it is masked."))
        return said

    def order(self) -> Order:
        """The order that the form says."""
        found = [
            Masking(each.number, column.number, self.cleaned_data[self.field_of(each, column.number)])
            for each in self.lists
            for column in each.columns
        ]
        return Order(maskings=tuple(masking for masking in found if masking.rule != masks.KEEP))

    def previews(self) -> list[dict[str, Any]]:
        """Each list with its fields, and its first rows before and after."""
        found = []
        for each in self.lists:
            rules = [(column, self.rule(each, column.number)) for column in each.columns]
            rows = [
                [
                    {
                        "before": row[column.number - 1],
                        "after": "" if rule == masks.DELETE else masks.mask(rule, row[column.number - 1]),
                        "gone": rule == masks.DELETE,
                        "changed": rule != masks.KEEP,
                    }
                    for column, rule in rules
                ]
                for row in each.rows
            ]
            found.append(
                {
                    "name": each.name,
                    "count": each.count,
                    "fields": [self[self.field_of(each, column.number)] for column, _rule in rules],
                    "headings": [column.heading or column.number for column, _rule in rules],
                    "rows": rows,
                }
            )
        return found
