"""Whether somebody may do an act anywhere, asked without the database, is what the list of agencies says."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.agencies import policy
from gongkai.agencies.policy import ADMINISTRATION, BUSINESS, agencies_for, allowed, anywhere


@pytest.mark.parametrize("hat", [BUSINESS, ADMINISTRATION])
def test_anywhere_is_somewhere(office, hat):
    acts = list(policy.POLICY)
    assert len(acts) > 40
    for name in office.people:
        actor = office.actor(name, hat)
        with CaptureQueriesContext(connection) as seen:
            said = {act: anywhere(actor, act) for act in acts}
        assert len(seen) == 0
        assert said == {
            act: allowed(actor, act, None) or agencies_for(actor, act).exists() for act in acts
        }, name
