"""Jobs: how workers on other machines learn that there is something to do.

The ledger is the truth. A job is a hint that names a chunk: one that is lost is made again by the
next sweep, and one too many finds nothing to do. Jobs hold numbers, never an address.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, and_

from bulletin.models.issues import IssueState
from bulletin.store.chunks import is_free
from bulletin.store.tables import chunks, issues


class Jobs(Protocol):
    """Jobs made on a transaction's own connection: they and its rows are kept, or neither."""

    def chunks(self, issue_id: int | None = None) -> int:
        """Have every chunk sent that can run and has no job, of one issue or of all.

        Returns how many jobs were made.
        """
        ...

    def chunk(self, issue_id: int, position: int, at: datetime | None = None) -> None:
        """Have a chunk looked at again, now or at a time, once however often this is asked."""
        ...

    def letters(self, at: datetime | None = None, *, found: bool = False) -> None:
        """Have the letters sent that wait, now or at a time.

        found: by a sweep, and not in the transaction that wrote one; once is enough then.
        """
        ...


class NoJobs:
    """Where one process does it all, its threads look into the ledger by themselves."""

    def __init__(self, _connection: Connection) -> None:
        pass

    def chunks(self, issue_id: int | None = None) -> int:  # noqa: ARG002  # as Jobs has it
        return 0

    def chunk(self, issue_id: int, position: int, at: datetime | None = None) -> None:
        """Nobody has to be told."""

    def letters(self, at: datetime | None = None, *, found: bool = False) -> None:
        """Nobody has to be told."""


MakeJobs = Callable[[Connection], Jobs]
"""Makes the jobs of one transaction."""


def can_run(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a chunk can be claimed: due, or left by a holder whose lease ran out; and its issue
    sends. Rehearsals are sent by whoever rehearses, and by nobody else."""
    return and_(
        issues.c.id == chunks.c.issue_id,
        issues.c.state == IssueState.SENDING,
        issues.c.rehearsal_of.is_(None),
        is_free(now),
    )
