"""Compiling the figures of a year's report from its applications, beside one hand-written GROUP BY.

The peer answers table three's rows of dealt-with applications only, in one query; compiling answers every figure
of the report, with the key of every record behind each (I5). The cells that both know are compared: the run ends
with exit code 1 on a difference.
"""

import argparse
import sys
from typing import Any

from benchmarks import instances, plans
from benchmarks.measuring import best, ms, note, table

YEAR = 2021
GROUPED = (
    "SELECT row, applicant_kind, COUNT(*) FROM applications_application "
    "WHERE agency_id = %s AND answered_on BETWEEN '2021-01-01' AND '2021-12-31' GROUP BY row, applicant_kind"
)


def grouped(agency: Any) -> dict[tuple[str, str], int]:
    """The peer: the dealt-with applications by row and kind of applicant."""
    from django.db import connection

    key = agency.pk if connection.vendor == "postgresql" else agency.pk.hex
    with connection.cursor() as cursor:
        cursor.execute(GROUPED, [key])
        return {(row, kind): count for row, kind, count in cursor.fetchall()}


def differences(compiled: Any, table_three: Any, expected: dict[tuple[str, str], int]) -> list[str]:
    """Where the compiled report, or table three as the public figures have it, says another number."""
    found = []
    for (row, kind), count in expected.items():
        said = compiled.value(f"applications.{row}.{kind}")
        if said != count:
            found.append(f"compiled report, {row} {kind}: {said}, not {count}")
        if table_three[row][kind] != count:
            found.append(f"table three, {row} {kind}: {table_three[row][kind]}, not {count}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=(1_000, 10_000), help="applications of the year"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--postgresql", action="store_true", help=f"on the server of {instances.POSTGRESQL}")
    said = parser.parse_args()
    wrong = []
    with instances.temporary(postgresql=said.postgresql) as cast:
        from benchmarks import rows
        from gongkai.applications import figures
        from gongkai.reporting import compiling
        from gongkai.reporting.figures import Period

        agency, year = cast.office, Period.of_year(YEAR)
        ways = {
            "compile every figure": lambda: compiling.compile_figures(agency, year),
            "table three alone": lambda: figures.table(agency, YEAR),
            "peer: one GROUP BY": lambda: grouped(agency),
        }
        loaded = 0
        lines = []
        for size in sorted(said.sizes):
            note(f"loading applications up to {size:,} past the journal …")
            rows.insert(rows.of_year(cast, YEAR, n) for n in range(loaded, size))
            rows.settle()
            loaded = size
            wrong += differences(ways["compile every figure"](), ways["table three alone"](), grouped(agency))
            counts = {}
            for name, way in ways.items():
                with plans.watched() as seen:
                    way()
                counts[name] = seen.count
            taken = best(ways, said.rounds, instances.clock())
            peer = taken["peer: one GROUP BY"]
            lines += [
                (name, f"{size:,}", counts[name], ms(used), f"{used / peer:.1f}")
                for name, used in taken.items()
            ]
    table(f"The report of {YEAR}", ("way", "applications", "queries", "ms", "ratio to the peer"), lines)
    for line in wrong:
        note(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
