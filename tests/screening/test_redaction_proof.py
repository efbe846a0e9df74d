"""Whatever is planted in whatever layer: after redaction it is in no part of the new file, and screening says so."""

import pytest

from gongkai.screening import Kind
from gongkai.screening.child import screen
from gongkai.screening.redaction import CUTTABLE, Concealment, Order
from gongkai.screening.redaction.doors import redact
from tests.screening import plants_page, plants_sheet, plants_word, traces
from tests.screening.planting import LEAKS

ALL = Order(kinds=frozenset(CUTTABLE), drop=frozenset(Concealment))
WORD = [
    "text",
    "split_runs",
    "text_box",
    "table",
    "nested_table",
    "header",
    "footer",
    "comment",
    "footnote",
    "endnote",
    "deleted",
    "deleted_in_part",
    "inserted",
    "vanished",
    "white",
    "hidden_by_style",
    "title_property",
    "custom_property",
    "alt_text",
    "embedded_workbook",
    "unknown_part",
]
SHEET = [
    "cell",
    "rich_cell",
    "hidden_sheet",
    "very_hidden_sheet",
    "hidden_row",
    "hidden_column",
    "comment",
    "header",
    "title_property",
    "white",
    "invisible_format",
    "defined_name",
    "text_box",
    "pivot_cache",
    "embedded_text",
]
PAGE = ["text", "title_property", "packet", "note", "form_field", "attachment"]
PLANTS = [
    *((plants_word, name, "docx") for name in WORD),
    *((plants_sheet, name, "xlsx") for name in SHEET),
    *((plants_page, name, "pdf") for name in PAGE),
]


# What of each leak must be gone: the value without the words that name it.
VALUES = {
    "resident_id": "410305199003071230",
    "bank_card": "6222 0212 3456 7890 128",
    "mobile_number": "13812345678",
    "passport": "E12345678",
    "classification_mark": "机密★1年",
    "internal_mark": "内部资料",
    "vehicle_plate": "豫C12345",
    "home_address": "12号院3号楼2单元501室",
}


@pytest.mark.parametrize(
    ("plants", "layer", "ending"), PLANTS, ids=lambda each: getattr(each, "__name__", each)
)
def test_what_is_redacted_is_nowhere_in_the_new_file(plants, layer, ending):
    # A page of a PDF is drawn and read again for each: two kinds show the way of all.
    kinds = list(LEAKS) if ending != "pdf" else ["resident_id", "home_address"]
    for kind in kinds:
        data = getattr(plants, layer)(LEAKS[kind])
        made = redact(data, f"名单.{ending}", ALL).data
        assert not traces.where(made, VALUES[kind]), (kind, traces.where(made, VALUES[kind]))
        left = screen(made, f"名单.{ending}")
        assert left.reason is None
        assert Kind(kind) not in {finding.kind for finding in left.findings}, (kind, left.findings)


def test_the_search_for_traces_finds_what_was_planted():
    assert traces.where(plants_word.split_runs(LEAKS["mobile_number"]), "13812345678")
    assert traces.where(plants_sheet.pivot_cache(LEAKS["mobile_number"]), "13812345678")
    assert traces.where(plants_page.packet(LEAKS["resident_id"]), "410305199003071230")
    assert traces.where(plants_page.note(LEAKS["resident_id"]), "410305199003071230")
    assert traces.where(plants_page.form_field(LEAKS["home_address"]), VALUES["home_address"])
    assert traces.where(plants_page.attachment(LEAKS["mobile_number"]), "13812345678")
