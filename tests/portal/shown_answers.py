"""Pages that no address alone shows: receipts, progress, forms with errors, subscriptions, failures. Their HTML by name.

They are made in this process, as the server answers them, and laid before the browser at an address of the shown
site, so that their styles and scripts are the site's.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings
from django.utils import translation

from gongkai.agencies.models import Agency, Person
from gongkai.channels import subscriptions
from gongkai.channels.subscription_models import Subscription
from gongkai.config import errors
from gongkai.correspondence.models import Matter
from gongkai.disclosure import opinions
from gongkai.disclosure.models import Item, Opinion
from gongkai.journal import clock
from gongkai.paperwork.errors import PaperworkError
from gongkai.portal import challenge, item_documents
from gongkai.search import index
from tests.applications.cases import ID, PERSON
from tests.conftest import Office
from tests.correspondence import letters
from tests.portal.shown_more import SEEN

CODE = re.compile(r"<strong>([2-9A-Z ]{14})</strong>")


def answers(found: dict[str, str]) -> dict[str, str]:
    """HTML by name; what the forms take is stored in the shown site. found: addresses of the shown site by name."""
    with ExitStack() as stack:
        stack.enter_context(clock.at(SEEN))
        stack.enter_context(patch.object(challenge, "check", lambda sent: challenge.Proof(uuid4().hex, True)))
        stack.enter_context(
            override_settings(
                ALLOWED_HOSTS=["*"],
                MAIL_FROM="gk@example.gov.cn",
                EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
            )
        )
        client = Client(raise_request_exception=False)
        return {
            **dict(_applications(client)),
            **dict(_letters(client)),
            **dict(_opinions(client, found)),
            **dict(_subscriptions(client)),
            **dict(_failures(client)),
            **dict(_files()),
        }


def _text(answer: Any) -> str:
    return str(answer.content.decode())


def _agency() -> Agency:
    return Agency.objects.get(code="XG0123")


def _applications(client: Client) -> Iterator[tuple[str, str]]:
    said = {
        "agency": str(_agency().pk), "applicant_kind": "natural_person", "identity": "resident_id",
        "name": PERSON.name, "identity_number": ID, "phone": PERSON.phone, "title": "健康路片区征收补偿方案",
        "description": "征求意见后确定的方案全文。", "form": "electronic", "way": "online", "others": "0",
    }  # fmt: skip
    yield "apply-wrong", _text(client.post("/apply/", said | {"identity_number": "1", "phone": ""}))
    yield "apply-look", _text(client.post("/apply/", said | {"look": "1", "title": "房屋征收决定"}))
    yield "apply-several", _text(client.post("/apply/", said | {"more": "1"}))
    done = _text(client.get(client.post("/apply/", said).url))
    yield "apply-done", done
    number = re.search(r"<strong>(XG0123[^<]*)</strong>", done)[1]
    code = CODE.search(done)[1]
    yield "track-wrong", _text(client.post("/track/", {"number": number, "code": "x"}))
    yield "track-progress", _text(client.post("/track/", {"number": number, "code": code}))
    yield "amendment-wrong", _text(client.post("/apply/amendment/", {"agency": said["agency"]}))


def _letters(client: Client) -> Iterator[tuple[str, str]]:
    said = {
        "agency": str(_agency().pk), "topic": "renewal", "subject": letters.LETTER.subject, "text": letters.LETTER.text,
        "name": letters.NAME, "phone": letters.PHONE, "may_publish": "on",
    }  # fmt: skip
    yield "mailbox-wrong", _text(client.post("/mailbox/", said | {"phone": "", "text": ""}))
    done = _text(client.get(client.post("/mailbox/", said).url))
    yield "mailbox-done", done
    matter = Matter.objects.latest("received_on", "number")
    typed = {"number": matter.number, "code": CODE.search(done)[1]}
    yield "mailbox-progress", _text(client.post("/mailbox/track/", typed))
    office = _office()
    letters.take_up(office, matter)
    letters.send(office, letters.cleared(office, matter, body="来信收悉。\n第三季度过渡费已经发放。"))
    yield "mailbox-answered", _text(client.post("/mailbox/track/", typed))


def _office() -> Office:
    agency = _agency()
    people = {person.get_username(): person for person in Person.objects.all()}
    return Office(agency, agency.parent, people)


def _opinions(client: Client, found: dict[str, str]) -> Iterator[tuple[str, str]]:
    form = found["opinion"]
    said = {"stance": "change", "text": "建议提高一层住户的补助。", "name": "演示", "contact": "13900001111"}
    yield "opinion-wrong", _text(client.post(form, said | {"text": ""}))
    done = _text(client.get(client.post(form, said).url))
    yield "opinion-done", done
    row = Opinion.objects.latest("received_on", "number")
    typed = {"number": row.number, "code": CODE.search(done)[1]}
    yield "opinion-progress", _text(client.post("/opinions/track/", typed))
    opinions.answer(_office().actor("handler"), row, outcome="declined", reason="补助标准由省里统一规定。")
    yield "opinion-answered", _text(client.post("/opinions/track/", typed))


def _subscriptions(client: Client) -> Iterator[tuple[str, str]]:
    form = "/subscribe/?column=21-c5"
    yield "subscribe", _text(client.get(form))
    yield "subscribe-nothing", _text(client.get("/subscribe/"))
    yield "subscribe-wrong", _text(client.post(form, {"email": "x", "frequency": "once"}))
    client.post(form, {"email": "reader@example.org", "frequency": "once"})
    yield "subscribe-sent", _text(client.get("/subscribe/sent/"))
    row = Subscription.objects.get()
    yield "subscribe-confirm", _text(client.get(f"/subscribe/confirm/{subscriptions.confirm_token(row)}/"))
    manage = client.post(f"/subscribe/confirm/{subscriptions.confirm_token(row)}/").url
    yield "subscribe-manage", _text(client.get(manage))
    yield "subscribe-end", _text(client.get(f"/subscribe/end/{subscriptions.end_token(row)}/"))
    yield "subscribe-ended", _text(client.post(manage, {"end": "all"}))
    yield "no-subscription", _text(client.get("/subscribe/confirm/x/"))
    item = Item.objects.filter(state=Item.State.PUBLIC, column__code="20-01").latest("listed_at")
    yield "share", _text(client.get(f"/share/{item.index_number.replace('/', '-')}/"))


def _failures(client: Client) -> Iterator[tuple[str, str]]:
    def asked() -> HttpRequest:
        return RequestFactory().get("/apply/")

    with translation.override("zh-hans"):
        yield "failed-form", _text(errors.not_ours(asked()))
        yield "failed-input", _text(errors.not_taken(asked(), Exception()))
        yield "failed-server", _text(errors.broken(asked()))
    item = Item.objects.filter(state=Item.State.PUBLIC, column__code="20-01").latest("listed_at")
    with patch.object(item_documents, "_kept", side_effect=PaperworkError("busy")):
        yield (
            "failed-document",
            _text(client.get(f"/documents/{item.index_number.replace('/', '-')}.pdf")),
        )
    with patch("gongkai.portal.views.search", side_effect=index.IndexMissing):
        yield "failed-search", _text(client.get("/search/?q=征收"))


def _files() -> Iterator[tuple[str, str]]:
    """What stands in for a service on a host of files alone."""
    site = settings.INSTANCE.home / "site"
    for service in ("apply", "search", "share"):
        yield f"away-{service}", (site / service / "index.html").read_text()
