"""The rules of an instance: a policy with versions, dictionaries of the instance and of an agency."""

import io
import time

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from gongkai import screening
from gongkai.agencies.policy import Refused
from gongkai.journal import chain
from gongkai.review import dictionaries, screening_rules
from gongkai.review.models import DictionaryVersion, Finding, Screening, ScreeningPolicy
from gongkai.screening import Kind, Layer, Severity, Term
from tests.invariants.attacks import database_refuses, neighbour
from tests.items import drafted, submitted
from tests.review.rules import a_dictionary, keeper, policy

EVERYBODY = (
    "handler",
    "second_handler",
    "reviewer",
    "approver",
    "head",
    "supervisor",
    "system",
    "security",
    "audit",
)
SLIP = "<p>截止2021年3月1日，共签约三户。</p>"


def severities(office, **content):
    revision = submitted(office, drafted(office, **content))
    return dict(Finding.objects.filter(screening__revision=revision).values_list("kind", "severity"))


def log_in(who, hat="business"):
    client = Client()
    client.force_login(who)
    session = client.session
    session["hat"] = hat
    session.save()
    return client


def test_a_policy_set_by_the_security_administrator_holds_for_what_is_submitted_next(office, at):
    with at(2021, 3, 2):
        assert severities(office, body=SLIP) == {"wording": "warn"}
        row = policy(office, severities={"wording": "block"})
        assert severities(office, title="第二件", body=SLIP) == {"wording": "block"}
        made = Screening.objects.order_by("-pk").first()
    assert f"/p{row.number}/" in made.rules_version
    assert made.rules_version.startswith(screening.rules_version())


def test_a_column_may_weigh_otherwise_than_the_rest(office, at):
    with at(2021, 3, 2):
        policy(office, severities={"wording": "block"}, column="21-c5")
        assert severities(office, body=SLIP) == {"wording": "block"}
        assert severities(office, title="另一栏目", body=SLIP, column="20-01") == {"wording": "warn"}


def test_a_layer_may_weigh_otherwise_than_its_kind(db, office, at):
    with at(2021, 3, 2):
        policy(office, severities={"mobile_number": "warn", "mobile_number@metadata": "block"})
    now = screening_rules.policy_of(screening_rules.in_force())
    assert now.severity_of(Kind.MOBILE_NUMBER, Layer.TEXT) is Severity.WARN
    assert now.severity_of(Kind.MOBILE_NUMBER, Layer.METADATA) is Severity.BLOCK


def test_each_version_says_who_changed_what_and_why(office, at):
    with at(2021, 3, 2):
        policy(office, severities={"wording": "block"}, reason="错字多发")
        policy(office, severities={}, persons_warning=30, reason="恢复默认")
        page = log_in(office.people["security"], "administration").get(reverse("review:screening_policy"))
    first, second = ScreeningPolicy.objects.order_by("number")
    assert (first.severities, second.severities) == ({"wording": "block"}, {})
    text = page.content.decode()
    for words in ("错字多发", "恢复默认", "用语（所有层）：提示 → 阻断", "50 → 30"):
        assert words in text


@pytest.mark.parametrize("name", EVERYBODY)
def test_only_the_security_administrator_changes_the_policy(office, at, name):
    with at(2021, 3, 2):
        if name == "security":
            policy(office, severities={"wording": "block"})
            return
        for hat in ("business", "administration"):
            with pytest.raises(Refused):
                screening_rules.change(
                    office.actor(name, hat), severities={"wording": "block"}, column="", persons_warning=50,
                    sample_percent=5, sample_least=20, reason="试试",
                )  # fmt: skip
        answer = log_in(office.people[name], "administration").post(
            reverse("review:screening_policy"), {"cell-wording": "block", "reason": "试试", "seen": "0"}
        )
        assert answer.status_code in (200, 403)
    assert not ScreeningPolicy.objects.exists()


@pytest.mark.parametrize("kind", ["classification_mark", "unreadable_part"])
def test_nobody_lowers_what_always_blocks(office, at, kind):
    with at(2021, 3, 2):
        for cells in ({kind: "warn"}, {f"{kind}@text": "warn"}):
            with pytest.raises(Refused, match="一律阻断"):
                policy(office, severities=cells)
            with pytest.raises(Refused, match="一律阻断"):
                policy(office, severities=cells, column="21-c5")
        database_refuses(
            "INSERT INTO review_screeningpolicy (number, severities, columns, persons_warning, sample_percent, "
            "sample_least, reason, person_id, on_day, at) VALUES (1, %s, '{}', 50, 5, 20, 'x', %s, '2021-03-02', "
            "'2021-03-02 09:00:00')",
            f'{{"{kind}": "warn"}}',
            office.people["security"].pk.hex,
            saying="always blocks",
        )
    # And a row that names it otherwise, past every guard, is read as if it did not.
    spoilt = screening_rules.InForce(1, {kind: "warn"}, {"21-c5": {kind: "warn"}}, 50, 5, 20)
    for column in ("", "21-c5"):
        assert screening_rules.policy_of(spoilt, column).severity_of(Kind(kind)) is Severity.BLOCK


