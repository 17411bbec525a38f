"""Words: a text as the words that count when it is compared, however it is set."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from typing import Final

# What is compared of one text. A longer one is told apart by the digest of all of it.
MOST_CHARACTERS: Final = 20_000
_LINK: Final = re.compile(r"\]\(\s?<?([^\s()<>]{1,2000}+)[^\s)]{0,200}+\)")
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
today week month year full first see find view visit download click
"""
_FILLERS: Final = frozenset(_FILLER_WORDS.split())


@dataclass(frozen=True)
class Words:
    """The words and numbers of a text in order; addresses of links are not among them.

    plain: the text that they stand in. raw: as they stand there; folded: without case.
    began: how many words stand before them.
    """

    plain: str
    raw: tuple[str, ...]
    folded: tuple[str, ...]
    began: int = 0

    def __len__(self) -> int:
        return len(self.folded)

    def __getitem__(self, part: slice) -> Words:
        return Words(self.plain, self.raw[part], self.folded[part], self.began + part.start)

    @cached_property
    def named(self) -> tuple[bool, ...]:
        """For each word, whether it is a name: capitalised inside a sentence, or before a name."""
        found = islice(_WORD.finditer(self.plain), self.began, self.began + len(self) + 1)
        names = [_is_name(self.plain, match) for match in found]
        return tuple(map(self._is_named, range(len(self)), names, [*names[1:], False]))

    def _is_named(self, at: int, name: bool, next_name: bool) -> bool:
        """A capital at the beginning of a sentence says nothing, but before another name."""
        return name or (next_name and self.raw[at].istitle() and self.folded[at] not in _FILLERS)


def split(text: str) -> Words:
    """The words of a Markdown text, as far as they are compared."""
    without_links = _LINK.sub("]", text[:MOST_CHARACTERS])
    plain = unicodedata.normalize("NFKC", without_links).translate(_MARKS)
    raw = tuple(_WORD.findall(plain))
    return Words(plain, raw, tuple(map(str.casefold, raw)))


def link_addresses(text: str) -> list[str]:
    """Where the links of a Markdown text lead."""
    return _LINK.findall(text[:MOST_CHARACTERS])


def first_sentences(words: Words, most: int) -> list[tuple[str, ...]]:
    """How a text begins, sentence by sentence, each as its words."""
    parts = _SENTENCE.split(words.plain, most * 2)[: most * 2]
    found = (tuple(map(str.casefold, _WORD.findall(part))) for part in parts)
    return [sentence for sentence in found if sentence][:most]


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


def _is_name(text: str, match: re.Match[str]) -> bool:
    word, start = match[0], match.start()
    if word.islower() or not word[0].isalpha():
        return False
    if not (word[0].isupper() and word[1:].islower()):
        return True
    before = text[max(start - 4, 0) : start]
    return bool(before.strip() or start >= 4) and not _NEW_SENTENCE.search(before)


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] not in "su'" else word
