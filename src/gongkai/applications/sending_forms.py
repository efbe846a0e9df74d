"""Forms of what happens to a letter beside its text: endorsing, stamping, sending, proof of service, closing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.applications import partial, sealing_register
from gongkai.applications.forms import day, prose
from gongkai.applications.models import Letter, Way


class EndorseForm(forms.Form):
    """The word of a countersigner or legal reviewer on the text shown."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    opinion = prose(
        _("Opinion"),
        required=False,
        limit=1000,
        help_text=_("Needed where you return the letter: what is to be changed."),
    )


class StampForm(forms.Form):
    """One use of the seal."""

    copies = forms.IntegerField(
        label=_("Copies stamped"), min_value=1, max_value=sealing_register.MOST_COPIES, initial=2,
        help_text=_("The applicant's and the one that stays in the file."),
    )  # fmt: skip
    approved_by = forms.ModelChoiceField(
        label=_("Use of the seal approved by"), queryset=None, empty_label=None
    )
    by = forms.ChoiceField(label=_("Means"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, letter: Letter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approved_by"].queryset = sealing_register.approvers(letter)
        self.fields["approved_by"].initial = sealing_register.approver_of(letter)
        self.fields["by"].choices = [(each.name, each.label) for each in sealing_register.means()]
        self.fields["by"].initial = sealing_register.STAMP


class DispatchForm(forms.Form):
    way = forms.ChoiceField(label=_("How"), choices=Way.choices, widget=forms.RadioSelect)
    on = day(_("Handed over, posted or sent on"))
    tracking = forms.CharField(
        label=_("Tracking number"),
        max_length=40,
        required=False,
        help_text=_("By post: China Post or EMS only."),
    )
    words = forms.CharField(
        label=_("Who signed, or what the log shows"),
        max_length=200,
        required=False,
        help_text=_("Not by post: its arrival is entered when the receipt comes back."),
    )
    paper = forms.FileField(label=_("Signed receipt, or a picture of the screen"), required=False)


class ProofForm(forms.Form):
    on = day(_("Arrived on"))
    words = forms.CharField(label=_("Who signed, or how it is known"), max_length=200, required=False)
    paper = forms.FileField(label=_("Signed receipt, as a file"), required=False)


class ReceiptForm(forms.Form):
    """A signed receipt that came back after the arrival was entered."""

    paper = forms.FileField(label=_("Signed receipt, as a file"))


class CloseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why there is no proof of service"),
        max_length=500,
        required=False,
        help_text=_("Leave empty where the signed receipt is on file."),
    )


class EnclosureForm(forms.Form):
    """A file of a letter. partly: of a partial disclosure, with the redacted copy and its original."""

    enclosure = forms.FileField(label=_("File that goes out with the letter"))
    purpose = forms.ChoiceField(
        label=_("What the file is"),
        required=False,
        choices=[
            (partial.REDACTED, _("redacted copy: goes out")),
            (partial.ORIGINAL, _("original of the redacted copy: stays closed")),
            (partial.ENCLOSURE, _("another enclosure: goes out")),
        ],
    )

    def __init__(self, *args: Any, partly: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not partly:
            del self.fields["purpose"]
