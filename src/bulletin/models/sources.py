"""Watched sources: addresses that are looked at for news, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bulletin.models.items import Nation


class SourceState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"


class SourceKind(StrEnum):
    FEED = "feed"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class SourceDefaults:
    """What the items of a source get where their own text says nothing."""

    source: str = ""
    topic: str = ""
    nations: tuple[Nation, ...] = ()


@dataclass(frozen=True, slots=True)
class NewSource:
    """An address to watch."""

    url: str
    kind: SourceKind
    name: str
    defaults: SourceDefaults
    every_minutes: int


@dataclass(frozen=True, slots=True)
class WatchedSource:
    """An address that is looked at every so many minutes.

    kind:          what it answers with: a feed that answers with a page has failed.
    seen_at:       when it last answered well, with news or without.
    brought_at:    when it last brought something new.
    failing_since: since when it has not answered well, and `trouble` why.
    etag, last_modified: what its server gave with the last answer (RFC 9110 section 13.1).
    digest:        of the last answer that was read, or "".
    """

    id: int
    url: str
    kind: SourceKind
    name: str
    defaults: SourceDefaults
    every_minutes: int
    state: SourceState
    added_at: datetime
    due_at: datetime | None = None
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    tried_at: datetime | None = None
    seen_at: datetime | None = None
    brought_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    trouble: str = ""
