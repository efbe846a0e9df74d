"""The site follows the releases: what is released stands there, what is not stands nowhere (I1, I9, I10)."""

import os
import threading

import pytest
from django.db import connections

from gongkai.channels import parts, renderers, site, tree
from gongkai.disclosure import items, normative
from gongkai.disclosure.models import NormativeDocument
from gongkai.review import approvals, drafts, releases
from gongkai.review.models import Release
from tests.items import approve, drafted, released, submitted
from tests.portal import sites

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8cfc0f01f0005050202a5f6a8d60000000049454e44ae426082"
)


@pytest.fixture
def office(committed):
    return sites.written(committed)


def folder_of(item):
    return f"items/{item.index_number.replace('/', '-')}"


def page_of(item):
    return tree.read(f"{folder_of(item)}/index.html").decode()


def everything():
    """Every path and byte of the site."""
    return b"\n".join(path.encode() + b"\n" + (tree.read(path) or b"") for path in tree.files())


def live(item):
    return Release.objects.filter(subject_id=item.pk).latest("pk")


def with_files(office, **content):
    """A released item with a picture in its text and an attachment."""
    item = drafted(office, **content)
    handler = office.actor("handler")
    shown = items.picture(handler, item, PICTURE, "现场.png")
    items.attach(handler, item, "补偿标准：每平方米。".encode(), "补偿 标准（2021）.txt")
    draft = drafts.draft_of("item", item.pk)
    body = draft.content["body"] + f'<p><img src="/workbench/files/{shown.pk}/" alt="现场"></p>'
    drafts.save(
        handler, "item", item.pk, office.agency, draft.content | {"body": body}, version=draft.version
    )
    approve_looking(office, submitted(office, item))
    item.refresh_from_db()
    return item


def approve_looking(office, revision, last=3):
    """The steps of a text with a picture: what the machine cannot read, people look at."""
    for finding in approvals.blocking(revision):
        approvals.dispute(office.actor("handler"), finding, "图片已由人查看")
    approve(office, revision, 1)
    for finding in approvals.blocking(revision):
        approvals.resolve(office.actor("reviewer"), finding, "图片已由人查看")
    for step in range(2, last + 1):
        approve(office, revision, step)


def test_a_release_writes_the_page_and_what_lists_it(office, at):
    with at(2021, 3, 2):
        item = released(office)
        text = page_of(item)
        assert item.title in text and "东至王城大道" in text
        for path in ("index.html", "columns/21-c5/index.html", "columns/21-c5/feed.xml"):
            assert item.title in tree.read(path).decode(), path
        assert "/items/XG0123-2021-00001/" in tree.read("sitemaps/21-c5-1.xml").decode()
        assert site.verify() == []


def test_attachments_and_pictures_get_public_copies_under_names_of_their_own(office, at):
    with at(2021, 3, 2):
        item = with_files(office)
    copies = sorted(tree.files(f"{folder_of(item)}/files"))
    assert [path.rsplit("-", 2)[-2:] for path in copies if path.endswith(".txt")] == [
        ["补偿", "标准（2021）.txt"]
    ]
    text = page_of(item)
    assert "/workbench/" not in text and "gongkai:" not in text
    assert text.count('<img src="/items/XG0123-2021-00001/files/') == 1
    assert {tree.read(path) for path in copies} == {PICTURE, "补偿标准：每平方米。".encode()}


def test_nothing_unreleased_stands_in_any_file(office, at):
    with at(2021, 3, 2):
        released(office)
        drafted(office, title="草稿金丝雀甲", body="<p>草稿金丝雀乙</p>")
        waiting = drafted(office, title="待审金丝雀丙", summary="待审金丝雀丁")
        items.attach(office.actor("handler"), waiting, "附件金丝雀戊".encode(), "附件金丝雀己.txt")
        revision = submitted(office, waiting)
        approve(office, revision, 1)
        approve(office, revision, 2)
        site.write_all()
    assert "金丝雀".encode() not in everything()


def test_published_text_stays_unchanged_while_its_successor_is_reviewed(office, at):
    """I10."""
    with at(2021, 3, 2):
        item = with_files(office)
    before = everything()
    with at(2021, 4, 1):
        draft = drafts.draft_of("item", item.pk)
        changed = draft.content | {"title": "更正后的标题", "attachments": []}
        items.save(office.actor("handler"), item, changed, version=draft.version)
        revision = submitted(office, item)
        approve_looking(office, revision, last=2)
        site.follow("item", item.pk)
    assert everything() == before
    with at(2021, 4, 1):
        approve(office, revision, 3)
    assert "更正后的标题" in page_of(item) and "2021年4月1日" in page_of(item)
    assert not [path for path in tree.files(folder_of(item)) if path.endswith(".txt")]
    assert item.title.encode() not in everything()


