"""Watching: which addresses are looked at for news, how often, and what their items get."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from urllib.parse import urldefrag, urlsplit

from bulletin.errors import BulletinError, InvalidInput
from bulletin.models.lines import in_one_line, is_one_line
from bulletin.models.sources import (
    NewSource,
    SourceDefaults,
    SourceKind,
    SourceState,
    WatchedSource,
)
from bulletin.models.web import Page
from bulletin.pipeline.collect import Collected
from bulletin.pipeline.looking import Answer, Looked, Looking
from bulletin.sources import feed_links
from bulletin.store.store import Store

LEAST_MINUTES: Final = 5
MOST_MINUTES: Final = 7 * 24 * 60
FAILING_FOR: Final = timedelta(days=7)
"""After so long without a good answer a source needs a person."""

_LONGEST_TEXT: Final = 200
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
class Listed:
    """A source, and how many of its items wait to be looked at."""

    source: WatchedSource
    candidates: int


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

    def add(self, url: str, wanted: Wanted, actor: str) -> Looked:
        """Look at an address at once, and watch it from then on.

        Of a page that names a feed the feed is watched. Raises Refused if it is watched already,
        and as `Looking.fetch` and `Looking.read` if it has no news that could be read.
        """
        _check_texts(wanted.name, wanted.defaults)
        address, answer, remarks = self._discover(url.strip(), page_itself=wanted.page_itself)
        new = NewSource(
            url=address,
            kind=SourceKind.FEED if answer.is_feed else SourceKind.PAGE,
            name=wanted.name or _own_name(answer, address),
            defaults=wanted.defaults,
            every_minutes=wanted.every_minutes or self._every,
        )
        with self._store.write() as tx:
            now = self._store.clock()
            source = tx.watched.get(tx.watched.add(new, now, actor))
            tx.audit.record(actor, "source.add", f"source:{source.id}", now, url=address)
            collected: list[Collected] = []
            if wanted.only_new:
                self._looking.remember(tx, source, answer)
            else:
                collected = self._looking.keep(tx, source, answer, actor)
            tx.watched.change(source.id, **self._looking.well(source, answer, collected))
            return Looked(tx.watched.get(source.id), collected, remarks)

    def look(self, reference: str) -> Looked:
        """Look at a source now. Raises NotFound, Refused or Conflict."""
        return self._looking.look(self.source(reference).source.id)

    def look_at_all(self) -> list[Looked]:
        """Look at every source that is not paused, due or not, unless somebody else does."""
        with self._store.read() as tx:
            waiting = [
                source.id
                for source in tx.watched.list_sources()
                if source.state is SourceState.ACTIVE
            ]
        found = (self._looking.try_to_look(source_id) for source_id in waiting)
        return [looked for looked in found if looked is not None]

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
    ) -> WatchedSource:
        """Change what is given; defaults hold for what comes from now on.

        A new address is looked at first, and has to hold the same kind of news. Raises as `add`.
        """
        source = self.source(reference).source
        given = {"name": name, "defaults": defaults, "every_minutes": every_minutes}
        values: dict[str, object] = {
            key: value for key, value in given.items() if value is not None
        }
        _check_texts(name or "", defaults or SourceDefaults())
        if name == "":
            raise InvalidInput("A source needs a name.")
        if url is not None:
            page = self._looking.fetch(url.strip())
            self._looking.read(page, source.kind)
            values |= {"url": page.moved or _bare(url), "etag": "", "last_modified": ""}
        return self._change(source, actor, "source.edit", values)

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

    def _discover(self, url: str, *, page_itself: bool) -> tuple[str, Answer, tuple[str, ...]]:
        """The address to watch, what it has, and what there is to say about it."""
        page = self._looking.fetch(url)
        for address in [] if page_itself else _feeds_of(page):
            try:
                feed = self._looking.fetch(address)
                found = self._looking.read(feed, SourceKind.FEED)
            except BulletinError:
                continue
            said = f"This page names a feed, which is watched instead: {in_one_line(address)}"
            return feed.moved or _bare(address), found, (said,)
        return page.moved or _bare(url), self._looking.read(page, None), ()

    def _change(
        self, source: WatchedSource, actor: str, action: str, values: dict[str, object]
    ) -> WatchedSource:
        with self._store.write() as tx:
            tx.watched.change(source.id, **values)
            changed = sorted(values)
            now = self._store.clock()
            tx.audit.record(actor, action, f"source:{source.id}", now, changed=changed)
            return tx.watched.get(source.id)


def _feeds_of(page: Page) -> list[str]:
    try:
        return feed_links(page.body, page.url, page.charset)[:_FEEDS_TRIED]
    except InvalidInput:
        return []  # it is no text


def _own_name(answer: Answer, address: str) -> str:
    """What a feed calls itself, else the host of a page."""
    title = answer.reading.title if answer.reading else ""
    return in_one_line(title, _LONGEST_TEXT) or urlsplit(address).hostname or address


def _bare(address: str) -> str:
    return urldefrag(address.strip()).url


def _check_texts(name: str, defaults: SourceDefaults) -> None:
    for what, text in (("name", name), ("source", defaults.source), ("topic", defaults.topic)):
        if len(text) > _LONGEST_TEXT or not is_one_line(text):
            raise InvalidInput(
                f"The {what} must be one line of at most {_LONGEST_TEXT} characters."
            )
