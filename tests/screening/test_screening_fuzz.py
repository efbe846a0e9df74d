"""Damaged files of every format: whatever is changed in one, a verdict comes out, and soon."""

import io
import random
import signal
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from gongkai.screening import Verdict, screen_file
from gongkai.screening.child import FAULT, screen
from tests.screening import (
    plants_legacy,
    plants_mail,
    plants_ofd,
    plants_page,
    plants_picture,
    plants_sheet,
    plants_slides,
    plants_word,
)
from tests.screening.planting import LEAKS
from tests.screening.test_screening_layers import CLAIMED

LEAK = LEAKS["resident_id"]
# No file of a few kilobytes takes longer, whatever is done to it.
SECONDS = 20

# Every way into a layer that is claimed, and files with several files in them.
SEEDS: list[tuple[str, Callable[[str], bytes]]] = [
    *[(f"件.{form}", plant) for form, _, plant in CLAIMED],
    ("件.png", plants_picture.picture),
    ("件.jpg", plants_picture.jpeg),
    ("件.docx", plants_word.macro),
    ("件.zip", lambda leak: plants_mail.zipped({f"{n}.{form}": plant(leak) for n, (form, plant) in INNER})),
]
INNER = list(
    enumerate(
        [
            ("docx", plants_word.comment),
            ("xlsx", plants_sheet.hidden_row),
            ("pptx", plants_slides.notes),
            ("pdf", plants_page.note),
            ("ofd", plants_ofd.annotation),
            ("eml", plants_mail.attachment),
            ("doc", plants_legacy.planter("comment.doc")),
            ("xls", plants_legacy.planter("comment.xls")),
        ]
    )
)
# Their words are recognised letter by letter, which takes long; they are damaged under soak.
SLOW_FORMS = ("png", "jpg")

NUMBERS = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF]


class TooSlow(BaseException):
    """No reader catches it."""


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    def ring(*_: object) -> None:
        raise TooSlow

    old = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


def _flipped(data: bytearray, rng: random.Random) -> None:
    for _ in range(rng.randrange(1, 12)):
        data[rng.randrange(len(data))] = rng.randrange(256)


def _numbered(data: bytearray, rng: random.Random) -> None:
    """A count or an offset that says something else."""
    for _ in range(rng.randrange(1, 6)):
        form = rng.choice("BHI")
        at = rng.randrange(len(data))
        number = struct.pack(f"<{form}", rng.choice(NUMBERS) & (256 ** struct.calcsize(f"<{form}") - 1))
        data[at : at + len(number)] = number


def _cut(data: bytearray, rng: random.Random) -> None:
    del data[rng.randrange(len(data)) :]


def _shifted(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data))
    if rng.randrange(2):
        del data[at : at + rng.randrange(1, 64)]
    else:
        data[at:at] = rng.randbytes(rng.randrange(1, 16))


def _spliced(data: bytearray, rng: random.Random) -> None:
    """A stretch of the file over another of it."""
    start, size = rng.randrange(len(data)), rng.randrange(1, 2_000)
    at = rng.randrange(len(data))
    piece = data[start : start + size]
    data[at : at + len(piece)] = piece


CHANGES = [_flipped, _numbered, _cut, _shifted, _spliced]


def damaged(data: bytes, rng: random.Random) -> bytes:
    """The file with one kind of damage."""
    changed = bytearray(data)
    rng.choice(CHANGES)(changed, rng)
    return bytes(changed)


def repacked(data: bytes, rng: random.Random) -> bytes:
    """A package in order whose parts are damaged, left out, kept twice or named otherwise."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        names = old.namelist()
        victim = rng.choice(names)
        for name in names:
            content = old.read(name)
            if name != victim:
                new.writestr(name, content)
                continue
            what = rng.randrange(4)
            if what == 0:
                new.writestr(name, damaged(content, rng) if content else b"<")
            elif what == 1:
                new.writestr(name.upper() + "\u202e", content)
            elif what == 2:
                new.writestr(name, old.read(rng.choice(names)))
    return stream.getvalue()


def _fuzz(rng: random.Random, rounds: int, slow: bool) -> None:
    for name, plant in SEEDS:
        if not slow and name.endswith(SLOW_FORMS):
            continue
        data = plant(LEAK)
        for _ in range(rounds):
            packed = data.startswith(b"PK") and rng.randrange(3)
            mutant = repacked(data, rng) if packed else damaged(data, rng)
            # In this process: an exception that leaves the reader would fail the test.
            with _within(SECONDS):
                result = screen(mutant, name)
            assert (result.verdict is Verdict.UNREADABLE) == (result.reason is not None)
            # A fault that no reader foresaw is told as one, but none of this kind should be left.
            assert result.reason != FAULT, name


def test_damaged_files_get_a_verdict() -> None:
    _fuzz(random.Random(20210701), 3, slow=False)


@pytest.mark.parametrize("form", ["docx", "xls", "doc", "eml", "ofd", "pdf"])
def test_a_damaged_file_gets_a_verdict_in_a_process_of_its_own(form: str) -> None:
    plant = next(plant for given, _, plant in CLAIMED if given == form)
    for seed in range(3):
        result = screen_file(damaged(plant(LEAK), random.Random(seed)), f"件.{form}")
        assert (result.verdict is Verdict.UNREADABLE) == (result.reason is not None)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_many_damaged_files_get_a_verdict(seed: int) -> None:
    _fuzz(random.Random(seed), 10, slow=True)
