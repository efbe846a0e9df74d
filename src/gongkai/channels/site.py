"""The public site as files: it follows releases, withdrawals and changes, and is compared with the database."""

from collections.abc import Callable, Hashable
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import F

from gongkai.channels import assets, columns, feeds, ledger, renderers, tree, turns
from gongkai.channels.identity import asked_once
from gongkai.channels.lines import Line
from gongkai.channels.models import ColumnEntry
from gongkai.channels.parts import (
    Part,
    column_part,
    map_part,
    maps_part,
    parts,
    parts_named,
    settle,
    stamp,
    standing_part,
    subject_part,
)
from gongkai.channels.spool import Spool
from gongkai.disclosure.models import Item
from gongkai.journal import canon

PASSES = 3
# Parts compared and set right before the list follows: it is written anew as a whole each time.
PORTION = 20_000
# So many files are named one by one.
TOLD = 20
# Of a file that stands there only its path counts.
NO_LINE = Line("-", 0, "-")


@dataclass(frozen=True)
class Difference:
    """Where the site differs from the database. what: added, missing or changed; owner: whose the file is, if anybody's."""

    path: str
    what: str
    owner: str = field(default="", compare=False)


Follower = Callable[[str, UUID], None]
_followers: list[Follower] = []


def also(follower: Follower) -> None:
    """Add what is brought to its present state after the pages of a subject: called with its kind and id."""
    if follower not in _followers:
        _followers.append(follower)


def follow(kind: str, subject: UUID | str) -> None:
    """Bring everything that shows a subject to its present state: its own folder first, then the lists."""
    public = renderers.kind_of(kind)
    if public is None:
        return
    with ledger.gathering():
        _follow(public, kind, subject)


def _follow(public: renderers.PublicKind, kind: str, subject: UUID | str) -> None:
    if part := subject_part(public, UUID(str(subject))):
        settle(part)
    for other in public.related(UUID(str(subject))):
        if part := subject_part(public, other):
            settle(part)
    for standing in public.beside(UUID(str(subject))):
        settle(standing_part(standing))
    if kind == "item":
        _settle_columns(Item.objects.select_related("column", "agency").get(pk=subject))
    settle_standing(followers_only=True)
    settle(maps_part())
    for follower in _followers:
        follower(kind, UUID(str(subject)))


def _settle_columns(item: Item) -> None:
    """The pages and the sitemap of every column in which the item has or had a place."""
    if item.state == Item.State.PUBLIC:
        columns.place(item)
    for entry in ColumnEntry.objects.filter(item=item).select_related("column"):
        settle(column_part(entry.column, columns.touched(entry.column, entry.position)))
        settle(map_part(entry.column, feeds.map_of(entry.position)))


def settle_standing(*, followers_only: bool = False) -> None:
    """Write the standing pages anew: all of them each night, or those that follow releases."""
    with ledger.gathering():
        for standing in renderers.standing():
            if standing.follows or not followers_only:
                settle(standing_part(standing))


def on_release(payload: dict[str, Any]) -> None:
    """Handler of review.released and review.withdrawn."""
    follow(payload["kind"], payload["subject"])


def on_item_changed(payload: dict[str, Any]) -> None:
    """Handler of item.changed."""
    follow("item", payload["item"])


def place_items() -> None:
    """Give each public item that has none its place in its column, in the order of first release."""
    placed = ColumnEntry.objects.filter(column=F("item__column")).values("item")
    unplaced = Item.objects.filter(state=Item.State.PUBLIC, column__isnull=False).exclude(pk__in=placed)
    for item in unplaced.order_by("listed_at", "index_number").iterator(chunk_size=500):
        columns.place(item)


def verify(*, mend: bool = False) -> list[Difference]:
    """Compare the files with the database; with `mend` set right what differs.

    What is released or withdrawn meanwhile is no difference: what was found is looked at again.
    """
    place_items()
    before = stamp()
    found = _compare(before, mend=mend)
    for _pass in range(PASSES):
        if stamp() == before:
            break
        before = stamp()
        # A page that was released while strangers were being taken away may have gone with them: all is compared.
        found = _compare(before, mend=True) if mend else _still(found)
    return found


