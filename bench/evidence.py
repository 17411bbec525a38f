"""What a report of a large organisation costs: `python bench/evidence.py [PEOPLE] [ISSUES]`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import text

from bulletin.models.issues import IssueState, Visibility
from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.pipeline.evidence import exporting
from bulletin.settings import load_settings
from bulletin.store.store import Store, Transaction
from bulletin.web.public.report import report_file
from bulletin.wiring import Services

LONDON = ZoneInfo("Europe/London")
T = TypeVar("T")

# Half of everybody pressed the button: as many rows as the real thing, written at once.
PRESSES = text(
    "INSERT INTO acknowledgements (delivery_id, issue_id, subscriber_id, organisation_id, email,"
    " name, role_keys, nation, edition, content_hash, wording, acknowledged_at)"
    " SELECT d.id, d.issue_id, s.id, s.organisation_id, s.email, s.name, 'dsl', '', 1, :hash,"
    " :wording, i.started_at FROM deliveries d JOIN subscribers s ON s.id = d.subscriber_id"
    " JOIN issues i ON i.id = d.issue_id WHERE d.id % 2 = 0"
)


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    issues = int(sys.argv[2]) if len(sys.argv) > 2 else 24
    with tempfile.TemporaryDirectory() as folder:
        services = Services(
            load_settings(
                database_url=f"sqlite:///{Path(folder) / 'bulletin.db'}",
                secret_key="a secret of at least thirty-two characters",
                from_email="bulletin@school.example",
            )
        )
        fill(services.store, people, issues)
        print(f"{people:,} people, {issues} issues, one organisation among ten")
        report, seconds = timed(lambda: services.evidence.organisation("School 1"))
        print(f"  report   {seconds * 1000:7.0f} ms")
        for name, make in (
            ("csv", lambda: exporting.as_csv(report, LONDON)),
            ("json", lambda: exporting.as_json(report)),
            ("html", lambda: report_file(services, report)),
        ):
            made, seconds = timed(make)
            print(f"  {name:8} {seconds * 1000:7.0f} ms  {len(made.encode()) / 1e6:6.1f} MB")
        found, seconds = timed(lambda: services.evidence.issue("issue-1"))
        print(f"  one issue {seconds * 1000:6.0f} ms, {found.copies:,} copies")
        services.close()


def timed(call: Callable[[], T]) -> tuple[T, float]:
    """What a call gives, and the best of three times in seconds."""
    times = []
    for _ in range(3):
        start = perf_counter()
        result = call()
        times.append(perf_counter() - start)
    return result, min(times)


def fill(store: Store, people: int, issues: int) -> None:
    now = datetime.now(UTC)
    with store.write() as tx:
        tx.roster_import(now, "bench").run((draft, False) for draft in drafts(people))
    for number in range(1, issues + 1):
        with store.write() as tx:
            send(tx, number, now - timedelta(days=30 * (issues - number) + 1))
    with store.write() as tx:
        wording = tx.wordings.keep("I have seen this issue of the bulletin.", now)
        tx._connection.execute(PRESSES, {"hash": "0" * 64, "wording": wording})  # noqa: SLF001  # a bench makes rows in bulk


def drafts(people: int) -> Iterator[SubscriberDraft]:
    for school in range(1, 11):
        for n in range(people if school == 1 else people // 10):
            yield SubscriberDraft(
                f"reader.{n}@school-{school}.example",
                ("dsl", "governor", "senco")[n % 3 :],
                name=f"Siân Reader-{n}",
                organisation=f"School {school}",
                kind=SubscriberKind.CORPORATE,
            )


def send(tx: Transaction, number: int, at: datetime) -> None:
    issue = tx.issues.add(
        slug=f"issue-{number}", title=f"Bulletin {number}", texts={},
        visibility=Visibility.PRIVATE, actor="bench", now=at,
    )  # fmt: skip
    tx.planning.set_editions(issue.id, [(group, 1, 3) for group in tx.planning.groups([])])
    tx.planning.plan(issue.id, [], [], 1000, today=at.date())
    tx.issues.move(issue, IssueState.SENT, at, started_at=at)
    submitted = text("UPDATE deliveries SET state = 'submitted' WHERE issue_id = :issue")
    tx._connection.execute(submitted, {"issue": issue.id})  # noqa: SLF001  # a bench makes rows in bulk


if __name__ == "__main__":
    main()
