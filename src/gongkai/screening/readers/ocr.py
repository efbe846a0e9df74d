"""Words in pictures: recognised by the models that come with rapidocr, on this machine and without a network.

One engine serves a process, loaded when the first picture comes. What is recognised with doubt, and what the
time for one file does not reach, is said: a picture that nobody read is never clear.
"""

import hashlib
import math
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gongkai.screening.finding import Kind, Layer
from gongkai.screening.numbers import PROVINCES, is_resident_id
from gongkai.screening.passage import Part, Remark, Weaver

Pixels = NDArray[np.uint8]

# Seconds of recognition for one file; pictures and pages beyond are counted in one finding.
SECONDS = 75.0
# By so much the last picture may go beyond.
_OVERRUN = 10.0
# A picture this small in either direction cannot hold a legible character.
LEGIBLE = 12
# The detector looks at no more than so many pixels in either direction.
_SIDE = 2000
# Pixels that are shown to it at once; of a page; of the largest picture. Some letters of ten pixels are missed in more.
_PART, _PAGE, _MOST = 1_100_000, 2_600_000, 12_000_000
# Bands are at least and at most so high; they overlap by some lines, columns by a long number; what is so near an edge is cut.
_LEAST, _HIGHEST, _OVERLAP_DOWN, _OVERLAP_ACROSS, _EDGE = 320, 1100, 100, 600, 3
# A picture so much longer than wide (of a telephone's screen, of a roll) is not shrunk to a page.
_LONG = 2.5
# In the size of a page, lines lower than this are looked at again in full size.
_LOW = 16
# What the recogniser is less sure of than this is shown to a person.
_SURE = 0.8
# Of a line with so many digits it must be surer: one wrong makes another number.
_DIGITS, _SURE_OF_DIGITS = 6, 0.9
# Below this it found no words but grain, branches or bricks.
_GRAIN = 0.5
# Boxes this much higher than wide lie on their side.
_UPRIGHT = 1.5

_WHY_UNCLEAR = "图片文字辨认不清，须由人查看"
_WHY_ALMOST = "图片中的号码疑似公民身份号码而校验不符，可能是辨认有误，须由人查看"
_WHY_NO_ENGINE = "文字识别组件未能启动，图片中的内容未能识别，须由人查看"
_WHY_LEFT = "图片较多，限定时间内未能全部辨认，其余须由人查看"

# What a recogniser takes for a digit in the middle of digits.
_ALIKE = str.maketrans("OoQDIl|ZzSB", "00001112258")
_NUMBERLIKE = re.compile(r"[0-9OoQDIl|ZzSB]{10,19}[0-9xX]?")
_SPACED = re.compile(r"(?<![0-9])[0-9]+(?: [0-9]+)+(?![0-9])")
_TELEPHONE = re.compile(r"1[3-9][0-9]{9}")
_ALMOST_ID = re.compile(
    r"(?<![0-9])[1-8][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{2,4}[0-9xX](?![0-9xX])"
)


class Line(NamedTuple):
    """What was recognised in one box: its text, how sure (0–1), and its place in pixels."""

    text: str
    sure: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Words:
    """The rows of a picture from top to bottom; `unclear`: the first words read with doubt, if any."""

    rows: tuple[str, ...]
    unclear: str = ""


@dataclass(slots=True)
class _Desk:
    """The work of this process on one file: time left, pictures read, pictures left."""

    seconds: float = SECONDS
    spent: float = 0.0
    # When the picture that is being recognised was begun; None between pictures.
    begun: float | None = None
    read: dict[bytes, Words] = field(default_factory=dict)
    left: int = 0
    first_left: str = ""


_desk = _Desk()


class _NoEngine(Exception):
    """The engine or its models are not there."""


class _NoTime(Exception):
    """The picture in hand takes too long."""


@contextmanager
def _timed() -> Iterator[None]:
    """Count the time of one picture."""
    _desk.begun = begun = time.monotonic()
    try:
        yield
    finally:
        _desk.begun = None
        _desk.spent += max(time.monotonic() - begun, 1e-6)


