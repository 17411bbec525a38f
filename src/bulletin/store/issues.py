"""Issues, the items placed in them, and the snapshots that an approver signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from bulletin.errors import Conflict, NotFound
from bulletin.models.editions import CompiledIssue
from bulletin.models.issues import (
    Audience,
    Helpline,
    Issue,
    IssueState,
    Length,
    Placement,
    Snapshot,
    Visibility,
)
from bulletin.models.items import Nation
from bulletin.store.tables import issues, placements, snapshots
from bulletin.store.upsert import upsert

_STARTED = (IssueState.SENDING, IssueState.PAUSED, IssueState.SENT)
_LAST_FIRST = (issues.c.started_at.desc(), issues.c.id.desc())
_BEGUN = (*_STARTED, IssueState.CANCELLED)


class Issues:
    """The issues, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        *,
        slug: str,
        title: str,
        texts: Mapping[str, object],
        visibility: Visibility,
        actor: str,
        now: datetime,
    ) -> Issue:
        """A new draft. slug: made unique by a number at its end where it is taken.

        texts: any of its own fields; without a subject it has its title for one.
        """
        values = {
            "slug": self._free_slug(slug),
            "title": title,
            "subject": title,
            **_columns(texts),
            "state": IssueState.DRAFT,
            "visibility": visibility,
            "audience_include": [],
            "audience_exclude": [],
            "created_at": now,
            "created_by": actor,
            "updated_at": now,
        }
        row = self._connection.execute(insert(issues).values(values).returning(issues)).mappings()
        return _issue(row.one())

    def lock(self, reference: int | str) -> Issue:
        """As `get`, and nobody else changes or locks the issue until this transaction ends.

        SQLite needs no more than its one writer at a time.
        """
        query = select(issues.c.id).where(issues.c.id == self.get(reference).id)
        return self.get(self._connection.execute(query.with_for_update()).scalar_one())

    def get(self, reference: int | str) -> Issue:
        """By id or slug. Raises NotFound."""
        text = str(reference)
        by_id = text.isascii() and text.isdigit() and len(text) < 16
        matches = issues.c.id == int(text) if by_id else issues.c.slug == text
        row = self._connection.execute(select(issues).where(matches)).mappings().first()
        if row is None and by_id:  # a slug may be all digits, such as "2026"
            query = select(issues).where(issues.c.slug == text)
            row = self._connection.execute(query).mappings().first()
        if row is None:
            raise NotFound(f"There is no issue '{text}'.", command="See: bulletin issue list")
        return _issue(row)

    def list_issues(
        self,
        *,
        states: Sequence[IssueState] | None = None,
        visibility: Visibility | None = None,
        rehearsals: bool = False,
    ) -> list[Issue]:
        """Newest first. rehearsals: whether those are among them, which go to nobody."""
        query = select(issues).order_by(issues.c.id.desc())
        if not rehearsals:
            query = query.where(issues.c.rehearsal_of.is_(None))
        if states is not None:
            query = query.where(issues.c.state.in_(states))
        if visibility is not None:
            query = query.where(issues.c.visibility == visibility)
        return [_issue(row) for row in self._connection.execute(query).mappings()]

    def some(self, limit: int, offset: int) -> list[Issue]:
        """So many issues from one on, newest first, without rehearsals."""
        query = select(issues).where(issues.c.rehearsal_of.is_(None))
        query = query.order_by(issues.c.id.desc()).limit(limit).offset(offset)
        return [_issue(row) for row in self._connection.execute(query).mappings()]

    def begun(self, limit: int, offset: int) -> tuple[int, list[Issue]]:
        """How many issues have begun to go out, also if they were cancelled then; some of them,
        the last begun first."""
        here = issues.c.state.in_(_BEGUN) & issues.c.started_at.is_not(None)
        here &= issues.c.rehearsal_of.is_(None)
        total = self._connection.scalar(select(func.count()).select_from(issues).where(here))
        query = select(issues).where(here).order_by(*_LAST_FIRST).limit(limit).offset(offset)
        found = self._connection.execute(query).mappings()
        return total or 0, [_issue(row) for row in found]

    def last_out(self, limit: int, *, but: int) -> list[Issue]:
        """The issues that started last, newest first; no corrections, and not the one `but`."""
        query = (
            select(issues)
            .where(issues.c.state.in_(_STARTED), issues.c.started_at.is_not(None))
            .where(issues.c.corrects_issue_id.is_(None), issues.c.rehearsal_of.is_(None))
            .where(issues.c.id != but)
            .order_by(*_LAST_FIRST)
            .limit(limit)
        )
        return [_issue(row) for row in self._connection.execute(query).mappings()]

    def count(self) -> int:
        """How many issues there are, without rehearsals."""
        query = select(func.count()).select_from(issues).where(issues.c.rehearsal_of.is_(None))
        return int(self._connection.execute(query).scalar_one())

    def sizes(self, issue_ids: Iterable[int]) -> dict[int, int]:
        """How many items stand in each of these issues; one without items is left out."""
        query = (
            select(placements.c.issue_id, func.count().label("size"))
            .where(placements.c.issue_id.in_(list(issue_ids)))
            .group_by(placements.c.issue_id)
        )
        return {row.issue_id: row.size for row in self._connection.execute(query)}

    def corrected_by(self, issue_id: int) -> str | None:
        """The slug of a correction of an issue that has started, and was not cancelled."""
        query = select(issues.c.slug).where(
            issues.c.corrects_issue_id == issue_id,
            issues.c.started_at.is_not(None),
            issues.c.state != IssueState.CANCELLED,
            issues.c.rehearsal_of.is_(None),
        )
        return self._connection.scalar(query.limit(1))

    def is_named(self, issue_id: int) -> bool:
        """Whether another issue corrects or rehearses an issue."""
        named = (issues.c.corrects_issue_id == issue_id) | (issues.c.rehearsal_of == issue_id)
        return self._connection.scalar(select(issues.c.id).where(named).limit(1)) is not None

    def delete(self, issue_id: int) -> None:
        """Remove an issue that nothing went out of, with all that belongs to it alone."""
        self._connection.execute(delete(issues).where(issues.c.id == issue_id))

    def edit(self, issue: Issue, now: datetime, **values: object) -> None:
        """Change an issue's own texts. Raises Conflict if it has changed since it was read."""
        self._guarded(issue, now, values)

    def move(
        self, issue: Issue, to: IssueState, now: datetime, *, reason: str = "", **values: object
    ) -> None:
        """Change an issue's state. Raises Conflict if somebody else moved it first."""
        self._guarded(issue, now, {"state": to, "state_reason": reason, **values})

    def note(self, issue: Issue, reason: str) -> None:
        """Say why an issue does not get on, or that it does. That is no change of the issue."""
        if issue.state_reason != reason:
            mine = (issues.c.id == issue.id) & (issues.c.state == issue.state)
            self._connection.execute(update(issues).where(mine).values(state_reason=reason))

    def _guarded(self, issue: Issue, now: datetime, values: Mapping[str, object]) -> None:
        statement = (
            update(issues)
            .where(issues.c.id == issue.id)
            .where(issues.c.version == issue.version, issues.c.state == issue.state)
            .values(**_columns(values), updated_at=now, version=issues.c.version + 1)
        )
        if self._connection.execute(statement).rowcount != 1:
            raise Conflict(
                f"Issue '{issue.slug}' was changed by somebody else at the same moment. "
                "Look at it again, then repeat what you did."
            )

    def place(self, issue_id: int, placed: Iterable[Placement]) -> None:
        """Put items at the end of an issue; one already in it keeps its place and is updated."""
        last = self._connection.scalar(
            select(func.coalesce(func.max(placements.c.position), 0)).where(
                placements.c.issue_id == issue_id
            )
        )
        present = {placement.item_id for placement in self.placements(issue_id)}
        position = last or 0
        for placement in placed:
            values = {
                "topic": placement.topic,
                "only_nations": sorted(placement.only_nations),
            }
            if placement.item_id in present:
                statement = update(placements).where(
                    placements.c.issue_id == issue_id, placements.c.item_id == placement.item_id
                )
                self._connection.execute(statement.values(values))
                continue
            position += 1
            keys = {"issue_id": issue_id, "item_id": placement.item_id, "position": position}
            self._connection.execute(insert(placements).values(values | keys))

    def remove(self, issue_id: int, item_id: int) -> bool:
        """Take an item out of an issue. False if it was not in it."""
        statement = delete(placements).where(
            placements.c.issue_id == issue_id, placements.c.item_id == item_id
        )
        return self._connection.execute(statement).rowcount == 1

    def place_behind(self, issue_id: int, item_id: int, new_id: int) -> None:
        """Put an item right behind another that stands in the issue, on the same terms."""
        query = select(placements).where(
            placements.c.issue_id == issue_id, placements.c.item_id == item_id
        )
        beside = dict(self._connection.execute(query).mappings().one())
        later = (placements.c.issue_id == issue_id) & (placements.c.position > beside["position"])
        self._connection.execute(
            update(placements).where(later).values(position=placements.c.position + 1)
        )
        place = {"item_id": new_id, "position": beside["position"] + 1}
        self._connection.execute(insert(placements).values(beside | place))

    def take_place(self, issue_id: int, item_id: int, new_id: int) -> None:
        """Put an item in the place of another that stands in the issue."""
        mine = (placements.c.issue_id == issue_id) & (placements.c.item_id == item_id)
        self._connection.execute(update(placements).where(mine).values(item_id=new_id))

    def arrange(self, issue_id: int, order: Sequence[int]) -> None:
        """Let the items of an issue stand in this order. All of them have to be named."""
        query = select(placements.c.item_id, placements.c.position)
        query = query.where(placements.c.issue_id == issue_id)
        stands = {row.item_id: row.position for row in self._connection.execute(query)}
        for position, item_id in enumerate(order, start=1):
            if stands[item_id] == position:
                continue
            mine = (placements.c.issue_id == issue_id) & (placements.c.item_id == item_id)
            self._connection.execute(update(placements).where(mine).values(position=position))

    def placements(self, issue_id: int) -> list[Placement]:
        query = (
            select(placements)
            .where(placements.c.issue_id == issue_id)
            .order_by(placements.c.position)
        )
        return [
            Placement(row.item_id, row.topic, frozenset(Nation(n) for n in row.only_nations))
            for row in self._connection.execute(query)
        ]

    def freeze(self, issue_id: int, snapshot: Snapshot, now: datetime) -> None:
        """Keep what was approved. Approving the same content again replaces who and why."""
        put = self._put(issue_id, snapshot, now)
        signed = {
            "created_at": now,
            "approved_by": snapshot.approved_by,
            "override_reason": snapshot.override_reason,
        }
        self._connection.execute(
            put.on_conflict_do_update(index_elements=["issue_id", "hash"], set_=signed)
        )

    def set_aside(self, issue_id: int, snapshot: Snapshot, now: datetime) -> None:
        """Keep what an approver is asked to sign, unless the same is kept already."""
        self._connection.execute(self._put(issue_id, snapshot, now).on_conflict_do_nothing())

    def _put(self, issue_id: int, snapshot: Snapshot, now: datetime) -> Any:
        return upsert(self._connection, snapshots).values(
            issue_id=issue_id,
            hash=snapshot.hash,
            document=snapshot.document,
            subject=snapshot.compiled.subject,
            html=snapshot.compiled.html,
            text=snapshot.compiled.text,
            created_at=now,
            approved_by=snapshot.approved_by,
            override_reason=snapshot.override_reason,
        )

    def snapshot(self, issue: Issue) -> Snapshot:
        """What was approved of an issue. Raises NotFound if nothing is."""
        if issue.approved_hash is None:
            raise NotFound(f"Issue '{issue.slug}' has no approved version.")
        return self.frozen(issue.id, issue.approved_hash)

    def frozen(self, issue_id: int, content_hash: str) -> Snapshot:
        """A version of an issue that was approved, or that an approver was asked to sign.

        Raises NotFound if it is not kept.
        """
        query = select(snapshots).where(
            snapshots.c.issue_id == issue_id, snapshots.c.hash == content_hash
        )
        row = self._connection.execute(query).mappings().first()
        if row is None:
            raise NotFound("What was frozen of the issue is no longer there.")
        return Snapshot(
            hash=row["hash"],
            document=row["document"],
            compiled=CompiledIssue(subject=row["subject"], html=row["html"], text=row["text"]),
            approved_by=row["approved_by"],
            override_reason=row["override_reason"],
        )

    def keeping(self, issue_ids: Iterable[int]) -> frozenset[int]:
        """Those of the issues whose approved content is still there."""
        query = (
            select(issues.c.id)
            .join(snapshots, snapshots.c.issue_id == issues.c.id)
            .where(issues.c.id.in_(list(issue_ids)), snapshots.c.hash == issues.c.approved_hash)
        )
        return frozenset(self._connection.scalars(query))

    def due(self, now: datetime) -> list[Issue]:
        """Scheduled issues whose time has come and that have not been marked as missed."""
        query = (
            select(issues)
            .where(issues.c.state == IssueState.SCHEDULED, issues.c.scheduled_at <= now)
            .where(issues.c.missed_at.is_(None))
            .order_by(issues.c.scheduled_at)
        )
        return [_issue(row) for row in self._connection.execute(query).mappings()]

    def _free_slug(self, slug: str) -> str:
        like = slug.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = select(issues.c.slug).where(issues.c.slug.like(like, escape="\\"))
        taken = set(self._connection.scalars(query))
        if slug not in taken:
            return slug
        return next(
            candidate for n in range(2, len(taken) + 3) if (candidate := f"{slug}-{n}") not in taken
        )


