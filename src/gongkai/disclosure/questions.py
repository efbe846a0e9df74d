"""Questions and answers (咨询答问库): what many people ask, answered once and found by subject.

The answer is the text of the item. One may begin from a published letter: its question and answer have passed three
people and name nobody, so nothing of the writer is taken over (I7).
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.db import models
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from gongkai.agencies.policy import Actor, Refused, require
from gongkai.disclosure import content as contents
from gongkai.disclosure import interpretations, items, varieties
from gongkai.disclosure.models import Item, Question
from gongkai.disclosure.varieties import PREFIX, More, Variety
from gongkai.review.models import Draft
from gongkai.review.subjects import Problem
from gongkai.review.submission import content_of, live_release

CODE = "question"
COLUMN = "questions"
# The kind of a published letter; its room stands beside this one.
LETTER = "answered_letter"


class Subject(models.TextChoices):
    """What a question is about; the pages of the public are cut by it. Codes are part of addresses."""

    RENEWAL = "renewal", gettext_lazy("shantytown renewal")
    EXPROPRIATION = "expropriation", gettext_lazy("expropriation and compensation")
    RESETTLEMENT = "resettlement", gettext_lazy("resettlement housing")
    PROPERTY = "property", gettext_lazy("property management")
    SERVICES = "services", gettext_lazy("services and procedures")
    DISCLOSURE = "disclosure", gettext_lazy("disclosure of information")
    POLICY = "policy", gettext_lazy("policies and rules")
    OTHER = "other", gettext_lazy("other matters")


class Source(models.TextChoices):
    """How the question came up; never who asked."""

    LETTER = "letter", gettext_lazy("letters to the mailbox")
    HOTLINE = "hotline", gettext_lazy("hotline")
    COUNTER = "counter", gettext_lazy("counter and telephone")
    APPLICATION = "application", gettext_lazy("applications for information")
    OWN = "own", gettext_lazy("put together by this agency")


def fields(item: Item) -> Mapping[str, forms.Field]:
    """Of the draft of a question; its title is the question in short, its text the answer."""
    return {
        "question": forms.CharField(
            label=gettext_lazy("Question"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=gettext_lazy(
                "As people ask it, without names and particulars. The text is the answer."
            ),
        ),
        "subject": forms.ChoiceField(
            label=pgettext_lazy("question", "Subject"), choices=[("", "—"), *Subject.choices], required=False
        ),
        "origin": forms.ChoiceField(
            label=gettext_lazy("Where it came up"), choices=[("", "—"), *Source.choices], required=False
        ),
        "policy": forms.ChoiceField(
            label=gettext_lazy("Policy document it rests on"),
            choices=[("", "—"), *interpretations.offered(item.agency)],
            required=False,
        ),
    }


def problems(more: More, draft: Draft) -> list[Problem]:
    """What a question lacks before it is submitted."""
    found = []
    if not str(more.get("question", "")).strip():
        found.append(Problem(f"{PREFIX}question", _("Write the question.")))
    if more.get("subject") not in Subject.values:
        found.append(Problem(f"{PREFIX}subject", _("Choose the subject under which it is found.")))
    if more.get("origin") and more["origin"] not in Source.values:
        found.append(Problem(f"{PREFIX}origin", _("Choose where the question came up.")))
    return found


def metadata(more: More) -> list[tuple[str, str]]:
    """For the reviewers."""
    policy = Item.objects.filter(pk=more["policy"]).first() if more.get("policy") else None
    return [
        (_("question"), str(more.get("question", ""))),
        (pgettext("question", "subject"), str(dict(Subject.choices).get(more.get("subject", ""), ""))),
        (_("where it came up"), str(dict(Source.choices).get(more.get("origin", ""), ""))),
        (_("policy document"), policy.title if policy else ""),
    ]


def row_of(item: Item, content: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Subject, policy document and first release by which the pages of a subject find a public item; None where it is
    no question."""
    if content.get("variety") != CODE:
        return None
    policy = interpretations.policy_of(content["more"], item.agency)
    return content["more"]["subject"], policy and policy.pk, item.released_at


def entered(item: Item, content: Mapping[str, Any]) -> None:
    """Inside the release: the entry by which the pages of a subject find it."""
    found = row_of(item, content)
    if found is None:
        return
    subject, policy, released_at = found
    Question.objects.update_or_create(
        item=item, defaults={"subject": subject, "policy_id": policy, "released_at": released_at}
    )


def left(item: Item) -> None:
    """Inside a release under another type: it is no question any more."""
    Question.objects.filter(item=item).delete()


def begin_from_letter(actor: Actor, letter: UUID) -> Item:
    """A first draft of a question from a published letter. Raises Refused where that is not public."""
    release = live_release(LETTER, letter)
    content = content_of(release.digest) if release is not None else None
    if release is None or content is None:
        raise Refused(
            _("Publish question and answer of this letter first: only what is public is taken over.")
        )
    require(actor, "item.draft", release.agency)
    paragraphs = [line.strip() for line in content["answer"].splitlines() if line.strip()]
    item, _draft = items.begin(
        actor,
        release.agency,
        {
            "title": content["title"],
            "summary": content["question"][:1000],
            "body": str(format_html_join("", "<p>{}</p>", ((line,) for line in paragraphs))),
            "attribute": contents.PROACTIVE,
            "column": COLUMN,
            "five_open": "service",
            "formed_on": content["answered_on"],
            "variety": CODE,
            "more": {
                "question": content["question"],
                "subject": "",
                "origin": Source.LETTER.value,
                "policy": "",
            },
        },
        origin=(LETTER, letter),
    )
    return item


def register() -> None:
    """Make the type known; called once at start-up."""
    varieties.register(
        Variety(
            CODE,
            gettext_lazy("Question and answer"),
            words=gettext_lazy("what many people ask, for the questions and answers."),
            fields=fields,
            texts={"question": "问题"},
            problems=problems,
            metadata=metadata,
            entered=entered,
            left=left,
        )
    )
