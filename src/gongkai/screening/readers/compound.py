"""OLE compound files ([MS-CFB]), opened without trust: streams by name, properties, embedded objects.

Files of Word, Excel and PowerPoint up to 2003, and of WPS, are such files; so are the objects in them.
"""

import io
import struct
from collections.abc import Iterator, Mapping

import olefile  # type: ignore[import-untyped]

from gongkai.screening.finding import Layer
from gongkai.screening.masking import mask_digits
from gongkai.screening.passage import Part, Unreadable, Weaver
from gongkai.screening.readers import office
from gongkai.screening.readers.nest import Allowance, Nest
from gongkai.screening.readers.package import BROKEN

_FAULTS = (
    OSError,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    struct.error,
    RecursionError,
)
_MAX_ENTRIES = 20_000

# [MS-OLEPS] and [MS-OSHARED] 2.3.3.2: identifiers of properties, and their labels.
_SUMMARY = {2: "标题", 3: "主题", 4: "作者", 5: "关键词", 6: "备注", 7: "模板", 8: "上次修改者"}
_DOCUMENT = {2: "类别", 14: "主管", 15: "单位"}
_PERSONS = frozenset({"作者", "上次修改者", "主管", "单位"})
_CUSTOM_SET = bytes.fromhex("05d5cdd59c2e1b10939708002b2cf9ae")
_DICTIONARY, _CODE_PAGE = 0, 1
_TEXT_TYPES = {0x1E: 1, 0x1F: 2}
_MAX_PROPERTIES = 2_000

# Streams that carry no words of the author: what an object is, links between streams, layout, print settings.
_SILENT = frozenset(
    {
        "\x01CompObj", "\x01Ole", "\x03ObjInfo", "\x03LinkInfo", "\x02OlePres000", "\x03PRINT", "\x03EPRINT", "\x03META",
        "\x05SummaryInformation", "\x05DocumentSummaryInformation", "\x06DataSpaces", "MsoDataStore", "WpsCustomData",
        "\x03OCXNAME", "\x03OCXDATA", "\x09DRMContent", "\x01OleStream",
    }
)  # fmt: skip
_CODE = frozenset({"Macros", "_VBA_PROJECT_CUR", "VBA"})
# What the main stream of an embedded document is called, and the ending its format goes by.
_OBJECTS = {
    "WordDocument": "doc",
    "Workbook": "xls",
    "Book": "xls",
    "PowerPoint Document": "ppt",
    "Package": "docx",
    "EmbeddedOdf": "odt",
    "CONTENTS": "",
    "Contents": "",
}


class Compound:
    """One storage of a compound file, at the top or inside. Every fault is an `Unreadable`."""

    def __init__(self, data: bytes, allowance: Allowance | None = None) -> None:
        self._allowance = allowance or Allowance()
        self._size = len(data)
        self._path: tuple[str, ...] = ()
        self._ole = _opened(data)
        try:
            entries = self._ole.listdir(streams=True, storages=False)
        except _FAULTS as error:
            raise Unreadable(BROKEN) from error
        if len(entries) > _MAX_ENTRIES:
            raise Unreadable(BROKEN)
        self._streams = [tuple(entry) for entry in entries]

    def within(self, *path: str) -> "Compound":
        """The storage of this path as a compound file of its own."""
        inner = object.__new__(Compound)
        inner._allowance, inner._size, inner._ole = self._allowance, self._size, self._ole
        inner._path = self._path + path
        inner._streams = self._streams
        return inner

    def names(self) -> list[str]:
        """Names of the streams that lie directly in this storage."""
        depth = len(self._path)
        return [
            entry[-1] for entry in self._streams if len(entry) == depth + 1 and entry[:depth] == self._path
        ]

    def storages(self) -> list[str]:
        """Names of the storages that lie directly in this storage and hold any stream."""
        depth = len(self._path)
        inner = (entry for entry in self._streams if len(entry) > depth + 1 and entry[:depth] == self._path)
        return list(dict.fromkeys(entry[depth] for entry in inner))

    def has(self, name: str) -> bool:
        """Whether this storage has a stream of that name."""
        return name in self.names()

    def read(self, name: str) -> bytes:
        """The bytes of a stream; nothing for one that is not there."""
        if not self.has(name):
            return b""
        path = [*self._path, name]
        try:
            size = int(self._ole.get_size(path))
            # A chain of sectors that runs in a circle would go on for as long as the entry claims.
            if size > self._size:
                raise Unreadable(BROKEN)
            self._allowance.spend(size)
            data = bytes(self._ole.openstream(path).read())
        except _FAULTS as error:
            raise Unreadable(BROKEN) from error
        if len(data) < size:
            raise Unreadable(BROKEN)
        return data


