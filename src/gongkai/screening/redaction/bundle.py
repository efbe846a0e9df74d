"""An Office Open XML file as parts that are changed, dropped and packed anew."""

import io
import posixpath
import zipfile

from lxml import etree

from gongkai.screening.readers.package import Package, local, parse_xml

_TYPES = "[Content_Types].xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Bundle:
    """The parts of a package by name. What is not touched is packed byte for byte. Raises Unreadable if damaged."""

    def __init__(self, data: bytes) -> None:
        package = Package(data)
        self.parts = {name: package.read(name) for name in package.sizes}
        self._trees: dict[str, etree._Element] = {}

    def names(self, folder: str = "", ending: str = "") -> list[str]:
        """Names of parts in a folder with an ending, sorted as people count."""
        found = (name for name in self.parts if name.startswith(folder) and name.endswith(ending))
        return sorted(found, key=lambda name: (len(name), name))

    def tree(self, name: str) -> etree._Element:
        """The root of a part, for changing: it is written anew when the package is."""
        if name not in self._trees:
            self._trees[name] = parse_xml(self.parts[name])
        return self._trees[name]

    def look(self, name: str) -> etree._Element:
        """The root of a part, only for reading: the part stays byte for byte unless it is changed elsewhere."""
        return self._trees[name] if name in self._trees else parse_xml(self.parts[name])

    def put(self, name: str, data: bytes) -> None:
        """Put other bytes in the place of a part, or add one."""
        self._trees.pop(name, None)
        self.parts[name] = data

    def put_tree(self, name: str, root: etree._Element) -> None:
        """Put a changed root, taken with `look`, in the place of a part."""
        self.put(name, _bytes(root))

    @property
    def changed(self) -> frozenset[str]:
        """Names of parts whose trees were taken for changing and not settled."""
        return frozenset(self._trees)

    def settle(self, name: str) -> None:
        """Make bytes of a changed tree."""
        if name in self._trees:
            self.parts[name] = _bytes(self._trees.pop(name))

    def relations_of(self, name: str) -> str:
        """The name of the part that holds the relations of a part ("" is the package)."""
        folder, base = posixpath.split(name)
        return posixpath.join(folder, "_rels", base + ".rels")

    def targets(self, name: str) -> dict[str, tuple[str, str, bool]]:
        """Relations of a part: id → (type's last word, part or address, external)."""
        relations, found = self.relations_of(name), {}
        if relations in self.parts:
            for element in self.look(relations):
                kind = str(element.get("Type", "")).rpartition("/")[2]
                external = element.get("TargetMode") == "External"
                target = str(element.get("Target", ""))
                place = target if external else _place(name, target)
                found[str(element.get("Id", ""))] = (kind, place, external)
        return found

    def unrelate(
        self, name: str, *, ids: frozenset[str] = frozenset(), kinds: frozenset[str] = frozenset()
    ) -> None:
        """Take relations of a part away, by id or by the last word of their type."""
        relations = self.relations_of(name)
        gone = [key for key, (kind, _, _) in self.targets(name).items() if key in ids or kind in kinds]
        if gone:
            root = self.tree(relations)
            for element in list(root):
                if element.get("Id") in gone:
                    root.remove(element)

    def drop(self, name: str) -> bool:
        """Take a part away with its own relations, its type and every relation to it; whether it was there."""
        if name not in self.parts:
            return False
        del self.parts[name]
        self._trees.pop(name, None)
        own = self.relations_of(name)
        self.parts.pop(own, None)
        self._trees.pop(own, None)
        for relations in [part for part in self.parts if part.endswith(".rels")]:
            folder, base = posixpath.split(relations)
            source = posixpath.join(posixpath.dirname(folder), base[: -len(".rels")])
            ids = frozenset(
                k for k, (_, place, ext) in self.targets(source).items() if place == name and not ext
            )
            self.unrelate(source, ids=ids)
        if any(element.get("PartName") == "/" + name for element in self.look(_TYPES)):
            root = self.tree(_TYPES)
            for element in list(root):
                if element.get("PartName") == "/" + name:
                    root.remove(element)
        return True

    def drop_unreached(self) -> list[str]:
        """Take every part away to which no chain of relations leads; their names."""
        reached, open_ends = {_TYPES}, [""]
        while open_ends:
            name = open_ends.pop()
            relations = self.relations_of(name)
            if relations not in self.parts or relations in reached:
                continue
            reached.add(relations)
            for _, place, external in self.targets(name).values():
                if not external and place in self.parts and place not in reached:
                    reached.add(place)
                    open_ends.append(place)
        gone = [name for name in self.parts if name not in reached]
        for name in gone:
            self.drop(name)
        return [name for name in gone if not name.endswith(".rels")]

    def main(self, fallback: str) -> str:
        """The part that is the document, the workbook or the presentation."""
        for kind, place, external in self.targets("").values():
            if kind == "officeDocument" and not external and place in self.parts:
                return place
        return fallback

    def write(self) -> bytes:
        """The package: parts in their order, without the times and extra fields of the old zip."""
        for name, root in self._trees.items():
            self.parts[name] = _bytes(root)
        self._trees.clear()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            for name, data in self.parts.items():
                package.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
        return out.getvalue()


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _place(source: str, target: str) -> str:
    folder = posixpath.dirname(source)
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def named(root: etree._Element, *names: str) -> list[etree._Element]:
    """All elements below (and with) a root that bear one of these names, whatever their namespace."""
    return [element for element in root.iter() if local(element) in names]


def detach(element: etree._Element) -> None:
    """Take an element out; the text after it, which belongs to its parent, stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def unwrap(element: etree._Element) -> None:
    """Put the children of an element in its place."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    for child in list(element):
        parent.insert(at, child)
        at += 1
    detach(element)
