"""Times and tables of the benchmarks: ratios between things measured in one run, never limits on a time."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn


def best(
    ways: Mapping[str, Callable[[], Any]], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """The shortest time of each way in seconds, taken in turn so that a busy moment falls on all alike.

    A first call of each is not counted. The shortest is what other work on the machine disturbs least; where all
    of the work is done in this process, `clock` may be time.process_time, which that does not disturb at all.
    """
    for way in ways.values():
        way()
    found = dict.fromkeys(ways, float("inf"))
    for _round in range(rounds):
        for name, way in ways.items():
            begin = clock()
            way()
            found[name] = min(found[name], clock() - begin)
    return found


def percentile(times: Sequence[float], share: float) -> float:
    """The time within which `share` of the calls (0.95: 95 of 100) were done."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def ms(value: float) -> str:
    """Seconds as milliseconds with the digits that count."""
    return f"{value * 1000:.1f}" if value >= 0.01 else f"{value * 1000:.2f}"


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a Markdown table, as README.md takes it."""
    print(f"\n### {title}\n")
    print(f"| {' | '.join(head)} |")
    print(f"|{'|'.join(['---'] + ['---:'] * (len(head) - 1))}|")
    for row in rows:
        print(f"| {' | '.join(str(cell) for cell in row)} |")
    sys.stdout.flush()


def note(text: str) -> None:
    """What the run is doing, on standard error."""
    print(text, file=sys.stderr, flush=True)


def stop(reason: str) -> NoReturn:
    """End the run with one sentence and exit code 2."""
    print(reason, file=sys.stderr)
    sys.exit(2)
