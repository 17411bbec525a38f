"""Entries: what a source has brought before, what is new in it, and what has changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bulletin.models.items import ItemDraft, ItemWarning, Reading
from bulletin.models.sources import SourceDefaults
from bulletin.pipeline.recognising import CHOOSE
from bulletin.pipeline.settling import settled
from bulletin.store.watched import SeenEntry

_WORDS: Final = re.compile(r"[^\W_]+")
# What is different at every look although nobody has written anything, among words that stand one
# space apart: how long ago it was, and how often it was looked at.
_VOLATILE: Final = re.compile(
    r"\b(?:(?:[0-9]{1,9} ){1,3}|(?:an?|one|two|three|a few|few|several) )"
    r"(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|months?|y|years?) ago\b"
    r"|\b(?:just now|moments ago)\b"
    r"|(?:(?<=posted )|(?<=published )|(?<=updated )|(?<=added ))(?:today|yesterday)\b"
    r"|\b(?:[0-9]{1,9} ){1,3}k?(?:comments?|replies|reply|views?|likes?|shares?|reactions?)\b"
    r"|\b(?:comments|replies|views|likes|shares|reactions) [0-9]{1,9}(?: [0-9]{3}\b){0,2}\b"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a source, under what tells it from the source's others.

    key:     the same at every look, in whatever order entries come.
    content: the same as long as its words and links are, but for those that change by themselves.
    updates: the item that it was, if it has been seen in other words.
    """

    key: str
    content: str
    draft: ItemDraft
    updates: int | None = None


def entries_of(reading: Reading) -> list[Entry]:
    """The entries of a feed or page, each once.

    A feed's entry is known by its id, else its address. Others are known by title and first link:
    several items of a page may share a link, and a page gives them no names. Where a feed gives
    one id to several entries, their words tell them apart.
    """
    origins = reading.origins or ("",) * len(reading.items)
    found: dict[str, Entry] = {}
    for draft, origin in zip(reading.items, origins, strict=True):
        content = _hash(_words(draft))
        key = _hash([origin] if origin else _name(draft))
        if key in found and found[key].content != content:
            key = _hash([key, content])
        found.setdefault(key, Entry(key, content, draft))
    return list(found.values())


def news(entries: Iterable[Entry], seen: Mapping[str, SeenEntry]) -> list[Entry]:
    """The entries that have not been seen. In other words, one names its item."""
    found = []
    for entry in entries:
        before = seen.get(entry.key)
        if before is None:
            found.append(entry)
        elif before.content != entry.content:
            found.append(replace(entry, updates=before.item_id))
    return found


def newer(entry: Entry) -> ItemDraft:
    """A draft as a newer version of the item that it was, if it was any.

    It was none if its source brings only what came after it was added.
    """
    if entry.updates is None:
        return entry.draft
    changed = "Its source has changed what it says"
    said = f"{changed}: this is a newer version of item {entry.updates}. {CHOOSE}"
    warnings = (*entry.draft.warnings, ItemWarning("updates", said))
    return replace(entry.draft, updates=entry.updates, warnings=warnings)


def filled(draft: ItemDraft, defaults: SourceDefaults, feed: str = "") -> ItemDraft:
    """A draft with the defaults of its source where its own text says nothing.

    feed: what the feed calls itself. Readers of feeds take that for the source of an entry that
    names none, but a source that an editor has named is better.
    """
    unnamed = not draft.source or draft.source == feed
    given = replace(
        draft,
        source=defaults.source if unnamed and defaults.source else draft.source,
        topic=draft.topic or defaults.topic,
        nations=draft.nations or defaults.nations,
    )
    return settled(draft, given)


def _name(draft: ItemDraft) -> list[str]:
    title = _WORDS.findall(draft.title.casefold()) or _words(draft)
    return [*title, "\n", next((action.url for action in draft.actions if action.url), "")]


def _words(draft: ItemDraft) -> list[str]:
    """Its words and links. How they are set is left out: Bulletin may come to set it otherwise."""
    text = " ".join(_WORDS.findall(f"{draft.title} {draft.body}".casefold()))
    return [*_VOLATILE.sub("", text).split(), *(action.url or "" for action in draft.actions)]


def _hash(words: Iterable[str]) -> str:
    return hashlib.sha256(" ".join(words).encode("utf-8", "surrogatepass")).hexdigest()
