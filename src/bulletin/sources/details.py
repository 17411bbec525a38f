"""Details: the lines that say where an item comes from, when, and who wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bulletin.sources.dates import find_date


@dataclass(frozen=True, slots=True)
class Details:
    """What one line of details says; "" and None where it says nothing.

    named:  it says so itself ("Source: ...", "By ... on ..."); otherwise only its form does.
    rest:   what stands in the line besides, such as the pages of a citation.
    """

    source: str = ""
    published: date | None = None
    author: str = ""
    topic: str = ""
    title: str = ""
    summary: str = ""
    link: str = ""
    named: bool = True
    rest: str = ""

    def merged(self, later: Details) -> Details:
        """These details, and the later ones where these say nothing, contradictions as `rest`."""
        beside = [str(getattr(later, name)) for name in self._contradicted(later)]
        return replace(
            self,
            source=self.source or later.source,
            published=self.published or later.published,
            author=self.author or later.author,
            topic=self.topic or later.topic,
            title=self.title or later.title,
            rest=" ".join(filter(None, (self.rest, later.rest, *beside))),
        )

    def contradicts(self, later: Details) -> bool:
        """Whether the later details say something else about the same thing."""
        return bool(self._contradicted(later))

    def _contradicted(self, later: Details) -> list[str]:
        return [
            name
            for name in ("source", "published", "author", "topic", "title")
            if getattr(self, name)
            and getattr(later, name)
            and getattr(self, name) != getattr(later, name)
        ]


_FIELDS: Final = {
    "source": "source", "sources": "source", "publisher": "source", "organisation": "source",
    "organization": "source", "news source": "source", "published by": "source",
    "issued by": "source", "released by": "source",
    "date": "published", "date published": "published", "published": "published",
    "published date": "published", "publication date": "published", "published on": "published",
    "date of publication": "published", "posted": "published", "posted on": "published",
    "date posted": "published", "date added": "published", "added": "published",
    "author": "author", "written by": "author", "posted by": "author", "by": "author",
    "topic": "topic", "theme": "topic", "subject": "topic", "category": "topic",
    "title": "title", "headline": "title", "heading": "title",
    "summary": "summary", "description": "summary", "details": "summary", "overview": "summary",
    "link": "link", "url": "link", "website": "link", "web address": "link",
}  # fmt: skip
_LABEL: Final = re.compile(
    r"(?:^|(?<=[\s|•·;(,]))("
    + "|".join(sorted(map(re.escape, _FIELDS), key=len, reverse=True))
    + r")\s?:\s?(?!//)",
    re.IGNORECASE,
)
_PUBLISHED: Final = re.compile(
    r"\b(?:(?:first|originally|last)\s)?(?:published|posted|added|shared|uploaded|issued|released)\b"
    r"(?:\s(?:on|to|in|at|via)\s(?:this|our|the|their)\s(?:web\s?)?(?:site|page|blog)\b)?"
    r"(?:\son\b(?!\s(?:this|our|the)\b))?:?",
    re.IGNORECASE,
)
_PUBLISHER: Final = re.compile(r"\A(?:published|issued|released)\sby:?\s", re.IGNORECASE)
_OPENING: Final = re.compile(
    r"(?:by|written by|posted|published|added|issued|released|first published)\b", re.IGNORECASE
)
_BY: Final = re.compile(r"(?:written\s)?by:?\s+", re.IGNORECASE)
_PAGES: Final = re.compile(
    r",?\s?\(?\b(?:pages?|pgs?\.?|pp?\.|paragraphs?|paras?\.?|sections?|chapters?|annex)\s?\d.*\Z",
    re.IGNORECASE,
)
_TAIL: Final = re.compile(r"(?<=[.!?”\"])\s+\(?Source:\s[^.:]{2,100}\)?\Z")
_EDGES: Final = " ,;|•·–—-:()"
_DATE_MARK, _WORD_MARK = "\x1f", "\x1e"
_MAX_LENGTH: Final = 400
_MAX_UNNAMED: Final = 160
_MAX_OTHER_WORDS: Final = 9


def parse(text: str) -> Details | None:
    """The details in a line, or None if it is no line of details."""
    if not text or len(text) > _MAX_LENGTH:
        return None
    bare = text[1:-1].strip() if _bracketed(text) else text
    if _LABEL.match(bare):
        return _labelled(bare, list(_LABEL.finditer(bare)))
    if _OPENING.match(bare):
        return _byline(bare)
    return _unnamed(bare) if len(bare) <= _MAX_UNNAMED else None


def is_citation(text: str) -> bool:
    """Whether a line of details is a reference in brackets, as the text of news has them."""
    return _bracketed(text) and find_date(text) is None


def split_tail(text: str) -> tuple[str, str] | None:
    """A paragraph and the "Source: X" that ends it, or None."""
    found = _TAIL.search(text, max(len(text) - _MAX_LENGTH, 0))
    return (text[: found.start()].strip(), found[0].strip(" ()")) if found else None


def split_glued(text: str) -> list[str]:
    """A heading with its details in the same line, taken apart; otherwise the line itself.

    "Heading Source: X Date published: 6 January 2025 And the news." gives three or four lines.
    """
    labels = [label for label in _LABEL.finditer(text[:_MAX_LENGTH]) if label[1][0].isupper()]
    fields = {_FIELDS[label[1].lower()] for label in labels}
    if not {"source", "published"} <= fields:
        return [text]
    start = labels[0].start()
    heading, rest = text[:start].strip(), text[start:]
    found = find_date(rest[:_MAX_LENGTH])
    if len(heading) > 200 or not found:
        return [text]
    parts = (heading, rest[: found.end].strip(), rest[found.end :].lstrip(" .|;").rstrip())
    return [part for part in parts if part]


def _bracketed(text: str) -> bool:
    return text[:1] in {"(", "["} and text[-1:] in {")", "]"}


def _labelled(text: str, labels: list[re.Match[str]]) -> Details | None:
    ends = [label.start() for label in labels[1:]] + [len(text)]
    merged: Details | None = None
    for label, end in zip(labels, ends, strict=True):
        one = _field(_FIELDS[label[1].lower()], text[label.end() : end].strip())
        if one is None:
            return merged
        merged = merged.merged(one) if merged else one
    return merged


def _field(name: str, value: str) -> Details | None:
    tidy = value.strip(" |•·;,")
    if name == "source":
        return _source(tidy)
    if name == "published":
        return _published(tidy)
    if name == "author":
        return replace(_pieces(f"by {tidy}"), topic="") if tidy else None
    if name == "topic":
        return Details(topic=tidy) if tidy and len(tidy) < 120 and tidy[-1] != "." else None
    named = {
        "title": Details(title=value),
        "summary": Details(summary=value),
        "link": Details(link=value),
    }
    return named[name] if value else None


def _source(value: str) -> Details | None:
    if not value:
        return None
    pages = _PAGES.search(value)
    found = _pieces(value[: pages.start()] if pages else value, labelled=True)
    return found.merged(Details(rest=pages[0].strip(_EDGES))) if pages else found


def _published(value: str) -> Details | None:
    if not find_date(value):
        # A month without a day is not guessed at, but it is no news either.
        short = 0 < len(value.split()) <= 4 and any(char.isdigit() for char in value)
        return Details(rest=value) if short else None
    details = _pieces(value)
    return details if len(value.split()) <= 16 else None


def _byline(text: str) -> Details | None:
    """ "By NAME, DATE | SOURCE" and its like; without a date or a bar it is just a sentence."""
    words = len(text.split())
    if text.endswith((".", "?", "!")) or words > 20:
        return None
    if find_date(text) or (_BY.match(text) and "|" in text):
        return _pieces(text)
    name = _BY.match(text)
    names = text[name.end() :].split() if name else []
    if 0 < len(names) <= 4 and all(word[:1].isupper() for word in names):
        return Details(author=" ".join(names))
    return None


def _unnamed(text: str) -> Details | None:
    found = find_date(text)
    if not found or text[-1] in ".?!:":
        return None
    others = f"{text[: found.start]} {text[found.end :]}"
    before, after = text[: found.start].rstrip(), text[found.end :].lstrip()
    apart = not before or before[-1] in ",|•·–—-:"
    apart = apart and (not after or after[0] in ",|•·–—-" or _BY.match(after) is not None)
    if not apart or len(others.split()) > _MAX_OTHER_WORDS:
        return None
    return replace(_pieces(text), named=False)


def _pieces(text: str, *, labelled: bool = False) -> Details:
    """Take "X published on this website DATE by NAME | Y" apart."""
    found = find_date(text)
    if found:
        text = f"{text[: found.start].rstrip(' ,')}{_DATE_MARK}{text[found.end :]}"
    marked = _PUBLISHER.sub(f"{_WORD_MARK}Source: ", text)
    marked = _PUBLISHED.sub(_WORD_MARK, marked) if found or not labelled else text
    details = Details(published=found.day if found else None)
    for piece in _cut(marked, labelled=labelled and not found):
        details = details.merged(_piece(piece, known=bool(details.source or labelled)))
    return details


def _cut(text: str, *, labelled: bool) -> list[str]:
    separators = r"[|\x1e\x1f]" if labelled else r"[|•·\x1e\x1f]|\s[–—-]\s|,\s(?=by\s)"
    pieces = [piece.strip(" ,;|•·:") for piece in re.split(separators, text, flags=re.IGNORECASE)]
    return [piece for piece in pieces if piece.strip(_EDGES)]


def _piece(piece: str, *, known: bool) -> Details:
    by = _BY.match(piece)
    if not by:
        filed = re.match(r"(?:in|under|filed under)\s+(?=[A-Z])", piece)
        return Details(topic=piece[filed.end() :]) if filed else Details(source=_source_name(piece))
    name, comma, organisation = piece[by.end() :].partition(",")
    name = re.sub(r"\s+on\Z", "", name.strip())
    extra = organisation.strip() if comma and not known else ""
    return Details(author=name, source=extra)


def _source_name(piece: str) -> str:
    piece = re.sub(r"\ASource:\s|\s+on\Z", "", piece)
    opened = piece.count("(") > piece.count(")")
    return piece.strip(" ,;|•·–—-:" + ("(" if opened else ""))
