"""Every kind of letter that goes out: complete, it is set as PDF and Word; without one element it is refused."""

import io
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
from django.db import transaction

from gongkai.agencies.policy import Refused
from gongkai.applications import citing, incoming, letters, notices, rendering, samples, steps, wording
from gongkai.applications.letterkind import LetterKind, still_the_law
from gongkai.applications.models import LETTER, Decision, SubReason
from gongkai.files import storage
from gongkai.journal import clock
from gongkai.paperwork import word
from gongkai.paperwork.document import Contact
from gongkai.review import drafts
from gongkai.review.submission import Incomplete
from gongkai.rulebook.citations import articles
from gongkai.rulebook.letters import LETTER_KINDS
from gongkai.rulebook.norms import together
from gongkai.rulebook.outcomes import OUTCOMES
from tests.applications.cases import complete, decided, released, sent, web

# What the paper holds outside its body, and how it looks without.
BLANK = {
    "title": {"title": ""},
    "number": {"number": ""},
    "applicant": {"addressee": ""},
    "organ": {"signatory": ""},
    "date": {"date": None},
    "seal": {"sealed": False},
    "contact": {"contact": Contact(person="综合科")},
}
ASKED = {"third_party": "演示建设公司", "co_maker": "演示规划局", "agency": "演示档案馆"}


def words_of(data):
    """The text of a PDF, in one line."""
    document = pypdfium2.PdfDocument(data)
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in document).replace("\r\n", "")
    finally:
        document.close()


@pytest.fixture
def begun(office, at):
    """A letter of any kind, complete; its decision is any outcome that is sent by it."""

    def begin(kind, outcome=""):
        case = web(office)
        outcome = outcome or next((each.key for each in OUTCOMES.values() if each.letter == kind), "")
        reason = SubReason.objects.filter(letter=kind).first()
        with transaction.atomic():
            decision = None
            if outcome or reason:
                decision = Decision.objects.create(
                    application=case,
                    outcome=outcome or reason.outcome,
                    sub_reason=reason.key if reason and (not outcome or outcome == "other") else "",
                    sealed="",
                    person=office.people["handler"],
                    at=clock.now(),
                )
            letter = letters.begin(
                office.actor("handler"),
                case,
                "answer" if decision else "request_correction",
                kind,
                elements={},
                decision=decision,
                addressee=ASKED.get(wording.TEMPLATES[kind].recipient, ""),
            )
        complete(office, letter)
        return letter

    with at(2021, 4, 23):
        yield begin


@pytest.mark.parametrize("kind", sorted(wording.TEMPLATES))
def test_a_complete_letter_prints_every_element(begun, kind):
    letter = begun(kind)
    draft = letters.draft_of(letter)
    assert LetterKind().problems(draft) == []
    content = LetterKind().freeze(draft)
    paper = rendering.paper(letter, content)
    body = "\n".join(paragraph.text for paragraph in paper.body)
    assert "{" not in body and "。。" not in body
    assert ("行政复议" in body) == letters.carries_remedy(letter)
    assert paper.title.endswith(LETTER_KINDS[kind].title)
    assert rendering.proof(letter, content).startswith(b"%PDF")
    assert word.letter_docx(paper).startswith(b"PK")


def _absent(monkeypatch, office, letter, element):
    """Take one element off the letter, wherever it comes from."""
    template = wording.TEMPLATES[letter.kind]
    draft = letters.draft_of(letter)
    if element in BLANK:
        whole = rendering.paper

        def without(letter, content):
            return replace(whole(letter, content), **BLANK[element])

        monkeypatch.setattr(rendering, "paper", without)
    elif element == "remedy":
        monkeypatch.setattr(letters, "remedy", lambda letter, on: None)
    else:
        assert element in template.elements
        said = letters.opened(draft.content)
        written = letters.Written(said.addressee, said.elements | {element: " "})
        fresh = letters.content(letter, written, draft.content["attachments"], template.paragraphs)
        drafts.save(office.actor("handler"), LETTER, letter.pk, letter.agency, fresh, version=draft.version)


