"""What the checks are given, and the ways they walk through it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bulletin.models.checks import Circumstances, Finding, Level
from bulletin.models.issues import IssueContent, PlacedItem, Sender
from bulletin.preflight.texts import Link, Text, Texts, begun, name_of


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is known of the compiled issue. html_bytes: the whole of it, as a reader gets it."""

    html_bytes: int


@dataclass(frozen=True, slots=True)
class Examined:
    """An issue as the checks see it: `read` is what `read_texts` made of its content."""

    content: IssueContent
    sender: Sender
    rendered: Rendered
    around: Circumstances
    read: Texts

    @property
    def texts(self) -> tuple[Text, ...]:
        return self.read.texts

    @property
    def links(self) -> tuple[Link, ...]:
        return self.read.links

    def items(self) -> Iterator[PlacedItem]:
        for topic in self.content.topics:
            yield from topic.items


Check = Callable[[Examined], Iterable[Finding]]


def blocking(
    code: str, message: str, item_id: int | None = None, *, field: str = "", url: str = ""
) -> Finding:
    """A finding that keeps an issue from going out."""
    return Finding(code, Level.BLOCKING, message, item_id, field=field, url=url)


def advisory(
    code: str, message: str, item_id: int | None = None, *, field: str = "", url: str = ""
) -> Finding:
    """A finding that an editor may know better about."""
    return Finding(code, Level.ADVISORY, message, item_id, field=field, url=url)


def about(code: str, item: PlacedItem, what: str, several: str = "", *, field: str = "") -> Finding:
    """An advisory finding about an item: its name, and `what` of it ("has no title").

    several: the same of several items ("have no title").
    """
    end = "" if what.endswith((".", "?", "!")) else "."
    message = f"{begun(name_of(item))} {what}{end}"
    return Finding(code, Level.ADVISORY, message, item.id, several, field)
