"""What the review knows of an item."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gongkai.agencies import calendars, number_forms, numbering, options
from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused
from gongkai.disclosure import body, counts, items, joint_releases, normative, projects, standards, varieties
from gongkai.disclosure import content as contents
from gongkai.disclosure.models import Column, Item
from gongkai.journal.chain import SWEEPER
from gongkai.review.models import Draft, Release, ReviewState, Revision, Withdrawal
from gongkai.review.subjects import AttachedFile, Content, Outlet, Part, Problem, SubjectKind
from gongkai.rulebook import terms
from gongkai.rulebook.calendar import CalendarError

# Central practice: code/year-number (rulebook 8.2); Henan adds the column. A setting of the agency changes it.
INDEX_FORM = "index_form"
options.declare(
    number_forms.option(INDEX_FORM, _("Form of index numbers"), "{code}/{year}-{n:05d}", space="index")
)


# Where a finding is, in the words of the form; kept with the finding, so not translated.
PLACES = {
    "title": "标题",
    "summary": "内容概述",
    "keywords": "关键词",
    "source": "信息来源",
    "reason": "理由",
    "document_number": "发文字号",
    "theme": "主题",
    "genre": "体裁",
    "how_obtained": "获取方式",
    "holding_form": "载体形式",
    "standard": "标准目录事项",
    "project_point": "项目公开环节",
}


def publishing_due(formed: date) -> date | None:
    """The last day for publishing what was formed on that day (art. 26); None outside the calendar, and before the
    regulation of 2019 was in force."""
    try:
        return terms.publishing_due(formed, calendars.current()).on
    except (CalendarError, terms.TermError):
        return None


class ItemKind(SubjectKind):
    kind = contents.KIND
    label = _("item")
    public = True
    checklists = {
        1: (
            ("true", _("The content is true, accurate and complete; names, dates and figures were checked.")),
            ("attribute", _("The disclosure attribute and column are right.")),
            ("personal", _("No personal data goes out beyond what the law asks for.")),
        ),
        2: (
            ("secret", _("No state secret and no work secret, derived ones included (保密法 35, 64).")),
            ("prohibited", _("Disclosure is not prohibited by law or regulation (条例 14).")),
            (
                "safety",
                _(
                    "National, public and economic security and social stability are not endangered (条例 14)."
                ),
            ),
            ("third", _("No business secret or privacy of others, or they agreed (条例 15).")),
            (
                "internal",
                _(
                    "No internal affairs, process information or enforcement file that is to stay closed (条例 16)."
                ),
            ),
            ("others", _("Other agencies concerned were consulted and approvals obtained (条例 11).")),
            (
                "aggregate",
                _(
                    "Together with what is public already it reveals nothing that must stay closed (实施条例 43)."
                ),
            ),
        ),
        3: (
            ("read", _("I have read the text as it will appear.")),
            ("agree", _("I agree to its publication by this agency.")),
        ),
    }

    def title(self, content: Content) -> str:
        return str(content["title"])

    def problems(self, draft: Draft) -> list[Problem]:
        return contents.problems(draft) + projects.problems(draft)

    def freeze(self, draft: Draft) -> Content:
        return contents.freeze(draft)

    def parts(self, content: Content) -> list[Part]:
        texts = [Part(words, str(content.get(name, ""))) for name, words in PLACES.items()]
        more, variety = content.get("more") or {}, varieties.of(content)
        texts += [Part(place, str(more.get(name, ""))) for name, place in variety.texts.items()]
        further = [Part(place, html, "html") for place, html in varieties.bodies(content)]
        if address := contents.original(content)[0]:
            texts.append(Part("原发布地址", address))
        return [*texts, Part("正文", content["body"], "html"), *further]

    def facts(self, content: Content) -> list[tuple[str, str]]:
        column = Column.objects.filter(code=content["column"]).first()
        reason = content["reason"]
        attribute = contents.ATTRIBUTES.get(content["attribute"], "")
        formed = f"，形成于{content['formed_on']}，20个工作日内公开" if content["formed_on"] else ""
        return [
            ("发文字号", content["document_number"] or "无"),
            ("载体和来源", f"{content['source'] or '本机关'}，附件{len(content['attachments'])}件"),
            (
                "拟公开方式、渠道、时间",
                f"主动公开，本机关网站{f'“{column.name}”栏目' if column else ''}{formed}",
            ),
            ("公开属性建议和理由", f"{attribute}（{reason}）" if reason else attribute),
            *([("原载", contents.original_words(content))] if any(contents.original(content)) else []),
        ]

    def outlet(self, content: Content, agency: Agency) -> Outlet:
        column = Column.objects.filter(code=content.get("column", "")).first()
        return Outlet(column=column.name if column else "")

    def files(self, content: Content) -> list[AttachedFile]:
        attached = [AttachedFile(row["digest"], row["name"]) for row in content["attachments"]]
        shown: list[AttachedFile] = []

        def note(digest: str) -> str:
            shown.append(AttachedFile(digest, f"{digest[:8]}"))
            return ""

        for html in (content["body"], *(html for _place, html in varieties.bodies(content))):
            body.show(html, note)
        return [*attached, *shown]

    def column(self, content: Content) -> str:
        return str(content["column"])

    def columns(self) -> list[tuple[str, str]]:
        return list(Column.objects.values_list("code", "name"))

    def due_on(self, draft: Draft) -> date | None:
        formed = contents.day(draft.content.get("formed_on", ""))
        return publishing_due(formed) if formed else None

    def preview(self, content: Content, agency: Agency) -> str:
        return render_to_string(
            "disclosure/preview.html",
            {
                "content": content,
                "agency": agency,
                "metadata": contents.metadata(content),
                "body": body.show(content["body"], private_address),
                "further": [
                    (place, body.show(html, private_address)) for place, html in varieties.bodies(content)
                ],
                "attachments": [
                    row | {"url": private_address(row["digest"])} for row in content["attachments"]
                ],
            },
        )

    def lines(self, content: Content) -> list[str]:
        head = [f"{name}：{content[name]}" for name in contents.TEXTS if name != "body" and content.get(name)]
        files = [f"附件：{row['name']} {row['digest'][:12]}" for row in content["attachments"]]
        variety, more = varieties.of(content), content.get("more") or {}
        head += [f"{label}：{value}" for label, value in variety.metadata(more) if value]
        return [*head, *body.text_lines(content["body"]), *variety.all_lines(more), *files]

    def page(self, subject_id: UUID) -> str:
        return reverse("disclosure:item", args=[subject_id])

    def original(self, content: Content) -> tuple[str, str]:
        return contents.original(content)

    def released(self, release: Release, content: Content, actor: Actor | None) -> None:
        item = Item.objects.select_for_update().get(pk=release.subject_id)
        counted, variety = counts.place(item), item.variety
        if content["attribute"] != contents.PROACTIVE:
            raise Refused(_now("Only what is marked for proactive disclosure is released."))
        if not item.index_number:
            form = options.read(item.agency, INDEX_FORM)
            item.index_number = numbering.issue(
                item.agency,
                "index",
                form,
                who=actor.who if actor else SWEEPER,
                subject=(self.kind, item.pk),
            ).text
        item.title = content["title"]
        item.attribute = content["attribute"]
        item.column = Column.objects.get(code=content["column"])
        item.formed_on = contents.day(content["formed_on"])
        item.document_number = content["document_number"]
        item.five_open = content["five_open"]
        item.variety = content.get("variety", "")
        item.live = release
        item.state = Item.State.PUBLIC
        item.released_at = item.released_at or release.released_at
        item.changed_at = release.released_at
        item.listed_at = item.listed_at or _listed_at(content) or release.released_at
        item.save()
        counts.moved(counted, counts.place(item))
        normative.register(item, content)
        standards.released(item, content)
        projects.released(item, content)
        varieties.entered(item, content, variety)

    # 三同步: a policy document and its interpretation wait for each other.
    held_consequence = _(
        "It is approved, and goes out in one act with “%(agency)s” once that is approved too."
    )
    held_label = _("Approve; it goes out together with the other")
    held_refusal = _("No time can be set: it goes out together with “%(agency)s”.")

    def holds(self, revision: Revision) -> str:
        return joint_releases.holds(revision)

    def companions(self, revision: Revision) -> Sequence[Revision]:
        return joint_releases.companions(revision)

    def beside(self, revision: Revision) -> Sequence[dict[str, Any]]:
        return joint_releases.beside(revision)

    def after_steps(self, revision: Revision) -> str:
        third = revision.approvals.filter(step=3).order_by("-pk").first()
        waits = third is not None and third.release_at is None
        return str(ReviewState.State.HELD.value) if waits else ""

    def withheld(self, subject_id: UUID, grounds: Sequence[str], reason: str, actor: Actor) -> None:
        """The item becomes one that is withheld; what is public of it stays until somebody withdraws it (I10)."""
        item = Item.objects.select_for_update().select_related("agency").get(pk=subject_id)
        if item.state != Item.State.PUBLIC:
            items.file_closed(
                actor, item, attribute=contents.WITHHELD, ground=grounds[0], reason=reason[:500]
            )

    def withdrawn(self, withdrawal: Withdrawal) -> None:
        item = Item.objects.select_for_update().get(pk=withdrawal.release.subject_id)
        counted = counts.place(item)
        Item.objects.filter(pk=item.pk).update(
            state=Item.State.WITHDRAWN, live=None, changed_at=withdrawal.at
        )
        counts.moved(counted, None)
        standards.withdrawn(item)
        projects.withdrawn(item)


def _listed_at(content: Content) -> datetime | None:
    """The day on which an imported item was public before, as the moment by which lists order it."""
    day = contents.day(contents.original(content)[1])
    return timezone.make_aware(datetime.combine(day, time())) if day else None


def private_address(digest: str) -> str:
    """Where reviewers see a file of a revision; the policy is asked there."""
    return reverse("disclosure:revision_file", args=[digest])
