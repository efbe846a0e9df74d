"""Forms of the archive."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Person
from gongkai.files.archives import packages
from gongkai.files.models import Appraisal, Filing

PERIODS = (0, 30, 10)


class FileForm(forms.Form):
    """For how long a subject is kept; the agency's setting comes first."""

    years = forms.TypedChoiceField(label=_("Retention period"), coerce=int)

    def __init__(self, *args: Any, standard: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = dict.fromkeys((standard, *PERIODS))
        self.fields["years"].choices = [(each, packages.period(each)) for each in years]  # type: ignore[attr-defined]
        self.fields["years"].initial = standard


class FilingChoice(forms.ModelMultipleChoiceField):
    """Files, each by number and title."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, filing: Filing) -> str:  # type: ignore[override]
        return f"{filing.number}　{filing.title}（{packages.period(filing.years)}）"


class AppraisalForm(forms.Form):
    """What the panel found."""

    filings = FilingChoice(Filing.objects.none(), label=_("Files examined"))
    result = forms.ChoiceField(label=_("Result"), choices=Appraisal.Result.choices)
    opinion = forms.CharField(
        label=_("Opinion of the panel"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    until = forms.DateField(
        label=_("Keep until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Where they are kept longer: the day from which they are examined again."),
    )
    receiver = forms.CharField(
        label=_("Archives that took them over"),
        max_length=100,
        required=False,
        help_text=_("Where they were handed over."),
    )
    receipt = forms.CharField(
        label=_("Number of the receipt"),
        max_length=100,
        required=False,
        help_text=_("Of the list of hand-over, as the archives signed it."),
    )

    def __init__(self, *args: Any, filings: QuerySet[Filing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["filings"].queryset = filings  # type: ignore[attr-defined]


class WordForm(forms.Form):
    """Agreeing or not, with an opinion."""

    agreed = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("agree")), ("no", _("do not agree"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(
        label=_("Opinion"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where you do not agree."),
    )


class ListForm(forms.Form):
    """What a list of destruction names, and who witnesses it."""

    filings = FilingChoice(Filing.objects.none(), label=_("Files to be destroyed"))
    witness = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Witness"),
        help_text=_("Another member of the staff, who is present and confirms it."),
    )

    def __init__(
        self, *args: Any, filings: QuerySet[Filing], people: QuerySet[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["filings"].queryset = filings  # type: ignore[attr-defined]
        self.fields["witness"].queryset = people  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a list is given up."""

    opinion = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class PackageForm(forms.Form):
    """A package to be checked."""

    package = forms.FileField(label=_("Archive package"))
