"""Office Open XML packages: a zip of XML parts, opened without trust."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import IO

from lxml import etree

from gongkai.screening.passage import Unreadable
from gongkai.screening.readers.nest import BOMB, MAX_EXPANDED, Allowance

MAX_ENTRIES = 20_000
MAX_TREE = 96 << 20
_CHUNK = 1 << 16

BROKEN = "文件已损坏或不完整，请用办公软件重新另存后再试"
_ENTITY = "文件含外部实体或文档类型声明，不是正常的办公文档，未读取"


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for comments and instructions."""
    tag = element.tag
    return _bare(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=4096)
def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its name without namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


class _Counted:
    """A zip entry read through the budget that all entries of its package share."""

    def __init__(self, stream: IO[bytes], package: "Package") -> None:
        self._stream = stream
        self._package = package

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(_CHUNK if size < 0 else min(size, _CHUNK))
        self._package.spend(len(data))
        return data


class Package:
    """The parts of a zip of XML parts by name. Every fault is an `Unreadable`.

    `allowance` is that of the nest the file lies in; a file by itself has one of its own.
    """

    def __init__(self, data: bytes, allowance: Allowance | None = None) -> None:
        self._allowance = allowance or Allowance()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
            raise Unreadable(BROKEN) from error
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_EXPANDED:
            raise Unreadable(BOMB)
        self.sizes = {
            entry.filename: entry.file_size for entry in entries if not entry.filename.endswith("/")
        }

    def spend(self, size: int) -> None:
        """Count expanded bytes."""
        self._allowance.spend(size)

    def names(self, folder: str = "", ending: str = "") -> list[str]:
        """Names of parts in a folder with an ending, sorted as people count (sheet2 before sheet10)."""
        return sorted(
            (name for name in self.sizes if name.startswith(folder) and name.endswith(ending)),
            key=lambda name: (len(name), name),
        )

    def read(self, name: str) -> bytes:
        """The bytes of a part."""
        try:
            with self._zip.open(name) as stream:
                pieces = []
                while piece := stream.read(_CHUNK):
                    self.spend(len(piece))
                    pieces.append(piece)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            KeyError,
            ValueError,
            RuntimeError,
            NotImplementedError,
        ) as error:
            raise Unreadable(BROKEN) from error
        return b"".join(pieces)

    def tree(self, name: str) -> etree._Element:
        """The root element of a part."""
        if self.sizes.get(name, 0) > MAX_TREE:
            raise Unreadable("文件中有一个部分过大，未读取，请拆分后再试")
        return parse_xml(self.read(name))

    def stream(self, name: str, tags: tuple[str, ...]) -> Iterator[etree._Element]:
        """Elements with one of these tags as each ends, without holding the part in memory.

        Tags are `{*}name`. The caller clears what it has used.
        """
        try:
            with self._zip.open(name) as stream:
                events = etree.iterparse(
                    _Counted(stream, self),
                    events=("end",),
                    tag=tags,
                    resolve_entities=False,
                    load_dtd=False,
                    no_network=True,
                    huge_tree=False,
                )
                for _, element in events:
                    _refuse_doctype(element)
                    yield element
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            KeyError,
            ValueError,
            RuntimeError,
            etree.XMLSyntaxError,
        ) as error:
            raise Unreadable(BROKEN) from error

    def relations(self, name: str) -> dict[str, tuple[str, str, bool]]:
        """Relations of a part: id → (type's last word, target, external). Targets are part names."""
        folder, base = posixpath.split(name)
        relations_name = posixpath.join(folder, "_rels", base + ".rels")
        if relations_name not in self.sizes:
            return {}
        found: dict[str, tuple[str, str, bool]] = {}
        for element in self.tree(relations_name):
            target = str(element.get("Target", ""))
            external = element.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[str(element.get("Id", ""))] = (
                str(element.get("Type", "")).rpartition("/")[2],
                target,
                external,
            )
        return found


def _refuse_doctype(element: etree._Element) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(_ENTITY)


def parse_xml(data: bytes) -> etree._Element:
    """The root of an XML text. No entity is resolved and nothing is fetched; a DTD is refused."""
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(BROKEN) from error
    _refuse_doctype(root)
    return root
