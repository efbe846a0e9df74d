"""Public forms of the applications for information."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.applications.forms import RequestForm


class ApplyForm(RequestForm):
    """The application of art. 29 on one page: to whom, who, what, in which form."""

    submission = None
    agency = forms.ChoiceField(
        label=_("Agency you apply to"),
        help_text=_("The agency that made or keeps the information. If in doubt, choose the first."),
    )
    field_order = ("agency",)

    AUTOCOMPLETE = {
        "name": "name",
        "phone": "tel",
        "email": "email",
        "postcode": "postal-code",
        "address": "street-address",
    }

    def __init__(self, *args: Any, agencies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {str(agency.pk): agency for agency in agencies}
        self.fields["agency"].choices = [(pk, agency.name) for pk, agency in self.agencies.items()]
        # Asked of everybody on this page; a letter that lacks them is completed by a correction instead.
        for name in ("name", "identity_number"):
            self.fields[name].required = True
        for name, token in self.AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = token

    def sections(self) -> list[dict[str, Any]]:
        """The four steps as {id, label, words, fields}."""
        return [
            {
                "id": "step-agency",
                "label": _("Agency and applicant"),
                "words": _("Who asks (申请人), and whom. Only those who handle your case read this."),
                "fields": [self[name] for name in ("agency", *self.PERSON[:5])],
            },
            {
                "id": "step-contact",
                "label": _("How to reach you"),
                "words": _("Telephone or e-mail (联系方式); an address if the answer is to come by post."),
                "fields": [self[name] for name in self.PERSON[5:]],
            },
            {
                "id": "step-wanted",
                "label": _("What you want to know"),
                "words": _(
                    "Its name, its number, or a description (名称、文号或者便于查询的其他特征性描述)."
                ),
                "fields": [self[name] for name in self.WANTED],
            },
            {
                "id": "step-access",
                "label": _("How you want to get it"),
                "words": _("Form and way of access (获取信息的方式、途径)."),
                "fields": [self[name] for name in self.ACCESS],
            },
        ]

    def agency_chosen(self) -> Agency:
        """The agency applied to."""
        return self.agencies[self.cleaned_data["agency"]]


class TrackForm(forms.Form):
    """Registration number and query code of the receipt."""

    number = forms.CharField(
        label=_("Registration number"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    code = forms.CharField(
        label=_("Query code"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
