"""Pages of filing: the collection of a year, one filed report with its decision, publishing unawaited."""

import time
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from gongkai.agencies.bulk import Bulk
from gongkai.agencies.deadlines import deadline, deadline_cell
from gongkai.agencies.models import Agency
from gongkai.agencies.pages import Filters, StaffList, actor_of, kind, staff_only
from gongkai.agencies.policy import Actor, Refused, agencies_for, allowed
from gongkai.journal import clock
from gongkai.reporting import (
    collecting,
    collection,
    corrections,
    document,
    filing,
    filing_checks,
    filing_pages,
    jumps,
    previous,
    rollup_outside,
)
from gongkai.reporting.filing_forms import (
    AcceptForm,
    RemindForm,
    ReturnForm,
    UnawaitedForm,
)
from gongkai.reporting.models import Filing
from gongkai.review.models import ReviewState
from gongkai.review.submission import content_of
from gongkai.rulebook.report_form import Cell
from gongkai.rulebook.terms import REPORT_LAW

# Seconds that one press spends on accepting all; each acceptance writes the public files of its report.
ACCEPTING = 20.0


class CollectionTable(tables.Table):
    """The agencies below, with where the report of the year stands."""

    name = tables.Column(verbose_name=gettext_lazy("agency"), attrs=kind("main"))
    standing = tables.Column(verbose_name=gettext_lazy("state"))
    file_by = tables.Column(verbose_name=gettext_lazy("file by"), attrs=kind("date"))
    filed_at = tables.DateTimeColumn(verbose_name=pgettext_lazy("report", "filed"), attrs=kind("date"))
    late = tables.Column(verbose_name=gettext_lazy("late"))
    errors = tables.Column(verbose_name=gettext_lazy("errors found"), attrs=kind("number"))
    published_on = tables.DateColumn(verbose_name=gettext_lazy("published"), attrs=kind("date"))
    reminded_at = tables.DateTimeColumn(verbose_name=gettext_lazy("reminded"), attrs=kind("date"))

    def __init__(self, *args: Any, year: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def render_name(self, record: Any) -> dict[str, Any]:
        url = ""
        if record.filing is not None:
            url = reverse("reporting:filed", args=[record.filing])
        elif record.report_state is not None:
            url = reverse("reporting:report", args=[record.code, self.year])
        return {"text": record.name, "url": url}

    def value_name(self, record: Any) -> str:
        return str(record.name)

    def render_standing(self, record: Any) -> dict[str, Any]:
        words = str(collection.STANDINGS[record.standing])
        cell: dict[str, Any] = {
            "light": {"state": collection.LIGHTS.get(record.standing, "none"), "words": words}
        }
        return cell | (
            {"note": record.said} if record.said and record.standing == collection.UNAWAITED else {}
        )

    def value_standing(self, record: Any) -> str:
        return str(collection.STANDINGS[record.standing])

    def render_file_by(self, record: Any) -> Any:
        there = record.filed_at is not None or record.standing in collection.PUBLIC
        return {"text": record.file_by} if there else deadline_cell(record.file_by)

    def value_file_by(self, record: Any) -> Any:
        return record.file_by

    def render_late(self, record: Any) -> Any:
        return {"light": {"state": "overdue", "words": _("late")}} if record.late else ""

    def value_late(self, record: Any) -> str:
        return _("yes") if record.late else _("no")

    def render_errors(self, record: Any) -> Any:
        if record.checked_at is None:
            return _("not checked") if record.standing == collection.FILED else ""
        note = ngettext("%(n)d warning", "%(n)d warnings", record.warnings) % {"n": record.warnings}
        return {"text": record.errors, "note": note if record.warnings else ""}

    def value_errors(self, record: Any) -> Any:
        return "" if record.checked_at is None else record.errors


class CollectionFilters(Filters):
    """By name, standing, lateness and what the checks found."""

    name = django_filters.CharFilter(lookup_expr="icontains", label=gettext_lazy("Agency contains"))
    standing = django_filters.ChoiceFilter(
        choices=list(collection.STANDINGS.items()), label=gettext_lazy("State")
    )
    late = django_filters.BooleanFilter(label=gettext_lazy("Late"))
    wrong = django_filters.BooleanFilter(label=gettext_lazy("With errors"), method="with_errors")

    class Meta:
        model = Agency
        fields = ("name", "standing", "late", "wrong")

    def with_errors(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(errors__gt=0) if value else rows.filter(errors=0)


def _accept(actor: Actor, agency: Any, said: Any, seen: str) -> None:
    if agency.standing != collection.FILED or str(agency.filing) != seen:
        raise Refused(_("This report does not wait for a decision."))
    filing.accept(actor, filing_pages.filing_of(agency.filing))


def _remind(year: int) -> Any:
    def remind(actor: Actor, agency: Any, said: Any, seen: str) -> None:
        filing.remind(actor, agency, year, said["words"])

    return remind


class Collection(StaffList):
    """Who has not begun, who drafts, reviews, filed, was returned, is public, is late; and what to do about it."""

    model = Agency
    table_class = CollectionTable
    filterset_class = CollectionFilters
    template_name = "reporting/collection.html"
    act = filing.DECIDE
    agency_field = "pk"
    paginate_by = 100

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.year = int(kwargs["year"])
        if not 2021 <= self.year <= clock.today().year:
            raise Http404
        self.title = _("Annual reports on %(year)d: collection") % {"year": self.year}
        self.bulk = (
            Bulk(
                "accept",
                gettext_lazy("Accept"),
                filing.DECIDE,
                _accept,
                state=lambda row: str(row.filing or ""),
                consequence=gettext_lazy("Each is published at once, exactly as it was filed."),
            ),
            Bulk(
                "remind",
                gettext_lazy("Remind"),
                filing.DECIDE,
                _remind(self.year),
                lambda data, actor, agencies: RemindForm(data),
                consequence=gettext_lazy("It stands in the inbox of the agency's people until they file."),
            ),
        )

    def get_queryset(self) -> Any:
        return collection.standing(collection.agencies(self.actor), self.year)

    def get_table_kwargs(self) -> dict[str, Any]:
        return super().get_table_kwargs() | {"year": self.year}

    def get_table_pagination(self, table: tables.Table) -> dict[str, Any] | bool:
        """Hundreds of agencies at most: no index of one agency's rows is needed to page them."""
        return {"per_page": self.paginate_by, "paginator_class": Paginator, "silent": True}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        below = collection.agencies(self.actor)
        by_standing, late, wrong = collection.counts(self.get_queryset())
        here = reverse("reporting:collection", args=[self.year])
        tiles = [
            {"label": words, "value": by_standing[name], "url": f"{here}?standing={name}"}
            for name, words in collection.STANDINGS.items()
            if by_standing[name] or name in (collection.NONE, collection.FILED, collection.ACCEPTED)
        ]
        tiles += [
            {"label": _("late"), "value": late, "url": f"{here}?late=true"},
            {"label": _("filed with errors"), "value": wrong, "url": f"{here}?standing=filed&wrong=true"},
        ]
        progress = filing_checks.progress(below, self.year)
        top = [a.agency for a in self.actor.appointments if a.role == "supervisor"]
        return super().get_context_data(**kwargs) | {
            "year": self.year,
            "tiles": tiles,
            "progress": progress,
            "terms": _terms(top, self.year),
            "members": [
                each
                for one in top
                if (each := rollup_outside.standing(self.actor, one, self.year)) is not None
            ],
            "law": REPORT_LAW,
            "years": [
                {"year": year, "url": reverse("reporting:collection", args=[year])}
                for year in (self.year - 1, self.year + 1)
                if 2021 <= year <= clock.today().year
            ],
            "settings": [
                {"label": each.name, "url": reverse("reporting:collecting", args=[each.code])} for each in top
            ],
        }


def _terms(tops: list[Agency], year: int) -> list[dict[str, Any]]:
    """The days of the collection, as the page shows them."""
    rules = collecting.Rules.load()
    rows = []
    for top in tops:
        rule = rules.by_agency.get(top.pk)
        applies = rule if rule is not None and rule.collects and year >= rule.first_year else None
        departments = collecting.days(applies, year, government=False)
        government = collecting.days(None, year, government=True)
        if departments is None or government is None:
            continue
        rows.append(
            {
                "agency": top,
                "collects": applies is not None,
                "basis": rule.basis if rule else "",
                "file_by": deadline(departments.file_by),
                "publish_by": deadline(departments.publish_by),
                "government": deadline(government.last_day),
            }
        )
    return rows


@staff_only
def now(request: HttpRequest) -> HttpResponse:
    """The collection of the latest year that has ended."""
    return redirect("reporting:collection", year=max(clock.today().year - 1, 2021))


@staff_only
@require_POST
def check_all(request: HttpRequest, year: int) -> HttpResponse:
    """Check every filed report of the year; what takes longer goes on in the background."""
    actor = actor_of(request)
    _collects(actor)
    asked = filing_checks.ask(actor, year)
    left = filing_checks.progress(collection.agencies(actor), year).waiting
    if left:
        messages.info(
            request, _("%(n)d reports are being checked; %(left)d are left.") % {"n": asked, "left": left}
        )
    else:
        messages.success(request, _("%(n)d filed reports were checked.") % {"n": asked})
    return redirect(f"{reverse('reporting:collection', args=[year])}?standing=filed&sort=-errors")


def _collects(actor: Actor) -> None:
    if not agencies_for(actor, filing.DECIDE).exists():
        raise Refused(_("Only a supervisor collects reports."))


@staff_only
@require_POST
def accept_all(request: HttpRequest, year: int) -> HttpResponse:
    """Accept every filed report that was checked and has no error; each is a decision of its own.

    Each is published before the next, so many seconds long; what is left is said, for another press.
    """
    actor = actor_of(request)
    _collects(actor)
    done, refused, until = 0, [], time.monotonic() + ACCEPTING
    rows = filing_checks.filed(collection.agencies(actor), year).filter(
        check_made__done_at__isnull=False, check_made__errors=0
    )
    waiting = list(rows.order_by("pk").values_list("pk", flat=True))
    for number, pk in enumerate(waiting):
        if number and time.monotonic() > until:
            messages.info(request, _("%(n)d more are left: press again.") % {"n": len(waiting) - number})
            break
        row = filing_pages.filing_of(pk)
        try:
            filing.accept(actor, row)
            done += 1
        except Refused as refusal:
            refused.append(f"{row.report.agency.name}：{refusal.message}")
    messages.success(request, _("%(n)d reports were accepted and are public.") % {"n": done})
    for line in refused[:20]:
        messages.warning(request, line)
    return redirect("reporting:collection", year=year)


def _filing(request: HttpRequest, pk: int) -> Filing:
    row = get_object_or_404(filing_pages.filings(), pk=pk)
    if not allowed(actor_of(request), "report.read", row.report.agency):
        raise Http404
    return row


@staff_only
def filed(request: HttpRequest, pk: int) -> HttpResponse:
    """A filed report: its findings, tables, comparison with last year, what changed since it was returned."""
    row = _filing(request, pk)
    actor = actor_of(request)
    content = content_of(row.digest)
    if content is None:
        raise Refused(_("The content of this revision was erased; it cannot be released."))
    found = _checked(actor, row)
    before = previous.tables(row.report.agency, row.report.year - 1)
    tables_now = document.tables_of(content)
    decided = getattr(row, "decision", None)
    hindrance = filing.hindrance(actor, row)
    marked = {one["where"] for one in found}
    waits = row.revision.state.state == ReviewState.State.HELD
    context = {
        "title": row.revision.title,
        "filing": row,
        "report": row.report,
        "decided": decided,
        "unawaited": getattr(row, "unawaited", None),
        "deadline": deadline(row.file_by, done=not waits),
        "steps": filing_pages.steps(row.report, row),
        "facts": filing_pages.facts(row),
        "checks": [filing_pages.finding(one) for one in found],
        "tables": document.screen_tables(tables_now, _marks(marked)),
        "texts": corrections.note(content) + document.html(content),
        "comparison": jumps.table(
            tables_now,
            before,
            content.get("jumps", {}),
            sort=request.GET.get("sort", ""),
            page="reporting:frozen_figure",
            where=[row.report.agency.code, row.report.year],
        )
        if before
        else None,
        "since": filing_pages.changes(row),
        "may_decide": not hindrance,
        "hindrance": hindrance if waits and allowed(actor, filing.DECIDE, row.report.agency) else "",
        "form": AcceptForm() if not hindrance else None,
        "acts": _file_acts(row),
        "back": reverse("reporting:collection", args=[row.report.year])
        if allowed(actor, filing.DECIDE, row.report.agency)
        else reverse("reporting:report", args=[row.report.agency.code, row.report.year]),
    }
    return render(request, "reporting/filed.html", context)


def _checked(actor: Actor, row: Filing) -> list[dict[str, Any]]:
    """What the checks found; a filing that waits and was never checked is checked when the supervisor opens it.

    The agency itself is not told what its text has in common with reports of others that are not public yet (I6).
    """
    made = getattr(row, "check_made", None)
    found = list(made.findings) if made is not None and made.done_at is not None else None
    if not allowed(actor, filing.DECIDE, row.report.agency):
        return [one for one in found or () if one["rule"] != "COPY"]
    if found is not None:
        return found
    if row.revision.state.state != ReviewState.State.HELD:
        return []
    return list(filing_checks.check(row).findings)


def _marks(marked: set[str]) -> Any:
    def dress(cell: Cell) -> dict[str, Any]:
        return {"marked": f"{cell.table}.{cell.row}.{cell.column_label}" in marked}

    return dress


def _file_acts(row: Filing) -> list[dict[str, Any]]:
    return [{"label": _("Review of this revision"), "url": reverse("review:page", args=[row.revision_id])}]


@staff_only
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept what was filed: it is released."""
    row = _filing(request, pk)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Shorten the opinion to %(n)d characters.") % {"n": filing.LONGEST_OPINION})
    filing.accept(actor_of(request), row, opinion=form.cleaned_data["opinion"])
    messages.success(request, _("Accepted; the report is public: %(title)s") % {"title": row.revision.title})
    return redirect("reporting:collection", year=row.report.year)


@staff_only
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a filed report with reasons, proposed from the findings."""
    row = _filing(request, pk)
    actor = actor_of(request)
    if hindrance := filing.hindrance(actor, row):
        raise Refused(hindrance)
    content = content_of(row.digest)
    if content is None:
        raise Refused(_("The content of this revision was erased; it cannot be released."))
    form = ReturnForm(request.POST or None, found=_checked(actor, row), tables=document.tables_of(content))
    if request.method == "POST" and form.is_valid():
        try:
            filing.return_(actor, row, opinion=form.cleaned_data["opinion"], remarks=form.remarks())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Returned with your reasons; it is a draft again at the agency."))
            return redirect("reporting:collection", year=row.report.year)
    return render(
        request,
        "workbench/form.html",
        {
            "form": form,
            "sections": form.sections(),
            "title": _("Return: %(title)s") % {"title": row.revision.title},
            "intro": _("Empty fields are left out. The agency sees every reason beside its draft."),
            "submit_label": _("Return with these reasons"),
            "cancel_url": reverse("reporting:filed", args=[row.pk]),
        },
    )


@staff_only
def unawaited(request: HttpRequest, pk: int) -> HttpResponse:
    """The leader publishes on the last day without waiting."""
    row = _filing(request, pk)
    actor = actor_of(request)
    if not allowed(actor, filing.UNAWAITED, row.report.agency):
        raise Http404
    form = UnawaitedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            filing.publish_unawaited(actor, row, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Published: %(title)s") % {"title": row.revision.title})
            return redirect("reporting:report", code=row.report.agency.code, year=row.report.year)
    return render(
        request,
        "workbench/form.html",
        {
            "form": form,
            "title": _("Publish without waiting"),
            "intro": _(
                "The agency itself is bound to publish by %(day)s (%(law)s). From that day on the leader may publish "
                "what was filed without the word of %(agency)s."
            )
            % {"day": row.last_day.isoformat(), "law": REPORT_LAW, "agency": row.collector.name},
            "consequence": _("It is released at once, exactly as it was filed."),
            "submit_label": _("Publish now"),
            "cancel_url": reverse("reporting:report", args=[row.report.agency.code, row.report.year]),
        },
    )