@pytest.mark.parametrize("wrong", [{"nonsense": "block"}, {"wording": "off"}, {"wording@nowhere": "block"}])
def test_a_cell_that_is_none_is_refused(office, at, wrong):
    with at(2021, 3, 2), pytest.raises(Refused, match="不是规则表中的项目"):
        policy(office, severities=wrong)


def test_two_administrators_do_not_overwrite_each_other(office, at):
    with at(2021, 3, 2):
        policy(office, severities={"wording": "block"}, seen=0)
        with pytest.raises(Refused, match="期间有人修改"):
            policy(office, severities={"draft_mark": "block"}, seen=0)


def test_the_matrix_is_set_in_the_browser_and_nothing_typed_is_lost(office, at):
    with at(2021, 3, 2):
        admin = log_in(office.people["security"], "administration")
        address = reverse("review:screening_policy")
        page = admin.get(address)
        form = page.context["form"]
        typed = {name: form[name].value() for name in form.fields} | {"cell-vehicle_plate@image": "block"}
        again = admin.post(address, typed | {"reason": ""})
        assert again.status_code == 200
        assert again.context["form"]["cell-vehicle_plate@image"].value() == "block"
        done = admin.post(address, typed | {"reason": "图片中的号牌"})
    assert done.status_code == 302
    assert ScreeningPolicy.objects.get().severities == {"vehicle_plate@image": "block"}


