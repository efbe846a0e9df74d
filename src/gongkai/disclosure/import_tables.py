"""Lists of the import of old sites: the files, and the rows of one."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.pages import Filters, kind
from gongkai.disclosure.models import ItemImport, ItemImportRow


class ImportTable(tables.Table):
    """Files that were sent in."""

    name = tables.Column(attrs=kind("main"))
    created_at = tables.DateTimeColumn(attrs=kind("date"))
    rows = tables.Column(verbose_name=_("rows"), accessor="held", attrs=kind("number"), orderable=False)

    class Meta:
        model = ItemImport
        fields = ("name", "agency", "rows", "reading", "created_by", "created_at")
        order_by = ("-created_at",)

    def render_name(self, record: ItemImport) -> dict[str, Any]:
        return {"text": record.name, "url": reverse("disclosure:import", args=[record.pk])}

    def value_name(self, record: ItemImport) -> str:
        return record.name

    def render_reading(self, value: bool) -> str:
        return str(_("yes") if value else _("no"))


class ImportFilters(Filters):
    """By name of the file."""

    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Name contains"))

    class Meta:
        model = ItemImport
        fields = ("q", "reading")


class RowTable(tables.Table):
    """What came of each row: the report of what was not taken."""

    title = tables.Column(attrs=kind("main"))
    number = tables.Column(attrs=kind("number"))
    address = tables.Column(
        verbose_name=_("original address"), accessor="item__origin_address", orderable=False
    )

    class Meta:
        model = ItemImportRow
        fields = ("number", "title", "state", "reason", "address")
        order_by = ("number",)

    def render_title(self, record: ItemImportRow) -> dict[str, Any]:
        if record.item_id:
            url = reverse("disclosure:item", args=[record.item_id])
        else:
            url = reverse("disclosure:import_row", args=[record.imported_id, record.number])
        return {"text": record.title or "—", "url": url}

    def value_title(self, record: ItemImportRow) -> str:
        return record.title


class RowFilters(Filters):
    """By outcome and words of title or reason."""

    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains", label=_("Title contains"))
    why = django_filters.CharFilter(field_name="reason", lookup_expr="icontains", label=_("Reason contains"))
    state = django_filters.ChoiceFilter(choices=ItemImportRow.State.choices, label=_("outcome"))

    class Meta:
        model = ItemImportRow
        fields = ("state", "q", "why")
