"""Policy documents (政策文件) as an information type: validity, what they repeal or amend, and their plan of interpretation.

政策性文件与解读方案、解读材料同步组织、同步审签、同步部署: the plan is part of the document's content, so the three
people who review the document review it too; the material is an item of its own (see `joint_releases`).
"""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.models import Agency
from gongkai.disclosure import normative, varieties
from gongkai.disclosure.content import day
from gongkai.disclosure.models import Item, NormativeDocument, NormativeEvent
from gongkai.disclosure.varieties import PREFIX, More, Variety
from gongkai.journal import clock, outbox
from gongkai.journal.chain import Who
from gongkai.review.models import Draft
from gongkai.review.subjects import Problem
from gongkai.rulebook import interpretation as rules

CODE = "policy"
YES, NO = "yes", "no"
# Documents that one paper ends or amends; a clean-up decision (清理决定) names a few hundred.
MOST_NUMBERS = 500
# Field → what happens to the documents that it names.
ENDS = {"repeals": NormativeEvent.Kind.REPEALED.value, "amends": NormativeEvent.Kind.AMENDED.value}
_OPENING, _CLOSING = "〔[［【(（", "〕]］】)）"
PLAN = ("plan_outline", "plan_form", "plan_channel", "plan_on", "plan_by")


def fields(item: Item) -> Mapping[str, forms.Field]:
    """Of the draft of a policy document."""
    days = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    lines = forms.Textarea(attrs={"rows": 2})
    return {
        "level": forms.ChoiceField(
            label=gettext_lazy("Kind of document"),
            choices=[("", "—"), *NormativeDocument.Kind.choices],
            required=False,
            help_text=gettext_lazy("Rules and normative documents are counted by the yearly report."),
        ),
        "expires_on": forms.DateField(
            label=gettext_lazy("Valid to"),
            required=False,
            widget=days,
            help_text=gettext_lazy(
                "The last day of its period of validity; on the next it lapses by itself."
            ),
        ),
        "repeals": forms.CharField(
            label=gettext_lazy("Documents that it repeals"),
            required=False,
            max_length=20000,
            widget=lines,
            help_text=gettext_lazy(
                "Their document numbers, one in each line; entered when this is released."
            ),
        ),
        "amends": forms.CharField(
            label=gettext_lazy("Documents that it amends"),
            required=False,
            max_length=20000,
            widget=lines,
            help_text=gettext_lazy(
                "Their document numbers, one in each line; entered when this is released."
            ),
        ),
        "interpret": forms.ChoiceField(
            label=gettext_lazy("Is it interpreted?"),
            choices=[
                ("", "—"),
                (YES, gettext_lazy("yes, together with the document")),
                (NO, gettext_lazy("no, on this ground")),
            ],
            required=False,
            help_text=gettext_lazy(
                "Document, plan and material are drafted, reviewed and released together (三同步)."
            ),
        ),
        "plan_outline": forms.CharField(
            label=gettext_lazy("Plan: outline"), required=False, max_length=2000, widget=lines
        ),
        "plan_form": forms.MultipleChoiceField(
            label=gettext_lazy("Plan: forms"), choices=list(rules.FORMS.items()), required=False
        ),
        "plan_channel": forms.CharField(label=gettext_lazy("Plan: channels"), required=False, max_length=200),
        "plan_on": forms.DateField(label=gettext_lazy("Plan: day"), required=False, widget=days),
        "plan_by": forms.CharField(
            label=gettext_lazy("Plan: who interprets"),
            required=False,
            max_length=100,
            help_text=gettext_lazy(
                "The principal leader of the drafting department is the first to interpret."
            ),
        ),
        "no_ground": forms.CharField(
            label=gettext_lazy("Why it is not interpreted"), required=False, max_length=500, widget=lines
        ),
    }


