"""What a person chooses on the page of their reminders."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.policy import Refused
from gongkai.workbench.gateways import LONGEST_ADDRESS, Gateway


class GatewaysForm(forms.Form):
    """One box for each gateway that the instance offers, with the address it asks for."""

    def __init__(self, *args: Any, gateways: dict[str, Gateway], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gateways = gateways
        for name, gateway in gateways.items():
            self.fields[f"use_{name}"] = forms.BooleanField(label=gateway.label, required=False)
            if gateway.address_label:
                self.fields[f"address_{name}"] = forms.CharField(
                    label=_("%(gateway)s: %(address)s")
                    % {"gateway": gateway.label, "address": gateway.address_label},
                    required=False,
                    max_length=LONGEST_ADDRESS,
                )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for name, gateway in self.gateways.items():
            field = f"address_{name}"
            if said.get(f"use_{name}") and field in said:
                try:
                    said[field] = gateway.cleaned(said[field])
                except Refused as refusal:
                    self.add_error(field, refusal.message)
        return said

    def wanted(self) -> dict[str, str]:
        """The gateways chosen, each with its address."""
        said = self.cleaned_data
        return {name: said.get(f"address_{name}", "") for name in self.gateways if said[f"use_{name}"]}
