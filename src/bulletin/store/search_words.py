"""What a person types into a search, as a query that no database can misread. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_MOST_CHARACTERS = 500
_MOST_TERMS = 20
# Of a word that is being typed, the words that it begins are looked for: but not of one or two
# letters, which begin too many, nor of "tray", whose stem is "trai", with which "train" begins.
_SHORTEST_BEGINNING = 3
_TURNS = re.compile(r"(.*)ys?")  # where a vowel is in it, the stem has "i" instead
_VOWEL = re.compile(r"[aeiouy]")
_CHUNK = re.compile(r'(-?)"([^"]*)("?)|(\S+)')
_WORD = re.compile(r"[^\W_]+")
# "Ofsted's" is Ofsted; only where another word follows does the "s" keep its place in the phrase.
_POSSESSIVE = re.compile(r"(?<=\w)['’ʼ]s?(?=\W*\Z)", re.IGNORECASE)
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"') | dict.fromkeys("–—−", "-"))

# Words are kept by their stems, and that of "university" does not begin with "universit". So an
# ending that has been begun is finished in every way that there is, and the index takes the stem.
_ENDINGS = re.findall(
    r"\w+",
    "able ability ably al ality ally ance ant ary ate ated ates ating ation ational ative "
    "ator atory edly ence ency ent eous er ful fulness fully ial iality ially ible ibility ic "
    "ical ically icate icating ication ied ies iful iness ing ings ion ional ionally isation "
    "ised ising ism ist istic ition ity ive ively iveness ivity ization ized izing less "
    "lessness ly ment mental ness ogy ological or ory ous ously ousness tion tional uous ",
)
_SHORTEST_STEM = 3


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
    return tuple(_WORD.findall(folded(_POSSESSIVE.sub("", text))))


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
    if not term.begun:
        return phrase
    open_end = f"{phrase} *" if _is_beginning(term.words[-1]) else phrase
    return "(" + " OR ".join((open_end, *(f'"{words}"' for words in _finished(term, " ")))) + ")"


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
    if not term.begun:
        return f"({phrase})"
    open_end = f"{phrase}:*" if _is_beginning(term.words[-1]) else phrase
    return "(" + " | ".join(f"({one})" for one in (open_end, *_finished(term, " <-> "))) + ")"


def _is_beginning(word: str) -> bool:
    if len(word) < _SHORTEST_BEGINNING:
        return False
    turns = _TURNS.fullmatch(word)
    return turns is None or not _VOWEL.search(turns[1])


def _finished(term: Term, between: str) -> list[str]:
    """A phrase whose last word is begun, with what that may become instead of it."""
    *before, last = term.words
    return [between.join((*before, word)) for word in dict.fromkeys(_words_from(last))]


def _words_from(begun: str) -> Iterator[str]:
    if begun.endswith("y"):  # the stem of "employ" ends in "i", and that of "employment" in "y"
        yield f"{begun}ment"
    for ending in _ENDINGS:
        for length in range(1, len(ending)):
            if len(begun) - length >= _SHORTEST_STEM and begun.endswith(ending[:length]):
                yield begun[:-length] + ending
