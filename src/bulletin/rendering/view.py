"""What the templates are given: every text of an issue, cleaned and ready to show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from markdown_it.token import Token
from markupsafe import Markup

from bulletin.models.brand import Brand, Logo
from bulletin.models.days import spoken_date
from bulletin.models.editions import DIARY, PERSONAL, Field, item_key, note_key, topic_key
from bulletin.models.issues import Helpline, IssueContent, Length, PlacedItem, Sender, Topic
from bulletin.models.items import Action, Deadline
from bulletin.rendering.addresses import linkable
from bulletin.rendering.cleaning import defuse, line, merge
from bulletin.rendering.markdown import excerpt, html, opening, parse
from bulletin.rendering.plain import plain, wrap

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown as HTML and as plain text; both empty if there is none."""

    html: Markup
    text: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """role: the key of the role that it is for."""

    key: str
    role: str
    prose: Prose


@dataclass(frozen=True, slots=True)
class LinkView:
    """What a link says, and where it leads; without an address it is shown as text."""

    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class ItemView:
    """heading is "" when the item has none of its own; `line` stands for it in the contents.

    more: where the whole item is, if `body` is only its beginning; else "".
    """

    key: str
    note_key: str
    anchor: str
    heading: str
    line: str
    meta: str
    deadline: str
    content_note: str
    body: Prose
    more: str
    notes: tuple[NoteView, ...]
    links: tuple[LinkView, ...]


@dataclass(frozen=True, slots=True)
class TopicView:
    key: str
    anchor: str
    title: str
    items: tuple[ItemView, ...]


@dataclass(frozen=True, slots=True)
class DateView:
    """An entry of the diary: "Respond by Friday 18 December 2026", and the item's line."""

    key: str
    when: str
    line: str
    anchor: str


@dataclass(frozen=True, slots=True)
class HelplineView:
    """phone: as written, its parts kept on one line; tel: the address that rings it, or None."""

    name: str
    phone: str
    tel: str | None
    hours: str
    url: str | None


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
    titles_listed: bool
    diary: tuple[DateView, ...]
    helplines: tuple[HelplineView, ...]
    sender: SenderView
    footer: str
    logo: Logo | None
    role: str
    organisation: str
    view_url: str
    acknowledge_url: str
    preferences_url: str
    unsubscribe_url: str
    personal: str = PERSONAL
    diary_key: str = DIARY


def view(issue: IssueContent, sender: Sender, brand: Brand) -> IssueView:
    """Everything that a template may show of an issue."""
    brief = issue.length is Length.EXCERPTS
    return IssueView(
        title=line(issue.title),
        dateline=line(issue.dateline),
        standfirst=line(issue.standfirst),
        intro=_prose(parse(issue.intro), merge),
        closing=_prose(parse(issue.closing), merge),
        topics=tuple(_topic(topic, brief=brief) for topic in issue.topics),
        titles_listed=issue.length is Length.FULL,
        diary=tuple(_diary(issue)) if issue.diary else (),
        helplines=tuple(_helpline(helpline) for helpline in issue.helplines),
        sender=_sender(sender),
        footer=line(brand.footer),
        logo=brand.logo,
        role=Field.ROLE.token,
        organisation=Field.ORGANISATION.token,
        view_url=Field.VIEW_URL.token,
        acknowledge_url=Field.ACKNOWLEDGE_URL.token,
        preferences_url=Field.PREFERENCES_URL.token,
        unsubscribe_url=Field.UNSUBSCRIBE_URL.token,
    )


def display_deadline(deadline: Deadline) -> str:
    """`Respond by Friday 18 December 2026`."""
    day = f"{_DAYS[deadline.on.weekday()]} {spoken_date(deadline.on)}"
    return f"{line(deadline.says)} {day}".strip()


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


def _paragraph(text: str) -> Prose:
    plain_text = line(text)
    return Prose(html=Markup("<p>{}</p>").format(plain_text), text=wrap(plain_text))


def _sender(sender: Sender) -> SenderView:
    return SenderView(
        name=line(sender.name),
        postal_address=line(sender.postal_address),
        reply_to=line(sender.reply_to),
        mailto=linkable(f"mailto:{sender.reply_to}"),
    )


def _topic(topic: Topic, *, brief: bool) -> TopicView:
    title = line(topic.title)
    items = tuple(_item(item, title, brief=brief) for item in topic.items)
    return TopicView(key=topic_key(topic.key), anchor=f"t{topic.key}", title=title, items=items)


def _item(item: PlacedItem, topic_title: str, *, brief: bool) -> ItemView:
    heading = _heading(item, topic_title)
    body = parse(item.body)
    beginning = excerpt(body) if brief else ""
    links = tuple(_links(item.actions))
    return ItemView(
        key=item_key(item.id),
        note_key=note_key(item.id),
        anchor=_anchor(item),
        heading=heading,
        line=_line(item, topic_title),
        meta=_meta(item),
        deadline=display_deadline(item.deadline) if item.deadline else "",
        content_note=line(item.content_note),
        body=_paragraph(beginning) if beginning else _prose(body),
        more=f"{Field.VIEW_URL.token}#{_anchor(item)}" if beginning else "",
        notes=tuple(
            NoteView(note_key(item.id, note.role), note.role, _prose(parse(note.text)))
            for note in item.notes
        ),
        links=links,
    )


def _anchor(item: PlacedItem) -> str:
    return f"i{item.id}"


def _heading(item: PlacedItem, topic_title: str) -> str:
    title = line(item.title)
    return "" if title.casefold() == topic_title.casefold() else title


def _line(item: PlacedItem, topic_title: str) -> str:
    """What stands for an item in a list: its heading, its first words, or its first link."""
    first_link = next((link.text for link in _links(item.actions)), "")
    return (
        _heading(item, topic_title) or line(opening(parse(item.body))) or first_link or topic_title
    )


def _diary(issue: IssueContent) -> Iterable[DateView]:
    """The items' deadlines, soonest first."""
    dated = [
        (item.deadline, item, line(topic.title))
        for topic in issue.topics
        for item in topic.items
        if item.deadline is not None
    ]
    for deadline, item, topic_title in sorted(dated, key=lambda entry: entry[0].on):
        yield DateView(
            key=item_key(item.id),
            when=display_deadline(deadline),
            line=_line(item, topic_title),
            anchor=_anchor(item),
        )


def _helpline(helpline: Helpline) -> HelplineView:
    digits = "".join(char for char in helpline.phone if char.isdigit() and char.isascii())
    plus = "+" * line(helpline.phone).startswith("+")
    return HelplineView(
        name=line(helpline.name),
        phone=line(helpline.phone).replace(" ", "\u00a0"),
        tel=f"tel:{plus}{digits}" if digits else None,
        hours=line(helpline.hours),
        url=linkable(helpline.url),
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
    published = spoken_date(item.published) if item.published else ""
    origin = ", ".join(part for part in (line(item.source), published) if part)
    nations = listed(nation.value for nation in item.nations) if item.nations else ""
    return ". ".join(part for part in (origin, nations) if part)