def begin(seconds: float = SECONDS) -> None:
    """A new file: the full time again, nothing read yet."""
    global _desk
    _desk = _Desk(seconds)


def used() -> bool:
    """Whether this file had pictures to recognise: then other files of the same folder will too."""
    return _desk.spent > 0


def time_left() -> bool:
    """Whether another picture may be recognised; a page need not be rendered if not."""
    return _desk.spent < _desk.seconds


def left(location: str) -> None:
    """Count a picture that is not recognised for want of time or beyond a limit."""
    _desk.left += 1
    _desk.first_left = _desk.first_left or location


def left_unread() -> Iterator[Part]:
    """At the end of a file: the finding that pictures were left, with their number."""
    if _desk.left:
        yield Remark(
            Kind.UNREADABLE_PART,
            Layer.IMAGE,
            f"{_desk.first_left}起",
            f"{_desk.left} 幅图片未辨认",
            _WHY_LEFT,
        )


@lru_cache(maxsize=1)
def _engine() -> Any:
    """The recogniser, on one thread, silent, with the models of its package and no other."""
    try:
        import cv2
        import rapidocr

        cv2.setNumThreads(1)
        models = Path(rapidocr.__file__).parent / "models"
        return rapidocr.RapidOCR(
            params={
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                # A path that is given is never looked for on the network.
                "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
                "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
                "Global.use_cls": False,
                "Global.text_score": 0.0,
                "Global.max_side_len": _SIDE,
                "Global.log_level": "critical",
            }
        )
    except MemoryError:
        raise
    except Exception as error:
        raise _NoEngine from error


def warm() -> bool:
    """Load engine and models now; whether that could be done. For a process that forks others."""
    try:
        _engine()(np.full((64, 256, 3), 255, np.uint8))
    except Exception:
        return False
    return True


def read(pixels: Pixels, location: str, layer: Layer = Layer.IMAGE) -> Iterator[Part]:
    """The words of a picture as one passage, row by row, and what could not be read of it.

    `pixels` is height × width × 3 (blue, green, red) or height × width. The same pixels in one file are
    recognised once. A picture without words yields nothing.
    """
    if min(pixels.shape[:2]) < LEGIBLE:
        return
    key = hashlib.sha256(repr(pixels.shape).encode() + np.ascontiguousarray(pixels).tobytes()).digest()
    words = _desk.read.get(key)
    if words is None:
        if not time_left():
            left(location)
            return
        try:
            with _timed():
                words = _recognise(pixels)
        except _NoTime:
            left(location)
            return
        except _NoEngine:
            yield Remark(Kind.UNREADABLE_PART, Layer.IMAGE, location, "图片", _WHY_NO_ENGINE)
            return
        _desk.read[key] = words
    yield from _parts(words, location, layer)


def lines(pixels: Pixels) -> list[Line]:
    """Every line of a picture as it stands, with its place in pixels; none once the time for this file is used up."""
    if min(pixels.shape[:2]) < LEGIBLE or not time_left():
        return []
    try:
        with _timed():
            return [line._replace(text=_NUMBERLIKE.sub(_mended, line.text)) for line in _lines(pixels)]
    except (_NoEngine, _NoTime):
        return []


def strips(pictures: Sequence[Pixels]) -> list[tuple[str, float]]:
    """What stands on each picture of one line of writing, and how sure that is; nothing is looked for in it.

    Empty once the time for this file is used up, or without the engine (see `warm`).
    """
    if not pictures or not time_left():
        return []
    try:
        with _timed():
            answer = _engine().recognize_txt([_coloured(one) for one in pictures])
    except _NoEngine:
        return []
    return [(text.strip(), float(sure)) for text, sure in zip(answer.txts, answer.scores, strict=True)]


def _coloured(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2)


