"""Who asked for the same before: found though every text is sealed (I7; arts. 36(6), 44)."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.agencies.models import Agency
from gongkai.applications import conversion, intake, likeness, wanted
from gongkai.applications.intake import Upload
from gongkai.applications.models import Application, CommonFeature, Likeness, LikenessFeature
from gongkai.applications.personal import Party, Request
from gongkai.journal import chain
from gongkai.rulebook.receipt import Arrival, Channel
from gongkai.search import follow
from tests.applications.cases import ID, PERSON, decided, sent, taken, web
from tests.items import released
from tests.portal import sites

pytestmark = pytest.mark.django_db
WANTED = "申请公开健康路棚户区改造项目征收补偿方案及其批复文件"
OTHER = replace(PERSON, name="李四光", identity_number="110105194912310038", phone="13900139000")

THIRD = "11010119900307109X"


def asked(office, text, person=PERSON):
    return web(office, person=person, request=Request(description=text))


def found(office, case):
    return likeness.of(office.actor("handler"), case)


@pytest.mark.parametrize(
    "text",
    [
        "请提供健康路棚户区改造项目征收补偿方案，以及批复文件！",
        "批复文件和征收补偿方案（健康路棚户区改造项目）",
        "本人依据《政府信息公开条例》，申请获取：健康路棚户区改造项目　征收补偿方案　及其批复文件　复印件一份。",
        "健康路棚户区改造征收补偿方案",
    ],
)
def test_other_words_for_the_same_wish_are_found(office, at, text):
    with at(2021, 4, 23):
        first = asked(office, WANTED)
        asked(office, "2021年老旧小区加装电梯的补贴标准和申报程序")
        again = asked(office, text, OTHER)
    assert [each.case for each in found(office, again)] == [first]


def test_words_of_asking_make_nothing_alike(office, at):
    with at(2021, 4, 23):
        asked(
            office, "本人依据《中华人民共和国政府信息公开条例》申请公开本机关2020年三公经费决算的全部文件材料"
        )
        other = asked(
            office,
            "本人依据《中华人民共和国政府信息公开条例》申请公开健康路项目拆迁安置的全部文件材料",
            OTHER,
        )
    assert found(office, other) == []


def test_a_document_number_is_the_same_in_any_bracket(office, at):
    with at(2021, 4, 23):
        first = asked(office, "西政〔2020〕15号文件")
        again = asked(office, "请公开西政[2020]15号", OTHER)
    each = found(office, again)[0]
    assert (each.case, each.same_applicant) == (first, False) and each.score > 0.8


def test_the_same_applicant_and_wording_come_first_and_lead_to_a_repeated_answer(office, at, client):
    with at(2021, 4, 23):
        stranger = asked(office, WANTED, OTHER)
        first = asked(office, WANTED)
        sent(office, decided(office, first), date(2021, 4, 23))
        again = asked(office, WANTED)
        rows = found(office, again)
        assert [each.case for each in rows] == [first, stranger]
        assert rows[0].same_applicant and rows[0].same_text and rows[0].score == 1
        assert not rows[1].same_applicant
        client.force_login(office.people["handler"])
        page = client.get(f"/workbench/applications/{again.pk}/alike/").content.decode()
    assert first.number in page and stranger.number in page
    assert f"/workbench/applications/{again.pk}/decide/?outcome=repeated" in page
    assert page.count("outcome=repeated") == 1
    assert "第三十六条第（六）项" in page


def test_the_page_of_a_case_says_that_it_was_asked_for_before_until_it_is_decided(office, at, client):
    with at(2021, 4, 23):
        client.force_login(office.people["handler"])
        first = asked(office, WANTED)
        assert 'id="alike"' not in client.get(f"/workbench/applications/{first.pk}/").content.decode()
        asked(office, WANTED, OTHER)
        again = asked(office, WANTED)
        page = client.get(f"/workbench/applications/{again.pk}/").content.decode()
        assert "内容相同或者相近的申请 2 件，其中同一申请人 1 件" in page
        decided(office, again)
        assert 'id="alike"' not in client.get(f"/workbench/applications/{again.pk}/").content.decode()


def test_the_agent_of_another_is_not_the_same_applicant_but_a_joint_applicant_is(office, at):
    with at(2021, 4, 23):
        mine = asked(office, WANTED)
        for_another = replace(OTHER, agent=PERSON.name, agent_identity_number=PERSON.identity_number)
        proof = Upload("授权委托书.txt", b"x", wanted.AUTHORITY)
        client_s = web(office, person=for_another, request=Request(description=WANTED), files=[proof])
        joint = replace(
            OTHER, identity_number=THIRD, co_applicants=(Party(PERSON.name, "resident_id", ID),), phone="1"
        )
        together = asked(office, WANTED, joint)
    for case, theirs in ((mine, {together.pk}), (together, {mine.pk}), (client_s, set())):
        assert {each.case.pk for each in found(office, case) if each.same_applicant} == theirs


def test_letters_filed_as_pictures_are_no_common_wish(office, at):
    with at(2021, 4, 23):
        for person in (PERSON, OTHER):
            picture = taken(person=person, request=Request(), files=[Upload("来信.txt", b"x")])
            case = intake.register(
                office.actor("handler"),
                office.agency,
                picture,
                channel=Channel.REGISTERED_MAIL,
                arrival=Arrival(date(2021, 4, 22), signed=date(2021, 4, 22)),
            )
            assert found(office, case) == []
            sent(office, decided(office, case), date(2021, 4, 23))
        assert not conversion.proposed(office.agency).exists()


def test_a_public_item_is_offered_with_the_words_that_speak_for_it(office, at, client):
    sites.fresh()
    with at(2021, 4, 22):
        plan = released(office, title="西工区健康路片区棚户区改造项目征收补偿方案", summary="公布补偿方案。")
        follow.rebuild()
        case = asked(office, "请公开健康路棚户区改造的征收补偿方案")
        client.force_login(office.people["handler"])
        page = client.get(f"/workbench/applications/{case.pk}/alike/").content.decode()
        assert plan.title in page and "共有的词语：" in page and "棚户区" in page
        assert (
            "可能包含所需信息的已公开信息 1 条"
            in client.get(f"/workbench/applications/{case.pk}/").content.decode()
        )
        assert not likeness.published(asked(office, "食堂采购合同的价格"))


def test_an_unanswered_case_makes_no_repeated_one(office, at, client):
    with at(2021, 4, 23):
        asked(office, WANTED)
        again = asked(office, WANTED)
        client.force_login(office.people["handler"])
        assert (
            "outcome=repeated"
            not in client.get(f"/workbench/applications/{again.pk}/alike/").content.decode()
        )


def test_another_agency_s_cases_are_not_shown(office, at):
    elsewhere = Agency.objects.create(name="别的机关", code="BD0001", parent=office.district)
    with at(2021, 4, 23):
        theirs = asked(office, WANTED)
        mine = asked(office, WANTED, OTHER)
        Application.objects.filter(pk=theirs.pk).update(agency=elsewhere)
        Likeness.objects.filter(application=theirs).update(agency=elsewhere)
        assert found(office, mine) == []
        supervisor = likeness.of(office.actor("supervisor"), mine)
    assert [each.case.pk for each in supervisor] == [theirs.pk]


def test_the_index_holds_no_word_of_the_request(office, at):
    with at(2021, 4, 23):
        asked(office, WANTED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM applications_likeness")
        rows = cursor.fetchall()
        cursor.execute("SELECT * FROM applications_likenessfeature")
        rows += cursor.fetchall()
    kept = " ".join(str(value) for row in rows for value in row)
    assert len(rows) > 5
    assert not any(word in kept for word in ("健康路", "棚户区", "征收", "补偿"))


def test_opening_what_is_alike_is_in_the_journal(office, at, client):
    with at(2021, 4, 23):
        first = asked(office, WANTED)
        again = asked(office, "健康路棚户区改造征收补偿方案", OTHER)
        client.force_login(office.people["handler"])
        page = client.get(f"/workbench/applications/{again.pk}/alike/").content.decode()
    assert "棚户区改造" in page
    from gongkai.journal.models import Entry

    shown = Entry.objects.filter(action="application.shown", data__contains='"alike"')
    assert {entry.subject_id for entry in shown} == {str(first.pk), str(again.pk)}


def test_forgetting_takes_every_digest_away(office, at):
    with at(2021, 4, 23):
        case = asked(office, WANTED)
        likeness.forget(case.pk)
    assert not Likeness.objects.exists() and not LikenessFeature.objects.exists()


def test_cases_from_before_the_index_are_caught_up_with_once(office, at):
    with at(2021, 4, 23):
        first, second = asked(office, WANTED), asked(office, WANTED, OTHER)
        Likeness.objects.all().delete()
        assert likeness.catch_up() == 2
        assert likeness.catch_up() == 0
    assert [each.case for each in found(office, second)] == [first]
    assert [fault for fault in chain.verify() if "链头" not in fault.message] == []


def test_common_features_are_counted_and_looked_up_last(office, at, monkeypatch):
    monkeypatch.setattr(likeness, "COMMON_FROM", 3)
    monkeypatch.setattr(likeness, "BUDGET", 2)
    with at(2021, 4, 23):
        for n in range(5):
            asked(office, f"老城片区第{n}号地块的棚户区改造项目规划许可", OTHER)
        assert likeness.count_common() > 0
        assert CommonFeature.objects.get(feature=likeness.ALL).count == 5
        case = asked(office, "老城片区第3号地块的棚户区改造项目规划许可")
        best = found(office, case)[0]
    assert best.score == 1


TEXTS = st.text(max_size=200) | st.text("健康路棚户区改造征收补偿方案〔〕2021号，。 ", max_size=80)


@given(text=TEXTS, other=TEXTS)
@settings(max_examples=60)
def test_any_text_has_features_and_a_score_between_0_and_1(text, other):
    mine, theirs = set(likeness.features(text)), set(likeness.features(other))
    assert len(mine) <= likeness.MOST_FEATURES and all(0 < each < 2**63 for each in mine)
    if mine and theirs:
        weight = dict.fromkeys(mine, 1.0)
        assert 0 <= likeness._score(mine, theirs, weight, 1.0) <= 1
        assert likeness._score(mine, mine, weight, 1.0) == 1
    assert likeness.print_of(text) == likeness.print_of(f"  {text}  ")


def test_registration_and_a_case_s_page_ask_for_nothing_that_grows(office, at, django_assert_max_num_queries):
    with at(2021, 4, 23):
        for n in range(12):
            case = asked(office, f"{WANTED}，第{n}部分", OTHER)
        actor = office.actor("handler")
        with django_assert_max_num_queries(14):
            likeness.of(actor, case)