def _opened(data: bytes) -> olefile.OleFileIO:
    """The file with its directory. What its header counts must fit into it before anything is allocated."""
    try:
        (shift,) = struct.unpack_from("<H", data, 0x1E)
        fat, small, chained = (struct.unpack_from("<I", data, at)[0] for at in (0x2C, 0x40, 0x48))
    except struct.error as error:
        raise Unreadable(BROKEN) from error
    sectors = (len(data) >> shift) + 1 if shift in (9, 12) else 0
    if max(fat, small, chained) > sectors:
        raise Unreadable(BROKEN)
    try:
        ole = olefile.OleFileIO(io.BytesIO(data))
        if int(ole.root.size) > len(data):
            raise Unreadable(BROKEN)
    except _FAULTS as error:
        raise Unreadable(BROKEN) from error
    return ole


def top_names(data: bytes) -> frozenset[str]:
    """Names of what lies at the top of a compound file; none if it cannot be opened."""
    try:
        compound = Compound(data)
    except Unreadable:
        return frozenset()
    return frozenset(compound.names()) | frozenset(compound.storages())


def text(data: bytes, code_page: int = 1252) -> str:
    """Bytes of a code page that a file names, as text; unknown pages are read as GB 18030."""
    if code_page == 1200:
        return data.decode("utf-16-le", "replace")
    encoding = {65001: "utf-8", 936: "gb18030", 54936: "gb18030", 950: "big5", 10008: "gb18030"}.get(
        code_page
    )
    if encoding is None:
        # Chinese programs write GBK under a western page.
        try:
            return data.decode("ascii")
        except UnicodeDecodeError:
            encoding = "gb18030"
    return data.decode(encoding, "replace")


def properties(compound: Compound) -> Iterator[Part]:
    """Summary, document and custom properties of a file."""
    weaver = Weaver()
    for stream, labels in (
        ("\x05SummaryInformation", _SUMMARY),
        ("\x05DocumentSummaryInformation", _DOCUMENT),
    ):
        data = compound.read(stream)
        if not data:
            continue
        for label, value in _property_sets(data, labels):
            value = value.strip("\x00 ")
            if not value:
                continue
            if label in _PERSONS and not office.names_nobody(value):
                yield office.person_remark(label, value)
            if label != "模板":
                weaver.add(value, Layer.METADATA, f"文档属性，{label}")
                weaver.break_with("\t\n")
    yield from weaver.passages()


