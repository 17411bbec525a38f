"""Commenting: what people say about an issue and its items while it is made. Plain text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from bulletin.errors import InvalidInput, NotFound
from bulletin.models.issues import Issue
from bulletin.models.reviews import Comment, Thread
from bulletin.store.store import Store

LONGEST = 5_000  # characters


@dataclass(frozen=True, slots=True)
class Discussion:
    """The threads of an issue, oldest first. titles: of the items that they are about."""

    issue: Issue
    threads: tuple[Thread, ...]
    titles: Mapping[int, str]

    @property
    def open(self) -> tuple[Thread, ...]:
        return tuple(thread for thread in self.threads if thread.is_open)

    @property
    def settled(self) -> tuple[Thread, ...]:
        return tuple(thread for thread in self.threads if not thread.is_open)


class Commenting:
    """Threads of comments. They never touch what an issue says, so an approval holds."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def discussion(self, reference: str, item_id: int | None = None) -> Discussion:
        """What was said about an issue, or about one item of it. Raises NotFound."""
        with self._store.read() as tx:
            issue = tx.issues.get(reference)
            said = tx.comments.of(issue.id)
            about = {comment.item_id for comment in said if comment.item_id is not None}
            items = tx.items.list_items(ids=sorted(about | ({item_id} if item_id else set())))
        threads = _threads(said)
        if item_id is not None:
            threads = tuple(one for one in threads if one.first.item_id == item_id)
        return Discussion(issue, threads, {item.id: item.draft.title for item in items})

    def open_counts(self, reference: str) -> Mapping[int | None, int]:
        """How many threads are open, by item; None: about the issue as a whole."""
        with self._store.read() as tx:
            return tx.comments.open_counts(tx.issues.get(reference).id)

    def say(self, reference: str, text: str, actor: str, item_id: int | None = None) -> int:
        """Begin a thread. Returns its number.

        Raises InvalidInput for no text or one that is too long, NotFound for an item that does not
        stand in the issue.
        """
        text = _checked(text)
        with self._store.write() as tx:
            issue = tx.issues.get(reference)
            placed = {one.item_id for one in tx.issues.placements(issue.id)}
            if item_id is not None and item_id not in placed:
                raise NotFound("That item does not stand in this issue.")
            return tx.comments.add(issue.id, text, actor, self._store.clock(), item_id=item_id)

    def answer(self, reference: str, thread_id: int, text: str, actor: str) -> int:
        """Answer in a thread, which is open again if it was settled. Raises as `say`."""
        text = _checked(text)
        now = self._store.clock()
        with self._store.write() as tx:
            issue = tx.issues.get(reference)
            first = tx.comments.get(issue.id, thread_id)
            if first.thread_id is not None:
                raise NotFound("There is no such thread on this issue.")
            if first.resolved_at is not None:
                tx.comments.resolve(first.id, "", None)
            return tx.comments.add(
                issue.id, text, actor, now, item_id=first.item_id, thread_id=first.id
            )

    def resolve(self, reference: str, thread_id: int, actor: str, *, settled: bool = True) -> None:
        """Say of a thread that it is settled, or (not settled) open again. Raises NotFound."""
        with self._store.write() as tx:
            first = tx.comments.get(tx.issues.get(reference).id, thread_id)
            if (first.resolved_at is not None) is not settled:
                now = self._store.clock() if settled else None
                tx.comments.resolve(first.id, actor if settled else "", now)


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise InvalidInput("Write what you want to say first.")
    if len(text) > LONGEST:
        raise InvalidInput(f"A comment has at most {LONGEST:,} characters; this has {len(text):,}.")
    return text


def _threads(said: list[Comment]) -> tuple[Thread, ...]:
    answers: defaultdict[int, list[Comment]] = defaultdict(list)
    for comment in said:
        if comment.thread_id is not None:
            answers[comment.thread_id].append(comment)
    first = (comment for comment in said if comment.thread_id is None)
    return tuple(Thread(comment, tuple(answers[comment.id])) for comment in first)
