"""Forms of the ledger, built from the schema of a kind."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.supervision import entries
from gongkai.supervision.definition import LARGEST, Definition, Field, Move
from gongkai.supervision.models import Attendance, Entry

BLANK = [("", "—")]
PARENTS_SHOWN = 300


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _day(field: Field, **common: Any) -> forms.Field:
    return forms.DateField(widget=day_input(), **common)


def _number(field: Field, **common: Any) -> forms.Field:
    return forms.DecimalField(min_value=0, decimal_places=4, max_digits=16, **common)


def form_field(field: Field, agency: Agency) -> forms.Field:
    """The form field of a schema field. The use case checks the values; this gives them their look."""
    common: dict[str, Any] = {
        "label": field.label,
        "required": field.required,
        "help_text": field.help,
        "initial": field.default or None,
    }
    if field.type == "date":
        return _day(field, **common)
    if field.type == "number":
        return _number(field, **common)
    if field.type == "choice":
        return forms.ChoiceField(choices=BLANK + [tuple(pair) for pair in field.choices], **common)
    if field.type == "person":
        return forms.ModelChoiceField(Person.objects.filter(agency=agency), **common)
    if field.type == "people":
        return forms.ModelMultipleChoiceField(
            Person.objects.filter(agency=agency), widget=forms.CheckboxSelectMultiple, **common
        )
    if field.type == "agency":
        return forms.ModelChoiceField(Agency.objects.all(), **common)
    if field.type == "url":
        return forms.URLField(assume_scheme="https", max_length=500, **common)
    if field.type == "private":
        common["help_text"] = field.help or _("Kept sealed; left empty, what is there stays.")
        return forms.CharField(
            max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}), **common
        )
    widget = forms.Textarea(attrs={"rows": 4}) if field.type == "longtext" else forms.TextInput()
    return forms.CharField(max_length=20_000 if field.type == "longtext" else 300, widget=widget, **common)


def initial_of(fields: Iterable[Field], entry: Entry) -> dict[str, Any]:
    """What the form shows of an entry: everything but private fields."""
    return {
        field.name: entry.fields.get(field.name)
        for field in fields
        if field.type != "private" and entry.fields.get(field.name)
    }


class SchemaForm(forms.Form):
    """A form with the fields of a schema among its own."""

    schema: tuple[Field, ...] = ()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def add_schema(self, fields: Iterable[Field], agency: Agency, *, editing: bool = False) -> None:
        self.schema = tuple(fields)
        for field in self.schema:
            self.fields[field.name] = form_field(field, agency)
            if editing and field.type == "private":
                self.fields[field.name].required = False

    def said(self) -> dict[str, Any]:
        """The values of the schema's fields, as the use case takes them."""
        return {field.name: self._plain(field) for field in self.schema}

    def _plain(self, field: Field) -> Any:
        value = self.cleaned_data.get(field.name)
        if field.type == "people":
            return [str(person.pk) for person in value or ()]
        if isinstance(value, Person | Agency):
            return str(value.pk)
        return value.isoformat() if isinstance(value, date) else value

    def blame(self, problems: dict[str, str]) -> None:
        """Show what the use case found beside each field."""
        for name, words in problems.items():
            self.add_error(name if name in self.fields else None, words)