ALWAYS = [
    (kind, each.key, "") for kind in sorted(wording.TEMPLATES) for each in LETTER_KINDS[kind].required()
]
BY_OUTCOME = [
    (kind, each.key, outcome)
    for kind in sorted(wording.TEMPLATES)
    for outcome, further in LETTER_KINDS[kind].by_outcome.items()
    for each in further
]


@pytest.mark.parametrize(("kind", "element", "outcome"), ALWAYS + BY_OUTCOME)
def test_without_one_element_it_is_not_submitted(begun, office, monkeypatch, kind, element, outcome):
    letter = begun(kind, outcome)
    label = {each.key: each.label for each in LETTER_KINDS[kind].possible}[element]
    _absent(monkeypatch, office, letter, element)
    with pytest.raises(Incomplete) as refusal:
        letters.submit(office.actor("handler"), letter, version=letters.draft_of(letter).version)
    assert [problem.field for problem in refusal.value.problems] == [element]
    assert f"“{label}”" in refusal.value.problems[0].message


def test_every_kind_is_a_letter_or_a_record_with_a_maker_of_its_own():
    assert set(wording.TEMPLATES) | {1, 2, 3, 8, 30, 31, 32} == set(LETTER_KINDS)


def test_what_an_outcome_asks_for_is_asked_of_that_outcome_alone(begun, office):
    """Rulebook 5.3, 17: the harm for 三安全一稳定, the third party's opinion for art. 15."""
    assert {(element, outcome) for _kind, element, outcome in BY_OUTCOME} == {
        ("harm", "security_and_stability"),
        ("third_party_opinion", "third_party_rights"),
    }
    assert _with(office, begun(17, "deliberative"), harm=" ", third_party_opinion=" ") == []


def test_letter_17_says_what_the_third_parties_answered_and_not_who_they_are(office, at):
    with at(2026, 3, 2):
        case = web(office)
        handler = office.actor("handler")
        asked = [
            notices.consult_third_party(handler, case, name=name, information="施工合同")
            for name in ("演示建设公司", "演示监理公司")
        ]
        for letter in asked:
            sent(office, letter, date(2026, 3, 2))
    with at(2026, 3, 9):
        incoming.third_party_answered(
            handler, case, date(2026, 3, 6), ref=asked[0].terms["ref"], opinion="disagree"
        )
    with at(2026, 3, 30):
        case.refresh_from_db()
        letter = decided(office, case, "third_party_rights", third_party="upheld")
        said = letters.opened(letters.draft_of(letter).content).elements["third_party_opinion"]
    assert said == (
        "本机关书面征求了2个第三方的意见。第1个于2026年3月2日收到征询书，本机关于2026年3月6日收到其意见：不同意公开；"
        "第2个于2026年3月2日收到征询书，没有提出意见。"
    )


def _with(office, letter, **elements):
    draft = letters.draft_of(letter)
    said = letters.opened(draft.content)
    letters.save(office.actor("handler"), letter, said.elements | elements, version=draft.version)
    return LetterKind().problems(letters.draft_of(letter))


CITING = sorted(kind for kind in wording.TEMPLATES if "law" in wording.TEMPLATES[kind].elements)


@pytest.mark.parametrize("kind", CITING)
def test_a_letter_cites_the_article_on_which_it_rests(begun, office, kind):
    letter = begun(kind)
    for words in ("有关规定", "依法"):
        [problem] = _with(office, letter, law=words)
        assert problem.field == "law" and "法律依据" in problem.message
    if wanted := citing.wanted(letter):
        [problem] = _with(office, letter, law="《中华人民共和国政府信息公开条例》第五十六条")
        assert all(each in problem.message for each in together(wanted).split("、"))
        # The number counts, whatever numerals it is written in, and further articles may stand beside it.
        [(_title, number), *_rest] = articles(wanted[0])
        assert _with(office, letter, law=f"《政府信息公开条例》第五条、第{number}条") == []


