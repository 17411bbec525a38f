"""What a person types into a search, as a query that no database can misread. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_MOST_CHARACTERS = 500
_MOST_TERMS = 20
# Of a word that is being typed, the words that it begins are looked for: but not of one or two
# letters, which begin too many, nor of "tray", whose stem is "trai", with which "train" begins.
_SHORTEST_BEGINNING = 3
_NO_BEGINNING = ("y", "ys")
_CHUNK = re.compile(r'(-?)"([^"]*)("?)|(\S+)')
_WORD = re.compile(r"[^\W_]+")
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"') | dict.fromkeys("–—−", "-"))

# How "-ing", "-ation", "-ment" and "-ness" begin. Words are kept by their stems, and the stem of
# "safeguarding" does not begin with "safeguardi".
_BEGUN_ENDINGS = frozenset(
    {"i", "in", "a", "at", "ati", "atio", "m", "me", "men", "n", "ne", "nes"}
)
_SHORTEST_STEM = 5


@dataclass(frozen=True, slots=True)
class Term:
    """Words side by side that must be there, or must not. begun: the last may go on."""

    words: tuple[str, ...]
    excluded: bool = False
    begun: bool = False


def terms_of(text: str) -> tuple[Term, ...]:
    """What was typed, as terms of letters and digits alone; the rest only keeps them apart.

    Words that a hyphen or dot joins stand side by side.
    """
    text = text[:_MOST_CHARACTERS].translate(_QUOTES)
    chunks = list(_CHUNK.finditer(text))[:_MOST_TERMS]
    typing = not text[-1:].isspace()
    terms = (_term(chunk, last=typing and chunk.end() == len(text)) for chunk in chunks)
    return tuple(term for term in terms if term.words)


def _term(chunk: re.Match[str], *, last: bool) -> Term:
    minus, quoted, closed, plain = chunk.groups()
    if plain is None:
        return Term(_words(quoted), excluded=minus == "-", begun=last and not closed)
    excluded = plain.startswith("-")
    return Term(_words(plain), excluded, begun=last and not excluded)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(folded(text)))


def folded(text: str) -> str:
    """A text in small letters without accents."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(char for char in apart if not unicodedata.combining(char)).lower()


def fts5(terms: Sequence[Term], *, excluded: bool = False) -> str:
    """The terms that must be there as an FTS5 query, or those that must not: any of them."""
    chosen = [_fts5(term) for term in terms if term.excluded is excluded]
    return (" OR " if excluded else " AND ").join(chosen)


def _fts5(term: Term) -> str:
    phrase = '"' + " ".join(term.words) + '"'
    if not _goes_on(term):
        return phrase
    return "(" + " OR ".join((f"{phrase} *", *(f'"{words}"' for words in _stems(term, " ")))) + ")"


def tsquery(terms: Sequence[Term], *, any_of: bool = False) -> str:
    """The terms as the text of a PostgreSQL tsquery, as `to_tsquery` takes it.

    any_of: those that must be there, one of them being enough.
    """
    if any_of:
        return " | ".join(_tsquery(term) for term in terms if not term.excluded)
    return " & ".join(_tsquery(term) for term in terms)


def _tsquery(term: Term) -> str:
    phrase = " <-> ".join(term.words)
    if term.excluded:
        return f"!({phrase})"
    if not _goes_on(term):
        return f"({phrase})"
    return "(" + " | ".join((f"({phrase}:*)", *(f"({p})" for p in _stems(term, " <-> ")))) + ")"


def _goes_on(term: Term) -> bool:
    return term.begun and _is_beginning(term.words[-1])


def _is_beginning(word: str) -> bool:
    return len(word) >= _SHORTEST_BEGINNING and not word.endswith(_NO_BEGINNING)


def _stems(term: Term, between: str) -> list[str]:
    """A phrase whose last word is begun, with what its stem may be instead of that word."""
    *before, last = term.words
    return [
        between.join((*before, last[:-cut]))
        for cut in range(1, 5)
        if len(last) - cut >= _SHORTEST_STEM and last[-cut:] in _BEGUN_ENDINGS
    ]
