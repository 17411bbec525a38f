"""Entries: what a source has brought before, what is new in it, and what has changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bulletin.models.items import ItemDraft, ItemWarning, Reading
from bulletin.models.sources import SourceDefaults
from bulletin.pipeline.settling import settled
from bulletin.store.watched import SeenEntry

_WORDS: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a source, under what tells it from the source's others.

    key:     the same at every look, in whatever order entries come.
    content: the same as long as its words and links are.
    """

    key: str
    content: str
    draft: ItemDraft


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
    """The entries that have not been seen. In other words than before, one updates its item."""
    found = []
    for entry in entries:
        before = seen.get(entry.key)
        if before is None:
            found.append(entry)
        elif before.content != entry.content:
            found.append(replace(entry, draft=_newer(entry.draft, before.item_id)))
    return found


def _newer(draft: ItemDraft, item_id: int | None) -> ItemDraft:
    """A draft as a newer version of an item, or of none if its source was watched from then on."""
    if item_id is None:
        return draft
    said = f"Its source has changed what it says: this is a newer version of item {item_id}."
    return replace(draft, updates=item_id, warnings=(*draft.warnings, ItemWarning("updates", said)))


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
    text = f"{draft.title} {draft.body}".casefold()
    return [*_WORDS.findall(text), *(action.url or "" for action in draft.actions)]


def _hash(words: Iterable[str]) -> str:
    return hashlib.sha256(" ".join(words).encode("utf-8", "surrogatepass")).hexdigest()
