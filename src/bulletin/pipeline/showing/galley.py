"""Galley: an issue compiled once and kept, so that any edition of it is cut in a moment."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from bulletin.models.editions import CompiledIssue
from bulletin.models.issues import Issue, IssueContent, IssueState, Length, Sender
from bulletin.pipeline.draft import content_of
from bulletin.pipeline.fit import fitted
from bulletin.pipeline.freeze import thaw
from bulletin.rendering import Cutter, Renderer
from bulletin.store.store import Store, Transaction

_KEPT = 16  # compiled issues in memory, the last used ones: about half a megabyte each


@dataclass(frozen=True, slots=True)
class Galley:
    """An issue as its readers would get it, compiled.

    compiled:   as it is frozen once somebody sends it for approval.
    html_bytes: of the whole, as a reader of everything gets it (requirement 50a).
    digest:     changes with every byte that readers can come to see.
    """

    content: IssueContent
    sender: Sender
    compiled: CompiledIssue
    cutter: Cutter
    html_bytes: int
    digest: str


class Galleys:
    """Compiles issues and keeps the last ones. Safe to share between threads.

    sender: who the bulletin comes from; raises Misconfigured if that is not set.
    """

    def __init__(self, store: Store, renderer: Renderer, sender: Callable[[], Sender]) -> None:
        self._store = store
        self._renderer = renderer
        self._sender = sender
        self._one_at_a_time = Lock()
        self._fitted = lru_cache(maxsize=_KEPT)(self._fit)
        self._frozen = lru_cache(maxsize=_KEPT)(self._thaw)
        self._recent: dict[tuple[str, str], tuple[Issue, Galley]] = {}

    def of(self, reference: str, digest: str = "") -> tuple[Issue, Galley]:
        """An issue as it was frozen for its approval, or as it stands now.

        digest: of the version that is wanted; while that is kept, the database is not asked.
        Raises NotFound, Misconfigured without a sender, RenderingError for a broken theme, and
        Refused if what was approved is not what the database holds.
        """
        if kept := self._recent.get((reference, digest)):
            return kept
        with self._store.read() as tx:
            issue = tx.issues.get(reference)
            return issue, self.within(tx, issue)

    def within(self, tx: Transaction, issue: Issue) -> Galley:
        """The same within a transaction. Raises as `of`."""
        frozen = frozen_hash(tx, issue)
        content = None if frozen else content_of(tx, issue)
        # Two that ask for the same at once, such as a frame and its counts, compile it once.
        with self._one_at_a_time:
            if content is None:
                galley = self._frozen(issue.id, frozen)
            else:
                galley = self._fitted(content, self._sender(), issue.length)
            self._remember(issue, galley)
        return galley

    def _remember(self, issue: Issue, galley: Galley) -> None:
        key = str(issue.id), galley.digest
        self._recent.pop(key, None)
        self._recent[key] = issue, galley
        while len(self._recent) > _KEPT:
            del self._recent[next(iter(self._recent))]

    def _fit(self, content: IssueContent, sender: Sender, length: Length | None) -> Galley:
        fit = fitted(self._renderer, content, sender, length)
        return _galley(fit.content, sender, fit.compiled)

    def _thaw(self, issue_id: int, content_hash: str) -> Galley:
        with self._store.read() as tx:
            snapshot = tx.issues.frozen(issue_id, content_hash)
        content, sender = thaw(snapshot)
        return _galley(content, sender, snapshot.compiled)


def standing_content(tx: Transaction, issue: Issue) -> IssueContent:
    """What an issue says: as it was frozen for its approval, or as it stands now."""
    frozen = frozen_hash(tx, issue)
    return thaw(tx.issues.frozen(issue.id, frozen))[0] if frozen else content_of(tx, issue)


def frozen_hash(tx: Transaction, issue: Issue) -> str:
    """The hash of what was approved of an issue, or was sent for approval; "" of a draft."""
    if issue.state is IssueState.IN_REVIEW:
        review = tx.reviews.waiting(issue.id)
        return review.hash if review else ""
    return issue.approved_hash or ""


def _galley(content: IssueContent, sender: Sender, compiled: CompiledIssue) -> Galley:
    cutter = Cutter(compiled)
    size = len(cutter.whole().html.encode())
    seen = "\0".join((compiled.subject, compiled.html, compiled.text))
    digest = hashlib.sha256(seen.encode("utf-8", "surrogatepass")).hexdigest()
    return Galley(content, sender, compiled, cutter, size, digest[:16])
