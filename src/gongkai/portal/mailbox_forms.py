"""Public forms of the mailbox."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.correspondence.intake import LONGEST
from gongkai.correspondence.models import Grade, Topic
from gongkai.correspondence.writer import Letter
from gongkai.portal.writers import WriterForm


class LetterForm(WriterForm):
    """A letter to the district mayor's mailbox; who writes is never kept in the browser."""

    field_order = ("agency", "topic", "subject", "text")

    agency = forms.ChoiceField(label=_("To which agency"), help_text=_("If in doubt, choose the first."))
    topic = forms.ChoiceField(label=_("What it is about"), choices=[("", "—"), *Topic.choices])
    subject = forms.CharField(label=_("Subject line"), max_length=LONGEST["subject"])
    text = forms.CharField(
        label=_("Your letter"),
        max_length=LONGEST["text"],
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Say what happened, where and when, and what you ask for."),
    )
    may_publish = forms.BooleanField(
        label=_("Question and answer may be published without my name and particulars"), required=False
    )

    def __init__(self, *args: Any, agencies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {str(agency.pk): agency for agency in agencies}
        self.fields["agency"].choices = [(pk, agency.name) for pk, agency in self.agencies.items()]
        if len(agencies) == 1:
            self.fields["agency"].widget = forms.HiddenInput()
            self.fields["agency"].initial = str(agencies[0].pk)

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
