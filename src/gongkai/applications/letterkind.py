"""What the review knows of a letter: it is cleared for sending, never published."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import numbering
from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused
from gongkai.applications import letters, personal, rendering, wording
from gongkai.applications.models import KIND, LETTER, Application, Letter
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock
from gongkai.journal.chain import SWEEPER
from gongkai.paperwork.errors import PaperworkError
from gongkai.review.models import Draft, Release
from gongkai.review.subjects import AttachedFile, Content, Part, Problem, SubjectKind
from gongkai.rulebook.letters import LETTER_KINDS
from gongkai.rulebook.remedies import RemedyError


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
        found = []
        try:
            notice = letters.remedy(letter, clock.today())
        except RemedyError as error:
            return [Problem("remedy", str(error))]
        shown = written.elements | ({"remedy": notice.text} if notice else {})
        for element in wording.missing(letter.kind, shown, remedy=letters.carries_remedy(letter)):
            words = _("The letter lacks “%(element)s”; write it.") % {"element": element.label}
            found.append(Problem(element.key, words))
        if names := _named(letter, written):
            words = _("A third party is not told who applied: take “%(names)s” out.") % {"names": names}
            found.append(Problem("information", words))
        if not found:
            try:
                rendering.proof(letter, self.freeze(draft))
            except PaperworkError as error:
                found.append(Problem("", str(error)))
        return found

    def freeze(self, draft: Draft) -> Content:
        letter = _letter(draft.subject_id)
        notice = letters.remedy(letter, clock.today())
        chosen = Attachment.objects.filter(
            pk__in=draft.content["attachments"], owner_kind=LETTER, owner_id=letter.pk
        )
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
            "attachments": [
                {"id": str(row.pk), "digest": row.file_id, "name": row.name}
                for row in chosen.order_by("uploaded_at", "pk")
            ],
        }

    def parts(self, content: Content) -> list[Part]:
        written = letters.opened(content)
        labels = {each.key: each.label for each in LETTER_KINDS[content["kind"]].required()}
        return [
            Part(labels.get(name, name), text)
            for name, text in written.elements.items()
            if text and name not in ("registration_number", "received_on", "channel")
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

    def released(self, release: Release, content: Content, actor: Actor | None) -> None:
        letter = Letter.objects.select_for_update().get(pk=release.subject_id)
        if letter.dropped:
            raise Refused(_("This letter will not be sent any more."))
        still_the_law(letter, content, clock.today())
        series = wording.TEMPLATES[letter.kind].series
        form = letter.agency.option(f"letter_form_{series}", wording.SERIES[series])
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
        raise Refused(
            _("The law on remedies has changed: return the letter, and submit it with the new notice."),
            "、".join(now.law) if now else "",
        )


def _letter(pk: UUID) -> Letter:
    return Letter.objects.select_related("application__agency", "agency", "decision").get(pk=pk)


def _named(letter: Letter, written: letters.Written) -> str:
    """The applicant's name, where a letter to somebody else holds it."""
    if wording.TEMPLATES[letter.kind].recipient == "applicant":
        return ""
    case: Application = letter.application
    name = personal.person(case).name.strip()
    shown = [text for key, text in written.elements.items() if key in wording.TEMPLATES[letter.kind].elements]
    return name if name and any(name in text for text in shown) else ""
