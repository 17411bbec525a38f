"""The press: a frozen issue's editions, each composed, cut and made into a skeleton once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from bulletin.composition import compose
from bulletin.messages import SigningKey, Skeleton, static_headers
from bulletin.models.deliveries import Copy
from bulletin.models.editions import Edition, EditionContent, ReaderKind
from bulletin.models.issues import Snapshot
from bulletin.pipeline.freeze import thaw
from bulletin.rendering import Cutter


class Press:
    """Editions of one approved issue. Threads share it: each edition is printed once for all.

    keys: each signs every copy (DKIM).
    """

    def __init__(self, issue_id: int, snapshot: Snapshot, keys: Sequence[SigningKey] = ()) -> None:
        self._keys = keys
        self.content, self.sender = thaw(snapshot)
        self.headers = static_headers(issue_id=issue_id, sender=self.sender)
        self._cutter = Cutter(snapshot.compiled)
        self._lock = threading.Lock()
        self._editions: dict[ReaderKind, Edition] = {}
        self._printed: dict[frozenset[str], tuple[EditionContent, Skeleton]] = {}

    def edition(self, kind: ReaderKind) -> Edition:
        """What a kind of reader sees."""
        if kind not in self._editions:
            self._editions[kind] = compose(self.content, kind)
        return self._editions[kind]

    def content_for(self, kind: ReaderKind) -> EditionContent:
        """The rendered edition for a kind of reader, with tokens where the person goes."""
        return self._print(kind)[0]

    def copies(self, kind: ReaderKind, now: datetime) -> Callable[[Copy], bytes]:
        """Builds the finished MIME bytes of copies for a kind of reader, dated now."""
        return self._print(kind)[1].dated(now)

    def check_for(self, kind: ReaderKind) -> Callable[[Copy], object]:
        """Raises InvalidInput for a copy that no message can be made of, without making it."""
        return self._print(kind)[1].own_headers

    def _print(self, kind: ReaderKind) -> tuple[EditionContent, Skeleton]:
        with self._lock:
            visible = self.edition(kind).visible
            if visible not in self._printed:
                content = self._cutter.cut(visible)
                skeleton = Skeleton(content, self.sender, self.headers, self._keys)
                self._printed[visible] = (content, skeleton)
            return self._printed[visible]
