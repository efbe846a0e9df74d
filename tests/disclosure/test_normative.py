"""The register of normative documents, from which table two of the yearly report is counted."""

from datetime import date

import pytest

from gongkai.agencies.policy import Refused
from gongkai.disclosure import normative
from gongkai.disclosure.models import NormativeDocument
from tests.items import released


def issued(office, at, number, day):
    with at(day.year, day.month, day.day):
        released(
            office, title=f"办法{number}", document_number=number, formed_on=day.isoformat(), normative=True
        )
    return NormativeDocument.objects.get(document_number=number)


def test_a_released_normative_document_enters_the_register_and_is_counted(office, at):
    issued(office, at, "西城改〔2021〕1号", date(2021, 3, 1))
    assert normative.counts(office.agency, 2021)["normative"] == {"made": 1, "repealed": 0, "in_force": 1}
    assert normative.counts(office.agency, 2020)["normative"] == {"made": 0, "repealed": 0, "in_force": 0}


def test_repeal_counts_in_its_year_and_ends_the_force(office, at):
    old = issued(office, at, "西城改〔2020〕1号", date(2020, 6, 1))
    issued(office, at, "西城改〔2021〕1号", date(2021, 3, 1))
    with at(2021, 9, 1):
        normative.happen(
            office.actor("handler"), old, "repealed", on=date(2021, 9, 1), paper="西城改〔2021〕9号"
        )
    assert normative.counts(office.agency, 2020)["normative"]["in_force"] == 1
    assert normative.counts(office.agency, 2021)["normative"] == {"made": 1, "repealed": 1, "in_force": 1}
    assert normative.validity(old, date(2021, 8, 31)) == "valid"
    assert normative.validity(old, date(2021, 9, 1)) == "repealed"


def test_a_repeal_names_its_paper_and_does_not_precede_the_document(office, at):
    document = issued(office, at, "西城改〔2021〕1号", date(2021, 3, 1))
    with pytest.raises(Refused, match="依据"):
        normative.happen(office.actor("handler"), document, "repealed", on=date(2021, 9, 1), paper=" ")
    with pytest.raises(Refused, match="早于"):
        normative.happen(office.actor("handler"), document, "repealed", on=date(2021, 2, 1), paper="某文")
