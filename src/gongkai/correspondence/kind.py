"""What the review knows of a formal reply and of a published question and answer."""

from datetime import date
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import numbering, options
from gongkai.agencies.models import Agency
from gongkai.agencies.papers import on_record
from gongkai.agencies.policy import Actor, Refused
from gongkai.correspondence import documents, happenings, procedure, publication, replies, terms, writer
from gongkai.correspondence.models import Matter, Publication, Reply
from gongkai.correspondence.procedure import Event
from gongkai.journal import clock
from gongkai.journal.chain import SWEEPER, Who
from gongkai.review.models import Draft, Release, Withdrawal
from gongkai.review.subjects import Content, Part, Problem, SubjectKind


def _who(actor: Actor | None) -> Who:
    return actor.who if actor else SWEEPER


class ReplyKind(SubjectKind):
    """A formal reply: its release clears it for sending, and gives it number and date."""

    kind = replies.KIND
    label = _("formal reply")
    public = False
    checklists = {
        1: (
            ("true", _("The facts were checked with those who know them.")),
            ("answers", _("Every question of the letter is answered.")),
        ),
        2: (
            ("secret", _("No state secret and no work secret, derived ones included (保密法 35, 64).")),
            ("others", _("No business secret or privacy of others (条例 15).")),
        ),
        3: (("agree", _("I have read the reply and agree that it is sent as a formal document.")),),
    }

    def title(self, content: Content) -> str:
        return str(content["title"])

    def problems(self, draft: Draft) -> list[Problem]:
        said = replies.EMPTY | draft.content
        matter = _reply(draft.subject_id).matter
        found = []
        if not said["title"].strip():
            found.append(Problem("title", gettext("Give the reply a title.")))
        if not said["body"].strip():
            found.append(Problem("body", gettext("Write the text of the reply.")))
        if not said["to_writer"] and not said["addressee"].strip():
            found.append(Problem("addressee", gettext("Say to whom the reply goes.")))
        if (matter.kind, procedure.State(matter.state), Event.CLEARED) not in procedure.TABLE:
            found.append(Problem("", gettext("The matter is not in hand: no reply to it is reviewed now.")))
        if writer.told_in(matter, *(v for v in said.values() if isinstance(v, str))):
            found.append(Problem("body", gettext("Leave out the writer's particulars.")))
        if not found and (reason := documents.hindrance(matter, said, clock.today())):
            found.append(Problem("body", reason))
        return found

    def freeze(self, draft: Draft) -> Content:
        said = replies.EMPTY | draft.content
        return {
            name: value.strip() if isinstance(value, str) else bool(value)
            for name, value in said.items()
            if name in replies.EMPTY
        }

    def parts(self, content: Content) -> list[Part]:
        return [
            Part(str(label), content[name])
            for name, label in (
                ("title", _("Title")),
                ("addressee", _("Addressee")),
                ("body", _("Text")),
                ("contact", _("Contact")),
                ("phone", _("Telephone")),
                ("copies", _("Copies to")),
            )
        ]

    def due_on(self, draft: Draft) -> date | None:
        return terms.due(_reply(draft.subject_id).matter).on

    def preview(self, content: Content, agency: Agency) -> str:
        sheet = documents.paper(agency, content, number="", dated=clock.today())
        return render_to_string(
            "correspondence/reply_preview.html",
            {"sheet": sheet, "to_writer": content["to_writer"], "contact": sheet.contact.line()},
        )

    def lines(self, content: Content) -> list[str]:
        to = documents.WRITER if content["to_writer"] else content["addressee"]
        return [content["title"], f"{to}：", *content["body"].splitlines(), content["copies"]]

    def page(self, subject_id: UUID) -> str:
        return reverse("correspondence:matter", args=[_reply(subject_id).matter_id])

    def released(self, release: Release, content: Content, actor: Actor | None) -> None:
        reply = Reply.objects.select_for_update().get(pk=release.subject_id)
        if reply.number:
            raise Refused(gettext("This reply is approved and numbered; begin a new one instead."))
        matter = happenings.held(reply.matter)
        reply.number = numbering.issue(
            matter.agency,
            "reply",
            options.read(matter.agency, documents.NUMBER_FORM),
            who=_who(actor),
            subject=(self.kind, reply.pk),
        ).text
        reply.dated = clock.today()
        reply.release = release
        reply.save(update_fields=["number", "dated", "release"])
        happenings.write(
            _who(actor),
            matter,
            Event.CLEARED,
            person=actor.person if actor else None,
            data={"reply": str(reply.pk), "number": reply.number},
        )

    def withdrawn(self, withdrawal: Withdrawal) -> None:
        reply = Reply.objects.select_for_update().get(pk=withdrawal.release.subject_id)
        if reply.dispatched_on:
            raise Refused(gettext("This reply was sent; handle the matter again instead."))
        matter = happenings.held(reply.matter)
        reply.recalled = True
        reply.save(update_fields=["recalled"])
        person = withdrawal.person
        who = Who(str(person.pk), person.name)
        issued = numbering.IssuedNumber.objects.get(subject_kind=self.kind, subject_id=str(reply.pk))
        numbering.void(issued, on_record(_("taken back before it was sent")), who=who)
        happenings.write(
            who, matter, Event.RECALLED, person=person, data={"reply": str(reply.pk), "number": reply.number}
        )


