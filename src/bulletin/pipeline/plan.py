"""Plan: who will get an issue, starting a send, and starting it on time."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bulletin.composition import compose
from bulletin.errors import BulletinError, Conflict, Refused, StoreError
from bulletin.models.editions import Edition, ReaderKind
from bulletin.models.issues import Audience, Issue, IssueContent, IssueState, Sender
from bulletin.models.segments import Pick
from bulletin.pipeline.clock import day_in
from bulletin.pipeline.correct import check_no_more_go_out, holders
from bulletin.pipeline.draft import content_of
from bulletin.pipeline.freeze import thaw
from bulletin.store.planning import Cohort, ForecastRow
from bulletin.store.store import Store, Transaction

STARTABLE = frozenset({IssueState.APPROVED, IssueState.SCHEDULED})


@dataclass(frozen=True, slots=True)
class Fired:
    """What the clock did with an issue whose time had come."""

    issue: Issue
    started: bool
    explanation: str


def _trusted(_sender: Sender) -> None:
    """For mail that nobody turns away because of whom it is from."""


class Planning:
    """Turns an approved issue and an audience into deliveries.

    grace: how late a scheduled issue may still start by itself.
    zone: where the readers are, for the day on which a pause ends.
    check_sender: raises Refused if mail from a sender would be turned away (requirement 23).
    """

    def __init__(
        self,
        store: Store,
        *,
        chunk_size: int,
        grace: timedelta,
        zone: ZoneInfo,
        check_sender: Callable[[Sender], None] = _trusted,
    ) -> None:
        self._check_sender = check_sender
        self._store = store
        self._chunk_size = chunk_size
        self._grace = grace
        self._zone = zone

    def forecast(self, reference: str, audience: Audience | None = None) -> list[ForecastRow]:
        """How many people would get which edition, and how many none and why; changes nothing."""
        rows: list[ForecastRow] = []
        with self._store.write() as tx:
            issue = tx.issues.lock(reference)
            include, exclude = resolved(tx, issue, chosen_audience(issue, audience))
            frozen = issue.approved_hash is not None
            content = thaw(tx.issues.snapshot(issue))[0] if frozen else content_of(tx, issue)
            self._number_editions(tx, issue, content, include)
            rows = tx.planning.forecast(issue.id, include, exclude, today=self._today())
            tx.undo()
        return rows

    def start(
        self, reference: str, audience: Audience | None, actor: str, *, version: int | None = None
    ) -> Issue:
        """Write the deliveries of an approved issue and let it be sent.

        version: of the issue that somebody looked at. Raises Conflict if it was changed since,
        Refused if it is not approved, if nobody would get a copy, or if mail from its sender
        would be turned away.
        """
        self._check(reference)
        with self._store.write() as tx:
            issue = tx.issues.lock(reference)
            _check_unchanged(issue, version)
            return self._start(tx, issue, audience, actor)

    def _check(self, reference: str | int) -> None:
        """Look at an issue's sender before it is started, with no transaction open meanwhile."""
        with self._store.read() as tx:
            issue = tx.issues.get(reference)
            if issue.state not in STARTABLE:
                return
            _, sender = thaw(tx.issues.snapshot(issue))
        self._check_sender(sender)

    def schedule(
        self,
        reference: str,
        at: datetime,
        audience: Audience | None,
        actor: str,
        *,
        version: int | None = None,
    ) -> Issue:
        """Have the clock start an approved issue.

        version: of the issue that somebody looked at. Raises Conflict if it was changed since,
        Refused for a time that has gone by.
        """
        now = self._store.clock()
        with self._store.write() as tx:
            issue = tx.issues.lock(reference)
            _check_unchanged(issue, version)
            if issue.state not in STARTABLE:
                raise Refused(
                    f"Issue '{issue.slug}' is {issue.state.value}; "
                    "only an approved issue can be scheduled."
                )
            if at <= now:
                raise Refused("That time has gone by; choose a later one.")
            chosen = chosen_audience(issue, audience)
            resolved(tx, issue, chosen)  # a misspelt segment is refused now, not at half past seven
            tx.issues.move(
                issue,
                IssueState.SCHEDULED,
                now,
                scheduled_at=at,
                missed_at=None,
                audience_include=list(chosen.include),
                audience_exclude=list(chosen.exclude),
            )
            subject = f"issue:{issue.id}"
            tx.audit.record(actor, "issue.schedule", subject, now, at=at.isoformat())
            return tx.issues.get(issue.id)

    def start_due(self) -> list[Fired]:
        """Start every scheduled issue whose time has come, once, whoever else tries.

        One that is later than the grace, or cannot be started, waits for a person and says so;
        no issue keeps another from starting.
        """
        now = self._store.clock()
        with self._store.read() as tx:
            due = tx.issues.due(now)
        fired = (self._fire(issue, now) for issue in due)
        return [outcome for outcome in fired if outcome is not None]

    def _fire(self, issue: Issue, now: datetime) -> Fired | None:
        try:
            return self._start_or_hold_back(issue, now)
        except Conflict:
            return None  # the list changed meanwhile; the next look starts it
        except StoreError as error:
            why = f"not started yet; the next look tries again: {error}"
            return Fired(issue, started=False, explanation=why)

    def _start_or_hold_back(self, issue: Issue, now: datetime) -> Fired | None:
        try:
            if issue.scheduled_at and now - issue.scheduled_at <= self._grace:
                self._check(issue.id)
            with self._store.write() as tx:
                current = tx.issues.lock(issue.id)
                if current.state is not IssueState.SCHEDULED or current.scheduled_at is None:
                    return None
                if now - current.scheduled_at > self._grace:
                    return self._miss(tx, current, now)
                started = self._start(tx, current, None, "clock")
        except (Conflict, StoreError):
            raise
        except BulletinError as refusal:
            return self._hold_back(issue, now, str(refusal))
        return Fired(started, started=True, explanation="started on time")

    def _miss(self, tx: Transaction, issue: Issue, now: datetime) -> Fired:
        why = "missed its time, because nothing was running then; send it now or schedule it again"
        tx.issues.move(issue, IssueState.SCHEDULED, now, reason=why, missed_at=now)
        tx.audit.record("clock", "issue.missed", f"issue:{issue.id}", now)
        return Fired(tx.issues.get(issue.id), started=False, explanation=why)

    def _hold_back(self, issue: Issue, now: datetime, why: str) -> Fired | None:
        with self._store.write() as tx:
            current = tx.issues.lock(issue.id)
            if current.state is not IssueState.SCHEDULED:
                return None
            tx.issues.move(current, IssueState.SCHEDULED, now, reason=why, missed_at=now)
            return Fired(tx.issues.get(issue.id), started=False, explanation=why)

    def _start(self, tx: Transaction, issue: Issue, audience: Audience | None, actor: str) -> Issue:
        if issue.state not in STARTABLE:
            raise _not_startable(issue)
        if issue.corrects_issue_id is not None:
            check_no_more_go_out(tx, issue)
        chosen = chosen_audience(issue, audience)
        prepared = self.write_copies(tx, issue, chosen)
        if not prepared:
            raise Refused(
                f"Nobody would get issue '{issue.slug}'.",
                command=f"See why with: bulletin issue preflight {issue.slug}",
            )
        now = self._store.clock()
        tx.issues.move(
            issue,
            IssueState.SENDING,
            now,
            started_at=now,
            missed_at=None,
            audience_include=list(chosen.include),
            audience_exclude=list(chosen.exclude),
        )
        tx.jobs.chunks(issue.id)
        tx.audit.record(actor, "issue.start", f"issue:{issue.id}", now, copies=prepared)
        return tx.issues.get(issue.id)

    def write_copies(self, tx: Transaction, issue: Issue, audience: Audience) -> int:
        """Write the deliveries of an approved issue to an audience. Returns how many are to go."""
        include, exclude = resolved(tx, issue, audience)
        content, _ = thaw(tx.issues.snapshot(issue))
        tx.planning.take_turn()
        self._number_editions(tx, issue, content, include)
        today = self._today()
        return tx.planning.plan(issue.id, include, exclude, self._chunk_size, today=today)

    def _today(self) -> date:
        return day_in(self._zone, self._store.clock())

    def _number_editions(
        self, tx: Transaction, issue: Issue, content: IssueContent, include: Sequence[Pick]
    ) -> None:
        groups = tx.planning.groups(include)
        tx.planning.set_editions(issue.id, numbered(content, groups))


