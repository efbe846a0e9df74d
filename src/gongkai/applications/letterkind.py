"""What the review knows of a letter: it is cleared for sending, never published."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import number_forms, numbering, options
from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused
from gongkai.applications import (
    citing,
    enclosed,
    endorsing,
    letters,
    partial,
    personal,
    rendering,
    wording,
)
from gongkai.applications.models import KIND, LETTER, Application, Letter
from gongkai.files import sealing
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock
from gongkai.journal.chain import SWEEPER
from gongkai.paperwork.document import Letter as Paper
from gongkai.paperwork.errors import PaperworkError
from gongkai.review.models import Draft, Release, Revision
from gongkai.review.subjects import AttachedFile, Content, Part, Problem, SubjectKind, Word
from gongkai.review.submission import content_of
from gongkai.rulebook.consultation import OPINION_DAYS
from gongkai.rulebook.letters import ATTACHMENTS_ELEMENT, LETTER_KINDS
from gongkai.rulebook.norms import together
from gongkai.rulebook.outcomes import OUTCOMES
from gongkai.rulebook.remedies import RemedyError

# The series of letters, as the settings name them.
SERIES = {
    "reply": gettext_lazy("Form of numbers of answers"),
    "notice": gettext_lazy("Form of numbers of notices to applicants"),
    "outward": gettext_lazy("Form of numbers of letters to third parties and agencies"),
}
options.declare(
    *(
        number_forms.option(f"letter_form_{series}", SERIES[series], form, space="letter")
        for series, form in wording.SERIES.items()
    )
)


class LetterKind(SubjectKind):
    kind = LETTER
    label = gettext_lazy("letter")
    public = False
    read_act = "application.personal"
    checklists = {
        1: (
            ("facts", gettext_lazy("Facts, dates and the request are stated as they are on file.")),
            ("law", gettext_lazy("The article fits the outcome, and the reasons carry it.")),
            ("parts", gettext_lazy("Every part of the request is answered.")),
        ),
        2: (
            (
                "secret",
                gettext_lazy(
                    "No state secret and no work secret goes out, in the text or in a file (保密法 35)."
                ),
            ),
            (
                "safety",
                gettext_lazy(
                    "National, public and economic security and social stability are not endangered (条例 14)."
                ),
            ),
            (
                "third",
                gettext_lazy("Rights of third parties are kept; they were asked where needed (条例 15, 32)."),
            ),
            ("separate", gettext_lazy("What must stay closed is separated from what is given (条例 37).")),
        ),
        3: (
            ("read", gettext_lazy("I have read the letter as it will go out.")),
            ("agree", gettext_lazy("I agree that this agency sends it.")),
        ),
    }

    def title(self, content: Content) -> str:
        return f"{LETTER_KINDS[content['kind']].title}（{content['registration']}）"

    def problems(self, draft: Draft) -> list[Problem]:
        letter = _letter(draft.subject_id)
        written = letters.opened(draft.content)
        try:
            notice = letters.remedy(letter, clock.today())
        except RemedyError as error:
            return [Problem("remedy", str(error))]
        paper = rendering.paper(letter, self.freeze(draft))
        found = _lacking(letter, written, notice.text if notice else "", paper, draft.content)
        if words := citing.fault(written.elements.get(citing.ELEMENT, ""), citing.wanted(letter)):
            found.append(Problem(citing.ELEMENT, words))
        if words := _other_term(written.elements.get("opinion_term", "")):
            found.append(Problem("opinion_term", words))
        found += _misplaced(letter, written)
        if names := _named(letter, written):
            words = _("A third party is not told who applied: take “%(names)s” out.") % {"names": names}
            found.append(Problem("information", words))
        found += [Problem(*each) for each in partial.faults(letter, written.elements, self._chosen(draft))]
        if not found:
            try:
                rendering.proof(letter, self.freeze(draft))
            except PaperworkError as error:
                found.append(Problem("", str(error)))
        # Nobody is asked to endorse what could not be submitted anyway.
        return found or endorsing.problems(letter, self.freeze(draft))

    @staticmethod
    def _chosen(draft: Draft) -> list[Attachment]:
        """The files that go out, in the order in which they were added; an original that stays closed is never among them."""
        wanted = draft.content["attachments"]
        rows = Attachment.objects.filter(pk__in=wanted, owner_kind=LETTER, owner_id=draft.subject_id).exclude(
            purpose=partial.ORIGINAL
        )
        return sorted(rows.select_related("file"), key=lambda row: wanted.index(str(row.pk)))

    def freeze(self, draft: Draft) -> Content:
        letter = _letter(draft.subject_id)
        notice = letters.remedy(letter, clock.today())
        return {
            "letter": str(letter.pk),
            "registration": letter.application.number,
            "kind": letter.kind,
            "outcome": letter.decision.outcome if letter.decision else "",
            "sub_reason": letter.decision.sub_reason if letter.decision else "",
            "sealed": draft.content["sealed"],
            "remedy": (
                {"text": notice.text, "regime": notice.regime, "variant": notice.variant} if notice else None
            ),
            "attachments": enclosed.listed(self._chosen(draft)),
            "paragraphs": list(letters.paragraphs(letter.kind, draft.content)),
        }

    def parts(self, content: Content) -> list[Part]:
        written = letters.opened(content)
        labels = {each.key: each.label for each in LETTER_KINDS[content["kind"]].possible}
        said = [
            Part(labels.get(name, name), text)
            for name, text in written.elements.items()
            if text and name not in ("registration_number", "received_on", "channel")
        ]
        # The agency's own wording goes out as well, and so does the notice of remedies.
        wording_of = "\n".join(letters.paragraphs(content["kind"], content))
        remedy = (content["remedy"] or {}).get("text", "")
        return [
            Part("收件人", written.addressee),
            *said,
            Part("文书固定文字", wording_of),
            *([Part("救济途径", remedy)] if remedy else []),
        ]

    def own(self, content: Content) -> list[str]:
        """What the applicants gave of themselves, in a letter that goes to them; nobody else's, and to nobody else."""
        if wording.TEMPLATES[content["kind"]].recipient != "applicant":
            return []
        person = personal.person(_letter(UUID(content["letter"])).application)
        return [
            said
            for party in (person, *person.co_applicants)
            for said in (party.identity_number, party.phone, party.address)
            if said
        ]

    def facts(self, content: Content) -> list[tuple[str, str]]:
        letter = _letter(UUID(content["letter"]))
        chosen = OUTCOMES.get(content["outcome"])
        attribute = f"依申请公开：{chosen.label}" if chosen else "依申请公开"
        case = letter.application
        due = f"，答复期限{case.due_on}" if case.due_on else ""
        return [
            ("登记编号", content["registration"]),
            ("载体和来源", f"本机关制作的文书，附件{len(content['attachments'])}件"),
            (
                "拟公开方式、渠道、时间",
                f"不向社会公开，送达{_WHOM[wording.TEMPLATES[letter.kind].recipient]}{due}",
            ),
            (
                "公开属性建议和理由",
                f"{attribute}（{together(chosen.law)}）" if chosen and chosen.law else attribute,
            ),
        ]

    def files(self, content: Content) -> list[AttachedFile]:
        return [AttachedFile(row["digest"], row["name"]) for row in content["attachments"]]

    def due_on(self, draft: Draft) -> date | None:
        return _letter(draft.subject_id).application.due_on

    def seen(self, subject_id: UUID, actor: Actor) -> None:
        letter = _letter(subject_id)
        with transaction.atomic():
            chain.record(
                "application.shown",
                actor.who,
                agency=letter.agency_id,
                subject=(KIND, letter.application_id),
                page=LETTER,
            )

    def preview(self, content: Content, agency: Agency) -> str:
        letter = _letter(UUID(content["letter"]))
        paper = rendering.paper(letter, content)
        context: dict[str, Any] = {"paper": paper, "attachments": content["attachments"]}
        return render_to_string("applications/letter_preview.html", context)

    def lines(self, content: Content) -> list[str]:
        letter = _letter(UUID(content["letter"]))
        paper = rendering.paper(letter, content)
        files = [f"附件：{row['name']} {row['digest'][:12]}" for row in content["attachments"]]
        return [paper.addressee, *(paragraph.text for paragraph in paper.body), *files]

    def page(self, subject_id: UUID) -> str:
        return reverse("applications:letter", args=[subject_id])

    def words(self, revision: Revision) -> list[Word]:
        content = content_of(revision.digest)
        if content is None or sealing.destroyed(_letter(revision.subject_id).application.case_key):
            return []
        return endorsing.words(_letter(revision.subject_id), content)

    def released(self, release: Release, content: Content, actor: Actor | None) -> None:
        letter = Letter.objects.select_for_update().get(pk=release.subject_id)
        if letter.dropped:
            raise Refused(_("This letter will not be sent any more."))
        still_the_law(letter, content, clock.today())
        series = wording.TEMPLATES[letter.kind].series
        form = options.read(letter.agency, f"letter_form_{series}")
        letter.number = numbering.issue(
            letter.agency,
            f"letter.{series}",
            form,
            who=actor.who if actor else SWEEPER,
            subject=(LETTER, letter.pk),
        ).text
        letter.dated = clock.today()
        letter.release = release
        letter.save(update_fields=["number", "dated", "release"])


