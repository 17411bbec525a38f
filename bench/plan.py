"""Plan a list of a million, then send a tenth of it: seconds, and the memory along the way.

python bench/plan.py [PEOPLE] [COPIES]

SQLite and PostgreSQL, each step in a process of its own, so that its memory is its own alone.
The copies go to the SendGrid-shaped server of `parts/sinks/`, a thousand a call.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from parts import house, machine
from parts.databases import postgres
from parts.processes import answered, sink

GOALS = {"SQLite": 15.0, "PostgreSQL": 30.0}
MOST_MB = 200


def measured(name: str, url: str, port: int, people: int, copies: int) -> list[tuple[str, ...]]:
    """The three steps on one database, as rows to print."""
    settings = {
        **house.SETTINGS,
        "database_url": url,
        "transport": "sendgrid",
        "sendgrid_base_url": f"http://127.0.0.1:{port}",
        "sendgrid_api_key": "key-of-a-bench",
    }
    rows = []
    for what, number, goal in (
        ("import", people, ""),
        ("plan", people, f"{GOALS[name]:.0f} s"),
        ("send", copies, ""),
    ):
        question = {"settings": settings, "step": what, "number": number}
        said = answered("million", question)
        rows.append((
            f"{what} {said.get('copies', number):,}, {name}", f"{said['seconds']:.1f}", goal,
            f"{said['peak_mb']:.0f}", machine.along_the_way(said["memory"]),
        ))  # fmt: skip
    return rows


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    copies = int(sys.argv[2]) if len(sys.argv) > 2 else people // 10
    print(machine.describe())
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        port = stack.enter_context(sink("http_count")).port
        rows = measured("SQLite", f"sqlite:///{Path(folder) / 'bench.db'}", port, people, copies)
        server = stack.enter_context(postgres())
        rows += measured("PostgreSQL", server.database("bench"), port, people, copies)
    headings = ("step", "seconds", "to reach", f"peak MB (< {MOST_MB})", "memory along the way")
    machine.table(headings, rows)


if __name__ == "__main__":
    main()
