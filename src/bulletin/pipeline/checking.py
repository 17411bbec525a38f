"""Checking: what preflight has to know beside the issue itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from zoneinfo import ZoneInfo

from bulletin.composition import sees
from bulletin.models.checks import Circumstances
from bulletin.models.inbox import SAMPLE
from bulletin.models.issues import Issue, IssueContent, PlacedItem
from bulletin.pipeline.checking_repeats import RepeatChecking
from bulletin.pipeline.checking_versions import find_newer
from bulletin.pipeline.clock import day_in
from bulletin.pipeline.plan import resolved
from bulletin.preflight import Texts
from bulletin.store.store import Store, Transaction


class Checking:
    """Gathers the circumstances in which an issue is checked.

    zone:        where the readers are, for days.
    stale_after: after how many days news is old.
    links_for:   for how long it counts what was found at a link.
    repeats:     knows what went out before.
    untracked:   an address without what says who follows it; raises ValueError for none.
    """

    def __init__(
        self,
        store: Store,
        *,
        zone: ZoneInfo,
        stale_after: int,
        links_for: timedelta,
        repeats: RepeatChecking,
        untracked: Callable[[str], str] = str,
    ) -> None:
        self._untracked = untracked
        self._repeats = repeats
        self._store = store
        self._zone = zone
        self._stale_after = stale_after
        self._links_for = links_for

    def around(
        self, tx: Transaction, issue: Issue, content: IssueContent, texts: Texts
    ) -> Circumstances:
        """What there is to know now of an issue. texts: its content, as the checks read it."""
        now = self._store.clock()
        placed = [item for topic in content.topics for item in topic.items]
        return Circumstances(
            today=day_in(self._zone, now),
            goes_out=day_in(self._zone, max(now, issue.scheduled_at or now)),
            stale_after=self._stale_after,
            links=tx.link_checks.found(texts.pages(), now - self._links_for),
            doubts={
                item.id: item.draft.warnings
                for item in tx.items.list_items(ids=[item.id for item in placed])
                if item.draft.warnings
            },
            repeats=self._repeats.find(tx, issue, content),
            unseen=_unseen(tx, issue, placed),
            newer=find_newer(tx, issue, placed),
            unread=_unread(tx, placed),
            samples=frozenset(tx.agenda.came_of(SAMPLE)),
            tracked=dict(self._tracked(texts)),
        )

    def _tracked(self, texts: Texts) -> Iterator[tuple[str, str]]:
        for url in dict.fromkeys(link.url for link in texts.links):
            with suppress(ValueError):
                if (clean := self._untracked(url)) != url:
                    yield url, clean


def _unread(tx: Transaction, placed: Iterable[PlacedItem]) -> frozenset[int]:
    """Items whose readers nobody has chosen, where anybody works at the desk.

    To the command line, an item without roles is for everybody.
    """
    without = {item.id for item in placed if not item.roles}
    if not without or not tx.accounts.desk_is_used():
        return frozenset()
    return frozenset(without - tx.composing.with_readers(without))


def _unseen(tx: Transaction, issue: Issue, placed: Iterable[PlacedItem]) -> frozenset[int]:
    """Items that nobody on the list would see, if anybody is on it."""
    if issue.corrects_issue_id is not None:
        return frozenset()  # whoever had the mistake sees all of it
    include, _ = resolved(tx, issue, issue.audience)
    kinds = {group.kind for group in tx.planning.groups(include)}
    if not kinds:
        return frozenset()
    return frozenset(item.id for item in placed if not any(sees(item, kind) for kind in kinds))
