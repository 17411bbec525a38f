"""Vitals: what waits and who works, counted."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, literal_column, select, table, text

from bulletin.models.issues import IssueState
from bulletin.models.vitals import Pulse
from bulletin.store.chunks import HELD
from bulletin.store.jobs import can_run
from bulletin.store.letters import is_ready
from bulletin.store.tables import chunks, deliveries, events, issues, letters

_LATELY = timedelta(minutes=5)
_ALIVE = text("last_heartbeat > now() - interval '1 minute'")


class Vitals:
    """The vitals, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def pulse(self, now: datetime, *, workers: bool) -> Pulse:
        """What waits now. workers: whether to look for some."""
        free = select(
            func.count(),
            func.min(func.coalesce(chunks.c.run_after, chunks.c.lease_until, issues.c.updated_at)),
        ).select_from(chunks.join(issues, issues.c.id == chunks.c.issue_id))
        held = and_(chunks.c.state == HELD, chunks.c.lease_until >= now)
        ready = select(func.count(), func.min(letters.c.created_at)).where(is_ready(now))
        lately = events.c.received_at > now - _LATELY
        run = self._connection.execute
        free_chunks, free_since = run(free.where(can_run(now))).one()
        waiting, letters_since = run(ready).one()
        return Pulse(
            free_chunks=free_chunks,
            free_since=free_since,
            held_chunks=run(select(func.count()).select_from(chunks).where(held)).scalar_one(),
            letters=waiting,
            letters_since=letters_since,
            events=run(select(func.count()).select_from(events).where(lately)).scalar_one(),
            workers=self._workers() if workers else None,
        )

    def _workers(self) -> int:
        alive = select(func.count(literal_column("id"))).where(_ALIVE)
        found: int = self._connection.execute(
            alive.select_from(table("procrastinate_workers"))
        ).scalar_one()
        return found

    def copies(self) -> dict[str, int]:
        """How many copies of the issues that are being sent are in each state."""
        query = (
            select(deliveries.c.state, func.count().label("copies"))
            .join(issues, issues.c.id == deliveries.c.issue_id)
            .where(issues.c.state == IssueState.SENDING, issues.c.rehearsal_of.is_(None))
            .group_by(deliveries.c.state)
        )
        return {row.state: row.copies for row in self._connection.execute(query)}
