"""Following a case by its number and query code: what the applicant may know, and nothing personal (I7)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import calendars
from gongkai.agencies.policy import Refused
from gongkai.applications import events, explained, intake, letters, relations, rendering, throttle, wording
from gongkai.applications.models import Application, Letter, Matter, State
from gongkai.files import sealing, storage
from gongkai.files.models import Attachment
from gongkai.journal import clock
from gongkai.rulebook import remedies
from gongkai.rulebook.calendar import CalendarError

# In ten minutes, from one network address.
WRONG_CODES = 10
# What each event tells the applicant; what is not here stays inside.
TOLD = {
    "registered": gettext_lazy("The application was registered."),
    "term_set": gettext_lazy("A term for the new answer was set by order."),
    "received": gettext_lazy("Received: the term for the answer runs."),
    "correction_requested": gettext_lazy("You were asked to complete the application."),
    "correction_received": gettext_lazy("Your correction came in; the term runs anew."),
    "reasons_requested": gettext_lazy("You were asked for reasons."),
    "reasons_received": gettext_lazy("Your reasons came in."),
    "third_party_asked": gettext_lazy("A third party is asked for its opinion; this time is not counted."),
    "third_party_answered": gettext_lazy("The third party's opinion came in."),
    "agency_consulted": gettext_lazy("Another agency is asked; this time is not counted."),
    "agency_answered": gettext_lazy("The other agency has answered."),
    "extended": gettext_lazy("The term was extended."),
    "delayed": gettext_lazy("A later day for the answer was set."),
    "fee_notified": gettext_lazy("You were notified of the processing fee."),
    "fee_paid": gettext_lazy("The fee was paid; the term runs anew."),
    "split": gettext_lazy("Your application was divided; each part keeps its day of receipt."),
    "merged": gettext_lazy("It is handled together with another application; your own term stays."),
    "separated": gettext_lazy("It is handled by itself again."),
    "suggested": gettext_lazy("You suggested that the information be published for everybody."),
    "withdrawn": gettext_lazy("The application was withdrawn."),
    "answered": gettext_lazy("The answer was sent."),
    "closed": gettext_lazy("The case is closed."),
}


@dataclass(frozen=True)
class Paper:
    """A letter that reached the applicant, with its files (key, name, kind, size)."""

    letter: Letter
    title: str
    number: str
    sent: date
    files: list[Attachment]


@dataclass(frozen=True)
class Remedy:
    """What the applicant may still do; text as in the letter, with the last days."""

    text: str
    reconsideration_last: date | None
    litigation_last: date | None
    over: bool


@dataclass(frozen=True)
class Part:
    """Another case of the same applicant that this one led to, or came from; the code opens it."""

    number: str
    words: str
    state: str
    code: str


@dataclass(frozen=True)
class Followed:
    """A case as its applicant sees it."""

    number: str
    agency: str
    state: str
    answered_on: date | None
    deadline: dict[str, Any] | None
    days: list[Any]
    timeline: list[dict[str, Any]]
    papers: list[Paper]
    remedy: Remedy | None
    now: list[str]
    parts: list[Part]


def find(number: str, code: str) -> Application | None:
    """The case of that number where the code is right; None otherwise. Both cases take the same steps."""
    number, code = number.strip()[:80], code.replace(" ", "").replace("-", "").upper()[:40]
    case = Application.objects.select_related("agency").filter(number__iexact=number).first()
    # Without a case a code is computed and compared all the same, so that the time tells nothing.
    expected = intake.query_code(case if case is not None else Application())
    right = sealing.same(expected, code)
    return case if case is not None and right else None


def find_from(number: str, code: str, address: str) -> Application:
    """As `find`, for a request from that network address. Raises Refused for a wrong code, and after ten of them."""
    if throttle.spent("track", address, WRONG_CODES, windows=1):
        raise Refused(_("Too many wrong codes came from your network; wait ten minutes."))
    case = find(number, code)
    if case is None:
        throttle.count("track", address)
        raise Refused(_("Number and code do not belong together; both stand on your receipt."))
    return case


def follow(case: Application) -> Followed:
    """What the applicant's page shows."""
    rows = events.of(case)
    term = explained.term_of(case, rows)
    timeline = [
        {"when": row.on, "title": str(TOLD[row.type])}
        for row in sorted(rows, key=lambda row: (row.on, row.seq))
        if row.type in TOLD
    ]
    return Followed(
        case.number,
        case.agency.name,
        _state(case),
        case.answered_on,
        explained.deadline_of(case, term),
        explained.days(term),
        timeline,
        papers(case),
        remedy(case),
        now(case),
        parts(case),
    )


def _state(case: Application) -> str:
    # That an answered case is still to be filed is the office's own affair.
    return _("Answered") if case.state == State.ANSWERED else str(State(case.state).label)


