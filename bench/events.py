"""Webhook events stored a second: signed posts of 1000 through the real application.

python bench/events.py [COPIES] [ROUNDS]

Each round is an issue of its own, and each of its copies gets `processed` and `delivered`. Then the
same posts come again, as they do: nothing may change, and that has a price, too.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from fastapi.testclient import TestClient

from bulletin.web.app import create_app
from bulletin.wiring import Services
from parts import house, machine
from parts.databases import postgres
from parts.ledger import Row, copies_of
from parts.webhook import Post, Provider, event

AT_ONCE = 1000
TO_REACH = 10_000


class Course:
    """One database, with issues that were handed over."""

    def __init__(self, name: str, url: str, copies: int, stack: ExitStack) -> None:
        self.name = name
        self._provider = Provider()
        self._rounds = 0
        self.first: list[float] = []
        self.again: list[float] = []
        self._made: Services = stack.enter_context(
            house.services(
                database_url=url,
                transport="outbox",
                outbox_dir=Path(tempfile.gettempdir()),
                sendgrid_webhook_public_key=self._provider.public_key,
            )
        )
        house.enrol(self._made, copies)
        self._app = TestClient(create_app(self._made))

    def round(self) -> None:
        """Plan an issue, say that it was handed over, and post what comes back."""
        self._rounds += 1
        made = self._made
        issue = house.approved_issue(made, f"Bench {self._rounds}", 2)
        made.planning.start(issue, None, "bench")
        posts = list(self._posts([row for row in copies_of(made, issue) if row.email]))
        self.first.append(self._rate(posts))
        _, status = made.reporting.status(issue)
        if status.delivered != status.audience - status.excluded:
            raise RuntimeError(f"{status.delivered} of {status.audience} are delivered")
        self.again.append(self._rate(posts))

    def _posts(self, copies: Sequence[Row]) -> Iterator[Post]:
        """Half of what a post holds is `processed`, half `delivered`, as copies leave in a row."""
        each = AT_ONCE // 2
        for start in range(0, len(copies), each):
            part = copies[start : start + each]
            told = [
                event(kind, row.delivery_id, row.email)
                for kind in ("processed", "delivered")
                for row in part
            ]
            yield self._provider.post(told)

    def _rate(self, posts: Sequence[Post]) -> float:
        started = time.perf_counter()
        for post in posts:
            post.to(self._app)
        return sum(post.events for post in posts) / (time.perf_counter() - started)

    def row(self) -> tuple[str, ...]:
        first = machine.middle(self.first)
        again = machine.middle(self.again)
        return (self.name, f"{first:,.0f}", f"{first / TO_REACH:.2f}", f"{again:,.0f}")


def main() -> None:
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    print(machine.describe())
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        postgresql = stack.enter_context(postgres()).database("bench")
        courses = [
            Course("SQLite", f"sqlite:///{Path(folder) / 'bench.db'}", copies, stack),
            Course("PostgreSQL", postgresql, copies, stack),
        ]
        for _ in range(rounds):
            for course in courses:
                course.round()
    machine.table(
        ("store", "events/s", f"x {TO_REACH:,}", "the same again, events/s"),
        [course.row() for course in courses],
    )
    print(f"peak memory of the process, posts included: {machine.peak_mb():.0f} MB")


if __name__ == "__main__":
    main()