def still_the_law(letter: Letter, content: Content, on: date) -> None:
    """Refuse where the notice of remedies that three people approved is not the one of that day's law."""
    now = letters.remedy(letter, on)
    approved = content["remedy"]
    if (now and (now.regime, now.variant)) != (approved and (approved["regime"], approved["variant"])):
        words = (
            _("The law on remedies has changed since the release: return the letter to review on its page.")
            if letter.number
            else _("The law on remedies has changed: return the letter, and submit it with the new notice.")
        )
        raise Refused(words, "、".join(now.law) if now else "")


_WHOM = {"applicant": "申请人", "third_party": "第三方", "co_maker": "共同制作机关", "agency": "其他机关"}
# Where the office finds what a letter lacks that its handler does not write.
_CURES = {
    "contact": gettext_lazy("Enter disclosure office and telephone on the agency's page."),
    "organ": gettext_lazy("Enter the name of the agency on its page."),
    "applicant": gettext_lazy("The case names nobody to whom the letter goes."),
    "received_on": gettext_lazy("Confirm the receipt of the application first."),
    "attachments": gettext_lazy("Add the files that the letter speaks of, or take those words out."),
}


def _lacking(
    letter: Letter, written: letters.Written, remedy: str, paper: Paper, said: Content
) -> list[Problem]:
    """What the letter must show and would not (rulebook 5.2, 5.3)."""
    paragraphs = letters.paragraphs(letter.kind, said)
    lacking = wording.missing(
        letter.kind,
        paragraphs,
        written.elements | {"remedy": remedy},
        remedy=letters.carries_remedy(letter),
        layout=wording.on_paper(paper),
        outcome=letter.decision.outcome if letter.decision else "",
    )
    if wording.speaks_of_enclosures(paragraphs, written.elements) and not paper.attachments:
        lacking = (*lacking, ATTACHMENTS_ELEMENT)
    return [
        Problem(
            each.key,
            _("The letter lacks “%(element)s”. %(cure)s")
            % {"element": each.label, "cure": _CURES.get(each.key, _("Write it."))},
        )
        for each in lacking
    ]


