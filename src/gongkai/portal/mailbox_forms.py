"""Public forms of the mailbox."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.correspondence.intake import LONGEST
from gongkai.correspondence.models import Grade, Topic
from gongkai.correspondence.writer import PARTICULARS, Letter


class LetterForm(forms.Form):
    """A letter to the district mayor's mailbox; who writes is never kept in the browser."""

    agency = forms.ChoiceField(label=_("To which agency"), help_text=_("If in doubt, choose the first."))
    topic = forms.ChoiceField(label=_("What it is about"), choices=[("", "—"), *Topic.choices])
    subject = forms.CharField(label=_("Subject line"), max_length=LONGEST["subject"])
    text = forms.CharField(
        label=_("Your letter"),
        max_length=LONGEST["text"],
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Say what happened, where and when, and what you ask for."),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=LONGEST["name"],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=LONGEST["phone"],
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("Telephone or e-mail: one of them is enough."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=LONGEST["email"],
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=LONGEST["address"],
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    may_publish = forms.BooleanField(
        label=_("Question and answer may be published without my name and particulars"), required=False
    )

    def __init__(self, *args: Any, agencies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {str(agency.pk): agency for agency in agencies}
        self.fields["agency"].choices = [(pk, agency.name) for pk, agency in self.agencies.items()]
        for name in PARTICULARS:
            self.fields[name].widget.attrs["data-private"] = ""
        if len(agencies) == 1:
            self.fields["agency"].widget = forms.HiddenInput()
            self.fields["agency"].initial = str(agencies[0].pk)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("phone") and not said.get("email") and not self.errors.keys() & {"phone", "email"}:
            self.add_error("phone", _("Give a telephone number or an e-mail address for the answer."))
        return said

    def agency_chosen(self) -> Agency:
        """The agency written to."""
        return self.agencies[self.cleaned_data["agency"]]

    def letter(self) -> Letter:
        """What is sealed."""
        return Letter(**{name: self.cleaned_data[name] for name in LONGEST})


class GradeForm(forms.Form):
    """How content the writer is with the answer."""

    grade = forms.ChoiceField(
        label=_("How content are you with the answer?"), choices=Grade.choices, widget=forms.RadioSelect
    )
