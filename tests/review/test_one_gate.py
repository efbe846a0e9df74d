"""Every kind goes through the same gate: a leak planted in whatever goes out is found, wherever it stands."""

import pytest

from gongkai import screening
from gongkai.applications import letters
from gongkai.applications.models import LETTER
from gongkai.applications.wording import TEMPLATES
from gongkai.correspondence import publication, replies
from gongkai.disclosure import content as contents
from gongkai.disclosure import items
from gongkai.files import sealing, storage
from gongkai.journal.chain import Who
from gongkai.review import drafts, subjects, submission
from gongkai.review.models import Finding
from gongkai.review.subjects import AttachedFile, Part, SubjectKind
from tests.applications.cases import PERSON, complete, decided, web
from tests.correspondence.letters import answered, draft_of, in_hand
from tests.items import drafted, submitted

LEAK = "13987654321"
# Codes from a list, days and flags: nobody types words there.
CODED = {"attribute", "ground", "column", "five_open", "formed_on", "effective_on"}


def found(kind, content):
    """The kinds of the blocking findings in a content."""
    searched = submission.screen(subjects.kind_of(kind), content, screening.DEFAULT_RULES)
    return [str(each.kind) for each in searched.findings if str(each.severity) == "block"]


def frozen(kind, subject_id):
    draft = drafts.draft_of(kind, subject_id)
    return subjects.kind_of(kind).freeze(draft)


@pytest.mark.parametrize("field", sorted(set(contents.TEXTS) - CODED))
def test_in_an_item(office, at, field):
    with at(2021, 3, 2):
        content = frozen("item", drafted(office).pk)
        assert found("item", content) == []
        assert found("item", content | {field: f"{content[field]} 联系{LEAK}"}) == ["mobile_number"]


def test_in_an_attachment_of_an_item_and_in_its_name(office, at):
    with at(2021, 3, 2):
        item = drafted(office)
        items.attach(office.actor("handler"), item, f"联系{LEAK}".encode(), "名单.txt")
        items.attach(office.actor("handler"), item, "清单".encode(), f"联系{LEAK}.txt")
        revision = submitted(office, item)
        places = Finding.objects.filter(screening__revision=revision, severity="block").values_list(
            "location", flat=True
        )
    assert len(places) == 2
    assert "文件名" in " ".join(places)


def test_in_the_alternative_text_of_a_picture(office, at):
    with at(2021, 3, 2):
        content = frozen("item", drafted(office).pk)
        body = f'<p>示意图</p><p><img src="x" alt="联系{LEAK}"></p>'
        assert "mobile_number" in found("item", content | {"body": body})


@pytest.mark.parametrize("field", sorted(name for name, value in replies.EMPTY.items() if value == ""))
def test_in_a_formal_reply(office, at, field):
    with at(2021, 3, 2):
        matter = in_hand(office)
        reply, _draft = replies.begin(office.actor("handler"), matter, {"body": "来信收悉。"})
        content = subjects.kind_of("reply").freeze(draft_of(reply))
        assert found("reply", content) == []
        assert found("reply", content | {field: f"联系{LEAK}"}) == ["mobile_number"]


@pytest.mark.parametrize("field", sorted(publication.EMPTY))
def test_in_a_published_question_and_answer(office, at, field):
    with at(2021, 3, 8):
        matter = answered(office)
        content = {"title": "过渡费", "question": "何时发放？", "answer": "已发放。", "kind": matter.kind}
        assert found("answered_letter", content) == []
        assert found("answered_letter", content | {field: f"联系{LEAK}"}) == ["mobile_number"]


@pytest.mark.parametrize("field", ["title", "opening", "overview", "problems", "other", "carry_over"])
def test_in_an_annual_report(field):
    said = dict.fromkeys(("opening", "overview", "problems", "other", "carry_over"), "如下。")
    content = {"title": "年度报告", "agency": "某局", "year": 2021, "figures": {}, **said}
    assert found("report", content) == []
    assert found("report", content | {field: f"联系{LEAK}"}) == ["mobile_number"]


def letter_of(office, outcome="provided"):
    letter = decided(office, web(office), outcome)
    complete(office, letter)
    return letter


