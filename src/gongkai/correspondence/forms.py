"""Staff forms of the room: intake by kind, one form for each event, reply and publication."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.correspondence import handling, replies
from gongkai.correspondence.intake import LONGEST
from gongkai.correspondence.models import Channel, Grade, Matter, Topic
from gongkai.correspondence.procedure import Event, Kind
from gongkai.correspondence.writer import PARTICULARS, Letter
from gongkai.journal import clock
from gongkai.review.models import Withdrawal

NEUTRAL = _("Without names and numbers of the writer: lists show it.")


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def _words(rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class IntakeForm(forms.Form):
    """A matter that staff enter; each kind names its fields in its own words and leaves out what it has not."""

    WORDS: dict[str, dict[str, Any]] = {
        Kind.MAILBOX: {},
        Kind.MEDIA_LINE: {
            "source": _("Medium and programme"), "source_number": _("Number given by the medium"),
        },
        Kind.ASSIGNED: {
            "source": _("Assigning leader"),
            "source_number": _("Number of the assignment"),
            "text": _("The leader's written instruction"),
        },
        Kind.HOTLINE: {"source": _("Platform"), "source_number": _("Ticket number")},
        Kind.COMPLAINT: {"source_number": _("Number of the application")},
    }  # fmt: skip
    LEFT_OUT: dict[str, tuple[str, ...]] = {
        Kind.MAILBOX: ("source", "source_number", "about"),
        Kind.MEDIA_LINE: ("email", "address", "about"),
        Kind.ASSIGNED: (*PARTICULARS, "subject", "may_publish", "about"),
        Kind.HOTLINE: ("email", "may_publish", "about"),
        Kind.COMPLAINT: ("source", "may_publish"),
    }
    CHANNELS = {
        Kind.MAILBOX: Channel.POST,
        Kind.MEDIA_LINE: Channel.PLATFORM,
        Kind.ASSIGNED: Channel.DOCUMENT,
        Kind.HOTLINE: Channel.PLATFORM,
        Kind.COMPLAINT: Channel.POST,
    }

    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Agency"), empty_label=None)
    about = forms.ModelChoiceField(Agency.objects.none(), label=_("Agency complained of"), empty_label=None)
    received_on = _day(label=_("Received on"), help_text=_("The term runs from the next day."))
    channel = forms.ChoiceField(label=_("Came in by"), choices=Channel.choices)
    source = forms.CharField(label=_("Sender"), max_length=100)
    source_number = forms.CharField(label=_("Number at the sender"), max_length=80, required=False)
    title = forms.CharField(label=_("Title in neutral words"), max_length=200, help_text=NEUTRAL)
    topic = forms.ChoiceField(label=_("Topic"), choices=Topic.choices)
    name = forms.CharField(label=_("Writer's name"), max_length=LONGEST["name"], required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=LONGEST["phone"], required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=LONGEST["email"], required=False)
    address = forms.CharField(label=_("Address"), max_length=LONGEST["address"], required=False)
    subject = forms.CharField(label=_("Subject line"), max_length=LONGEST["subject"], required=False)
    text = forms.CharField(
        label=_("Text"), max_length=LONGEST["text"], widget=forms.Textarea(attrs={"rows": 10})
    )
    may_publish = forms.BooleanField(label=_("May be published without personal data"), required=False)

    def __init__(self, *args: Any, kind: str, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies
        self.fields["agency"].initial = agencies.first()
        below = Q(pk=None)
        for agency in agencies:
            below |= Q(path__startswith=agency.path) & ~Q(pk=agency.pk)
        self.fields["about"].queryset = (
            Agency.objects.filter(below) if kind == Kind.COMPLAINT else agencies.none()
        )
        self.fields["topic"].choices = Topic.of(kind)
        self.fields["channel"].initial = self.CHANNELS[Kind(kind)]
        self.fields["received_on"].initial = clock.today
        for name in self.LEFT_OUT[Kind(kind)]:
            del self.fields[name]
        for name, label in self.WORDS[Kind(kind)].items():
            self.fields[name].label = label
        if kind == Kind.HOTLINE:
            self.fields["source_number"].required = True
            self.fields["source"].initial = "12345"

    def letter(self) -> Letter:
        """What is sealed."""
        return Letter(**{name: self.cleaned_data.get(name, "") for name in LONGEST})

    def facts(self) -> dict[str, Any]:
        """The other arguments of intake.register."""
        names = (
            "channel",
            "received_on",
            "title",
            "topic",
            "source",
            "source_number",
            "may_publish",
            "about",
        )
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class EventForm(forms.Form):
    """What is asked for one event; the cleaned data are the arguments of its use case."""

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matter = matter


class BareForm(EventForm):
    """Nothing but the act itself."""


class WordsForm(EventForm):
    words = _words(label=_("What happened"), help_text=NEUTRAL)


class ReasonForm(EventForm):
    words = _words(label=_("Reason"), help_text=NEUTRAL)


class ClosingForm(EventForm):
    words = _words(label=_("Remark"), required=False, help_text=NEUTRAL)


class ProposalForm(EventForm):
    words = _words(
        rows=5, label=_("Proposed handling"), help_text=_("Who is in charge, who helps, by when, and how.")
    )


class AssignForm(EventForm):
    lead = forms.ModelChoiceField(None, label=_("In charge"), empty_label=None)
    helpers = forms.CharField(
        label=_("Helping units or people"),
        max_length=500,
        required=False,
        help_text=_("Divide several by commas."),
    )
    title = forms.CharField(label=_("Title in neutral words"), max_length=200, help_text=NEUTRAL)
    words = _words(label=_("Remark"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = handling.people_of(self.matter)
        self.fields["lead"].queryset = people
        self.fields["title"].initial = self.matter.title or (self.matter.about and self.matter.shown_title)

    def clean_helpers(self) -> list[str]:
        return self.cleaned_data["helpers"].replace("，", ",").replace("、", ",").split(",")


class ReturnForm(EventForm):
    ground = forms.ChoiceField(label=_("Ground"), choices=list(handling.RETURN_GROUNDS.items()))
    words = _words(label=_("Reason"), help_text=NEUTRAL)


class ExtendForm(EventForm):
    days = forms.IntegerField(label=_("Working days more"), min_value=1, max_value=60)
    words = _words(label=_("Reason"), help_text=_("The writer reads it."))


class RedirectForm(EventForm):
    to = forms.ChoiceField(label=_("Where it goes"), choices=list(handling.REDIRECTIONS.items()))
    words = _words(label=_("What the writer is told"), help_text=_("The writer reads it."))


class CallForm(EventForm):
    grade = forms.ChoiceField(label=_("Satisfaction"), choices=Grade.choices)
    words = _words(label=_("Remark"), required=False, help_text=NEUTRAL)


class SendForm(EventForm):
    way = forms.ChoiceField(label=_("Way of sending"), choices=list(replies.WAYS.items()))
    on = _day(label=_("Sent on"), initial=clock.today)


# Event → form, use case, consequence; the reply's own events have pages of their own.
EVENTS: dict[str, tuple[type[EventForm], Any, object]] = {
    Event.SIGNED: (BareForm, handling.sign, _("The ticket is then handled, or returned within its term.")),
    Event.RETURNED: (ReturnForm, handling.return_ticket, _("The ticket goes back and ends here.")),
    Event.PROPOSED: (ProposalForm, handling.propose, _("It then goes to the leader of this agency.")),
    Event.ASSIGNED: (AssignForm, handling.assign, _("It then stands in that person's inbox.")),
    Event.PROGRESS: (WordsForm, handling.note, ""),
    Event.EXTENDED: (ExtendForm, handling.extend, _("A term is extended once.")),
    Event.REDIRECTED: (RedirectForm, handling.redirect, _("It ends here and does not count as answered.")),
    Event.RATED: (CallForm, handling.call_back, ""),
    Event.REOPENED: (ReasonForm, handling.reopen, _("A new term and a new formal reply begin.")),
    Event.CLOSED: (ClosingForm, handling.close, _("Nothing more happens to it.")),
}


class ReplyForm(forms.Form):
    """The draft of a formal reply; only submitting asks for what is missing."""

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    to_writer = forms.BooleanField(
        label=_("Addressed to the writer"),
        required=False,
        help_text=_("The name is put on the paper when it is made; do not type it."),
    )
    addressee = forms.CharField(label=_("Addressee"), max_length=200, required=False)
    body = forms.CharField(
        label=_("Text"),
        max_length=50_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_("One paragraph a line; headings begin with 一、 （一） 1. （1）."),
    )
    contact = forms.CharField(label=_("Contact"), max_length=100, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=100, required=False)
    copies = forms.CharField(
        label=_("Copies to"), max_length=300, required=False, help_text=_("Divide several by ，.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def content(self) -> dict[str, Any]:
        """The draft content."""
        return {name: self.cleaned_data[name] for name in replies.EMPTY}


class PublicationForm(forms.Form):
    """Question and answer for the public, rewritten."""

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    question = forms.CharField(
        label=_("Question"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Rewrite it so that nobody can be recognised."),
    )
    answer = forms.CharField(
        label=_("Answer"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 10})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def content(self) -> dict[str, Any]:
        """The draft content."""
        return {name: self.cleaned_data[name] for name in ("title", "question", "answer")}


class WithdrawForm(forms.Form):
    """Taking a published question and answer off the public, or an approved reply back."""

    reason = forms.ChoiceField(label=_("Reason shown to the public"), choices=Withdrawal.Reason.choices)
    note = forms.CharField(label=_("Internal note"), max_length=500, required=False)
