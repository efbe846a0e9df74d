"""I1, I7, I9 on an exported site: what was planted where it is not public stands in no file of the export, nor within
a zip, a Word file or a PDF there."""

import io
import shutil
import zipfile

import pypdfium2
import pytest
from django.conf import settings

from gongkai.channels import manifest
from gongkai.disclosure import items, redacting
from gongkai.review import approvals, manifests, releases
from gongkai.review.models import Release
from gongkai.screening.redaction import Order
from tests.applications.cases import web
from tests.channels.test_exports import exported
from tests.correspondence import letters
from tests.disclosure.import_files import row, sheet
from tests.disclosure.opinions import NAME, PHONE, out, sent, solicitation
from tests.disclosure.test_import_items import taken
from tests.disclosure.test_notices import at_moment, notice
from tests.items import approve, drafted, released, submitted, ticked
from tests.portal import sites
from tests.review.manifests import approved

CANARY = "金丝雀"


@pytest.fixture
def office(committed):
    for name in ("ledger", "exports"):
        shutil.rmtree(settings.INSTANCE.home / name, ignore_errors=True)
    sites.written(committed)
    return committed


def words_of(data):
    """Everything readable in a file: as it is, unpacked, and the text of a PDF."""
    yield data.decode("utf-8", "ignore")
    yield data.decode("gb18030", "ignore")
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name
                yield from words_of(archive.read(name))
    if data[:4] == b"%PDF":
        for page in pypdfium2.PdfDocument(data):
            yield page.get_textpage().get_text_range()


def found(folder, *canaries):
    """Where a canary is heard; names of files count."""
    heard = set()
    for path, _there in manifest.entries(folder):
        texts = [path] if path.endswith("/") else [path, *words_of((folder / path).read_bytes())]
        heard |= {(path, canary) for canary in canaries for text in texts if canary in text}
    return heard


def test_nothing_that_is_not_public_is_in_the_export(office, tmp_path):
    handler = office.actor("handler")
    with at_moment(2021, 3, 2, 9):
        shown = released(office, title="已公开的信息")
        items.attach(handler, shown, f"更正稿的附件{CANARY}".encode(), f"更正附件{CANARY}.txt")
        draft = drafted(office, title=f"草稿{CANARY}", body=f"<p>草稿正文{CANARY}</p>")
        items.attach(handler, draft, f"草稿附件{CANARY}".encode(), f"草稿附件{CANARY}.txt")
        waiting = submitted(office, drafted(office, title=f"送审{CANARY}", summary=f"送审摘要{CANARY}"))
        approve(office, waiting, 1)
        returned = submitted(office, drafted(office, title=f"退回{CANARY}"))
        approve(office, returned, 1)
        approvals.return_(office.actor("reviewer"), returned, step=2, opinion=f"内部意见{CANARY}")
        gone = drafted(office, title=f"撤下{CANARY}", body=f"<p>撤下正文{CANARY}</p>")
        items.attach(handler, gone, f"撤下附件{CANARY}".encode(), f"撤下附件{CANARY}.txt")
        revision = submitted(office, gone)
        for step in (1, 2, 3):
            approve(office, revision, step)
        web(office)
        letters.received(office)
    item = notice(office)
    with at_moment(2021, 3, 3, 9):
        export = exported(tmp_path / "out")
        public = {"首文金丝雀", "首次摘要金丝雀"}
        assert found(tmp_path / "out", "撤下正文" + CANARY), "the scan hears what is public"
        release = Release.objects.filter(subject_id=gone.pk).latest("pk")
        releases.withdraw(office.actor("reviewer"), release, reason="error", note=f"撤下备注{CANARY}")
        canaries = [
            *(f"{where}{CANARY}" for where in ("草稿", "草稿正文", "草稿附件", "送审", "送审摘要", "退回", "内部意见")),
            *(f"{where}{CANARY}" for where in ("撤下", "撤下正文", "撤下附件", "撤下备注")),
            *(f"{where}{CANARY}" for where in ("更正附件", "更正稿的附件", "期满", "期满摘要")),
            "张三丰", "11010519491231002X", "13800138000", "zhang@example.org", "演示路一号",
            letters.NAME, letters.PHONE, letters.EMAIL, letters.ADDRESS, letters.SECRET,
        ]  # fmt: skip
        assert found(tmp_path / "out", *canaries) == set()
        assert found(tmp_path / "out", *public), "what the notice says until its last day is there"
        assert item.state == "public" and ticked("item", 1) and export.following


def test_what_was_taken_out_of_files_stayed_out_of_an_import_or_was_said_in_confidence_is_in_no_copy(
    office, tmp_path
):
    handler = office.actor("handler")
    with at_moment(2021, 3, 2, 9):
        exported(tmp_path / "out")
        item = drafted(office, title="附件涂去后公开")
        old = items.attach(handler, item, f"名单：{CANARY}甲，首次公开。".encode(), "名单.txt")
        redacting.redact(handler, item, old, Order(words=(f"{CANARY}甲",)))
        out(office, item)
        rows = [
            row(1, 标题=f"导入{CANARY}乙", 正文内容=f"<p>联系人身份证11010519491231002X，{CANARY}丙</p>"),
            row(2, 标题=f"导入{CANARY}丁", 发布时间="不是日期"),
            row(3),
        ]
        imported = taken(office, f"旧站{CANARY}戊.xlsx", sheet(rows))
        approved(office, imported.manifest)
        assert manifests.release_waiting() == 1
    asked = solicitation(office)
    sent(asked)
    with at_moment(2021, 3, 10, 10):
        canaries = [f"{CANARY}{sign}" for sign in "甲乙丙丁戊"] + [
            "11010519491231002X",
            NAME,
            PHONE,
            "金丝雀意见",
        ]
        assert found(tmp_path / "out", *canaries) == set()
        public = "首次公开", "西工区第3号旧站公告", asked.title
        assert {canary for _path, canary in found(tmp_path / "out", *public)} == set(public)
