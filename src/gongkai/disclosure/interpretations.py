"""Interpretations of policy documents (政策解读) as an information type: what each explains, in which form, by whom.

That document, plan and interpretation go together (三同步) stands in `joint_releases`.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.disclosure import content as contents
from gongkai.disclosure import items, policies, varieties
from gongkai.disclosure.models import Interpretation, Item
from gongkai.disclosure.varieties import PREFIX, More, Variety
from gongkai.review import drafts
from gongkai.review.models import Draft
from gongkai.review.subjects import Problem
from gongkai.rulebook import interpretation as rules

CODE = "interpretation"
COLUMN = "interpretation"
# The policy documents that the form offers, newest first.
OFFERED = 200


def fields(item: Item) -> Mapping[str, forms.Field]:
    """Of the draft of an interpretation; the policy documents offered are those of its agency."""
    return {
        "policy": forms.ChoiceField(
            label=gettext_lazy("Policy document that it interprets"),
            choices=[("", "—"), *offered(item.agency, item)],
            required=False,
        ),
        "other": forms.CharField(
            label=gettext_lazy("Or a document of another organ"),
            required=False,
            max_length=300,
            help_text=gettext_lazy("Its title and number."),
        ),
        "other_url": forms.URLField(
            label=gettext_lazy("Address of that document"),
            required=False,
            max_length=500,
            assume_scheme="https",
        ),
        "form": forms.ChoiceField(
            label=gettext_lazy("Form"), choices=[("", "—"), *rules.FORMS.items()], required=False
        ),
        "who": forms.ChoiceField(
            label=gettext_lazy("Kind of interpreter"),
            choices=[("", "—"), *rules.INTERPRETERS.items()],
            required=False,
            help_text=gettext_lazy("Who drafts a document interprets it, its principal leader first."),
        ),
        "by": forms.CharField(
            label=gettext_lazy("Interpreted by"),
            required=False,
            max_length=100,
            help_text=gettext_lazy("Department, or name and office, as the page will say it."),
        ),
        "points": forms.CharField(
            label=gettext_lazy("Key points"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=gettext_lazy("One in each line; they stand above the text."),
        ),
        "video_url": forms.URLField(
            label=gettext_lazy("Address of the video or conference"),
            required=False,
            max_length=500,
            assume_scheme="https",
        ),
    }


def offered(agency: Agency, item: Item | None = None) -> list[tuple[str, str]]:
    """The policy documents of an agency that can be referred to, drafts among them: (id, title with number)."""
    rows = Item.objects.filter(
        agency=agency, variety=policies.CODE, state__in=(Item.State.DRAFT, Item.State.PUBLIC)
    )
    found = list(rows.order_by("-created_at")[:OFFERED])
    chosen = link_of(item) if item is not None else None
    if chosen is not None and chosen.policy is not None and chosen.policy not in found:
        found.insert(0, chosen.policy)
    return [(str(row.pk), f"{row.title} {row.document_number}".strip()) for row in found]


def link_of(item: Item) -> Interpretation | None:
    """The interpretation that an item is, with the policy document that it explains."""
    return Interpretation.objects.filter(item=item).select_related("policy").first()


def policy_of(more: More, agency: Agency) -> Item | None:
    """The policy document of the same agency that is named; None where there is none."""
    try:
        pk = UUID(str(more.get("policy") or ""))
    except ValueError:
        return None
    return Item.objects.filter(pk=pk, agency=agency).first()


def problems(more: More, draft: Draft) -> list[Problem]:
    """What an interpretation lacks before it is submitted."""
    found: list[Problem] = []

    def need(name: str, message: str, wrong: bool) -> None:
        if wrong:
            found.append(Problem(f"{PREFIX}{name}", message))

    policy = policy_of(more, draft.agency)
    need(
        "policy",
        _("Name the policy document that it interprets."),
        policy is None and not str(more.get("other", "")).strip(),
    )
    need(
        "policy",
        _("This document is filed as not public or withdrawn: it cannot be interpreted."),
        policy is not None and policy.state not in (Item.State.DRAFT, Item.State.PUBLIC),
    )
    need(
        "policy", _("A text does not interpret itself."), policy is not None and policy.pk == draft.subject_id
    )
    need("form", _("Choose the form of the interpretation."), more.get("form") not in rules.FORMS)
    need("by", _("Say who interprets."), not str(more.get("by", "")).strip())
    need(
        "video_url",
        _("Give the address of the video or conference."),
        more.get("form") in ("video", "press") and not more.get("video_url") and not _has_files(draft),
    )
    return found


def _has_files(draft: Draft) -> bool:
    return bool(draft.content.get("attachments"))


def metadata(more: More) -> list[tuple[str, str]]:
    """For the reviewers: what is interpreted, in which form, by whom."""
    row = Item.objects.filter(pk=more["policy"]).first() if more.get("policy") else None
    return [
        (_("interprets"), f"{row.title} {row.document_number}".strip() if row else ""),
        (_("interprets"), " ".join(filter(None, (more.get("other"), more.get("other_url"))))),
        (_("form"), rules.FORMS.get(str(more.get("form", "")), "")),
        (_("kind of interpreter"), rules.INTERPRETERS.get(str(more.get("who", "")), "")),
        (_("interpreted by"), str(more.get("by", ""))),
        (_("video or conference"), str(more.get("video_url", ""))),
    ]


def saved(item: Item, more: More | None) -> None:
    """Keep the link of a draft that was never public; None where the item is no interpretation (any more)."""
    if more is None:
        Interpretation.objects.filter(item=item).delete()
        return
    keep(item, more)


def row_of(item: Item, content: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Policy document and form that a content names; None where it is no interpretation."""
    if content.get("variety") != CODE:
        return None
    policy = policy_of(content["more"], item.agency)
    return policy and policy.pk, str(content["more"].get("form", ""))[:12]


