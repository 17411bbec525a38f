"""How a send goes, and how it stands: what commands that send or count copies have in common."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from bulletin.cli.output import notice, say, table
from bulletin.models.deliveries import IssueStatus
from bulletin.models.issues import Issue
from bulletin.pipeline.clock import spoken
from bulletin.pipeline.outlook import Remarks
from bulletin.settings import TransportName
from bulletin.wiring import Services

_NO_REMARKS = Remarks()


class Sent:
    """Counts copies as they are settled, and shows it: a bar on a terminal, else now and then."""

    def __init__(self, total: int, bar: Progress | None, *, quiet: bool) -> None:
        self._lock = threading.Lock()
        self._total = total
        self._settled = 0
        self._bar = bar
        self._task = bar.add_task("Sending", total=total) if bar else None
        self._quiet = quiet
        self._next_line = 1000

    def __call__(self, settled: int) -> None:
        with self._lock:
            self._settled += settled
            if self._bar is not None and self._task is not None:
                self._bar.update(self._task, completed=self._settled)
            elif not self._quiet and self._settled >= self._next_line:
                notice(f"{self._settled} of {self._total} copies settled")
                self._next_line = self._settled + 1000


@contextmanager
def progress(made: Services, issue: Issue, *, quiet: bool) -> Iterator[Sent]:
    """Shows how many copies of an issue are settled."""
    _, status = made.reporting.status(issue.id)
    total = status.prepared + status.sending
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield Sent(total, None, quiet=quiet)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as bar:
        yield Sent(total, bar, quiet=quiet)


def tell_pretence(made: Services) -> None:
    """Say so if the simulator answers for anybody: what is shown then is partly made up."""
    if made.settings.transport is TransportName.SIMULATOR:
        notice("The simulator answers (BULLETIN_TRANSPORT): nothing is mailed to anybody.")
    elif made.settings.trial:
        notice("A trial (BULLETIN_TRIAL): only the team is mailed, the rest is simulated.")


@contextmanager
def interruptible() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set, instead of tearing a send apart."""
    stop = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        if not stop.is_set():
            notice("Stopping: the copies in hand are finished first.")
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def status_document(
    issue: Issue, status: IssueStatus, remarks: Remarks = _NO_REMARKS
) -> dict[str, Any]:
    """What became of the copies of an issue, for a program."""
    return asdict(status) | {
        "warnings": list(remarks.warnings),
        "waiting": list(remarks.waiting),
        "id": issue.id,
        "slug": issue.slug,
        "reason": issue.state_reason,
        "scheduled_at": issue.scheduled_at.isoformat() if issue.scheduled_at else None,
        "missed_at": issue.missed_at.isoformat() if issue.missed_at else None,
    }


def tell_status(
    issue: Issue,
    status: IssueStatus,
    missing: list[tuple[str, str, str, str]],
    zone: ZoneInfo,
    remarks: Remarks = _NO_REMARKS,
) -> None:
    """What became of the copies of an issue, and who gets none; missing: as `not_sent` has it."""
    say(f"Issue {issue.slug} is {issue.state.value}. {issue.state_reason}".rstrip())
    if issue.scheduled_at is not None and issue.started_at is None:
        say(f"Its time: {spoken(issue.scheduled_at, zone)}, UK time.")
    for warning in remarks.warnings:
        notice(f"Warning: {warning}")
    for sentence in remarks.waiting:
        say(sentence)
    if not status.audience:
        return
    waiting = status.prepared + status.sending
    counts = {
        "accepted by the transport": status.submitted,
        "delivered": status.delivered,
        "deferred": status.deferred,
        "bounced": status.bounced,
        "waiting": waiting,
        "failed": status.failed,
        "not confirmed (may have arrived)": status.uncertain,
        **{
            f"excluded: {reason.replace('_', ' ')}": number
            for reason, number in status.excluded_by_reason.items()
        },
    }
    rows = [(what, number) for what, number in counts.items() if number]
    table(("what became of the copies", "people"), [*rows, ("all", status.audience)])
    if missing:
        table(("not on its way", "state", "reason"), [(m[0], m[1], m[2] or m[3]) for m in missing])
