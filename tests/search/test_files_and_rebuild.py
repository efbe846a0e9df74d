"""The text of released files is found, hidden text is not; a rebuild loses nothing; what is not released stays unfindable."""

import fcntl
import io
import shutil
import threading

import docx
import pytest
from click.testing import CliRunner
from django.conf import settings as instance_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.cli import main
from gongkai.disclosure import items
from gongkai.review import releases
from gongkai.review.models import Release
from gongkai.search import filetexts, follow, index
from gongkai.search.query import likely, search
from gongkai.search.suggest import suggest
from tests.items import approve, drafted, released, submitted
from tests.portal import sites

pytestmark = pytest.mark.usefixtures("unwritten")


@pytest.fixture
def office(committed):
    sites.fresh()
    return committed


def word_file(text, comment=""):
    document = docx.Document()
    run = document.add_paragraph(text).runs[0]
    if comment:
        document.add_comment(run, text=comment, author="", initials="")
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def with_file(office, data, name="附件.docx"):
    item = drafted(office)
    items.attach(office.actor("handler"), item, data, name)
    revision = submitted(office, item)
    for step in (1, 2, 3):
        approve(office, revision, step)
    return item


def found(text, **filters):
    return [hit.title for hit in search(text, **filters).hits]


def test_the_text_of_a_released_file_is_found_after_the_next_sweep_and_kept_by_digest(office, at):
    with at(2021, 3, 2):
        item = with_file(office, word_file("安置房源共三百二十套，位于瀍河东岸。"))
        assert found("瀍河东岸") == [], "the release does not wait for its files"
        assert follow.read_files() == 1
        assert found("瀍河东岸") == [item.title]
        assert "瀍河东岸" in search("瀍河东岸").hits[0].snippet.replace("<mark>", "").replace("</mark>", "")
        follow.rebuild()
        assert found("瀍河东岸") == [item.title], "no file is read again"
        release = Release.objects.get(subject_id=item.pk)
        digest = follow.content_of(release.digest)["attachments"][0]["digest"]
        releases.withdraw(office.actor("reviewer"), release, reason="error")
        assert found("瀍河东岸") == []
        assert filetexts.known(digest) is None


def test_a_late_reader_does_not_bring_a_withdrawn_item_back(office, at):
    with at(2021, 3, 2):
        item = with_file(office, word_file("瀍河东岸"))
        releases.withdraw(office.actor("reviewer"), Release.objects.get(subject_id=item.pk), reason="error")
        follow.read_files()
        assert found("瀍河东岸") == [] and found(item.title) == []


def test_a_file_that_cannot_be_read_is_no_error(office, at):
    with at(2021, 3, 2):
        item = with_file(office, b"\xff\xfe\x00plain" * 5, "x.txt")
        follow.read_files()
        assert found(item.title)


def test_what_is_released_or_withdrawn_during_a_rebuild_is_right_afterwards(office, at, monkeypatch):
    with at(2021, 3, 2):
        leaving = released(office, title="重建时撤下的公告")
        staying = released(office, title="一直公开的公告")
        arrived = []
        real = follow.live

        def slow(kind):
            yield from real(kind)
            if kind == "item":
                arrived.append(released(office, title="重建时发布的公告"))
                release = Release.objects.get(subject_id=leaving.pk)
                releases.withdraw(office.actor("reviewer"), release, reason="error")
                assert found("重建时发布的公告"), "the old index answers and follows meanwhile"

        monkeypatch.setattr(follow, "live", slow)
        told = []
        follow.rebuild(lambda done, total: told.append((done, total)))
    assert found("重建时发布") == [arrived[0].title]
    assert leaving.title not in found("重建时撤下")
    assert found("一直公开") == [staying.title]
    assert told[-1][0] >= told[-1][1]


def test_two_rebuilds_do_not_meet(office, monkeypatch):
    refusals = []

    def again(kind):
        def other():
            try:
                index.rebuild((), lambda key: (key, 0, None))
            except index.IndexBusy as busy:
                refusals.append(busy)

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        return iter(())

    monkeypatch.setattr(follow, "live", again)
    follow.rebuild()
    assert refusals


