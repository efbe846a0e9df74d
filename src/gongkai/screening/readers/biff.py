"""Records of an Excel 97–2003 workbook ([MS-XLS]) that no cell holds: headers, boxes, rules, links, caches.

Numbers of sections are those of [MS-XLS].
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from gongkai.screening.finding import Layer
from gongkai.screening.masking import mask_digits
from gongkai.screening.passage import Concealed, Part, Unreadable, Weaver
from gongkai.screening.readers import drawings, office
from gongkai.screening.readers.package import BROKEN

BIFF8 = 0x0600
MAX_SHEETS = 4_000
_MAX_RECORDS = 5_000_000

_BOF, _EOF, _CONTINUE, _FILEPASS, _BOUNDSHEET = 0x0809, 0x000A, 0x003C, 0x002F, 0x0085
_HEADER, _FOOTER, _EVEN = 0x0014, 0x0015, 0x089C
_TXO, _DV, _LINK, _SERIES_TEXT, _SX_STRING, _CRN = 0x01B6, 0x01BE, 0x01B8, 0x100D, 0x00CD, 0x005A
_DRAWING, _DRAWING_GROUP, _FORMULA, _CONDITION, _USER = 0x00EC, 0x00EB, 0x0006, 0x01B1, 0x005C
_PICTURE_BACKGROUND, _OBJECT = 0x00E9, 0x005D
_NOTE_OBJECT = b"\x19\x00"
_LINK_NAME, _LINK_FRAME, _LINK_TARGET, _LINK_PLACE, _LINK_TARGET_IS_TEXT = 0x10, 0x80, 0x01, 0x08, 0x100
_URL_MONIKER = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b")
_MACRO_SHEET = 1
_NUMBER, _STRING = 1, 2
_MIN_BOX = 18
_STRING_TOKEN = 0x17
_CONTROL = re.compile(r"[\x01-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff]")


class Sheet(NamedTuple):
    """A sheet as the list of sheets has it (2.4.28)."""

    name: str
    offset: int
    hidden: bool
    macro: bool


@dataclass(frozen=True, slots=True)
class Record:
    """One record with its continuations: where it begins, what it is, its bytes piece by piece."""

    offset: int
    kind: int
    pieces: list[bytes]

    @property
    def data(self) -> bytes:
        """All bytes joined."""
        return self.pieces[0] if len(self.pieces) == 1 else b"".join(self.pieces)


def records(stream: bytes) -> Iterator[Record]:
    """All records of a stream in order. Raises Unreadable if the last is cut off."""
    at = count = 0
    pending: Record | None = None
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if at + 4 + size > len(stream):
            raise Unreadable(BROKEN)
        count += 1
        if count > _MAX_RECORDS:
            raise Unreadable(BROKEN)
        body = stream[at + 4 : at + 4 + size]
        if kind == _CONTINUE and pending is not None:
            pending.pieces.append(body)
        else:
            if pending is not None:
                yield pending
            pending = Record(at, kind, [body])
        at += 4 + size
        if kind == 0 and size == 0 and not stream[at:].strip(b"\x00"):
            break  # the rest fills the last sector
    if pending is not None:
        yield pending


def version(stream: bytes) -> int:
    """The version in the first record; zero if there is none."""
    if len(stream) < 6 or struct.unpack_from("<H", stream, 0)[0] != _BOF:
        return 0
    return int(struct.unpack_from("<H", stream, 4)[0])


def encrypted(stream: bytes) -> bool:
    """Whether the workbook asks for a password before it shows its cells."""
    return any(record.kind == _FILEPASS for record in _globals(stream))


def _globals(stream: bytes) -> Iterator[Record]:
    for record in records(stream):
        yield record
        if record.kind == _EOF:
            return


def sheets(stream: bytes) -> list[Sheet]:
    """All sheets, also those that only hold a chart or macros."""
    found = []
    for record in _globals(stream):
        if record.kind == _BOUNDSHEET:
            offset, state, kind = struct.unpack_from("<IBB", record.data, 0)
            name, _ = _short(record.data, 6)
            found.append(Sheet(name, offset, bool(state & 3), kind == _MACRO_SHEET))
            if len(found) > MAX_SHEETS:
                raise Unreadable(BROKEN)
    return found


def beside_cells(stream: bytes, listed: list[Sheet], pictures: set[bytes]) -> Iterator[Part]:
    """What the records of each sheet say beside its cells; the layer of a hidden sheet covers all of it."""
    starts = {sheet.offset: sheet for sheet in listed}
    sheet: Sheet | None = None
    drawn: list[bytes] = []
    of_note = False
    for record in records(stream):
        if record.kind == _BOF:
            sheet = starts.get(record.offset, sheet)
        elif record.kind == _OBJECT:
            # The text of a note follows its object; the note itself is read with the cells.
            of_note = record.data[4:6] == _NOTE_OBJECT
        elif record.kind == _TXO and of_note:
            of_note = False
        elif record.kind in (_DRAWING, _DRAWING_GROUP):
            drawn.append(record.data)
        elif record.kind == _PICTURE_BACKGROUND:
            yield office.object_remark(_label(sheet), "背景图片")
        else:
            yield from _record(record, sheet)
    yield from drawings.read(b"".join(drawn), "图形", pictures)


def _label(sheet: Sheet | None) -> str:
    return f"工作表“{mask_digits(sheet.name)}”" if sheet is not None else "工作簿"


def _record(record: Record, sheet: Sheet | None) -> Iterator[Part]:
    texts, layer, what = _said(record)
    if not any(texts):
        return
    weaver = Weaver()
    where = f"{_label(sheet)}，{what}"
    if sheet is not None and sheet.hidden and layer is not Layer.COMMENT:
        layer = Layer.HIDDEN_SHEET
    for text in texts:
        if text:
            weaver.add(text, layer, where)
            weaver.break_with("\t\n")
    yield from weaver.passages()
    if layer is Layer.HIDDEN_TEXT and record.kind in (_SX_STRING, _CRN):
        yield Concealed(Layer.HIDDEN_TEXT, where, "；".join(texts)[:200])


def _said(record: Record) -> tuple[list[str], Layer, str]:
    """The words of a record, their layer, and what it is."""
    data = record.data
    try:
        if record.kind in (_HEADER, _FOOTER):
            return [_string(data, 0)[0] if data else ""], Layer.HEADER_FOOTER, "页眉页脚"
        if record.kind == _EVEN:
            return _even(data), Layer.HEADER_FOOTER, "页眉页脚"
        if record.kind == _TXO:
            return [_box(record)], Layer.TEXT, "文本框"
        if record.kind == _SERIES_TEXT:
            return [_short(data, 2)[0]], Layer.TEXT, "图表"
        if record.kind == _DV:
            return _rule(data), Layer.HIDDEN_TEXT, "数据有效性"
        if record.kind == _CONDITION:
            return constants(data), Layer.HIDDEN_TEXT, "条件格式"
        if record.kind == _FORMULA:
            return constants(data[20:]), Layer.TABLE, "公式"
        if record.kind == _LINK:
            return _link(data), Layer.METADATA, "链接"
        if record.kind == _SX_STRING:
            return [_string(data, 0)[0]], Layer.HIDDEN_TEXT, "数据透视表缓存"
        if record.kind == _CRN:
            return _cached(data), Layer.HIDDEN_TEXT, "外部数据缓存"
        if record.kind == _USER:
            return [_string(data, 0)[0].strip()], Layer.METADATA, "保存者"
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise Unreadable(BROKEN) from error
    return [], Layer.TEXT, ""


def _characters(data: bytes, at: int, count: int, flags: int) -> tuple[str, int]:
    """Letters in one byte each or two (2.5.293), and where they end."""
    wide = bool(flags & 1)
    size = count * (2 if wide else 1)
    raw = data[at : at + size]
    return raw.decode("utf-16-le" if wide else "latin-1", "replace"), at + size


def _short(data: bytes, at: int) -> tuple[str, int]:
    """A string whose length is a byte (2.5.240)."""
    return _characters(data, at + 2, data[at], data[at + 1])


def _string(data: bytes, at: int) -> tuple[str, int]:
    """A string whose length is two bytes (2.5.294, without the runs of a rich one)."""
    (count,) = struct.unpack_from("<H", data, at)
    return _characters(data, at + 3, count, data[at + 2])


def _even(data: bytes) -> list[str]:
    """Headers and footers of even and of first pages (2.4.137)."""
    at = 12 + 16 + 2
    counts = struct.unpack_from("<4H", data, at)
    at += 8
    texts = []
    for count in counts:
        if count:
            text, at = _string(data, at)
            texts.append(text)
    return texts


def _box(record: Record) -> str:
    """The text of a box (2.4.329): in the continuations, each of which says how wide its letters are."""
    head = record.pieces[0]
    if len(head) < _MIN_BOX:
        return ""
    (left,) = struct.unpack_from("<H", head, 10)
    text = ""
    for piece in record.pieces[1:]:
        if not left or not piece:
            break
        count = min(left, (len(piece) - 1) // (2 if piece[0] & 1 else 1))
        text += _characters(piece, 1, count, piece[0])[0]
        left -= count
    return text


def _rule(data: bytes) -> list[str]:
    """Titles, messages and lists of a rule for entries (2.4.93)."""
    texts = []
    at = 4
    for _ in range(4):
        text, at = _string(data, at)
        texts.append(text.strip("\x00"))
    for _ in range(2):
        (size,) = struct.unpack_from("<H", data, at)
        texts += [text.replace("\x00", "\t") for text in constants(data[at + 2 : at + 4 + size])]
        at += 4 + size
    return texts


def constants(formula: bytes) -> list[str]:
    """Strings that stand in a formula (2.5.198.89). A byte that only looks like one gives noise, no harm."""
    texts = []
    at = formula.find(_STRING_TOKEN)
    while 0 <= at < len(formula) - 2:
        count, flags = formula[at + 1], formula[at + 2]
        size = count * (2 if flags & 1 else 1)
        if count and flags <= 1 and at + 3 + size <= len(formula):
            text, end = _characters(formula, at + 3, count, flags)
            if not _CONTROL.search(text):
                texts.append(text)
                at = formula.find(_STRING_TOKEN, end)
                continue
        at = formula.find(_STRING_TOKEN, at + 1)
    return texts


def _link(data: bytes) -> list[str]:
    """Name, target and place in the target of a link ([MS-OSHARED] 2.3.7.1)."""
    (flags,) = struct.unpack_from("<I", data, 28)
    at = 32
    texts = []
    for flag in (_LINK_NAME, _LINK_FRAME, _LINK_TARGET, _LINK_PLACE):
        if not flags & flag:
            continue
        if flag == _LINK_TARGET and not flags & _LINK_TARGET_IS_TEXT:
            text, at = _moniker(data, at)
        else:
            (count,) = struct.unpack_from("<I", data, at)
            text, at = _characters(data, at + 4, count, 1)
        texts.append(text.strip("\x00"))
    return texts


def _moniker(data: bytes, at: int) -> tuple[str, int]:
    """An address or a path, and where it ends ([MS-OSHARED] 2.3.7.6 and 2.3.7.8)."""
    kind = data[at : at + 16]
    at += 16
    if kind == _URL_MONIKER:
        (size,) = struct.unpack_from("<I", data, at)
        raw = data[at + 4 : at + 4 + size]
        return raw.decode("utf-16-le", "replace").partition("\x00")[0], at + 4 + size
    (size,) = struct.unpack_from("<I", data, at + 2)
    narrow = data[at + 6 : at + 6 + size].rstrip(b"\x00").decode("gb18030", "replace")
    at += 6 + size + 24
    (rest,) = struct.unpack_from("<I", data, at)
    return f"{narrow} {data[at + 10 : at + 4 + rest].decode('utf-16-le', 'replace')}".strip(), at + 4 + rest


def _cached(data: bytes) -> list[str]:
    """Values that a link keeps of another workbook (2.4.66)."""
    last, first = data[0], data[1]
    at = 4
    texts = []
    for _ in range(max(last - first + 1, 0)):
        if at >= len(data):
            break
        if data[at] == _STRING:
            text, at = _string(data, at + 1)
            texts.append(text)
        else:
            if data[at] == _NUMBER:
                (number,) = struct.unpack_from("<d", data, at + 1)
                texts.append(figure(number))
            at += 9
    return texts


def figure(number: float) -> str:
    """A number as a cell shows it: 13800000000.0 is 13800000000."""
    return (
        str(int(number))
        if number == number and abs(number) < 1e20 and number == int(number)
        else repr(number)
    )
