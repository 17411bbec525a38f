"""Looking: a watched source is asked for news, and what is new goes to the candidates."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bulletin.errors import BulletinError, Conflict, NotFound, StoreError, Unreachable
from bulletin.models.lines import in_one_line
from bulletin.models.sources import SourceKind, SourceState, WatchedSource
from bulletin.models.web import Page, Web
from bulletin.pipeline.answers import Answer, Gone, ask_again, asking_for, fetch
from bulletin.pipeline.bringing import ACTOR, NOTHING, Bringing, Brought
from bulletin.pipeline.collect import Collecting
from bulletin.store.store import Store, Transaction

LEASE: Final = timedelta(minutes=5)
"""For how long a source is in one process's hands: far longer than asking and reading take."""

_DAY: Final = timedelta(days=1)
_LONGEST_WAIT: Final = timedelta(days=7)  # that a server may ask for
_MOST_OF_A_TEXT: Final = 500


@dataclass(frozen=True, slots=True)
class Look:
    """What came of a look at a source, which is given as it is afterwards.

    remarks: sentences about the source: it moved, a feed was found.
    """

    source: WatchedSource
    brought: Brought = NOTHING
    remarks: tuple[str, ...] = ()

    @property
    def new(self) -> int:
        """How many candidates it brought, updates of items among them."""
        return self.brought.new


class Looking:
    """Looks at sources, one at a time. Safe on several machines at once.

    chance: a number from 0 to 1, so that sources do not all come at the same moment.
    """

    def __init__(
        self,
        store: Store,
        web: Web,
        collecting: Collecting,
        *,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._web = web
        self._bringing = Bringing(collecting)
        self._chance = chance

    def due(self, enough: Callable[[], bool] = lambda: False) -> Iterator[Look]:
        """Look at every source whose turn it is, unless somebody else does, until it is enough."""
        now = self._store.clock()
        with self._store.read() as tx:
            waiting = tx.watched.due(now)
        return self.one_by_one(waiting, enough, due_by=now)

    def one_by_one(
        self,
        source_ids: Iterable[int],
        enough: Callable[[], bool] = lambda: False,
        *,
        due_by: datetime | None = None,
    ) -> Iterator[Look]:
        """Look at sources in turn, but for those that somebody else has in hand or has removed."""
        for source_id in source_ids:
            if enough():
                return
            with suppress(NotFound):  # it was removed since
                if look := self.try_to_look(source_id, due_by=due_by):
                    yield look

    def look(self, source_id: int) -> Look:
        """Look at a source now. Raises NotFound, and Conflict if somebody else is looking."""
        looked = self.try_to_look(source_id)
        if looked is None:
            raise Conflict("This source is being looked at just now. Try again in a few minutes.")
        return looked

    def try_to_look(self, source_id: int, *, due_by: datetime | None = None) -> Look | None:
        """Look at a source now, unless somebody else does or changes it meanwhile.

        due_by: only if its turn has come by this time.
        """
        with self._store.write() as tx:
            now = tx.lease_clock()
            until = now + LEASE
            claimed = tx.watched.claim(source_id, now, until, due_by=due_by)
            source = tx.watched.get(source_id)
        if not claimed:
            return None
        try:
            answer = ask_again(self._web, source, self._store.clock())
            return self._put_down(source, until, answer)
        except StoreError:
            raise
        except BulletinError as error:
            return self._put_down_failure(source, until, error, str(error))
        except Exception as error:  # noqa: BLE001  # one that breaks something keeps no other waiting
            reason = f"It could not be read ({type(error).__name__}: {error})."
            return self._put_down_failure(source, until, error, reason)
        except KeyboardInterrupt:
            with self._store.write() as tx:
                tx.watched.finish(source.id, until)
            raise

    def fetch(self, url: str, kind: SourceKind | None) -> Page:
        """A page that has something to read. Raises as `answers.fetch`.

        kind: what is looked for; None for a feed, if there is one.
        """
        return fetch(self._web, url, self._store.clock(), asking_for(kind))

    def keep(self, tx: Transaction, source: WatchedSource, answer: Answer, actor: str) -> Brought:
        """Keep what is new in an answer, and put down that it has been seen."""
        if answer.reading is None:
            return NOTHING
        return self._bringing.bring(tx, source, answer.reading, actor, self._store.clock())

    def remember(self, tx: Transaction, source: WatchedSource, answer: Answer) -> None:
        """Put down that all of an answer has been seen, and keep none of it."""
        if answer.reading is not None:
            self._bringing.remember(tx, source, answer.reading, self._store.clock())

    def well(self, source: WatchedSource, answer: Answer, brought: Brought) -> dict[str, object]:
        """What is put down of a source that answered well."""
        now = self._store.clock()
        values: dict[str, object] = {
            "tried_at": now,
            "seen_at": now,
            "due_at": now + self._about(timedelta(minutes=source.every_minutes)),
            "failing_since": None,
            "failures": 0,
            "trouble": "",
        }
        if brought.new:
            values["brought_at"] = now
        return values | answer.for_next_time()

    def _put_down(self, source: WatchedSource, until: datetime, answer: Answer) -> Look | None:
        with self._store.write() as tx:
            moved = answer.page.moved
            remarks: tuple[str, ...] = ()
            if not tx.watched.finish(source.id, until):
                return None
            brought = self.keep(tx, source, answer, ACTOR)
            values = self.well(source, answer, brought)
            if moved and moved != source.url and not tx.watched.is_watched(moved, source.id):
                values["url"] = moved
                remarks = (moved_for_good(source.url, moved),)
                tx.audit.record(
                    ACTOR, "source.move", f"source:{source.id}", self._store.clock(),
                    before=source.url, after=moved,
                )  # fmt: skip
            tx.watched.change(source.id, **values)
            return Look(tx.watched.get(source.id), brought, remarks)

    def _put_down_failure(
        self, source: WatchedSource, until: datetime, error: Exception, reason: str
    ) -> Look | None:
        now = self._store.clock()
        gone = isinstance(error, Gone)
        if gone:
            reason += " It is no longer looked at."
        values: dict[str, object] = {
            "tried_at": now,
            "due_at": now + self._wait(source, error),
            "failing_since": source.failing_since or now,
            "failures": source.failures + 1,
            "trouble": in_one_line(reason, _MOST_OF_A_TEXT),
            "state": SourceState.PAUSED if gone else source.state,
        }
        with self._store.write() as tx:
            if not tx.watched.finish(source.id, until, **values):
                return None
            return Look(tx.watched.get(source.id))

    def _wait(self, source: WatchedSource, error: Exception) -> timedelta:
        """How long to leave a source alone that has failed: twice as long each time, to a day."""
        pace = timedelta(minutes=source.every_minutes)
        doubled = min(pace * 2 ** min(source.failures, 12), max(_DAY, pace))
        asked = error.retry_after if isinstance(error, Unreachable) else None
        wanted = min(timedelta(seconds=asked or 0), _LONGEST_WAIT)
        return max(self._about(doubled), wanted)

    def _about(self, wait: timedelta) -> timedelta:
        return wait * (1 + self._chance() / 10)


def moved_for_good(before: str, after: str) -> str:
    """A sentence about an address that leads to another for good."""
    return f"It has moved for good from {in_one_line(before)} to {in_one_line(after)}."