def test_canaries_of_drafts_withheld_private_and_withdrawn_things_are_nowhere(office, at):
    with at(2021, 3, 2):
        released(office)
        drafted(office, title="草稿金丝雀", summary="金丝雀摘要", body="<p>金丝雀正文</p>")
        draft = drafted(office, title="待审金丝雀")
        items.attach(office.actor("handler"), draft, word_file("附件金丝雀"), "金丝雀.docx")
        submitted(office, draft)
        gone = with_file(office, word_file("附件金丝雀"), "金丝雀附件.docx")
        releases.withdraw(office.actor("reviewer"), Release.objects.get(subject_id=gone.pk), reason="leak")
        follow.read_files()
        follow.rebuild()
        for text in ("金丝雀", "jinsique", "jsq", "草稿金丝雀", "金丝雀附件"):
            said = search(text)
            assert said.hits == () and said.total == 0 and not any(said.facets.values())
            assert suggest(text) == [] and likely(text) == ()
        assert search("").total == 1
        stored = b"".join(file.read_bytes() for file in index.folder().parent.rglob("*") if file.is_file())
        assert "金丝雀".encode() not in stored


def test_misspelt_sounded_and_traditional_questions_find_the_item(office, at):
    with at(2021, 3, 2):
        item = released(office, title="西工区棚户区改造房屋征收补偿方案公告")
    for text in (
        "棚护区改造",
        "折收补偿方案",
        "penghuqu gaizao",
        "phqgz",
        "zengsou",
        "棚戶區改造徵收補償",
        "棚改",
    ):
        assert found(text) == [item.title], text
    corrected = search("棚护区改造")
    assert corrected.corrected == "棚户区改造"
    assert search("棚护区改造", exact=True).corrected == ""


def test_filters_count_under_the_others(office, at):
    with at(2020, 5, 1):
        released(office, title="二〇二〇年的征收公告", column="20-01", formed_on="2020-04-20")
    with at(2021, 3, 2):
        released(office, title="二〇二一年的征收公告")
    said = search("征收", year="2020", column="20-01")
    assert dict(said.facets["year"]) == {"2020": 1}, "years under the column"
    assert dict(said.facets["column"]) == {"20-01": 1}, "columns under the year"
    assert dict(said.facets["agency"]) == {said.facets["agency"][0][0]: 1}
    assert search("征收", sort="date").hits[0].title == "二〇二一年的征收公告"


@pytest.fixture
def one(office, at):
    with at(2021, 3, 2):
        return released(office)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=400))
def test_any_text_is_answered_and_suggested_for(one, text):
    assert search(text, page=10**6).total >= 0
    suggest(text)
    likely(text)


def test_the_command_makes_a_lost_index_anew_and_says_how_far_it_is(office, at, monkeypatch):
    monkeypatch.setattr("gongkai.cli.frame.start_existing", lambda home: None)
    command = ["search", "rebuild", "--home", str(instance_settings.INSTANCE.home)]
    with at(2021, 3, 2):
        item = released(office, title="索引丢失后仍能查到的公告")
    shutil.rmtree(index.folder())
    said = CliRunner().invoke(main, command)
    assert said.exit_code == 0, said.output
    assert "100.0 %" in said.output and "检索索引已重建：1 件" in said.output
    assert found("索引丢失") == [item.title]
    with open(index.folder().parent / "rebuild.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        busy = CliRunner().invoke(main, command)
    assert busy.exit_code == 1 and "请稍后再运行" in busy.output


class SlowMerge:
    """A writer of the index whose segments are put together only when `go` is set."""

    def __init__(self, writer, go):
        self.writer, self.go = writer, go

    def __getattr__(self, name):
        return getattr(self.writer, name)

    def wait_merging_threads(self):
        self.go.wait(30)
        self.writer.wait_merging_threads()


def test_nobody_waits_until_segments_are_put_together_but_the_next_writer(office, at, monkeypatch):
    with at(2021, 3, 2):
        item = released(office, title="合并段落时的公告")
    go, real = threading.Event(), index._make

    class Slow:
        def __init__(self, place):
            self.made = real(place)

        def writer(self, *said):
            return SlowMerge(self.made.writer(*said), go)

    monkeypatch.setattr(index, "_make", Slow)
    monkeypatch.setattr(index, "PATIENCE", 0)
    with at(2021, 3, 2):
        release = Release.objects.get(subject_id=item.pk)
        releases.withdraw(office.actor("reviewer"), release, reason="error")
    assert item.title not in found("合并段落时的公告")
    monkeypatch.setattr(index, "_make", real)
    # The lock is still held: a writer of now would find files gone that the merge takes away.
    monkeypatch.setattr(index, "WAIT", 0.1)
    with pytest.raises(index.IndexBusy):
        follow.refresh("item", item.pk)
    go.set()
    monkeypatch.setattr(index, "WAIT", 30)
    follow.refresh("item", item.pk)
    assert item.title not in found("合并段落时的公告")
