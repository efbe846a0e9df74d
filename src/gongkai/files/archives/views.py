"""Staff pages of filing: what is ready, what is filed, one file, its packages."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongkai.agencies.pages import StaffList, actor_of, staff_only
from gongkai.agencies.policy import Actor, Refused, agencies_for, allowed, require
from gongkai.files.archives import filing as filings
from gongkai.files.archives import kinds, packages, retention
from gongkai.files.archives.forms import FileForm, PackageForm
from gongkai.files.archives.kinds import ArchiveKind
from gongkai.files.archives.tables import FilingFilters, FilingTable, ReadyFilters, ReadyTable
from gongkai.files.models import Appraisal, DestructionList, Filing, FilingState, Package

State = FilingState.State
# Parts of a package that are opened by themselves.
PARTS = {"catalogue": packages.CATALOGUE, "record": packages.RECORD}


class ReadyList(StaffList):
    """Finished subjects of one kind that wait to be filed."""

    table_class = ReadyTable
    filterset_class = ReadyFilters
    act = "archive.build"
    title = gettext_lazy("To be filed")
    intro = gettext_lazy("What is finished is filed: it gets an archive number, and a package is built.")

    @cached_property
    def archive_kind(self) -> ArchiveKind:
        """The kind that was asked for; else the first of which something waits."""
        known = kinds.kinds()
        wanted = [each for each in known if each.kind == self.request.GET.get("kind", "")]
        return next((each for each in wanted or known if self.waiting(each).exists()), (wanted or known)[0])

    def waiting(self, kind: ArchiveKind) -> Any:
        """What is finished and not filed, of the reader's agencies."""
        filed = Filing.objects.filter(kind=kind.kind).values("subject_id")
        mine = kind.finished().filter(agency__in=self.agencies())
        return mine.select_related("agency").exclude(pk__in=filed)

    def get_queryset(self) -> Any:
        self.queryset = self.waiting(self.archive_kind)
        return super().get_queryset()

    def get_filterset_kwargs(self, filterset_class: Any) -> dict[str, Any]:
        said = self.request.GET.copy()
        said["kind"] = self.archive_kind.kind
        return super().get_filterset_kwargs(filterset_class) | {"data": said}

    def get_table_kwargs(self) -> dict[str, Any]:
        return super().get_table_kwargs() | {"archive_kind": self.archive_kind.kind}


class FilingList(StaffList):
    """What is filed."""

    model = Filing
    table_class = FilingTable
    filterset_class = FilingFilters
    act = "archive.list"
    title = gettext_lazy("Archive files")

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("agency", "state")

    def get_table_kwargs(self) -> dict[str, Any]:
        """A column that says the same in every row is left out."""
        left_out = ["agency"] if self.agencies().count() == 1 else []
        return super().get_table_kwargs() | {"exclude": left_out}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        may = agencies_for(self.actor, "archive.appraise").exists()
        add = {"label": _("Appraise files"), "url": reverse("files:archives:appraise")}
        return context | {"primary": add if may else None}


def filing_for(request: HttpRequest, pk: UUID) -> Filing:
    """The file, where the policy lets the reader see it; else 404."""
    row = get_object_or_404(Filing.objects.select_related("agency", "person", "state"), pk=pk)
    if not allowed(actor_of(request), "archive.list", row.agency):
        raise Http404
    return row


