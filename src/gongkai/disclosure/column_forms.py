"""Forms of the catalogue's administration: columns, key fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.disclosure import key_fields
from gongkai.disclosure.column_state import FIELDS
from gongkai.disclosure.models import Column, KeyField
from gongkai.rulebook import catalogue

SPARE = 4


class ColumnForm(forms.ModelForm):
    """A column as it is. Its code stays: addresses and records bear it."""

    class Meta:
        model = Column
        fields = FIELDS
        help_texts = {
            "description": _("Stands in the tags of the page; required by the rules for government sites."),
            "keywords": _("Divided by semicolons; stand in the tags of the page."),
            "article": _("The article that this column answers."),
            "agency": _("Who keeps it up to date."),
            "active": _("What is not in use has no page; a column with public items stays in use."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("description", "keywords"):
            self.fields[name].required = True


class NewColumnForm(ColumnForm):
    """A new column with its code and board."""

    class Meta(ColumnForm.Meta):
        fields = ("code", "board", *FIELDS)
        help_texts = ColumnForm.Meta.help_texts | {
            "code": _("Letters, digits and hyphens; stands in the address and never changes.")
        }

    board = forms.ChoiceField(
        label=_("Board"),
        choices=[(entry.code, entry.label) for entry in catalogue.BOARDS if entry.code != "reports"],
    )

    def clean_code(self) -> str:
        """No code that is an address of the administration already."""
        code = str(self.cleaned_data["code"]).lower()
        if code in ("new", "key"):
            raise forms.ValidationError(_("This code is taken by a page: choose another."))
        return code


class KeyFieldsForm(forms.Form):
    """What the home page puts forward: for each line its group and where it leads; an empty line is left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = list(KeyField.objects.select_related("column", "field"))
        choices = [("", "—"), *key_fields.targets()]
        self.lines = min(len(held) + SPARE, key_fields.MOST)
        for number in range(self.lines):
            row = held[number] if number < len(held) else None
            self.fields[f"group_{number}"] = forms.CharField(
                label=_("Group"), max_length=40, required=False, initial=row.group if row else ""
            )
            self.fields[f"target_{number}"] = forms.ChoiceField(
                label=_("Where it leads"), choices=choices, required=False, initial=_target(row)
            )

    def sections(self) -> list[dict[str, Any]]:
        """Each line as a fieldset."""
        return [
            {
                "legend": _("Line %(n)d") % {"n": number + 1},
                "fields": [self[f"group_{number}"], self[f"target_{number}"]],
            }
            for number in range(self.lines)
        ]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        for number in range(self.lines):
            if said.get(f"target_{number}") and not str(said.get(f"group_{number}", "")).strip():
                self.add_error(f"group_{number}", _("Name the group of this line."))
        return said

    def rows(self) -> list[tuple[str, str]]:
        """(group, target) of the lines that are filled in."""
        said = self.cleaned_data
        return [
            (said[f"group_{number}"].strip(), said[f"target_{number}"])
            for number in range(self.lines)
            if said.get(f"target_{number}")
        ]


def _target(row: KeyField | None) -> str:
    if row is None:
        return ""
    if row.column:
        return f"column:{row.column.code}"
    return f"field:{row.field.code}" if row.field else f"page:{row.page}"
