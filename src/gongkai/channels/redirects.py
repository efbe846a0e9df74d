"""Moved addresses: what was published under another address is found under its own here (rulebook 7.1: old pages keep
their address).

An address leads to an item or to another address of this site. It never says what stands there: where the item was
withdrawn, its tombstone answers. Addresses that lead to what is not released yet stand in no file of the site.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, unquote
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet
from django.urls import get_resolver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.policy import Actor, Refused, grant, head, require, system
from gongkai.channels import addresses, moved, tree
from gongkai.channels.identity import identity
from gongkai.channels.moved import NoAddress
from gongkai.channels.parts import GONE, Part, settle
from gongkai.channels.redirect_models import Redirect
from gongkai.channels.renderers import Page
from gongkai.disclosure.models import Item
from gongkai.journal import chain, clock
from gongkai.journal.chain import SWEEPER

EDIT = "site.redirect"
CHUNK = 500
Target = Item | str

grant(EDIT, head | system, gettext_lazy("say where former addresses lead"))


@dataclass(frozen=True)
class Wanted:
    """That an address of before is to lead to an item, or to an address of this site ("": to nothing any more)."""

    old: str
    target: Target


def add(actor: Actor | None, old: str, target: Target, reason: str = "") -> Redirect:
    """Let an address of before lead to an item or an address of this site; the row in force, new or not.

    actor: None where the system takes over an old site. Raises Refused, saying what is wrong with the address.
    """
    (row,) = add_many(actor, [Wanted(old, target)], reason or _("entered by hand"))
    return row


def add_many(actor: Actor | None, wanted: Sequence[Wanted], reason: str) -> list[Redirect]:
    """Let many addresses lead where they are to, all or none; the rows in force, in the same order. Raises Refused."""
    with transaction.atomic():
        chain.hold()
        rows = _entered(actor, wanted, reason)
        touched = {row.shard for row in rows}
        transaction.on_commit(lambda: settle_shards(touched), robust=True)
    return rows


def _entered(actor: Actor | None, wanted: Sequence[Wanted], reason: str) -> list[Redirect]:
    keys = [checked(each) for each in wanted]
    paths = [place_of(each.target) if isinstance(each.target, str) else "" for each in wanted]
    before = newest(keys)
    if actor is not None:
        for known, each in zip(keys, wanted, strict=True):
            may(actor, each, before.get(known))
    answer: list[Redirect] = []
    made: list[Redirect] = []
    at, who = clock.now(), actor.who if actor else SWEEPER
    for known, path, each in zip(keys, paths, wanted, strict=True):
        item = each.target if isinstance(each.target, Item) else None
        row = before.get(known)
        if row is None or (row.item_id, row.path) != (item.pk if item else None, path):
            row = Redirect.objects.create(
                old=known,
                shard=moved.shard(known),
                item=item,
                path=path,
                reason=reason.strip()[:200],
                person=actor.person if actor else None,
                at=at,
            )
            before[known] = row
            made.append(row)
        answer.append(row)
    for start in range(0, len(made), CHUNK):
        part = made[start : start + CHUNK]
        owners = {row.item.agency_id for row in part if row.item}
        agency = owners.pop() if len(owners) == 1 else ""
        chain.record("site.redirected", who, agency=agency, subject=("redirect", part[0].pk), covers=part)
    return answer


def retire(actor: Actor, row: Redirect, reason: str) -> Redirect:
    """An address of before leads nowhere any more. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Give the reason."))
    if not leads(row):
        raise Refused(_("This address leads nowhere already."))
    return add_many(actor, [Wanted(row.old, "")], reason)[0]


def leads(row: Redirect) -> bool:
    """Whether the row names a place; the one that gives an address up does not."""
    return bool(row.item_id or row.path)


def may(actor: Actor, wanted: Wanted, row: Redirect | None) -> None:
    """Raise Refused unless the actor may let an address lead there, and away from where it leads now (row).

    To an item of one's own agency; to another page of the site only for the whole instance.
    """
    if isinstance(wanted.target, Item):
        require(actor, EDIT, wanted.target.agency)
    elif wanted.target:
        require(actor, EDIT, None)
    if row is not None and leads(row):
        require(actor, EDIT, row.item.agency if row.item else None)


def checked(wanted: Wanted) -> str:
    """The key of an address that may be entered. Raises Refused."""
    try:
        known = moved.key(wanted.old)
    except NoAddress:
        words = _("“%(address)s” is no address: write it from the host on, as /art/2021/3/5/art_123.html.")
        raise Refused(words % {"address": wanted.old.strip()[:80]}) from None
    part = moved.first_part(known)
    if part in services():
        raise Refused(
            _("“%(address)s” belongs to a service of this site and cannot lead elsewhere.")
            % {"address": known}
        )
    if not part or part == moved.FOLDER or stands(known):
        raise Refused(
            _("“%(address)s” is a page of this site itself and cannot lead elsewhere.") % {"address": known}
        )
    return known


