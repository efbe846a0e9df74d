"""I7: personal data is destroyed after 鉴定 by an approved 销毁清册, and by no other door."""

import pytest

from gongkai.applications import figures, personal
from gongkai.files import sealing
from gongkai.journal import chain
from tests.files.filed import closed, destroyed, filed


def test_the_whole_way(office, at):
    with at(2021, 4, 23):
        case = closed(office)
        row = filed(office, case)
    before = figures.table(office.agency, 2021)
    with at(2032, 1, 4):
        destroyed(office, row)
        with pytest.raises(sealing.Sealed, match="销毁"):
            personal.person(case)
        assert figures.table(office.agency, 2021) == before
    print(list(chain.verify()))