def keep(item: Item, more: More) -> None:
    Interpretation.objects.update_or_create(
        item=item, defaults={"policy": policy_of(more, item.agency), "form": str(more.get("form", ""))[:12]}
    )


def entered(item: Item, content: Mapping[str, Any]) -> None:
    """Inside the release: what the public reads is what was released."""
    keep(item, content["more"])


def left(item: Item) -> None:
    """Inside a release under another type: it interprets nothing any more."""
    Interpretation.objects.filter(item=item).delete()


def of_policy(policy: Item) -> list[Item]:
    """The interpretations of a policy document by its own agency, drafts among them, oldest first."""
    rows = Item.objects.filter(interpretation__policy=policy, agency_id=policy.agency_id)
    rows = rows.filter(state__in=(Item.State.DRAFT, Item.State.PUBLIC)).select_related("agency")
    return list(rows.order_by("created_at"))


def begin(actor: Actor, policy: Item) -> Item:
    """A first draft of the interpretation of a policy document, linked to it. Raises Refused."""
    require(actor, "item.draft", policy.agency)
    if policy.variety != policies.CODE or policy.state not in (Item.State.DRAFT, Item.State.PUBLIC):
        raise Refused(_("Only a policy document in drafting or public is interpreted."))
    draft = drafts.draft_of(contents.KIND, policy.pk)
    plan = (draft.content.get("more") or {}) if draft is not None else {}
    forms_planned = plan.get("plan_form") or [""]
    item, _draft = items.begin(
        actor,
        policy.agency,
        {
            "title": f"《{policy.title}》政策解读"[:300],
            "column": COLUMN,
            "attribute": contents.PROACTIVE,
            "five_open": "decision",
            "variety": CODE,
            "more": {
                "policy": str(policy.pk),
                "form": forms_planned[0],
                "by": str(plan.get("plan_by", "")),
                "who": "",
                "other": "",
                "other_url": "",
                "points": "",
                "video_url": "",
            },
        },
    )
    return item


def register() -> None:
    """Make the type known; called once at start-up."""
    varieties.register(
        Variety(
            CODE,
            gettext_lazy("Interpretation of a policy"),
            words=gettext_lazy("explains a policy document; the two pages lead to each other."),
            fields=fields,
            texts={"other": "被解读文件", "by": "解读人", "points": "要点"},
            problems=problems,
            metadata=metadata,
            entered=entered,
            left=left,
            saved=saved,
        )
    )
