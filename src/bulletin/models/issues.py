"""Issues: one number of the bulletin, while it is made and once it is frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bulletin.models.editions import CompiledIssue
from bulletin.models.items import Action, Deadline, Nation, Note


class IssueState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"


class Visibility(StrEnum):
    """Who may read an issue in the archive. Private by default (requirement 72)."""

    PRIVATE = "private"
    PUBLIC = "public"


class Length(StrEnum):
    """How much of an issue the email holds; what is missing is on the web (requirement 50a).

    Each step is shorter: the contents list names topics alone, then bodies are cut to excerpts.
    """

    FULL = "full"
    TOPICS = "topics"
    EXCERPTS = "excerpts"


@dataclass(frozen=True, slots=True)
class Helpline:
    """Somebody to turn to. phone is as people write it, url an address on the web or None."""

    name: str
    phone: str = ""
    hours: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the bulletin comes from; part of what an approver signs (requirements 29, 36).

    list_id is the bare identifier of RFC 2919 ("bulletin.school.example").
    """

    name: str
    email: str
    reply_to: str
    postal_address: str
    list_id: str


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """An item as it stands in an issue.

    roles:        who sees it; empty means everybody.
    only_nations: readers elsewhere do not see it; empty means everybody.
    nations:      the nations the news is about, shown as text.
    body, notes:  Markdown.
    content_note: a line that prepares for a distressing subject, or "".
    """

    id: int
    title: str
    body: str
    source: str = ""
    published: date | None = None
    actions: tuple[Action, ...] = ()
    nations: tuple[Nation, ...] = ()
    roles: frozenset[str] = frozenset()
    notes: tuple[Note, ...] = ()
    only_nations: frozenset[Nation] = frozenset()
    deadline: Deadline | None = None
    content_note: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A heading of an issue and its items, in the editor's order. `key` is unique in the issue."""

    key: int
    title: str
    items: tuple[PlacedItem, ...]


@dataclass(frozen=True, slots=True)
class IssueContent:
    """Everything that readers may see of an issue; what composition cuts and rendering compiles.

    subject, standfirst: plain text; intro, closing: Markdown. All but standfirst may hold merge
    fields (`{{first_name}}`, `{{full_name}}`, `{{organisation}}`, `{{role}}`); any other text in
    braces is just text.
    dateline: e.g. "December 2026", shown above the title.
    diary: whether the items' deadlines are collected under "Dates for your diary".
    """

    title: str
    subject: str
    topics: tuple[Topic, ...]
    standfirst: str = ""
    intro: str = ""
    closing: str = ""
    dateline: str = ""
    helplines: tuple[Helpline, ...] = ()
    diary: bool = True
    length: Length = Length.FULL


@dataclass(frozen=True, slots=True)
class Audience:
    """Which segments an issue goes to. No included segment means every subscriber."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """The record of an issue; its items stand in its placements.

    length: how the editor wants it, or None: as long as a mailbox takes it.
    corrects_issue_id, corrects_item_id: set on a correction, which goes to exactly those whose
        edition of that issue had that item.
    rehearsal_of: the issue of which this is a rehearsal; it is evidence of nothing.
    """

    id: int
    slug: str
    title: str
    subject: str
    standfirst: str
    intro: str
    closing: str
    state: IssueState
    visibility: Visibility
    audience: Audience
    version: int
    created_at: datetime
    updated_at: datetime
    created_by: str
    dateline: str = ""
    helplines: tuple[Helpline, ...] = ()
    diary: bool = True
    length: Length | None = None
    scheduled_at: datetime | None = None
    missed_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    approved_hash: str | None = None
    state_reason: str = ""
    corrects_issue_id: int | None = None
    corrects_item_id: int | None = None
    rehearsal_of: int | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an item stands in an issue. `topic` is the heading it stands under."""

    item_id: int
    topic: str
    only_nations: frozenset[Nation] = frozenset()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The frozen content of an issue. `document` is its content and sender as JSON."""

    hash: str
    document: Mapping[str, Any]
    compiled: CompiledIssue
    approved_by: str
    override_reason: str = ""
