"""Several applicants, agents, organisations: who they are, what proves it, how they are found again (I7)."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from stdnum.iso7064 import mod_11_2

from gongkai.agencies.models import Agency
from gongkai.applications import identities, intake, personal, receipts, wanted
from gongkai.applications.intake import Incomplete, Upload
from gongkai.applications.models import Application, PartyPrint
from gongkai.applications.personal import Party, Person, Request
from gongkai.files import sealing, storage
from gongkai.rulebook.receipt import Arrival, Channel
from tests.applications.cases import ID, PERSON, REQUEST, came, taken, web

OTHER = "11010119900307109X"
CODE = "91350100M000100Y43"
AUTHORITY = Upload("授权委托书.txt", "委托王五".encode(), wanted.AUTHORITY)
SECOND = Party("李四", "passport", "E12345678", "13900139000", "演示路二号")
TOGETHER = replace(PERSON, co_applicants=(SECOND,))


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("resident_id", ID, "11010519491231002A"),
        ("credit_code", CODE, "91350100M000100Y44"),
        ("passport", "e1234 5678", "E12-34"),
        ("hk_macau_permit", "H12345678", "X12345678"),
        ("hk_macau_permit", "M1234567801", "H1234567"),
        ("taiwan_permit", "12345678", "123"),
        ("hkmt_residence", "810000199001010019", "810000199001010018"),
        ("hkmt_residence", "830000199001010012", "830000199013010012"),
        ("permanent_residence", "CAN110078121501", "CA110078121501"),
        ("permanent_residence", "911124198108030024", "811124198108030024"),
        ("officer_card", "军字第1234567号", "军"),
        ("other", "户口簿 410303", None),
    ],
)
def test_a_number_is_checked_as_far_as_its_coding_is_known(kind, right, wrong):
    assert identities.problem(kind, right) == ""
    assert wrong is None or identities.problem(kind, wrong).endswith(("。", "."))


@pytest.mark.parametrize(
    ("code", "year"),
    [
        # 洛龙 and 老城 of people older than the numbering of districts; 临平, made in 2021; 吉利, which is gone.
        ("410311", "1970"),
        ("410302", "1936"),
        ("330113", "1990"),
        ("410306", "1985"),
    ],
)
def test_a_resident_is_not_refused_for_a_district_that_lists_do_not_know(code, year):
    body = f"{code}{year}0101001"
    number = body + mod_11_2.calc_check_digit(body)
    assert identities.problem("resident_id", number) == ""
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    assert identities.problem("resident_id", wrong)


@pytest.mark.parametrize(
    "body", ["99010119900101001", "41030220990101001", "41030219900230001", "83000019900101001"]
)
def test_a_resident_number_has_a_province_and_a_possible_day_of_birth(body):
    assert identities.problem("resident_id", body + mod_11_2.calc_check_digit(body))


def test_full_width_digits_and_spaces_are_the_same_number():
    assert identities.folded(" １１０１０５ 19491231 002x") == ID


def test_the_kind_is_the_principals_and_never_the_agents(office, at):
    lawyer = replace(PERSON, agent="王律师", agent_identity_number=ID)
    with at(2021, 4, 22):
        case = web(office, person=lawyer, files=[AUTHORITY])
    assert case.applicant_kind == "natural_person"
    assert personal.person(case).names == PERSON.name


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("authority", {"person": replace(PERSON, agent="王五", agent_identity_number=ID)}),
        ("agent_identity_number", {"person": replace(PERSON, agent="王五")}),
        ("agent_identity_number", {"person": replace(PERSON, agent="王五", agent_identity_number="1" * 18)}),
        ("appointment", {"person": replace(TOGETHER, delegate=Party("赵六", "passport", "E7654321"))}),
        ("delegate_name", {"person": replace(TOGETHER, delegate=Party("", "passport", "E7654321"))}),
        ("co1_name", {"person": replace(PERSON, co_applicants=(replace(SECOND, name=" "),))}),
        (
            "co1_identity_number",
            {"person": replace(PERSON, co_applicants=(replace(SECOND, identity_number=""),))},
        ),
        ("co1_identity_number", {"person": replace(PERSON, co_applicants=(PERSON.first,))}),
        ("spokesperson", {"person": replace(TOGETHER, spokesperson=2)}),
        ("others", {"person": replace(PERSON, co_applicants=(SECOND,) * personal.MOST_APPLICANTS)}),
        ("identity", {"person": replace(PERSON, identity="credit_code", identity_number=CODE)}),
        ("identity", {"kind": "commercial_enterprise", "person": replace(PERSON, representative="王五")}),
        (
            "representative_identity_number",
            {
                "kind": "commercial_enterprise",
                "person": replace(
                    PERSON, identity="credit_code", identity_number=CODE, representative="王五"
                ),
            },
        ),
    ],
)
def test_the_public_form_asks_who_acts_for_whom(office, at, field, more):
    with at(2021, 4, 22), pytest.raises(Incomplete) as refusal:
        web(office, **more)
    assert field in refusal.value.problems
    assert not Application.objects.exists()


def test_an_organisation_without_a_credit_code_shows_another_document(office, at):
    club = Person(
        name="演示社团",
        identity="other",
        identity_number="登记证 演字1号",
        phone="1",
        representative="王五",
        representative_identity_number=ID,
    )
    with at(2021, 4, 22):
        case = web(office, kind="public_benefit_organization", person=club)
    assert personal.find(Agency.objects.all(), name="王五").get() == case


def test_at_the_counter_nobody_is_turned_away_for_a_paper_that_is_missing(office, at):
    with at(2021, 4, 22):
        case = came(
            office,
            Channel.COUNTER,
            Arrival(date(2021, 4, 22)),
            person=replace(PERSON, agent="王五", agent_identity_number=ID),
        )
    assert case.number


@pytest.mark.parametrize(
    "known",
    [
        {"phone": "138-0013-8000"},
        {"phone": "+86 138 0013 8000"},
        {"phone": "１３８００１３８０００"},
        {"name": "买买提・阿布都"},
        {"name": "买买提•阿布都 ", "phone": "(138)00138000"},
        {"identity": "１１０１０５１９４９１２３１００２X"},
    ],
)
def test_however_it_is_written_somebody_is_found(office, at, known):
    with at(2021, 4, 22):
        case = web(office, person=replace(PERSON, name="买买提·阿布都"))
    assert personal.find(Agency.objects.all(), **known).get() == case
    assert not personal.find(Agency.objects.all(), phone="0379 138 0013 8000").exists()


def test_each_party_is_found_by_what_is_known_of_them_and_by_nothing_else(office, at):
    whole = replace(
        TOGETHER,
        agent="王五",
        agent_identity_number=OTHER,
        agent_phone="13700137000",
        delegate=Party("赵六", "passport", "E7654321", "13600136000"),
    )
    appointment = Upload("推举书.txt", "推举赵六".encode(), wanted.APPOINTMENT)
    with at(2021, 4, 22):
        case = web(office, person=whole, files=[AUTHORITY, appointment])
        web(office)
    mine = Agency.objects.filter(pk=office.agency.pk)
    for known in (
        {"name": "李四"},
        {"identity": "e12345678"},
        {"phone": "139 0013 9000"},
        {"name": "赵六", "identity": "E7654321"},
        {"name": "王五", "phone": "13700137000"},
    ):
        assert list(personal.find(mine, **known)) == [case], known
    assert personal.find(mine, name="张三丰").count() == 2
    for unknown in ({"name": "李"}, {"name": "李四", "identity": "E7654322"}, {}, {"name": " "}):
        assert not personal.find(mine, **unknown).exists(), unknown
    assert not personal.find(Agency.objects.exclude(pk=office.agency.pk), name="李四").exists()
    assert "李四" not in "".join(PartyPrint.objects.values_list("print", flat=True))
    assert {row.purpose for row in storage.attached("application", case.pk)} == {
        "authority-1",
        "appointment-2",
    }
    given = [
        intake.given_name(row, personal.request(case)) for row in storage.attached("application", case.pk)
    ]
    assert sorted(given) == ["代表人推举书：推举书.txt", "授权委托书：授权委托书.txt"]


def test_what_was_sealed_before_there_were_several_applicants_still_opens(office, at):
    with at(2021, 4, 22):
        case = web(office)
    case.sealed_person = sealing.seal(case.case_key, '{"name": "旧申请人", "agent": "旧代理人", "gone": 1}')
    found = personal.person(case)
    assert (found.name, found.agent, found.co_applicants, found.speaker.name) == (
        "旧申请人",
        "旧代理人",
        (),
        "旧申请人",
    )


def test_the_receipt_names_all_applicants_and_who_speaks_for_them(office, at):
    assert receipts.named(PERSON) == "张三丰"
    assert receipts.named(TOGETHER) == "张三丰（代表人）、李四"
    assert receipts.named(replace(TOGETHER, spokesperson=1)) == "张三丰、李四（代表人）"
    assert receipts.named(replace(TOGETHER, delegate=Party("赵六"))) == "张三丰、李四；代表人：赵六"
    assert receipts.named(replace(PERSON, agent="王五")) == "张三丰；代理人：王五"
    many = replace(PERSON, co_applicants=tuple(replace(SECOND, name="名" * 100) for _n in range(9)))
    with at(2021, 4, 22):
        case = came(
            office, Channel.COUNTER, Arrival(date(2021, 4, 22)), person=replace(many, co_applicants=(SECOND,))
        )
        assert receipts.receipt_pdf(case).startswith(b"%PDF")


def test_what_is_wanted_is_the_same_whoever_asks(office, at):
    with at(2021, 4, 22):
        case = intake.submit(office.agency, taken(person=TOGETHER), submission=uuid4())
    assert personal.request(case) == replace(REQUEST, materials=()) and isinstance(
        personal.request(case), Request
    )
