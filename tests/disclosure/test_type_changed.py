"""A draft that becomes of another information type keeps what was written under the type before, and releases none of it."""

import json
import re

import pytest
from django.test import Client

from gongkai.channels import tree
from gongkai.disclosure import redacting
from gongkai.review import drafts
from gongkai.review.models import Draft
from gongkai.review.submission import content_of
from gongkai.screening.redaction import Order
from tests.disclosure.test_notices import MORE, TEXT, at_moment
from tests.items import approve, drafted, submitted
from tests.portal import sites

AFTER = "期满金丝雀"


@pytest.fixture
def office(committed):
    return sites.written(committed)


@pytest.fixture
def clerk(office):
    client = Client()
    client.force_login(office.people["handler"])
    return client


def page(clerk, item):
    return clerk.get(f"/workbench/items/{item.pk}/edit/").content.decode()


def send(clerk, item, **typed):
    """Save what the form holds, with some of it typed anew, as a browser does."""
    form = clerk.get(f"/workbench/items/{item.pk}/edit/").context["form"]
    held = {field.html_name: field.value() for field in form}
    held = {name: value for name, value in held.items() if value not in (None, False, "")}
    held |= {"shown_variety": form.shown} | typed
    return clerk.post(f"/workbench/items/{item.pk}/edit/", held, follow=True)


def draft_of(item):
    return drafts.draft_of("item", item.pk).content


def test_what_a_type_does_not_show_is_kept_told_and_back_with_the_type(office, clerk):
    item = drafted(office, **TEXT, more=MORE)
    said = send(clerk, item, variety="solicitation").content.decode()
    assert "征求意见" in said and draft_of(item)["variety"] == "solicitation"
    # Days, contact and second text are asked in the same words: they are taken over.
    assert draft_of(item)["more"]["ends"] == "2021-03-31" and AFTER in draft_of(item)["more"]["after"]

    said = send(clerk, item, variety="interpretation", more_ends="2021-04-01").content.decode()
    assert draft_of(item)["more"] == {} and AFTER in draft_of(item)["set_aside"]["solicitation"]["after"]
    help_text = re.search(r'id="id_variety_helptext">([^<]*)<', said)[1]
    assert "最后一日" in help_text and "草稿" in help_text and AFTER not in said

    send(clerk, item, variety="interpretation", more_by="区城改办")
    send(clerk, item, variety="solicitation")
    assert draft_of(item)["more"]["ends"] == "2021-04-01" and AFTER in page(clerk, item)
    assert draft_of(item)["set_aside"]["interpretation"]["by"] == "区城改办"
    # The notice's own day was another.
    assert draft_of(item)["set_aside"]["notice"]["ends"] == "2021-03-31"


def test_the_form_knows_before_saving_what_each_type_would_not_show(office, clerk):
    item = drafted(office, **TEXT, more=MORE)
    types = json.loads(
        clerk.get(f"/workbench/items/{item.pk}/edit/")
        .context["form"]
        .fields["variety"]
        .widget.attrs["data-types"]
    )
    assert "after" in types["hearing"] and types["interpretation"] == [] and types[""] == []
    # Alike in name only: a project's contact is another fact, a guide's address is none of a tick.
    assert "contact" not in types["project"] and "online" not in types["service"]


def test_as_one_types_the_other_type_chosen_loses_nothing(office, clerk):
    item = drafted(office, **TEXT, more=MORE)
    form = clerk.get(f"/workbench/items/{item.pk}/edit/").context["form"]
    held = {field.html_name: field.value() or "" for field in form} | {"shown_variety": "notice"}
    for chosen, body in (("", "一"), ("", "二"), ("notice", "三")):
        held |= {
            "variety": chosen,
            "more_how": f"书面提出{body}",
            "version": str(Draft.objects.get().version),
        }
        answer = clerk.post(f"/workbench/items/{item.pk}/edit/", held, headers={"X-Autosave": "1"})
        assert answer.status_code == 200
        kept = draft_of(item)["more"] if chosen else draft_of(item)["set_aside"]["notice"]
        assert kept["how"] == f"书面提出{body}" and AFTER in kept["after"]


def test_nothing_goes_to_review_under_a_type_whose_fields_nobody_saw(office, clerk):
    item = drafted(office, **TEXT, more=MORE)
    answer = send(clerk, item, variety="", submit="1")
    assert answer.redirect_chain[-1][0].endswith("/edit/") and "信息类型现为" in answer.content.decode()
    assert "/workbench/review/" in send(clerk, item, submit="1").redirect_chain[-1][0]


def test_what_is_set_aside_is_neither_frozen_nor_public(office, clerk):
    with at_moment(2021, 3, 2, 9):
        item = drafted(office, **TEXT, more=MORE)
        send(clerk, item, variety="")
        revision = submitted(office, item)
        assert AFTER not in json.dumps(content_of(revision.digest), ensure_ascii=False)
        for step in (1, 2, 3):
            approve(office, revision, step)
    everything = "\n".join((tree.read(path) or b"").decode(errors="ignore") for path in tree.files())
    assert item.title in everything and AFTER not in everything and "凯旋路1号" not in everything
    assert AFTER in draft_of(item)["set_aside"]["notice"]["after"]


def test_what_is_redacted_does_not_come_back_with_the_type(office, clerk):
    number = "41030319900101001X"
    item = drafted(
        office, **TEXT, more=MORE | {"how": f"持证件{number}提出。", "after": f"<p>张某，{number}。</p>"}
    )
    send(clerk, item, variety="")
    draft = drafts.draft_of("item", item.pk)
    assert "未采用" in " ".join(target.location for target in redacting.survey_text(draft))
    redacting.redact_text(office.actor("handler"), item, Order(words=(number,)), version=draft.version)
    send(clerk, item, variety="notice")
    assert number not in json.dumps(draft_of(item), ensure_ascii=False)
    assert "张某" in draft_of(item)["more"]["after"]
