"""The register of seal use: list, export and print."""

from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.pages import Filters, StaffList, YearFilter
from gongkai.agencies.pages import kind as looks
from gongkai.agencies.papers import in_chinese
from gongkai.applications import sealing_register, wording
from gongkai.applications.models import SealUse
from gongkai.journal import clock
from gongkai.paperwork import pdf
from gongkai.paperwork.registers import Column, Register, line

# Lines of one print; a year of a district office has some hundred.
PRINTED = 2000


class SealTable(tables.Table):
    """One line for each use of the seal; nothing personal of applicants stands in it."""

    number = tables.Column(attrs=looks("main"))
    on = tables.Column(attrs=looks("date"))
    letter = tables.Column(verbose_name=gettext_lazy("document"), accessor="letter__number")
    kind = tables.Column(verbose_name=gettext_lazy("letter"), accessor="letter__kind")
    copies = tables.Column(attrs=looks("number"))
    method = tables.Column()

    class Meta:
        model = SealUse
        fields = ("number", "on", "letter", "kind", "copies", "approved_by", "sealed_by", "method")
        order_by = ("-number",)

    def render_number(self, record: SealUse) -> dict[str, Any]:
        return {"text": record.number, "url": reverse("applications:letter", args=[record.letter_id])}

    def value_number(self, record: SealUse) -> str:
        return record.number

    def render_on(self, value: date) -> date:
        return value

    def render_letter(self, record: SealUse) -> Any:
        return (
            {"text": record.letter.number, "note": _("void")}
            if record.letter.dropped
            else record.letter.number
        )

    def value_letter(self, record: SealUse) -> str:
        return _document(record)

    def render_kind(self, value: int) -> str:
        return wording.TEMPLATES[value].title

    def render_method(self, value: str) -> str:
        return sealing_register.label_of(value)


class SealFilters(Filters):
    """By number of the document, day and means."""

    q = django_filters.CharFilter(
        field_name="letter__number", lookup_expr="icontains", label=gettext_lazy("Document number contains")
    )
    year = YearFilter(field_name="on", label=gettext_lazy("Year"))
    since = django_filters.DateFilter(field_name="on", lookup_expr="gte", label=gettext_lazy("From"))
    until = django_filters.DateFilter(field_name="on", lookup_expr="lte", label=gettext_lazy("To"))
    method = django_filters.ChoiceFilter(label=gettext_lazy("Means"), choices=[])

    class Meta:
        model = SealUse
        fields = ("q", "year", "since", "until", "method")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["method"].extra["choices"] = [
            (each.name, each.label) for each in sealing_register.means()
        ]


class SealRegister(StaffList):
    """The register of seal use of the reader's agencies; ?print=1 gives the lines found as a form on paper."""

    model = SealUse
    table_class = SealTable
    filterset_class = SealFilters
    act = "application.seal_register"
    title = gettext_lazy("Register of seal use")
    intro = gettext_lazy(
        "Each use of the agency's seal on a letter: which, how many copies, who approved, who stamped."
    )

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.select_related("letter", "agency", "approved_by", "sealed_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        query = self.request.GET.copy()
        query["print"] = "1"
        empty = {
            "empty_title": _("The seal was not used yet"),
            "empty_text": _(
                "Once a letter is released it is stamped on its page; the line then stands here."
            ),
        }
        primary = {"label": _("Print"), "url": f"?{query.urlencode()}"} if context["count"] else None
        return context | empty | {"primary": primary}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().get(request, *args, **kwargs)
        if request.GET.get("print") != "1":
            return answer
        found = self.get_filterset(self.get_filterset_class()).qs.order_by("agency", "at", "pk")[:PRINTED]
        response = HttpResponse(printed(list(found)), content_type="application/pdf")
        response["Content-Disposition"] = 'inline; filename="seal-register.pdf"'
        return response


@in_chinese
def printed(rows: list[SealUse]) -> bytes:
    """The lines as 用印登记簿, oldest first."""
    names = "、".join(dict.fromkeys(row.agency.name for row in rows))
    return pdf.register_pdf(
        Register(
            title="用印登记簿",
            agency=names[:60] or "—",
            columns=(
                Column(name="编号", share=17),
                Column(name="用印日期", share=11, centred=True),
                Column(name="文书", share=26),
                Column(name="份数", share=6, centred=True),
                Column(name="批准人", share=13, centred=True),
                Column(name="用印人", share=13, centred=True),
                Column(name="方式", share=14, centred=True),
            ),
            lines=tuple(
                line(
                    row.number,
                    row.on.isoformat(),
                    f"{wording.TEMPLATES[row.letter.kind].title} {_document(row)}",
                    str(row.copies),
                    row.approved_by.name,
                    row.sealed_by.name,
                    sealing_register.label_of(row.method),
                )
                for row in rows
            ),
            date=clock.today(),
            landscape=True,
        )
    )


def _document(row: SealUse) -> str:
    return f"{row.letter.number}（作废）" if row.letter.dropped else row.letter.number