def sheet(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_an_import_is_shown_before_it_counts(office, at):
    with at(2021, 3, 2):
        head = office.actor("head")
        row = dictionaries.begin(head, office.agency, "本机关用语")
        data = sheet(
            ["错误", "规范", "理由"],
            ["城改办", "区城改办", "简称"],
            ["", "空", ""],
            ["拆迁户", "被征收人", "用语"],
        )
        seen = dictionaries.preview(head, row, data, "用语.xlsx", dictionaries.REPLACE)
        assert (len(seen.added), len(seen.changed), len(seen.removed), len(seen.problems)) == (2, 0, 0, 1)
        assert dictionaries.latest(row) is None
        dictionaries.take(head, row, seen.token, "首次导入")
        data = sheet(["错误", "规范"], ["拆迁户", "被征收户"], ["钉子户", "未签约户"])
        seen = dictionaries.preview(head, row, data, "用语.xlsx", dictionaries.REPLACE)
        assert [[term.wrong for term in each] for each in (seen.added, seen.changed, seen.removed)] == [
            ["钉子户"],
            ["拆迁户"],
            ["城改办"],
        ]
        # A preview that was overtaken does not count.
        dictionaries.put(head, row, Term("棚改户", "被征收人"), seen=1)
        with pytest.raises(Refused, match="期间有人修改"):
            dictionaries.take(head, row, seen.token, "")


def test_a_term_of_an_agency_is_found_in_its_texts_alone_and_a_switch_ends_it(office, at):
    with at(2021, 3, 2):
        row = a_dictionary(office, office.agency, ["洛河七号工程"])
        text = {"body": "<p>洛河七号工程沿线。</p>"}
        assert severities(office, **text) == {"wording": "warn"}
        assert screening_rules.version_for(neighbour(office)).endswith("/a0")
        dictionaries.switch(office.actor("head"), row, on=False, reason="已公布")
        assert severities(office, title="第二件", **text) == {}
        # Every version stays, with its terms.
        assert [each.change for each in row.versions.order_by("number")] == ["edited", "off"]
        assert [term.wrong for term in dictionaries.terms_of(row.versions.get(number=1))] == ["洛河七号工程"]


@pytest.mark.parametrize("name", EVERYBODY)
def test_dictionaries_are_kept_by_the_head_of_the_agency_and_the_security_administrator(office, at, name):
    theirs = neighbour(office)
    may = {"head": {office.agency}, "security": {None}}.get(name, set())
    with at(2021, 3, 2):
        for agency in (None, office.agency, theirs):
            for hat in ("business", "administration"):
                actor = office.actor(name, hat)
                if agency in may:
                    dictionaries.begin(actor, agency, f"词库{hat}")
                else:
                    with pytest.raises(Refused):
                        dictionaries.begin(actor, agency, "词库")


def test_another_agencys_dictionary_is_neither_seen_nor_changed(office, at):
    theirs = neighbour(office)
    with at(2021, 3, 2):
        row = a_dictionary(office, theirs, ["别机关的词"])
        head = log_in(office.people["head"])
        for name in ("dictionary", "dictionary_import", "dictionary_term"):
            assert head.get(reverse(f"review:{name}", args=[row.pk])).status_code == 404
        for name in ("dictionary_take", "dictionary_drop", "dictionary_switch"):
            assert head.post(reverse(f"review:{name}", args=[row.pk]), {"reason": "x"}).status_code == 404
        assert "别机关的词" not in head.get(reverse("review:dictionaries")).content.decode()
        # Nor is what they may see changed by people who only see it.
        shared = a_dictionary(office, None, ["全站的词"])
        assert head.get(reverse("review:dictionary", args=[shared.pk])).status_code == 200
        assert head.get(reverse("review:dictionary_import", args=[shared.pk])).status_code == 404
        with pytest.raises(Refused):
            dictionaries.put(office.actor("head"), shared, Term("新词语", ""), seen=1)
        # A preview made for one dictionary does not count in another.
        own = a_dictionary(office, office.agency, ["自己的词"])
        other = dictionaries.preview(keeper(office, theirs), row, "新的词语".encode(), "词.txt", "add")
        with pytest.raises(Refused, match="预览已失效"):
            dictionaries.take(office.actor("head"), own, other.token, "")
        database_refuses(
            "INSERT INTO review_dictionaryversion (dictionary_id, number, digest, terms, active, change, added, "
            "changed, removed, source, reason, person_id, on_day, at) VALUES (%s, 9, 'x', 0, %s, 'off', 0, 0, 0, '', "
            "'', %s, '2021-03-02', '2021-03-02 09:00:00')",
            row.pk.hex,
            False,
            office.people["head"].pk.hex,
            saying="another keeps",
        )


def test_a_dictionary_is_filtered_edited_and_exported_so_that_it_imports_again(office, at):
    with at(2021, 3, 2):
        row = a_dictionary(office, office.agency, ["钉子户", "城改办"])
        head = log_in(office.people["head"])
        address = reverse("review:dictionary", args=[row.pk])
        assert "城改办" not in head.get(address, {"q": "钉子"}).content.decode()
        term = reverse("review:dictionary_term", args=[row.pk])
        form = head.get(term, {"of": "钉子户"}).context["form"]
        typed = {name: form[name].value() for name in form.fields}
        again = head.post(f"{term}?of=钉子户", typed | {"wrong": "户"})
        assert "只有一个字" in again.content.decode()
        head.post(f"{term}?of=钉子户", typed | {"right": "未签约户"})
        file = head.get(address, {"export": "csv"})
        data = b"".join(file.streaming_content)
        seen = dictionaries.preview(office.actor("head"), row, data, "导出.csv", dictionaries.REPLACE)
        assert (seen.added, seen.changed, seen.removed, seen.problems) == ([], [], [], [])
        head.post(
            reverse("review:dictionary_drop", args=[row.pk]), {"wrong": "城改办", "seen": "3"}, follow=True
        )
    assert [(each.wrong, each.right) for each in dictionaries.terms_of(dictionaries.latest(row))] == [
        ("钉子户", "未签约户")
    ]


def test_twenty_thousand_terms_are_imported_and_screened_within_moments(committed, at):
    with at(2021, 3, 2):
        security = committed.actor("security", "administration")
        row = dictionaries.begin(security, None, "大词库")
        data = "\n".join(f"错敏词语{n:05d}号" for n in range(20_000)).encode()
        began = time.monotonic()
        seen = dictionaries.preview(security, row, data, "词.txt", dictionaries.ADD)
        dictionaries.take(security, row, seen.token, "")
        assert dictionaries.latest(row).terms == 20_000
        screening_rules.rules_for(committed.agency)
        made = time.monotonic()
        # Made once; the next hundred texts ask only which versions are in force.
        for _n in range(100):
            rules = screening_rules.rules_for(committed.agency)
        assert time.monotonic() - made < 1
        assert made - began < 10
        found = screening.screen_text("其中错敏词语12345号。", location="正文", rules=rules)
        assert [each.kind for each in found] == [Kind.WORDING]
    assert DictionaryVersion.objects.count() == 1
    assert list(chain.verify()) == []
