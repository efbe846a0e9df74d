"""Forms of the acts in the course of a case: who handles it, searches, telephone talks, reasons and fees."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Person
from gongkai.applications.forms import FilesField, day, prose
from gongkai.rulebook.fees import FeeLadder

WHOLE = [("no", _("nothing was found")), ("yes", _("the information was found"))]
REACHED = [("yes", _("spoke with somebody")), ("no", _("not reached"))]


class AssignForm(forms.Form):
    """To whom a case is handed over. seen: the handler whom the page showed."""

    to = forms.ModelChoiceField(label=_("New handler"), queryset=Person.objects.none())
    reason = prose(_("Reason"), required=False, limit=500, help_text=_("For the file; it need not be given."))
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people


class SearchForm(forms.Form):
    """One search for the information."""

    where = prose(
        _("Where was searched"),
        rows=2,
        limit=2000,
        help_text=_("Archive, system, unit: as it may stand in the letter."),
    )
    keywords = forms.CharField(label=_("By which words or numbers"), max_length=500)
    period = forms.CharField(
        label=_("Of which years"), max_length=200, required=False, help_text=_("As 2018年至2020年.")
    )
    found = forms.ChoiceField(label=_("Result"), choices=WHOLE, widget=forms.RadioSelect, initial="no")
    result = prose(
        _("The result in words"),
        rows=2,
        limit=2000,
        help_text=_("It stands in letter 18 where nothing was found."),
    )
    searcher = forms.CharField(label=_("Who searched"), max_length=100)
    on = day(_("Searched on"))
    files = FilesField(
        label=_("Files"), required=False, help_text=_("Screen shots, lists, notes of the archive.")
    )


class CallForm(forms.Form):
    """A telephone talk, or an attempt."""

    on = day(_("Day"))
    at = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    number = forms.CharField(
        label=_("Number called"), max_length=40, help_text=_("Kept sealed; pages show it covered.")
    )
    reached = forms.ChoiceField(label=_("Reached"), choices=REACHED, widget=forms.RadioSelect, initial="yes")
    whom = forms.CharField(label=_("With whom"), max_length=100, required=False)
    said = prose(_("What was said"), required=False)


class AskReasonsForm(forms.Form):
    """Letter 5; the facts are counted, and may be completed."""

    facts = prose(
        _("Number and frequency of the applications"), help_text=_("Counted here; complete it where needed.")
    )
    until = day(_("Reasons to be given by"))


class ReceivedReasonsForm(forms.Form):
    """The reasons that the applicant gave."""

    on = day(_("Received on"))
    text = prose(_("The reasons"), required=False)
    files = FilesField(label=_("Files"), required=False)


class DelayForm(forms.Form):
    """A later day of art. 35, told to the applicant."""

    until = day(_("Answer by"))
    reason = prose(_("Why the reasons are reasonable and the term cannot be kept"), limit=1000)
    on = day(_("Told to the applicant on"))
    told = prose(
        _("How the applicant was told"),
        rows=2,
        limit=500,
        help_text=_("Way and proof: as by a letter handed over, with the signed copy in the file."),
    )


class TellThirdPartyForm(forms.Form):
    """Letter 10. objectors: the third parties whose objection is on file."""

    name = forms.ChoiceField(label=_("Third party"))
    content = prose(_("What is disclosed"))
    reasons = prose(_("Why: the public interest"))

    def __init__(self, *args: Any, objectors: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].choices = [(name, name) for name in objectors]


class FeeForm(forms.Form):
    """Letter 13. earlier: the items of the month that came before this case."""

    ladder = forms.ChoiceField(label=_("Charged"), choices=[(each.value, each.label) for each in FeeLadder])
    units = forms.IntegerField(label=_("Items or pages"), min_value=1, max_value=1_000_000, initial=1)
    already = forms.IntegerField(
        label=_("By items: earlier ones of this month"), min_value=0, max_value=1_000_000, required=False
    )
    payment = prose(_("Way of payment and account"))

    def __init__(self, *args: Any, earlier: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["already"].help_text = gettext("Empty: %(n)d, as counted here.") % {"n": earlier}