def place_of(target: str) -> str:
    """An address of this site in its one form; "" stays. Raises Refused where nothing stands there."""
    if not target:
        return ""
    path = unquote(target.strip().removeprefix(identity().origin))
    inside = path.removeprefix("/")
    try:
        names = ("index.html", GONE) if path.endswith("/") else ("",)
        there = path.startswith("/") and (
            path == "/" or any(tree.place(f"{inside}{name}").is_file() for name in names)
        )
    except tree.UnsafePath:
        there = False
    if not there:
        words = _("Nothing stands at “%(address)s” on this site: copy the address of a page.")
        raise Refused(words % {"address": target.strip()[:80]})
    return quote(path)


@cache
def services() -> frozenset[str]:
    """First parts of the addresses that the server itself answers."""
    return frozenset(moved.first_parts(get_resolver().url_patterns)) | {"static"}


def stands(known: str) -> bool:
    """Whether the site has a page of its own at that address."""
    inside = known.partition("?")[0][1:]
    if moved.first_part(known) not in moved.OWN and "/" in inside:
        return False
    if not inside:
        return True
    try:
        place = tree.place(inside)
    except tree.UnsafePath:
        return False
    own = place.is_file() or (place / "index.html").is_file() or (place / GONE).is_file()
    return own and newest([known]).get(known) is None


# What counts now


def newest(keys: Iterable[str]) -> dict[str, Redirect]:
    """The row in force of each of these addresses that has one."""
    found: dict[str, Redirect] = {}
    known = list(dict.fromkeys(keys))
    for start in range(0, len(known), CHUNK):
        rows = Redirect.objects.filter(old__in=known[start : start + CHUNK]).select_related("item__agency")
        found |= {row.old: row for row in rows.order_by("pk")}
    return found


def in_force() -> QuerySet[Redirect]:
    """The newest row of each address."""
    last = Redirect.objects.values("old").annotate(last=Max("pk")).values("last")
    return Redirect.objects.filter(pk__in=last)


def target_of(row: Redirect) -> str:
    """Where a row leads: "" while its item has no page, not even a tombstone."""
    if row.item is None:
        return row.path
    if row.item.state not in (Item.State.PUBLIC, Item.State.WITHDRAWN) or not row.item.index_number:
        return ""
    return addresses.folder_url(addresses.item_folder(row.item.index_number))


# The files

MovedPage = Callable[[str], bytes]
_page: list[MovedPage] = []


def render_with(renderer: MovedPage) -> None:
    """Name what makes the page that leads on where a plain web server answers; given the address it leads to."""
    _page[:] = [renderer]


def shard_part(name: str) -> Part:
    """One file of addresses, with the pages that lead on for web servers that know no redirects."""

    def rows() -> Mapping[str, Redirect]:
        found = Redirect.objects.filter(shard=name).select_related("item").order_by("pk")
        return {row.old: row for row in found}

    def state() -> tuple[object, ...]:
        return tuple((row.pk, target_of(row)) for row in rows().values())

    def pages() -> list[Page]:
        leading = {old: target for old, row in sorted(rows().items()) if (target := target_of(row))}
        if not leading:
            return []
        made = "".join(moved.line(old, target) for old, target in leading.items())
        plain = [
            (path, _page[0](target))
            for old, target in leading.items()
            if _page and (path := moved.page_path(old))
        ]
        return [*plain, (moved.shard_path(name), made.encode())]

    def gone() -> list[str]:
        plain = (moved.page_path(old) for old in rows())
        return [moved.shard_path(name), *(path for path in plain if path)]

    return Part(f"{moved.FOLDER}/{name}", pages, state, gone=gone)


def redirect_parts() -> Iterator[Part]:
    """The parts of all moved addresses."""
    for name in Redirect.objects.order_by("shard").values_list("shard", flat=True).distinct():
        yield shard_part(name)


def settle_shards(names: Iterable[str]) -> None:
    """Bring these files to the present state."""
    for name in sorted(set(names)):
        settle(shard_part(name))


def follow_item(kind: str, subject: UUID) -> None:
    """Bring the addresses that lead to an item to its present state; nothing where none does."""
    if kind == "item":
        settle_shards(
            Redirect.objects.filter(item=subject).order_by().values_list("shard", flat=True).distinct()
        )


def nginx_lines() -> Iterator[str]:
    """Every address and where it leads, as lines of an nginx `map $request_uri …`."""
    for name in Redirect.objects.order_by("shard").values_list("shard", flat=True).distinct():
        if (text := tree.read(moved.shard_path(name))) is not None:
            yield from text.decode().splitlines(keepends=True)
