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
from bulletin.pipeline.draft import content_of
from bulletin.pipeline.fit import fitted
from bulletin.pipeline.freeze import thaw
from bulletin.rendering import Cutter, Renderer
from bulletin.store.store import Store

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


class Previewing:
    """Shows issues to editors as any reader would get them."""

    def __init__(
        self,
        store: Store,
        renderer: Renderer,
        *,
        sender: Callable[[], Sender],
        addressing: Callable[[], Addressing],
    ) -> None:
        self._store = store
        self._renderer = renderer
        self._sender = sender
        self._addressing = addressing

    def edition(self, reference: str, kind: ReaderKind) -> Preview:
        """What a kind of reader gets: as it was approved, or as it stands now."""
        with self._store.read() as tx:
            issue = tx.issues.get(reference)
            if issue.approved_hash is not None:
                snapshot = tx.issues.snapshot(issue)
                (content, sender), compiled = thaw(snapshot), snapshot.compiled
            else:
                sender = self._sender()
                fit = fitted(self._renderer, content_of(tx, issue), sender, issue.length)
                content, compiled = fit.content, fit.compiled
        edition = compose(content, kind)
        cut = Cutter(compiled).cut(edition.visible)
        copy = self._example(kind, sender)
        headers = static_headers(issue_id=issue.id, sender=sender)
        build = Skeleton(cut, sender, headers).dated(self._store.clock())
        return Preview(issue, filled(cut, copy.fields), build(copy), edition.items)

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
