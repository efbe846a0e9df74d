"""Key fields (重点领域): what the home page puts forward, in groups; chosen by the site's administrator."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Actor, Refused, require
from gongkai.disclosure.models import Column, KeyField, StandardField
from gongkai.journal import chain, outbox

EDIT = "configuration.edit"
CHANGED = "key_fields.changed"
MOST = 60
# What an office of urban renewal puts forward at first: group → columns, fields, pages.
FIRST: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    (
        "房屋征收和棚户区改造",
        (("column", "housing"), ("column", "21-c5"), ("page", "projects"), ("field", "expropriation")),
    ),
    ("保障性住房和民生", (("column", "21-c4"), ("page", "services"))),
    ("重大建设项目", (("column", "20-10"),)),
)


@transaction.atomic
def load() -> int:
    """Put the first key fields there where nobody has chosen any. Returns how many were made."""
    if KeyField.objects.exists():
        return 0
    columns = {row.code: row for row in Column.objects.all()}
    fields = {row.code: row for row in StandardField.objects.all()}
    made = []
    for group, targets in FIRST:
        for what, code in targets:
            target: Any = (
                columns.get(code) if what == "column" else fields.get(code) if what == "field" else code
            )
            if target is not None:
                made.append(KeyField(group=group, order=len(made), **{what: target}))
    return len(KeyField.objects.bulk_create(made))


def choose(actor: Actor, rows: Sequence[tuple[str, str]]) -> None:
    """Set the key fields anew: (group, target) in their order; a target is column:<code>, field:<code> or page:<name>.

    Raises Refused: a target twice, or one that is not there.
    """
    require(actor, EDIT, None)
    targets = [target for _group, target in rows]
    if len(targets) > MOST:
        raise Refused(_("At most %(n)d key fields.") % {"n": MOST})
    if len(set(targets)) < len(targets):
        raise Refused(_("A target stands twice: keep it in one group."))
    made = [
        KeyField(group=group, order=order, **_target(target)) for order, (group, target) in enumerate(rows)
    ]
    with transaction.atomic():
        before = [f"{row.group}：{row}" for row in KeyField.objects.select_related("column", "field")]
        KeyField.objects.all().delete()
        KeyField.objects.bulk_create(made)
        after = [f"{row.group}：{row}" for row in made]
        chain.record(
            "key_fields.chosen", actor.who, subject=("key_fields", "site"), before=before, after=after
        )
        outbox.emit(CHANGED)


def _target(text: str) -> dict[str, Any]:
    what, _mark, code = text.partition(":")
    found: Any = None
    if what == "column":
        found = Column.objects.filter(code=code, active=True).first()
    elif what == "field":
        found = StandardField.objects.filter(code=code).first()
    elif what == "page" and code in KeyField.Page.values:
        found = code
    if found is None:
        raise Refused(_("“%(target)s” is not there: choose one of the list.") % {"target": text[:60]})
    return {what: found}


def targets() -> list[Any]:
    """Everything that can be put forward, in groups for a form."""
    return [
        (_("Pages of the site"), [(f"page:{code}", label) for code, label in KeyField.Page.choices]),
        (
            _("Fields of standard catalogues"),
            [(f"field:{row.code}", row.name) for row in StandardField.objects.all()],
        ),
        (
            _("Columns"),
            [
                (f"column:{row.code}", row.name)
                for row in Column.objects.filter(active=True, board="statutory")
            ],
        ),
    ]
