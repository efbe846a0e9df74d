"""Forms of the words that letters begin with: an agency's own wording, and the table of sub-reasons."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.applications import sub_reasons, wording
from gongkai.applications.forms import prose
from gongkai.rulebook.letters import LETTER_KINDS


class WordingForm(forms.Form):
    """The paragraphs of a letter, one a line, and what each element begins with."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    paragraphs = prose(
        _("Paragraphs"),
        rows=14,
        limit=40_000,
        help_text=_("One paragraph a line; elements in braces, as {law}."),
    )

    def __init__(self, *args: Any, kind: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.written = wording.TEMPLATES[kind].written
        for element in self.written:
            self.fields[element.key] = prose(element.label, rows=2, required=False, limit=2000)
        self.fields["reason"] = forms.CharField(label=_("Why it changes"), max_length=200)

    def lines(self) -> list[str]:
        """The paragraphs."""
        return [line for line in self.cleaned_data["paragraphs"].splitlines() if line.strip()]

    def texts(self) -> dict[str, str]:
        """What the elements begin with, by key."""
        return {each.key: self.cleaned_data[each.key] for each in self.written}

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The fields as form.html groups them."""
        return [
            {"legend": _("Text of the letter"), "fields": [self["paragraphs"]]},
            {
                "legend": _("What the elements begin with"),
                "fields": [self[each.key] for each in self.written],
            },
            {"legend": _("The change"), "fields": [self["reason"]]},
        ]


class RestoreForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why it changes"), max_length=200)


class SubReasonForm(forms.Form):
    """One row of the table of sub-reasons."""

    label = forms.CharField(label=_("Sub-reason"), max_length=100)
    letter = forms.TypedChoiceField(
        label=_("Letter"),
        coerce=int,
        choices=[(number, f"{number} {LETTER_KINDS[number].title}") for number in sub_reasons.LETTERS],
        initial=35,
    )
    remedy = forms.BooleanField(label=_("The letter tells of remedies"), required=False, initial=True)
    law = forms.CharField(
        label=_("Article"),
        max_length=200,
        required=False,
        help_text=_("What the letter begins with; the handler may change it."),
    )
    conclusion = prose(_("Conclusion"), rows=2, required=False, limit=300)
    active = forms.BooleanField(
        label=_("In use"),
        required=False,
        initial=True,
        help_text=_("Retired sub-reasons stay with the cases that have them and are offered no more."),
    )
