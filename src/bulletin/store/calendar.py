"""The calendar: terms, the rhythm, and the issues of a stretch of days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    RowMapping,
    and_,
    case,
    delete,
    func,
    insert,
    or_,
    select,
)

from bulletin.errors import NotFound
from bulletin.models.issues import IssueState
from bulletin.models.items import Nation
from bulletin.models.terms import Term, TermDraft
from bulletin.store.tables import issues, planned_days, rhythm, terms
from bulletin.store.upsert import upsert

_THE_ONE = 1
_OPEN = (IssueState.DRAFT, IssueState.IN_REVIEW, IssueState.APPROVED)


@dataclass(frozen=True, slots=True)
class Outing:
    """An issue as a calendar shows it.

    at:      when it began to go out, or is to; None for one without a schedule.
    planned: the day that it was begun for, if it was begun for one.
    """

    issue_id: int
    title: str
    dateline: str
    state: IssueState
    at: datetime | None
    missed: bool
    planned: date | None
    is_correction: bool


class Calendar:
    """The calendar's rows, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def terms(self) -> list[Term]:
        """All of them, by nation, authority and first day."""
        order = (terms.c.nation, terms.c.authority, terms.c.first_day, terms.c.id)
        return [_term(row) for row in self._connection.execute(select(terms).order_by(*order))]

    def add_terms(self, drafts: Iterable[TermDraft]) -> list[int]:
        """Returns their numbers."""
        return [
            int(
                self._connection.execute(
                    insert(terms).values(_values(each)).returning(terms.c.id)
                ).scalar_one()
            )
            for each in drafts
        ]

    def remove_term(self, term_id: int) -> Term:
        """Raises NotFound."""
        gone = delete(terms).where(terms.c.id == term_id).returning(*terms.c)
        row = self._connection.execute(gone).first()
        if row is None:
            raise NotFound("There is no such term any more.")
        return _term(row)

    def remove_terms_of(self, nation: Nation, authority: str) -> int:
        """Those of a nation as a whole, or of one authority in it. Returns how many."""
        mine = and_(
            terms.c.nation == nation, func.lower(terms.c.authority) == func.lower(authority)
        )
        return self._connection.execute(delete(terms).where(mine)).rowcount

    def rhythm(self) -> Mapping[str, Any] | None:
        """The rule as it was kept, or None."""
        found: Mapping[str, Any] | None = self._connection.scalar(select(rhythm.c.rule))
        return found

    def set_rhythm(self, rule: Mapping[str, Any], actor: str, now: datetime) -> None:
        values = {"rule": dict(rule), "updated_by": actor, "updated_at": now}
        put = upsert(self._connection, rhythm).values(id=_THE_ONE, **values)
        self._connection.execute(put.on_conflict_do_update(index_elements=["id"], set_=values))

    def remove_rhythm(self) -> None:
        self._connection.execute(delete(rhythm))

    def plan(self, issue_id: int, day: date) -> None:
        """Say which day an issue is meant for."""
        put = upsert(self._connection, planned_days).values(issue_id=issue_id, day=day)
        self._connection.execute(
            put.on_conflict_do_update(index_elements=["issue_id"], set_={"day": day})
        )

    def planned_day(self, issue_id: int) -> date | None:
        day: date | None = self._connection.scalar(
            select(planned_days.c.day).where(planned_days.c.issue_id == issue_id)
        )
        return day

    def outings(self, since: datetime, until: datetime) -> list[Outing]:
        """Issues that went out in a stretch of time or are to, and all that are not scheduled yet.

        Cancelled ones only if something of them went out; rehearsals never.
        """
        moment = case(
            (issues.c.started_at.is_not(None), issues.c.started_at), else_=issues.c.scheduled_at
        )
        dated = and_(moment >= since, moment < until)
        found = or_(and_(dated, _is_out()), issues.c.state.in_(_OPEN))
        query = (
            select(
                issues.c.id, issues.c.title, issues.c.dateline, issues.c.state, moment.label("at"),
                issues.c.missed_at, issues.c.corrects_issue_id, planned_days.c.day,
            )
            .outerjoin(planned_days, planned_days.c.issue_id == issues.c.id)
            .where(found, issues.c.rehearsal_of.is_(None))
            .order_by(moment, issues.c.id)
        )  # fmt: skip
        return [_outing(row) for row in self._connection.execute(query).mappings()]


def _is_out() -> ColumnElement[bool]:
    gone = and_(issues.c.state == IssueState.CANCELLED, issues.c.started_at.is_not(None))
    others = issues.c.state.not_in([*_OPEN, IssueState.CANCELLED])
    return or_(others, gone)


def _outing(row: RowMapping) -> Outing:
    state = IssueState(row["state"])
    return Outing(
        issue_id=row["id"],
        title=row["title"],
        dateline=row["dateline"],
        state=state,
        at=None if state in _OPEN else row["at"],
        missed=row["missed_at"] is not None,
        planned=row["day"],
        is_correction=row["corrects_issue_id"] is not None,
    )


def _term(row: Row[Any]) -> Term:
    return Term(
        nation=Nation(row.nation), authority=row.authority, name=row.name,
        first=row.first_day, last=row.last_day, id=row.id,
    )  # fmt: skip


def _values(draft: TermDraft) -> dict[str, object]:
    return {
        "nation": draft.nation, "authority": draft.authority, "name": draft.name,
        "first_day": draft.first, "last_day": draft.last,
    }  # fmt: skip
