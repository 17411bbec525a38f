"""Recipients a second over SendGrid's Mail Send, ledger included, from one worker.

python bench/sendgrid_calls.py [RECIPIENTS] [ROUNDS]

The other side is a server in a process of its own that parses every call (`parts/sinks/`).
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from parts import house, machine
from parts.databases import postgres
from parts.processes import Sink, answered, sink

ITEMS = 24
TO_REACH = 10_000


class Course:
    """One database and the server that is sent to."""

    def __init__(self, name: str, url: str, server: Sink, recipients: int) -> None:
        self.name = name
        self._server = server
        self._rounds = 0
        self.rates: list[float] = []
        self.cpu_us: list[float] = []
        self.server_us: list[float] = []
        self.peak_mb = 0.0
        self._settings = {
            **house.SETTINGS,
            "database_url": url,
            "transport": "sendgrid",
            "sendgrid_base_url": f"http://127.0.0.1:{server.port}",
            "sendgrid_api_key": "key-of-a-bench",
        }
        with house.services(**self._settings) as made:
            house.enrol(made, recipients)

    def round(self) -> None:
        """Plan an issue and send it, in a process of its own."""
        self._rounds += 1
        with house.services(**self._settings) as made:
            issue = house.approved_issue(made, f"Bench {self._rounds}", ITEMS)
            made.planning.start(issue, None, "bench")
        before = self._server.ask(do="usage")
        answer = answered("sender", {"settings": self._settings, "issue": issue})
        after = self._server.ask(do="usage")
        copies = answer["copies"]
        if after["recipients"] - before["recipients"] != copies:
            raise RuntimeError(f"{copies} copies submitted, but the server counted otherwise")
        self.rates.append(copies / answer["seconds"])
        self.cpu_us.append(answer["cpu"] / copies * 1e6)
        self.server_us.append((after["cpu"] - before["cpu"]) / copies * 1e6)
        self.peak_mb = max(self.peak_mb, answer["peak_mb"])

    def row(self) -> tuple[str, ...]:
        rate = machine.middle(self.rates)
        return (
            self.name, f"{rate:,.0f}", f"{rate / TO_REACH:.2f}",
            f"{machine.middle(self.cpu_us):.0f}", f"{machine.middle(self.server_us):.0f}",
            f"{self.peak_mb:.0f}",
        )  # fmt: skip


def main() -> None:
    recipients = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    print(machine.describe())
    print(f"{recipients:,} recipients, 1000 a call")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        server = stack.enter_context(sink("http_count"))
        postgresql = stack.enter_context(postgres()).database("bench")
        courses = [
            Course("SQLite", f"sqlite:///{Path(folder) / 'bench.db'}", server, recipients),
            Course("PostgreSQL", postgresql, server, recipients),
        ]
        for _ in range(rounds):
            for course in courses:
                course.round()
    machine.table(
        ("ledger", "recipients/s", f"x {TO_REACH:,}", "CPU us each", "server's CPU us", "peak MB"),
        [course.row() for course in courses],
    )


if __name__ == "__main__":
    main()
