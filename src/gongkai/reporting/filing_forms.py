"""Forms of filing: the supervising agency's decision, the leader's word not to wait, the setting of who collects."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.reporting import filing
from gongkai.reporting.document import TEXTS
from gongkai.rulebook.report_form import PARTS, ReportTables

# So many free remarks on a cell can be typed at once, beside those proposed from the findings.
FREE = 3
PART_PREFIX, FOUND_PREFIX, CELL_PREFIX = "part_", "found_", "cell_"
MOST_PROPOSED = 60


class AcceptForm(forms.Form):
    """An opinion may go with the acceptance."""

    opinion = forms.CharField(
        label=_("Opinion"),
        required=False,
        max_length=filing.LONGEST_OPINION,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReturnForm(forms.Form):
    """Reasons: as a whole, those proposed from the findings (each can be left out or reworded), part by part, cell by
    cell."""

    opinion = forms.CharField(
        label=_("What is to be changed"),
        required=False,
        max_length=filing.LONGEST_OPINION,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, *args: Any, found: Iterable[Mapping[str, Any]], tables: ReportTables, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.found = list(found)[:MOST_PROPOSED]
        for number, one in enumerate(self.found):
            self.fields[f"{FOUND_PREFIX}{number}"] = forms.CharField(
                label=one["label"] or one["rule"],
                required=False,
                max_length=filing.LONGEST_REMARK,
                # Errors are proposed as reasons; a warning is offered and left to the supervisor.
                initial=one["message"][: filing.LONGEST_REMARK] if one["severity"] == "error" else "",
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="" if one["severity"] == "error" else one["message"],
            )
        for part in PARTS:
            self.fields[f"{PART_PREFIX}{part.number}"] = forms.CharField(
                label=part.numbered_heading,
                required=False,
                max_length=filing.LONGEST_REMARK,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        self.cells = {f"{cell.table}.{cell.row}.{cell.column}": str(cell) for cell in tables.cells()}
        choices = [("", "—"), *self.cells.items()]
        for number in range(FREE):
            self.fields[f"{CELL_PREFIX}{number}"] = forms.ChoiceField(
                label=_("Cell"), required=False, choices=choices
            )
            self.fields[f"{CELL_PREFIX}{number}_text"] = forms.CharField(
                label=_("Remark on this cell"), required=False, max_length=filing.LONGEST_REMARK
            )

    def sections(self) -> list[dict[str, Any]]:
        """The fields as the page groups them."""
        found = [self[name] for name in self.fields if name.startswith(FOUND_PREFIX)]
        parts = [self[name] for name in self.fields if name.startswith(PART_PREFIX)]
        cells = [self[name] for name in self.fields if name.startswith(CELL_PREFIX)]
        return [
            {"legend": _("As a whole"), "fields": [self["opinion"]]},
            *([{"legend": _("Proposed from the checks"), "fields": found}] if found else []),
            {"legend": _("Part by part"), "fields": parts},
            {"legend": _("Cell by cell"), "fields": cells},
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for number in range(FREE):
            cell, text = said.get(f"{CELL_PREFIX}{number}"), said.get(f"{CELL_PREFIX}{number}_text")
            if text and not cell:
                self.add_error(f"{CELL_PREFIX}{number}", _("Choose the cell that the remark is about."))
            if cell and not text:
                self.add_error(f"{CELL_PREFIX}{number}_text", _("Write the remark on this cell."))
        return said

    def remarks(self) -> list[dict[str, str]]:
        """What was written, as the decision keeps it."""
        said, found = self.cleaned_data, []
        for number, one in enumerate(self.found):
            if text := said.get(f"{FOUND_PREFIX}{number}"):
                found.append({"where": one["where"], "label": one["label"] or one["rule"], "text": text})
        for part in PARTS:
            if text := said.get(f"{PART_PREFIX}{part.number}"):
                where = TEXTS.get(part.number) or str(part.table)
                found.append({"where": where, "label": part.numbered_heading, "text": text})
        for number in range(FREE):
            if text := said.get(f"{CELL_PREFIX}{number}_text"):
                cell = said[f"{CELL_PREFIX}{number}"]
                found.append({"where": cell, "label": self.cells[cell], "text": text})
        return found


class UnawaitedForm(forms.Form):
    """Why the report is published without waiting."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=filing.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is kept, and shown to the supervising agency."),
    )


class RemindForm(forms.Form):
    """What a reminder says."""

    words = forms.CharField(label=_("Words of the reminder"), required=False, max_length=500)


class CollectingForm(forms.Form):
    """Whether the reports of the agencies below are collected, and by which days."""

    collects = forms.BooleanField(
        label=_("Reports wait for this agency before they are published"), required=False
    )
    first_year = forms.IntegerField(label=_("From the report on the year"), min_value=2021, max_value=2100)
    file_by = forms.CharField(
        label=_("Departments file by (MM-DD)"),
        required=False,
        max_length=5,
        help_text=_("Only where local rules set an earlier day than 31 January, as 01-26."),
    )
    publish_by = forms.CharField(label=_("Departments publish by (MM-DD)"), required=False, max_length=5)
    governments_by = forms.CharField(
        label=_("Governments below file by (MM-DD)"),
        required=False,
        max_length=5,
        help_text=_("Only where local rules set an earlier day than 31 March, as 02-20."),
    )
    basis = forms.CharField(label=_("Paper that sets these days"), required=False, max_length=300)