def test_in_every_element_of_a_letter_its_addressee_and_its_wording(office, at):
    with at(2021, 3, 2):
        letter = letter_of(office)
        content = frozen(LETTER, letter.pk)
        assert found(LETTER, content) == []
        written = letters.opened(content)
        for each in TEMPLATES[letter.kind].written:
            elements = written.elements | {each.key: f"联系{LEAK}"}
            spoilt = letters.content(
                letter, letters.Written(written.addressee, elements), [], content["paragraphs"]
            )
            assert found(LETTER, content | {"sealed": spoilt["sealed"]}) == ["mobile_number"], each.key
        spoilt = letters.content(letter, letters.Written(f"联系{LEAK}", written.elements), [], ())
        assert found(LETTER, content | {"sealed": spoilt["sealed"]}) == ["mobile_number"]
        assert found(LETTER, content | {"paragraphs": [f"联系{LEAK}"]}) == ["mobile_number"]
        remedy = (content["remedy"] or {"regime": "", "variant": ""}) | {"text": f"联系{LEAK}"}
        assert found(LETTER, content | {"remedy": remedy}) == ["mobile_number"]


def test_in_a_file_enclosed_with_a_letter(office, at):
    with at(2021, 3, 2):
        letter = letter_of(office)
        letters.attach(office.actor("handler"), letter, f"联系{LEAK}".encode(), "附件.txt")
        assert found(LETTER, frozen(LETTER, letter.pk)) == ["mobile_number"]


def test_what_is_the_applicants_own_does_not_block_a_letter_to_the_applicant(office, at):
    with at(2021, 3, 2):
        letter = letter_of(office)
        content = frozen(LETTER, letter.pk)
        written = letters.opened(content)
        key = TEMPLATES[letter.kind].written[0].key
        own = f"您留的电话{PERSON.phone[:3]} {PERSON.phone[3:7]} {PERSON.phone[7:]}已记录。"

        def sealed(text):
            elements = written.elements | {key: text}
            return letters.content(letter, letters.Written(written.addressee, elements), [], ())["sealed"]

        assert found(LETTER, content | {"sealed": sealed(own)}) == []
        # It is shown all the same, and somebody else's number beside it still blocks.
        searched = submission.screen(
            subjects.kind_of(LETTER), content | {"sealed": sealed(own)}, screening.DEFAULT_RULES
        )
        shown = [each for each in searched.findings if each.kind is screening.Kind.MOBILE_NUMBER]
        assert "收件人本人" in shown[0].why and PERSON.phone not in shown[0].excerpt
        assert found(LETTER, content | {"sealed": sealed(f"{own}另有{LEAK}。")}) == ["mobile_number"]
        # In a letter to others it is a leak like any other.
        other = content | {"kind": 7, "sealed": sealed(own)}
        assert found(LETTER, other) == ["mobile_number"]


class Enclosing(SubjectKind):
    """A kind whose file lies sealed under the key of a case, as the papers of an applicant do."""

    kind = "enclosing"

    def __init__(self, digest):
        self.digest = digest

    def parts(self, content):
        return [Part("正文", "见附件")]

    def files(self, content):
        return [AttachedFile(self.digest, "身份证复印件.txt")]


def test_a_file_that_is_sealed_is_never_called_clear(office, at):
    with at(2021, 3, 2):
        key = sealing.new_key()
        file = storage.store("无害的内容".encode(), "附件.txt", who=Who("system:test"), case_key=key.pk)
        searched = submission.screen(Enclosing(file.digest), {}, screening.DEFAULT_RULES)
    assert [str(each.kind) for each in searched.findings] == ["unreadable_part"]
    assert str(screening.verdict_of(searched.findings)) == "block"


def test_persons_of_lists_are_counted_over_body_and_files(office, at):
    rows = "".join(f"<tr><td>张{sign}</td><td>一组</td></tr>" for sign in "伟芳娜敏静")
    with at(2021, 3, 2):
        item = drafted(office, body=f"<table><tr><th>姓名</th><th>组别</th></tr>{rows}</table>")
        items.attach(office.actor("handler"), item, "姓名,金额\n李强,100\n李刚,200\n".encode(), "名册.csv")
        revision = submitted(office, item)
    assert revision.screenings.get().persons == 7
