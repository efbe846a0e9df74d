"""The public form for complaints about disclosure: write, receipt, progress, the answer."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongkai.channels import site, tree
from gongkai.correspondence import enclosures, handling, intake
from gongkai.correspondence.models import Matter
from gongkai.portal import challenge
from tests.correspondence import letters
from tests.portal import test_mailbox
from tests.portal.sites import written


@pytest.fixture(autouse=True)
def _easy(monkeypatch):
    """Two zero digits instead of four: the tests solve it in Python."""
    monkeypatch.setattr(challenge, "PREFIX", "00")


def typed(client, office, **more):
    page = client.get("/complaints/").content.decode()
    proof = test_mailbox.typed(page, office)
    return {
        "about": str(office.agency.pk), "topic": "unanswered", "application": "XG0123-SQ2021-0007",
        "text": letters.LETTER.text, "name": letters.NAME, "phone": letters.PHONE,
        "challenge_token": proof["challenge_token"], "challenge_answer": proof["challenge_answer"],
    } | more  # fmt: skip


def test_a_complaint_gets_number_and_code_and_its_progress_is_shown(office, at, client):
    with at(2021, 3, 1):
        form = client.get("/complaints/").content.decode()
        assert "第五十一条" in form and "由西工区人民政府受理" in form and office.district.name in form
        file = SimpleUploadedFile("回执.txt", "申请回执（演示）".encode())
        sent = client.post("/complaints/", typed(client, office, files=[file]))
        assert sent.status_code == 302 and sent.url == "/complaints/done/"
        receipt = client.get(sent.url).content.decode()
        matter = Matter.objects.get()
        code = re.search(r"<strong>([2-9A-Z ]{14})</strong>", receipt).group(1)
        assert 'data-finished="complaint"' in receipt and 'data-remember="complaint"' in form
        assert matter.number in receipt and "2021年3月22日" in receipt and "被投诉的机关" in receipt
        assert (matter.agency, matter.about) == (office.district, office.agency)
        assert [row.name for row in enclosures.of(matter)] == ["回执.txt"]
        handling.redirect(office.actor("supervisor"), matter, to="other_agency", words="已转送市政府办公室。")
        said = {"number": matter.number, "code": code}
        page = client.post("/complaints/track/", said)
        shown = page.content.decode()
        assert "已转送市政府办公室。" in shown and page.headers["Cache-Control"] == "no-store"
        assert office.people["supervisor"].name not in shown and letters.SECRET not in shown
        assert client.get("/complaints/done/").headers["Cache-Control"] == "no-store"


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(office, at, client):
    with at(2021, 3, 1):
        for wrong in (
            {"phone": ""},
            {"topic": "renewal"},
            {"about": str(office.district.pk)},
            {"about": "x"},
            {"name": ""},
            {"text": "a" * 20_001},
            {"files": [SimpleUploadedFile(f"{n}.txt", b"1") for n in range(6)]},
            {"files": [SimpleUploadedFile("程序.exe", b"MZ" + bytes(100))]},
            {"application": "\x00"},
            {"challenge_token": "forged"},
        ):
            page = client.post("/complaints/", typed(client, office, **wrong))
            assert page.status_code == 200 and page.context["form"].errors, wrong
            assert letters.PHONE in page.content.decode() or "phone" in wrong
        page = client.post(
            "/complaints/", typed(client, office, phone="", files=[SimpleUploadedFile("a.txt", b"1")])
        )
        assert page.context["again"] == ["a.txt"] and letters.SECRET in page.content.decode()
        assert Matter.objects.count() == 0
        once = typed(client, office)
        assert client.post("/complaints/", once).status_code == 302
        assert client.post("/complaints/", once).context["form"].non_field_errors()
        for _n in range(intake.PER_HOUR - 1):
            assert client.post("/complaints/", typed(client, office)).status_code == 302
        assert client.post("/complaints/", typed(client, office)).context["form"].non_field_errors()
    assert Matter.objects.count() == intake.PER_HOUR


def test_without_a_supervisor_above_the_page_says_where_to_turn(db, client):
    page = client.get("/complaints/").content.decode()
    assert '<form class="form"' not in page and "上一级行政机关" in page


def test_guide_footer_and_the_other_forms_lead_to_it_and_a_host_of_files_has_a_page(committed, at, client):
    office = written(committed)
    with at(2021, 3, 1):
        guide = (tree.read(f"guide/{office.agency.code}/index.html") or b"").decode()
        assert guide.count('href="/complaints/"') == 2, "the part on supervision, and the footer"
        for path in ("/apply/", "/mailbox/"):
            assert client.get(path).content.decode().count('href="/complaints/"') == 2
        away = (tree.read("complaints/index.html") or b"").decode()
        assert "第五十一条" in away and office.agency.name in away
        assert not [each for each in site.verify() if "complaints" in each.path]
