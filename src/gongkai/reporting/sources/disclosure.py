"""Figures of proactive disclosure: items released, and table two (rulebook 2.2)."""

from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.disclosure.models import DecisionCount, Item, NormativeDocument, NormativeEvent
from gongkai.reporting import figures
from gongkai.reporting.figures import Figure, Number, Opened, Period, cell_key
from gongkai.rulebook.report_form import DISCLOSURE_BLOCKS, Cell

ENDED = (NormativeEvent.Kind.REPEALED, NormativeEvent.Kind.INVALID)
# Row of table two → kind in the register of normative documents.
DOCUMENTS = {
    "rules": NormativeDocument.Kind.RULES,
    "normative_documents": NormativeDocument.Kind.NORMATIVE,
}
SOURCES = {
    "made": _("Normative documents of the register that were issued in the period."),
    "repealed": _("Documents that were repealed or declared invalid in the period."),
    "in_force": _(
        "Documents issued by the end of the period and neither repealed nor declared invalid by then."
    ),
    "decisions": _("Numbers entered by month with their source; the latest entry of a month counts."),
    "amount": _("Amounts in 10,000 yuan entered by month with their source; the latest entry counts."),
}


def items_released(agency: Agency, period: Period) -> QuerySet[Any]:
    """Items whose first release falls in the period, those withdrawn since among them."""
    begin, end = period.moments
    return Item.objects.filter(agency=agency, released_at__gte=begin, released_at__lt=end).order_by("pk")


def made(kind: str, agency: Agency, period: Period) -> QuerySet[Any]:
    return NormativeDocument.objects.filter(
        agency=agency, kind=kind, issued_on__range=(period.first, period.last)
    )


def repealed(kind: str, agency: Agency, period: Period) -> QuerySet[Any]:
    ends = NormativeEvent.objects.filter(
        document=OuterRef("pk"), kind__in=ENDED, on__range=(period.first, period.last)
    )
    return NormativeDocument.objects.filter(Exists(ends), agency=agency, kind=kind)


def in_force(kind: str, agency: Agency, period: Period) -> QuerySet[Any]:
    """As of the last day of the period."""
    ended = NormativeEvent.objects.filter(document=OuterRef("pk"), kind__in=ENDED, on__lte=period.last)
    return NormativeDocument.objects.filter(
        ~Exists(ended), agency=agency, kind=kind, issued_on__lte=period.last
    )


def entered(kind: str, agency: Agency, period: Period) -> QuerySet[Any]:
    """The latest entry of each month of the period."""
    later = DecisionCount.objects.filter(
        agency=OuterRef("agency"), kind=OuterRef("kind"), month=OuterRef("month"), pk__gt=OuterRef("pk")
    )
    return DecisionCount.objects.filter(
        ~Exists(later),
        agency=agency,
        kind=kind,
        month__range=(period.first.replace(day=1), period.last),
    )


def amounts(rows: QuerySet[Any], agency: Agency, period: Period) -> Number:
    """The sum of the entries; whole where they are."""
    total = rows.order_by().aggregate(total=Sum("amount"))["total"] or Decimal(0)
    return int(total) if total == int(total) else total


def open_item(item: Item) -> Opened:
    day = timezone.localtime(item.released_at).date() if item.released_at else None
    return Opened(item.title, reverse("disclosure:item", args=[item.pk]), day, item.index_number)


def open_document(document: NormativeDocument) -> Opened:
    url = reverse("disclosure:normative", args=[document.pk])
    return Opened(document.title, url, document.issued_on, document.document_number)


def open_entry(entry: DecisionCount) -> Opened:
    text = f"{entry.month:%Y-%m} {entry.get_kind_display()}：{entry.amount.normalize():f}"
    return Opened(text, "", timezone.localtime(entry.at).date(), entry.source)


def _documents(row: str, column: str) -> Figure:
    query = {"made": made, "repealed": repealed, "in_force": in_force}[column]
    kind = DOCUMENTS[row]
    cell = Cell("disclosure", row, column)
    return Figure(
        cell_key(cell),
        str(cell),
        SOURCES[column],
        lambda agency, period: query(kind, agency, period),
        open_document,
        cell=cell,
    )


def _entries(row: str, column: str) -> Figure:
    cell = Cell("disclosure", row, column)
    return Figure(
        cell_key(cell),
        str(cell),
        SOURCES[column],
        lambda agency, period: entered(row, agency, period),
        open_entry,
        measure=amounts,
        cell=cell,
    )


def declare() -> None:
    """The items released, and the cells of table two."""
    figures.declare(
        Figure(
            "items_released",
            _("items of government information first released"),
            _("Items whose first release falls in the period; what was withdrawn later is counted too."),
            items_released,
            open_item,
            unit="项",
        ),
        *(
            _documents(row.key, column.key) if row.key in DOCUMENTS else _entries(row.key, column.key)
            for block in DISCLOSURE_BLOCKS
            for row in block.rows
            for column in block.columns
        ),
    )
