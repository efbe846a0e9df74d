"""The seven questions as a guided path (rulebook 5.5): one at a time, back without loss, unlawful exits with their way out."""

import re

import pytest

from gongkai.applications import decisions, letters, wizard
from gongkai.applications.models import Letter
from gongkai.applications.steps import STEPS
from gongkai.rulebook.outcomes import OUTCOMES
from tests.applications.cases import FACTS, decided, searched, sent, web

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def desk(office, client):
    client.force_login(office.people["handler"], backend=BACKEND)
    return client


class Walk:
    """A browser without scripts: what the page carries is sent back with what is chosen."""

    def __init__(self, desk, case, query=""):
        self.desk, self.where = desk, f"/workbench/applications/{case.pk}/decide/"
        self.take(desk.get(self.where + query))

    def take(self, answer):
        self.answer = answer
        self.page = answer.content.decode() if answer.status_code == 200 else ""

    def carried(self):
        hidden = re.findall(
            r'<input type="(?:hidden|text)" name="(?!csrf)([^"]+)" value="([^"]*)"', self.page
        )
        return dict(hidden) | dict(
            re.findall(r'<textarea name="([^"]+)"[^>]*>\s*([^<]*)</textarea>', self.page)
        )

    def go(self, to="next", **said):
        self.take(self.desk.post(self.where, self.carried() | {"to": to} | said))
        return self

    @property
    def question(self):
        return re.search(r"<h2>\d\. (.+?)</h2>", self.page)[1]


def test_one_question_at_a_time_to_the_end_and_what_follows_is_said_before(office, at, desk):
    with at(2026, 3, 2):
        case = web(office)
        walk = Walk(desk, case)
        assert walk.question == STEPS[0].question and "补偿标准" in walk.page
        for step in STEPS[1:6]:
            walk.go(answer="on")
            assert walk.question == step.question
        assert "还没有" not in walk.page and "id_facts" not in walk.page
        walk.go(answer="provided")
        assert walk.question == STEPS[6].question and "id_facts" in walk.page
        walk.go("see", facts=FACTS)
        for words in (
            OUTCOMES["provided"].label,
            "第三十六条第（二）项",
            "政府信息公开告知书",
            OUTCOMES["provided"].row.full_label,
            "行政复议",
        ):
            assert words in walk.page, words
        assert not Letter.objects.exists()
        walk.go("confirm")
        letter = Letter.objects.get()
        assert walk.answer.url == f"/workbench/letters/{letter.pk}/edit/"
        assert letters.opened(letters.draft_of(letter).content).elements["facts_and_reasons"] == FACTS


def test_going_back_loses_nothing(office, at, desk):
    with at(2026, 3, 2):
        walk = Walk(desk, web(office))
        for _step in range(5):
            walk.go(answer="on")
        walk.go(answer="provided").go("see", facts=FACTS, law="条例第三十六条")
        walk.go("change")
        assert FACTS in walk.page and "条例第三十六条" in walk.page
        walk.go("back")
        assert (
            walk.question == STEPS[5].question
            and 'value="provided" id="answer-provided" checked' in walk.page
        )
        walk.go("back").go("back")
        assert walk.question == STEPS[3].question and 'id="answer-on" checked' in walk.page
        walk.go("step:how")
        walk.go(answer="provided").go("see")
        assert FACTS in walk.page and "条例第三十六条" in walk.page


def test_another_answer_takes_the_place_of_the_first(office, at, desk):
    with at(2026, 3, 2):
        case = web(office)
        walk = Walk(desk, case)
        walk.go(answer="on").go(answer="petition")
        assert OUTCOMES["petition"].label in walk.page and "id_facts" in walk.page
        walk.go("back").go(answer="on")
        assert walk.question == STEPS[2].question
        walk.go(answer="not_responsible").go("confirm", facts=FACTS)
        assert Letter.objects.get().decision.outcome == "not_responsible"


