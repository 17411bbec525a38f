"""Editions: what readers with the same roles, in the same nation, see of an issue."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bulletin.models.items import Nation


class Field(StrEnum):
    """The personal fields of a copy. Each is an opaque token through the whole compile."""

    FIRST_NAME = "first_name"
    FULL_NAME = "full_name"
    ORGANISATION = "organisation"
    ROLE = "role"
    UNSUBSCRIBE_URL = "unsubscribe_url"
    PREFERENCES_URL = "preferences_url"
    VIEW_URL = "view_url"
    ACKNOWLEDGE_URL = "acknowledge_url"

    @property
    def token(self) -> str:
        """The stand-in for this field in compiled HTML, text and subject: URL-safe ASCII.

        An address is a whole address, so that templates and premailer treat it as one.
        """
        token = f"BLT0{self.value}0BLT"
        return f"https://blt.invalid/{token}" if self.is_url else token

    @property
    def is_url(self) -> bool:
        return self in URL_FIELDS


URL_FIELDS = frozenset(
    {Field.UNSUBSCRIBE_URL, Field.PREFERENCES_URL, Field.VIEW_URL, Field.ACKNOWLEDGE_URL}
)
MERGE_FIELDS = frozenset({Field.FIRST_NAME, Field.FULL_NAME, Field.ORGANISATION, Field.ROLE})


@dataclass(frozen=True, slots=True)
class ReaderKind:
    """The two facts that decide an edition."""

    roles: frozenset[str]
    nation: Nation | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """What a kind of reader sees: the marker keys that stay, and how many items are among them.

    Keys: PERSONAL, DIARY, `item:ID`, `topic:KEY`, `note:ID` (the whole note of an item),
    `note:ID:ROLE`.
    Equal editions have equal `visible`, whatever the readers' roles.
    """

    visible: frozenset[str]
    items: int


@dataclass(frozen=True, slots=True)
class EditionContent:
    """A rendered edition: subject, HTML and text, with field tokens where the person goes."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class CompiledIssue:
    """The whole issue, rendered once. `html` and `text` carry markers that editions are cut by."""

    subject: str
    html: str
    text: str


PERSONAL = "block:personal"
"""The marker key around what is for one reader alone: in every edition, never on the web."""


DIARY = "block:diary"
"""The marker key around "Dates for your diary", for whoever sees an item with a deadline."""


def item_key(item_id: int) -> str:
    return f"item:{item_id}"


def topic_key(key: int) -> str:
    return f"topic:{key}"


def note_key(item_id: int, role: str | None = None) -> str:
    """The key of an item's note panel, or of the line in it for one role."""
    return f"note:{item_id}" if role is None else f"note:{item_id}:{role}"
