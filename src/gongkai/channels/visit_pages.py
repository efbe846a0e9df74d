"""Staff pages of readers and subscribers: how often pages were read by month, how many want to hear of what. No people."""

from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import navigation
from gongkai.agencies.navigation import Link
from gongkai.agencies.pages import Filters, StaffList, kind
from gongkai.agencies.policy import grant, oversees, staff, system
from gongkai.channels.subscription_models import Subscription
from gongkai.channels.visit_models import PageVisits
from gongkai.disclosure.models import Column

READ = "site.visits"
grant(READ, staff | oversees | system, gettext_lazy("see how often pages are read and subscribed to"))


class VisitTable(tables.Table):
    """Pages with how often each was read in a month."""

    month = tables.Column()
    title = tables.Column(
        verbose_name=gettext_lazy("page"), empty_values=(), order_by="path", attrs=kind("main")
    )
    count = tables.Column(attrs=kind("number"))

    class Meta:
        model = PageVisits
        fields = ("month", "title", "column", "agency", "count")
        order_by = ("-month", "-count")

    def render_month(self, value: date) -> str:
        return f"{value:%Y-%m}"

    def render_title(self, record: PageVisits) -> dict[str, Any]:
        return {"text": self.value_title(record), "url": record.path}

    def value_title(self, record: PageVisits) -> str:
        if record.item:
            return str(record.item.title)
        return _("%(name)s (list)") % {"name": record.column.name} if record.column else record.path


class VisitFilters(Filters):
    """By words of the title, by month, and by column."""

    q = django_filters.CharFilter(method="words", label=gettext_lazy("Title or address contains"))
    since = django_filters.DateFilter(
        field_name="month", lookup_expr="gte", label=gettext_lazy("from the month that begins on")
    )
    until = django_filters.DateFilter(field_name="month", lookup_expr="lte", label=gettext_lazy("to the day"))
    column = django_filters.ModelChoiceFilter(
        queryset=Column.objects.filter(active=True), label=gettext_lazy("column")
    )

    class Meta:
        model = PageVisits
        fields = ("q", "since", "until", "column")

    def words(self, rows: QuerySet[PageVisits], name: str, value: str) -> QuerySet[PageVisits]:
        return rows.filter(Q(item__title__icontains=value) | Q(path__icontains=value))


class VisitList(StaffList):
    """Pages of the reader's agencies, and those that are no agency's own."""

    model = PageVisits
    table_class = VisitTable
    filterset_class = VisitFilters
    act = READ
    title = gettext_lazy("How often pages are read")
    intro = gettext_lazy(
        "Counted is each page that went out whole to a reader; programs and reloading are not. Nothing about readers is kept."
    )

    def get_queryset(self) -> QuerySet[Any]:
        mine = Q(agency__isnull=True) | Q(agency__in=self.agencies())
        return PageVisits.objects.filter(mine).select_related("item", "column", "agency")


class SubscriberTable(tables.Table):
    """Columns with how many subscribed to each."""

    name = tables.Column(attrs=kind("main"))
    code = tables.Column()
    subscribers = tables.Column(verbose_name=gettext_lazy("subscribers"), attrs=kind("number"))

    class Meta:
        model = Column
        fields = ("name", "code", "subscribers")
        order_by = ("-subscribers", "code")


class SubscriberFilters(Filters):
    """By words of the name."""

    q = django_filters.CharFilter(
        field_name="name", lookup_expr="icontains", label=gettext_lazy("Name contains")
    )

    class Meta:
        model = Column
        fields = ("q",)


class SubscriberList(StaffList):
    """Numbers of confirmed subscriptions; addresses and searches are shown to nobody."""

    model = Column
    table_class = SubscriberTable
    filterset_class = SubscriberFilters
    act = READ
    title = gettext_lazy("Subscriptions by e-mail")

    def get_queryset(self) -> QuerySet[Any]:
        of_column = (
            Subscription.objects.filter(wanted__column=OuterRef("code"), confirmed_at__isnull=False)
            .order_by()
            .values("wanted__column")
            .annotate(n=Count("pk"))
            .values("n")
        )
        return Column.objects.filter(active=True).annotate(subscribers=Coalesce(Subquery(of_column), 0))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        of_searches = Subscription.objects.filter(wanted__column="", confirmed_at__isnull=False).count()
        words = _("Besides %(n)d subscriptions to searches. Addresses and searches are shown to nobody.")
        return super().get_context_data(**kwargs) | {"intro": words % {"n": of_searches}}


URLS = [
    path("workbench/site/visits/", VisitList.as_view(), name="visits"),
    path("workbench/site/subscribers/", SubscriberList.as_view(), name="subscribers"),
]


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    group = gettext_lazy("Public site")
    navigation.add(Link(group, gettext_lazy("Readers"), "channels:visits", READ, 60, seldom=True))
    navigation.add(Link(group, gettext_lazy("Subscribers"), "channels:subscribers", READ, 61, seldom=True))
