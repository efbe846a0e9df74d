"""Saved views: a filter and an order of a list under a name, of one person or shared in an agency."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import policy
from gongkai.agencies.models import Agency, SavedView
from gongkai.agencies.policy import Actor, Refused, allowed, anywhere, require
from gongkai.journal import chain, clock

SHARE = "view.share"
# Of one person and list, so that the row of names above a list stays a row.
MOST = 20
LONGEST_QUERY = 1000
# What an address says beside the filter and the order.
_PASSING = frozenset({"page", "export", "print"})

policy.grant(SHARE, policy.head, gettext_lazy("share views of lists in this agency"))


@dataclass(frozen=True)
class Chip:
    """A saved view as it stands above its list."""

    view: SavedView
    url: str
    current: bool

    @property
    def label(self) -> str:
        return self.view.name

    @property
    def shared(self) -> bool:
        return self.view.agency_id is not None


def canonical(query: str) -> str:
    """The filter and order of an address: in one order, without what is empty and without the page."""
    pairs = parse_qsl(query, keep_blank_values=False, max_num_fields=100)
    return urlencode(sorted((name, value) for name, value in pairs if name not in _PASSING))


def list_at(path: str) -> Any:
    """The class of the list at an address of the workbench. Raises Refused where there is none."""
    from gongkai.agencies.pages import StaffList

    try:
        found = getattr(resolve(path).func, "view_class", None)
    except Resolver404:
        found = None
    if found is None or not issubclass(found, StaffList):
        raise Refused(_("At this address there is no list of which a view could be saved."))
    return found


def require_list(actor: Actor, path: str) -> None:
    """Raise Refused unless the actor may open the list at `path`."""
    act = list_at(path).act
    if act and not anywhere(actor, act):
        require(actor, act, None)


def of(actor: Actor, path: str = "") -> QuerySet[SavedView]:
    """The actor's own views and those shared in the agencies of their appointments; of one list, or of all."""
    seats = [each.agency_id for each in actor.appointments]
    mine = SavedView.objects.filter(Q(person=actor.person, agency=None) | Q(agency__in=seats))
    rows = mine.filter(list=path) if path else mine
    return rows.select_related("agency", "person").order_by("list", "agency", "name")


def chips(actor: Actor, path: str, query: str) -> list[Chip]:
    """The views above a list; the one whose filter is chosen now is current."""
    now = canonical(query)
    return [Chip(view, f"{path}?{view.query}", view.query == now) for view in of(actor, path)]


def may_change(actor: Actor, view: SavedView) -> bool:
    """Whether the actor may rename and delete the view: their own, or one shared where they head the office."""
    if view.agency is None:
        return view.person_id == actor.person.pk
    return allowed(actor, SHARE, view.agency)


def save(actor: Actor, path: str, query: str, name: str, agency: Agency | None = None) -> SavedView:
    """Keep a filter and order of the list at `path`. agency: share it there. Raises Refused."""
    require_list(actor, path)
    asked = canonical(query)
    if not asked:
        raise Refused(_("Set a filter or an order first, then save it as a view."))
    if len(asked) > LONGEST_QUERY:
        raise Refused(_("This filter is too long to be saved."))
    if agency is not None:
        require(actor, SHARE, agency)
    elif SavedView.objects.filter(person=actor.person, list=path, agency=None).count() >= MOST:
        raise Refused(_("You have %(n)d views of this list; delete one first.") % {"n": MOST})
    view = SavedView(
        person=actor.person, agency=agency, list=path, query=asked, name=name, made_at=clock.now()
    )
    return _store(actor, view, "view.shared")


def rename(actor: Actor, view: SavedView, name: str) -> SavedView:
    """Give a view another name. Raises Refused."""
    _require_change(actor, view)
    view.name = name
    return _store(actor, view, "view.renamed")


def delete(actor: Actor, view: SavedView) -> None:
    """Remove a view; the list and its rows are untouched. Raises Refused."""
    _require_change(actor, view)
    with transaction.atomic():
        _tell(actor, view, "view.deleted")
        view.delete()


def _require_change(actor: Actor, view: SavedView) -> None:
    if not may_change(actor, view):
        raise Refused(_("This view belongs to somebody else; save one of your own."))


def _store(actor: Actor, view: SavedView, action: str) -> SavedView:
    try:
        with transaction.atomic():
            view.save()
            _tell(actor, view, action)
    except IntegrityError as error:
        raise Refused(
            _("This list has a view “%(name)s” already; choose another name.") % {"name": view.name}
        ) from error
    return view


def _tell(actor: Actor, view: SavedView, action: str) -> None:
    """What others see is in the journal; the name is not, for it may name a person."""
    if view.agency_id is not None:
        chain.record(action, actor.who, agency=view.agency_id, subject=("view", view.pk), list=view.list)
