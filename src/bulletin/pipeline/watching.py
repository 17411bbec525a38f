"""Watching: which addresses are looked at for news, how often, and what their items get."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from urllib.parse import urldefrag, urlsplit

from bulletin.errors import BulletinError, InvalidInput, Refused
from bulletin.models.items import ItemDraft
from bulletin.models.lines import in_one_line, is_one_line
from bulletin.models.sources import (
    NewSource,
    SourceDefaults,
    SourceKind,
    SourceState,
    WatchedSource,
)
from bulletin.models.web import Page
from bulletin.pipeline.answers import Answer, read_answer
from bulletin.pipeline.bringing import NOTHING
from bulletin.pipeline.looking import Look, Looking, moved_for_good
from bulletin.pipeline.visiting import feeds_of, title_of
from bulletin.store.store import Store, Transaction

LEAST_MINUTES: Final = 5
MOST_MINUTES: Final = 7 * 24 * 60
FAILING_FOR: Final = timedelta(days=7)
"""After so long without a good answer a source needs a person."""

_LONGEST_TEXT: Final = 200
_LONGEST_NAME: Final = 100  # of those that sources give themselves
_FEEDS_TRIED: Final = 3
_PACE: Final = re.compile(r"\s*([0-9]{1,6})\s*(m|min|h|d|)\s*\Z", re.IGNORECASE)
_MINUTES: Final = {"": 1, "m": 1, "min": 1, "h": 60, "d": 24 * 60}


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a new source is to be watched.

    name:          "" for what it calls itself.
    every_minutes: None for the usual.
    page_itself:   watch a page even if it names a feed.
    only_new:      what it holds now counts as seen.
    """

    name: str = ""
    defaults: SourceDefaults = field(default_factory=SourceDefaults)
    every_minutes: int | None = None
    page_itself: bool = False
    only_new: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What watching an address would begin with. name: what it calls itself."""

    address: str
    kind: SourceKind
    name: str
    items: tuple[ItemDraft, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A source, and how many of its items wait to be looked at."""

    source: WatchedSource
    candidates: int


@dataclass(frozen=True, slots=True)
class Round:
    """What came of looking at all sources.

    paused: how many were not looked at because they are paused.
    missed: how many somebody else is looking at just now, or has removed since.
    """

    looks: tuple[Look, ...]
    paused: int = 0
    missed: int = 0


def minutes(text: str) -> int:
    """`90`, `90m`, `2h` or `1d` as minutes. Raises InvalidInput, also below 5 and above a week."""
    found = _PACE.match(text)
    number = int(found[1]) * _MINUTES[found[2].lower()] if found else 0
    if not LEAST_MINUTES <= number <= MOST_MINUTES:
        raise InvalidInput(
            f"'{in_one_line(text, 40)}' is no pace. Write minutes, hours or days, such as 60m, 2h "
            "or 1d: at least 5m, at most 7d."
        )
    return number


