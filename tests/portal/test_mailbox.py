"""The public mailbox: write, receipt, track, rate, published letters."""

import re

import altcha
import pytest

from gongkai.channels import site, tree
from gongkai.correspondence import documents, intake, publication
from gongkai.correspondence.models import Matter
from gongkai.portal import challenge
from gongkai.search.query import search
from tests.correspondence import letters
from tests.correspondence.test_personal import CANARIES, published
from tests.portal.sites import written


@pytest.fixture(autouse=True)
def _easy(monkeypatch):
    """Two zero digits instead of four: the tests solve it in Python."""
    monkeypatch.setattr(challenge, "PREFIX", "00")


def field(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)


def typed(page, office, *, solved=True, **more):
    from html import unescape

    said = {
        "agency": str(office.agency.pk), "topic": "renewal", "subject": letters.LETTER.subject,
        "text": letters.LETTER.text, "name": letters.NAME, "phone": letters.PHONE, "may_publish": "on",
        "challenge_token": field(page, "challenge_token"),
    }  # fmt: skip
    if solved:
        text = unescape(re.search(r'data-challenge="([^"]*)"', page).group(1))
        import json

        posed = altcha.Challenge.from_dict(json.loads(text))
        said["challenge_answer"] = altcha.Payload(posed, altcha.solve_challenge(posed)).to_base64()
    return said | more


def write(client, office, **more):
    page = client.get("/mailbox/").content.decode()
    return client.post("/mailbox/", typed(page, office, **more))


def test_a_letter_gets_number_and_code_after_the_commit_and_is_answered_by_code(office, at, client):
    with at(2021, 3, 1):
        sent = write(client, office)
        assert sent.status_code == 302 and sent.url == "/mailbox/done/"
        receipt = client.get(sent.url).content.decode()
        assert 'data-finished="mailbox"' in receipt, "what the browser kept of the letter goes"
        matter = Matter.objects.get()
        code = re.search(r"<strong>([2-9A-Z ]{14})</strong>", receipt).group(1)
        assert matter.number in receipt and "2021年3月8日" in receipt
        letters.take_up(office, matter)
        reply = letters.cleared(office, matter)
        documents.make(reply)
        said = {"number": matter.number.lower(), "code": code.lower()}
        before = client.post("/mailbox/track/", said).content.decode()
        assert reply.number not in before, "what was not sent is not shown"
        letters.send(office, reply)
        page = client.post("/mailbox/track/", said)
        shown = page.content.decode()
        assert reply.number in shown and page.headers["Cache-Control"] == "no-store"
        assert office.people["handler"].name not in shown and "物业科" not in shown
        for row in documents.made(reply):
            answer = client.post("/mailbox/track/", said | {"document": str(row.pk)})
            assert answer.content == documents.read(row)
        rated = client.post("/mailbox/track/", said | {"rate": "1", "grade": "satisfied"}).content.decode()
        assert 'name="rate"' not in rated
        again = client.post("/mailbox/track/", said | {"rate": "1", "grade": "dissatisfied"})
        assert again.context["form"].non_field_errors()
    assert [row.data["grade"] for row in matter.events.filter(kind="rated")] == ["satisfied"]


def test_wrong_code_wrong_number_and_empty_form_say_one_sentence(office, at, client):
    with at(2021, 3, 1):
        done = letters.received(office)
        for said in (
            {"number": done.number, "code": "AAAAAAAAAAAA"},
            {"number": "XG0123-XX2021-9999", "code": done.code},
            {"number": done.number, "code": "x" * 500},
            {},
            {"number": "\x00", "code": "\x00"},
        ):
            page = client.post("/mailbox/track/", said)
            assert page.status_code == 200 and page.context["form"].errors
        foreign = letters.answered(office)
        row = documents.make(foreign.replies.get())[0]
        answer = client.post(
            "/mailbox/track/", {"number": done.number, "code": done.code, "document": str(row.pk)}
        )
        assert answer.context["form"].non_field_errors()


