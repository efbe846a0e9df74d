"""Projects on the public site: one page each, made of the released project card, released items and computed days.

No working text of a project is shown: what was posted within the area is told by its day, the kind of place and the
agency alone (rulebook 9.4).
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from gongkai.agencies.papers import in_chinese
from gongkai.channels import addresses, parts
from gongkai.channels.renderers import Page, Standing
from gongkai.disclosure import projects
from gongkai.disclosure.content import day
from gongkai.disclosure.models import Item, Project, ProjectItem
from gongkai.journal import clock
from gongkai.portal import lists, rendering, said, varieties
from gongkai.portal.varieties import Block, Picture, Shown
from gongkai.review.models import Release
from gongkai.review.subjects import Content
from gongkai.review.submission import content_of

SHOWN = 200
SHELF = "projects/index.html"


def path(code: str) -> str:
    return f"projects/{addresses.segment(code)}/index.html"


def show(item: Item, release: Release, content: Content, picture: Picture) -> Shown:
    """Of any item: the project whose point it answers; of a project card its facts."""
    row = ProjectItem.objects.select_related("project").filter(item=item).first()
    if row is None:
        return Shown()
    card = _card(row.project)
    if card is None:
        return Shown()
    point = projects.kind_of(row.project).point(row.point)
    words = f"{card['name']}·{point.label}" if point else card["name"]
    fact = {"label": _("Project"), "value": words, "url": addresses.url(path(row.project.code))}
    if row.point != projects.CARD:
        return Shown(facts=(fact,))
    more = content.get("more") or {}
    return Shown(facts=(fact,), before=(Block("portal/partials/project_card.html", _facts(more)),))


def _card(project: Project) -> dict[str, Any] | None:
    """The further fields of the project's released card, with the item that carries it; None without one."""
    row = (
        ProjectItem.objects.filter(project=project, point=projects.CARD, item__state=Item.State.PUBLIC)
        .select_related("item__live")
        .order_by("-on", "-item_id")
        .first()
    )
    content = content_of(row.item.live.digest) if row and row.item.live else None
    return None if content is None or row is None else dict(content.get("more") or {}) | {"item": row.item}


def _facts(more: dict[str, Any]) -> dict[str, Any]:
    return {
        "facts": [
            {"label": _("Place or plot"), "value": more.get("place")},
            {"label": _("Stage now"), "value": more.get("stage")},
            {"label": _("Office on the spot, telephone"), "value": more.get("contact"), "wide": True},
            {"label": _("Area of expropriation"), "value": more.get("scope"), "wide": True},
        ],
        "figures": projects.figures(more),
        "figures_on": day(str(more.get("figures_on", ""))),
        "figures_source": more.get("figures_source"),
    }


def beside(item: UUID | None) -> Iterable[Standing]:
    """The list and the pages of projects that show an item or showed it; all for None."""
    if item is None:
        rows: Iterable[Project] = Project.objects.all()
    else:
        codes = set()
        for content in said.lately(item):
            codes.add(str(content.get("project_point", "")).partition("/")[0])
            if content.get("variety") == projects.CARD_TYPE:
                codes.add(str((content.get("more") or {}).get("project", "")))
        rows = Project.objects.filter(code__in=codes - {""})
        if not rows:
            return
    yield Standing("projects", index)
    for row in rows:
        yield _standing(row)


def _standing(row: Project) -> Standing:
    return Standing(f"project:{row.code}", lambda: page(row), places=(path(row.code),))


@in_chinese
def index() -> list[Page]:
    """Every project whose card is public, by kind, the newest first."""
    cards = ProjectItem.objects.filter(point=projects.CARD, item__state=Item.State.PUBLIC)
    rows = Project.objects.filter(pk__in=cards.values("project"))[:SHOWN]
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        card = _card(row)
        if card is None:
            continue
        groups.setdefault(row.get_kind_display(), []).append(
            {
                "title": card["name"],
                "url": addresses.url(path(row.code)),
                "note": "，".join(
                    filter(
                        None,
                        (card.get("place"), card.get("stage"), _("project closed") if row.closed_on else ""),
                    )
                ),
                "date": card["item"].changed_at,
            }
        )
    shown = [{"label": label, "items": items} for label, items in groups.items()]
    page = rendering.page(
        "portal/projects.html",
        groups=shown,
        section="catalogue",
        breadcrumb=[{"label": _("Projects by stages")}],
    )
    return [(SHELF, page)]


@in_chinese
def page(row: Project) -> list[Page]:
    """The page of a project; none while its card is not public."""
    card = _card(row)
    if card is None:
        return []
    answers: dict[str, list[dict[str, Any]]] = {}
    items = ProjectItem.objects.filter(project=row, item__state=Item.State.PUBLIC).exclude(
        point=projects.CARD
    )
    for answer in items.select_related("item__agency", "item__normative").order_by("on", "item_id"):
        shown = lists.rows([answer.item])[0]
        today = clock.today()
        window = answer.until is not None and {
            "from": answer.on,
            "until": answer.until,
            "open": answer.on <= today <= answer.until,
        }
        answers.setdefault(answer.point, []).append(shown | {"window": window})
    posted: dict[str, list[Any]] = {}
    for posting in row.postings.all():
        posted.setdefault(posting.point, []).append(posting)
    points = [
        {
            "point": point,
            "items": answers.get(point.code, []),
            "postings": posted.get(point.code, []),
            "done": bool(answers.get(point.code) or posted.get(point.code)),
        }
        for point in projects.kind_of(row).points
        if not point.recorded and (not point.optional or answers.get(point.code) or posted.get(point.code))
    ]
    made = rendering.page(
        "portal/project.html",
        title=card["name"],
        card=_facts(card),
        card_url=lists.item_url(card["item"]),
        kind=row.get_kind_display(),
        agency=row.agency.name,
        points=points,
        restricted=any(each["point"].restricted for each in points),
        section="catalogue",
        breadcrumb=[{"label": _("Projects by stages"), "url": "/projects/"}, {"label": card["name"]}],
    )
    return [(path(row.code), made)]


def changed(payload: dict[str, Any]) -> None:
    """Handler of project.changed: the page of a project that something was posted for."""
    row = Project.objects.select_related("agency").filter(pk=payload["project"]).first()
    if row is not None:
        parts.settle(parts.standing_part(_standing(row)))


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    varieties.everywhere(show)
    varieties.beside(beside)
