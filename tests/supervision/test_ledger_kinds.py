"""Kinds are data: the shipped ones are whole, a wrong one is refused with a sentence, used ones keep their use."""

import copy

import pytest
from django.utils import translation

from gongkai.agencies.policy import Refused
from gongkai.supervision import kinds
from gongkai.supervision.definition import GROUPS, BadKind, parse
from gongkai.supervision.models import Kind
from tests.supervision.records import opened

# Issue 2, item 8, with the clauses of the reference report that each kind answers.
NAMED = {
    "task": "S35 S72", "plan": "S38", "key_point": "S72 S90", "meeting": "S39 S43", "inspection": "S41 S42 S69",
    "finding": "S112", "rescreening": "S42", "shortfall": "S41 S96 S112", "notice": "S111", "circular": "S111", "complaint": "S5", "indicator": "S67",
    "evaluation": "S68", "accountability": "S70", "training": "S71 S114 S116", "secondment": "S115",
    "post": "S109 S110", "rule": "S4 S33 S101 S102 S103 S104", "account": "S52 S62 S63", "account_post": "S54",
    "opinion": "S103", "ideology": "S46", "concern": "S51", "campaign": "S57", "deployment": "S3",
    "mechanism": "S37", "pilot": "S95", "learning_material": "S73", "appraisal": "S74 S119",
}  # fmt: skip

GOOD = {
    "code": "visit",
    "group": "checks",
    "name": "走访",
    "number": "走访〔{year}〕{n}号",
    "open_by": ["staff"],
    "fields": [
        {"name": "place", "label": "地点", "type": "text", "required": True},
        {"name": "full", "label": "总数", "type": "number"},
        {"name": "part", "label": "其中", "type": "number", "at_most": "full"},
        {"name": "way", "label": "方式", "type": "choice", "choices": [["foot", "步行"], ["car", "乘车"]]},
    ],
    "states": [
        {"code": "open", "name": "进行中", "waits_for": "lead"},
        {"code": "done", "name": "已完成", "end": "done"},
    ],
    "moves": [{"code": "finish", "label": "完成", "from": ["open"], "to": "done", "by": ["lead"]}],
}


def spoilt(**change):
    return copy.deepcopy(GOOD) | change


def moves(**change):
    return spoilt(moves=[GOOD["moves"][0] | change])


def field(**change):
    return spoilt(fields=[GOOD["fields"][0] | change])


def test_every_kind_that_the_issue_names_is_shipped_and_loads_once(db):
    assert kinds.load() == len(NAMED)
    assert set(Kind.objects.values_list("code", flat=True)) == set(NAMED)
    assert kinds.load() == 0


def test_local_edits_survive_loading_again(ledger):
    Kind.objects.filter(pk="task").update(name="年度重点任务")
    kinds.load()
    assert Kind.objects.get(pk="task").name == "年度重点任务"


def test_every_group_has_kinds_and_every_kind_says_what_it_is_for(ledger):
    assert set(Kind.objects.values_list("group", flat=True)) == set(GROUPS)
    assert [kind.pk for kind in Kind.objects.all() if not kind.definition.about] == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "一类事项"),
        (spoilt(code="Visit!"), "代码"),
        (spoilt(colour="red"), "colour"),
        (spoilt(group="elsewhere"), "group"),
        (spoilt(name=""), "name"),
        (spoilt(number="走访{n}"), "{year}"),
        (spoilt(number="走访{year}{n}{office}"), "{mark}"),
        (spoilt(number="走访{year}{n"), "{year}"),
        (spoilt(open_by=[]), "open_by"),
        (spoilt(open_by=["everyone"]), "everyone"),
        (spoilt(figure="profit"), "figure"),
        (spoilt(figure="training"), "hours"),
        (spoilt(parents=["task"]), "parents"),
        (spoilt(expects={"field": "place", "values": ["x"]}), "expects"),
        (spoilt(states=[]), "第一个状态"),
        (spoilt(states=[GOOD["states"][1]]), "第一个状态"),
        (spoilt(states=[GOOD["states"][0]], moves=[]), "done"),
        (spoilt(states=[*GOOD["states"], {"code": "lost", "name": "迷途"}]), "lost"),
        (spoilt(states=[*GOOD["states"], GOOD["states"][1]]), "done"),
        (spoilt(moves=[]), "done"),
        (moves(to="nowhere"), "nowhere"),
        (moves(**{"from": []}), "finish"),
        (moves(by=["nobody"]), "nobody"),
        (moves(by=["supervisor"]), "open"),
        (moves(asks=["colour"]), "colour"),
        (moves(needs=["luck"]), "luck"),
        (field(name="subject"), "subject"),
        (field(name="9lives"), "9lives"),
        (field(type="picture"), "type"),
        (field(type="choice"), "place"),
        (field(choices=[["a", "甲"]]), "place"),
        (field(type="choice", choices=[["a", "甲"], ["a", "乙"]]), "place"),
        (field(type="number", at_most="missing"), "at_most"),
        (spoilt(fields=[GOOD["fields"][0]] * 2), "place"),
        (spoilt(fields=[GOOD["fields"][0]] * 41), "40"),
        (spoilt(fields="place"), "fields"),
        (spoilt(about="很" * 301), "about"),
    ],
)
def test_a_wrong_kind_is_refused_with_a_sentence_that_names_the_place(data, words):
    with translation.override("zh-hans"), pytest.raises(BadKind) as refusal:
        parse(data)
    assert words in str(refusal.value)
    assert str(refusal.value).endswith("。")


def test_an_administrator_adds_a_kind_and_staff_use_it(ledger):
    kinds.save(ledger.actor("system", "administration"), GOOD)
    entry = opened(ledger, "visit")
    assert entry.number.startswith("走访〔")


def test_a_kind_above_must_exist(ledger):
    data = spoilt(parent="optional", parents=["unicorn"])
    with pytest.raises(Refused, match="unicorn"):
        kinds.save(ledger.actor("system", "administration"), data)
    assert not Kind.objects.filter(pk="visit").exists()


@pytest.mark.parametrize("name", ["handler", "head", "approver", "supervisor"])
def test_business_people_do_not_change_kinds(ledger, name):
    with pytest.raises(Refused):
        kinds.save(ledger.actor(name), GOOD)


def test_what_entries_use_stays_in_their_kind(ledger):
    admin = ledger.actor("system", "administration")
    kinds.save(admin, GOOD)
    opened(ledger, "visit")
    gone = spoilt(fields=GOOD["fields"][1:])
    with pytest.raises(Refused, match="地点"):
        kinds.save(admin, gone)
    other_type = field(type="longtext")
    with pytest.raises(Refused, match="地点"):
        kinds.save(admin, other_type)
    renamed = spoilt(
        states=[{"code": "begun", "name": "已开始"}, GOOD["states"][1]],
        moves=[GOOD["moves"][0] | {"from": ["begun"]}],
    )
    with pytest.raises(Refused, match="进行中"):
        kinds.save(admin, renamed)
    retired = spoilt(fields=[GOOD["fields"][0] | {"retired": True}, *GOOD["fields"][1:]])
    kinds.save(admin, retired)
    assert opened(ledger, "visit", fields={}).fields.get("place", "") == ""


def test_a_kind_out_of_use_opens_no_entry(ledger):
    kinds.save(ledger.actor("system", "administration"), GOOD, active=False)
    with pytest.raises(Refused):
        opened(ledger, "visit")
