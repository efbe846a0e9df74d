"""The public pages: apply, receipt, follow, and what they never show."""

import re
from datetime import date

import pypdfium2
import pytest
from django.core import signing

from gongkai.applications import intake, rendering
from gongkai.applications.models import Application
from gongkai.portal import challenge
from gongkai.portal.apply_views import RECEIPT
from tests.applications.cases import PERSON, REQUEST, decided, sent, web


@pytest.fixture
def patient(monkeypatch):
    """The form was open for a while, so it is taken without a proof of work."""
    real = signing.TimestampSigner.timestamp
    monkeypatch.setattr(signing.TimestampSigner, "timestamp", lambda self: _earlier(real(self)))


def _earlier(stamp):
    return signing.b62_encode(signing.b62_decode(stamp) - 60)


def filled(office, **more):
    return {
        "agency": str(office.agency.pk),
        "applicant_kind": "natural_person",
        "identity": PERSON.identity,
        "name": PERSON.name,
        "identity_number": PERSON.identity_number,
        "phone": PERSON.phone,
        "title": REQUEST.title,
        "description": REQUEST.description,
        "form": "electronic",
        "way": "online",
        challenge.TOKEN: challenge.issue()["token"],
    } | more


def test_apply_receipt_and_follow(office, at, client, patient):
    with at(2021, 4, 23):
        page = client.get("/apply/").content.decode()
        assert page.count('class="form__section"') == 4
        answer = client.post("/apply/", filled(office))
        assert answer.status_code == 302 and answer.url == "/apply/done/"
        case = Application.objects.get()
        done = client.get("/apply/done/")
        shown = done.content.decode()
        code = intake.query_code(case)
        assert case.number in shown and code[:4] in shown and "2021年5月24日" in shown
        assert done.headers["Cache-Control"] == "no-store"
        assert client.get("/apply/done/receipt.pdf").content.startswith(b"%PDF")
        followed = client.post("/track/", {"number": case.number, "code": code}).content.decode()
    for page in (shown, followed):
        assert "2021年5月24日（星期一）" in page and "剩余20个工作日" in page
    for page in (shown, followed):
        for secret in (PERSON.name, PERSON.identity_number, PERSON.phone, REQUEST.title, REQUEST.description):
            assert secret not in page


def test_behind_tls_the_receipt_s_cookie_is_secure_and_its_address_is_the_one_that_answers(
    office, at, client, patient
):
    with at(2021, 4, 23):
        answer = client.post("/apply/", filled(office), secure=True)
        assert answer.cookies[RECEIPT.cookie]["secure"]
        paper = pypdfium2.PdfDocument(client.get("/apply/done/receipt.pdf", secure=True).content)
        words = "".join(page.get_textpage().get_text_range() for page in paper)
    assert "https://testserver/track/" in words


def test_the_same_form_sent_twice_is_one_application(office, at, client, patient):
    with at(2021, 4, 23):
        form = filled(office)
        client.post("/apply/", form)
        client.post("/apply/", form)
    assert Application.objects.count() == 1


def test_what_is_missing_is_said_and_what_was_typed_is_kept(office, at, client, patient):
    with at(2021, 4, 23):
        page = client.post(
            "/apply/", filled(office, identity_number="11010519491231002A", title="", description="")
        ).content.decode()
    assert "error-summary" in page and PERSON.name in page
    assert 'href="#id_identity_number"' in page and 'href="#id_description"' in page
    assert not Application.objects.exists()


def test_a_wrong_code_and_an_unknown_number_get_the_same_answer(office, at, client):
    with at(2021, 4, 23):
        case = web(office)
        wrong = client.post("/track/", {"number": case.number, "code": "AAAABBBBCCCC"})
        unknown = client.post("/track/", {"number": "XG0123-2021-0999", "code": intake.query_code(case)})
    errors = [
        re.findall(r'<div class="error-summary.*?</div>', r.content.decode(), re.S) for r in (wrong, unknown)
    ]
    assert errors[0] == errors[1] != []
    assert case.agency.name not in wrong.content.decode().split("<main")[1].split("</main")[0]


def test_after_ten_wrong_codes_even_the_right_one_waits(office, at, client):
    with at(2021, 4, 23):
        case = web(office)
        for _n in range(10):
            client.post("/track/", {"number": case.number, "code": "AAAABBBBCCCC"})
        right = {"number": case.number, "code": intake.query_code(case)}
        assert "timeline" not in client.post("/track/", right).content.decode()
    with at(2021, 4, 23, 10):
        assert "timeline" in client.post("/track/", right).content.decode()


def test_the_answer_is_read_with_the_code_only_once_it_was_sent(office, at, client):
    with at(2021, 4, 23):
        case = web(office)
        letter = decided(office, case)
        right = {"number": case.number, "code": intake.query_code(case)}
        assert 'name="document"' not in client.post("/track/", right).content.decode()
        sent(office, letter, date(2021, 4, 23), way="electronic")
        rendering.make({"kind": "letter", "subject": str(letter.pk)})
        page = client.post("/track/", right).content.decode()
        # The last day of a remedy, too, with its weekday: 60 days end on Tuesday, six months on a Saturday.
        assert "2021年6月22日（星期二）" in page and "2021年10月25日（星期一）" in page
        [key] = re.findall(r'name="document" value="([0-9a-f-]+)"', page)
        paper = client.post("/track/", right | {"document": key})
        assert paper.content.startswith(b"%PDF")
        assert "2021年6月22日" in page
        other = web(office)
        stolen = {"number": other.number, "code": intake.query_code(other), "document": key}
        assert client.post("/track/", stolen).status_code == 404


def test_without_a_proof_fewer_forms_are_taken_from_one_network(office, at, client, patient):
    with at(2021, 4, 23):
        for n in range(7):
            client.post("/apply/", filled(office, title=f"第{n}件"))
    assert Application.objects.count() == intake.HOURLY_UNPROVED
