"""Projects that disclose by stages (征收补偿、棚户区改造、重大建设项目): their statutory points and what stands for each.

An item names the point that it answers; what may be published within the area only is posted there and recorded, the
photograph kept closed. Names and places of a project are working data: the public reads its project card (项目信息卡),
an item that three people approved.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, grant, head, oversees, require, staff, three
from gongkai.disclosure import body, varieties
from gongkai.disclosure import content as contents
from gongkai.disclosure.models import Item, Posting, Project, ProjectItem
from gongkai.disclosure.varieties import PREFIX, More, Variety
from gongkai.files import storage
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock, outbox
from gongkai.review.models import Draft
from gongkai.review.subjects import Problem
from gongkai.rulebook import expropriation as rules

READ, EDIT = "project.read", "project.edit"
CHANGED = "project.changed"
SUBJECT = "project"
CARD = "card"
grant(READ, staff | oversees, gettext_lazy("see the projects of this agency"))
grant(EDIT, three | head, gettext_lazy("keep the projects of this agency"))
PHOTO = "posting"
LARGEST_COUNT = 1_000_000


def kind_of(project: Project) -> rules.Kind:
    return rules.KINDS[project.kind]


def begin(actor: Actor, agency: Agency, *, kind: str, name: str, place: str, begun_on: date) -> Project:
    """Open a project; its code, which its address bears, is given once. Raises Refused."""
    require(actor, EDIT, agency)
    if kind not in rules.KINDS:
        raise Refused(_("Choose the kind of project."))
    stem = slugify(agency.code) or "project"
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)
        if Project.objects.filter(agency=agency, name=name).exists():
            raise Refused(_("A project of that name is there already."))
        number = Project.objects.filter(agency=agency).count() + 1
        while Project.objects.filter(code=f"{stem}-{number}").exists():
            number += 1
        try:
            row = Project.objects.create(
                code=f"{stem}-{number}",
                agency=agency,
                kind=kind,
                name=name,
                place=place,
                begun_on=begun_on,
                created_by=actor.person,
            )
        except IntegrityError as error:
            raise Refused(_("A project of that name is there already.")) from error
        chain.record("project.opened", actor.who, agency=agency.pk, subject=(SUBJECT, row.pk), name=name)
    return row


def change(actor: Actor, project: Project, *, name: str, place: str, closed_on: date | None) -> None:
    """Change the working data of a project, or close it. Raises Refused."""
    require(actor, EDIT, project.agency)
    if Project.objects.filter(agency=project.agency, name=name).exclude(pk=project.pk).exists():
        raise Refused(_("A project of that name is there already."))
    if closed_on and closed_on < project.begun_on:
        raise Refused(_("A project ends after it begins."))
    with transaction.atomic():
        before = {"name": project.name, "place": project.place}
        project.name, project.place, project.closed_on = name, place, closed_on
        project.save(update_fields=["name", "place", "closed_on"])
        chain.record(
            "project.changed",
            actor.who,
            agency=project.agency_id,
            subject=(SUBJECT, project.pk),
            before=before,
            name=name,
            place=place,
            closed_on=closed_on.isoformat() if closed_on else "",
        )


def post(
    actor: Actor,
    project: Project,
    *,
    point: str,
    where: str,
    on: date,
    until: date | None,
    by: str,
    note: str,
    photo: tuple[bytes, str] | None = None,
) -> Posting:
    """Record that something was posted within the area, or a step that is published nowhere; the photograph, or the
    paper of the step, stays closed. Raises Refused."""
    require(actor, EDIT, project.agency)
    found = kind_of(project).point(point)
    if found is None:
        raise Refused(_("Choose the point that was posted."))
    if where not in Posting.Where.values:
        raise Refused(_("Choose where it was posted."))
    if on > clock.today():
        raise Refused(_("That day lies in the future: record a posting after it was made."))
    if on < project.begun_on:
        raise Refused(_("That day lies before the project began."))
    if until and until < on:
        raise Refused(_("A posting ends after it begins."))
    if found.recorded:
        where = Posting.Where.FILE
        if lacking := rules.lacking(found, note):
            words = _("“%(point)s” lacks “%(word)s” (%(law)s): say what was attached.")
            raise Refused(words % {"point": found.label, "word": "、".join(lacking), "law": found.article})
    elif where == Posting.Where.FILE:
        raise Refused(_("“%(point)s” is published: say where it was posted.") % {"point": found.label})
    with transaction.atomic():
        picture = _photo(actor, project, photo) if photo else None
        row = Posting.objects.create(
            project=project,
            point=point,
            where=where,
            on=on,
            until=until,
            by=by.strip()[:60],
            note=note.strip()[:300],
            photo=picture,
            person=actor.person,
            at=clock.now(),
        )
        chain.record(
            "project.posted",
            actor.who,
            agency=project.agency_id,
            subject=(SUBJECT, project.pk),
            covers=[row],
            point=point,
            on=on.isoformat(),
        )
        outbox.emit(CHANGED, project=str(project.pk))
    return row


def _photo(actor: Actor, project: Project, photo: tuple[bytes, str]) -> Attachment:
    data, name = photo
    if storage.accept(data, name).extension not in storage.PICTURES | {"pdf"}:
        raise Refused(_("“%(name)s” is no photograph; take JPEG, PNG or PDF.") % {"name": name})
    return storage.attach(
        data,
        name,
        who=actor.who,
        agency=project.agency,
        owner=(SUBJECT, project.pk),
        purpose=PHOTO,
        person=actor.person,
    )


# What stands for each point


def done(project: Project) -> list[rules.Done]:
    """What was done of the points: released items and postings."""
    items = [rules.Done(row.point, row.on, row.until) for row in project.items.all() if row.point != CARD]
    return items + [rules.Done(row.point, row.on, row.until) for row in project.postings.all()]


def breaches(project: Project) -> list[rules.Breach]:
    """The rules that the project breaks today."""
    return rules.breaches(kind_of(project), done(project), clock.today())


def measures(project: Project) -> list[tuple[str, date]]:
    """Measures that last for a time, as (point, last day): what was recorded, or the longest that the law allows."""
    found: dict[str, date] = {}
    for row in done(project):
        point = kind_of(project).point(row.point)
        if last := point and rules.ends_by(point, row.on):
            found[row.point] = row.until or found.get(row.point, last)
    return list(found.items())


def points(agency: Agency) -> list[Any]:
    """The points that items of this agency can answer, in groups by its open projects; those of the area stand in no
    item."""
    rows = Project.objects.filter(agency=agency, closed_on=None)[:100]
    return [
        (
            row.name,
            [
                (f"{row.code}/{point.code}", point.label)
                for point in kind_of(row).points
                if point.audience == rules.ALL
            ],
        )
        for row in rows
    ]


def find(agency: Agency, chosen: str) -> tuple[Project, rules.Point] | None:
    """The project and point that a draft names as <project>/<point>; None where the agency has none such."""
    code, _mark, name = chosen.partition("/")
    project = Project.objects.filter(agency=agency, code=code).first()
    point = kind_of(project).point(name) if project else None
    return (project, point) if project and point else None


def problems(draft: Draft) -> list[Problem]:
    """What keeps an item from standing for the point that it names: each with the article."""
    chosen = str(draft.content.get("project_point", ""))
    if not chosen:
        return []
    found = find(draft.agency, chosen)
    if found is None:
        return [Problem("project_point", _("That point of a project is not there: choose one of the list."))]
    project, point = found
    if point.restricted:
        words = _("“%(point)s” is published within the area of expropriation only (%(law)s): post it there and "
                  "record that on the page of the project.")  # fmt: skip
        return [Problem("project_point", words % {"point": point.label, "law": point.article})]
    if point.recorded:
        words = _("“%(point)s” is put on record on the page of the project and published nowhere.")
        return [Problem("project_point", words % {"point": point.label})]
    if unrecorded := rules.unrecorded(kind_of(project), point, done(project)):
        words = _(
            "Before “%(point)s”, “%(first)s” must be on record (%(law)s): record it on the page of the project."
        )
        return [
            Problem("project_point", words % {"point": point.label, "first": each.label, "law": each.article})
            for each in unrecorded
        ]
    said = "\n".join([draft.content.get("title", ""), *body.text_lines(draft.content.get("body", ""))])
    names = Attachment.objects.filter(pk__in=draft.content.get("attachments", [])).values_list(
        "name", flat=True
    )
    lacking = rules.lacking(point, "\n".join([said, *names]))
    words = _("The announcement does not say “%(word)s”, which it must contain (%(law)s).")
    return [Problem("body", words % {"word": word, "law": point.article}) for word in lacking]


def point_of(item: Item, content: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Project, point, day and end of the window for which a public item stands by its frozen content; a project card
    stands for its project. None where it stands for none."""
    more = content.get("more") or {}
    if content.get("variety") == CARD_TYPE:
        project = Project.objects.filter(agency=item.agency, code=more.get("project", "")).first()
        point = CARD
    else:
        chosen = content.get("project_point", "") or ""
        found = find(item.agency, chosen) if chosen else None
        project, point = (found[0], found[1].code) if found else (None, "")
    if project is None or item.released_at is None:
        return None
    return (
        project.pk,
        point,
        timezone.localtime(item.released_at).date(),
        contents.day(str(more.get("ends", ""))),
    )


