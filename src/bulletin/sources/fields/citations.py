"""Citations: where a source stands in one line with a heading or with the text of an item."""

from __future__ import annotations

import re
from typing import Final

from bulletin.sources.fields import bylines, details
from bulletin.sources.fields.dates import find_date
from bulletin.sources.fields.details import Details

_TAIL: Final = re.compile(
    r"(?<=[.!?”\"’)])\s+[(\[]?(?:Source:\s[^.:]{2,120}|(?:Published|Date\spublished|Posted|Time\supdated):\s"
    r"[^;]{6,60}|(?:(?:First|Originally)\s(?:p|P)ublished|Published|Posted)\s(?:on\s)?[^.:;]{6,40}|(?:Written|Posted|Sent)\sby:?\s[^.:]{2,80})[)\]]?\.?\Z"
)
_CITED: Final = re.compile(
    r"(?<=[.!?”\"’)])\s+(?:[–—-]\s[^.;()]{8,120}|[(\[][^()\[\]]{8,120}[)\]])\.?\Z"
)
_OF_TITLE: Final = re.compile(r"(?<=\S)\s[(\[][^()\[\]]{8,150}[)\]]\Z")

_BODY: Final = re.compile(
    r"\b(?:Agency|Association|Authority|Charity|Coalition|Commission(?:er)?|Council|Department|Federation|"
    r"Foundation|Government|Institute|Ministry|Ofcom|Office|Ofsted|Partnership|Police|Society|Trust|Union|University)\b"
)
_HEAD: Final = re.compile(
    r"((?:(?:First|Originally)\s(?:p|P)ublished|Published|Posted|Issued|Released)\s[^.:;!?]{4,120})\."
    r"(?:\s+(?=[A-Z\d“\"‘'])|\Z)"
)
_BODY_NAME: Final = re.compile(r"(?:the\s)?[A-Z].*")
_KIND_OF_BODY: Final = re.compile(
    r"\b(?:academy|college|local|multi|parish|pupil|school|student|youth)s?\b", re.IGNORECASE
)
# Labels that lost the space before them.
_RUN_ON: Final = re.compile(
    r"(?<=[a-z)])(?=(?:Source|Date\spublished|Published(?:\s(?:on|by))?|Publisher|Author|Date):\s)"
)
_SMALL: Final = 3  # letters of "and", "of", "for"


def is_bare(text: str) -> bool:
    """Whether a line of details is a reference in brackets, as the text of news has them."""
    return details.is_bracketed(text) and find_date(text) is None


def of_title(title: str) -> tuple[str, Details] | None:
    """A title and the "(X, 3 May 2026)" or "(Source: X)" that ends it; None if it has none."""
    cut = _OF_TITLE.search(title)
    found = (details.parse(cut[0].strip()) or _body(cut[0].strip())) if cut else None
    if not cut or not found or not found.source:
        return None
    vague = bool(found.unclear) and bylines.is_organisation(found.source)
    sure = (found.named or bool(found.published)) and not found.rest
    return (title[: cut.start()], found) if vague or sure else None


def _body(bracket: str) -> Details | None:
    """A body that stands in brackets by its name alone: no place, and nobody to whom it matters."""
    name = bracket[1:-1].strip()
    words = [word for word in re.findall(r"[^\W\d_][\w’'-]*", name) if len(word) > _SMALL]
    named = len(words) > 1 and all(word[0].isupper() for word in words)
    sure = _BODY.search(name) and not _KIND_OF_BODY.search(name)
    return Details(source=name) if named and sure else None


def tail(text: str) -> tuple[str, str] | None:
    """A paragraph and the "Source: X" or "Published: DATE" that ends it, or None."""
    found = _TAIL.search(text, max(len(text) - details.MAX_LENGTH, 0))
    return (text[: found.start()].strip(), found[0].strip(" ()[].")) if found else None


def head_end(text: str) -> int:
    """Where the "Published on DATE by X." that begins a paragraph ends, or 0."""
    cut = _HEAD.match(text[: details.MAX_LENGTH])
    found = details.parse(cut[1]) if cut else None
    if not cut or not found or found.rest or not found.published:
        return 0
    whole = details.parse(text)
    if whole and not whole.rest:
        return 0
    return cut.end(1) if not found.source or _BODY_NAME.fullmatch(found.source) else 0


def glued(text: str) -> list[str]:
    """A heading with its details in the same line, taken apart; otherwise the line itself.

    "Heading Source: X Date published: 6 January 2025 And the news." gives three or four lines.
    """
    text = _RUN_ON.sub(" ", text)
    begins = text[: details.MAX_LENGTH]
    labels = [label for label in details.LABEL.finditer(begins) if label[1][0].isupper()]
    fields = {details.FIELDS[label[1].lower()] for label in labels}
    if (
        fields == {"source"}
        and 0 < labels[0].start() <= details.MAX_UNNAMED
        and _ends_with(text, labels[0])
    ):
        return [text[: labels[0].start()].strip(), text[labels[0].start() :]]
    if not {"source", "published"} <= fields:
        return [text]
    start = labels[0].start()
    heading, rest = text[:start].strip(), text[start:]
    found = find_date(rest[: details.MAX_LENGTH])
    if len(heading) > 200 or not found:
        return [text]
    parts = (heading, rest[: found.end].strip(), rest[found.end :].lstrip(" .|;").rstrip())
    return [part for part in parts if part]


def at_end(text: str) -> tuple[str, str] | None:
    """A paragraph and the "(X, DATE)" or "– X, DATE" that ends it, or None."""
    found = _CITED.search(text, max(len(text) - details.MAX_UNNAMED, 0))
    if not found:
        return None
    said = details.parse(found[0].strip(" –—-."))
    whole = said is not None and said.source and said.published and not said.rest
    return (text[: found.start()].strip(), found[0].strip(" –—-.")) if whole else None


def _ends_with(text: str, label: re.Match[str]) -> bool:
    """Whether the label and its value are the last words of a line that is no sentence."""
    value = text[label.end() :]
    return bool(value) and len(value.split()) <= details.MAX_OTHER_WORDS and text[-1] not in ".?!"
