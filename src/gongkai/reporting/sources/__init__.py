"""Where the figures come from: one module for each room that keeps the records."""

from gongkai.reporting.sources import correspondence, disclosure


def declare() -> None:
    """Declare every figure, in the order of the form; called once, at start-up."""
    for source in (disclosure, correspondence):
        source.declare()
