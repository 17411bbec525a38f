"""Sends one issue in a process of its own: JSON in on stdin, JSON out.

in:  {"settings": {...}, "issue": "slug"}, or {"settings": {...}, "alone": [copies, bytes]} for the
     transport without a ledger
out: {"seconds", "cpu", "peak_mb", "memory": [...], "copies"}
"""

from __future__ import annotations

import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bulletin.models.deliveries import Consignment, Copy, Outcome
from bulletin.models.editions import EditionContent
from bulletin.wiring import Services
from parts import house, machine

WINDOW = 100
DIFFERENT = 200


def send_issue(made: Services, issue: str) -> int:
    """The whole path: ledger, press, transport. Raises what kept it from its end."""
    settled = [0]
    lock = threading.Lock()

    def sent(copies: int) -> None:
        with lock:
            settled[0] += copies

    number = made.drafting.issue(issue).id
    halt = made.delivery.run(number, threading.Event(), sent)
    if halt.error is not None:
        raise halt.error
    _, status = made.reporting.status(issue)
    if status.submitted != settled[0]:
        raise RuntimeError(f"{status.submitted} of {settled[0]} copies submitted")
    return settled[0]


def send_alone(made: Services, copies: int, size: int) -> int:
    """The transport by itself, over as many connections as the settings say."""
    line = b"x" * 74 + b"\r\n"
    messages = [
        b"Message-ID: <%d@school.example>\r\n\r\n" % number + line * (size // len(line))
        for number in range(DIFFERENT)
    ]
    threads = made.settings.smtp_connections
    shares = [range(first, copies, threads) for first in range(threads)]

    def work(share: range) -> int:
        transport = made.open_transport()
        good = 0
        for start in range(0, len(share), WINDOW):
            consignment = _consignment(made, share[start : start + WINDOW], messages)
            good += sum(r.outcome is Outcome.SUBMITTED for r in transport.send(consignment))
        transport.close()
        return good

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(work, shares))


def _consignment(made: Services, share: range, messages: list[bytes]) -> Consignment:
    return Consignment(
        reference="1-1",
        sender=made.settings.sender(),
        content=EditionContent("Subject", "", ""),
        headers=(),
        copies=tuple(
            Copy(number, f"reader{number}@school.example", "", f"<{number}@school.example>", None,
                 {})
            for number in share
        ),
        mime=lambda copy: messages[copy.delivery_id % DIFFERENT],
    )  # fmt: skip


def main() -> None:
    question: dict[str, Any] = json.load(sys.stdin)
    with house.services(**question["settings"]) as made, machine.sampled_memory() as memory:
        started, cpu = time.perf_counter(), time.process_time()
        if "issue" in question:
            copies = send_issue(made, question["issue"])
        else:
            copies = send_alone(made, *question["alone"])
        seconds = time.perf_counter() - started
        cpu = time.process_time() - cpu
    answer = {"seconds": seconds, "cpu": cpu, "peak_mb": machine.peak_mb(), "memory": memory}
    print(json.dumps({**answer, "copies": copies}))


if __name__ == "__main__":
    main()
