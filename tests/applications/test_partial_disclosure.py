"""Partial disclosure (art. 37): the list, the letter that follows from it, the redacted copy and its original."""

import pytest

from gongkai.agencies.policy import Refused
from gongkai.applications import figures, letters, partial, rendering
from gongkai.applications.models import Decision
from gongkai.applications.partial import Parts, Withheld
from gongkai.files import sealing, storage
from gongkai.review.submission import Incomplete, content_of
from tests.applications.cases import FACTS, complete, decided, released, sent, web

TWO = Parts(
    ("方案正文", "附件一"),
    (
        Withheld("附件二中的住户姓名", "prohibited_by_law", "属于个人信息，法律禁止公开"),
        Withheld("专题会议记录", "deliberative", "属于讨论记录"),
    ),
)


@pytest.fixture
def case(office, at):
    with at(2026, 3, 2):
        yield web(office)


def text_of(letter):
    paper = rendering.paper(letter, content_of(letter.release.digest))
    return "".join(paragraph.text for paragraph in paper.body)


def test_the_letter_says_what_the_list_says_and_counts_once(office, case):
    letter = decided(office, case, "partly_provided", parts=TWO)
    sent(office, letter, case.received_on)
    body = text_of(letter)
    for words in (
        "1. 方案正文；2. 附件一",
        "1. 附件二中的住户姓名；2. 专题会议记录",
        "第1项“附件二中的住户姓名”：属于《中华人民共和国政府信息公开条例》第十四条规定的情形（法律、行政法规禁止公开）",
        "第2项“专题会议记录”：属于《中华人民共和国政府信息公开条例》第十六条第二款规定的情形（过程性信息）",
        "遮盖了上述2项不予公开内容的副本",
        "应当先",
    ):
        assert words in body, words
    table = figures.table(office.agency, 2026)
    assert {
        row: cells["total"] for row, cells in table.items() if cells["total"] and row.startswith("r3")
    } == {
        "r3_2": 1,
        "r3_7": 1,
    }


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (None, "List what is opened"),
        (Parts((), TWO.withheld), "List what is opened"),
        (Parts(("正文",), ()), "List what is withheld"),
        (Parts(("正文",), (Withheld("附件", "", "理由"),)), "Choose the ground"),
        (Parts(("正文",), (Withheld("附件", "provided", "理由"),)), "Choose the ground"),
        (Parts(("正文",), (Withheld("附件", "not_found", "理由"),)), "Choose the ground"),
        (Parts(("正文",), (Withheld("附件", "deliberative", " "),)), "Give the reason"),
        (Parts(("正文",), (Withheld("", "deliberative", "理由"),)), "Name the part"),
        (Parts(("正文",), (Withheld("正文", "deliberative", "理由"),)), "stands twice"),
        (Parts(("正文",), (Withheld("附件", "deliberative", "理" * 501),)), "at most 500"),
        (Parts(tuple(f"第{n}页" for n in range(30)), TWO.withheld), "At most 30 parts"),
    ],
)
def test_an_unlawful_list_is_refused_with_art_37(office, case, parts, words):
    from django.utils import translation

    with translation.override("en"), pytest.raises(Refused, match=words) as refusal:
        decided(office, case, "partly_provided", parts=parts)
    assert "第三十七条" in refusal.value.article
    assert not case.decisions.exists()


def test_a_third_partys_part_is_withheld_only_after_asking_it(office, case):
    parts = Parts(("正文",), (Withheld("合同价款", "third_party_rights", "属于商业秘密"),))
    with pytest.raises(Refused) as refusal:
        decided(office, case, "partly_provided", parts=parts)
    assert "第三十二条" in refusal.value.article


def test_no_other_outcome_lists_parts(office, case):
    with pytest.raises(Refused) as refusal:
        decided(office, case, "provided", parts=TWO)
    assert "第三十七条" in refusal.value.article


def test_the_listed_words_cannot_be_written_over(office, case):
    letter = decided(office, case, "partly_provided", parts=TWO, elements={"withheld_part": "没有"})
    draft = letters.draft_of(letter)
    letters.save(
        office.actor("handler"), letter, {"withheld_part": "没有", "facts_and_reasons": "改"}, version=1
    )
    said = letters.opened(letters.draft_of(letter).content).elements
    assert (
        said["withheld_part"] == partial.elements(TWO)["withheld_part"] and said["facts_and_reasons"] == "改"
    )
    # Through the draft itself, past the editor: the check before the review still finds it.
    complete(office, letter)
    draft = letters.draft_of(letter)
    written = letters.opened(draft.content)
    forged = letters.content(
        letter,
        letters.Written(written.addressee, written.elements | {"withheld_part": "没有"}),
        draft.content["attachments"],
        letters.paragraphs(letter.kind, draft.content),
    )
    draft.content = forged
    draft.save()
    with pytest.raises(Incomplete) as refusal:
        letters.submit(office.actor("handler"), letter, version=draft.version)
    assert "withheld_part" in [problem.field for problem in refusal.value.problems]


def test_a_redacted_copy_goes_out_and_the_original_stays_closed(office, case):
    handler = office.actor("handler")
    letter = decided(office, case, "partly_provided", parts=TWO)
    with pytest.raises(Incomplete) as refusal:
        letters.submit(handler, letter, version=letters.draft_of(letter).version)
    assert len(refusal.value.problems) == 2
    whole = "全文，含住户姓名".encode()
    original = letters.attach(handler, letter, whole, "方案.txt", purpose=partial.ORIGINAL)
    for purpose in (partial.REDACTED, partial.ENCLOSURE):
        with pytest.raises(Refused) as refused:
            letters.attach(handler, letter, whole, "方案遮盖.txt", purpose=purpose)
        assert "第三十七条" in refused.value.article
    letters.attach(handler, letter, "全文，含■■■■".encode(), "方案遮盖.txt", purpose=partial.REDACTED)
    assert str(original.pk) not in letters.draft_of(letter).content["attachments"]
    # The original is not in what goes out even where its number is put into the draft by hand.
    draft = letters.draft_of(letter)
    draft.content = draft.content | {"attachments": [*draft.content["attachments"], str(original.pk)]}
    draft.save()
    released(office, letter)
    names = [row["name"] for row in content_of(letter.release.digest)["attachments"]]
    assert names == ["方案遮盖.txt"]
    assert [row.name for row in rendering.enclosures(letter)] == ["方案遮盖.txt"]
    assert whole not in storage.path_of(original.file_id).read_bytes()


def test_a_decision_of_before_the_lists_is_still_read(office, case):
    old = Decision(application=case, outcome="partly_provided", sealed=sealing.seal(case.case_key, FACTS))
    assert partial.said(old) == partial.Said(FACTS)
    braces = Decision(application=case, outcome="provided", sealed=sealing.seal(case.case_key, '{"a": 1}'))
    assert partial.said(braces) == partial.Said('{"a": 1}')
    made = decided(office, case, "partly_provided", parts=TWO).decision
    assert partial.said(made) == partial.Said(FACTS, TWO)
    assert "住户姓名" not in made.sealed
