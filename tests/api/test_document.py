"""The document says what happens: schemathesis asks every operation, with what it allows and what it does not.

Each call starts from the same cases, one in each course of a case; what it did is taken back. Data that a schema
allows and a rule of law or of a form refuses (409, 422) is no contradiction, so for POST that check is left out.
"""

import json
from datetime import date
from random import Random

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from hypothesis import settings
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import positive_data_acceptance

from gongkai.api.document import document
from gongkai.api.ways import WAYS
from gongkai.applications import decisions
from gongkai.rulebook.receipt import Arrival, Channel
from tests.api.programs import Program, program
from tests.applications.cases import came, decided, web

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
# Every rule of the document one by one would be thousands of calls; the soak run makes them.
schema.config.phases.coverage.enabled = False
everything = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.fixture
def places(office, at):
    """A program, and the ids of what there is to be called for."""
    with at(2021, 3, 1):
        waiting = came(office, Channel.ORDINARY_MAIL, Arrival(date(2021, 3, 1)))
        plain, decided_case, gone = web(office), web(office), web(office)
        letter = decided(office, decided_case)
        caller = program(office)
        decisions.withdraw(office.actor("handler"), gone, date(2021, 3, 1), words="当面书面撤回")
        yield {
            "caller": caller,
            "case": [str(each.pk) for each in (waiting, plain, decided_case, gone)],
            "letter": [str(letter.pk)],
            "agency": [str(office.agency.pk)],
        }


def ask(case, places):
    caller: Program = places["caller"]
    for name in ("case", "letter", "agency"):
        if _is_id((case.path_parameters or {}).get(name)):
            case.path_parameters[name] = Random(repr(case.body)).choice(places[name])
    law = [positive_data_acceptance] if case.method == "POST" else []
    headers = {"Authorization": f"Bearer {caller.token}", "Accept-Language": "en"}
    generated = case.meta.components.get(ParameterLocation.HEADER) if case.meta is not None else None
    if generated is not None and generated.mode.is_negative:
        # Where the token itself is what is wrong, ours must not take its place.
        del headers["Authorization"]
    with transaction.atomic():
        case.call_and_validate(headers=headers, excluded_checks=law)
        transaction.set_rollback(True)


def _is_id(text):
    return isinstance(text, str) and len(text) == 36


@schema.parametrize()
@settings(max_examples=6)
def test_what_is_answered_is_what_the_document_says(case, places):
    ask(case, places)


@pytest.mark.soak
@everything.parametrize()
@settings(max_examples=100)
def test_what_is_answered_is_what_the_document_says_at_length(case, places):
    ask(case, places)


def test_the_document_is_complete_and_names_what_it_needs(client, db):
    answer = client.get("/api/v1/openapi.json")
    said = json.loads(answer.content)
    assert (
        answer.status_code == 200
        and said["openapi"] == "3.1.0"
        and said == json.loads(json.dumps(document()))
    )
    operations = [each for methods in said["paths"].values() for each in methods.values()]
    assert len({each["operationId"] for each in operations}) == len(operations)
    for each in operations:
        assert each["security"] == [{"Token": []}] and "401" in each["responses"]
        assert each["description"].rstrip(".").rpartition("\n\n")[2].startswith(("Scope", "Any token"))
    for key, way in WAYS.items():
        body = said["components"]["schemas"][f"Act_{key}"]
        assert body["additionalProperties"] is False
        assert set(way.fields) <= set(body.get("properties", {}))


def test_the_page_for_people_loads_nothing_from_elsewhere(client, db):
    page = client.get("/api/v1/", headers={"Accept-Language": "en"})
    text = page.content.decode()
    assert page.status_code == 200 and "<script" not in text
    assert "http://" not in text.replace("http://www.w3.org", "") and "https://" not in text
    for each in document()["paths"]:
        assert each in text