class Watching:
    """Adds, shows, changes and removes watched sources.

    every_minutes: how often a source is looked at that has no pace of its own.
    """

    def __init__(self, store: Store, looking: Looking, every_minutes: int) -> None:
        self._store = store
        self._looking = looking
        self._every = every_minutes

    def add(self, url: str, wanted: Wanted, actor: str) -> Look:
        """Look at an address at once, and watch it from then on.

        Of a page that names a feed the feed is watched. Raises Refused if it is watched already,
        and as `Looking.fetch` and `read_answer` if it has no news that could be read.
        """
        _check_texts(wanted.name, wanted.defaults)
        address, answer, remarks = self._discover(url.strip(), page_itself=wanted.page_itself)
        with self._store.write() as tx:
            source = self._added(tx, address, answer, wanted, actor)
            if not wanted.only_new:
                return self._keep(tx, source, answer, actor, remarks)
            self._looking.remember(tx, source, answer)
            tx.watched.change(source.id, **self._looking.well(source, answer, NOTHING))
            return Look(tx.watched.get(source.id), NOTHING, remarks)

    def find(self, url: str, *, page_itself: bool = False) -> Finding:
        """What `add` would find at an address; nothing is watched or kept. Raises as `add`."""
        address, answer, remarks = self._discover(url.strip(), page_itself=page_itself)
        with self._store.read() as tx:
            if tx.watched.is_watched(address, 0):
                raise Refused(f"{in_one_line(address)} is watched already.")
        items = answer.reading.items if answer.reading else ()
        return Finding(address, _kind(answer), _own_name(answer, address), items, remarks)

    def look(self, reference: str) -> Look:
        """Look at a source now. Raises NotFound, Refused or Conflict."""
        return self._looking.look(self.source(reference).source.id)

    def look_at_all(self) -> Round:
        """Look at every source that is not paused, due or not, unless somebody else does."""
        with self._store.read() as tx:
            listed = tx.watched.list_sources()
        active = [source.id for source in listed if source.state is SourceState.ACTIVE]
        looks = tuple(self._looking.one_by_one(active))
        return Round(looks, paused=len(listed) - len(active), missed=len(active) - len(looks))

    def sources(self) -> list[Listed]:
        """All of them, in the order in which they were added."""
        with self._store.read() as tx:
            waiting = tx.watched.candidates()
            listed = tx.watched.list_sources()
        return [Listed(source, waiting.get(source.id, 0)) for source in listed]

    def source(self, reference: str) -> Listed:
        """One by number, address or name. Raises NotFound, or Refused if several have the name."""
        with self._store.read() as tx:
            found = tx.watched.find(reference)
            return Listed(found, tx.watched.candidates().get(found.id, 0))

    def failing(self) -> list[WatchedSource]:
        """Those that have not answered well for a week."""
        with self._store.read() as tx:
            return tx.watched.failing_since(self._store.clock() - FAILING_FOR)

    def edit(
        self,
        reference: str,
        actor: str,
        *,
        url: str | None = None,
        name: str | None = None,
        defaults: SourceDefaults | None = None,
        every_minutes: int | None = None,
    ) -> Look:
        """Change what is given; defaults hold for what comes from now on.

        A new address is looked at first, and has to hold the same kind of news, which is kept. A
        quicker pace brings the next look forward. Raises as `add`.
        """
        source = self.source(reference).source
        _check_texts(name or "", defaults or SourceDefaults())
        if name == "":
            raise InvalidInput("A source needs a name.")
        given = {"name": name, "defaults": defaults, "every_minutes": every_minutes}
        values: dict[str, object] = {
            key: value for key, value in given.items() if value is not None
        }
        if every_minutes is not None and source.due_at is not None:
            soonest = self._store.clock() + timedelta(minutes=every_minutes)
            values["due_at"] = min(source.due_at, soonest)
        if url is not None:
            return self._move(source, url, actor, values)
        return Look(self._change(source, actor, "source.edit", values))

    def pause(self, reference: str, actor: str) -> WatchedSource:
        """Look at it no more until it is resumed."""
        values: dict[str, object] = {"state": SourceState.PAUSED}
        return self._change(self.source(reference).source, actor, "source.pause", values)

    def resume(self, reference: str, actor: str) -> WatchedSource:
        """Look at it again, from the next round on."""
        values: dict[str, object] = {
            "state": SourceState.ACTIVE,
            "due_at": self._store.clock(),
            "failures": 0,
        }
        return self._change(self.source(reference).source, actor, "source.resume", values)

    def remove(self, reference: str, actor: str) -> WatchedSource:
        """Watch it no more; its items stay. Returns it as it was."""
        source = self.source(reference).source
        with self._store.write() as tx:
            tx.watched.remove(source.id)
            now = self._store.clock()
            tx.audit.record(actor, "source.remove", f"source:{source.id}", now, url=source.url)
        return source

    def _move(self, source: WatchedSource, url: str, actor: str, values: dict[str, object]) -> Look:
        """Watch another address from now on, beginning with what it has."""
        page = self._looking.fetch(url.strip(), source.kind)
        answer = read_answer(page, source.kind)
        moved = values | {"url": page.moved or _bare(url)}
        with self._store.write() as tx:
            changed = self._changed(tx, source, actor, "source.edit", moved)
            return self._keep(tx, changed, answer, actor, _moved(url, page))

    def _added(
        self, tx: Transaction, address: str, answer: Answer, wanted: Wanted, actor: str
    ) -> WatchedSource:
        new = NewSource(
            url=address,
            kind=_kind(answer),
            name=wanted.name or _free_name(tx, _own_name(answer, address), address),
            defaults=wanted.defaults,
            every_minutes=wanted.every_minutes or self._every,
        )
        now = self._store.clock()
        source = tx.watched.get(tx.watched.add(new, now, actor))
        tx.audit.record(actor, "source.add", f"source:{source.id}", now, url=address)
        return source

    def _keep(
        self,
        tx: Transaction,
        source: WatchedSource,
        answer: Answer,
        actor: str,
        remarks: tuple[str, ...],
    ) -> Look:
        """Keep what a person's look at a source has brought."""
        brought = self._looking.keep(tx, source, answer, actor)
        tx.watched.change(source.id, **self._looking.well(source, answer, brought))
        return Look(tx.watched.get(source.id), brought, remarks)

    def _discover(self, url: str, *, page_itself: bool) -> tuple[str, Answer, tuple[str, ...]]:
        """The address to watch, what it has, and what there is to say about it."""
        page = self._looking.fetch(url, SourceKind.PAGE if page_itself else None)
        for address in [] if page_itself else feeds_of(page)[:_FEEDS_TRIED]:
            try:
                feed = self._looking.fetch(address, SourceKind.FEED)
                found = read_answer(feed, SourceKind.FEED)
            except BulletinError:
                continue
            said = f"This page names a feed, which is watched instead: {in_one_line(address)}"
            return feed.moved or _bare(address), found, (said, *_moved(address, feed))
        return page.moved or _bare(url), read_answer(page, None), _moved(url, page)

    def _change(
        self, source: WatchedSource, actor: str, action: str, values: dict[str, object]
    ) -> WatchedSource:
        with self._store.write() as tx:
            return self._changed(tx, source, actor, action, values)

    def _changed(
        self,
        tx: Transaction,
        source: WatchedSource,
        actor: str,
        action: str,
        values: dict[str, object],
    ) -> WatchedSource:
        tx.watched.change(source.id, **values)
        now = self._store.clock()
        tx.audit.record(actor, action, f"source:{source.id}", now, changed=sorted(values))
        return tx.watched.get(source.id)


