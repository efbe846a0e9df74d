"""Where the figures come from: one module for each room that keeps the records."""

from gongkai.reporting.sources import (
    applications,
    columns,
    correspondence,
    disclosure,
    handling,
    ledger,
    remedies,
    supervision,
)


def declare() -> None:
    """Declare every figure, in the order of the form; called once, at start-up."""
    for source in (
        disclosure,
        correspondence,
        applications,
        remedies,
        supervision,
        handling,
        ledger,
        columns,
    ):
        source.declare()