def _parts(words: Words, location: str, layer: Layer) -> Iterator[Part]:
    weaver = Weaver()
    for number, row in enumerate(words.rows, 1):
        weaver.add(row, layer, f"{location}，第 {number} 行")
        weaver.break_with("\n")
    yield from weaver.passages()
    if words.unclear:
        yield Remark(Kind.UNREADABLE_PART, Layer.IMAGE, location, words.unclear, _WHY_UNCLEAR)
    for number, row in enumerate(words.rows, 1):
        for match in _ALMOST_ID.finditer(row.replace(" ", "")):
            if match.group()[:2] in PROVINCES and not is_resident_id(match.group()):
                where = f"{location}，第 {number} 行"
                yield Remark(Kind.UNREADABLE_PART, Layer.IMAGE, where, match.group(), _WHY_ALMOST)


def _recognise(pixels: Pixels) -> Words:
    lines = _upright(pixels)
    return Words(tuple(_rows(lines)), _unclear(lines))


def _upright(pixels: Pixels) -> list[Line]:
    """Lines of the picture as it stands; if they read badly, of the picture turned, where that reads better."""
    lines = _lines(pixels)
    tall = 2 * sum(line.height > _UPRIGHT * (line.right - line.left) for line in lines) > len(lines)
    if not lines or _quality(lines) >= _SURE * 0.9:
        # The engine turns tall boxes to the left before it reads them: read well, they run downwards.
        return [_laid(line) for line in lines] if tall else lines
    turns = (1, 3) if tall else (2,)
    turned = [_lines(np.ascontiguousarray(np.rot90(pixels, turn))) for turn in turns if time_left()]
    return max((lines, *turned), key=_quality)


def _laid(line: Line) -> Line:
    """A line that runs downwards, with its place in the picture turned to the left."""
    return line._replace(left=line.top, right=line.bottom, top=-line.right, bottom=-line.left)


def _quality(lines: list[Line]) -> float:
    """How sure the recogniser is of the characters on average."""
    length = sum(len(line.text) for line in lines)
    return sum(line.sure * len(line.text) for line in lines) / length if length else 0.0


def _lines(pixels: Pixels) -> list[Line]:
    """All lines of a picture, with their places in its pixels.

    The detector misses a lone small line on a large ground, so that nothing larger than a part of a page is shown
    to it at once. Large pictures are shrunk to the size of a page first, and looked at again in full where their
    words are small or none were seen.
    """
    height, width = pixels.shape[:2]
    if height * width <= _PART and max(height, width) <= _SIDE:
        return _look(pixels)
    if max(height, width) > _LONG * min(height, width):
        return _at_size(pixels, _MOST, _tiled)
    found = _at_size(pixels, _PAGE, _tiled) or _at_size(pixels, _PART, _look)
    shrunk = math.sqrt(min(_PAGE / (height * width), 1.0))
    if shrunk < 0.9 and (not found or statistics.median(line.height for line in found) * shrunk < _LOW):
        return _at_size(pixels, _MOST, _tiled) or found
    return found


def _at_size(pixels: Pixels, most: int, look: Callable[[Pixels], list[Line]]) -> list[Line]:
    """Lines that a look at the picture with at most so many pixels gives, with their places in the whole one."""
    import cv2

    height, width = pixels.shape[:2]
    factor = math.sqrt(most / (height * width))
    if factor >= 1:
        return look(pixels)
    size = (max(round(width * factor), 1), max(round(height * factor), 1))
    smaller = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    return [
        Line(
            line.text, line.sure, *(side / factor for side in (line.left, line.top, line.right, line.bottom))
        )
        for line in look(smaller)
    ]


