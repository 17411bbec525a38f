"""Answers: what a web address says when it is asked for news, and whether that is any."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bulletin.errors import InvalidInput, Unreachable
from bulletin.models.items import Reading
from bulletin.models.lines import in_one_line
from bulletin.models.sources import SourceKind, WatchedSource
from bulletin.models.web import FOR_FEEDS, Page, Web
from bulletin.sources import SourceFormat, read

_LONGEST_CONDITION: Final = 500
_OK, _UNCHANGED, _GONE = 200, 304, 410


@dataclass(frozen=True, slots=True)
class Answer:
    """A page, and what was read of it; None if it has not changed."""

    page: Page
    reading: Reading | None = None

    @property
    def is_feed(self) -> bool:
        return self.reading is not None and is_feed(self.reading)

    def for_next_time(self) -> dict[str, str]:
        """What is kept of it to find out whether the next one is the same."""
        if self.reading is None:
            return {}
        given = {"etag": self.page.headers.get("etag", ""),
                 "last_modified": self.page.headers.get("last-modified", "")}  # fmt: skip
        kept = {
            name: text if len(text) <= _LONGEST_CONDITION else "" for name, text in given.items()
        }
        return kept | {"digest": _digest(self.page)}


class Gone(Unreachable):
    """The address says itself that it is no more (RFC 9110 section 15.5.11)."""


def is_feed(reading: Reading) -> bool:
    """Whether it was read from a feed, and not from a page."""
    return bool(reading.title or reading.origins)


def fetch(web: Web, url: str, now: datetime, headers: Mapping[str, str] | None = None) -> Page:
    """A page that has something to read.

    Raises AddressRefused, Gone, Unreachable for any other status but 200, InvalidInput if it is
    empty.
    """
    page = web.get(url, headers)
    _refuse_status(page, now)
    return page


def ask_again(web: Web, source: WatchedSource, now: datetime) -> Answer:
    """What a source says now. Nothing is read of what it has said before, in the same bytes.

    Raises as `fetch` and `read_answer`.
    """
    conditions = _conditions(source)
    page = web.get(source.url, conditions | asking_for(source.kind))
    if page.status == _UNCHANGED and conditions:
        return Answer(page)
    _refuse_status(page, now)
    if source.digest == _digest(page):
        return Answer(page)
    return read_answer(page, source.kind)


def asking_for(kind: SourceKind | None) -> dict[str, str]:
    """Headers for what is looked for; None for a feed, if there is one."""
    return {} if kind is SourceKind.PAGE else dict(FOR_FEEDS)


def read_answer(page: Page, kind: SourceKind | None) -> Answer:
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


def _refuse_status(page: Page, now: datetime) -> None:
    at = in_one_line(page.url)
    if page.status == _GONE:
        raise Gone(f"{at} is gone for good, it says (status 410).")
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


def _digest(page: Page) -> str:
    """What tells one answer from another, also of servers that give no ETag."""
    return hashlib.sha256(page.url.encode() + b"\n" + page.body).hexdigest()
