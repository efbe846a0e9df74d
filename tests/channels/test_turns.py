"""At midnight the first text of a notice is gone, before anybody has written what follows it (rulebook 6.4, I9)."""

from datetime import datetime

import pytest
from django.conf import settings

from gongkai.channels import renderers, site, tree, turns
from gongkai.channels.parts import settle, subject_part
from gongkai.config.sitefiles import SiteFiles
from gongkai.disclosure import notice_watch
from gongkai.review import releases
from gongkai.review.models import Release
from tests.conftest import SHANGHAI
from tests.disclosure.test_notices import at_moment, notice, office, page_of  # noqa: F401

MIDNIGHT = datetime(2021, 4, 1, tzinfo=SHANGHAI).timestamp()


class Server:
    """The first layer with a clock of its own, kept over all requests as in a running server."""

    def __init__(self):
        self.moment = MIDNIGHT - 1
        home = settings.INSTANCE.home
        self.layer = SiteFiles(home / "site", home / "static", None, (), now=lambda: self.moment)

    def get(self, path):
        said = []
        environ = {"PATH_INFO": path.encode().decode("latin-1"), "REQUEST_METHOD": "GET", "QUERY_STRING": ""}
        body = b"".join(self.layer(environ, lambda status, headers: said.append((status, dict(headers)))))
        return said[0][0][:3], body.decode(errors="ignore"), said[0][1]


def folder_of(item):
    return f"items/{item.index_number.replace('/', '-')}"


def test_nothing_of_the_first_text_is_served_between_midnight_and_the_writing(office):  # noqa: F811
    item = notice(office, files=[("名单.txt", "名单金丝雀".encode())], dropped=["名单.txt"])
    server = Server()
    paths = [f"/{path.removesuffix('index.html')}" for path in tree.files(folder_of(item))]
    assert len(paths) == 3
    assert all(server.get(path)[0] == "200" for path in paths)
    server.moment = MIDNIGHT
    for path in paths:
        status, body, headers = server.get(path)
        assert status == "503" and "金丝雀" not in body and "期限已满" in body
        assert headers["Retry-After"] == "10" and headers["Cache-Control"] == "no-store"
    with at_moment(2021, 4, 1, 0, 0, 5):
        notice_watch.bring_to_the_day()
    status, body, _headers = server.get(f"/{folder_of(item)}/")
    assert status == "200" and "期满金丝雀" in body and "首文金丝雀" not in body
    assert turns.of(folder_of(item)) is None


def test_other_items_are_served_on(office):  # noqa: F811
    kept = notice(office, more={"at_end": "keep"})
    other = notice(office, title="另一公示", more={"ends": "2021-04-05"})
    server = Server()
    server.moment = MIDNIGHT
    assert server.get(f"/{folder_of(kept)}/")[0] == "200"
    assert server.get(f"/{folder_of(other)}/")[0] == "200"


def test_a_longer_term_that_is_released_in_time_counts_for_a_running_server(office):  # noqa: F811
    item = notice(office, files=[("说明.txt", b"x")])
    server = Server()
    server.get(f"/{folder_of(item)}/")
    turns.put(folder_of(item), datetime(2021, 4, 3, tzinfo=SHANGHAI))
    server.moment = MIDNIGHT
    assert server.get(f"/{folder_of(item)}/")[0] == "200"


def test_where_the_second_text_cannot_be_made_the_first_goes_all_the_same(office, monkeypatch):  # noqa: F811
    item = notice(office)
    public = renderers.kind_of("item")

    def broken(release, content):
        raise ValueError("no page")

    failing = renderers.PublicKind("item", public.folder, broken, public.tombstone, until=public.until)
    with at_moment(2021, 3, 31, 23, 59), pytest.raises(ValueError):
        settle(subject_part(failing, item.pk))
    assert "首文金丝雀" in page_of(item)
    with at_moment(2021, 4, 1, 0, 0, 5), pytest.raises(ValueError):
        settle(subject_part(failing, item.pk))
    assert not list(tree.files(folder_of(item)))
    with at_moment(2021, 4, 1, 0, 1):
        site.verify(mend=True)
        assert "期满金丝雀" in page_of(item)


def test_a_withdrawal_within_the_term_leaves_its_stone_after_midnight(office):  # noqa: F811
    item = notice(office)
    with at_moment(2021, 3, 10, 9):
        releases.withdraw(office.actor("reviewer"), Release.objects.get(subject_id=item.pk), reason="error")
    server = Server()
    server.moment = MIDNIGHT
    assert server.get(f"/{folder_of(item)}/")[0] == "410"


def test_what_was_lost_of_the_moments_is_written_down_again_each_night(office):  # noqa: F811
    item = notice(office)
    (settings.INSTANCE.home / turns.NAME).unlink()
    with at_moment(2021, 3, 2, 23):
        assert site.verify(mend=True) == []
    assert turns.of(folder_of(item)) == MIDNIGHT
