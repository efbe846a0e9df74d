"""Forms of the room: begin a report, write it, set a figure by hand, enter decisions of a month."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.disclosure.models import DecisionCount
from gongkai.reporting import content as contents
from gongkai.reporting import figures, manual
from gongkai.reporting.narrative import LONGEST


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
    version = forms.IntegerField(widget=forms.HiddenInput)

    # Not required to save a draft, but to submit it: not marked as optional.
    NEEDED = ("overview", "problems", "other")

    def __init__(
        self, *args: Any, starts: dict[str, str], year: int, corrects: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
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
        said = {name: self.cleaned_data.get(name) or "" for name in contents.EMPTY if name != "starts"}
        starts = {
            name.removeprefix("start_"): day.isoformat()
            for name, day in self.cleaned_data.items()
            if name.startswith("start_") and day and day != date(self.year, 1, 1)
        }
        return said | {"starts": starts}


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
