"""Forms of the import of an old site: the file, which column is what, the cells of one row."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.disclosure.import_fields import FIELDS, NEEDED
from gongkai.disclosure.models import Column

LABELS = {
    "title": _("Title"),
    "published_on": _("Published on the former site on"),
    "address": _("Address on the former site"),
    "body": _("Text"),
    "text_file": _("File that holds the text"),
    "attachments": _("Attachments"),
    "summary": _("Summary"),
    "document_number": _("Document number"),
    "formed_on": _("Formed or obtained on"),
    "column": _("Column"),
    "source": _("Source"),
    "keywords": _("Keywords"),
    "theme": _("Theme"),
    "genre": _("Genre"),
}


class SendForm(forms.Form):
    """The file of an old site's items."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Agency"), empty_label=None)
    file = forms.FileField(
        label=_("List of items (.xlsx, .csv) or archive (.zip)"),
        help_text=_(
            "One row an item, in any order of columns; an archive holds the list with the files that its rows name, or "
            "Word, PDF and web pages alone. At most 20,000 rows and 200 MB."
        ),
    )

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies


class MappingForm(forms.Form):
    """Which column of the file is what; and the column for rows that name none of ours."""

    default_column = forms.ChoiceField(
        label=_("Column for rows that name none of ours"),
        required=False,
        help_text=_("Left empty, such rows stay out and say so."),
    )

    def __init__(self, *args: Any, heads: Sequence[str], guessed: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—")] + [(str(n), head or f"（{n + 1}）") for n, head in enumerate(heads)]
        for name in FIELDS:
            self.fields[name] = forms.ChoiceField(
                label=LABELS[name], choices=choices, required=False, initial=str(guessed.get(name, ""))
            )
            # Not required to look at the rows, but to read them.
            self.fields[name].needed = name in NEEDED
        self.order_fields([*FIELDS, "default_column"])
        columns = Column.objects.filter(active=True).exclude(board="reports")
        self.fields["default_column"].choices = [("", "—"), *((row.code, row.name) for row in columns)]

    def mapping(self) -> dict[str, int]:
        """Our field → number of the column, of a valid form."""
        return {name: int(self.cleaned_data[name]) for name in FIELDS if self.cleaned_data.get(name)}


class RowForm(forms.Form):
    """The cells of one row, each under the head of its column."""

    def __init__(self, *args: Any, heads: Sequence[str], cells: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, head in enumerate(heads):
            cell = cells[number] if number < len(cells) else ""
            tall = len(cell) > 80 or "\n" in cell
            self.fields[f"cell{number}"] = forms.CharField(
                label=head or f"（{number + 1}）",
                required=False,
                strip=True,
                initial=cell,
                widget=forms.Textarea(attrs={"rows": 4}) if tall else forms.TextInput(),
            )

    def cells(self) -> list[str]:
        """The cells as typed, in order."""
        return [self.cleaned_data[name] for name in self.fields]
