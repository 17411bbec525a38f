"""What the templates are given: every text of an issue, cleaned and ready to show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from markdown_it.token import Token
from markupsafe import Markup

from bulletin.models.editions import Field, item_key, note_key, topic_key
from bulletin.models.issues import IssueContent, PlacedItem, Sender, Topic
from bulletin.models.items import Action
from bulletin.rendering.addresses import linkable
from bulletin.rendering.cleaning import defuse, line, merge
from bulletin.rendering.markdown import html, opening, parse
from bulletin.rendering.plain import plain

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown as HTML and as plain text; both empty if there is none."""

    html: Markup
    text: str


@dataclass(frozen=True, slots=True)
class NoteView:
    key: str
    prose: Prose


@dataclass(frozen=True, slots=True)
class LinkView:
    """What a link says, and where it leads; without an address it is shown as text."""

    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class ItemView:
    """heading is "" when the item has none of its own; `line` stands for it in the contents."""

    key: str
    note_key: str
    anchor: str
    heading: str
    line: str
    meta: str
    body: Prose
    notes: tuple[NoteView, ...]
    links: tuple[LinkView, ...]


@dataclass(frozen=True, slots=True)
class TopicView:
    key: str
    title: str
    items: tuple[ItemView, ...]


@dataclass(frozen=True, slots=True)
class SenderView:
    name: str
    postal_address: str
    reply_to: str
    mailto: str | None


@dataclass(frozen=True, slots=True)
class IssueView:
    title: str
    dateline: str
    standfirst: str
    intro: Prose
    closing: Prose
    topics: tuple[TopicView, ...]
    sender: SenderView
    role: str
    organisation: str
    preferences_url: str
    unsubscribe_url: str


def view(issue: IssueContent, sender: Sender) -> IssueView:
    """Everything that a template may show of an issue."""
    return IssueView(
        title=line(issue.title),
        dateline=line(issue.dateline),
        standfirst=line(issue.standfirst),
        intro=_prose(parse(issue.intro), merge),
        closing=_prose(parse(issue.closing), merge),
        topics=tuple(_topic(topic) for topic in issue.topics),
        sender=_sender(sender),
        role=Field.ROLE.token,
        organisation=Field.ORGANISATION.token,
        preferences_url=Field.PREFERENCES_URL.token,
        unsubscribe_url=Field.UNSUBSCRIBE_URL.token,
    )


def display_date(day: date) -> str:
    """`6 January 2025`, whatever the locale of the machine."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def listed(words: Iterable[str]) -> str:
    """`England`, `England and Wales`, `England, Wales and Scotland`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def link_text(action: Action) -> str:
    """What a link says: what the reader does and what it leads to (requirement 49).

    `Read the report: Safer schools`, unless one of the two says it all.
    """
    label, title = line(action.label).rstrip(": "), line(action.title)
    if title.casefold() in label.casefold():
        return label
    if label.casefold() in title.casefold():
        return title
    return f"{label}: {title}"


def _prose(tokens: list[Token], finish: Callable[[str], str] = defuse) -> Prose:
    return Prose(html=Markup(finish(html(tokens))), text=plain(tokens, finish))  # noqa: S704  # cleaned by html()


def _sender(sender: Sender) -> SenderView:
    return SenderView(
        name=line(sender.name),
        postal_address=line(sender.postal_address),
        reply_to=line(sender.reply_to),
        mailto=linkable(f"mailto:{sender.reply_to}"),
    )


def _topic(topic: Topic) -> TopicView:
    title = line(topic.title)
    items = tuple(_item(item, title) for item in topic.items)
    return TopicView(key=topic_key(topic.key), title=title, items=items)


def _item(item: PlacedItem, topic_title: str) -> ItemView:
    title = line(item.title)
    heading = "" if title.casefold() == topic_title.casefold() else title
    body = parse(item.body)
    links = tuple(_links(item.actions))
    return ItemView(
        key=item_key(item.id),
        note_key=note_key(item.id),
        anchor=f"i{item.id}",
        heading=heading,
        line=heading or line(opening(body)) or (links[0].text if links else topic_title),
        meta=_meta(item),
        body=_prose(body),
        notes=tuple(
            NoteView(key=note_key(item.id, note.role), prose=_prose(parse(note.text)))
            for note in item.notes
        ),
        links=links,
    )


def _links(actions: Iterable[Action]) -> Iterable[LinkView]:
    for action in actions:
        url = linkable(action.url)
        # An address that must not be a link is worth showing only if nothing else says anything.
        text = link_text(action) or url or line(action.url or "")
        if text:
            yield LinkView(text=text, url=url)


def _meta(item: PlacedItem) -> str:
    """`NSPCC Learning, 6 January 2025. England and Wales`, without what is missing."""
    published = display_date(item.published) if item.published else ""
    origin = ", ".join(part for part in (line(item.source), published) if part)
    nations = listed(nation.value for nation in item.nations) if item.nations else ""
    return ". ".join(part for part in (origin, nations) if part)
