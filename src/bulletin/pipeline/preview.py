"""Preview: an edition as somebody would get it, without sending anything."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bulletin.composition import compose
from bulletin.messages import Skeleton, static_headers
from bulletin.models.deliveries import PREVIEW, Copy
from bulletin.models.editions import EditionContent, Field, ReaderKind
from bulletin.models.issues import Issue, Sender
from bulletin.pipeline.addressing import Addressing
from bulletin.pipeline.showing.galley import Galley, Galleys
from bulletin.store.store import Store, Transaction

EXAMPLE_NAME = "Alex Example"
EXAMPLE_ORGANISATION = "Example School"
EXAMPLE_ADDRESS = "alex@school.example"


@dataclass(frozen=True, slots=True)
class Preview:
    """An edition filled in for an example person, and the whole message as bytes."""

    issue: Issue
    content: EditionContent
    message: bytes
    items: int


@dataclass(frozen=True, slots=True)
class Cut:
    """An edition filled in for an example person.

    items: how many it has, `of` so many in the issue.
    """

    issue: Issue
    galley: Galley
    content: EditionContent
    items: int
    of: int

    @property
    def html_bytes(self) -> int:
        """Of this edition, as a mail program counts them (requirement 50a)."""
        return len(self.content.html.encode())


class Previewing:
    """Shows issues to editors as any reader would get them. Safe to share between threads."""

    def __init__(
        self, store: Store, galleys: Galleys, addressing: Callable[[], Addressing]
    ) -> None:
        self._store = store
        self._galleys = galleys
        self._addressing = addressing

    def edition(self, reference: str, kind: ReaderKind) -> Preview:
        """What a kind of reader gets, with the whole message: as it was approved, or as it stands.

        Raises as `Galleys.of`.
        """
        issue, galley = self._galleys.of(reference)
        edition = compose(galley.content, kind)
        cut = galley.cutter.cut(edition.visible)
        copy = self._example(kind, galley.sender)
        headers = static_headers(issue_id=issue.id, sender=galley.sender)
        build = Skeleton(cut, galley.sender, headers).dated(self._store.clock())
        return Preview(issue, filled(cut, copy.fields), build(copy), edition.items)

    def cut(self, reference: str, kind: ReaderKind, digest: str = "") -> Cut:
        """The same without the message, in a millisecond if the issue has not changed since.

        digest: see `Galleys.of`, also for what it raises.
        """
        return self.cut_from(*self._galleys.of(reference, digest), kind)

    def galley(self, tx: Transaction, issue: Issue) -> Galley:
        """The issue that editions are cut from, within a transaction. Raises as `Galleys.of`."""
        return self._galleys.within(tx, issue)

    def cut_from(self, issue: Issue, galley: Galley, kind: ReaderKind) -> Cut:
        """The edition of a kind of reader."""
        edition = compose(galley.content, kind)
        content = galley.cutter.cut(edition.visible)
        fields = self._example(kind, galley.sender).fields
        of = sum(len(topic.items) for topic in galley.content.topics)
        return Cut(issue, galley, filled(content, fields), edition.items, of)

    def _example(self, kind: ReaderKind, sender: Sender) -> Copy:
        return self._addressing().copy(
            delivery_id=PREVIEW,
            subscriber_id=PREVIEW,
            email=EXAMPLE_ADDRESS,
            name=EXAMPLE_NAME,
            organisation=EXAMPLE_ORGANISATION,
            roles=kind.roles,
            domain=sender.email.rpartition("@")[2],
        )


def filled(content: EditionContent, fields: Mapping[Field, str]) -> EditionContent:
    """An edition with its tokens replaced; in HTML the values are escaped."""
    subject, markup, text = content.subject, content.html, content.text
    for field, value in fields.items():
        subject = subject.replace(field.token, value)
        text = text.replace(field.token, value)
        markup = markup.replace(field.token, html.escape(value))
    return EditionContent(subject, markup, text)