def _moved(url: str, page: Page) -> tuple[str, ...]:
    """That an address which somebody named is no longer the one, if so."""
    return (moved_for_good(_bare(url), page.moved),) if page.moved else ()


def _kind(answer: Answer) -> SourceKind:
    return SourceKind.FEED if answer.is_feed else SourceKind.PAGE


def _own_name(answer: Answer, address: str) -> str:
    """What a feed or page calls itself, else its host."""
    title = answer.reading.title if answer.reading else ""
    title = title or title_of(answer.page)
    return in_one_line(title, _LONGEST_NAME) or urlsplit(address).hostname or address


def _free_name(tx: Transaction, name: str, address: str) -> str:
    """A name that no other source has: sites give one title to several pages and feeds."""
    taken = {source.name.casefold() for source in tx.watched.list_sources()}
    if name.casefold() not in taken:
        return name
    at = in_one_line(address.partition("://")[2], _LONGEST_TEXT - _LONGEST_NAME - 3)
    return f"{name} ({at})"


def _bare(address: str) -> str:
    return urldefrag(address.strip()).url


def _check_texts(name: str, defaults: SourceDefaults) -> None:
    for what, text in (("name", name), ("source", defaults.source), ("topic", defaults.topic)):
        if len(text) > _LONGEST_TEXT or not is_one_line(text):
            raise InvalidInput(
                f"The {what} must be one line of at most {_LONGEST_TEXT} characters."
            )
