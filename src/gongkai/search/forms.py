"""The form of a group of synonyms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.policy import Refused
from gongkai.search import editing


class SynonymForm(forms.Form):
    """Terms, one a line, with the reason."""

    terms = forms.CharField(
        label=_("Terms that mean the same"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line. Who searches for one of them finds the others too."),
    )
    why = forms.CharField(
        label=_("Reason"),
        max_length=editing.LONGEST_WHY,
        help_text=_("As “short form” or the document that brought the new word."),
    )
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def clean_terms(self) -> list[str]:
        try:
            return editing.terms_of(self.cleaned_data["terms"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from None

    def clean(self) -> dict[str, Any]:
        return super().clean() or {}
