"""Feeds: each entry of RSS, Atom or a JSON feed is exactly one item."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import nh3

from bulletin.models.items import Dropped, ItemDraft, ItemWarning, Reading
from bulletin.sources.fields import actions
from bulletin.sources.fields.actions import Outcome
from bulletin.sources.fields.details import Details
from bulletin.sources.fields.drafting import draft
from bulletin.sources.formats import markup
from bulletin.sources.formats.decoding import MAX_LINES, clean
from bulletin.sources.formats.mending import unescaped
from bulletin.sources.text import inline, lines, wording
from bulletin.sources.text.inline import Run
from bulletin.sources.text.lines import Kind, Line

ADVERTISED: Final = "What the feed adds to its entries."
AGAIN: Final = "The feed's link to the whole news, which is an action already."
ABOUT: Final = "What the feed says of itself."
FILED: Final = "Further categories of the feed's entry; the first is its topic."
OLDER: Final = "Behind what is read of a feed: 1,000 entries, 1.5 million characters, 20,000 lines."
CROWD: Final = "More of a kind than belongs to one piece of news."
MAX_ENTRIES: Final = 1000
MAX_AUTHORS: Final = 100  # of an entry
MAX_TOPICS: Final = 20
_MAX_FILES: Final = 20
_MAX_TEXT: Final = 1_500_000  # characters
_MAX_NAME: Final = 2000
_BLOCK: Final = re.compile(r"<(?=(?:br|p|div|li|h\d)\b)", re.IGNORECASE)
_ADVERTISED: Final = re.compile(
    r"(?:\A|(?<=[.!?…\])\"”’])\s)the\s(?:post|article|entry|page)\s.{1,400}\s(?:appeared\sfirst|first\sappeared|was\sfirst\spublished|"
    r"originally\sappeared)\son\s.{1,200}\Z",
    re.IGNORECASE,
)
_CUT: Final = re.compile(
    r"(?:…|\.\.\.|\[\s?(?:…|\.\.\.)\s?\]|\(\s?(?:…|\.\.\.)\s?\)|&hellip;)\s*\Z"
)
_READ_ON: Final = re.compile(
    r"\s*\[?(?:continue\sreading|read\s(?:more|the\srest)|keep\sreading|more)\b.{0,200}\Z",
    re.IGNORECASE,
)
_MAX_ADVERT: Final = 650  # characters
_WHOLE: Final = 100  # characters; a shorter summary may well end without a stop
_TRUNCATED: Final = ItemWarning(
    "truncated", "The feed gives only the beginning of the news. Open it, and finish the text."
)
_CHANGED: Final = ItemWarning(
    "unsure_date",
    "The feed says only when this was last changed; it may have been published earlier. Look it up "
    "on its page.",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as its feed has it; "" and None where it says nothing.

    key:     what the feed knows it by.
    content: HTML, or plain text.
    changed: `published` is when it was last changed; nothing else is said.
    files:   addresses of what comes with it: a recording, a PDF.
    """

    key: str
    title: str = ""
    content: str = ""
    link: str = ""
    published: date | None = None
    changed: bool = False
    author: str = ""
    topics: tuple[str, ...] = ()
    source: str = ""
    base: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, its newest entries first as it gives them.

    older: what the entries are called that are not among them, as the feed writes it.
    left:  what else was left out.
    """

    title: str
    about: str = ""
    entries: tuple[Entry, ...] = ()
    older: tuple[str, ...] = ()
    left: tuple[Dropped, ...] = ()


def read_entries(feed: Feed) -> Reading:
    """The items of a feed, one for each of its newest entries."""
    newest = tuple(_newest(feed.entries))
    drafted = [_item(entry, feed) for entry in newest]
    dropped = [one for _, left in drafted for one in left]
    if feed.about:
        dropped.insert(0, Dropped(feed.about, ABOUT))
    dropped += [*feed.left, *_older(feed, len(newest))]
    items = tuple(item for item, _ in drafted)
    origins = tuple(entry.key or entry.link for entry in newest)
    return Reading(items, tuple(dropped), feed.title, origins)


def _newest(entries: Sequence[Entry]) -> Iterator[Entry]:
    """As many as a newsfeed may have, in number and length."""
    length = lines = 0
    for entry in entries[:MAX_ENTRIES]:
        length += len(entry.content)
        lines += markup.line_count(entry.content)
        if length > _MAX_TEXT or lines > MAX_LINES:
            return
        yield entry


def _older(feed: Feed, read: int) -> Iterator[Dropped]:
    """The entries behind the newest: a thousand by name, the others by number."""
    names = [entry.title or entry.key for entry in feed.entries[read:]]
    names += [plain(name) for name in feed.older[:MAX_ENTRIES]]
    named = list(filter(None, names[:MAX_ENTRIES]))
    yield from (Dropped(name, OLDER) for name in named)
    if unnamed := len(feed.entries) + len(feed.older) - read - len(named):
        yield Dropped(f"{unnamed:,} more entries", OLDER)


def plain(text: str) -> str:
    """The words of a title, a name or a description, which feeds write as text or as HTML."""
    if "<" in text and len(text) <= _MAX_NAME:
        text = nh3.clean(_BLOCK.sub(" <", text), tags=set())
    return inline.tidy(clean(unescaped(text)))


def _item(entry: Entry, feed: Feed) -> tuple[ItemDraft, list[Dropped]]:
    page = _page(entry)
    kept, advertised = _without_advertising(page.lines, entry)
    known = Details(
        title=entry.title,
        topic=entry.topics[0] if entry.topics else "",
        source=entry.source or feed.title,
        published=entry.published,
        author=entry.author,
        doubts=(_CHANGED,) if entry.changed and entry.published else (),
    )
    drafted = draft(kept, known=known, beside=_links(entry))
    item = drafted.item
    if _is_cut(kept, advertised):
        others = (one for one in item.warnings if one.code != _TRUNCATED.code)
        item = replace(item, warnings=(*others, _TRUNCATED))
    crowd = [Dropped(address, CROWD) for address in entry.files[_MAX_FILES:]]
    filed = [Dropped(", ".join(entry.topics[1:]), FILED)] if entry.topics[1:] else []
    return item, [*page.dropped, *advertised, *drafted.dropped, *crowd, *filed]


def _page(entry: Entry) -> markup.Markup:
    if "<" in entry.content and markup.looks_like_markup(f"<p>{entry.content}</p>"):
        return markup.read_markup(entry.content, entry.base or entry.link)
    return markup.Markup(tuple(lines.of_text(clean(unescaped(entry.content)))), ())


def _links(entry: Entry) -> Outcome:
    runs = [
        Run(address, address, bare=True)
        for address in (entry.link, *entry.files[:_MAX_FILES])
        if address
    ]
    return Outcome.of(actions.for_link(run, entry.title) for run in runs)


def _without_advertising(written: Sequence[Line], entry: Entry) -> tuple[list[Line], list[Dropped]]:
    kept: list[Line] = []
    left: list[Dropped] = []
    for line in (part for whole in written for part in _parted(whole)):
        if _ADVERTISED.fullmatch(line.text):
            left.append(Dropped(line.text, ADVERTISED))
        elif _reads_on(line, entry):
            left.append(Dropped(line.text, AGAIN))
        else:
            cut = _without_tail(line, entry)
            left += [Dropped(line.text[len(cut.text) :].strip(), AGAIN)] if cut is not line else []
            kept.append(cut)
    return [*kept[:-1], _with_plain_end(kept[-1])] if kept else [], left


def _parted(line: Line) -> Iterator[Line]:
    """A line, or its text and the sentence at its end that the feed adds."""
    advert = _ADVERTISED.search(line.text, max(len(line.text) - _MAX_ADVERT, 0))
    start = advert.start() if advert else 0
    if start:
        yield line.with_runs(inline.part(line.runs, 0, start))
    yield line.with_runs(inline.part(line.runs, start, len(line.text))) if start else line


def _with_plain_end(line: Line) -> Line:
    """The end of a text that breaks off as "…", however the feed writes it."""
    end = _CUT.search(line.text)
    if end is None or line.runs[-1].target is not None:
        return line
    return line.with_runs((*inline.part(line.runs, 0, end.start()), Run("…")))


def _reads_on(line: Line, entry: Entry) -> bool:
    """Whether a line says no more than "Read more", and leads where the entry does."""
    said = wording.without_arrows(line.text)
    leads = {run.target for run in inline.links(line.runs)} <= {entry.link}
    return leads and (wording.is_vague(said) or _READ_ON.fullmatch(said) is not None)


def _without_tail(line: Line, entry: Entry) -> Line:
    """A paragraph without the "Read more" to its entry that ends it."""
    last = line.runs[-1] if line.runs else Run("")
    if len(line.runs) < 2 or last.target != entry.link or not entry.link:
        return line
    said = wording.without_arrows(last.text.strip(" []()"))
    if not (wording.is_vague(said) or _READ_ON.fullmatch(said)):
        return line
    return line.with_runs(inline.trim(line.runs[:-1]))


def _is_cut(kept: Sequence[Line], left: Sequence[Dropped]) -> bool:
    """Whether the text breaks off: it says so, or ends in the middle of a sentence."""
    text = next((line.text for line in reversed(kept) if line.kind is Kind.TEXT), "")
    if _CUT.search(text) or any(one.reason == AGAIN for one in left):
        return True
    alone = len(kept) == 1 and len(text) >= _WHOLE
    return alone and text[-1].isalnum() and not inline.links(kept[0].runs)
