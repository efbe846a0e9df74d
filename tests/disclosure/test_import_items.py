"""An old site moves in: from a file through the manifest to the public, and a reason for every row that does not."""

import io
import zipfile
from datetime import date, datetime

import docx
import pytest

from gongkai.agencies.policy import Refused
from gongkai.disclosure import import_fields, import_worker, imports
from gongkai.disclosure.models import Item, ItemImportRow
from gongkai.review import manifests
from gongkai.review.submission import Found, content_of
from gongkai.rulebook import catalogue
from gongkai.screening import Finding, Kind, Layer, Severity
from tests.disclosure.import_files import HEADS, packed, row, sheet
from tests.review.manifests import approved


def taken(office, name, data, **settings):
    """A file sent in, its columns as guessed, all rows read."""
    handler = office.actor("handler")
    imported = imports.receive(handler, office.agency, name, data)
    imports.confirm(handler, imported, imports.proposed(imported), **settings)
    while imports.read_some(imported, 60):
        pass
    imported.refresh_from_db()
    return imported


def left(imported):
    return {one.number: one.reason for one in imported.rows.exclude(state="listed")}


def test_columns_are_guessed_by_the_names_that_sites_export():
    assert import_fields.guess(HEADS) == {
        "title": 1, "column": 2, "published_on": 3, "address": 4, "body": 5, "attachments": 6,
    }  # fmt: skip
    assert import_fields.guess(["URL", "Title", "PubDate", "Content"]) == {
        "address": 0, "title": 1, "published_on": 2, "body": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("*标题（必填）：", "title"),
        ("1. 发布 日期 (yyyy-mm-dd)", "published_on"),
        ("【成文日期】", "formed_on"),
        ("主题分类＊", "theme"),
        ("体裁（文种）", "genre"),
        ("文　号", "document_number"),
    ],
)
def test_heads_are_known_whatever_signs_stand_beside_them(head, name):
    assert import_fields.guess([head]) == {name: 0}


@pytest.mark.parametrize(
    ("entries", "text", "label"),
    [
        (catalogue.THEMES, "城乡建设、环境保护", "城乡建设、环境保护"),
        (catalogue.THEMES, " 城乡建设 ", "城乡建设、环境保护"),
        (catalogue.THEMES, "财政", "财政、金融、审计"),
        (catalogue.THEMES, "外星事务", ""),
        (catalogue.GENRES, "令", "命令（令）"),
        (catalogue.GENRES, "公告", "公告"),
        (catalogue.GENRES, "公", ""),
        (catalogue.GENRES, "", ""),
    ],
)
def test_theme_and_genre_are_those_of_the_lists_or_left_open(entries, text, label):
    assert import_fields.one_of(entries, text) == label


@pytest.mark.parametrize(
    "text",
    ["2019-05-06", "2019/5/6", "2019年5月6日", "2019.05.06 10:20", "20190506", "20190506102033", "43591"],
)
def test_a_day_is_read_however_sites_write_it(text):
    assert import_fields.day_of(text) == date(2019, 5, 6)


def test_a_list_becomes_public_items_by_one_approval(office):
    imported = taken(office, "旧站.xlsx", sheet([row(n) for n in range(1, 6)]))
    assert imports.counts(imported) == {"waiting": 0, "listed": 5, "found": 0, "wrong": 0, "known": 0}
    assert not imported.reading
    approved(office, imported.manifest)
    assert manifests.release_waiting() == 5
    item = Item.objects.get(title="西工区第1号旧站公告")
    assert (item.state, item.column.code, item.first_published_on) == ("public", "notice", date(2019, 5, 6))
    content = content_of(item.live.digest)
    assert content["body"] == "<p>旧站第1号公告的正文，征收范围东至王城大道。</p>"
    assert content["original"]["address"].endswith("art_1.html")


def test_every_row_that_stays_out_says_which_cell_and_why(office):
    rows = [
        row(1),
        row(2, 标题=""),
        row(3, 发布时间="去年五月"),
        row(4, 发布时间="2019-02-30"),
        row(5, 栏目名称="领导之窗"),
        row(6, 附件="没有的附件.pdf"),
        row(7, 正文内容="<p>联系人身份证号11010519491231002X</p>"),
        row(8, 访问地址="http://www.old.gov.cn/art/2019/5/6/art_1.html"),
        row(9, 正文内容=""),
        row(10, 发布时间=datetime(2119, 1, 1)),
        row(11, 标题="", 栏目名称=""),
    ]
    said = left(taken(office, "旧站.xlsx", sheet(rows)))
    assert "标题" in said[3]
    assert "去年五月" in said[4] and "2019-05-06" in said[4]
    assert "2019-02-30" in said[5]
    assert "领导之窗" in said[6]
    assert "没有的附件.pdf" in said[7]
    assert "公民身份号码" in said[8]
    assert "原发布地址" in said[9]
    assert "正文内容" in said[10]
    assert "2119" in said[11]
    # Two faults read as one sentence.
    assert said[12].count("。") == 1 and "没有写明栏目" in said[12] and "标题：" in said[12]
    assert 2 not in said


def test_a_row_with_a_finding_stays_a_draft_for_the_ordinary_way(office):
    imported = taken(office, "a.xlsx", sheet([row(1, 正文内容="<p>身份证号11010519491231002X</p>")]))
    item = imported.rows.get().item
    assert item.state == "draft" and item.origin_address
    assert manifests.listed(imported.manifest_id).count() == 0


