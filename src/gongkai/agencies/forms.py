"""Forms of the administrators: people, appointments, the agency's profile, holiday notices."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person, Role

DAY = {"type": "date"}


class PersonForm(forms.ModelForm):
    """A new person."""

    class Meta:
        model = Person
        fields = ("name", "username", "agency", "position", "full_time", "joined_on")
        widgets = {"joined_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d")}


class AppointmentForm(forms.Form):
    """A proposed appointment."""

    agency = forms.ModelChoiceField(Agency.objects.all(), label=_("Agency"))
    role = forms.ChoiceField(choices=Role.choices, label=_("Role"))
    deputy = forms.BooleanField(label=_("As deputy (代), for an absence"), required=False)
    paper = forms.CharField(label=_("Paper of appointment"), max_length=200)
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    ends_on = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )


class EndForm(forms.Form):
    """The early end of an appointment."""

    on = forms.DateField(label=_("No longer from"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class AgencyForm(forms.ModelForm):
    """What the guide must say of an agency (art. 12), and what its letters need."""

    class Meta:
        model = Agency
        fields = (
            "name", "short_name", "document_mark", "disclosure_office", "address", "hours", "phone", "fax",
            "email", "postcode", "functions", "reconsideration_body", "superior_department", "court",
        )  # fmt: skip


class NoticeForm(forms.Form):
    """A holiday notice: one day a line."""

    year = forms.IntegerField(label=_("Year"), min_value=2019, max_value=2100)
    off = forms.CharField(
        label=_("Days off"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One day a line, as 2027-01-01."),
    )
    work = forms.CharField(
        label=_("Make-up working days"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    source = forms.CharField(label=_("Notice"), max_length=200, help_text=_("Its document number."))

    def lists(self) -> dict[str, Any]:
        """The two lists of ISO days as typed."""
        said = self.cleaned_data
        return {
            name: re.split(r"[\s,，、;；]+", said[name].strip()) if said[name].strip() else []
            for name in ("off", "work")
        }
