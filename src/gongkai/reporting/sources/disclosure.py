"""Figures of proactive disclosure: items released, and table two (rulebook 2.2)."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency
from gongkai.disclosure.models import DecisionCount, Item, NormativeDocument, NormativeEvent
from gongkai.reporting import figures
from gongkai.reporting.figures import Family, Figure, Number, Opened, Period, Tally, cell_key
from gongkai.rulebook.report_form import DISCLOSURE_BLOCKS, Cell

# What the keys of the figures by column begin with.
COLUMN = "items_column."
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
    "decisions": _(
        "Single decisions of the register, by their day, or numbers entered by month with their source; of a decision "
        "and of a month the latest entry counts."
    ),
    "amount": _(
        "Charges in 10,000 yuan, singly by their day or entered by month with their source; the latest entry counts."
    ),
}


def items_released(agency: Agency, period: Period) -> QuerySet[Any]:
    """Items first published in the period, those withdrawn since among them; what was imported counts on the day it was
    public before, so that a moved archive is no work of this year."""
    begin, end = period.moments
    return Item.objects.filter(agency=agency, listed_at__gte=begin, listed_at__lt=end).order_by("pk")


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
    """The latest entry of each month of the period, and the single decisions of its days that are not struck out."""
    return standing(agency, kind).filter(_within(period))


def standing(agency: Agency, *kinds: str) -> QuerySet[DecisionCount]:
    """The rows that no later one of the same month or decision corrects; a decision struck out is none."""
    later = DecisionCount.objects.filter(
        agency=OuterRef("agency"), kind=OuterRef("kind"), pk__gt=OuterRef("pk")
    )
    months = Q(number__isnull=True) & ~Exists(later.filter(number__isnull=True, month=OuterRef("month")))
    singly = Q(number__isnull=False) & ~Exists(later.filter(number=OuterRef("number"))) & Q(amount__gt=0)
    return DecisionCount.objects.filter(months | singly, agency=agency, kind__in=kinds)


def _within(period: Period) -> Q:
    by_month = Q(number__isnull=True, month__range=(period.first.replace(day=1), period.last))
    return by_month | Q(decided_on__range=(period.first, period.last))


def amounts(rows: QuerySet[Any], agency: Agency, period: Period) -> Number:
    """The sum of the entries; whole where they are."""
    return _plain(rows.order_by().aggregate(total=Sum("amount"))["total"] or Decimal(0))


def _of_items(agency: Agency, period: Period) -> Tally:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for pk, column in items_released(agency, period).order_by().values_list("pk", "column__code"):
        found["items_released"].append(str(pk))
        found[f"{COLUMN}{column}"].append(str(pk))
    return Tally(found)


def _of_documents(agency: Agency, period: Period) -> Tally:
    ends = NormativeEvent.objects.filter(document=OuterRef("pk"), kind__in=ENDED, on__lte=period.last)
    rows = (
        NormativeDocument.objects.filter(agency=agency, kind__in=DOCUMENTS.values())
        .order_by()
        .annotate(gone=Exists(ends), going=Exists(ends.filter(on__gte=period.first)))
        .values_list("pk", "kind", "issued_on", "gone", "going")
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    row_of = {kind: row for row, kind in DOCUMENTS.items()}
    for pk, kind, issued_on, gone, going in rows:
        fits = {
            "made": period.first <= issued_on <= period.last,
            "repealed": going,
            "in_force": issued_on <= period.last and not gone,
        }
        for column, fit in fits.items():
            if fit:
                found[cell_key(Cell("disclosure", row_of[kind], column))].append(str(pk))
    return Tally(found)


def _of_decisions(agency: Agency, period: Period) -> Tally:
    rows = standing(agency, *DecisionCount.Kind.values).filter(_within(period))
    found: defaultdict[str, list[str]] = defaultdict(list)
    sums = {_decisions_key(kind): Decimal(0) for kind in DecisionCount.Kind.values}
    for pk, kind, amount in rows.order_by().values_list("pk", "kind", "amount"):
        found[_decisions_key(kind)].append(str(pk))
        sums[_decisions_key(kind)] += amount
    return Tally(found, {key: _plain(total) for key, total in sums.items()})


def _decisions_key(kind: str) -> str:
    return cell_key(Cell("disclosure", kind, "amount" if kind == DecisionCount.Kind.CHARGES else "decisions"))


def _plain(total: Decimal) -> Number:
    return int(total) if total == int(total) else total


DECISIONS = Family("decisions and charges", _of_decisions)
ITEMS = Family("items released", _of_items)
NORMATIVE = Family("normative documents", _of_documents)


def open_item(item: Item) -> Opened:
    day = timezone.localtime(item.released_at).date() if item.released_at else None
    return Opened(item.title, reverse("disclosure:item", args=[item.pk]), day, item.index_number)


def open_document(document: NormativeDocument) -> Opened:
    url = reverse("disclosure:normative", args=[document.pk])
    return Opened(document.title, url, document.issued_on, document.document_number)


def open_entry(entry: DecisionCount) -> Opened:
    if entry.number is not None:
        note = f"{entry.amount.normalize():f}万元" if entry.kind == DecisionCount.Kind.CHARGES else ""
        return Opened(
            f"{entry.get_kind_display()} {entry.number}", "", entry.decided_on, note or entry.source
        )
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
        family=NORMATIVE,
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
        family=DECISIONS,
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
            family=ITEMS,
        ),
        *(
            _documents(row.key, column.key) if row.key in DOCUMENTS else _entries(row.key, column.key)
            for block in DISCLOSURE_BLOCKS
            for row in block.rows
            for column in block.columns
        ),
    )
