"""Coming from elsewhere: an old site's items, from a table with files or from a folder of texts, into a manifest.

A file is stored by its digest, its columns are shown and confirmed by a person, and then its rows are read in the
background: each becomes a draft with its original address and day, is screened like any other, and enters the manifest
that three people approve (review.manifests). What does not enter is told row by row and stays, with its reason.
"""

import json
import time
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

import lxml.html
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai import screening
from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, actor_for, allowed, require
from gongkai.disclosure import body, import_fields, import_worker, items, wordfile
from gongkai.disclosure import content as contents
from gongkai.disclosure.models import Item, ItemImport, ItemImportRow
from gongkai.files import cleaning, storage
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock
from gongkai.review import drafts, manifests, submission
from gongkai.review.models import Manifest, ReviewState
from gongkai.screening import isolation

LARGEST = 200 * 1024 * 1024
# Rows that the preview shows, and that are read between two looks at the clock.
SHOWN, PORTION = 20, 20
IN_SWEEP, IN_REQUEST = 20.0, 2.0
SECONDS, MEMORY = 120.0, 3 << 30
WORK = "gongkai.disclosure.import_worker"
ENDINGS = (".xlsx", ".csv", ".zip")
ATTACHED = gettext_lazy("The text stands in the attachment.")
State = ItemImportRow.State


def look(actor: Actor, agency: Agency, name: str, data: bytes) -> tuple[ItemImport, list[ItemImportRow]]:
    """A file as it would be taken, nothing of it stored. Raises Refused with one sentence."""
    require(actor, "item.draft", agency)
    shown = PurePosixPath(name.replace("\\", "/")).name[-200:]
    if not shown.lower().endswith(ENDINGS):
        raise Refused(
            _("“%(name)s” is no xlsx, csv or zip; save the list as .xlsx and send it again.")
            % {"name": shown}
        )
    if not data or len(data) > LARGEST:
        raise Refused(_("“%(name)s” is empty or larger than 200 MB; divide it.") % {"name": shown})
    read = _asked({"name": shown, "want": "rows"}, data)
    imported = ItemImport(
        agency=agency,
        name=shown,
        heads=read["heads"],
        files=read["files"],
        created_by=actor.person,
        created_at=clock.now(),
    )
    rows = [ItemImportRow(imported=imported, number=number, cells=cells) for number, cells in read["rows"]]
    return imported, rows


def receive(actor: Actor, agency: Agency, name: str, data: bytes) -> ItemImport:
    """Store a file and its rows; nothing becomes an item yet. Raises Refused with one sentence."""
    imported, rows = look(actor, agency, name, data)
    # A zip is kept as it came, closed, and only ever opened by the import itself.
    keep = storage.store_package if imported.name.lower().endswith(".zip") else storage.store
    imported.file = keep(data, imported.name, who=actor.who)
    with transaction.atomic():
        imported.save()
        ItemImportRow.objects.bulk_create(rows, batch_size=500)
        chain.record(
            "items.import_received",
            actor.who,
            agency=agency.pk,
            subject=("import", imported.pk),
            digest=imported.file_id,
            rows=len(rows),
        )
    return imported


def _asked(head: dict[str, Any], data: bytes) -> dict[str, Any]:
    try:
        answer = isolation.ask(head, data, seconds=SECONDS, memory=MEMORY, work=WORK)
    except OSError as error:
        raise Refused(_("This machine is busy; try again in a minute.")) from error
    if isinstance(answer, isolation.Failure):
        raise Refused(_("The file could not be read to the end; divide it, or save it anew."))
    told: dict[str, Any] = json.loads(answer)
    if "reason" in told:
        raise Refused(told["reason"])
    return told


def proposed(imported: ItemImport) -> dict[str, int]:
    """The mapping to begin from: that of the last import with the same heads, or a guess by their names."""
    before = ItemImport.objects.filter(
        agency=imported.agency_id, heads=imported.heads, mapping__isnull=False
    ).exclude(pk=imported.pk)
    last = before.order_by("-created_at").first()
    return dict(last.mapping) if last is not None and last.mapping else import_fields.guess(imported.heads)


def preview(
    imported: ItemImport, rows: Iterable[ItemImportRow], mapping: Mapping[str, int], default_column: str
) -> list[tuple[int, import_fields.Read]]:
    """Rows as they would become, by their numbers."""
    columns = import_fields.columns()
    return [(row.number, _read(imported, row, mapping, default_column, columns)) for row in rows]