def numbers_of(text: str) -> list[str]:
    """The document numbers typed in a field, each once, in order."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def find(agency: Agency, number: str) -> NormativeDocument | None:
    """The document of an agency with that number, in whatever brackets and width it was typed."""
    return NormativeDocument.objects.filter(agency=agency, document_number__in=_spellings(number)).first()


def _spellings(number: str) -> set[str]:
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", number) if not sign.isspace())
    found = {number, plain}
    for opening, closing in zip(_OPENING, _CLOSING, strict=True):
        swapped = plain
        for other, shut in zip(_OPENING, _CLOSING, strict=True):
            swapped = swapped.replace(other, opening).replace(shut, closing)
        found.add(swapped)
    return found


def problems(more: More, draft: Draft) -> list[Problem]:
    """What a policy document lacks before it is submitted; of its interpretation see `joint_releases`."""
    found: list[Problem] = []

    def need(name: str, message: str, wrong: bool) -> None:
        if wrong:
            found.append(Problem(f"{PREFIX}{name}", message))

    said = draft.content
    need("level", _("Say which kind of document this is."), more.get("level") not in _levels())
    need(
        "level",
        _("It is marked as a normative document above: choose the same here."),
        bool(said.get("normative")) and more.get("level") == NormativeDocument.Kind.OTHER,
    )
    if not str(said.get("document_number", "")).strip():
        found.append(Problem("document_number", _("A policy document needs its document number.")))
    begins = day(said.get("effective_on", "")) or day(said.get("formed_on", ""))
    ends = day(more.get("expires_on", ""))
    need(
        "expires_on",
        _("It would lapse before it is in force."),
        ends is not None and begins is not None and ends < begins,
    )
    for name in ENDS:
        need(name, *_unknown(draft, numbers_of(str(more.get(name, "")))))
    need("interpret", _("Say whether it is interpreted."), more.get("interpret") not in (YES, NO))
    if more.get("interpret") == NO:
        need(
            "no_ground",
            _("Give the ground why it is not interpreted."),
            not str(more.get("no_ground", "")).strip(),
        )
    return found


def _levels() -> list[str]:
    return list(NormativeDocument.Kind.values)


def _unknown(draft: Draft, numbers: list[str]) -> tuple[str, bool]:
    if len(numbers) > MOST_NUMBERS:
        return _("At most %(n)d documents in one paper.") % {"n": MOST_NUMBERS}, True
    own = str(draft.content.get("document_number", "")).strip()
    missing = [number for number in numbers if number == own or find(draft.agency, number) is None]
    words = _("Not in the register of this agency: %(numbers)s. Check the numbers, one in each line.")
    return words % {"numbers": "、".join(missing[:10])}, bool(missing)


def metadata(more: More) -> list[tuple[str, str]]:
    """For the reviewers: validity, what it ends, and the plan of interpretation."""
    kinds = dict(NormativeDocument.Kind.choices)
    answers = {YES: _("yes, together with the document"), NO: _("no, on this ground")}
    return [
        (_("kind of document"), str(kinds.get(more.get("level", ""), ""))),
        (_("valid to"), str(more.get("expires_on", ""))),
        (_("repeals"), "、".join(numbers_of(str(more.get("repeals", ""))))),
        (_("amends"), "、".join(numbers_of(str(more.get("amends", ""))))),
        (_("interpreted"), answers.get(str(more.get("interpret", "")), "")),
        (_("plan: outline"), str(more.get("plan_outline", ""))),
        (_("plan: forms"), "、".join(rules.FORMS.get(form, form) for form in more.get("plan_form") or ())),
        (_("plan: channels"), str(more.get("plan_channel", ""))),
        (_("plan: day"), str(more.get("plan_on", ""))),
        (_("plan: who interprets"), str(more.get("plan_by", ""))),
        (_("why not interpreted"), str(more.get("no_ground", ""))),
    ]


def entered(item: Item, content: Mapping[str, Any]) -> None:
    """Inside the release: the register's row with its days, and what this paper does to others."""
    more = content["more"]
    normative.enter(
        item, content, {"kind": more["level"], "expires_on": day(str(more.get("expires_on", "")))}
    )
    leader = normative.approver_of(item)
    if leader is None:
        return
    on = day(str(content["effective_on"])) or item.formed_on or clock.today()
    for name, kind in ENDS.items():
        for number in numbers_of(str(more.get(name, ""))):
            document = find(item.agency, number)
            if document is None or document.item_id == item.pk or _said(document, kind, item):
                continue
            normative.write(
                Who(str(leader.pk), leader.name),
                leader,
                document,
                kind,
                on=max(on, document.issued_on),
                paper=f"《{item.title[:200]}》（{item.document_number}）",
                by=item,
            )


def _said(document: NormativeDocument, kind: str, item: Item) -> bool:
    return NormativeEvent.objects.filter(document=document, kind=kind, by=item).exists()


def lapsing(agencies: Any, until: date) -> Any:
    """Documents in force of these agencies that lapse from today through `until`, soonest first."""
    ended = NormativeEvent.objects.filter(kind__in=normative.ENDED).values("document")
    rows = NormativeDocument.objects.filter(agency__in=agencies, expires_on__range=(clock.today(), until))
    return rows.exclude(pk__in=ended).select_related("agency").order_by("expires_on", "pk")


def told_on_release(item: Item) -> None:
    """The pages of the documents that a paper ended or amended say so only while the paper is public."""
    for other in item.ended.values_list("document__item", flat=True).distinct():
        if other is not None:
            outbox.emit("item.changed", item=str(other))


def register(problems_more: Any = None) -> None:
    """Make the type known; called once at start-up. problems_more: further conditions, of its interpretation."""

    def every(more: More, draft: Draft) -> list[Problem]:
        return [*problems(more, draft), *(problems_more(more, draft) if problems_more else [])]

    varieties.register(
        Variety(
            CODE,
            gettext_lazy("Policy document"),
            words=gettext_lazy("a rule, a normative or other policy document: with its validity."),
            fields=fields,
            texts={
                "repeals": "废止的文件",
                "amends": "修改的文件",
                "plan_outline": "解读方案：提纲",
                "plan_channel": "解读方案：途径",
                "plan_by": "解读方案：解读人",
                "no_ground": "不解读的理由",
            },
            problems=every,
            metadata=metadata,
            entered=entered,
            # The plan is for those who review it.
            lines=lambda variety, more: [],
        )
    )
