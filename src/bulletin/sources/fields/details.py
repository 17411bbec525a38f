"""Details: the lines that say where an item comes from, when, and who wrote it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Final

from bulletin.models.items import ItemWarning
from bulletin.sources.fields import bylines, credited
from bulletin.sources.fields.bylines import BY, EDGES, OPENING
from bulletin.sources.fields.dates import find_date, find_dates, find_incomplete, find_yearless


@dataclass(frozen=True, slots=True)
class Details:
    """What one line of details says; "" and None where it says nothing.

    named:   it says so itself ("Source: ...", "By ... on ..."); otherwise only its form does.
    rest:    what stands in the line besides, such as the pages of a citation.
    unclear: what it says in place of a date and is none: "March 2026", "3 days ago".
    doubts:  what an editor should look up.
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
    unclear: str = ""
    doubts: tuple[ItemWarning, ...] = ()

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
            summary=self.summary or later.summary,
            rest=" ".join(filter(None, (self.rest, later.rest, later.link, *beside))),
            unclear=self.unclear or later.unclear,
            doubts=self.doubts + later.doubts,
        )

    def contradicts(self, later: Details) -> bool:
        """Whether the later details say something else about the same thing."""
        return bool(self._contradicted(later))

    def _contradicted(self, later: Details) -> list[str]:
        return [
            name
            for name in ("source", "published", "author", "topic", "title", "summary")
            if getattr(self, name)
            and getattr(later, name)
            and getattr(self, name) != getattr(later, name)
        ]


