"""Lists of the administrators."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.models import Agency, Appointment, LoadedNotice, Person, Role
from gongkai.agencies.pages import Filters, kind
from gongkai.journal.models import Entry


class PersonTable(tables.Table):
    """People."""

    name = tables.Column(attrs=kind("main"))

    class Meta:
        model = Person
        fields = ("name", "username", "agency", "position", "is_active", "joined_on", "left_on")

    def render_name(self, record: Person) -> dict[str, Any]:
        return {"text": record.name, "url": reverse("agencies:person", args=[record.pk])}

    def value_name(self, record: Person) -> str:
        return record.name

    def render_is_active(self, record: Person) -> str:
        return str(_("active") if record.is_active else _("account closed"))


class PersonFilters(Filters):
    """By name and agency."""

    q = django_filters.CharFilter(
        field_name="name", lookup_expr="icontains", label=_("Name of the person contains")
    )

    class Meta:
        model = Person
        fields = ("q", "is_active")


class AppointmentTable(tables.Table):
    """Appointments with their state."""

    person = tables.Column(attrs=kind("main"))
    state = tables.Column(empty_values=(), orderable=False, verbose_name=_("state"))

    class Meta:
        model = Appointment
        fields = ("person", "agency", "role", "deputy", "starts_on", "ends_on", "paper", "state")

    def render_person(self, record: Appointment) -> dict[str, Any]:
        return {"text": record.person.name, "url": reverse("agencies:person", args=[record.person_id])}

    def value_person(self, record: Appointment) -> str:
        return record.person.name

    def render_deputy(self, record: Appointment) -> str:
        return "代" if record.deputy else ""

    def render_state(self, record: Appointment) -> str:
        if hasattr(record, "end"):
            return str(_("ended"))
        return str(_("confirmed") if hasattr(record, "confirmation") else _("waits for confirmation"))


class AppointmentFilters(Filters):
    """By role and whether it is confirmed."""

    role = django_filters.ChoiceFilter(choices=Role.choices, label=_("Role"))
    open = django_filters.BooleanFilter(
        field_name="confirmation", lookup_expr="isnull", label=_("Waits for confirmation")
    )

    class Meta:
        model = Appointment
        fields = ("role", "open")


class EntryTable(tables.Table):
    """The journal."""

    class Meta:
        model = Entry
        fields = ("seq", "at", "actor_name", "hat", "action", "subject_kind", "subject_id", "address")
        order_by = ("-seq",)


class EntryFilters(Filters):
    """By person, act, subject and days."""

    actor_name = django_filters.CharFilter(label=_("Person"))
    action = django_filters.CharFilter(lookup_expr="startswith", label=_("Act begins with"))
    subject_id = django_filters.CharFilter(label=_("Object of the act"))
    since = django_filters.DateFilter(field_name="at", lookup_expr="date__gte", label=_("Since"))

    class Meta:
        model = Entry
        fields = ("actor_name", "action", "subject_id", "since")


class AgencyTable(tables.Table):
    """The agency tree."""

    name = tables.Column(attrs=kind("main"))

    class Meta:
        model = Agency
        fields = ("name", "short_name", "code", "parent", "phone")

    def render_name(self, record: Agency) -> dict[str, Any]:
        return {"text": record.name, "url": reverse("agencies:agency", args=[record.pk])}

    def value_name(self, record: Agency) -> str:
        return record.name


class SettingsTable(AgencyTable):
    """The agencies, each with the way to its settings."""

    class Meta:
        fields = ("name", "short_name", "code", "parent")
        exclude = ("phone",)

    def render_name(self, record: Agency) -> dict[str, Any]:
        return {"text": record.name, "url": reverse("agencies:settings_of", args=[record.pk])}


class AgencyFilters(Filters):
    """By name."""

    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Name contains"))

    class Meta:
        model = Agency
        fields = ("q",)


class NoticeTable(tables.Table):
    """Loaded holiday notices."""

    loaded_at = tables.DateTimeColumn(verbose_name=_("loaded at"), attrs=kind("date"))

    class Meta:
        model = LoadedNotice
        fields = ("year", "source", "loaded_at")


class NoticeFilters(Filters):
    """By year."""

    class Meta:
        model = LoadedNotice
        fields = ("year",)
