"""Staff pages of projects: the list, one with its points and what they lack, opening, changing, recording a posting."""

from typing import Any
from uuid import UUID

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.pages import Filters, StaffList, actor_of, staff_only
from gongkai.agencies.pages import kind as looks
from gongkai.agencies.policy import Refused, agencies_for, allowed
from gongkai.disclosure import projects
from gongkai.disclosure.models import Posting, Project
from gongkai.files import storage
from gongkai.journal import clock


def _day(label: Any, *, required: bool = True, initial: Any = None) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        initial=initial,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ProjectTable(tables.Table):
    """Projects of the reader's agencies."""

    name = tables.Column(attrs=looks("main"))
    begun_on = tables.DateColumn(attrs=looks("date"))
    closed_on = tables.DateColumn(attrs=looks("date"))
    lacks = tables.Column(
        verbose_name=gettext_lazy("what is wrong"), empty_values=(), orderable=False, attrs=looks("number")
    )

    class Meta:
        model = Project
        fields = ("name", "kind", "place", "agency", "begun_on", "closed_on", "lacks")
        order_by = ("-begun_on",)

    def render_name(self, record: Project) -> dict[str, Any]:
        return {"text": record.name, "url": reverse("disclosure:project", args=[record.pk])}

    def value_name(self, record: Project) -> str:
        return record.name

    def render_lacks(self, record: Project) -> int:
        return len(projects.breaches(record))


class ProjectFilters(Filters):
    """By words, kind and agency's open projects."""

    q = django_filters.CharFilter(
        field_name="name", lookup_expr="icontains", label=gettext_lazy("Words in the name")
    )
    open = django_filters.BooleanFilter(
        field_name="closed_on", lookup_expr="isnull", label=gettext_lazy("Still open")
    )

    class Meta:
        model = Project
        fields = ("q", "kind", "open")


