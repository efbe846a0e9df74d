"""The seven questions of a reply (七步审查法, rulebook 5.5), from data/steps.json: they lead to an outcome."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from gongkai.applications.acts import ACTS
from gongkai.rulebook.outcomes import OUTCOMES


@dataclass(frozen=True)
class Step:
    """One question; exits: outcomes it may lead to; acts: what is done instead of deciding."""

    key: str
    question: str
    words: str
    acts: tuple[str, ...]
    exits: tuple[str, ...]


def validate(steps: Sequence[Step], outcomes: Mapping[str, object]) -> None:
    """Raise ValueError unless every outcome is the exit of exactly one question and every act exists."""
    exits = [key for step in steps for key in step.exits]
    if sorted(exits) != sorted(outcomes):
        raise ValueError("data/steps.json must lead to every outcome, each from one question")
    if unknown := {key for step in steps for key in step.acts} - set(ACTS):
        raise ValueError(f"data/steps.json names unknown acts {sorted(unknown)}")


def _read() -> tuple[Step, ...]:
    text = resources.files(__package__).joinpath("data", "steps.json").read_text(encoding="utf-8")
    steps = tuple(
        Step(row["key"], row["question"], row["words"], tuple(row["acts"]), tuple(row["exits"]))
        for row in json.loads(text)["steps"]
    )
    validate(steps, OUTCOMES)
    return steps


STEPS = _read()