def numbered(
    content: IssueContent,
    groups: Iterable[Cohort],
    known: Iterable[tuple[Cohort, int]] = (),
) -> list[tuple[Cohort, int, int]]:
    """Each group with the number of its edition, from 1, and the items in it.

    Groups that see the same have the same number; composing is done once per kind of reader.
    known: groups that have a number; whoever sees the same gets theirs, and others a higher one.
    """
    editions: dict[ReaderKind, Edition] = {}

    def edition(kind: ReaderKind) -> Edition:
        if kind not in editions:
            editions[kind] = compose(content, kind)
        return editions[kind]

    numbers = {edition(group.kind).visible: number for group, number in known}
    free = itertools.count(max(numbers.values(), default=0) + 1)
    found = []
    for group in groups:
        seen = edition(group.kind)
        if seen.visible not in numbers:
            numbers[seen.visible] = next(free)
        found.append((group, numbers[seen.visible], seen.items))
    return found


def resolved(tx: Transaction, issue: Issue, audience: Audience) -> tuple[list[Pick], list[Pick]]:
    """Whom an audience includes and excludes; of a correction, whom the mistake reached.

    Raises NotFound for a segment that there is not.
    """
    if issue.corrects_issue_id is not None:
        return [holders(tx, issue)], []
    return (
        [tx.segments.get(name) for name in audience.include],
        [tx.segments.get(name) for name in audience.exclude],
    )


def chosen_audience(issue: Issue, audience: Audience | None) -> Audience:
    """The audience that was named, else the issue's own. Raises Refused for a correction's."""
    if audience is None:
        return issue.audience
    if issue.corrects_issue_id is not None:
        raise Refused(
            f"Issue '{issue.slug}' is a correction: it goes to those who had the item, "
            "so leave out --segment and --exclude."
        )
    return audience


def _check_unchanged(issue: Issue, version: int | None) -> None:
    if version is not None and issue.version != version:
        raise Conflict(
            "Somebody else changed this issue while you were looking at it, and nothing was done. "
            "Look at it as it is now, then repeat what you did."
        )


def _not_startable(issue: Issue) -> Refused:
    words = {
        IssueState.DRAFT: "is not approved yet.",
        IssueState.IN_REVIEW: "waits for its approval.",
        IssueState.SENDING: "is being sent already.",
        IssueState.PAUSED: "is paused.",
        IssueState.SENT: "has been sent.",
        IssueState.CANCELLED: "was cancelled.",
    }
    ways = {
        IssueState.DRAFT: f"Approve it: bulletin issue approve {issue.slug}",
        IssueState.PAUSED: f"Go on with: bulletin issue resume {issue.slug}",
    }
    said = f"Issue '{issue.slug}' {words[issue.state]}"
    return Refused(said, command=ways.get(issue.state, ""))