def _misplaced(letter: Letter, written: letters.Written) -> list[Problem]:
    """Remedies in the handler's own words: only those of the law of the day may stand in a letter."""
    return [
        Problem(
            each.key,
            _(
                "“%(element)s” states remedies itself: take them out, the letter tells them by the law of the day."
            )
            % {"element": each.label},
        )
        for each in wording.TEMPLATES[letter.kind].written
        if wording.words_remedies(written.elements.get(each.key, ""))
    ]


def _letter(pk: UUID) -> Letter:
    return Letter.objects.select_related("application__agency", "agency", "decision").get(pk=pk)


def _other_term(text: str) -> str:
    """What is wrong with the term that a letter sets for an opinion; empty for a sound one, and for no text."""
    said = "".join(text.split())
    if not said or f"{OPINION_DAYS}个工作日" in said or "十五个工作日" in said:
        return ""
    return _(
        "The law gives %(days)d working days from the receipt for an opinion (条例 32, 34): name that term."
    ) % {"days": OPINION_DAYS}


def _named(letter: Letter, written: letters.Written) -> str:
    """The names of those who apply, where a letter to somebody else holds them."""
    template = wording.TEMPLATES[letter.kind]
    if template.recipient == "applicant":
        return ""
    case: Application = letter.application
    shown = [written.addressee, *(text for key, text in written.elements.items() if key in template.elements)]
    told = [name for name in personal.person(case).everybody if any(name in text for text in shown)]
    return "、".join(dict.fromkeys(told))
