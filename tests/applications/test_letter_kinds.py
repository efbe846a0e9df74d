"""Every kind of letter that goes out: complete, it is set as PDF and Word; without one element it is refused."""

import pytest
from django.db import transaction

from gongkai.applications import letters, rendering, steps, wording
from gongkai.applications.letterkind import LetterKind
from gongkai.applications.models import Decision, SubReason
from gongkai.journal import clock
from gongkai.paperwork import word
from gongkai.review.submission import Incomplete
from gongkai.rulebook.letters import LETTER_KINDS
from gongkai.rulebook.outcomes import OUTCOMES
from tests.applications.cases import complete, web


@pytest.fixture
def begun(office, at):
    """A letter of any kind, complete; its decision is any outcome that is sent by it."""

    def begin(kind):
        case = web(office)
        outcome = next((each.key for each in OUTCOMES.values() if each.letter == kind), "")
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


@pytest.mark.parametrize(
    ("kind", "element"),
    [(kind, each.key) for kind in sorted(wording.TEMPLATES) for each in wording.TEMPLATES[kind].written],
)
def test_without_one_element_it_is_not_submitted(begun, office, kind, element):
    letter = begun(kind)
    draft = letters.draft_of(letter)
    elements = letters.opened(draft.content).elements | {element: " "}
    draft = letters.save(office.actor("handler"), letter, elements, version=draft.version)
    with pytest.raises(Incomplete) as refusal:
        letters.submit(office.actor("handler"), letter, version=draft.version)
    assert [problem.field for problem in refusal.value.problems] == [element]


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
        27, {"lapse_dates": "期限已过", "conclusion": wording.CONCLUSIONS["not_paid"]}, you="贵单位"
    )
    assert any("贵单位逾期未缴纳" in line for line in body)
