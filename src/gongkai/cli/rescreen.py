"""`gongkai rescreen`: screen again what is public, as the server does beside its work, and wait for the end."""

from pathlib import Path

import click

from gongkai.cli import frame

# The bar moves after each span of so many seconds.
_SPAN = 2.0


@click.command()
@frame.HOME
@click.option(
    "--all", "everything", is_flag=True, help="Everything that is public, whether or not it is due."
)
@frame.plain
def rescreen(home: Path, everything: bool) -> None:
    """Screen again what is due: this week's sample, and everything where the rules changed.

    What is found becomes a task of the agency; nothing is changed or withdrawn. Broken off, it goes on where it was.

    Exit 1 if something new was found, else 0.
    """
    frame.start_existing(home)
    frame.refuse_unguarded()
    from gongkai.review import rescreening
    from gongkai.review.models import RescreeningRound

    if everything:
        rescreening.begin_everything()
    rescreening.begin_rounds()
    keys = list(RescreeningRound.objects.filter(ended_at__isnull=True).values_list("pk", flat=True))
    rounds = RescreeningRound.objects.filter(pk__in=keys)
    before = sum(row.found for row in rounds)
    total = sum(max(row.total - row.done, 0) for row in rounds)
    done = 0
    with click.progressbar(length=total, label="复查", show_pos=True) as bar:
        while rounds.filter(ended_at__isnull=True).exists():
            worked = rescreening.sweep(_SPAN)
            done += worked
            bar.update(worked)
    found = sum(row.found for row in rounds.all()) - before
    frame.say([("已复查", f"{done}件"), ("有新发现", f"{found}件")])
    raise SystemExit(bool(found))
