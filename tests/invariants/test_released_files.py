"""I1, I7: files full of properties and hidden things go through the normal path, and no file of the site tells any."""

import io
import zipfile

import pikepdf
import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from gongkai.channels import tree
from gongkai.disclosure import items, redacting
from gongkai.files import cleaning, storage
from gongkai.review import drafts
from gongkai.screening import Kind
from gongkai.screening.redaction import CUTTABLE, USUALLY_DROPPED, Order
from tests.channels.test_site_follows import approve_looking
from tests.disclosure.test_redaction_pages import roster
from tests.items import drafted, submitted
from tests.portal import sites
from tests.screening import plants_page, traces
from tests.screening.planting import ID
from tests.screening.test_redaction_properties import PLANTED, photograph

# One name for each hiding place.
CANARIES = ["金丝雀批注", "金丝雀删去", "金丝雀隐藏", "金丝雀作者", "金丝雀注释", "金丝雀属性", PLANTED]
NUMBERS = [ID, "13812345678", "13912345678", "6222021234567890128"]


@pytest.fixture
def office(committed):
    return sites.written(committed)


def letter():
    document = Document()
    document.core_properties.author = "金丝雀作者"
    paragraph = document.add_paragraph(f"被征收人身份证{ID}。")
    document.add_comment(paragraph.runs, "金丝雀批注，电话13912345678", "金丝雀作者", "金")
    namespace = nsdecls("w")
    for inner in (
        '<w:del w:id="7" w:author="金丝雀作者"><w:r><w:delText>金丝雀删去</w:delText></w:r></w:del>',
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>金丝雀隐藏13812345678</w:t></w:r>",
    ):
        document.element.body.insert(0, parse_xml(f"<w:p {namespace}>{inner}</w:p>"))
    document.add_picture(io.BytesIO(photograph()))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def plan():
    with pikepdf.open(io.BytesIO(plants_page.note("金丝雀注释"))) as pdf:
        pdf.docinfo["/Author"] = "金丝雀属性"
        pdf.docinfo["/SourceModified"] = "金丝雀属性"
        with pdf.open_metadata() as metadata:
            metadata["xmp:CreatorTool"] = "金丝雀属性"
        pdf.attachments["底册.txt"] = pikepdf.AttachedFileSpec(
            pdf, b"6222021234567890128", filename="底册.txt"
        )
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def site_holds(planted):
    return [path for path in tree.files() if traces.where(tree.read(path) or b"", planted)]


def test_no_file_of_the_site_tells_what_stood_in_properties_and_hidden_places(office, at):
    handler = office.actor("handler")
    with at(2021, 3, 2):
        item = drafted(office)
        items.attach(handler, item, letter(), "公告.docx")
        items.attach(handler, item, roster(), "名单.xlsx")
        items.attach(handler, item, plan(), "方案.pdf")
        items.attach(handler, item, photograph(), "现场.jpg")
        shown = items.picture(handler, item, photograph("PNG"), "现场.png")
        draft = drafts.draft_of("item", item.pk)
        body = draft.content["body"] + f'<p><img src="/workbench/files/{shown.pk}/" alt="现场"></p>'
        drafts.save(
            handler, "item", item.pk, office.agency, draft.content | {"body": body}, version=draft.version
        )
        order = Order(kinds=frozenset(CUTTABLE), drop=USUALLY_DROPPED)
        for row in redacting.chosen(item):
            if row.file.extension in ("docx", "xlsx", "pdf"):
                redacting.redact(handler, item, row, order)
        approve_looking(office, submitted(office, item))
    item.refresh_from_db()
    files = [path for path in tree.files() if f"items/{item.index_number.replace('/', '-')}/files/" in path]
    assert len(files) == 5
    for planted in [*CANARIES, *NUMBERS]:
        assert not site_holds(planted), (planted, site_holds(planted))
    # The originals hold all of it still, closed.
    originals = [storage.read(row.original_id) for row in cleaning.history("item", item.pk)]
    for planted in [*CANARIES, *NUMBERS]:
        assert any(traces.where(data, planted) for data in originals), planted


def test_what_was_only_attached_loses_its_properties_at_least(office, at):
    """Nobody redacted: the screening tells of what is hidden, and the properties are gone all the same."""
    handler = office.actor("handler")
    with at(2021, 3, 2):
        item = drafted(office)
        row = items.attach(handler, item, letter(), "公告.docx")
    found = {finding.kind for finding in redacting.screened(item, row).findings}
    assert Kind.RESIDENT_ID in found and Kind.DOCUMENT_METADATA not in found
    with zipfile.ZipFile(io.BytesIO(storage.read(row.file_id))) as package:
        assert "金丝雀作者" not in b"".join(package.read(name) for name in package.namelist()).decode(
            "utf-8", "ignore"
        )
