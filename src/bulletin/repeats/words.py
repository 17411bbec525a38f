"""Words: a text as the words that count when it is compared, however it is set."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

# What is compared of one text. A longer one is told apart by the digest of all of it.
MOST_CHARACTERS: Final = 20_000
_LINK: Final = re.compile(r"\]\(\s?<?([^\s()<>]{1,2000})[^\s)]{0,200}\)")
_MARKS: Final = str.maketrans(
    {"’": "'", "‘": "'", "–": "-", "—": "-", "‑": "-", "\\": "", "\u00ad": "", "\u200b": ""}
)
_WORD: Final = re.compile(
    r"[£$€]?\d+(?:[.,:/-]\d+){0,4}(?:%|st\b|nd\b|rd\b|th\b|am\b|pm\b|bn\b|m\b|k\b)?"
    r"|[^\W\d_]+(?:'[^\W\d_]+)?"
)
_NEW_SENTENCE: Final = re.compile(r"[.!?:;•|\n*>#-]\s*\Z")
_SENTENCE: Final = re.compile(r"[.!?]\s|\n+")

# Words that a heading or a sentence can do without: it still tells of the same thing.
_FILLER_WORDS: Final = """
a about after all also an and any are as at be been before being but by can could did do does
for from get had has have he her here his how i if in into is it its may more most must new no
not now of on one or other our out over published publish publishes read release released
releases launch launched launches announce announced announces issued available latest said say
says she should so some such than that the their them then there these they this those through
to under up updated update was we were what when where which while who will with would you your
today week month year full first
"""
_FILLERS: Final = frozenset(_FILLER_WORDS.split())


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in order. folded: without case; raw: as they stood; named: capitalised
    where no sentence begins."""

    folded: tuple[str, ...]
    raw: tuple[str, ...]
    named: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.folded)


def split(text: str) -> Words:
    """The words and numbers of a Markdown text; addresses of links are not among them."""
    plain = _plain(text)
    found = list(_WORD.finditer(plain))
    raw = tuple(match[0] for match in found)
    named = tuple(_is_name(plain, match) for match in found)
    return Words(tuple(map(str.casefold, raw)), raw, named)


def link_addresses(text: str) -> list[str]:
    """Where the links of a Markdown text lead."""
    return _LINK.findall(text[:MOST_CHARACTERS])


def sentences(text: str) -> list[tuple[str, ...]]:
    """The sentences of a Markdown text, each as its words."""
    parts = _SENTENCE.split(_plain(text))
    return [tuple(word.casefold() for word in _WORD.findall(part)) for part in parts]


def telling(words: Iterable[str]) -> Iterator[str]:
    """The words that say what a text is about, in the singular."""
    return (_singular(word) for word in words if word not in _FILLERS and len(word) > 1)


def shingles(words: tuple[str, ...], size: int = 3) -> frozenset[str]:
    """Every run of so many words; a shorter text is one run."""
    if len(words) < size:
        return frozenset({" ".join(words)} if words else ())
    return frozenset(map(" ".join, zip(*(words[at:] for at in range(size)), strict=False)))


def couples(words: Iterable[str]) -> list[str]:
    """Every two telling words that follow one another, each pair in one order, once."""
    found = (" ".join(sorted(couple)) for couple in pairwise(telling(words)))
    return list(dict.fromkeys(found))


def _plain(text: str) -> str:
    without_links = _LINK.sub("]", text[:MOST_CHARACTERS])
    return unicodedata.normalize("NFKC", without_links).translate(_MARKS)


def _is_name(text: str, match: re.Match[str]) -> bool:
    word, start = match[0], match.start()
    if any(char.isupper() for char in word[1:]):
        return True
    begins = (
        not text[:start].strip()
        if start < 4
        else bool(_NEW_SENTENCE.search(text, start - 4, start))
    )
    return word[0].isupper() and not begins


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] not in "su'" else word
