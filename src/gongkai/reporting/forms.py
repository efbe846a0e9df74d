"""Forms of the room: begin a report, write it, set a figure by hand, enter decisions of a month."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.disclosure.models import DecisionCount
from gongkai.reporting import content as contents
from gongkai.reporting import figures, followups, jumps, manual
from gongkai.reporting.followups import Followup
from gongkai.reporting.inspection.previous import Difference
from gongkai.reporting.narrative import LONGEST
from gongkai.supervision.models import Entry


class BeginForm(forms.Form):
    """Whose report, on which year."""

    agency = forms.ModelChoiceField(label=_("Agency"), queryset=Agency.objects.none())
    year = forms.IntegerField(label=_("Year"), min_value=2021, max_value=2100)

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies
        self.fields["agency"].initial = agencies.first()


def _part(label: object, rows: int, help_text: object = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


@dataclass(frozen=True)
class FollowupFields:
    """One problem of last year in the form: its words, the end of its fields' names, the entry that is nearest."""

    problem: str
    name: str
    likely: Entry | None
    entries: Mapping[str, Entry]


class ReportForm(forms.Form):
    """What people write of a report. A draft may be incomplete: only submitting asks for every part."""

    opening = _part(_("Before part one"), 4)
    overview = _part(
        _("Part one: general situation"), 18, _("Bind a figure as {{key}}; the keys stand beside.")
    )
    problems = _part(_("Part five: main problems and improvement"), 12)
    other = _part(_("Part six: other matters to report"), 5)
    carry_over = forms.CharField(
        label=_("Why the carry-over differs from last year's report"),
        required=False,
        max_length=contents.LONGEST_EXPLANATION,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only where it does, as after a reform of agencies; printed in part six (C4)."),
    )
    correction = forms.CharField(
        label=_("What is corrected, and why"),
        required=False,
        max_length=contents.LONGEST_EXPLANATION,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The report is public already: this note stands on its page, with the earlier version."),
    )
    jumps_in_text = forms.BooleanField(label=_("Print these explanations in part six"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    # Not required to save a draft, but to submit it: not marked as optional.
    NEEDED = ("overview", "problems", "other")

    def __init__(
        self,
        *args: Any,
        starts: dict[str, str],
        year: int,
        corrects: bool = False,
        problems: Sequence[Followup] = (),
        entries: Sequence[Entry] = (),
        sentences: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """problems: those of last year with what is said of them; entries: of the ledger, that may answer them.
        sentences: what is said of figures that moved much, by cell key."""
        super().__init__(*args, **kwargs)
        self.jumps: dict[str, Difference | None] = {}
        for key in dict.fromkeys((*(sentences or {}), *self._posted_jumps())):
            self._jump(key, (sentences or {}).get(key, ""))
        self.followups = [self._followup(row, entries) for row in problems]
        if corrects:
            self.fields["correction"].needed = True
        else:
            del self.fields["correction"]
        for name in self.NEEDED:
            self.fields[name].needed = True
        self.year = year
        for key in dict.fromkeys((*STARTABLE, *starts)):
            each = figures.figure(key)
            if each is not None and each.narrative:
                self.fields[f"start_{key}"] = forms.DateField(
                    label=_("Count “%(figure)s” from") % {"figure": each.label},
                    required=False,
                    initial=starts.get(key) or date(year, 1, 1),
                    widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                )

    def content(self) -> dict[str, Any]:
        """The draft content as typed; a start that is 1 January is none."""
        texts = (name for name, empty in contents.EMPTY.items() if empty == "")
        # Browsers send line ends in two characters; remarks count places in the text as it was typed.
        said: dict[str, Any] = {
            name: (self.cleaned_data.get(name) or "").replace("\r\n", "\n") for name in texts
        }
        starts = {
            name.removeprefix("start_"): day.isoformat()
            for name, day in self.cleaned_data.items()
            if name.startswith("start_") and day and day != date(self.year, 1, 1)
        }
        moved = {key: (self.cleaned_data.get(JUMP + key) or "").strip() for key in self.jumps}
        return said | {
            "starts": starts,
            "jumps": {key: sentence for key, sentence in moved.items() if sentence},
            "jumps_in_text": self.cleaned_data["jumps_in_text"],
            "followups": [row for row in map(self._answer, self.followups) if row],
        }

    def _posted_jumps(self) -> list[str]:
        return [
            name.removeprefix(JUMP)
            for name in self.data
            if name.startswith(JUMP) and jumps.named(name.removeprefix(JUMP)) is not None
        ]

    def _jump(self, key: str, sentence: str) -> None:
        self.fields[JUMP + key] = forms.CharField(
            label=str(jumps.named(key) or key),
            required=False,
            max_length=jumps.LONGEST,
            initial=sentence,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.jumps[key] = None

    def ask_for(self, moved: Sequence[Difference]) -> None:
        """A field for each figure that moved much, with both figures beside it, in the order of `moved`; what was
        typed on a figure that moves no more keeps its field behind them."""
        standing: dict[str, Difference | None] = {figures.cell_key(one.cell): one for one in moved}
        for key, one in standing.items():
            if key not in self.jumps:
                self._jump(key, "")
            if one is not None:
                self.fields[JUMP + key].help_text = jumps.both(one)
        self.jumps = standing | {key: None for key in self.jumps if key not in standing}

    def _followup(self, row: Followup, entries: Sequence[Entry]) -> FollowupFields:
        """The two fields of one problem, named after its words, so that none is answered in another's place."""
        name = hashlib.sha256(row.problem.encode()).hexdigest()[:12]
        likely = followups.likely(row.problem, entries)
        choices = [("", _("no entry of the ledger")), *((one.number, str(one)) for one in entries)]
        if row.entry and row.entry not in dict(choices):
            choices.append((row.entry, row.entry))
        self.fields[f"entry_{name}"] = forms.ChoiceField(
            label=_("Entry of the ledger"), required=False, choices=choices, initial=row.entry
        )
        self.fields[f"answer_{name}"] = forms.CharField(
            label=_("What became of it"),
            required=False,
            max_length=followups.LONGEST,
            initial=row.answer,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_(
                "Choose an entry and leave this empty to take over what the ledger says when saving."
            ),
        )
        return FollowupFields(row.problem, name, likely, {one.number: one for one in entries})

    def _answer(self, row: FollowupFields) -> dict[str, str] | None:
        entry: str = self.cleaned_data.get(f"entry_{row.name}") or ""
        answer: str = (self.cleaned_data.get(f"answer_{row.name}") or "").strip()
        if not answer and entry in row.entries:
            answer = followups.proposed_answer(row.entries[entry])[: followups.LONGEST]
        return {"problem": row.problem, "answer": answer, "entry": entry} if answer or entry else None


# What the name of the field of a jump begins with; its cell key follows.
JUMP = "jump_"

# The count whose beginning offices choose most often: 截至××年底累计主动公开.
STARTABLE = ("items_released",)


class ManualForm(forms.Form):
    """A figure in the place of what the records give."""

    value = forms.DecimalField(
        label=_("Figure"),
        required=False,
        max_digits=18,
        decimal_places=4,
        help_text=_("Leave empty to return to the records."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=manual.LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )


class StrikeOutForm(forms.Form):
    """Why a single decision is struck out, or counted again."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stays beside the decision, and whoever imports this number again reads it."),
    )


class EntryForm(forms.Form):
    """Decisions or charges of one month."""

    agency = forms.ModelChoiceField(label=_("Agency"), queryset=Agency.objects.none())
    kind = forms.ChoiceField(label=_("Kind"), choices=DecisionCount.Kind.choices)
    month = forms.DateField(
        label=_("Month"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )
    amount = forms.DecimalField(
        label=_("Number, or amount in 10,000 yuan"), max_digits=14, decimal_places=4, min_value=0
    )
    source = forms.CharField(
        label=_("Source of the number"),
        max_length=200,
        help_text=_("The register or paper that the number is from."),
    )

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies
        self.fields["agency"].initial = agencies.first()
