"""`gongkai rescreen`: what is due is screened again to its end, with how far it is."""

from click.testing import CliRunner

from gongkai.cli import frame, main
from gongkai.review.models import Rescreening, RescreeningRound
from tests.items import released
from tests.review.rules import a_dictionary


def run(*args):
    return CliRunner().invoke(main, ["rescreen", *args])


def test_what_is_due_is_screened_and_a_find_is_exit_one(committed, at, monkeypatch):
    monkeypatch.setattr(frame, "start_existing", lambda home: None)
    with at(2021, 3, 2):
        released(committed, body="<p>洛河七号工程沿线。</p>")
        released(committed, title="第二件")
        a_dictionary(committed, None, ["洛河七号工程"])
        first = run()
        assert first.exit_code == 1, first.output
        assert "已复查：2件" in first.output and "有新发现：1件" in first.output
        again = run()
        assert (again.exit_code, "已复查：0件" in again.output) == (0, True)


def test_everything_is_screened_when_asked_whether_due_or_not(committed, at, monkeypatch):
    monkeypatch.setattr(frame, "start_existing", lambda home: None)
    with at(2021, 3, 2):
        released(committed)
    with at(2021, 3, 3):
        run()
        before = Rescreening.objects.count()
    with at(2021, 3, 4):
        said = run("--all")
        assert said.exit_code == 0, said.output
        assert Rescreening.objects.count() == before + 1
        assert RescreeningRound.objects.get(reason="all").ended_at is not None