def _read(
    imported: ItemImport,
    row: ItemImportRow,
    mapping: Mapping[str, int],
    default_column: str,
    columns: dict[str, str],
) -> import_fields.Read:
    return import_fields.read(
        row.cells,
        mapping,
        imported.heads,
        columns=columns,
        default_column=default_column,
        files=imported.files,
        today=clock.today(),
    )


def confirm(
    actor: Actor, imported: ItemImport, mapping: Mapping[str, int], *, default_column: str = ""
) -> None:
    """Take the columns as mapped; the rows are read from now on, in the background. Raises Refused."""
    require(actor, "item.draft", imported.agency)
    if "title" not in mapping and "text_file" not in mapping:
        raise Refused(_("Say which column holds the title."))
    if "published_on" not in mapping:
        raise Refused(
            _(
                "Say which column holds the day of publication on the former site: without it nothing was public before."
            )
        )
    with transaction.atomic():
        held = ItemImport.objects.select_for_update().get(pk=imported.pk)
        _refuse_closed(held)
        if held.mapping is not None:
            raise Refused(_("The columns are confirmed already; the rows are being read."))
        held.mapping = dict(mapping)
        held.settings = {"column": default_column}
        held.manifest = manifests.begin(actor, held.agency, held.name)
        held.reading = True
        held.save()
        chain.record(
            "items.import_confirmed",
            actor.who,
            agency=held.agency_id,
            subject=("import", held.pk),
            mapping=dict(mapping),
        )
    imported.refresh_from_db()


def read_waiting() -> int:
    """Read rows of every import that waits, for at most a third of a minute; called by the sweeper."""
    end, done = time.monotonic() + IN_SWEEP, 0
    for imported in ItemImport.objects.filter(reading=True).order_by("created_at"):
        done += read_some(imported, end - time.monotonic())
    return done


def read_some(imported: ItemImport, seconds: float = IN_REQUEST) -> int:
    """Read rows that wait, for so long; how many. A row that a crash cut off is read again from its draft."""
    end, done = time.monotonic() + seconds, 0
    imported.refresh_from_db()
    actor = actor_for(imported.created_by)
    columns = import_fields.columns()
    while time.monotonic() < end:
        rows = list(imported.rows.filter(state=State.WAITING).order_by("number")[:PORTION])
        if not rows:
            ItemImport.objects.filter(pk=imported.pk).update(reading=False)
            break
        reads = [
            (row, _read(imported, row, imported.mapping or {}, imported.settings.get("column", ""), columns))
            for row in rows
        ]
        known = _known(imported.agency, [read for _row, read in reads])
        with _Files(imported) as files:
            for row, read in reads:
                _take(actor, imported, row, read, known, files)
                done += 1
                if time.monotonic() > end:
                    break
    return done


def _take(
    actor: Actor,
    imported: ItemImport,
    row: ItemImportRow,
    read: import_fields.Read,
    known: "_Known",
    files: "_Files",
) -> None:
    """What becomes of one row: in the manifest, or left with a reason."""
    row.title = (read.content.get("title") or PurePosixPath(read.text_file).stem)[:300]
    if read.wrong:
        _left(row, State.WRONG, read.faults)
        return
    if row.item_id is None and not row.forced and (said := known.says(read)):
        _left(row, State.KNOWN, said)
        return
    try:
        if row.item_id is None:
            _begin(actor, imported, row, read)
        known.add(read)
        item = Item.objects.select_related("agency").get(pk=row.item_id)
        draft = _written(actor, item, read, files)
        row.title = draft.content["title"][:300]
        if not ReviewState.objects.filter(subject_id=item.pk, state=ReviewState.State.LISTED).exists():
            manifests.enlist(actor, _with_room(actor, imported), draft)
        row.manifest = imported.manifest
        _left(row, State.LISTED, "")
    except submission.Found as found:
        _left(row, State.FOUND, _found_words(found))
    except Refused as refused:
        _left(row, State.WRONG, refused.message)


def _found_words(found: submission.Found) -> str:
    """Why a row stays out, where it was found, and, of pictures that nobody could read, what to do."""
    unread = screening.Kind.UNREADABLE_PART, screening.Layer.IMAGE
    pictures = [each for each in found.findings if (each.kind, each.layer) == unread]
    places = "；".join(dict.fromkeys(f"{each.location} {each.excerpt}".strip() for each in found.findings))
    if pictures and len(pictures) == len(found.findings):
        words = _(
            "Pictures whose words could not be read for certain go out only after a person has looked at them: "
            "open the draft, look at each, and submit it by itself."
        )
        return f"{words} {places}"
    return f"{found.message} {places}"


def _left(row: ItemImportRow, state: str, reason: str) -> None:
    row.state, row.reason = state, reason[:1000]
    row.save()