def now(case: Application) -> list[str]:
    """What the applicant can do now, in plain words."""
    agency = case.agency
    contact = "，".join(part for part in (agency.disclosure_office or agency.name, agency.phone) if part)
    until = letters.prose(case.waits_until) if case.waits_until else ""
    said = {"contact": contact, "until": until, "number": case.number}
    words = {
        State.REGISTERED: _(
            "The term starts on the day you and the agency confirm the receipt. If nobody has called you, call: %(contact)s."
        ),
        State.PROCESSING: _(
            "You need not do anything. If something helps to find the information, or if you want to withdraw, tell %(contact)s and name %(number)s."
        ),
        State.CORRECTING: _(
            "Complete your application until %(until)s, as the letter says. Who does not, without good reason, has given it up (art. 30). Questions: %(contact)s."
        ),
        State.PAYING: _(
            "Pay the fee until %(until)s, as the letter says; unpaid, the application is handled no further. Questions: %(contact)s."
        ),
        State.DECIDED: _("The answer is being made out. You get it in the way you chose: nothing to do."),
    }
    if case.answered_on is not None:
        return [_("Read the answer below. Questions about it: %(contact)s.") % said]
    state = State(case.state)
    return [words[state] % said] if state in words else []


def parts(case: Application) -> list[Part]:
    """The cases that came from this one, and the one it came from: all of the same applicant."""
    part, anew = _("part of your application"), _("answered anew")
    rows = case.offspring.select_related("agency").order_by("number")
    found = [
        Part(
            row.number,
            part if row.matter == Matter.INFORMATION else anew,
            _state(row),
            intake.query_code(row),
        )
        for row in rows
    ]
    if case.origin is not None:
        row = case.origin
        found.insert(0, Part(row.number, _("your first application"), _state(row), intake.query_code(row)))
    words_joined = _("handled and answered together with this one")
    # Joint applicants know of each other's cases, but the code of each is its own applicant's.
    return found + [
        Part(row.number, words_joined, _state(row), intake.query_code(row))
        for row in relations.joined(case)
        if row != case and relations.same_applicant(case, row)
    ]


def _letters(case: Application) -> QuerySet[Letter]:
    """The letters that were sent in the case; and those by which, while it was handled together with another,
    something happened to it too: they are addressed to the applicants of both."""
    rows = relations.letters_of(case).filter(dispatch__isnull=False)
    return rows.select_related("dispatch", "release", "agency", "application")


def papers(case: Application) -> list[Paper]:
    """The letters to the applicant that were sent, oldest first."""
    return [
        Paper(
            letter,
            wording.TEMPLATES[letter.kind].title,
            letter.number,
            letter.dispatch.on,
            [row for row in rendering.files(letter) if row.purpose == "pdf"] + rendering.enclosures(letter),
        )
        for letter in _letters(case)
        if wording.TEMPLATES[letter.kind].recipient == "applicant"
    ]


def file_of(case: Application, attachment: Any) -> tuple[Attachment, bytes] | None:
    """A file that the applicant may have: of a letter that was sent to them; None for any other."""
    for sheet in papers(case):
        for row in sheet.files:
            if str(row.pk) == str(attachment):
                return row, storage.read(row.file_id, case_key=row.case_key)
    return None


def remedy(case: Application) -> Remedy | None:
    """The remedies: of the answer that was served, or R-3 once the term has passed without one."""
    answer = _letters(case).filter(act="answer").select_related("proof", "decision").first()
    today = clock.today()
    try:
        if answer is not None:
            return _after(answer, today)
        if case.due_on is not None and case.due_on < today and case.answered_on is None:
            names = (case.agency.reconsideration_body, case.agency.superior_department)
            notice = remedies.overdue_notice(case.due_on, *names)
            last = remedies.remedy_days(case.due_on, calendars.current(), reconsideration_first=True)
            return Remedy(
                notice.text, last.reconsideration_last.on, None, last.reconsideration_last.on < today
            )
    except (remedies.RemedyError, CalendarError):
        return None
    return None


def _after(answer: Letter, today: date) -> Remedy | None:
    notice = letters.remedy(answer, answer.dispatch.on)
    if notice is None:
        return None
    if not hasattr(answer, "proof"):
        # A posted letter: the terms run from its arrival, which is not proven yet.
        return Remedy(notice.text, None, None, False)
    found = remedies.remedy_days(
        answer.proof.on, calendars.current(), reconsideration_first=notice.reconsideration_first
    )
    last = max(day.on for day in (found.reconsideration_last, found.litigation_last) if day is not None)
    return Remedy(
        notice.text,
        found.reconsideration_last.on,
        found.litigation_last.on if found.litigation_last else None,
        last < today,
    )
