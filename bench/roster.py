"""What it costs to read a list of a million subscribers: `python bench/roster.py [ROWS]`."""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from bulletin.models.people import SubscriberDraft
from bulletin.models.roles import DEFAULT_ROLES
from bulletin.roster import FIELDS, open_roster, read_roster

ROLES = ("dsl", "Deputy DSL", "dsl;governor", "Chair of Governors", "SENCO", "Headteacher")
NATIONS = ("England", "Wales", "Scotland", "Northern Ireland")


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "subscribers.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines(rows))
        megabytes = path.stat().st_size / 1e6
        before, start = peak_mb(), perf_counter()
        good = read(path)
        seconds = perf_counter() - start
        print("rows       file MB  seconds  rows/s     memory MB (of which the list)")
        print(
            f"{rows:9,}  {megabytes:7.0f}  {seconds:7.1f}  {rows / seconds:7,.0f}  "
            f"{peak_mb():7.0f} ({peak_mb() - before:.0f})"
        )
        if good != rows:
            sys.exit(f"{rows - good} rows were not read as good ones")


def lines(rows: int) -> Iterator[str]:
    yield ",".join(FIELDS) + "\n"
    for n in range(rows):
        school = n // 6
        yield (
            f"Reader.{n}@school-{school}.example,Siân Reader-{n},{ROLES[n % 6]},"
            f"Example School {school},{100000 + school % 900000},{NATIONS[school % 4]},primary,"
            f"Exampleshire {school % 150},corporate,asked on our form,2026-09-{1 + n % 30:02}\n"
        )


def read(path: Path) -> int:
    with path.open("rb") as stream:
        rows = read_roster(open_roster(stream), roles=DEFAULT_ROLES)
        return sum(isinstance(row, SubscriberDraft) for row in rows)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
