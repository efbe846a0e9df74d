"""Words in pictures, and what lies under a cover: found; pictures without words: let pass; doubt: told."""

from collections.abc import Callable

import pytest

from gongkai.screening import Result
from gongkai.screening.child import screen
from tests.screening import plants_page, plants_picture
from tests.screening.planting import DECOYS, LEAKS

Plant = Callable[[str], bytes]
ALL = "\n".join(LEAKS.values())

# One picture with a leak of each kind, so that recognising it is paid once.
PICTURES: list[tuple[str, Plant]] = [
    ("png", plants_picture.picture),
    ("jpg", plants_picture.jpeg),
    ("docx", plants_picture.in_word),
    ("xlsx", plants_picture.in_sheet),
    ("pdf", plants_picture.on_page),
    ("pdf", plants_picture.scanned),
]
COVERED: list[tuple[str, Plant]] = [
    ("pdf", plants_page.black_bar),
    ("pdf", plants_page.white_bar_with_words),
    ("pdf", plants_page.covering_note),
]


def screened(data: bytes, form: str) -> Result:
    return screen(data, f"件.{form}")


def found(result: Result) -> list[tuple[str, str]]:
    return [(str(finding.kind), str(finding.layer)) for finding in result.findings]


def name_of(value: object) -> str:
    return getattr(value, "__name__", str(value))


@pytest.mark.parametrize("form,plant", PICTURES, ids=name_of)
def test_every_kind_is_found_in_a_picture(form: str, plant: Plant) -> None:
    result = screened(plant(ALL), form)
    assert result.reason is None
    assert sorted(found(result)) == sorted((kind, "image") for kind in LEAKS)


@pytest.mark.parametrize("form,plant", PICTURES, ids=name_of)
def test_decoys_in_a_picture_block_nowhere(form: str, plant: Plant) -> None:
    assert screened(plant("\n".join(DECOYS)), form).findings == ()
