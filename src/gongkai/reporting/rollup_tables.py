"""Lists of the roll-up: members with what each gives, and all their figures side by side."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.deadlines import deadline_cell
from gongkai.agencies.models import Agency
from gongkai.agencies.pages import kind
from gongkai.journal import clock
from gongkai.reporting import figures
from gongkai.reporting.rollup import Given, Source, Whole
from gongkai.reporting.rollup_models import Group
from gongkai.reporting.rollup_outside import Terms
from gongkai.rulebook.report_form import Cell

SOURCES = {
    Source.RECORDS: gettext_lazy("own records"),
    Source.RELEASE: gettext_lazy("published report"),
    Source.FILE: gettext_lazy("report taken in"),
}
RECEIVED, OPEN = Cell("applications", "r1", "total"), Cell("applications", "r4", "total")


class MemberRow:
    """A member as the list shows it; `due`: the day by which its report is published."""

    def __init__(self, given: Given, due: date | None, opened: bool) -> None:
        """opened: whether the reader may open the member's own report."""
        self.given, self.due, self.opened = given, due, opened
        self.name, self.at, self.digest = given.name, given.at, given.digest
        self.group = given.member.group
        self.source = SOURCES[given.source] if given.source else ""
        self.received = given.tables.value(RECEIVED) if given.tables else None
        self.open = given.tables.value(OPEN) if given.tables else None

    @property
    def state(self) -> str:
        if not self.given.member.counted:
            return "left_out"
        if self.given.tables is not None:
            return "given"
        return "late" if self.late else "missing"

    @property
    def late(self) -> bool:
        """Whether its report was not published by its day, and counts in."""
        if self.given.member.own or not self.given.member.counted or self.due is None:
            return False
        report = self.given.report
        if self.given.source == Source.FILE:
            return False
        return clock.today() > self.due and (report is None or report.published_at is None)


STATES = {
    "given": gettext_lazy("gives its figures"),
    "missing": gettext_lazy("missing"),
    "late": gettext_lazy("late"),
    "left_out": gettext_lazy("left out"),
}
LIGHTS = {"given": "ok", "missing": "soon", "late": "overdue", "left_out": "none"}


def rows_of(whole: Whole, readable: set[Any], terms: Terms) -> list[MemberRow]:
    """The members as the list shows them. readable: keys of agencies whose reports the reader may open."""
    return [
        MemberRow(
            each,
            terms.publish_by(each.member),
            each.member.agency is not None and each.member.agency.pk in readable,
        )
        for each in whole.given
    ]


class MemberTable(tables.Table):
    """Members with source, day, digest, state."""

    name = tables.Column(verbose_name=gettext_lazy("agency"), attrs=kind("main"))
    group = tables.Column(verbose_name=gettext_lazy("group"))
    state = tables.Column(verbose_name=gettext_lazy("state"))
    source = tables.Column(verbose_name=gettext_lazy("figures from"))
    at = tables.DateTimeColumn(verbose_name=gettext_lazy("of"), attrs=kind("date"))
    due = tables.Column(verbose_name=gettext_lazy("publish by"), attrs=kind("date"))
    received = tables.Column(verbose_name=gettext_lazy("applications"), attrs=kind("number"))
    open = tables.Column(verbose_name=gettext_lazy("carried over"), attrs=kind("number"))
    digest = tables.Column(verbose_name=gettext_lazy("digest"))

    class Meta:
        empty_text = "—"

    def __init__(self, *args: Any, government: Agency, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.government, self.year = government, year

    def render_name(self, record: MemberRow) -> Any:
        note = record.given.missing or record.given.member.reason
        url = ""
        if record.given.report is not None and record.opened:
            url = reverse("reporting:report", args=[record.given.member.agency.code, self.year])
        elif record.given.file is not None:
            url = reverse("reporting:taken_in", args=[self.government.code, self.year, record.given.file.pk])
        return {"text": record.name, "url": url, "note": note}

    def value_name(self, record: MemberRow) -> str:
        return record.name

    def render_group(self, record: MemberRow) -> str:
        return str(Group(record.group).label)

    value_group = render_group

    def render_state(self, record: MemberRow) -> Any:
        return {"light": {"state": LIGHTS[record.state], "words": str(STATES[record.state])}}

    def value_state(self, record: MemberRow) -> str:
        return str(STATES[record.state])

    def render_due(self, record: MemberRow) -> Any:
        done = record.given.tables is not None or not record.given.member.counted
        return deadline_cell(record.due, done=done) or "—"

    def value_due(self, record: MemberRow) -> Any:
        return record.due

    def render_digest(self, value: str) -> str:
        return f"{value[:12]}…"

    def value_digest(self, value: str) -> str:
        return value


class MemberFilters(forms.Form):
    """By words of the name, group and state."""

    q = forms.CharField(label=gettext_lazy("Name holds"), required=False, max_length=100)
    group = forms.ChoiceField(
        label=gettext_lazy("Group"), required=False, choices=[("", "—"), *Group.choices]
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", "—"), *STATES.items()]
    )

    def keep(self, rows: list[MemberRow]) -> list[MemberRow]:
        """The rows that fit; what is not known filters nothing."""
        self.is_valid()
        said = getattr(self, "cleaned_data", {})
        return [
            row
            for row in rows
            if said.get("q", "") in row.name
            and said.get("group", "") in ("", row.group)
            and said.get("state", "") in ("", row.state)
        ]


def counts(rows: list[MemberRow]) -> list[dict[str, Any]]:
    """How many members there are in each state; each number opens the rows."""
    return [
        {"label": words, "number": sum(row.state == state for row in rows), "url": f"?state={state}"}
        for state, words in STATES.items()
    ]


def side_by_side(whole: Whole) -> Iterator[list[Any]]:
    """Every cell of the three tables, then every figure of the text: the whole, then each member that counts in."""
    members = whole.counted
    yield [_("table or text"), _("figure"), _("total"), *(each.name for each in members)]
    yield ["", _("figures from"), "", *(str(SOURCES[each.source]) if each.source else "" for each in members)]
    yield ["", _("digest"), whole.compiled.digest, *(each.digest for each in members)]
    for cell in whole.compiled.tables.cells():
        values = (each.tables.value(cell) if each.tables else None for each in members)
        total = whole.compiled.tables.value(cell)
        where = f"{cell.row_label}·{cell.column_label}"
        yield [str(cell).split("“")[0], where, _shown(total), *map(_shown, values)]
    for each in figures.narrative():
        found = whole.compiled.counted.get(each.key)
        values = (one.figures.get(each.key) for one in members)
        yield [_("text"), str(each.label), _shown(found.value if found else None), *map(_shown, values)]


def _shown(value: Any) -> Any:
    if value is None:
        return ""
    return format(value, "f") if isinstance(value, Decimal) else value
