"""Looking: a watched source is asked for news, and what is new goes to the candidates."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bulletin.errors import BulletinError, Conflict, InvalidInput, NotFound, StoreError, Unreachable
from bulletin.models.items import Reading
from bulletin.models.lines import in_one_line
from bulletin.models.sources import SourceKind, SourceState, WatchedSource
from bulletin.models.web import Page, Web
from bulletin.pipeline.collect import Collected, Collecting
from bulletin.pipeline.entries import entries_of, filled, news
from bulletin.sources import SourceFormat, read
from bulletin.store.store import Store, Transaction
from bulletin.store.watched import SeenEntry

LEASE: Final = timedelta(minutes=5)
"""For how long a source is in one process's hands: far longer than asking and reading take."""

ACTOR: Final = "watched sources"
_DAY: Final = timedelta(days=1)
_LONGEST_WAIT: Final = timedelta(days=7)  # that a server may ask for
_MOST_OF_A_TEXT: Final = 500
_OK, _UNCHANGED, _GONE = 200, 304, 410


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a look at a source, which is given as it is afterwards.

    collected: what it brought that had not been seen, also what the library knew from elsewhere.
    remarks:   sentences about the source: it moved, it is gone.
    """

    source: WatchedSource
    collected: Sequence[Collected] = ()
    remarks: tuple[str, ...] = ()

    @property
    def new(self) -> int:
        """How many candidates it brought, updates of items among them."""
        return sum(not each.known for each in self.collected)


@dataclass(frozen=True, slots=True)
class Answer:
    """A page, and what was read of it; None if it has not changed."""

    page: Page
    reading: Reading | None = None

    @property
    def is_feed(self) -> bool:
        return self.reading is not None and is_feed(self.reading)


def is_feed(reading: Reading) -> bool:
    """Whether it was read from a feed, and not from a page."""
    return bool(reading.title or reading.origins)


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
        self._collecting = collecting
        self._chance = chance

    def due(self, enough: Callable[[], bool] = lambda: False) -> Iterator[Looked]:
        """Look at every source whose turn it is, unless somebody else does, until it is enough."""
        now = self._store.clock()
        with self._store.read() as tx:
            waiting = tx.watched.due(now)
        for source_id in waiting:
            if enough():
                return
            with suppress(NotFound):  # it was removed since
                if looked := self.try_to_look(source_id, due_by=now):
                    yield looked

    def look(self, source_id: int) -> Looked:
        """Look at a source now. Raises NotFound, and Conflict if somebody else is looking."""
        looked = self.try_to_look(source_id)
        if looked is None:
            raise Conflict("This source is being looked at just now. Try again in a few minutes.")
        return looked

    def try_to_look(self, source_id: int, *, due_by: datetime | None = None) -> Looked | None:
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
            answer = self._ask_again(source)
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

    def fetch(self, url: str) -> Page:
        """A page that has something to read.

        Raises AddressRefused, Unreachable for any status but 200, InvalidInput if it is empty.
        """
        page = self._web.get(url)
        _refuse_status(page, self._store.clock())
        return page

    def read(self, page: Page, kind: SourceKind | None) -> Answer:
        """What a page has to say. kind: what it has to be, if that is known.

        Raises InvalidInput if there is no news in it; a feed may have none for the moment.
        """
        as_what = SourceFormat.FEED if kind is SourceKind.FEED else SourceFormat.AUTO
        try:
            reading = read(page.body, as_what, charset=page.charset, url=page.url)
        except InvalidInput as error:
            if kind is SourceKind.FEED and "html" in page.headers.get("content-type", "").lower():
                at = in_one_line(page.url)
                raise InvalidInput(f"{at} answered with a page in place of its feed.") from error
            raise
        if not reading.items and kind is not SourceKind.FEED and not is_feed(reading):
            raise InvalidInput(f"No news was found at {in_one_line(page.url)}.")
        return Answer(page, reading)

    def keep(
        self, tx: Transaction, source: WatchedSource, answer: Answer, actor: str
    ) -> list[Collected]:
        """Keep what is new in an answer, and put down that it has been seen."""
        entries = entries_of(answer.reading) if answer.reading else []
        fresh = news(entries, tx.watched.entries(source.id)) if entries else []
        if not fresh or answer.reading is None:
            return []
        if answer.is_feed:
            fresh.reverse()  # the newest comes first in a feed, and last into the library
        title = answer.reading.title
        drafts = [filled(entry.draft, source.defaults, title) for entry in fresh]
        collected = self._collecting.keep_within(tx, drafts, actor)
        tx.watched.remember(
            source.id,
            [
                SeenEntry(entry.key, entry.content, each.id)
                for entry, each in zip(fresh, collected, strict=True)
            ],
            self._store.clock(),
        )
        tx.watched.brought(source.id, [each.id for each in collected if not each.known])
        return collected

    def remember(self, tx: Transaction, source: WatchedSource, answer: Answer) -> None:
        """Put down that all of an answer has been seen, and keep none of it."""
        entries = entries_of(answer.reading) if answer.reading else []
        seen = [SeenEntry(entry.key, entry.content, None) for entry in entries]
        tx.watched.remember(source.id, seen, self._store.clock())

    def well(
        self, source: WatchedSource, answer: Answer, collected: Sequence[Collected]
    ) -> dict[str, object]:
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
        if answer.reading is not None:
            values |= _conditions_for_next_time(answer.page)
        if any(not each.known for each in collected):
            values["brought_at"] = now
        return values

    def _ask_again(self, source: WatchedSource) -> Answer:
        conditions = _conditions(source)
        page = self._web.get(source.url, conditions)
        if page.status == _UNCHANGED and conditions:
            return Answer(page)
        _refuse_status(page, self._store.clock())
        return self.read(page, source.kind)

    def _put_down(self, source: WatchedSource, until: datetime, answer: Answer) -> Looked | None:
        with self._store.write() as tx:
            moved = answer.page.moved
            remarks: tuple[str, ...] = ()
            if not tx.watched.finish(source.id, until):
                return None
            collected = self.keep(tx, source, answer, ACTOR)
            values = self.well(source, answer, collected)
            if moved and moved != source.url and not tx.watched.is_watched(moved, source.id):
                values["url"] = moved
                remarks = (f"It has moved for good from {source.url} to {moved}.",)
                tx.audit.record(
                    ACTOR, "source.move", f"source:{source.id}", self._store.clock(),
                    before=source.url, after=moved,
                )  # fmt: skip
            tx.watched.change(source.id, **values)
            return Looked(tx.watched.get(source.id), collected, remarks)

    def _put_down_failure(
        self, source: WatchedSource, until: datetime, error: Exception, reason: str
    ) -> Looked | None:
        now = self._store.clock()
        gone = isinstance(error, _Gone)
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
            return Looked(tx.watched.get(source.id))

    def _wait(self, source: WatchedSource, error: Exception) -> timedelta:
        """How long to leave a source alone that has failed: twice as long each time, to a day."""
        pace = timedelta(minutes=source.every_minutes)
        doubled = min(pace * 2 ** min(source.failures, 12), max(_DAY, pace))
        asked = error.retry_after if isinstance(error, Unreachable) else None
        wanted = min(timedelta(seconds=asked or 0), _LONGEST_WAIT)
        return max(self._about(doubled), wanted)

    def _about(self, wait: timedelta) -> timedelta:
        return wait * (1 + self._chance() / 10)


class _Gone(Unreachable):
    """The address says itself that it is no more (RFC 9110 section 15.5.11)."""


def _refuse_status(page: Page, now: datetime) -> None:
    at = in_one_line(page.url)
    if page.status == _GONE:
        raise _Gone(f"{at} is gone for good, it says (status 410). It is no longer looked at.")
    if page.status != _OK:
        raise Unreachable(
            f"{at} answered with status {page.status}.", retry_after=page.retry_after(now)
        )
    if not page.body.strip():
        what = in_one_line(page.headers.get("content-type", "")) or "nothing at all"
        raise InvalidInput(f"{at} holds no text that could be read: {what}.")


def _conditions(source: WatchedSource) -> dict[str, str]:
    asked = {"If-None-Match": source.etag, "If-Modified-Since": source.last_modified}
    return {name: value for name, value in asked.items() if value}


def _conditions_for_next_time(page: Page) -> dict[str, object]:
    given = {"etag": page.headers.get("etag", ""),
             "last_modified": page.headers.get("last-modified", "")}  # fmt: skip
    return {name: value if len(value) <= _MOST_OF_A_TEXT else "" for name, value in given.items()}