class ProjectList(StaffList):
    """Projects that disclose by stages."""

    model = Project
    table_class = ProjectTable
    filterset_class = ProjectFilters
    act = projects.READ
    title = gettext_lazy("Projects by stages")
    primary = {
        "label": gettext_lazy("Open a project"),
        "url": "/workbench/projects/new/",
        "act": projects.EDIT,
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("agency").prefetch_related("items", "postings")


def project_for(request: HttpRequest, pk: UUID, act: str = projects.READ) -> Project:
    """The project, where the policy lets the reader do `act`; else 404."""
    row = get_object_or_404(Project.objects.select_related("agency", "created_by"), pk=pk)
    if not allowed(actor_of(request), act, row.agency):
        raise Http404
    return row


class ProjectForm(forms.Form):
    """A new project, or the working data of one."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[(kind.code, kind.label) for kind in projects.rules.KINDS.values()],
    )
    place = forms.CharField(label=gettext_lazy("Place or plot"), max_length=200)
    begun_on = _day(gettext_lazy("Begun on"), initial=clock.today)


class ChangeForm(ProjectForm):
    """What of a project may change; closing it takes it out of the forms of items."""

    kind = None
    begun_on = None
    closed_on = _day(gettext_lazy("Closed on"), required=False)


@staff_only
def begin(request: HttpRequest) -> HttpResponse:
    """Open a project."""
    actor = actor_of(request)
    agency = agencies_for(actor, projects.EDIT).first()
    if agency is None:
        raise Refused(_("You may not keep projects for this agency."))
    form = ProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = projects.begin(actor, agency, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request, _("Opened. Write its project card: the public page shows what is released.")
            )
            return redirect("disclosure:project", pk=row.pk)
    context = {
        "form": form,
        "title": _("Open a project"),
        "intro": _("These are working data; nothing of them is public."),
        "cancel_url": reverse("disclosure:projects"),
    }
    return render(request, "workbench/form.html", context)


@staff_only
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change the working data of a project, or close it."""
    row = project_for(request, pk, projects.EDIT)
    initial = {"name": row.name, "place": row.place, "closed_on": row.closed_on}
    form = ChangeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            projects.change(actor_of(request), row, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("disclosure:project", pk=row.pk)
    context = {
        "form": form,
        "title": _("Change: %(name)s") % {"name": row.name},
        "consequence": _("The public page follows the project card alone; nothing of it changes by this."),
        "cancel_url": reverse("disclosure:project", args=[row.pk]),
    }
    return render(request, "workbench/form.html", context)


@staff_only
def project(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A project with its points in order: what is published, what was posted, what is wrong."""
    row = project_for(request, pk)
    actor = actor_of(request)
    may = allowed(actor, projects.EDIT, row.agency)
    kind = projects.kind_of(row)
    items: dict[str, list[Any]] = {}
    for answer in row.items.select_related("item").order_by("on")[:500]:
        items.setdefault(answer.point, []).append(answer)
    posted: dict[str, list[Posting]] = {}
    for posting in row.postings.select_related("photo")[:500]:
        posted.setdefault(posting.point, []).append(posting)
    labels = {point.code: point.label for point in kind.points}
    context = {
        "title": row.name,
        "number": row.code,
        "project": row,
        "facts": [
            {"label": _("kind"), "value": row.get_kind_display()},
            {"label": _("agency"), "value": row.agency.name},
            {"label": _("place or plot"), "value": row.place},
            {"label": _("begun on"), "value": row.begun_on},
            {"label": _("ended on"), "value": row.closed_on},
            *(
                {"label": _("%(point)s: until") % {"point": labels[code]}, "value": last}
                for code, last in projects.measures(row)
            ),
        ],
        "findings": [
            {"severity": "warning", "title": labels[each.point], "advice": each.words, "excerpt": each.law}
            for each in projects.breaches(row)
        ],
        "points": [
            {
                "point": point,
                "items": items.get(point.code, []),
                "postings": posted.get(point.code, []),
                "way": _("within the area only")
                if point.restricted
                else _("on record only")
                if point.recorded
                else _("nothing yet"),
            }
            for point in kind.points
        ],
        "cards": items.get(projects.CARD, []),
        "primary": {
            "label": _("Record a posting or step"),
            "url": reverse("disclosure:project_post", args=[row.pk]),
        }
        if may and not row.closed_on
        else None,
        "acts": [
            {
                "label": _("Change or close the project"),
                "url": reverse("disclosure:project_change", args=[row.pk]),
            }
        ]
        if may
        else [],
        "public_url": f"/projects/{row.code}/" if projects.CARD in items else "",
    }
    return render(request, "disclosure/project.html", context)


class PostingForm(forms.Form):
    """What was published within the area: at which point, where, when, by whom, with a photograph."""

    point = forms.ChoiceField(label=gettext_lazy("Point of disclosure"))
    where = forms.ChoiceField(label=gettext_lazy("Where"), choices=Posting.Where.choices)
    on = _day(gettext_lazy("Posted on"), initial=clock.today)
    until = _day(gettext_lazy("Until"), required=False)
    by = forms.CharField(
        label=gettext_lazy("Posted by"),
        max_length=60,
        help_text=gettext_lazy("Who put it up; not shown to the public."),
    )
    note = forms.CharField(
        label=gettext_lazy("What was posted, exact place"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Not shown to the public."),
    )
    photo = forms.FileField(
        label=gettext_lazy("Photograph"),
        required=False,
        help_text=gettext_lazy("Kept closed, as proof of the posting."),
    )


@staff_only
def post(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a posting within the area."""
    row = project_for(request, pk, projects.EDIT)
    form = PostingForm(
        request.POST or None, request.FILES or None, initial={"point": request.GET.get("point", "")}
    )
    form.fields["point"].choices = [(point.code, point.label) for point in projects.kind_of(row).points]
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        upload = said.pop("photo")
        photo = (upload.read(storage.LARGEST + 1), upload.name) if upload else None
        try:
            posting = projects.post(actor_of(request), row, photo=photo, **said)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            closed = posting.where == Posting.Where.FILE
            messages.success(
                request,
                _("Put on record; nothing of it is public.")
                if closed
                else _("Recorded; the public page says when and where it was posted."),
            )
            return redirect("disclosure:project", pk=row.pk)
    context = {
        "form": form,
        "title": _("Record a posting: %(name)s") % {"name": row.name},
        "intro": _(
            "What the law wants published within the area only is posted there, never on the site. Steps that are published nowhere are put on record with their paper."
        ),
        "submit_label": _("Record the posting"),
        "consequence": _("A record stays as it is; a wrong one is followed by a right one."),
        "cancel_url": reverse("disclosure:project", args=[row.pk]),
    }
    return render(request, "workbench/form.html", context)