def test_a_withdrawal_leaves_a_tombstone_and_nothing_else(office, at):
    """I9: before the withdrawing call returns."""
    with at(2021, 3, 2):
        item = with_files(office, title="撤下的金丝雀", body="<p>正文金丝雀</p>", summary="摘要金丝雀")
        assert "金丝雀".encode() in everything()
    with at(2021, 10, 8):
        releases.withdraw(office.actor("reviewer"), live(item), reason="error", note="备注金丝雀")
    assert "金丝雀".encode() not in everything()
    assert list(tree.files(folder_of(item))) == [f"{folder_of(item)}/gone.html"]
    stone = tree.read(f"{folder_of(item)}/gone.html").decode()
    assert "XG0123/2021-00001" in stone and "2021年10月8日" in stone
    with at(2021, 10, 8):
        assert site.verify() == []


def test_after_a_leak_the_fixed_words_stand_alone(office, at):
    with at(2021, 3, 2):
        item = released(office, title="泄露的标题")
        releases.withdraw(office.actor("approver"), live(item), reason="leak", show_title=True)
    stone = tree.read(f"{folder_of(item)}/gone.html").decode()
    assert "<h1>该信息已撤下</h1>" in stone
    assert "泄露的标题" not in stone and "撤下原因" not in stone


def test_a_title_is_shown_on_a_tombstone_only_on_request(office, at):
    with at(2021, 3, 2):
        item = released(office, title="可以显示的标题")
        releases.withdraw(office.actor("approver"), live(item), reason="expired", show_title=True)
    assert "可以显示的标题" in tree.read(f"{folder_of(item)}/gone.html").decode()


@pytest.mark.commits
def test_a_page_writer_that_comes_late_does_not_bring_back_what_was_withdrawn(office, at, monkeypatch):
    """A writer has rendered the old state; the withdrawal commits before it writes (I9)."""
    with at(2021, 3, 2):
        item = released(office, body="<p>迟到的金丝雀</p>")
    public = renderers.kind_of("item")
    once = []

    def slow(release, content):
        pages = public.pages(release, content)
        if not once:
            once.append(True)
            thread = threading.Thread(target=withdraw)
            thread.start()
            # The withdrawing call waits for our lock; its row is committed before it does.
            while not Release.objects.filter(pk=release.pk, withdrawal__isnull=False).exists():
                thread.join(0.01)
            threads.append(thread)
        return pages

    def withdraw():
        with at(2021, 3, 3):
            releases.withdraw(office.actor("reviewer"), live(item), reason="error")
        connections["default"].close()

    threads = []
    monkeypatch.setitem(
        renderers._kinds, "item", renderers.PublicKind("item", public.folder, slow, public.tombstone)
    )
    parts.settle(parts.subject_part(renderers.kind_of("item"), item.pk))
    assert list(tree.files(folder_of(item))) == [f"{folder_of(item)}/gone.html"], "already by the late writer"
    threads[0].join(30)
    assert "迟到的金丝雀".encode() not in everything()


def test_a_late_follow_up_task_does_not_bring_it_back(office, at):
    with at(2021, 3, 2):
        item = released(office, title="迟到的金丝雀")
        release = live(item)
        releases.withdraw(office.actor("reviewer"), release, reason="error")
        before = everything()
        site.on_release({"release": release.pk, "kind": "item", "subject": str(item.pk)})
        site.on_item_changed({"item": str(item.pk)})
    assert everything() == before


def test_the_same_state_gives_the_same_bytes(office, at):
    with at(2021, 3, 2):
        with_files(office)
        released(office, title="第二件")
        before = everything()
        for path in list(tree.files()):
            tree.remove(path)
        site.write_all()
        assert everything() == before


@pytest.mark.parametrize("mend", [False, True])
def test_the_sweeper_names_added_missing_and_changed_files(office, at, mend):
    with at(2021, 3, 2):
        item = released(office)
        page = f"{folder_of(item)}/index.html"
        kept = tree.read(page)
        tree.place(page).write_bytes(kept.replace("王城大道".encode(), "别处".encode()))
        tree.remove("columns/21-c5/index.html")
        tree.write("items/planted/index.html", b"planted")
        tree.write(f"{folder_of(item)}/planted.html", b"planted")
        found = site.verify(mend=mend)
        assert {(difference.path, difference.what) for difference in found} == {
            (page, "changed"),
            ("columns/21-c5/index.html", "missing"),
            ("items/planted/index.html", "added"),
            (f"{folder_of(item)}/planted.html", "added"),
        }
        assert len(site.verify()) == (0 if mend else 4)


