"""One step with a list of a million, in a process of its own: JSON in on stdin, JSON out.

in:  {"settings": {...}, "step": "import" | "plan" | "send", "number": 1000000}
out: {"seconds", "peak_mb", "memory": [...], "copies"}
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bulletin.wiring import Services
from parts import house, machine

ITEMS = 24

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


def main() -> None:
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


if __name__ == "__main__":
    main()