def _property_sets(data: bytes, labels: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """Label and text of each property of a stream of property sets ([MS-OLEPS] 2.21)."""
    try:
        (count,) = struct.unpack_from("<I", data, 24)
        for index in range(min(count, 2)):
            kind, start = struct.unpack_from("<16sI", data, 28 + 20 * index)
            yield from _property_set(data, start, {} if kind == _CUSTOM_SET else labels)
    except (struct.error, ValueError, IndexError) as error:
        raise Unreadable(BROKEN) from error


def _property_set(data: bytes, start: int, labels: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    _, count = struct.unpack_from("<II", data, start)
    places = dict(
        struct.unpack_from("<II", data, start + 8 + 8 * index) for index in range(min(count, _MAX_PROPERTIES))
    )
    page = 1252
    if _CODE_PAGE in places:
        (page,) = struct.unpack_from("<H", data, start + places[_CODE_PAGE] + 4)
    named = _dictionary(data, start + places[_DICTIONARY], page) if _DICTIONARY in places else {}
    for name, offset in places.items():
        if name in (_DICTIONARY, _CODE_PAGE):
            continue
        at = start + offset
        kind, size = struct.unpack_from("<II", data, at)
        if kind & 0xFFF not in _TEXT_TYPES or kind & 0xF000:
            continue
        wide = kind == 0x1F
        raw = data[at + 8 : at + 8 + min(size * _TEXT_TYPES[kind & 0xFFF], len(data))]
        value = text(raw, 1200 if wide else page)
        shown = labels.get(name) or mask_digits(named.get(name, "")) or "其他"
        if name in named:
            value = f"{named[name].strip(chr(0))}\t{value}"
        yield shown.strip("\x00"), value


def _dictionary(data: bytes, at: int, page: int) -> dict[int, str]:
    """Names of custom properties by identifier ([MS-OLEPS] 2.17)."""
    names = {}
    (count,) = struct.unpack_from("<I", data, at)
    at += 4
    for _ in range(min(count, _MAX_PROPERTIES)):
        name, length = struct.unpack_from("<II", data, at)
        size = length * (2 if page == 1200 else 1)
        names[name] = text(data[at + 8 : at + 8 + min(size, len(data))], page)
        at += 8 + size
        if page == 1200:
            at += -size % 4
    return names


def objects(compound: Compound, seen: set[str], nest: Nest, label: str = "对象") -> Iterator[Part]:
    """Every stream and storage that the reader of the format did not take: what is embedded is read."""
    for name in compound.names():
        if name in seen or name in _SILENT or name.startswith("\x02OlePres"):
            continue
        data = compound.read(name)
        if name == "\x01Ole10Native":
            yield from _packed(data, label, nest)
        elif name in _OBJECTS:
            shown = f"{label}.{_OBJECTS[name]}".rstrip(".")
            yield from office.embedded(data, shown, nest)
        elif data.strip(b"\x00"):
            yield office.object_remark(f"内嵌对象“{mask_digits(_printed(name))}”", _printed(name))
    for name in compound.storages():
        if name in seen or name in _CODE or name in _SILENT:
            continue  # code is told of the whole file by its type
        yield from _storage(compound.within(name), _printed(name), nest)


def _storage(storage: Compound, label: str, nest: Nest) -> Iterator[Part]:
    """An embedded document that lies in a storage of its own, or a storage of such."""
    names = storage.names()
    location = f"内嵌对象“{mask_digits(label)}”"
    if "WordDocument" in names or "Workbook" in names:
        # Each reader is imported only when its format comes up.
        from gongkai.screening.readers import legacy_sheet, legacy_word

        reader = legacy_word.parts if "WordDocument" in names else legacy_sheet.parts
        yield from office.inside(lambda: reader(storage, nest.inner()), location, label)
    elif "Book" in names or "PowerPoint Document" in names:
        yield office.object_remark(location, label)
    else:
        yield from objects(storage, set(), nest, label)


def _packed(data: bytes, label: str, nest: Nest) -> Iterator[Part]:
    """A file that was put into a document as it is ([MS-OLEDS] 2.3.6, filled by the packager)."""
    try:
        size, kind = struct.unpack_from("<IH", data, 0)
        at = 6
        names = []
        if kind != 2:
            raise ValueError("not a packed file")
        for _ in range(2):
            end = data.index(b"\x00", at)
            names.append(text(data[at:end]))
            at = end + 1
        _, length = struct.unpack_from("<II", data, at)
        at += 8
        origin = text(data[at : at + length].rstrip(b"\x00"))
        at += length
        (size,) = struct.unpack_from("<I", data, at)
        content = data[at + 4 : at + 4 + size]
        if not content:
            raise ValueError("empty")
    except (struct.error, ValueError, IndexError):
        yield office.object_remark(f"内嵌对象“{mask_digits(label)}”", label)
        return
    weaver = Weaver()
    for path in {names[1], origin}:
        weaver.add(path, Layer.METADATA, "内嵌文件的原位置")
        weaver.break_with("\t\n")
    yield from weaver.passages()
    yield from office.embedded(content, names[0] or "文件", nest)


def _printed(name: str) -> str:
    return "".join(char for char in name if char.isprintable()) or "对象"
