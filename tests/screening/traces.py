"""Looking for what should be gone: in every part of a package, every stream of a PDF, under every spelling."""

import io
import re
import zipfile

import pikepdf

_LOOSE = re.compile(rb"[\s\-\x00]|</?[A-Za-z][^<>]*>")


def parts(data: bytes) -> dict[str, bytes]:
    """Everything a file holds, unpacked."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            found = {name: package.read(name) for name in package.namelist()}
        inner = {
            f"{name}/{key}": part
            for name, body in found.items()
            if body[:2] == b"PK"
            for key, part in parts(body).items()
        }
        return found | inner
    if data.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(data)) as document:
            found = {"file": data}
            for number, each in enumerate(document.objects):
                found[f"object {number}"] = "\n".join(strings(each)).encode("utf-8", "surrogatepass")
                if isinstance(each, pikepdf.Stream):
                    try:
                        found[f"stream {number}"] = each.read_bytes()
                    except pikepdf.PdfError:
                        found[f"stream {number}"] = each.read_raw_bytes()
            return found
    return {"file": data}


def strings(each, depth: int = 0) -> list[str]:
    """Every string and name that an object of a PDF holds directly, however it is spelled there."""
    if depth > 20:
        return []
    if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
        values = [(str(key), value) for key, value in each.items()]
        return [
            text
            for key, value in values
            for text in [key, *([] if getattr(value, "is_indirect", False) else strings(value, depth + 1))]
        ]
    if isinstance(each, pikepdf.Array):
        return [text for value in each for text in strings(value, depth + 1)]
    return [str(each)]


def where(data: bytes, planted: str) -> list[str]:
    """The parts that still hold a text: as it stands, over tags, without its blanks, in UTF-16."""
    forms = {
        planted.encode(),
        re.sub(r"[\s\-]", "", planted).encode(),
        planted.encode("utf-16-be"),
        planted.encode("utf-16-le"),
    }
    found = []
    for name, body in parts(data).items():
        loose = _LOOSE.sub(b"", body)
        if any(form in body or form in loose for form in forms):
            found.append(name)
    return found
