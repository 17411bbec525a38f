"""What the checks are given, and the ways they walk through it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bulletin.models.checks import Finding
from bulletin.models.issues import IssueContent, PlacedItem, Sender


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is known of the compiled issue. html_bytes: the whole of it, as a reader gets it."""

    html_bytes: int


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of an issue's text.

    where:    how to name it to the editor ("the intro", "'Safer corridors'").
    markdown: whether links in it are understood.
    merges:   whether merge fields in it are filled in.
    """

    where: str
    text: str
    item_id: int | None = None
    markdown: bool = False
    merges: bool = False


@dataclass(frozen=True, slots=True)
class Examined:
    """An issue as the checks see it."""

    content: IssueContent
    sender: Sender
    rendered: Rendered

    def items(self) -> Iterator[PlacedItem]:
        for topic in self.content.topics:
            yield from topic.items

    def texts(self) -> Iterator[Text]:
        """Everything readers may see, in the order of reading."""
        content = self.content
        yield Text("the subject", content.subject, merges=True)
        yield Text("the title", content.title)
        yield Text("the dateline", content.dateline)
        yield Text("the standfirst", content.standfirst)
        yield Text("the intro", content.intro, markdown=True, merges=True)
        for topic in content.topics:
            yield Text(f"the topic '{topic.title}'", topic.title)
            for item in topic.items:
                yield from _item_texts(item)
        yield Text("the closing words", content.closing, markdown=True, merges=True)
        for helpline in content.helplines:
            yield Text("the helplines", f"{helpline.name} {helpline.hours}")


Check = Callable[[Examined], Iterable[Finding]]


def name_of(item: PlacedItem) -> str:
    """How to name an item to the editor."""
    title = " ".join(item.title.split())
    if not title:
        return f"item {item.id}"
    return f"'{title}'" if len(title) <= 60 else f"'{title[:60]}…'"


def _item_texts(item: PlacedItem) -> Iterator[Text]:
    where = name_of(item)
    yield Text(where, item.title, item.id)
    yield Text(where, item.source, item.id)
    yield Text(where, item.content_note, item.id)
    yield Text(where, item.body, item.id, markdown=True)
    for note in item.notes:
        yield Text(f"the note for {note.role} in {where}", note.text, item.id, markdown=True)
    if item.deadline:
        yield Text(where, item.deadline.says, item.id)
    for action in item.actions:
        yield Text(where, f"{action.label} {action.title}", item.id)
