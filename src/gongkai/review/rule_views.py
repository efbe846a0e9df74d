"""The policy of screening: the matrix of kind and layer, what differs from the default, and its history."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Refused, allowed, anywhere, require
from gongkai.review import screening_rules
from gongkai.review.models import ScreeningPolicy
from gongkai.review.rule_forms import SEVERITIES, PolicyForm, layers
from gongkai.review.screening_rules import Difference, InForce
from gongkai.screening import KIND_LABELS, LAYER_LABELS

VERSIONS_SHOWN = 50


@staff_only
def policy(request: HttpRequest) -> HttpResponse:
    """GET: the matrix of everything, or of ?column=…, with its history. POST: a new version."""
    actor = actor_of(request)
    if not anywhere(actor, screening_rules.READ):
        require(actor, screening_rules.READ, None)
    columns = screening_rules.columns()
    column = request.GET.get("column", "")
    if column and column not in columns:
        raise Refused(_("There is no such column."))
    now = screening_rules.in_force()
    form = PolicyForm(request.POST or None, now=now, column=column)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = screening_rules.change(
                actor,
                severities=form.cells(),
                column=column,
                persons_warning=said["persons_warning"],
                sample_percent=said["sample_percent"],
                sample_least=said["sample_least"],
                reason=said["reason"],
                seen=said["seen"],
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request,
                _("Version %(n)d is in force; what is public is now screened again by it.")
                % {"n": row.number},
            )
            query = f"?column={column}" if column else ""
            return redirect(reverse("review:screening_policy") + query)
    return render(request, "review/policy.html", _context(actor, now, form, column, columns))


def _context(
    actor: Any, now: InForce, form: PolicyForm, column: str, columns: dict[str, str]
) -> dict[str, Any]:
    return {
        "title": _("Policy of screening"),
        "form": form,
        "rows": list(form.rows()),
        "layers": layers(),
        "now": now,
        "column": column,
        "column_name": columns.get(column, ""),
        "columns": [
            {"code": code, "name": name, "own": code in now.columns} for code, name in columns.items()
        ],
        "editable": allowed(actor, screening_rules.CHANGE, None),
        "differences": [words(each, columns) for each in screening_rules.differences(None, now)],
        "versions": history(columns),
    }


def words(difference: Difference, columns: dict[str, str]) -> str:
    """One difference in a line: 手机号码（批注）：阻断 → 提示."""
    layer = LAYER_LABELS[difference.layer] if difference.layer else _("all layers")
    where = f"{columns.get(difference.column, difference.column)}：" if difference.column else ""
    change = f"{SEVERITIES[difference.before]} → {SEVERITIES[difference.after]}"
    return f"{where}{KIND_LABELS[difference.kind]}（{layer}）：{change}"


def history(columns: dict[str, str]) -> list[dict[str, Any]]:
    """The versions, newest first, each with what it changed."""
    rows = list(ScreeningPolicy.objects.select_related("person").order_by("-number")[: VERSIONS_SHOWN + 1])
    # The oldest that is read is only what the one after it changed; the first of all changed the default.
    before: list[ScreeningPolicy | None] = [*rows[1:], None]
    pairs = list(zip(rows, before, strict=False))[:VERSIONS_SHOWN]
    return [
        {
            "when": row.at,
            "title": _("Version %(n)d") % {"n": row.number},
            "who": row.person.name,
            "detail": "；".join([row.reason, *_changed(row, old, columns)]),
        }
        for row, old in pairs
    ]


def _changed(row: ScreeningPolicy, old: ScreeningPolicy | None, columns: dict[str, str]) -> list[str]:
    lines = [words(each, columns) for each in screening_rules.differences(old, row)]
    for name, default in (
        ("persons_warning", screening_rules.PERSONS_WARNING),
        ("sample_percent", screening_rules.SAMPLE_PERCENT),
        ("sample_least", screening_rules.SAMPLE_LEAST),
    ):
        was, is_now = (getattr(old, name) if old else default), getattr(row, name)
        if was != is_now:
            lines.append(f"{ScreeningPolicy._meta.get_field(name).verbose_name}：{was} → {is_now}")
    return lines
