"""What a check before sending has to say, and what checks are told about the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bulletin.models.items import ItemState, ItemWarning, Repeat


class Level(StrEnum):
    """Whether an issue may go out with it. Blocking can be overridden, with a reason on record."""

    BLOCKING = "blocking"
    ADVISORY = "advisory"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found.

    code:    stable, for programs ("link_broken").
    message: a sentence for the editor: what, where, and what to do.
    item_id: the placed item it is about, or None for the issue as a whole.
    several: how the same is said of several items, after "Items 3 and 7"; "" if it is not.
    field:   the field of the item, or of the issue, that mends it; "" if there is none.
    url:     the address of the link that it is about, as it is written there, or "".
    other:   another item that it names, or None.
    """

    code: str
    level: Level
    message: str
    item_id: int | None = None
    several: str = ""
    field: str = ""
    url: str = ""
    other: int | None = None


class Verdict(StrEnum):
    """What became of a look at a link."""

    FINE = "fine"
    MOVED = "moved"  # for good, to an address that is known
    GONE = "gone"  # 404, 410
    SOFT_404 = "soft_404"  # a page came that is not the one asked for
    REFUSED = "refused"  # the server does not show it to us: it cannot be judged
    FAILED = "failed"  # no usable answer: DNS, TLS, time, or a fault of the server
    UNSAFE = "unsafe"  # a private address, which nobody outside can open (requirement 65)


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """What was found at an address, once it was looked at.

    url:      as asked, without its fragment.
    status:   the HTTP status, or None if there was no answer.
    leads_to: where it ended, if that is somewhere else; else "".
    detail:   why, as a phrase after the address ("answers 404: not found"); "" if it is fine.
    """

    url: str
    verdict: Verdict
    checked_at: datetime
    status: int | None = None
    leads_to: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Repeated:
    """An item of the issue that is like another one.

    other, title: the other's number and title.
    issue:        the title of the issue that readers had it in, on `day`, or "" if it stands in
                  the same issue.
    """

    item_id: int
    repeat: Repeat
    other: int
    title: str
    issue: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Newer:
    """An item of the library that is a newer version of one that stands in the issue.

    item_id: the older one's number; newer_id, title and state: the newer one's.
    issues:  slugs of the issues that hold the newer one.
    """

    item_id: int
    newer_id: int
    title: str
    state: ItemState
    issues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What checks know beside the issue itself.

    today, goes_out: days where the readers are; goes_out is today if no time is set.
    stale_after:     days after which news is old.
    links:           by address without its fragment, what was found there lately.
    doubts:          by item, what its import left open.
    repeats:         items that are like others, here or in the issues before.
    unseen:          items that nobody in the audience would see.
    newer:           newer versions of items, but for rejected ones.
    unread:          items of which nobody has said yet who they are for.
    samples:         items made up to try Bulletin with.
    tracked:         addresses that say who follows them, each with the same without that.
    """

    today: date
    goes_out: date
    stale_after: int
    links: Mapping[str, LinkCheck] = field(default_factory=dict)
    doubts: Mapping[int, tuple[ItemWarning, ...]] = field(default_factory=dict)
    repeats: tuple[Repeated, ...] = ()
    unseen: frozenset[int] = frozenset()
    newer: tuple[Newer, ...] = ()
    unread: frozenset[int] = frozenset()
    samples: frozenset[int] = frozenset()
    tracked: Mapping[str, str] = field(default_factory=dict)