def _columns(values: Mapping[str, object]) -> dict[str, object]:
    """Fields of an issue as its columns hold them."""
    helplines = values.get("helplines")
    if not isinstance(helplines, tuple):
        return dict(values)
    return {**values, "helplines": [asdict(helpline) for helpline in helplines]}


def _issue(row: RowMapping) -> Issue:
    return Issue(
        id=row["id"],
        slug=row["slug"],
        title=row["title"],
        subject=row["subject"],
        standfirst=row["standfirst"],
        intro=row["intro"],
        closing=row["closing"],
        state=IssueState(row["state"]),
        state_reason=row["state_reason"],
        corrects_issue_id=row["corrects_issue_id"],
        corrects_item_id=row["corrects_item_id"],
        rehearsal_of=row["rehearsal_of"],
        visibility=Visibility(row["visibility"]),
        audience=Audience(tuple(row["audience_include"]), tuple(row["audience_exclude"])),
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        created_by=row["created_by"],
        scheduled_at=row["scheduled_at"],
        missed_at=row["missed_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        approved_hash=row["approved_hash"],
        dateline=row["dateline"],
        helplines=tuple(Helpline(**helpline) for helpline in row["helplines"]),
        diary=row["diary"],
        length=Length(row["length"]) if row["length"] else None,
    )