FIELDS: Final = {
    "source": "source", "sources": "source", "publisher": "source", "organisation": "source",
    "organization": "source", "organisations": "source", "organizations": "source",
    "news source": "source", "published by": "source",
    "issued by": "source", "released by": "source", "credit": "source", "provider": "source",
    "original source": "source", "from": "source", "taken from": "source",
    "produced by": "source", "provided by": "source",
    "date": "published", "date published": "published", "published": "published",
    "published date": "published", "publication date": "published", "published on": "published",
    "date of publication": "published", "posted": "published", "posted on": "published",
    "date posted": "published", "date added": "published", "added": "published",
    "first published": "published", "originally published": "published", "issued": "published",
    "published online": "published", "date issued": "published", "issue date": "published",
    "released": "published", "date released": "published", "release date": "published",
    "uploaded": "published", "date uploaded": "published", "sent on": "published",
    # A notice of a changed page is news of that moment.
    "time updated": "published", "time of change": "published", "time changed": "published",
    "author": "author", "authors": "author", "written by": "author", "posted by": "author",
    "sent by": "author", "message sent by": "author", "submitted by": "author",
    "added by": "author", "words": "author",
    "by": "author", "reporter": "author",
    "topic": "topic", "theme": "topic", "subject": "topic", "category": "topic",
    "type of message": "topic", "message type": "topic", "alert type": "topic",
    "posted in": "topic", "filed under": "topic", "filed in": "topic",
    "document type": "topic", "content type": "topic", "news type": "topic", "item type": "topic",
    "title": "title", "headline": "title", "heading": "title",
    "summary": "summary", "description": "summary", "details": "summary", "overview": "summary",
    "page summary": "summary",
    "link": "link", "url": "link", "website": "link", "web address": "link",
}  # fmt: skip
LABEL: Final = re.compile(
    r"(?:^|(?<=[\s|•·;(,]))("
    + "|".join(sorted(map(re.escape, FIELDS), key=len, reverse=True))
    + r")\s?:\s?(?!//)",
    re.IGNORECASE,
)
_LOOSE_LABEL: Final = re.compile(
    r"\A(source|author|publisher|published|date(?:\spublished)?)"
    r"(?:\s?;\s+|\s[–—-]\s+(?=(?-i:[A-Z0-9]))|\s(?=(?-i:[A-Z])))",
    re.IGNORECASE,
)
_PAGES: Final = re.compile(
    r",?\s?\(?\b(?:pages?|pgs?\.?|pp?\.|paragraphs?|paras?\.?|sections?|chapters?|annex)\s?\d.*\Z",
    re.IGNORECASE,
)
_HOURS: Final = re.compile(
    r"\d\s?(?:[ap]m)?\s?(?:[-–—]|to|until)\s?\d{1,2}(?:[.:]\d{2})?\s?[ap]m\b"
    r"|\b(?<![.:\d])\d{1,2}\s?[ap]m\b",
    re.IGNORECASE,
)
_HELD_AT: Final = re.compile(
    rf"{_HOURS.pattern}|\b\d{{1,2}}[.:]\d{{2}}\s?[ap]m\b|\b(?:noon|midday)\b"
    r"|\b\d{1,2}[.:]\d{2}\s?(?:[-–—]|to|until)\s?\d{1,2}[.:]\d{2}\b",
    re.IGNORECASE,
)
_OCCASION: Final = re.compile(
    r"\b(?:conference|course|day|deadline|evening|event|exhibition|fair|festival|meeting|month|session|show|"
    r"summit|term|training|visit|week|webinar|workshop|year)s?\b",
    re.IGNORECASE,
)
_BRACKETS_BETWEEN: Final = re.compile(r"[\])]\s{0,2}[\[(]")
_THANKS: Final = re.compile(
    r"(?:via|courtesy\sof|with\sthanks\sto|credit)\s((?-i:[A-Z])[\w’'&-]*(?:\s(?:of|for|and|the|&|(?-i:[A-Z])[\w’'&-]*)){0,6})",
    re.IGNORECASE,
)
_AT_END: Final = re.compile(r"[.,:;]?\s+[(<\[]?(?:https?://|www\.)[^\s()<>]{1,300}[)>\]]?\Z")
_SENTENCE: Final = re.compile(r"[a-z]{3}[.!?]\s")
_DAY_NAME: Final = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
# "Written by NAME on DATE. Posted in TOPIC." is no sentence of news, for all its stops.
_SIGNED: Final = re.compile(
    rf"{BY.pattern}(?:(?-i:[A-Z])[\w’'.-]*\s){{1,4}}on\s[^.]{{6,30}}\.(?:\s(?:posted|filed)\s(?:in|under)\s[^.]{{2,60}}\.?)?\Z",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(r"\s\(([^()]{2,80})\)\Z")
MAX_LENGTH: Final = 400
MAX_UNNAMED: Final = 160
MAX_OTHER_WORDS: Final = 12
_MAX_NAME: Final = 5
_MAX_OPENING: Final = 60  # characters
_WORD: Final = re.compile(r"[^\W\d_]{2}")
_MAX_TOPIC: Final = 120
_OWN_LINE: Final = frozenset({"source", "published", "author", "topic"})


def parse(text: str) -> Details | None:
    """The details in a line, or None if it is no line of details."""
    return _parsed(text) if 0 < len(text) <= MAX_LENGTH else None


# Looks, boundaries and drafting each ask about every line; a text has no more lines than this.
@lru_cache(maxsize=20_000)
def _parsed(text: str) -> Details | None:
    bare = text[1:-1].strip() if is_bracketed(text) else text
    loose = _LOOSE_LABEL.match(bare)
    if loose and (find_date(bare) or loose[0].rstrip()[-1] in "–—-"):
        bare = f"{loose[1]}: {bare[loose.end() :]}"
    bare = _BRACKETS_BETWEEN.sub(" | ", bare)
    if LABEL.match(bare):
        return _labelled(bare, list(LABEL.finditer(bare)))
    if bylines.is_update(bare):
        return _after_update(bare)
    if OPENING.match(bare):
        return _byline(bare)
    if told := credited.told(bare):
        return _pieces("Source: {} | {} | by {}".format(*told).removesuffix(" | by "))
    return _told_by_form(bare, text)


def _told_by_form(bare: str, text: str) -> Details | None:
    """The details in a line that does not say that it is one. bare: without its brackets."""
    rest = _AT_END.sub("", bare)
    if thanks := _THANKS.fullmatch(bare):
        return Details(source=thanks[1], named=False)
    if len(rest) > MAX_UNNAMED or (rest != bare and _is_entry(rest)):
        return None
    return _unnamed(rest, cited=rest != text)


def _is_entry(text: str) -> bool:
    """Whether what stands before an address is a day and what is on: "6 May 2026 – Course"."""
    found = find_date(text[:MAX_UNNAMED])
    name = text[found.end :].strip(EDGES) if found and not found.start else ""
    return bool(name) and not bylines.is_organisation(name)


def _after_update(text: str) -> Details | None:
    """ "Updated: DATE | Published: DATE": what follows the day of the change, if it is details."""
    changed = find_date(text)
    rest = text[changed.end :].lstrip(" |•·–—;,/-") if changed else ""
    found = _parsed(rest) if changed and find_date(rest) else None
    return found and found.merged(Details(rest=text[: len(text) - len(rest)].strip(EDGES)))


def diary(texts: Sequence[str]) -> frozenset[str]:
    """Those of some lines that say what is on, each at its own day: "6 May 2026 – Course".

    Two or more stand together; one alone may say where and when something was published.
    """
    days = list(map(_opening_day, texts))
    below = [at for at in range(1, len(days)) if days[at] and days[at - 1] not in {"", days[at]}]
    return frozenset(texts[one] for at in below for one in (at - 1, at))


def _opening_day(text: str) -> str:
    """The day that a line begins with, as it is written, if it says more than that."""
    begins = text[:_MAX_OPENING]
    found = find_date(begins) or next(find_yearless(begins), None)
    said = found and not found.start and _WORD.search(text, found.end)
    return text[: found.end].casefold() if found and said else ""


def gives_hours(text: str) -> bool:
    """Whether a line says from when to when, or at which hour of the day: "10am to 12 noon"."""
    return _HELD_AT.search(text[:MAX_LENGTH]) is not None


def is_open_label(text: str) -> bool:
    """Whether a line is a label whose value has to stand in the next: "Source:"."""
    label = LABEL.fullmatch(text)
    return label is not None and FIELDS[label[1].lower()] in _OWN_LINE


def is_open(text: str) -> bool:
    """Whether a line is the label of a field or of the text, and nothing else, as in a form."""
    return is_open_label(text) or is_open_summary(text)


def is_open_summary(text: str) -> bool:
    """Whether a line is the label of the text itself: "Summary:" over a paragraph."""
    label = LABEL.fullmatch(text)
    return label is not None and FIELDS[label[1].lower()] == "summary"


def is_bracketed(text: str) -> bool:
    """Whether a text stands in brackets."""
    return text[:1] in {"(", "["} and text.rstrip(".")[-1:] in {")", "]"}


def _labelled(text: str, labels: list[re.Match[str]]) -> Details | None:
    labels = [label for label in labels if not label.start() or label[1].lower() != "from"]
    ends = [label.start() for label in labels[1:]] + [len(text)]
    merged: Details | None = None
    for label, end in zip(labels, ends, strict=True):
        one = _field(label[1], text[label.end() : end].strip())
        if one is None:
            return merged and merged.merged(Details(rest=text[label.start() :].strip(EDGES)))
        merged = merged.merged(one) if merged else one
    return merged


def _field(label: str, value: str) -> Details | None:
    name, tidy = FIELDS[label.lower()], value.strip(" |•·;,")
    if label.lower() == "from" and not (tidy[:1].isupper() and "@" not in tidy):
        return None
    if name == "source":
        return _source(tidy)
    if name == "published":
        return _published(tidy)
    if name == "author":
        name = tidy.removesuffix(".") if "." not in tidy[:-1] else tidy
        return replace(_pieces(f"by {name}", labelled=True), topic="") if name else None
    if name == "topic":
        topic, _, beside = tidy.partition(" | ")
        short = 0 < len(tidy) < _MAX_TOPIC and tidy[-1] != "."
        return Details(topic=topic, rest=beside) if short else None
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
    return found.merged(Details(rest=pages[0].strip(EDGES))) if pages else found


def _published(value: str) -> Details | None:
    if len(value.split()) > 16:
        return None
    if find_date(value) or find_incomplete(value):
        return _pieces(value)
    # A year alone is not guessed at, but it is no news either.
    short = 0 < len(value.split()) <= 4 and any(char.isdigit() for char in value)
    return Details(rest=value, unclear=value) if short else None


def _byline(text: str) -> Details | None:
    """ "By NAME, DATE | SOURCE" and its like; without a date or a bar it is just a sentence."""
    if text.endswith(("?", "!")) or len(text.split()) > 20:
        return None
    incomplete = find_incomplete(text)
    dated = find_date(text) or (incomplete and incomplete.relative)
    if _SIGNED.match(text) and dated:
        return _pieces(text.removesuffix("."))
    if not text.endswith(".") and (dated or (BY.match(text) and "|" in text)):
        return _pieces(text)
    by = BY.match(text)
    name, comma, place = _PLACE.sub(r",\1", text[by.end() :]).partition(",") if by else ("", "", "")
    words, others = name.split(), place.split()
    named = 0 < len(words) <= _MAX_NAME and all(word[:1].isupper() for word in words)
    named = named and not _DAY_NAME.match(words[0])
    if named and (not comma or (0 < len(others) < _MAX_NAME and others[0][:1].isupper())):
        return None if text.endswith(".") else _pieces(text)
    return None


def _unnamed(text: str, *, cited: bool) -> Details | None:
    """ "X | DATE", "DATE", "(X, March 2026)": only its form says what the line is."""
    found = find_date(text)
    incomplete = None if found else find_incomplete(text)
    if incomplete and not (incomplete.relative or (cited and text[:1].isupper())):
        return None
    place = found or incomplete
    if not place or text[-1] in ".?!:" or _HOURS.search(text) or _several_days(text):
        return None
    before, after = text[: place.start].rstrip(), text[place.end :].lstrip()
    if not _apart(before, after) or len(f"{before} {after}".split()) > MAX_OTHER_WORDS:
        return None
    return replace(_pieces(text), named=False)


def _several_days(text: str) -> bool:
    """Whether dates make a span, such as that of an event, rather than say when it was written."""
    days = {found.day for found in find_dates(text)}
    return len(days) > 1 and not bylines.holds_update(text)


def _apart(before: str, after: str) -> bool:
    """Whether a name before a date, and one after it, are set off from it."""
    if before.endswith(":"):
        label = before.rstrip(": ")
        if not (bylines.is_kind(label) or bylines.is_organisation(label)):
            return False
    if "(" in before[:-1] and not before.startswith("("):
        return False
    if _SENTENCE.search(before):
        return False
    if before.endswith(",") and not after and not _may_be_name(before):
        return False
    opened = not before or before[-1] in ",|•·–—-:(/" or bylines.OPENS_DATE.search(before)
    closed = not after or after[0] in ",|•·–—-)/" or BY.match(after) is not None
    return bool(opened) and closed


def _may_be_name(before: str) -> bool:
    """Whether words before a comma and a date can be whose it is, rather than what happens then."""
    words = [word for word in re.findall(r"[^\W\d_][\w’'-]*", before) if len(word) > 3]
    named = all(word[0].isupper() for word in words) and not _OCCASION.search(before)
    return bylines.is_organisation(before) or (named and len(words) <= _MAX_NAME)


def _pieces(text: str, *, labelled: bool = False) -> Details:
    """What a byline says, as details."""
    said = bylines.take_apart(text, labelled=labelled)
    doubt = said.dated.doubt if said.dated else ""
    return Details(
        source=said.source,
        published=said.dated.day if said.dated else None,
        author=said.author,
        topic=said.topic,
        rest=" ".join(filter(None, (said.rest, said.unclear))),
        unclear=said.unclear,
        doubts=(ItemWarning("unsure_date", doubt),) if doubt else (),
    )