def _tiled(pixels: Pixels) -> list[Line]:
    """Lines seen in overlapping bands as wide as the picture, or as the detector takes."""
    height, width = pixels.shape[:2]
    band = min(max(_PART // min(width, _SIDE), _LEAST), _HIGHEST)
    found: list[Line] = []
    for top, bottom in _cuts(height, band, _OVERLAP_DOWN):
        for start, stop in _cuts(width, _SIDE, _OVERLAP_ACROSS):
            for line in _look(pixels[top:bottom, start:stop]):
                cut = (line.top < _EDGE and top > 0) or (
                    line.bottom > bottom - top - _EDGE and bottom < height
                )
                # A line that an edge cuts stands whole in the next band.
                if not cut or line.height > _OVERLAP_DOWN:
                    moved = line._replace(
                        left=line.left + start,
                        right=line.right + start,
                        top=line.top + top,
                        bottom=line.bottom + top,
                    )
                    found = _with(found, moved)
    return found


def _with(found: list[Line], line: Line) -> list[Line]:
    """The lines and one more; of two that are one line, seen in two bands, the longer stays."""
    if any(_within(line, other) and len(line.text) <= len(other.text) for other in found):
        return found
    return [*(other for other in found if not _within(other, line)), line]


def _within(line: Line, other: Line) -> bool:
    across = min(line.right, other.right) - max(line.left, other.left)
    down = min(line.bottom, other.bottom) - max(line.top, other.top)
    return across > 0.6 * (line.right - line.left) and down > 0.6 * line.height


def _cuts(length: int, size: int, overlap: int) -> list[tuple[int, int]]:
    """Stretches of about `size` that cover the length and overlap."""
    if length <= size * 1.2:
        return [(0, length)]
    count = -(-(length - overlap) // (size - overlap))
    starts = [round(number * (length - size) / (count - 1)) for number in range(count)]
    return [(start, start + size) for start in starts]


def _look(pixels: Pixels) -> list[Line]:
    """One run of the engine."""
    if _desk.begun is not None and _desk.spent + time.monotonic() - _desk.begun > _desk.seconds + _OVERRUN:
        raise _NoTime
    answer = _engine()(np.ascontiguousarray(pixels))
    if answer.boxes is None or answer.txts is None:
        return []
    lines = []
    for box, text, sure in zip(answer.boxes, answer.txts, answer.scores, strict=True):
        across, down = [float(x) for x, _ in box], [float(y) for _, y in box]
        lines.append(Line(text.strip(), float(sure), min(across), min(down), max(across), max(down)))
    return [line for line in lines if line.text]


def _rows(lines: list[Line]) -> Iterator[str]:
    """Boxes of one height joined to rows: near ones by a blank, far ones by a tab, as cells of a table."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.top + line.bottom) / 2):
        last = rows[-1] if rows else None
        middle = (line.top + line.bottom) / 2
        if last and last[-1].top + 0.25 * last[-1].height < middle < last[-1].bottom - 0.25 * last[-1].height:
            last.append(line)
        else:
            rows.append([line])
    for row in rows:
        row.sort(key=lambda line: line.left)
        text = row[0].text
        for before, after in pairwise(row):
            near = after.left - before.right < max(before.height, after.height)
            text += (" " if near else "\t") + after.text
        yield _SPACED.sub(_joined, _NUMBERLIKE.sub(_mended, text))


def _mended(match: re.Match[str]) -> str:
    """Digits with the letters among them that look like digits put right; other codes stay."""
    written = match.group()
    digits = sum(char.isdigit() for char in written)
    return written.translate(_ALIKE) if digits >= 0.7 * len(written) else written


def _joined(match: re.Match[str]) -> str:
    """A number of the length of an id or a card without its blanks: a recogniser sees them where none are."""
    groups = match.group().split()
    joined = "".join(groups)
    whole = 15 <= len(joined) <= 19 and not any(_TELEPHONE.fullmatch(group) for group in groups)
    return joined if whole else match.group()


def _unclear(lines: list[Line]) -> str:
    """The first line read with doubt; grain that the detector took for a line is none."""
    for line in lines:
        digits = sum(char.isdigit() for char in line.text)
        enough = _SURE_OF_DIGITS if digits >= _DIGITS else _SURE
        if _GRAIN <= line.sure < enough and (len(line.text) >= 4 or digits >= 3):
            return line.text
    return ""