def test_a_row_with_a_picture_that_could_not_be_read_says_what_to_do(office, monkeypatch):
    unread = Finding(Kind.UNREADABLE_PART, Layer.IMAGE, Severity.BLOCK, "图片", "正文图片1", "看不清")

    def found(*_args, **_more):
        raise Found([unread], 0)

    monkeypatch.setattr(manifests, "enlist", found)
    [reason] = left(taken(office, "旧站.xlsx", sheet([row(1)]))).values()
    assert "图片" in reason and "单独送审" in reason and "正文图片1" in reason


def test_a_wrong_cell_is_corrected_and_the_row_read_again(office):
    imported = taken(office, "a.xlsx", sheet([row(1, 发布时间="去年五月")]))
    one = imported.rows.get()
    imports.correct(office.actor("handler"), one, [str(cell) for cell in row(1)])
    imports.read_some(imported)
    one.refresh_from_db()
    assert one.state == "listed"


def test_what_is_here_already_is_left_out_unless_chosen(office):
    taken(office, "a.xlsx", sheet([row(1)]))
    again = taken(office, "b.xlsx", sheet([row(1)]))
    one = again.rows.get()
    assert one.state == "known"
    imports.take_all_the_same(office.actor("handler"), one)
    imports.read_some(again)
    one.refresh_from_db()
    assert one.state == "listed"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_any_encoding_of_an_office(office, encoding):
    text = "标题,发布日期,网址,内容,栏目\n旧公告一则,2018/3/4,/art/7.html,正文第一段,公示公告\n"
    imported = taken(office, "旧站.csv", text.encode(encoding))
    assert left(imported) == {}
    assert imported.rows.get().item.origin_address == "/art/7.html"


def test_files_of_an_archive_go_with_their_rows(office):
    table = sheet([row(1, 附件="补偿标准.txt"), row(2, 正文内容='<p>见图</p><img src="/u/2019/a.png">')])
    data = packed({"清单.xlsx": table, "附件/补偿标准.txt": "补偿标准每平方米".encode()})
    imported = taken(office, "旧站.zip", data)
    assert left(imported) == {}
    first = imported.rows.order_by("number").first()
    [name] = [
        one["name"]
        for one in content_of(
            first.item.import_rows.first().manifest.revisions.get(subject_id=first.item_id).digest
        )["attachments"]
    ]
    assert name == "补偿标准.txt"


def word(*lines):
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_folder_of_texts_takes_title_and_day_from_names_where_they_are_certain(office):
    data = packed({
        "2018-07-01 关于垃圾分类的通知.docx": word("各单位：", "现将垃圾分类有关事项通知如下。"),
        "关于停水的公告.html": "<html><head><title>停水公告</title></head><body><p>定于明日停水。</p></body></html>".encode("gb18030"),
    })  # fmt: skip
    imported = taken(office, "旧站.zip", data, default_column="notice")
    listed = imported.rows.get(state="listed")
    assert listed.title == "关于垃圾分类的通知"
    assert listed.item.first_published_on == date(2018, 7, 1)
    # No day in the name: it is asked, not guessed.
    assert "哪一天" in left(imported)[2]


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.html", b"0" * (64 << 20))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.docx", b"PK", "xlsx、csv"),
        ("a.xlsx", b"", "200 MB"),
        ("a.xlsx", b"no sheet at all", "另存为"),
        ("a.zip", b"PK\x03\x04broken", "损坏|异常"),
        ("a.csv", b"\n\n\n", "表头"),
        ("a.zip", bomb(), "压缩比"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(office, name, data, words):
    with pytest.raises(Refused, match=words):
        imports.receive(office.actor("handler"), office.agency, name, data)
    assert not ItemImportRow.objects.exists()


def test_more_rows_than_a_file_may_have_are_told():
    lines = "标题,日期\n" + "甲,2019-01-01\n" * (import_worker.MOST_ROWS + 1)
    assert "20000行" in import_worker.answer({"name": "a.csv", "want": "rows"}, lines.encode())["reason"]


def test_cut_off_and_begun_again_nothing_is_made_twice(office, monkeypatch):
    handler = office.actor("handler")
    imported = imports.receive(handler, office.agency, "a.xlsx", sheet([row(n) for n in range(1, 4)]))
    imports.confirm(handler, imported, imports.proposed(imported))
    real, calls = manifests.enlist, []

    def killed(*args):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(manifests, "enlist", killed)
    with pytest.raises(KeyboardInterrupt):
        imports.read_some(imported, 60)
    imports.read_some(imported, 60)
    assert imports.counts(imported)["listed"] == 3
    assert Item.objects.count() == 3


def test_a_full_manifest_is_followed_by_another(office, monkeypatch):
    monkeypatch.setattr(manifests, "MOST", 2)
    imported = taken(office, "a.xlsx", sheet([row(n) for n in range(1, 6)]))
    assert [manifests.listed(each.pk).count() for each in imports.of_import(imported)] == [2, 2, 1]


def test_only_who_may_draft_for_an_agency_sends_files_in(office):
    for name in ("supervisor", "system"):
        with pytest.raises(Refused):
            imports.receive(office.actor(name), office.agency, "a.xlsx", sheet([row(1)]))
