"""Destroying again, after a restore, what was destroyed after the backup was made."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction

from gongkai.agencies import numbering
from gongkai.agencies.models import IssuedNumber
from gongkai.files.archives import destruction, kept
from gongkai.files.models import Destruction, DestructionList, DestructionStep
from gongkai.journal import chain

# Lists of one agency in one year: a form of numbers that does not come back is not looked for for ever.
MOST_LISTS = 10_000


def apply_again(lines: Iterable[str]) -> tuple[int, list[str]]:
    """Carry out the listed destructions that a restored database does not know: (how many, numbers that resist).

    The list of destruction and its steps are brought back where the backup is older than they are. One resists
    where the backup is older than the appointment of one of its people.
    """
    done, resisting = 0, []
    for said in kept.read(lines):
        if Destruction.objects.filter(digest=said["digest"]).exists():
            continue
        try:
            with transaction.atomic():
                chain.hold()
                _again(said)
        except (IntegrityError, ObjectDoesNotExist):
            resisting.append(str(said["list"]["number"]))
        else:
            done += 1
    return done, resisting


def _number(made: DestructionList) -> None:
    """Give the list's number out again where the backup is older, with those before it: none is used twice."""
    series = {"agency": made.agency, "kind": destruction.SERIES}
    while not IssuedNumber.objects.filter(**series, text=made.number).exists():
        issued = numbering.issue(
            made.agency,
            destruction.SERIES,
            destruction.NUMBER_FORM,
            who=chain.SWEEPER,
            subject=(destruction.SUBJECT, made.pk),
            on=made.on_day,
        )
        if issued.value > MOST_LISTS:
            raise ObjectDoesNotExist(f"no number {made.number} in the series")


def _again(said: dict[str, Any]) -> None:
    made = DestructionList.objects.filter(digest=said["digest"]).first()
    written: list[Any] = []
    if made is None:
        made = DestructionList.objects.create(**said["list"])
        written.append(made)
        _number(DestructionList.objects.select_related("agency").get(pk=made.pk))
    taken = set(made.steps.values_list("step", flat=True))
    for step in said["steps"]:
        if step["step"] not in taken:
            written.append(DestructionStep.objects.create(list=made, **step))
    made = DestructionList.objects.select_related("agency").get(pk=made.pk)
    row = Destruction(list=made, **said["destruction"])
    destruction.destroy(row, chain.SWEEPER, "archive.destroyed_again", covers=written)
