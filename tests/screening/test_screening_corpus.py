"""The corpus that the documentation speaks of: format × layer × kind × written form, and decoys.

Numbers with a check digit are drawn with a fixed seed and planted, in every form people write them in,
into every layer that is claimed. All are found, at their layer; no decoy blocks, alone or among others.
"""

import random
from collections.abc import Iterator

import pytest

from gongkai.screening import Severity
from gongkai.screening.child import screen
from gongkai.screening.masking import mask_number
from tests.screening import planting
from tests.screening.planting import DECOYS, LEAKS, MORE_DECOYS
from tests.screening.test_screening_layers import CLAIMED

MAKERS = {
    "resident_id": ("身份证", planting.resident_id),
    "bank_card": ("卡号", planting.bank_card),
    "mobile_number": ("电话", planting.mobile_number),
}
FORMS = 6
# Places that hold no more than a short line: cells and fields of fixed files, boxes on a page.
NARROW = frozenset({"doc", "xls", "ofd"})
_LINE, _FIELD = 40, 200
SHARE = 8


def planted(index: int) -> Iterator[list[tuple[str, str, str]]]:
    """For each file of an entry: kind, number, and how it is written there.

    Every layer meets every written form of every kind; a narrow place one number at a time, and each
    entry a third of them.
    """
    form, layer, _ = CLAIMED[index]
    draw = random.Random(f"{index} {form} {layer}")
    leaks = []
    for kind, (word, make) in MAKERS.items():
        for at in range(FORMS):
            number = make(draw)
            leaks.append((kind, number, word + planting.written_forms(kind, number)[at]))
    if form in NARROW:
        yield from ([leak] for leak in leaks[index % 3 :: 3])
    else:
        yield leaks[::2]
        yield leaks[1::2]


def decoys(index: int) -> Iterator[str]:
    """The decoys that an entry gets: some alone, and some beside each other."""
    narrow = CLAIMED[index][0] in NARROW
    share = MORE_DECOYS[index % SHARE :: SHARE]
    yield from (decoy for decoy in share if not narrow or len(decoy) <= _LINE)
    if not narrow:
        beside = ""
        for decoy in MORE_DECOYS[index % SHARE * 5 :]:
            if len(beside) + len(decoy) < _FIELD:
                beside += decoy + "；"
        yield beside


each = pytest.mark.parametrize("index", range(len(CLAIMED)), ids=lambda index: "-".join(CLAIMED[index][:2]))


@each
def test_every_number_with_a_check_digit_is_found_however_it_is_written(index: int) -> None:
    form, layer, plant = CLAIMED[index]
    for leaks in planted(index):
        result = screen(plant("；".join(written for _, _, written in leaks)), f"件.{form}")
        found = [
            (str(finding.kind), finding.excerpt) for finding in result.findings if finding.layer == layer
        ]
        missed = [
            written
            for kind, number, written in leaks
            if not any(name == kind and mask_number(number) in excerpt for name, excerpt in found)
        ]
        assert missed == []


@each
def test_no_decoy_blocks_alone_or_beside_others(index: int) -> None:
    form, _, plant = CLAIMED[index]
    for decoy in decoys(index):
        result = screen(plant(decoy), f"件.{form}")
        blocking = [finding for finding in result.findings if finding.severity is Severity.BLOCK]
        assert (decoy, result.reason, blocking) == (decoy, None, [])


def test_the_corpus_is_as_large_as_the_documentation_says(capsys: pytest.CaptureFixture[str]) -> None:
    indexes = range(len(CLAIMED))
    leaks = len(CLAIMED) * len(LEAKS) + sum(len(each) for index in indexes for each in planted(index))
    seen = len(CLAIMED) * len(DECOYS) + sum(len(list(decoys(index))) for index in indexes)
    layers = len({entry[:2] for entry in CLAIMED})
    with capsys.disabled():
        print(
            f"\ncorpus: {leaks} leaks and {seen} decoys, {layers} layers of formats, {len(CLAIMED)} ways into them"
        )
    assert leaks >= 300 and seen >= 300
    assert len(DECOYS) + len(MORE_DECOYS) >= 40