@pytest.mark.parametrize("path", ["/mailbox/", "/complaints/"])
def test_the_browser_keeps_nothing_that_tells_who_writes(office, client, path):
    page = client.get(path).content.decode()
    for name in ("name", "phone", "email", "address"):
        assert "data-private" in re.search(rf'<input[^>]*name="{name}"[^>]*>', page).group(0)


def test_one_form_makes_one_letter_and_keeps_what_was_typed(office, at, client):
    with at(2021, 3, 1):
        page = client.get("/mailbox/").content.decode()
        said = typed(page, office)
        assert client.post("/mailbox/", said).status_code == 302
        twice = client.post("/mailbox/", said)
        assert twice.context["form"].non_field_errors() and letters.NAME in twice.content.decode()
        bad = write(client, office, phone="")
        assert bad.context["form"].errors["phone"] and letters.SECRET in bad.content.decode()
    assert Matter.objects.count() == 1


def test_a_form_without_a_script_waits_and_a_machine_is_refused(office, at, client, monkeypatch):
    with at(2021, 3, 1):
        quick = write(client, office, solved=False)
        assert quick.context["form"].non_field_errors()
        assert write(client, office, challenge_website="x").context["form"].non_field_errors()
        assert write(client, office, challenge_token="forged").context["form"].non_field_errors()
        monkeypatch.setattr(challenge, "QUICKEST", -1)
        for _n in range(intake.PER_HOUR_UNPROVED):
            assert write(client, office, solved=False).status_code == 302
        assert write(client, office, solved=False).context["form"].non_field_errors()
        assert write(client, office).status_code == 302


def test_a_proof_for_another_form_does_not_count(office, client):
    first, second = (client.get("/mailbox/").content.decode() for _n in range(2))
    answer = typed(first, office)["challenge_answer"]
    sent = client.post("/mailbox/", typed(second, office, solved=False, challenge_answer=answer))
    assert sent.context["form"].non_field_errors()


def test_no_number_is_spent_on_a_refused_letter(office, at, client):
    with at(2021, 3, 1):
        for _n in range(intake.PER_HOUR):
            letters.received(office, address="127.0.0.1")
        assert write(client, office).context["form"].non_field_errors()
    with at(2021, 3, 1, 11):
        assert write(client, office).status_code == 302
    numbers = sorted(Matter.objects.values_list("number", flat=True))
    assert numbers == [f"XG0123-XX2021-{n:04d}" for n in range(1, 12)]


def read(path):
    return (tree.read(path) or b"").decode()


def test_published_letters_show_no_writer_and_go_when_withdrawn(committed, at, client):
    office = written(committed)
    with at(2021, 3, 1):
        matter = letters.answered(office)
        page, tomb = f"letters/{matter.pk}/index.html", f"letters/{matter.pk}/gone.html"
        assert tree.read(page) is None
        published(office, matter)
        lists = read("letters/index.html") + read("letters/2021-03/index.html")
        assert lists.count("过渡费何时发放") == 2 and "已于3月5日发放。" in read(page)
        assert search("过渡费何时发放").total == 1
        for canary in CANARIES:
            assert canary not in lists + read(page)
        data = read("data/letters/2021.json") + read("data/letters/2021.csv")
        assert data.count("已于3月5日发放。") == 2 and not any(canary in data for canary in CANARIES)
        assert "data/letters/2021.csv" in read("data/letters/index.json")
        moved = client.get(f"/mailbox/letters/{matter.pk}/")
        assert (moved.status_code, moved["Location"]) == (301, f"/letters/{matter.pk}/")
        publication.withdraw(office.actor("reviewer"), matter, reason="error")
        assert "过渡费何时发放" not in read("letters/index.html")
        assert tree.read("letters/2021-03/index.html") is None and tree.read(page) is None
        assert tree.read("data/letters/2021.json") is None and tree.read("data/letters/2021.csv") is None
        assert search("过渡费何时发放").total == 0
        assert "2021年3月1日" in read(tomb) and "过渡费" not in read(tomb)
        assert not [each for each in site.verify() if "letters" in each.path]


def test_without_an_agency_the_mailbox_says_where_to_write(db, client):
    page = client.get("/mailbox/")
    assert page.status_code == 200 and '<form class="form"' not in page.content.decode()