@staff_only
def file(request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
    """File one finished subject."""
    try:
        known = kinds.kind_of(kind)
    except KeyError as error:
        raise Http404 from error
    actor = actor_of(request)
    found = known.subject(pk)
    if found is None or not allowed(actor, "archive.list", found.agency):
        raise Http404
    if (done := filings.filing_of(kind, pk)) is not None:
        return redirect("files:archives:filing", pk=done.pk)
    require(actor, "archive.build", found.agency)
    standard = retention.years_of(found.agency, kind)
    form = FileForm(request.POST or None, standard=standard)
    if request.method == "POST" and form.is_valid():
        try:
            row = filings.file(actor, known, pk, form.cleaned_data["years"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Filed as %(number)s.") % {"number": row.number})
            return redirect("files:archives:filing", pk=row.pk)
    context = {
        "form": form,
        "title": _("File: %(title)s") % {"title": found.title},
        "submit_label": _("File and build the package"),
        "consequence": _("It gets its archive number, which stays; every document is put into one package."),
        "cancel_url": f"{reverse('files:archives:ready')}?kind={kind}",
    }
    return render(request, "workbench/form.html", context)


@staff_only
def filing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One file: what it is, how long it is kept, its packages, what became of it."""
    row = filing_for(request, pk)
    actor = actor_of(request)
    packed = list(row.packages.select_related("file", "person"))
    gone = row.state.state == State.DESTROYED
    primary, acts = _acts(actor, row, packed)
    found = kinds.kind_of(row.kind).subject(row.subject_id)
    context = {
        "title": row.title,
        "number": row.number,
        "primary": primary,
        "acts": acts,
        "filing": row,
        "gone": gone,
        "facts": [
            {"label": _("kind"), "value": kinds.kind_of(row.kind).label},
            {"label": _("agency"), "value": row.agency.name},
            {"label": _("number"), "value": row.reference, "url": found.url if found else ""},
            {"label": _("finished on"), "value": row.ended_on},
            {"label": _("filed on"), "value": row.filed_on},
            {"label": _("filed by"), "value": row.person.name},
            {"label": _("retention period"), "value": packages.period(row.years)},
            {"label": _("state"), "value": row.state.get_state_display()},
            {"label": _("appraisal possible from"), "value": row.state.appraise_on},
        ],
        "files": [] if gone or not allowed(actor, "archive.read", row.agency) else _files(row, packed),
        "timeline": _timeline(row, packed),
    }
    return render(request, "archives/filing.html", context)


def _acts(
    actor: Actor, row: Filing, packed: list[Package]
) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    state = row.state.state
    acts = []
    if packed and state != State.DESTROYED and allowed(actor, "archive.read", row.agency):
        for part, words in (("catalogue", _("Catalogue of the file")), ("record", _("Record sheet"))):
            acts.append(
                {"label": words, "url": reverse("files:archives:package", args=[packed[-1].pk, part])}
            )
    if packed and state != State.DESTROYED:
        check = reverse("files:archives:check", args=[packed[-1].pk])
        acts.append({"label": _("Check the package"), "url": check, "method": "post"})
    if allowed(actor, "archive.appraise", row.agency) and state in (
        State.FILED,
        State.DOOMED,
        State.TRANSFERRED,
    ):
        url = f"{reverse('files:archives:appraise')}?filing={row.pk}"
        acts.append({"label": _("Appraise"), "url": url, "method": "get"})
    build = None
    if allowed(actor, "archive.build", row.agency) and state != State.DESTROYED:
        label = _("Build the package again") if packed else _("Build the package")
        build = {"label": label, "url": reverse("files:archives:build", args=[row.pk]), "method": "post"}
        if packed:
            acts.append(build)
    return (None if packed else build), acts


def _files(row: Filing, packed: list[Package]) -> list[dict[str, Any]]:
    found = []
    for package in reversed(packed):
        address = reverse("files:archives:package", args=[package.pk, "package"])
        name = _("Package, version %(n)d") % {"n": package.version}
        words = _("%(documents)d documents, %(pages)d pages") % {
            "documents": package.documents,
            "pages": package.pages,
        }
        found.append({"name": name, "url": address, "kind": "zip", "size": package.file.size, "note": words})
    return found


def _timeline(row: Filing, packed: list[Package]) -> list[dict[str, Any]]:
    lines = [{"when": row.at, "title": _("filed"), "who": row.person.name}]
    for package in packed:
        lines.append(
            {
                "when": package.at,
                "title": _("package built, version %(n)d") % {"n": package.version},
                "who": package.person.name,
                "detail": f"SM3 {package.digest}",
            }
        )
    examined = Appraisal.objects.filter(rows__filing=row).select_related("person", "decision__person")
    for appraisal in examined:
        lines.append(
            {
                "when": appraisal.at,
                "title": _("appraised: %(result)s") % {"result": appraisal.get_result_display()},
                "who": appraisal.person.name,
                "detail": appraisal.opinion,
                "url": reverse("files:archives:appraisal", args=[appraisal.pk]),
                "link": _("Open the appraisal"),
            }
        )
    named = DestructionList.objects.filter(agency=row.agency_id, content__contains=row.pk.hex)
    for made in named.select_related("made_by", "destruction__person"):
        link = {
            "url": reverse("files:archives:list", args=[made.pk]),
            "link": _("Open the list of destruction"),
        }
        lines.append(
            {
                "when": made.at,
                "title": _("put on %(number)s") % {"number": made.number},
                "who": made.made_by.name,
            }
            | link
        )
        if hasattr(made, "destruction"):
            done = made.destruction
            lines.append({"when": done.at, "title": _("destroyed"), "who": done.person.name} | link)
    return sorted(lines, key=lambda entry: entry["when"])


@staff_only
@require_POST
def build(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Build the package of a file, or build it again with what came since."""
    row = filing_for(request, pk)
    package = filings.supplement(actor_of(request), row)
    messages.success(request, _("Package built, version %(n)d.") % {"n": package.version})
    return redirect("files:archives:filing", pk=row.pk)


def _package_for(request: HttpRequest, pk: int) -> Package:
    row = get_object_or_404(Package.objects.select_related("filing__agency", "file"), pk=pk)
    if not allowed(actor_of(request), "archive.list", row.filing.agency):
        raise Http404
    return row


@staff_only
def package(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """A package, or one sheet of it, with a journal entry: it holds personal data."""
    if part != "package" and part not in PARTS:
        raise Http404
    row = _package_for(request, pk)
    data = filings.open_package(actor_of(request), row, PARTS.get(part, ""))
    pdf = part in PARTS
    name = f"{row.filing.number}-{part}.pdf" if pdf else f"{row.filing.number}-{row.version}.zip"
    response = HttpResponse(data, content_type="application/pdf" if pdf else "application/zip")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response


@staff_only
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Check a stored package against its manifest."""
    row = _package_for(request, pk)
    found = filings.check(actor_of(request), row)
    if not found:
        messages.success(request, _("The package is whole: every file is the one of its manifest."))
    for difference in found[:20]:
        messages.error(request, difference.message)
    return redirect("files:archives:filing", pk=row.filing_id)


@staff_only
def verify(request: HttpRequest) -> HttpResponse:
    """Check a package that comes from elsewhere: a disk, the national archives."""
    actor = actor_of(request)
    if not agencies_for(actor, "archive.list").exists():
        require(actor, "archive.list", None)
    form = PackageForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["package"]
        if upload.size > 2 * packages.LARGEST:
            form.add_error("package", _("This is far larger than a package of this system."))
        else:
            found = packages.verify(upload.read())
            for difference in found[:20]:
                form.add_error("package", difference.message)
            if not found:
                words = _("“%(name)s” is whole: every file is the one of its manifest.")
                messages.success(request, words % {"name": upload.name})
                return redirect("files:archives:verify")
    context = {
        "form": form,
        "title": _("Check a package"),
        "intro": _("What was changed, is missing or was put in is named."),
        "submit_label": _("Check"),
        "cancel_url": reverse("files:archives:filings"),
    }
    return render(request, "workbench/form.html", context)
