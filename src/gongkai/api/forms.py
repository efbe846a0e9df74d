"""Forms of the administrators for integrations."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Person
from gongkai.api.integrations import LEAST_PER_MINUTE, MOST_PER_MINUTE
from gongkai.api.models import Scope


class IntegrationForm(forms.Form):
    """A program that is to call."""

    name = forms.CharField(label=_("Name of the program"), max_length=30)
    purpose = forms.CharField(label=_("What it is for"), max_length=200)
    contact = forms.CharField(
        label=_("Who answers for it"), max_length=100, help_text=_("Name, unit and telephone.")
    )
    agency = forms.ModelChoiceField(Agency.objects.all(), label=_("Agency"))
    person = forms.ModelChoiceField(
        Person.objects.filter(is_active=True),
        label=_("Acts for"),
        help_text=_(
            "Somebody appointed in this agency; the program never has more rights than this person there."
        ),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    expires_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Within two years; after it no call is answered."),
    )
    networks = forms.CharField(
        label=_("From which networks"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, as 10.1.2.3 or 10.1.0.0/16; empty: from anywhere."),
    )
    per_minute = forms.IntegerField(
        label=_("Calls a minute"), min_value=LEAST_PER_MINUTE, max_value=MOST_PER_MINUTE, initial=120
    )

    def said(self) -> dict[str, Any]:
        """What was entered, as the use case takes it."""
        given = dict(self.cleaned_data)
        given["networks"] = [each for each in re.split(r"[\s,，、;；]+", given["networks"]) if each]
        return given


class RevokeForm(forms.Form):
    """The end of an integration."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
