"""Forms of the room; the public form builds on `RequestForm`."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.applications import personal, wording
from gongkai.applications.incoming import OPINIONS
from gongkai.applications.intake import Taken, Upload
from gongkai.applications.models import APPLICANT_KINDS, SubReason, ThirdPartyResult, Way
from gongkai.files import storage
from gongkai.rulebook.clock import EXTENSION_DAYS
from gongkai.rulebook.fees import FeeLadder
from gongkai.rulebook.outcomes import OUTCOMES
from gongkai.rulebook.receipt import Addressee, Arrival, Channel

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


class RequestForm(forms.Form):
    """An application of art. 29: who, what, in which form. Personal fields are never kept in the browser."""

    applicant_kind = forms.ChoiceField(
        label=_("Applicant"), choices=APPLICANT_KINDS, widget=forms.RadioSelect
    )
    name = forms.CharField(label=_("Name of the person or organisation"), max_length=100, required=False)
    representative = forms.CharField(
        label=_("Who acts for the organisation"),
        max_length=60,
        required=False,
        help_text=_("Only for organisations."),
    )
    identity = forms.ChoiceField(label=_("Identity document"), choices=list(personal.IDENTITIES.items()))
    identity_number = forms.CharField(label=_("Number of the document"), max_length=40, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=100, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=10, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    agent = forms.CharField(
        label=_("Agent, if somebody applies for you"),
        max_length=60,
        required=False,
        help_text=_("Add the power of attorney as a file."),
    )
    agent_identity_number = forms.CharField(
        label=_("The agent's identity number"), max_length=40, required=False
    )
    agent_phone = forms.CharField(label=_("The agent's telephone"), max_length=40, required=False)
    title = forms.CharField(label=_("Name of the information"), max_length=300, required=False)
    number = forms.CharField(label=_("Its document number"), max_length=100, required=False)
    description = prose(
        _("Or a description by which it can be found"),
        rows=5,
        required=False,
        help_text=_("As precisely as you can: what, from when, about which place or project."),
    )
    form = forms.ChoiceField(
        label=_("Form of the information"),
        choices=list(personal.FORMS.items()),
        initial="electronic",
        widget=forms.RadioSelect,
    )
    way = forms.ChoiceField(
        label=_("How you want to get it"),
        choices=list(personal.WAYS.items()),
        initial="online",
        widget=forms.RadioSelect,
    )
    reading_help = forms.BooleanField(
        label=_("I have difficulty reading, seeing or hearing and ask for help (art. 43)"), required=False
    )
    files = FilesField(label=_("Files"), required=False, help_text=_("At most ten, each up to 50 MB."))

    PERSON = (
        "applicant_kind",
        "name",
        "representative",
        "identity",
        "identity_number",
        "phone",
        "email",
        "postcode",
        "address",
        "agent",
        "agent_identity_number",
        "agent_phone",
    )
    WANTED = ("title", "number", "description")
    ACCESS = ("form", "way", "reading_help", "files")
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.PERSON:
            self.fields[name].widget.attrs["data-private"] = ""

    def taken(self) -> Taken:
        """The application as the use cases take it."""
        said = self.cleaned_data
        person = {name: said[name] for name in self.PERSON if name != "applicant_kind"}
        return Taken(
            said["applicant_kind"],
            personal.Person(**person),
            personal.Request(**{name: said[name] for name in (*self.WANTED, "form", "way")}),
            uploads(said["files"]),
            said["reading_help"],
        )

    def blame(self, problems: Mapping[str, str]) -> None:
        """Put what a use case found beside the fields."""
        for name, words in problems.items():
            self.add_error(name if name in self.fields else None, words)


class RegisterForm(RequestForm):
    """An application that came to the office by another way than the public page."""

    agency = forms.ModelChoiceField(label=_("Agency"), queryset=Agency.objects.none())
    channel = forms.ChoiceField(
        label=_("How it came in"),
        choices=[(c.value, c.label) for c in Channel if c is not Channel.WEB],
        widget=forms.RadioSelect,
    )
    arrived = day(_("Arrived on"))
    signed = day(
        _("Signed for on"), required=False, help_text=_("Registered mail: the day the mail room signed.")
    )
    confirmed = day(
        _("Confirmed with the applicant on"),
        required=False,
        help_text=_(
            "Ordinary mail, fax, e-mail: without it the application is registered and its term does not run."
        ),
    )
    addressee = forms.ChoiceField(
        label=_("Addressed to"),
        choices=[
            (Addressee.AGENCY.value, _("the agency or its disclosure office")),
            (Addressee.OTHER.value, _("another unit, or a person by name")),
        ],
        initial=Addressee.AGENCY.value,
    )
    read_back = forms.BooleanField(
        label=_("Oral: filled in by me, read back, and confirmed by the applicant"), required=False
    )

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies

    def arrival(self) -> Arrival:
        """What is recorded of the arrival."""
        said = self.cleaned_data
        return Arrival(said["arrived"], said["signed"], said["confirmed"], Addressee(said["addressee"]))


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


class ReasonsForm(forms.Form):
    facts = prose(_("Number and frequency of the applications"))
    until = day(_("Reasons to be given by"))


class DelayForm(forms.Form):
    until = day(_("Answer by"))
    reason = prose(_("Reason"))


class ConsultForm(forms.Form):
    name = forms.CharField(label=_("Whom"), max_length=100)
    information = prose(_("Information concerned"), help_text=_("Nothing that tells who applied."))


class AssistForm(forms.Form):
    name = forms.CharField(label=_("Which agency"), max_length=100)
    items = prose(_("What is asked of it"))


class TellThirdPartyForm(forms.Form):
    name = forms.CharField(label=_("Third party"), max_length=100)
    content = prose(_("What is disclosed"))
    reasons = prose(_("Why: the public interest"))


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


class FeeForm(forms.Form):
    ladder = forms.ChoiceField(label=_("Charged"), choices=[(each.value, each.label) for each in FeeLadder])
    units = forms.IntegerField(label=_("Items or pages"), min_value=1, max_value=1_000_000)
    already = forms.IntegerField(
        label=_("By items: earlier ones of this month"), min_value=0, max_value=1_000_000, initial=0
    )
    payment = prose(_("Way of payment and account"))


class PaidForm(forms.Form):
    on = day(_("Paid in full on"))
    receipt = forms.CharField(label=_("Number of the voucher"), max_length=60, required=False)


class WithdrawForm(forms.Form):
    on = day(_("Withdrawn on"))
    words = prose(_("How it came in"), help_text=_("Where the signed paper is."))


class ReasonForm(forms.Form):
    reason = prose(_("Reason"))


class NoteForm(forms.Form):
    text = prose(
        _("Note"), help_text=_("As of a search (where, which words, the result) or a telephone talk.")
    )
    files = FilesField(label=_("Files"), required=False)


class EmptyForm(forms.Form):
    """A confirmation without fields."""


class DecisionForm(forms.Form):
    """The outcome with what it needs."""

    outcome_key = forms.ChoiceField(label=_("Outcome"))
    sub_reason = forms.ChoiceField(label=_("Sub-reason"), required=False, help_text=_("Only for 其他处理."))
    third_party = forms.ChoiceField(
        label=_("The third party's opinion came to"), required=False, choices=BLANK + ThirdPartyResult.choices
    )
    facts = prose(_("Facts and reasons"), rows=5, help_text=_("They stand in the letter after “经审查，”."))
    law = forms.CharField(
        label=_("Article"), max_length=300, required=False, help_text=_("Empty: the article of the table.")
    )
    no_good_reason = forms.BooleanField(
        label=_("I find that the term was missed without good reason (art. 30)"), required=False
    )

    def __init__(self, *args: Any, steps: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome_key"].choices = BLANK + [
            (step.question, [(key, OUTCOMES[key].label) for key in step.exits])
            for step in steps
            if step.exits
        ]
        reasons = SubReason.objects.filter(active=True)
        self.fields["sub_reason"].choices = BLANK + [(row.key, row.label) for row in reasons]


class LetterForm(forms.Form):
    """What the handler writes in a letter: one field for each element that its kind must contain."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for element in wording.TEMPLATES[kind].written:
            self.fields[element.key] = prose(element.label, required=False, limit=20_000)

    def elements(self) -> dict[str, str]:
        """The texts by element key."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class EnclosureForm(forms.Form):
    enclosure = forms.FileField(label=_("File that goes out with the letter"))


class DispatchForm(forms.Form):
    way = forms.ChoiceField(label=_("How"), choices=Way.choices, widget=forms.RadioSelect)
    on = day(_("Handed over, posted or sent on"))
    tracking = forms.CharField(
        label=_("Tracking number"),
        max_length=40,
        required=False,
        help_text=_("By post: China Post or EMS only."),
    )


class ProofForm(forms.Form):
    on = day(_("Arrived on"))
    words = forms.CharField(label=_("Who signed, or how it is known"), max_length=200, required=False)
    paper = forms.FileField(label=_("Signed receipt, as a file"), required=False)
