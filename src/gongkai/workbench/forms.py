"""Set-up of an empty instance."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import ADMINISTRATORS, Role
from gongkai.agencies.setup import FirstAdministrator


class SetUpForm(forms.Form):
    """The one-time code, the agency, and the three administrators."""

    code = forms.CharField(label=_("One-time code"), help_text=_("Printed by “gongkai init”."))
    agency_name = forms.CharField(label=_("Full name of the agency"), max_length=100)
    agency_code = forms.CharField(
        label=_("Code of the agency"), max_length=30, help_text=_("The first part of every index number.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in ADMINISTRATORS:
            label = Role(role).label
            self.fields[f"{role}_name"] = forms.CharField(
                label=_("%(role)s: name") % {"role": label}, max_length=60
            )
            self.fields[f"{role}_username"] = forms.CharField(
                label=_("%(role)s: log-in name") % {"role": label}, max_length=60
            )
            self.fields[f"{role}_password"] = forms.CharField(
                label=_("%(role)s: password") % {"role": label},
                widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"}),
                help_text=_("At least 10 characters, not only digits."),
            )

    def three(self) -> list[FirstAdministrator]:
        """The administrators as typed."""
        said = self.cleaned_data
        return [
            FirstAdministrator(role, said[f"{role}_username"], said[f"{role}_name"], said[f"{role}_password"])
            for role in ADMINISTRATORS
        ]