def test_a_partial_disclosure_cites_the_article_of_every_ground(office, at):
    with at(2021, 4, 23):
        letter = decided(office, web(office), "partly_provided")
        complete(office, letter)
        assert LetterKind().problems(letters.draft_of(letter)) == []
        [problem] = _with(office, letter, law="《中华人民共和国政府信息公开条例》第三十七条、第十四条")
    assert (
        problem.field == "law" and "第十六条第二款" in problem.message and "第十四条" not in problem.message
    )


@pytest.mark.parametrize("kind", sorted(wording.TEMPLATES))
def test_a_sample_shows_every_element_of_its_kind(office, kind):
    """What docs/letters and the preview of a wording show is a letter that could go out."""
    template = wording.TEMPLATES[kind]
    agency = office.agency
    said = samples.elements(agency, kind, template.texts, day=date(2026, 3, 16))
    outcome = samples.outcome_of(kind)
    remedy = bool(said["remedy"])
    assert wording.missing(kind, template.paragraphs, said, remedy=remedy, outcome=outcome) == ()
    if "law" in template.elements:
        assert citing.fault(said["law"], citing.of_standard(template.texts.get("law", ""))) == ""


@pytest.mark.parametrize(
    "words",
    [
        "可以在60日内向区政府申请行政复议。",
        "应当先自收到之日起60日内申请行政复议。",
        "如不服，可在6个月内向法院提起行政诉讼。",
    ],
)
def test_remedies_in_own_words_are_refused_whatever_law_they_follow(begun, office, words):
    letter = begun(17)
    [problem] = _with(office, letter, facts_and_reasons=f"属于商业秘密。{words}")
    assert problem.field == "facts_and_reasons" and "事实与理由" in problem.message
    assert _with(office, letter, facts_and_reasons="您已于2021年3月就此申请行政复议。") == []


def test_the_notice_of_remedies_is_the_one_of_the_day(begun, office, at):
    letter = begun(17)
    content = LetterKind().freeze(letters.draft_of(letter))
    still_the_law(letter, content, date(2023, 12, 29))
    with pytest.raises(Refused, match=r"law|法律"):
        still_the_law(letter, content, date(2024, 1, 2))


def test_a_letter_that_speaks_of_an_attachment_has_one(begun, office):
    letter = begun(14)
    [problem] = _with(office, letter, information_list="补偿方案一份，见附件。")
    assert problem.field == "attachments" and "附件清单和页数" in problem.message
    letters.attach(office.actor("handler"), letter, b"plain text of the plan", "补偿方案.txt")
    assert LetterKind().problems(letters.draft_of(letter)) == []
    # What the applicant asked for may have an attachment of its own.
    other = begun(14)
    assert _with(office, other, information_list="合同及附件清单。") == []


def test_the_list_of_enclosures_counts_the_pages_of_a_pdf(begun, office):
    letter = begun(14)
    for name, pages in (("补偿协议.pdf", 1), ("补偿方案.pdf", 3)):
        document = pypdfium2.PdfDocument.new()
        for _page in range(pages):
            document.new_page(595, 842)
        out = io.BytesIO()
        document.save(out)
        letters.attach(office.actor("handler"), letter, out.getvalue(), name)
    letters.attach(office.actor("handler"), letter, b"a, b\n1, 2\n", "对照表.csv")
    content = LetterKind().freeze(letters.draft_of(letter))
    assert [row["pages"] for row in content["attachments"]] == [1, 3, None]
    paper = rendering.paper(letter, content)
    assert paper.attachments == ("补偿协议（1页）", "补偿方案（3页）", "对照表（1份）")


def test_the_asked_party_gets_its_form_with_the_letter(begun, office):
    letter = begun(7)
    paper = rendering.paper(letter, LetterKind().freeze(letters.draft_of(letter)))
    assert paper.attachments == ("征求意见确认函（回执）（1份）",)
    released(office, letter)
    rendering.make({"kind": LETTER, "subject": str(letter.pk)})
    form = next(row for row in rendering.files(letter) if row.purpose == "form")
    shown = words_of(storage.read(form.file_id, case_key=form.case_key))
    assert letter.number in shown and "不同意公开" in shown and "张三丰" not in shown


