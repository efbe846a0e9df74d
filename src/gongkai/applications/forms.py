"""Forms of the acts on a case and of its letters; what comes in has its own (request_forms.py)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.applications import wording
from gongkai.applications.consultations import OPINIONS
from gongkai.applications.intake import Upload
from gongkai.files import storage
from gongkai.rulebook.clock import EXTENSION_DAYS
from gongkai.rulebook.letters import LETTER_KINDS

BLANK = [("", "—")]


def day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A day, typed or picked."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def prose(
    label: Any, *, rows: int = 3, required: bool = True, limit: int = 5000, help_text: Any = ""
) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=limit,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        single = super().clean
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [single(entry, initial) for entry in given]


def uploads(given: Sequence[Any]) -> tuple[Upload, ...]:
    """Uploaded files as the use cases take them; what is over the limit is read no further."""
    return tuple(Upload(file.name, file.read(storage.LARGEST + 1)) for file in given)


class ConfirmForm(forms.Form):
    on = day(_("Signed for, or confirmed with the applicant, on"))


class CorrectionForm(forms.Form):
    unclear = prose(_("What is unclear"))
    items = prose(_("What is to be completed"))
    guidance = prose(_("Guidance"), required=False, help_text=_("Empty: the usual explanation of art. 29."))
    until = day(_("To be completed by"))


class ReceivedForm(forms.Form):
    on = day(_("Received on"))
    text = prose(_("What was received"), required=False)
    files = FilesField(label=_("Files"), required=False)


class ConsultForm(forms.Form):
    name = forms.CharField(label=_("Whom"), max_length=100)
    information = prose(_("Information concerned"), help_text=_("Nothing that tells who applied."))


class AssistForm(forms.Form):
    name = forms.CharField(label=_("Which agency"), max_length=100)
    items = prose(_("What is asked of it"))
    until = day(_("To be answered by"), help_text=_("Its time is not counted, but the letter names a day."))


class OpinionForm(forms.Form):
    """The answer of one that was asked."""

    ref = forms.ChoiceField(label=_("Of whom"))
    on = day(_("Received on"))
    opinion = forms.ChoiceField(label=_("Opinion"), choices=list(OPINIONS.items()), widget=forms.RadioSelect)
    text = prose(_("Its reasons"), required=False)
    files = FilesField(label=_("Files"), required=False)

    def __init__(self, *args: Any, asked: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ref"].choices = asked


class ApproveExtensionForm(forms.Form):
    working_days = forms.IntegerField(
        label=_("Working days"), min_value=1, max_value=EXTENSION_DAYS, initial=EXTENSION_DAYS
    )
    reason = prose(_("Reason"), limit=300, help_text=_("It stands in the notice after “因”."))


class PaidForm(forms.Form):
    on = day(_("Paid in full on"))
    receipt = forms.CharField(label=_("Number of the voucher"), max_length=60, required=False)


class WithdrawForm(forms.Form):
    on = day(_("Withdrawn on"))
    words = prose(_("How it came in"), help_text=_("Where the signed paper is."))


class ReasonForm(forms.Form):
    reason = prose(_("Reason"))


class NoteForm(forms.Form):
    text = prose(_("Note"), help_text=_("Searches and telephone talks have pages of their own."))
    files = FilesField(label=_("Files"), required=False)


class EmptyForm(forms.Form):
    """A confirmation without fields."""


class LetterForm(forms.Form):
    """What the handler writes in a letter: one field for each element that its kind must contain."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        always = LETTER_KINDS[kind].required()
        for element in wording.TEMPLATES[kind].written:
            self.fields[element.key] = prose(element.label, required=False, limit=20_000)
            # A draft may be saved without it, but it is not submitted so.
            self.fields[element.key].needed = element in always

    def elements(self) -> dict[str, str]:
        """The texts by element key."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
