"""Plan a list of a million, then send a tenth of it: seconds, and the memory along the way.

python bench/plan.py [PEOPLE] [COPIES]

SQLite and PostgreSQL, each step in a process of its own, so that its memory is its own alone.
The copies go to the SendGrid-shaped server of `parts/sinks/`, a thousand a call.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bulletin.wiring import Services
from parts import house, machine
from parts.databases import postgres
from parts.processes import answered_by, sink

ITEMS = 24
GOALS = {"SQLite": 15.0, "PostgreSQL": 30.0}
MOST_MB = 200

Step = Callable[[Services, int], Mapping[str, Any]]


def import_list(made: Services, people: int) -> Mapping[str, Any]:
    """Put so many readers on the list, and approve an issue for them."""
    house.enrol(made, people)
    return {"issue": house.approved_issue(made, "Million", ITEMS)}


def plan(made: Services, _: int) -> Mapping[str, Any]:
    """Start the issue: every reader is prepared or excluded when that ends."""
    made.planning.start("million", None, "bench")
    _, status = made.reporting.status("million")
    return {"copies": status.prepared}


def send(made: Services, copies: int) -> Mapping[str, Any]:
    """Send until so many are handed over, then stop as Ctrl-C does."""
    stop = threading.Event()
    settled = 0
    lock = threading.Lock()

    def sent(number: int) -> None:
        nonlocal settled
        with lock:
            settled += number
            if settled >= copies:
                stop.set()

    halt = made.delivery.run(made.drafting.issue("million").id, stop, sent)
    if halt.error is not None:
        raise halt.error
    return {"copies": settled}


STEPS: Mapping[str, Step] = {"import": import_list, "plan": plan, "send": send}


def step() -> None:
    """What this script does when it is started for one step: JSON in, JSON out."""
    question = json.load(sys.stdin)
    with house.services(**question["settings"]) as made:
        made.store.ping()
        idle = machine.resident_mb(os.getpid())
        with machine.sampled_memory() as memory:
            started = time.perf_counter()
            answer = STEPS[question["step"]](made, question["number"])
            seconds = time.perf_counter() - started
    print(json.dumps({**answer, "seconds": seconds, "memory": [idle, *memory],
                      "peak_mb": machine.peak_mb()}))  # fmt: skip


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
        said = answered_by([sys.executable, __file__, "--step"], question)
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
    step() if "--step" in sys.argv else main()
