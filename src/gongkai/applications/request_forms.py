"""The forms by which an application comes in: what the public page and the register share, and the register's."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.applications import identities, personal, wanted
from gongkai.applications.forms import FilesField, day, prose, uploads
from gongkai.applications.intake import FILES, Taken, Upload
from gongkai.applications.models import APPLICANT_KINDS
from gongkai.applications.personal import MOST_APPLICANTS, Party
from gongkai.files import storage
from gongkai.rulebook.receipt import Addressee, Arrival, Channel

IDENTITIES = list(personal.IDENTITIES.items())
# All files of one application, so that a server reads no more into its memory.
LARGEST_TOGETHER = 2 * storage.LARGEST
NAMED = "named"


class NumberField(forms.CharField):
    """The number of an identity document, kept half width and without spaces."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=identities.LONGEST, required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return identities.folded(super().to_python(value))


class DocumentField(forms.ChoiceField):
    """The kind of an identity document; the first where nothing was chosen, which matters only with a number."""

    needed = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=IDENTITIES, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        return super().clean(value) or IDENTITIES[0][0]


def _text(label: Any, limit: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, required=False, **more)


class RequestForm(forms.Form):
    """An application of art. 29: who, what, in which form. Personal fields are never kept in the browser.

    others: how many further applicants the form shows; it is typed along, so that no script is needed.
    """

    applicant_kind = forms.ChoiceField(
        label=_("Applicant"),
        choices=APPLICANT_KINDS,
        widget=forms.RadioSelect,
        help_text=_(
            "Whose application it is counts, never the agent: a lawyer who asks in their own name is a natural person."
        ),
    )
    name = _text(_("Name of the person or organisation"), 100)
    identity = DocumentField(label=_("Identity document"))
    identity_number = NumberField(
        label=_("Number of the document"),
        help_text=_("Of another document: what it is, and its number."),
    )
    representative = _text(_("Who acts for the organisation"), 60)
    representative_identity = DocumentField(label=_("Their identity document"))
    representative_identity_number = NumberField(label=_("Number of their document"))
    phone = _text(_("Telephone"), 40)
    email = forms.EmailField(label=_("E-mail"), max_length=100, required=False)
    postcode = _text(_("Postcode"), 10)
    address = _text(_("Address"), 200)
    agent = _text(_("Agent, if somebody applies for you"), 60)
    agent_identity = DocumentField(label=_("The agent's identity document"))
    agent_identity_number = NumberField(label=_("The agent's identity number"))
    agent_phone = _text(_("The agent's telephone"), 40)
    authority = forms.FileField(label=_("Power of attorney (授权委托书), as a file"), required=False)
    title = _text(_("Name of the information"), 300)
    number = _text(_("Its document number"), 100)
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
    submission = forms.UUIDField(widget=forms.HiddenInput)

    WHO = ("applicant_kind", "name", "identity", "identity_number")
    ACTING = ("representative", "representative_identity", "representative_identity_number")
    CONTACT = ("phone", "email", "postcode", "address")
    AGENT = ("agent", "agent_identity", "agent_identity_number", "agent_phone", "authority")
    DELEGATE = (
        "delegate_name",
        "delegate_identity",
        "delegate_identity_number",
        "delegate_phone",
        "appointment",
    )
    PARTY = ("name", "identity", "identity_number", "phone", "address")
    WANTED = ("title", "number", "description")
    ACCESS = ("form", "way", "reading_help", "files")
    PAPERS = (wanted.AUTHORITY, wanted.APPOINTMENT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = self.data if self.is_bound else self.initial
        self.others = bounded(said.get("others", 0))
        for place in range(1, self.others + 1):
            self.fields |= _further(place)
        if self.others:
            self.fields |= _speaking(self.others)
        self.fields["others"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=self.others)
        # Read by portal/files.js.
        self.fields["files"].widget.attrs |= {
            "data-most-files": FILES,
            "data-largest": storage.LARGEST,
            "data-together": LARGEST_TOGETHER,
            "data-too-much": _(
                "At most ten files, each up to 50 MB and all together up to 100 MB: choose fewer or smaller ones. Nothing was sent yet."
            ),
        }
        public = {"agency", "others", "submission", *self.WANTED, *self.ACCESS}
        for name, field in self.fields.items():
            if name not in public:
                field.widget.attrs["data-private"] = ""

    def further(self) -> list[dict[str, Any]]:
        """The further applicants as {place, fields}, for a page."""
        return [
            {"place": place, "fields": [self[wanted.co(place, fact)] for fact in self.PARTY]}
            for place in range(1, self.others + 1)
        ]

    def speaking(self) -> list[Any]:
        """The fields by which several applicants name their 代表人."""
        return [self["spokesperson"], *(self[name] for name in self.DELEGATE)] if self.others else []

    def clean(self) -> dict[str, Any]:
        given = [*self.cleaned_data.get("files", ()), *filter(None, map(self.cleaned_data.get, self.PAPERS))]
        if len(given) > FILES:
            self.add_error("files", _("At most %(n)d files; put several into one.") % {"n": FILES})
        if sum(file.size for file in given) > LARGEST_TOGETHER:
            self.add_error(
                "files", _("The files are larger than 100 MB together; send fewer or smaller ones.")
            )
        return self.cleaned_data

    def taken(self) -> Taken:
        """The application as the use cases take it."""
        said = self.cleaned_data
        names = (*self.WHO[1:], *self.ACTING, *self.CONTACT, *self.AGENT[:-1])
        speaker = said.get("spokesperson", "0")
        person = personal.Person(
            **{name: said[name] for name in names},
            co_applicants=tuple(self._party(f"co{place}", self.PARTY) for place in range(1, self.others + 1)),
            spokesperson=0 if speaker == NAMED else int(speaker),
            delegate=self._party("delegate", self.PARTY[:4]) if speaker == NAMED else None,
        )
        papers = [
            Upload(file.name, file.read(storage.LARGEST + 1), purpose)
            for purpose in self.PAPERS
            if (file := said.get(purpose))
        ]
        return Taken(
            said["applicant_kind"],
            person,
            self.asked(),
            (*papers, *uploads(said["files"])),
            said["reading_help"],
        )

    def asked(self) -> personal.Request:
        """What is wanted."""
        return personal.Request(**{name: self.cleaned_data[name] for name in (*self.WANTED, "form", "way")})

    def _party(self, prefix: str, facts: tuple[str, ...]) -> Party:
        return Party(**{fact: self.cleaned_data[f"{prefix}_{fact}"] for fact in facts})

    def blame(self, problems: Mapping[str, str]) -> None:
        """Put what a use case found beside the fields."""
        for name, words in problems.items():
            shown = name in self.fields and not self.fields[name].widget.is_hidden
            self.add_error(name if shown else None, words)


def bounded(text: Any) -> int:
    """A number of further applicants as it came with a form, whatever was sent."""
    said = str(text)
    return min(int(said), MOST_APPLICANTS - 1) if said.isascii() and said.isdecimal() and len(said) < 4 else 0


def _further(place: int) -> dict[str, forms.Field]:
    """The fields of a further applicant; the first applicant is number one of all."""
    n = {"n": place + 1}
    return {
        wanted.co(place, "name"): _text(_("Applicant %(n)d: name") % n, 100),
        wanted.co(place, "identity"): DocumentField(label=_("Applicant %(n)d: identity document") % n),
        wanted.co(place, "identity_number"): NumberField(
            label=_("Applicant %(n)d: number of the document") % n
        ),
        wanted.co(place, "phone"): _text(_("Applicant %(n)d: telephone") % n, 40),
        wanted.co(place, "address"): _text(_("Applicant %(n)d: address") % n, 200),
    }


def _speaking(others: int) -> dict[str, forms.Field]:
    """Who represents the applicants: one of them, or somebody they appointed in writing."""
    among = [(str(n), _("applicant %(n)d") % {"n": n + 1}) for n in range(others + 1)]
    return {
        "spokesperson": forms.ChoiceField(
            label=_("Representative of the applicants (代表人)"),
            choices=[*among, (NAMED, _("somebody else, appointed by all of us in writing"))],
            initial="0",
            help_text=_("The agency turns to this person; the answer goes to all of you."),
            widget=forms.RadioSelect,
        ),
        "delegate_name": _text(_("Appointed representative: name"), 100),
        "delegate_identity": DocumentField(label=_("Appointed representative: identity document")),
        "delegate_identity_number": NumberField(label=_("Appointed representative: number of the document")),
        "delegate_phone": _text(_("Appointed representative: telephone"), 40),
        "appointment": forms.FileField(label=_("Letter of appointment, as a file"), required=False),
    }


def with_one_more(typed: QueryDict) -> dict[str, Any]:
    """What was typed, with room for one applicant more."""
    return typed.dict() | {"others": bounded(bounded(typed.get("others", 0)) + 1)}


def without(typed: QueryDict, place: Any) -> dict[str, Any]:
    """What was typed, without the further applicant at that place; those after it move up."""
    said, others, gone = typed.dict(), bounded(typed.get("others", 0)), bounded(place)
    if not 1 <= gone <= others:
        return said
    for at in range(gone, others):
        for fact in RequestForm.PARTY:
            said[wanted.co(at, fact)] = said.get(wanted.co(at + 1, fact), "")
    for fact in RequestForm.PARTY:
        said.pop(wanted.co(others, fact), None)
    return said | {"others": others - 1, "spokesperson": "0"}


class RegisterForm(RequestForm):
    """An application that came to the office by another way than the public page."""

    agency = forms.ModelChoiceField(label=_("Agency"), queryset=Agency.objects.none())
    channel = forms.ChoiceField(
        label=_("How it came in"),
        choices=[(c.value, c.label) for c in Channel],
        widget=forms.RadioSelect,
        help_text=_(
            "An internet channel is another platform than this site, as that of the province; what is applied for here registers itself."
        ),
    )
    arrived = day(_("Arrived on"), help_text=_("Submitted at the counter, put into the mailbox, or sent."))
    addressee = forms.ChoiceField(
        label=_("Addressed to"),
        choices=[
            (Addressee.AGENCY.value, _("the agency or its disclosure office")),
            (Addressee.OTHER.value, _("another unit, or a person by name")),
        ],
        initial=Addressee.AGENCY.value,
        help_text=_("Mail to another unit or a person counts from the day your office had and confirmed it."),
    )
    signed = day(
        _("Signed for on"), required=False, help_text=_("Registered mail: the day the mail room signed.")
    )
    confirmed = day(
        _("Confirmed with the applicant on"),
        required=False,
        help_text=_(
            "Ordinary mail, fax, e-mail, internet: without it the application is registered and its term does not run."
        ),
    )
    unreached = forms.BooleanField(
        label=_("No telephone number, or nobody answered: the term starts when contact is restored"),
        required=False,
    )
    evidence = _text(
        _("How the day is known"),
        300,
        help_text=_(
            "Number of the mailing, postmark, who confirmed by which telephone; for an oral application how the record was confirmed. Kept sealed."
        ),
    )
    read_back = forms.BooleanField(
        label=_("Oral: filled in by me, read back, and confirmed by the applicant"), required=False
    )

    ARRIVAL = (
        "agency",
        "channel",
        "arrived",
        "addressee",
        "signed",
        "confirmed",
        "unreached",
        "evidence",
        "read_back",
    )

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies

    def name_anew(self) -> None:
        """Let what is typed be sent again as an application of its own."""
        self.data = self.data.copy()
        self.data["submission"] = str(uuid4())

    def arrival(self) -> Arrival:
        """What is recorded of the arrival."""
        said = self.cleaned_data
        return Arrival(said["arrived"], said["signed"], said["confirmed"], Addressee(said["addressee"]))