def released(item: Item, content: Mapping[str, Any]) -> None:
    """Inside a release: the item stands for the point that its frozen content names, and no other."""
    withdrawn(item)
    found = point_of(item, content)
    if found is not None:
        project, point, on, until = found
        ProjectItem.objects.create(item=item, project_id=project, point=point, on=on, until=until)


def withdrawn(item: Item) -> None:
    """Inside a withdrawal: the item stands for no point any more."""
    ProjectItem.objects.filter(item=item).delete()


# The project card

CARD_TYPE = "project"
LONGEST = {"name": 120, "place": 200, "stage": 60, "scope": 1000, "contact": 200, "figures_source": 200}
# Numbers of households with the words of the card, in order; each is at most the first.
COUNTS: tuple[tuple[str, Any], ...] = (
    ("households", gettext_lazy("households in the area")),
    ("signed", gettext_lazy("households with an agreement")),
    ("moved", gettext_lazy("households that have moved")),
    ("settled", gettext_lazy("households resettled")),
)


@dataclass(frozen=True)
class Figure:
    """A figure of the card: label, number, and the share of all households in percent where it has one."""

    label: str
    number: int
    share: int | None


def figures(more: More) -> list[Figure]:
    """The progress that a card states."""
    total = _count(more, "households")
    found = []
    for name, label in COUNTS:
        number = _count(more, name)
        if number is not None:
            share = number * 100 // total if total and name != "households" else None
            found.append(Figure(str(label), number, share))
    return found