def _begin(actor: Actor, imported: ItemImport, row: ItemImportRow, read: import_fields.Read) -> None:
    """The item of a row, with where and when it was public: facts that only an import writes (I9)."""
    with transaction.atomic():
        item, _draft = items.begin(
            actor, imported.agency, read.content | {"body": ""}, origin=("import", imported.pk)
        )
        Item.objects.filter(pk=item.pk).update(
            origin_address=read.address, first_published_on=read.published_on
        )
        row.item = item
        row.save()


def _written(actor: Actor, item: Item, read: import_fields.Read, files: "_Files") -> Any:
    """The draft with its text, pictures and attachments; a second time the same."""
    content = dict(read.content)
    content["body"] = body.clean(_pictures(actor, item, content["body"], files))
    attached = list(read.attachments)
    if read.text_file:
        title, text = _text_of(actor, item, read.text_file, files)
        content["title"] = content["title"] or title
        if text:
            content["body"] += text
        else:
            attached.insert(0, read.text_file)
    if attached and not body.text_lines(content["body"]):
        content["body"] = f"<p>{ATTACHED}</p>"
    content["summary"] = content["summary"] or import_fields.summary_of(content)
    content["attachments"] = [_attachment(actor, item, name, files) for name in dict.fromkeys(attached)]
    draft = drafts.draft_of(contents.KIND, item.pk)
    if draft is None:
        raise Refused(_("This item has no draft."))
    return items.save(actor, item, content, version=draft.version)


def _attachment(actor: Actor, item: Item, name: str, files: "_Files") -> str:
    shown = PurePosixPath(name).name
    there = Attachment.objects.filter(owner_kind=contents.KIND, owner_id=item.pk, name=shown[-200:]).first()
    if there is None:
        there = cleaning.attach(
            files.data(name),
            shown,
            who=actor.who,
            agency=item.agency,
            owner=(contents.KIND, item.pk),
            purpose="attachment",
            person=actor.person,
        )
    return str(there.pk)


def _pictures(actor: Actor, item: Item, text: str, files: "_Files") -> str:
    """The text with its pictures taken from the archive; one that is not there is dropped by the cleaning."""
    if "<img" not in text.lower():
        return text
    root = lxml.html.fragment_fromstring(text, create_parent="div")
    for picture in root.iter("img"):
        name = import_fields.file_named(picture.get("src", ""), files.names)
        if name:
            row = items.picture(actor, item, files.data(name), PurePosixPath(name).name)
            picture.set("src", f"/workbench/files/{row.pk}/")
    return (root.text or "") + "".join(lxml.html.tostring(child, encoding="unicode") for child in root)


def _text_of(actor: Actor, item: Item, name: str, files: "_Files") -> tuple[str, str]:
    """Title and text of a Word file or web page; of a PDF the title alone: it goes out as an attachment."""
    data, stem = files.data(name), PurePosixPath(name).stem
    ending = PurePosixPath(name).suffix.lower()
    if ending == ".docx":
        word = wordfile.read(actor, item.agency, item, data, PurePosixPath(name).name)
        return word.title or stem, word.html
    if ending in (".html", ".htm"):
        page = lxml.html.document_fromstring(import_worker.decoded(data) or "<p></p>")
        for noise in page.xpath("//script|//style|//nav|//header|//footer"):
            noise.drop_tree()
        title = page.findtext(".//title") or stem
        found = page.find("body")
        text = lxml.html.tostring(found if found is not None else page, encoding="unicode")
        return " ".join(title.split())[:300], body.clean(_pictures(actor, item, text, files))
    if ending == ".pdf":
        lines = _asked({"name": name, "want": "lines"}, data)["lines"]
        return next((line for line in lines if len(line) > 6), stem)[:300], ""
    return stem, ""


class _Files:
    """The files of an archive while rows are read."""

    def __init__(self, imported: ItemImport) -> None:
        self.names = imported.files
        self._place = storage.path_of(imported.file_id) if imported.files else None
        self._packed: zipfile.ZipFile | None = None
        self._members: dict[str, zipfile.ZipInfo] = {}

    def __enter__(self) -> "_Files":
        if self._place is not None:
            self._packed = zipfile.ZipFile(self._place)
            self._members = import_worker.members(self._packed)
        return self

    def __exit__(self, *_error: object) -> None:
        if self._packed is not None:
            self._packed.close()

    def data(self, name: str) -> bytes:
        """The bytes of a file. Raises Refused where it is too large, damaged or not there."""
        one = self._members.get(name)
        if self._packed is None or one is None:
            raise Refused(_("“%(name)s” is not in the archive.") % {"name": name})
        if one.file_size > storage.LARGEST:
            raise Refused(
                _("“%(name)s” is larger than 50 MB; divide it.") % {"name": PurePosixPath(name).name}
            )
        try:
            with self._packed.open(one) as stream:
                # A header may lie about the size; no more than it said is read.
                return stream.read(one.file_size)
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
            raise Refused(
                _("“%(name)s” is damaged; save it anew and send it again.")
                % {"name": PurePosixPath(name).name}
            ) from error


