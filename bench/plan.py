"""Import and plan a list of a million: seconds, and the memory of the process.

python bench/plan.py [PEOPLE] [DATABASE_URL]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bulletin.models.issues import IssueState, Visibility
from bulletin.models.items import Nation
from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.store.database import Database
from bulletin.store.store import Store

NOW = datetime(2026, 12, 1, tzinfo=UTC)
ROLES = ("dsl", "governor", "headteacher", "senco", "social_worker", "deputy_dsl")


def people(count: int) -> Iterator[tuple[SubscriberDraft, bool]]:
    """Readers in 18 combinations of roles, four to a school."""
    for number in range(count):
        roles = {ROLES[number % 6], ROLES[number * 7 % 3]}
        yield (
            SubscriberDraft(
                email=f"reader{number}@school{number // 4}.example",
                roles=tuple(sorted(roles)),
                name=f"Reader {number}",
                organisation=f"School {number // 4 % 30000}",
                urn=f"{100000 + number // 4 % 30000}",
                nation=tuple(Nation)[number % 4],
                kind=SubscriberKind.CORPORATE,
            ),
            False,
        )


def timed(what: str, started: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:<28} {time.perf_counter() - started:7.1f} s   peak memory {peak:6.0f} MB")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{Path(folder) / 'bench.db'}"
        store = Store(Database(url), lambda: NOW)
        store.prepare()
        print(f"{count:,} people, {url.partition(':')[0]}")
        started = time.perf_counter()
        with store.write() as tx:
            tx.roster_import(NOW, "bench").run(people(count))
        timed("store an import", started)
        started = time.perf_counter()
        with store.write() as tx:
            issue = tx.issues.add(
                slug="bench", title="Bench", texts={}, visibility=Visibility.PRIVATE,
                actor="bench", now=NOW,
            )  # fmt: skip
            groups = tx.planning.groups([])
            numbered = [(group, number, 9) for number, group in enumerate(groups)]
            tx.planning.set_editions(issue.id, numbered)
            planned = tx.planning.plan(issue.id, [], [], 1000, today=NOW.date())
            tx.issues.move(issue, IssueState.SENDING, NOW)
        timed(f"plan {planned:,} deliveries", started)
        store.close()


if __name__ == "__main__":
    main()
