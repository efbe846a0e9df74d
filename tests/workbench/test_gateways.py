"""The gateways that come along: what they send, what they make of each answer, and a list that is wrong."""

import http.server
import json
import smtplib
import socket
import threading
from contextlib import contextmanager
from datetime import date

import pytest
from cryptography.hazmat.primitives import hashes, hmac
from django.conf import settings
from django.core import mail
from django.test import Client, override_settings

from gongkai.agencies.policy import Refused
from gongkai.workbench import gateways
from gongkai.workbench.gateways import Message, Misconfigured, NotSent, Unclear
from gongkai.workbench.models import Subscription

SECRET = "a shared secret of some length"
MESSAGE = Message("b7e1", "13800138000", "期限提醒", "期限：2021年12月31日（星期五）", date(2021, 12, 31))
EMAIL = {"kind": "email", "name": "email", "label": "电子邮件", "host": "127.0.0.1", "from": "gk@example.cn"}
HOOK = {
    "kind": "webhook",
    "name": "sms",
    "label": "短信",
    "url": "https://sms.example.cn/x",
    "secret": SECRET,
}


@pytest.fixture
def configured():
    path = settings.INSTANCE.home / "keys" / "gateways.json"

    def write(*entries, text=None):
        path.write_text(text if text is not None else json.dumps(entries), "utf-8")
        return gateways.offered()

    yield write
    path.unlink(missing_ok=True)


@contextmanager
def receiver(answer):
    """A receiver on this machine; answer(handler) says what it does. Yields its address and what it got."""
    got = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, dict(self.headers), body))
            answer(self)

        def do_GET(self):
            got.append((self.path, dict(self.headers), b""))

        def log_message(self, *args):
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answering(status, **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()

    return answer


@pytest.mark.parametrize(("digest", "algorithm"), [("sm3", hashes.SM3), ("sha256", hashes.SHA256)])
def test_the_call_is_signed_so_that_the_receiver_knows_who_calls(configured, digest, algorithm):
    with receiver(answering(204)) as (address, got):
        gateway = configured(HOOK | {"url": f"{address}/send?app=1", "digest": digest})["sms"]
        gateway.send(MESSAGE)
    ((path, headers, body),) = got
    assert path == "/send?app=1"
    assert json.loads(body) == {
        "id": "b7e1", "to": "13800138000", "text": MESSAGE.text, "due_on": "2021-12-31"
    }  # fmt: skip
    worker = hmac.HMAC(SECRET.encode(), algorithm())
    worker.update(headers["X-Gongkai-Timestamp"].encode() + b"." + body)
    assert headers["X-Gongkai-Signature"] == f"{digest}={worker.finalize().hex()}"


@pytest.mark.parametrize(("status", "again"), [(400, False), (404, False), (429, True), (503, True)])
def test_a_refusal_is_certain_and_says_whether_to_come_again(configured, status, again):
    refused = pytest.raises(NotSent, match=str(status))
    with receiver(answering(status)) as (address, _got), refused as refusal:
        configured(HOOK | {"url": address})["sms"].send(MESSAGE)
    assert refusal.value.again is again


def test_a_redirection_is_never_followed(configured):
    with receiver(answering(200)) as (elsewhere, stolen):
        sends_on = receiver(answering(307, Location=f"{elsewhere}/"))
        with sends_on as (address, got), pytest.raises(NotSent, match="重定向"):
            configured(HOOK | {"url": address})["sms"].send(MESSAGE)
    assert len(got) == 1 and stolen == []


def test_nobody_there_is_a_certain_failure(configured):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NotSent) as refusal:
        configured(HOOK | {"url": f"http://127.0.0.1:{port}/"})["sms"].send(MESSAGE)
    assert refusal.value.again


def test_a_receiver_that_takes_the_call_and_says_nothing_leaves_it_unclear(configured):
    done = threading.Event()
    with receiver(lambda handler: done.wait(10)) as (address, _got):
        with pytest.raises(Unclear):
            configured(HOOK | {"url": address, "timeout": 1})["sms"].send(MESSAGE)
        done.set()


def test_a_failure_inside_the_receiver_leaves_it_unclear(configured):
    with receiver(answering(500)) as (address, _got), pytest.raises(Unclear, match="500"):
        configured(HOOK | {"url": address})["sms"].send(MESSAGE)