def _count(more: More, name: str) -> int | None:
    try:
        return int(more.get(name, ""))
    except (TypeError, ValueError):
        return None


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def _text(name: str, label: Any, words: Any = "", *, rows: int = 0) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else None
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST[name],
        help_text=words,
        **({"widget": widget} if widget else {}),
    )


def _fields(item: Item) -> Mapping[str, forms.Field]:
    projects = Project.objects.filter(agency=item.agency)[:200]
    made: dict[str, forms.Field] = {
        "project": forms.ChoiceField(
            label=gettext_lazy("Project"),
            choices=[("", "—"), *((row.code, row.name) for row in projects)],
            required=False,
        ),
        "name": _text(
            "name", gettext_lazy("Name of the project"), gettext_lazy("As the public is to read it.")
        ),
        "place": _text("place", gettext_lazy("Place or plot")),
        "stage": _text("stage", gettext_lazy("Stage now")),
        "scope": _text("scope", gettext_lazy("Area of expropriation"), rows=3),
        "contact": _text("contact", gettext_lazy("Office on the spot, telephone")),
    }
    for name, label in COUNTS:
        made[name] = forms.IntegerField(label=label, required=False, min_value=0, max_value=LARGEST_COUNT)
    made |= {
        "figures_on": _day_field(gettext_lazy("Figures as of")),
        "figures_source": _text("figures_source", gettext_lazy("Source of the figures")),
    }
    for name in ("project", "name", "place", "stage"):
        made[name].needed = True
    return made


def _card_problems(more: More, draft: Draft) -> list[Problem]:
    found: list[Problem] = []

    def need(field: str, message: str, wrong: bool) -> None:
        if wrong:
            found.append(Problem(PREFIX + field, message))

    known = Project.objects.filter(agency=draft.agency, code=str(more.get("project", ""))).exists()
    need("project", _("Choose the project."), not known)
    for field, words in (
        ("name", _("Give the name of the project.")),
        ("place", _("Give the place of the project.")),
        ("stage", _("Say in which stage the project is.")),
    ):
        need(field, words, not str(more.get(field, "")).strip())
    total = _count(more, "households")
    counted = [name for name, _label in COUNTS if _count(more, name) is not None]
    for name in counted:
        too_many = total is None or (_count(more, name) or 0) > total
        need(name, _("That is more than the households in the area: correct one of the two."), too_many)
    day = contents.day(str(more.get("figures_on", "")))
    need("figures_on", _("Figures need the day as of which they hold."), bool(counted) and day is None)
    need("figures_on", _("That day lies in the future."), day is not None and day > clock.today())
    no_source = bool(counted) and not str(more.get("figures_source", "")).strip()
    need("figures_source", _("Figures need their source."), no_source)
    return found


def _metadata(more: More) -> list[tuple[str, str]]:
    said: Callable[[str], str] = lambda name: str(more.get(name, ""))  # noqa: E731
    rows: Iterable[tuple[Any, str]] = [
        (_("project"), said("name")),
        (_("place or plot"), said("place")),
        (_("stage now"), said("stage")),
        *((label, said(name)) for name, label in COUNTS),
        (_("figures as of"), said("figures_on")),
    ]
    return [(str(label), value) for label, value in rows if value]


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    varieties.register(
        Variety(
            CARD_TYPE,
            gettext_lazy("Project card"),
            gettext_lazy("what the public page of a project says of it: place, stage, progress"),
            fields=_fields,
            texts={
                "name": "项目名称",
                "place": "项目位置",
                "stage": "当前阶段",
                "scope": "征收范围",
                "contact": "现场联系方式",
                "figures_source": "数据来源",
            },
            problems=_card_problems,
            metadata=_metadata,
        )
    )
