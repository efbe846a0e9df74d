"""Forms of a case."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.applications.models import Application
from gongkai.remedies import cases, results
from gongkai.remedies.models import Remedy

BLANK = [("", "—")]


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


class VersionForm(forms.Form):
    """A form that knows which state of the case the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class DetailsForm(forms.Form):
    """What the register says of a case and may change later."""

    subject = forms.CharField(
        label=_("Cause of action"),
        max_length=300,
        help_text=_("Without names: who applied stands in the application."),
    )
    body = forms.CharField(label=_("Reconsideration body or court"), max_length=100, required=False)
    case_number = forms.CharField(label=_("Case number"), max_length=80, required=False)
    procedure = forms.ChoiceField(label=_("Procedure"), choices=Remedy.Procedure.choices)
    copy_received_on = day_field(
        _("Copy of the application or complaint received on"),
        required=False,
        help_text=_("The term of the answer runs from this day; empty: the day the case was received."),
    )
    term_given = day_field(_("Answer due by the notice"), required=False)
    handler = forms.ModelChoiceField(Person.objects.none(), label=_("Handler"), required=False)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handler"].queryset = cases.handlers(agency)  # type: ignore[attr-defined]


class RegisterForm(DetailsForm):
    """A new case."""

    kind = forms.ChoiceField(label=_("Kind"), choices=BLANK + list(Remedy.Kind.choices))
    received_on = day_field(_("Case received on"))
    application = forms.CharField(
        label=_("Registration number of the application"), max_length=80, required=False
    )
    earlier = forms.ModelChoiceField(
        Remedy.objects.none(), label=_("Reconsideration before it"), required=False
    )
    field_order = ("kind", "subject", "application", "earlier", "received_on", "copy_received_on")

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, agency=agency, **kwargs)
        self.agency = agency
        before = Remedy.objects.filter(agency=agency, kind=Remedy.Kind.RECONSIDERATION)
        self.fields["earlier"].queryset = before  # type: ignore[attr-defined]

    def clean_application(self) -> Application | None:
        number = self.cleaned_data["application"].strip()
        if not number:
            return None
        found = Application.objects.filter(agency=self.agency, number=number).first()
        if found is None:
            raise forms.ValidationError(_("This agency has no application of that number."))
        return found


class ChangeForm(DetailsForm, VersionForm):
    """Changing a pending case."""


class AnswerForm(VersionForm):
    """The reply or the defence was handed in."""

    on = day_field(_("Handed in on"))
    paper = forms.CharField(label=_("Document number"), max_length=200, required=False)


class DecisionForm(VersionForm):
    """The decision or judgment."""

    on = day_field(_("Day of the decision"))
    detail = forms.ChoiceField(label=_("Result"))
    paper = forms.CharField(label=_("Decision or judgment"), max_length=200, required=False)
    served_on = day_field(_("Received by the agency on"), required=False)
    redo = forms.BooleanField(label=_("It orders the agency to answer anew"), required=False)
    redo_due_on = day_field(
        _("Answer anew by"),
        required=False,
        help_text=_("The term the decision sets; empty: 20 working days from its receipt."),
    )
    note = forms.CharField(
        label=_("Remark"), max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, proceeding: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = results.results(proceeding, today)
        self.fields["detail"].choices = BLANK + [(each.code, each.label) for each in found]  # type: ignore[attr-defined]


class AppealForm(VersionForm):
    """The judgment was appealed against."""

    on = day_field(_("Appealed on"))
    note = forms.CharField(label=_("Remark"), max_length=5_000, required=False)


class OpinionForm(VersionForm):
    """An opinion of the reconsideration body came, or was reported on."""

    on = day_field(_("Day of receipt, or of the report"))
    paper = forms.CharField(label=_("Paper and its number"), max_length=200, required=False)
    note = forms.CharField(
        label=_("Remark"), max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class RedoForm(VersionForm):
    """The agency answered anew."""

    on = day_field(_("Answered anew on"))
    paper = forms.CharField(label=_("By which letter"), max_length=200)


class StrikeForm(VersionForm):
    """An event was entered by mistake."""

    reason = forms.CharField(
        label=_("Why it is struck out"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class FileForm(forms.Form):
    """A paper of the case."""

    paper = forms.FileField(label=_("File"))