class _Known:
    """What is here already of an agency, as far as a portion of rows may be the same."""

    def __init__(self, found: Iterable[tuple[str, str, str, Any, Any]]) -> None:
        self._addresses: set[str] = set()
        self._numbers: set[str] = set()
        self._titles: set[tuple[str, Any]] = set()
        for address, number, title, day, formed in found:
            self._addresses.add(address)
            self._numbers.add(number)
            self._titles |= {(title, day), (title, formed)}

    def says(self, read: import_fields.Read) -> str:
        """Why a row is left out as known; empty where it is new."""
        number = read.content.get("document_number", "")
        if read.address and read.address in self._addresses:
            return _("An item with this original address is here already.")
        if number and number in self._numbers:
            return _("An item with this document number is here already.")
        if (read.content.get("title"), read.published_on) in self._titles:
            return _("An item with this title and day is here already.")
        return ""

    def add(self, read: import_fields.Read) -> None:
        self._addresses.add(read.address)
        self._numbers.add(read.content.get("document_number", ""))
        self._titles.add((read.content.get("title"), read.published_on))


def _known(agency: Agency, reads: list[import_fields.Read]) -> _Known:
    addresses = {read.address for read in reads if read.address}
    numbers = {number for read in reads if (number := read.content.get("document_number"))}
    titles = {title for read in reads if (title := read.content.get("title"))}
    same = Q(origin_address__in=addresses) | Q(document_number__in=numbers) | Q(title__in=titles)
    rows = Item.objects.filter(same, agency=agency)
    return _Known(
        rows.values_list("origin_address", "document_number", "title", "first_published_on", "formed_on")
    )


def _with_room(actor: Actor, imported: ItemImport) -> Manifest:
    """The manifest that is being filled; a further one when it is full."""
    manifest = imported.manifest
    if manifest is None or manifests.listed(manifest.pk).count() >= manifests.MOST:
        n = Manifest.objects.filter(pk__in=imported.rows.values("manifest")).count() + 1
        manifest = manifests.begin(actor, imported.agency, f"{imported.name}（{n}）")
        imported.manifest = manifest
        imported.save(update_fields=["manifest"])
    return manifest


def correct(actor: Actor, row: ItemImportRow, cells: list[str]) -> None:
    """Write the cells of a row anew and read it again. Raises Refused where it is in the manifest or became an item."""
    require(actor, "item.draft", row.imported.agency)
    _refuse_closed(row.imported)
    if row.state not in (State.WRONG, State.KNOWN) or row.item_id is not None:
        raise Refused(_("This row became an item; go on with that."))
    row.cells, row.state, row.reason = [cell.strip() for cell in cells], State.WAITING, ""
    row.save()
    ItemImport.objects.filter(pk=row.imported_id).update(reading=True)


def take_all_the_same(actor: Actor, row: ItemImportRow) -> None:
    """Take a row in though something like it is here. Raises Refused."""
    require(actor, "item.draft", row.imported.agency)
    _refuse_closed(row.imported)
    if row.state != State.KNOWN:
        raise Refused(_("This row was not left out as known."))
    row.forced, row.state, row.reason = True, State.WAITING, ""
    row.save()
    ItemImport.objects.filter(pk=row.imported_id).update(reading=True)


def _refuse_closed(imported: ItemImport) -> None:
    if imported.closed_at is not None:
        raise Refused(_("This import is closed; send the row in anew, in a list of its own."))


def counts(imported: ItemImport) -> dict[str, int]:
    """Rows by what came of them."""
    found = dict(imported.rows.order_by().values_list("state").annotate(n=Count("pk")))
    return {state: found.get(state, 0) for state in State.values}


def of_import(imported: ItemImport) -> list[Manifest]:
    """The manifests that an import filled."""
    return list(Manifest.objects.filter(pk__in=imported.rows.values("manifest")).order_by("created_at"))


def may_read(actor: Actor, imported: ItemImport) -> bool:
    """Whether the policy lets the actor see an import."""
    return allowed(actor, "item.read", imported.agency)
