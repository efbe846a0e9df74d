"""What a request to amend a record asks for (art. 41), on the public page and in the register."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.applications import amendments, personal
from gongkai.applications.amendments import LIMITS, Wish
from gongkai.applications.forms import FilesField, prose
from gongkai.applications.request_forms import RegisterForm, RequestForm


class AmendmentFields(RequestForm):
    """In the place of what is wanted: which record, what is wrong in it, the evidence, how it should read.

    All of it tells of the applicant, so no browser keeps it.
    """

    title = number = description = form = None
    record = forms.CharField(
        label=_("Which record"),
        max_length=LIMITS["record"],
        required=False,
        help_text=_("About yourself, made or kept by this agency: its name, number, date or place."),
    )
    wrong = prose(_("What in it is not accurate"), required=False, limit=LIMITS["wrong"])
    proof = prose(
        _("Evidence of it"),
        required=False,
        limit=LIMITS["proof"],
        help_text=_("What shows it, word by word; or add the papers as files below (art. 41)."),
    )
    correction = prose(_("How it should read"), required=False, limit=LIMITS["correction"])

    way = forms.ChoiceField(
        label=_("How you want the answer"),
        choices=list(personal.WAYS.items()),
        initial="online",
        widget=forms.RadioSelect,
    )
    files = FilesField(
        label=_("Evidence as files"), required=False, help_text=_("At most ten, each up to 50 MB.")
    )

    WANTED = ("record", "wrong", "proof", "correction")
    ACCESS = ("way", "reading_help", "files")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.WANTED:
            self.fields[name].widget.attrs["data-private"] = ""

    def asked(self) -> amendments.Wish:
        """What is to be amended."""
        said = {name: self.cleaned_data[name] for name in self.WANTED}
        return Wish.of(**said, way=self.cleaned_data["way"])


class AmendmentRegisterForm(AmendmentFields, RegisterForm):
    """A request to amend a record that came to the office by another way than the public page."""
