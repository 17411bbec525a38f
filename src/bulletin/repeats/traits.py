"""Traits: what an item is compared by, worked out once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final

from bulletin.models.items import ItemDraft
from bulletin.repeats.addresses import particular
from bulletin.repeats.details import DIGITS, IS_YEAR, Detail, Kind, details
from bulletin.repeats.renewal import BEGINNING, Renewal
from bulletin.repeats.words import (
    Words,
    couples,
    first_sentences,
    link_addresses,
    shingles,
    split,
    telling,
)

# What else an item is recognised by than its wording: enough to find it, few enough to keep.
_MOST_ADDRESSES: Final = 3
_MOST_COUPLES: Final = 10
_MOST_SENTENCES: Final = 4
_MOST_FIGURES: Final = 4
_SHORTEST_SENTENCE: Final = 7
_ENOUGH_TO_BEGIN: Final = 5
# How much of a comparison one of them is worth; a shared piece of wording counts 1.
_WHOLE, _ADDRESS, _SENTENCE, _FIGURE = 20.0, 6.0, 4.0, 2.0


@dataclass(frozen=True)
class Traits:
    """An item, ready to be compared.

    whole:       a digest of all its words.
    runs:        every three words in a row.
    title_about: the words of its title that tell what it is about; about: those of everything.
    opening:     those of how its text begins.
    signs:       what it is found by beside its wording, with the weight of each.
    hallmarks:   what nothing is found by but the very same, likewise.
    """

    draft: ItemDraft
    whole: str
    title: Words
    body: Words
    runs: frozenset[str]
    title_about: frozenset[str]
    about: frozenset[str]
    opening: frozenset[str]
    addresses: frozenset[str]
    signs: Mapping[str, float]
    hallmarks: Mapping[str, float]

    @cached_property
    def hosts(self) -> frozenset[str]:
        """The sites that it leads to."""
        return frozenset(re.split(r"[/?]", address)[0] for address in self.addresses)

    @cached_property
    def title_details(self) -> list[Detail]:
        """The dates and figures of its title."""
        return details(self.title)

    @cached_property
    def title_years(self) -> frozenset[str]:
        """The years in its title."""
        return frozenset(each.value for each in self.title_details if each.kind is Kind.YEAR)

    @cached_property
    def renewal(self) -> Renewal:
        """What it says of itself as a newer version."""
        return Renewal(f"{self.draft.title}\n{self.draft.body[:BEGINNING]}".casefold())

    @cached_property
    def details(self) -> list[Detail]:
        """The dates and figures of title and body."""
        return self.title_details + details(self.body)


def traits_of(draft: ItemDraft) -> Traits:
    """Work out what a draft is compared by. Takes time in proportion to its length."""
    title, body = split(draft.title), split(draft.body)
    whole, addresses = _digest(draft), _addresses(draft)
    told = first_sentences(body, _MOST_SENTENCES)
    title_about = frozenset(telling(title.folded))
    return Traits(
        draft=draft,
        whole=whole,
        title=title,
        body=body,
        runs=shingles(body.folded if len(body) > 2 else title.folded + body.folded),
        title_about=title_about,
        about=title_about | frozenset(telling(frozenset(body.folded))),
        opening=_opening(told),
        addresses=frozenset(addresses),
        signs=_says(draft, title, told) | _counts(body) | _leads(addresses),
        hallmarks=_hallmarks(draft, whole),
    )


def _digest(draft: ItemDraft) -> str:
    """Of title and body, letter for letter but for space, case and how they are set."""
    words = f"{draft.title}\n{draft.body}".casefold().translate(_SETTING).split()
    return hashlib.sha256(" ".join(words).encode("utf-8", "replace")).hexdigest()


_SETTING: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


def _addresses(draft: ItemDraft) -> list[str]:
    """Where it leads, its actions before the links in its text."""
    urls = [action.url for action in draft.actions if action.url] + link_addresses(draft.body)
    found = (particular(url) for url in urls)
    return list(dict.fromkeys(address for address in found if address))


def _opening(told: list[tuple[str, ...]]) -> frozenset[str]:
    """What its first sentences are about, until there are enough words to say so."""
    begins: set[str] = set()
    for sentence in told:
        begins |= set(telling(sentence))
        if len(begins) >= _ENOUGH_TO_BEGIN:
            break
    return frozenset(begins)


def _says(draft: ItemDraft, title: Words, told: list[tuple[str, ...]]) -> dict[str, float]:
    """What it is found by of what it says."""
    named = couples(title.folded)
    for action in draft.actions[:2]:
        named += couples(split(action.title).folded)
    long = [found for found in told if len(found) >= _SHORTEST_SENTENCE]
    return {
        **{f"sentence {' '.join(words)}": _SENTENCE for words in long},
        **{f"couple {couple}": 1.0 for couple in list(dict.fromkeys(named))[:_MOST_COUPLES]},
    }


def _counts(body: Words) -> dict[str, float]:
    """What it is found by of its figures: telephone numbers, and how many of something."""
    figures = (word for word in body.folded if len(word) > 2 and word[0] in DIGITS)
    told = (word for word in figures if not IS_YEAR.match(word))
    return {f"figure {word}": _FIGURE for word in islice(dict.fromkeys(told), _MOST_FIGURES)}


def _leads(addresses: list[str]) -> dict[str, float]:
    """What it is found by of where it leads."""
    return {f"address {address}": _ADDRESS for address in addresses[:_MOST_ADDRESSES]}


def _hallmarks(draft: ItemDraft, whole: str) -> dict[str, float]:
    """Of many with the same words, those with its facts come first."""
    facts = (draft.nations, draft.deadline, draft.published, draft.source, draft.actions)
    return {f"whole {whole}": _WHOLE, f"facts {whole} {facts}": _WHOLE}