@pytest.mark.parametrize("mend", [False, True])
def test_what_is_released_while_the_site_is_compared_is_no_difference_and_stays(
    office, at, monkeypatch, mend
):
    with at(2021, 3, 2):
        gone = released(office, title="其间撤回的一件")
        site.write_all()
        tree.write("items/planted/index.html", b"planted")
        walked, removed, compared, come = tree.files, [], [], []

        def files(folder=""):
            if not folder and not come:
                come.append(released(office, title="其间发布的一件"))
                releases.withdraw(office.actor("approver"), gone.live, reason="error")
            return walked(folder)

        real_remove, real_part = tree.remove, site._compare_part
        monkeypatch.setattr(tree, "files", files)
        monkeypatch.setattr(tree, "remove", lambda path: removed.append(path) or real_remove(path))
        monkeypatch.setattr(
            site, "_compare_part", lambda part, *more: compared.append(part.named) or real_part(part, *more)
        )
        found = site.verify(mend=mend)
        assert not [each for each in removed if folder_of(come[0]) in each]
        if not mend:
            # What was found is looked at again; the whole site is not compared once more.
            assert [(each.path, each.what) for each in found] == [("items/planted/index.html", "added")]
            assert compared.count("columns/20-01") == 1
        monkeypatch.undo()
        assert tree.read(f"{folder_of(come[0])}/index.html")
        assert [each.path for each in site.verify()] == ([] if mend else ["items/planted/index.html"])


def test_strangers_of_any_name_go_and_a_half_written_file_is_no_stranger(office, at):
    at(2021, 3, 1)
    sites.fresh()
    site.write_all()
    (tree.root() / "catalogue" / ".htaccess").write_text("Options +Indexes")
    (tree.root() / "a\\b\nc.html").write_text("planted")
    begun = tree.root() / tree.WRITING / "begun"
    begun.write_text("half a page")
    killed = tree.root() / tree.WRITING / "killed"
    killed.write_text("half a page")
    os.utime(killed, (0, 0))

    found = {(difference.path, difference.what) for difference in site.verify(mend=True)}

    assert found == {("catalogue/.htaccess", "added"), ("a\\b\nc.html", "added")}
    assert site.verify() == []
    assert begun.exists()
    assert not killed.exists()


def test_a_repealed_document_says_so_at_once(office, at):
    with at(2021, 3, 2):
        item = released(office, normative=True, document_number="西政〔2021〕3号", column="20-01")
        assert "有效" in page_of(item)
    with at(2021, 9, 1) as _day:
        from gongkai.journal import clock

        document = NormativeDocument.objects.get(item=item)
        normative.happen(
            office.actor("handler"), document, "repealed", on=clock.today(), paper="西政〔2021〕20号"
        )
        text = page_of(item)
    assert "废止" in text and "西政〔2021〕20号" in text
    assert "废止" in tree.read("columns/20-01/index.html").decode()


def test_old_pages_of_a_column_keep_their_bytes(office, at):
    """Twenty entries a page; the newest page holds 20–39."""
    with at(2021, 3, 2):
        with sites.unwritten():
            made = [released(office, title=f"第{number}件") for number in range(1, 39)]
        site.write_all()
        # With the fortieth the newest page is cut in two.
        made += [released(office, title=f"第{number}件") for number in range(39, 42)]
        first = tree.read("columns/21-c5/p/1/index.html")
        newest = tree.read("columns/21-c5/index.html").decode()
        assert all(f">{item.title}<" in first.decode() for item in made[:20])
        assert all(f">{item.title}<" in newest for item in made[20:])
        released(office, title="再一件")
        assert tree.read("columns/21-c5/p/1/index.html") == first
        releases.withdraw(office.actor("reviewer"), live(made[30]), reason="error")
        assert tree.read("columns/21-c5/p/1/index.html") == first
        releases.withdraw(office.actor("reviewer"), live(made[3]), reason="error")
        assert ">第4件<" not in tree.read("columns/21-c5/p/1/index.html").decode()
        assert site.verify() == []


@pytest.mark.parametrize(
    "path",
    ["../x", "/etc/passwd", "items/../../x", "items//x", ".hidden", "items/.x", "", "a\\b", "a\x00b", "a\nb"],
)
def test_a_path_outside_the_site_is_refused(path):
    with pytest.raises(tree.UnsafePath):
        tree.write(path, b"x")