def _still(found: list[Difference]) -> list[Difference]:
    """Of these the files that differ from the records as they are now; the pages of each owner are made once."""
    owned: dict[str, list[Difference]] = {}
    for each in found:
        line = None if each.owner else ledger.line_of(each.path)
        owned.setdefault(line.owner if line else each.owner, []).append(each)
    left = owned.pop("", [])
    for owner, several in owned.items():
        pages: dict[str, bytes] = {}
        for part in parts_named(owner):
            with asked_once():
                pages |= part.pages()
        left += [each for each in several if tree.read(each.path) != pages.get(each.path)]
    return left


def _compare(begun: Hashable, *, mend: bool) -> list[Difference]:
    """Part by part and then shard by shard, so that a site of a million files needs no memory for all its lines.

    begun: the state of the records before.
    """
    found: list[Difference] = []
    depth = ledger.root().depth
    with Spool(depth, ledger.folder()) as known, Spool(depth, ledger.folder()) as there:
        every = parts()
        while portion := list(islice(every, PORTION)):
            # The list follows a portion at a time, and the watch waits for no longer than that.
            with ledger.gathering() if mend else nullcontext():
                for part in portion:
                    found += _compare_part(part, known, mend)
        strange: list[str] = []
        for path in tree.files():
            # A name that no page of ours can have, and that no line of a list could hold.
            if path.isprintable():
                there.add(path, NO_LINE)
            else:
                strange.append(path)
        for name in there.names():
            strange += there.lines(name).keys() - known.lines(name).keys()
        strange.sort()
        if stamp() != begun:
            strange = sorted(each.path for each in _still([Difference(path, "added") for path in strange]))
        found += [Difference(path, "added") for path in strange]
        if mend:
            tree.forget_abandoned()
            for path in strange:
                tree.remove(path)
            ledger.rebuild(known, _digest_on_disk)
    return found


def _compare_part(part: Part, known: Spool, mend: bool) -> list[Difference]:
    found: list[Difference] = []
    state = part.state()
    with asked_once():
        pages = part.pages()
    for path, data in pages:
        known.add(path, Line(canon.sm3(data), len(data), part.named))
        held = tree.read(path)
        if held != data:
            found.append(Difference(path, "missing" if held is None else "changed", part.named))
    if mend and part.folder:
        # Those go with the next step; what stands beside all parts is found at the end.
        strange = sorted(set(tree.files(part.folder)) - {path for path, _data in pages})
        found += [Difference(path, "added") for path in strange]
    # A moment that is written down nowhere is no difference of the files, and is set right with them.
    if mend and (found or (part.folder and not turns.stands(part.folder, part.until()))):
        settle(part, (state, pages))
    return found


def _digest_on_disk(path: str) -> str | None:
    data = tree.read(path)
    return None if data is None else canon.sm3(data)


def packaged(path: str) -> bytes | None:
    """A static file (without static/) as the program's package holds it."""
    return next((data for there, data in assets.packaged() if there == path), None)


def write_anew(path: str) -> bool:
    """Write the part anew to which a file of the site belongs, from the records; whether it is known whose it is."""
    line = ledger.line_of(path)
    if line is None:
        return False
    if line.owner == ledger.STATIC:
        assets.collect_static()
        return True
    for part in parts_named(line.owner):
        settle(part)
        return True
    return False


def write_all() -> int:
    """Write the whole site, for a new instance or after a restore; how many files were set right."""
    return len(verify(mend=True))


def differences(*, repair: bool = False) -> list[str]:
    """What `gongkai check` says of the site: a sentence for each file that differs and stays so, of many the first."""
    words = {"added": "多出", "missing": "缺失", "changed": "与数据库不符"}
    found = verify(mend=repair)
    left = verify() if repair and found else found
    paths = {difference.path: words[difference.what] for difference in left}
    said = [
        f"公开网站文件 {path} {what}；运行 gongkai check --repair。"
        for path, what in list(paths.items())[:TOLD]
    ]
    if len(paths) > TOLD:
        # After a change of version every page is another.
        said.append(f"公开网站另有{len(paths) - TOLD}个文件不符；运行 gongkai check --repair 全部重写。")
    return said
