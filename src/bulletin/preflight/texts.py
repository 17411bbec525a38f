"""The texts of an issue as the checks read them: what they say, and the links in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bulletin.models.issues import IssueContent, PlacedItem
from bulletin.models.items import Action
from bulletin.preflight.addresses import page_of


class _Lenient(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002  # markdown-it's own name
        return True  # rendering drops forbidden links; the editor should hear of them


_markdown = _Lenient("zero").enable(
    ["list", "blockquote", "heading", "lheading", "newline", "escape", "link", "autolink",
     "emphasis", "entity"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """A link of an issue. where: how to name its place to the editor; says: its words.

    field: where it is written, as forms call it.
    """

    where: str
    says: str
    url: str
    item_id: int | None = None
    field: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of an issue's text.

    where:  how to name it to the editor ("the intro", "item 7 ('Safer corridors')").
    text:   as it is kept.
    plain:  as it is read: in Markdown without its marks, and a line for each block.
    loose:  what of that stands in no link.
    links:  (words, address) of each link in it.
    merges: whether merge fields in it are filled in.
    field:  which text of the item or issue it is, as forms call it.
    """

    where: str
    text: str
    item_id: int | None = None
    plain: str = ""
    loose: str = ""
    links: tuple[tuple[str, str], ...] = ()
    merges: bool = False
    field: str = ""

    @property
    def body(self) -> bool:
        """Whether it is an item's body."""
        return self.field == "body"


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts of an issue in the order of reading, and all its links."""

    texts: tuple[Text, ...]
    links: tuple[Link, ...]

    def pages(self) -> tuple[str, ...]:
        """The web pages that its links lead to, each once."""
        return tuple(dict.fromkeys(page for link in self.links if (page := page_of(link.url))))


def read_texts(content: IssueContent) -> Texts:
    """Read an issue for its checks. Its Markdown is parsed here and nowhere else."""
    texts = tuple(_texts(content))
    return Texts(texts, tuple(_links(content, texts)))


def _texts(content: IssueContent) -> Iterator[Text]:
    yield _line("the subject", "subject", content.subject, merges=True)
    yield _line("the title", "title", content.title)
    yield _line("the dateline", "dateline", content.dateline)
    yield _line("the standfirst", "standfirst", content.standfirst)
    yield _prose("the intro", "intro", content.intro, merges=True)
    for topic in content.topics:
        yield _line(f"the topic '{topic.title}'", "topic", topic.title)
        for item in topic.items:
            yield from _item_texts(item)
    yield _prose("the closing words", "closing", content.closing, merges=True)
    for helpline in content.helplines:
        yield _line("the helplines", "helplines", f"{helpline.name} {helpline.hours}")


def _item_texts(item: PlacedItem) -> Iterator[Text]:
    where = name_of(item)
    yield _line(where, "title", item.title, item.id)
    yield _line(where, "source", item.source, item.id)
    yield _line(where, "content_note", item.content_note, item.id)
    yield _prose(where, "body", item.body, item.id)
    for note in item.notes:
        yield _prose(f"the note for {note.role} in {where}", "notes", note.text, item.id)
    if item.deadline:
        yield _line(where, "deadline", item.deadline.says, item.id)
    for action in item.actions:
        yield _line(where, "actions", f"{action.label} {action.title}", item.id)


def _links(content: IssueContent, texts: tuple[Text, ...]) -> Iterator[Link]:
    for text in texts:
        for says, url in text.links:
            yield Link(text.where, says, url, text.item_id, text.field)
    for topic in content.topics:
        for item in topic.items:
            for action in item.actions:
                if action.url is not None:
                    yield Link(name_of(item), says_of(action), action.url, item.id, "actions")
    for helpline in content.helplines:
        if helpline.url:
            yield Link("the helplines", helpline.name, helpline.url, None, "helplines")


def name_of(item: PlacedItem) -> str:
    """How to name an item to the editor."""
    return named(item.id, item.title)


def named(item_id: int, title: str) -> str:
    """An item by its number, which commands ask for, and the beginning of its title."""
    return f"item {item_id} ({quoted(title, 40)})" if title.strip() else f"item {item_id}"


def begun(words: str) -> str:
    """Words at the beginning of a sentence."""
    return f"{words[:1].upper()}{words[1:]}"


def quoted(title: str, most: int = 60) -> str:
    """A title in quotes, in one line, and cut after so many characters, between words if it can."""
    words = " ".join(title.split())
    if len(words) <= most:
        return f"'{words}'"
    whole = words[: most + 1].rpartition(" ")[0]
    return f"'{whole.rstrip(' ,;:–—-') or words[:most]}…'"


def shortened(text: str) -> str:
    """A text in one line, cut where it would be too long for a sentence."""
    words = " ".join(text.split())
    return words if len(words) <= 80 else f"{words[:80]}…"


def says_of(action: Action) -> str:
    """The words of an action: "More" tells nothing, "More: Safer corridors" does."""
    label, title = action.label.strip(" :"), action.title.strip()
    return f"{label}: {title}" if label and title else label or title


def _line(
    where: str, field: str, text: str, item_id: int | None = None, *, merges: bool = False
) -> Text:
    return Text(where, text, item_id, plain=text, loose=text, merges=merges, field=field)


def _prose(
    where: str, field: str, text: str, item_id: int | None = None, *, merges: bool = False
) -> Text:
    if not text:
        return Text(where, text, item_id, merges=merges, field=field)
    plain: list[str] = []
    loose: list[str] = []
    links: list[tuple[str, str]] = []
    for block in _markdown.parse(text):
        if block.type == "inline":
            _read(block.children or [], plain, loose, links)
    read = "".join(plain), "".join(loose)
    return Text(where, text, item_id, *read, tuple(links), merges, field)


def _read(
    tokens: list[Token], plain: list[str], loose: list[str], links: list[tuple[str, str]]
) -> None:
    """Add the words and links of one block to what was read before it."""
    says: list[str] = []
    url: str | None = None
    for token in tokens:
        if token.type == "link_open":
            says, url = [], str(token.attrGet("href") or "")
        elif token.type == "link_close" and url is not None:
            links.append(("".join(says), url))
            url = None
        else:
            visible = " " if token.type in {"softbreak", "hardbreak"} else token.content
            plain.append(visible)
            (loose if url is None else says).append(visible)
    plain.append("\n")
    loose.append("\n")