def test_an_e_mail_has_one_reader_and_no_reply_by_machines(configured):
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        configured(EMAIL)["email"].send(MESSAGE)
    (letter,) = mail.outbox
    assert (letter.to, letter.subject, letter.body) == (["13800138000"], "期限提醒", MESSAGE.text)
    assert letter.message()["Auto-Submitted"] == "auto-generated"


def test_a_mail_server_that_cannot_be_reached_is_a_certain_failure(configured):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    smtp = override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend")
    with smtp, pytest.raises(NotSent) as refusal:
        configured(EMAIL | {"port": port, "security": "none"})["email"].send(MESSAGE)
    assert refusal.value.again


@pytest.mark.parametrize(
    ("error", "raised", "again"),
    [
        (smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")}), NotSent, False),
        (smtplib.SMTPRecipientsRefused({"x": (450, b"later")}), NotSent, True),
        (smtplib.SMTPDataError(554, b"spam"), NotSent, False),
        (smtplib.SMTPServerDisconnected("gone"), Unclear, None),
        (TimeoutError(), Unclear, None),
    ],
)
def test_what_a_mail_server_answers_decides_about_a_second_attempt(
    configured, monkeypatch, error, raised, again
):
    def fail(self, messages):
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    backend = override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
    with backend, pytest.raises(raised) as refusal:
        configured(EMAIL)["email"].send(MESSAGE)
    assert getattr(refusal.value, "again", None) is again


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([HOOK | {"url": "http://sms.example.cn/"}], "url"),
        ([HOOK | {"url": "https://user:pass@sms.example.cn/"}], "url"),
        ([HOOK | {"url": "file:///etc/passwd"}], "url"),
        ([HOOK | {"url": "https://["}], "url"),
        ([HOOK | {"secret": "short"}], "secret"),
        ([HOOK | {"digest": "md5"}], "digest"),
        ([HOOK | {"timeout": 0}], "timeout"),
        ([HOOK | {"sceret": "x"}], "sceret"),
        ([HOOK, HOOK], "sms"),
        ([EMAIL | {"name": "../x"}], "name"),
        ([EMAIL | {"kind": "pigeon"}], "kind"),
        ([EMAIL | {"security": "ssl3"}], "security"),
        (["email"], "1"),
    ],
)
def test_a_list_that_is_wrong_says_where(configured, entries, words):
    with pytest.raises(Misconfigured, match=words):
        configured(*entries)


def test_the_administrator_reads_what_is_wrong_with_the_list_and_everybody_elses_page_still_opens(
    office, configured
):
    with pytest.raises(Misconfigured):
        configured(text="[{")
    client = Client()
    client.force_login(office.people["system"], backend="django.contrib.auth.backends.ModelBackend")
    assert "gateways.json 不是可读的 JSON" in client.get("/workbench/messages/").content.decode()
    client.force_login(office.people["handler"], backend="django.contrib.auth.backends.ModelBackend")
    assert "本实例不发送消息" in client.get("/workbench/reminders/").content.decode()


def test_a_person_chooses_on_the_page_and_a_wrong_address_is_kept_and_explained(office, configured):
    configured(EMAIL, HOOK)
    client = Client()
    client.force_login(office.people["handler"], backend="django.contrib.auth.backends.ModelBackend")
    wrong = client.post("/workbench/reminders/", {"use_email": "on", "address_email": "nobody at home"})
    page = wrong.content.decode()
    assert "nobody at home" in page and "请填写电子邮箱" in page and not Subscription.objects.exists()
    right = {"use_email": "on", "address_email": "jing@example.cn", "address_sms": "13800138000"}
    assert client.post("/workbench/reminders/", right).status_code == 302
    assert list(Subscription.objects.values_list("gateway", "address")) == [("email", "jing@example.cn")]
    assert "jing@example.cn" in client.get("/workbench/reminders/").content.decode()


@pytest.mark.parametrize("address", ["", "  ", "138 0013 8000", "x\ny", "1" * 201])
def test_a_number_is_one_word(configured, address):
    with pytest.raises(Refused):
        configured(HOOK)["sms"].cleaned(address)


def test_only_a_demonstration_has_the_trial_file_without_being_asked(monkeypatch):
    assert list(gateways.offered()) == ["file"]
    from dataclasses import replace

    with override_settings(INSTANCE=replace(settings.INSTANCE, demo=False)):
        assert gateways.offered() == {}