class EntryForm(SchemaForm):
    """Opening or changing an entry."""

    subject = forms.CharField(label=_("Subject"), max_length=300)
    parent = forms.ModelChoiceField(Entry.objects.none(), label=_("Belongs to"), required=False)
    responsible = forms.ModelChoiceField(Person.objects.none(), label=_("Responsible person"), required=False)
    occurred_on = forms.DateField(label=_("Day"), widget=day_input())
    due_on = forms.DateField(label=_("Due"), required=False, widget=day_input())
    year = forms.IntegerField(label=_("Year it is about"), min_value=2000, max_value=2099)
    period = forms.ChoiceField(label=_("Period"), choices=Entry.Period.choices, required=False)

    def __init__(
        self,
        *args: Any,
        kind: Definition,
        agency: Agency,
        parents: Any,
        entry: Entry | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"].queryset = _with(entries.responsible_choices(agency), entry)  # type: ignore[attr-defined]
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]
        if kind.day_label:
            self.fields["occurred_on"].label = kind.day_label
        for name, presence in (
            ("due_on", kind.due),
            ("responsible", kind.responsible),
            ("parent", kind.parent),
        ):
            if presence == "none":
                del self.fields[name]
            else:
                self.fields[name].required = presence == "required"
        if not kind.periodic:
            del self.fields["period"]
        self.add_schema(kind.form_fields, agency, editing=entry is not None)

    def base(self) -> dict[str, Any]:
        """The values that every kind has."""
        own = {field.name for field in self.schema} | {"version"}
        return {name: value for name, value in self.cleaned_data.items() if name not in own}


def _with(people: Any, entry: Entry | None) -> Any:
    """The choices, and who is responsible already though no longer appointed."""
    if entry is None or entry.responsible_id is None:
        return people
    return Person.objects.filter(pk__in=[*people.values_list("pk", flat=True), entry.responsible_id])


class MoveForm(SchemaForm):
    """Taking a step: its day, and what the step asks for."""

    on = forms.DateField(label=_("On"), widget=day_input())
    outcome = forms.CharField(
        label=_("Outcome"), required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    note = forms.CharField(
        label=_("Reason or note"), required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, move: Move, kind: Definition, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].required = "outcome" in move.needs
        self.fields["note"].required = "note" in move.needs
        if "outcome" not in move.needs:
            del self.fields["outcome"]
        self.add_schema([kind.field(name) for name in move.asks], agency)


class NoteForm(forms.Form):
    """Progress in words."""

    text = forms.CharField(
        label=_("What has been done"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class EvidenceForm(forms.Form):
    """A file that proves something."""

    evidence = forms.FileField(label=_("Evidence file"))


class AgencyForm(forms.Form):
    """Which agency the entry is about."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Agency"))

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]


class AttendanceForm(forms.Form):
    """The register of one session: presence, hours and score of everyone on the staff that day."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, people: Iterable[Person], standing: dict[Any, Attendance], hours: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = list(people)
        for person in self.people:
            row = standing.get(person.pk)
            key = person.pk.hex
            presence = forms.ChoiceField(
                label=_("Presence of %(name)s") % {"name": person.name},
                choices=BLANK + list(Attendance.Presence.choices),
                required=False,
                initial=row.presence if row else "",
            )
            span = forms.DecimalField(
                label=_("Hours of %(name)s") % {"name": person.name},
                min_value=0,
                max_value=24,
                decimal_places=1,
                required=False,
                initial=row.hours if row else hours,
            )
            score = forms.DecimalField(
                label=_("Score of %(name)s") % {"name": person.name},
                min_value=0,
                max_value=100,
                decimal_places=1,
                required=False,
                initial=row.score if row else None,
            )
            self.fields |= {f"p_{key}": presence, f"h_{key}": span, f"s_{key}": score}

    def lines(self) -> list[dict[str, Any]]:
        """Per person: the three bound fields."""
        return [
            {
                "person": person,
                "presence": self[f"p_{person.pk.hex}"],
                "hours": self[f"h_{person.pk.hex}"],
                "score": self[f"s_{person.pk.hex}"],
            }
            for person in self.people
        ]


class KindForm(forms.Form):
    """The definition of a kind as JSON."""

    definition = forms.CharField(
        label=_("Definition (JSON)"),
        max_length=LARGEST * 2,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false"}),
    )
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def clean_definition(self) -> Any:
        try:
            return json.loads(self.cleaned_data["definition"])
        except ValueError as error:
            line = getattr(error, "lineno", 1)
            raise forms.ValidationError(
                _("This is not JSON: look at line %(line)d.") % {"line": line}
            ) from None
        except RecursionError:
            raise forms.ValidationError(_("The definition is nested too deep.")) from None