class AnsweredLetterKind(SubjectKind):
    """Question and answer of a matter, rewritten without personal data for the public."""

    kind = publication.KIND
    label = _("published question and answer")
    public = True
    checklists = {
        1: (
            ("same", _("Question and answer say what the letter and the formal reply say.")),
            ("nobody", _("Nobody can be recognised: no names, numbers, doorplates or rare circumstances.")),
        ),
        2: (
            ("secret", _("No state secret and no work secret, derived ones included (保密法 35, 64).")),
            ("third", _("No business secret or privacy of others, or they agreed (条例 15).")),
        ),
        3: (("agree", _("I have read the text as it will appear and agree to its publication.")),),
    }

    def title(self, content: Content) -> str:
        return str(content["title"])

    def problems(self, draft: Draft) -> list[Problem]:
        said = publication.EMPTY | draft.content
        matter = Matter.objects.select_related("agency").get(pk=draft.subject_id)
        found = [
            Problem(name, message)
            for name, message in (
                ("title", gettext("Give it a title.")),
                ("question", gettext("Write the question in neutral words.")),
                ("answer", gettext("Write the answer.")),
            )
            if not said[name].strip()
        ]
        if reason := publication.hindrance(matter):
            found.append(Problem("", reason))
        if told := writer.told_in(matter, said["title"], said["question"], said["answer"]):
            words = gettext("The text holds %(what)s; leave it out.")
            found.append(Problem("question", words % {"what": "、".join(told)}))
        return found

    def freeze(self, draft: Draft) -> Content:
        said = publication.EMPTY | draft.content
        matter = Matter.objects.get(pk=draft.subject_id)
        return {name: said[name].strip() for name in publication.EMPTY} | {
            "kind": matter.kind,
            "received_on": matter.received_on.isoformat(),
            "answered_on": matter.answered_on.isoformat() if matter.answered_on else "",
            "days": terms.working_days_taken(matter),
        }

    def parts(self, content: Content) -> list[Part]:
        return [
            Part(str(label), content[name])
            for name, label in (
                ("title", _("Title")),
                ("question", _("Question")),
                ("answer", _("Answer")),
            )
        ]

    def preview(self, content: Content, agency: Agency) -> str:
        return render_to_string("correspondence/letter_preview.html", publication.shown(content, agency))

    def lines(self, content: Content) -> list[str]:
        return [content["title"], *content["question"].splitlines(), *content["answer"].splitlines()]

    def page(self, subject_id: UUID) -> str:
        return reverse("correspondence:matter", args=[subject_id])

    def released(self, release: Release, content: Content, actor: Actor | None) -> None:
        matter = happenings.held(Matter.objects.get(pk=release.subject_id))
        first = Publication.objects.filter(pk=matter.pk).first()
        Publication.objects.update_or_create(
            matter=matter,
            defaults={
                "agency": matter.agency,
                "title": content["title"],
                "live": release,
                "published_at": first.published_at if first else release.released_at,
                "withdrawn_at": None,
            },
        )
        happenings.write(
            _who(actor), matter, Event.PUBLISHED, person=actor.person if actor else None, data={}
        )

    def withdrawn(self, withdrawal: Withdrawal) -> None:
        matter = happenings.held(Matter.objects.get(pk=withdrawal.release.subject_id))
        Publication.objects.filter(pk=matter.pk).update(live=None, withdrawn_at=withdrawal.at)
        person = withdrawal.person
        happenings.write(Who(str(person.pk), person.name), matter, Event.UNPUBLISHED, person=person)


def _reply(pk: UUID) -> Reply:
    return Reply.objects.select_related("matter__agency").get(pk=pk)