def test_no_answer_and_no_outcome_are_told(office, at, desk):
    with at(2026, 3, 2):
        walk = Walk(desk, web(office))
        walk.go()
        assert walk.question == STEPS[0].question and 'role="alert"' in walk.page
        walk.go("step:how").go(answer="on")
        assert walk.question == STEPS[5].question and 'role="alert"' in walk.page
        walk.go("confirm", facts=FACTS)
        assert walk.answer.status_code == 200 and not Letter.objects.exists()


@pytest.mark.parametrize(
    ("outcome", "article", "cure"),
    [
        ("still_unclear", "第三十条", "request_correction"),
        ("not_corrected", "第三十条", "request_correction"),
        ("excessive", "第三十五条", "ask_reasons"),
        ("not_paid", "第四十二条", "notify_fee"),
        ("not_found", "第三十六条", "record_search"),
        ("third_party_rights", "第三十二条", "consult_third_party"),
    ],
)
def test_an_unlawful_exit_is_disabled_with_reason_article_and_way_out(
    office, at, desk, outcome, article, cure
):
    with at(2026, 3, 2):
        case = web(office)
        walk = Walk(desk, case)
        walk.go(f"step:{wizard.step_of(outcome).key}")
        found = re.search(
            rf'value="{outcome}"[^>]*disabled.*?<p class="field__help"[^>]*>(.*?)</p>', walk.page
        )
        assert article in found[1] and f"/act/{cure}/" in found[1]
        # Chosen all the same, by a browser that does not mind.
        walk.go(answer=outcome)
        assert walk.question == wizard.step_of(outcome).question and article in walk.page
        walk.take(desk.post(walk.where, {"outcome_key": outcome, "facts": FACTS}))
        assert article in walk.page and FACTS in walk.page and not Letter.objects.exists()


def test_what_the_file_says(office, at, desk):
    with at(2026, 3, 2):
        first = web(office)
        sent(office, decided(office, first, "not_responsible"), first.received_on)
        case = web(office)
        walk = Walk(desk, case)
        assert "2026-03-11" in walk.page
        walk.go("step:whose")
        assert first.number in walk.page and OUTCOMES["not_responsible"].label in walk.page
        walk.go("step:have")
        assert "/act/record_search/" in walk.page
        searched(office, case)
        walk.go("step:have")
        assert "档案室" in walk.page and "补偿方案" in walk.page


def test_a_partial_disclosure_is_listed_on_the_page(office, at, desk):
    with at(2026, 3, 2):
        case = web(office)
        walk = Walk(desk, case, "?outcome=partly_provided")
        assert "id_opened" in walk.page and "id_ground_1" in walk.page and "id_law" not in walk.page
        walk.go("more", opened="方案正文\n附件一", facts=FACTS)
        assert "id_ground_3" in walk.page and "附件一" in walk.page
        walk.go("see", part_0="会议记录", ground_0="deliberative")
        assert "会议记录" in walk.page and "field--wrong" not in walk.page and "error" in walk.page
        walk.go(
            "see",
            part_0="会议记录",
            ground_0="deliberative",
            reason_0="属于讨论记录",
            opened="方案正文\n附件一",
            facts=FACTS,
        )
        assert "第十六条第二款" in walk.page and "应当先" in walk.page
        walk.go("confirm")
        letter = Letter.objects.get()
        assert (letter.kind, letter.decision.outcome) == (16, "partly_provided")


def test_foreseeing_writes_nothing_and_refuses_like_deciding(office, at):
    with at(2026, 3, 2):
        case = web(office)
        before = case.events.count()
        for key in OUTCOMES:
            barred = decisions.barred(case, list(case.events.all()), key)
            assert (barred is None) == (key not in ("still_unclear", "not_corrected", "excessive", "not_paid",
                                                    "not_found", "third_party_rights")), key  # fmt: skip
        assert case.events.count() == before


def test_a_question_that_an_answer_made_needless_is_not_still_to_come():
    here = wizard.trail({"correct": "on", "have": "not_found"}, STEPS[-1].key)
    asked = {each["label"]: each["words"] for each in here}
    assert asked["给不给"] == asked["怎么给"] == "不需要回答" and asked["怎么答"] == ""
    assert [each["words"] for each in wizard.trail({}, STEPS[2].key)][3:] == ["", "", "", ""]