def test_the_fee_is_reckoned_step_by_step_so_that_one_can_follow_it(office, at):
    """国办函〔2020〕109号 arts. 4 and 5: from the eleventh item, from the thirty-first page."""
    with at(2026, 3, 2):
        handler = office.actor("handler")
        for said, standard, amount in (
            (
                {"ladder": "by_items", "units": 1, "already": 10},
                "按件计收，第11件每件100元，计1件100元",
                "100元",
            ),
            (
                {"ladder": "by_items", "units": 12, "already": 20},
                "按件计收，第21件至第30件每件100元，计10件1000元；第31件至第32件每件200元，计2件400元",
                "1400元",
            ),
            ({"ladder": "by_pages", "units": 100}, "按量计收，第31页至第100页每页10元，计70页700元", "700元"),
        ):
            letter = notices.notify_fee(handler, web(office), payment="财政专户", **said)
            elements = letters.opened(letters.draft_of(letter).content).elements
            assert (elements["fee_standard"], elements["fee_amount"]) == (standard, amount)


def test_the_letter_to_another_agency_names_a_day(office, at):
    with at(2026, 3, 2):
        handler = office.actor("handler")
        with pytest.raises(Refused, match="之后"):
            notices.consult_agency(
                handler, web(office), name="档案馆", items="查找规划许可档案", until=date(2026, 3, 2)
            )
        letter = notices.consult_agency(
            handler, web(office), name="档案馆", items="查找规划许可档案", until=date(2026, 3, 9)
        )
        elements = letters.opened(letters.draft_of(letter).content).elements
        assert elements["assist_term"].startswith("请于2026年3月9日前（含当日）函复")
        undated = notices.consult_agency(handler, web(office), name="档案馆", items="查找规划许可档案")
        [problem] = LetterKind().problems(letters.draft_of(undated))
        assert problem.field == "assist_term" and "办理期限" in problem.message


@pytest.mark.parametrize("kind", [7, 11])
def test_the_term_for_an_opinion_is_that_of_the_law(begun, office, kind):
    letter = begun(kind)
    [problem] = _with(office, letter, opinion_term="请自收到之日起10个工作日内提出意见。")
    assert problem.field == "opinion_term" and "15个工作日" in problem.message
    assert not _with(office, letter, opinion_term="请自收到之日起 十五个工作日内提出意见。")


def test_a_third_party_is_not_told_who_applied(begun, office):
    letter = begun(7)
    [problem] = _with(office, letter, information="张三丰申请的施工合同。")
    assert problem.field == "information" and "张三丰" in problem.message


def test_what_the_applicant_wrote_is_quoted_as_it_is():
    [line] = wording.compose(
        ("“{request_excerpt}”{conclusion}",),
        {"request_excerpt": "{you}", "conclusion": "{you}好。"},
        you="您",
    )
    assert line == "“{you}”您好。"


def test_a_template_that_forgets_an_element_does_not_start(monkeypatch):
    short = wording.Template(17, "reply", "applicant", ("{facts_and_reasons}",), {})
    monkeypatch.setattr(wording, "TEMPLATES", dict(wording.TEMPLATES) | {17: short})
    with pytest.raises(ValueError, match="withholding_ground"):
        wording.validate()


def test_the_seven_questions_lead_to_every_outcome():
    assert [step.question for step in steps.STEPS] == [
        "补不补",
        "是不是",
        "谁负责",
        "有没有",
        "给不给",
        "怎么给",
        "怎么答",
    ]
    with pytest.raises(ValueError, match="every outcome"):
        steps.validate(steps.STEPS[1:], OUTCOMES)


def test_an_organisation_is_addressed_as_one():
    body = wording.compose(
        wording.TEMPLATES[27].paragraphs,
        {"lapse_dates": "期限已过", "conclusion": wording.CONCLUSIONS["not_paid"]},
        you="贵单位",
    )
    assert any("贵单位逾期未缴纳" in line for line in body)
