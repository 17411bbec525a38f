"""Markers around what not everybody sees, and the cut of an edition along them.

A marker holds a key of models.editions. In HTML it is a comment, which editors cannot write
because their text is escaped; in text it stands between control characters, which are taken out
of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

from markupsafe import Markup

from bulletin.errors import RenderingError
from bulletin.models.editions import CompiledIssue, EditionContent

_KEY = r"(/?)((?:block|item|topic|note):[\w.~%:]+)"
_HTML = re.compile(f"<!--{_KEY}-->")
_TEXT = re.compile(f"\x02{_KEY}\x03")

_Slice = tuple[frozenset[str], str]


def html_marker(key: str, *, end: bool = False) -> Markup:
    """The comment that opens or ends the slice of this key."""
    return Markup("<!--{}-->").format(_written(key, end))


def text_marker(key: str, *, end: bool = False) -> str:
    """The same for plain text."""
    return f"\x02{_written(key, end)}\x03"


class Cutter:
    """A compiled issue, its markers read once; cuts editions by joining slices.

    Raises RenderingError if the markers do not match up. Safe to share between threads.
    """

    def __init__(self, compiled: CompiledIssue) -> None:
        self._subject = compiled.subject
        self._html = list(_slices(_HTML, compiled.html))
        self._text = list(_slices(_TEXT, compiled.text))
        self._keys = frozenset[str]().union(*(keys for keys, _ in self._html + self._text))

    def cut(self, visible: frozenset[str]) -> EditionContent:
        """The edition in which only these keys are visible. No marker is left in it."""
        return EditionContent(
            subject=self._subject,
            html="".join(text for keys, text in self._html if keys <= visible),
            text="".join(text for keys, text in self._text if keys <= visible),
        )

    def whole(self, *, without: frozenset[str] = frozenset()) -> EditionContent:
        """The edition of a reader who sees everything: the longest that anybody can get.

        without: keys to leave out all the same.
        """
        return self.cut(self._keys - without)


def _written(key: str, end: bool) -> str:
    # Two hyphens end a comment for some parsers, and quote() leaves them alone.
    return "/" * end + quote(key, safe=":").replace("-", "%2D")


def _slices(marker: re.Pattern[str], compiled: str) -> Iterator[_Slice]:
    """Pieces of a compiled text, each with the keys that must all be visible for it to stay."""
    stack: list[str] = []
    found = list(marker.finditer(compiled))
    starts = [0, *(mark.end() for mark in found)]
    ends = [*(mark.start() for mark in found), len(compiled)]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if number:
            _step(stack, ended=bool(found[number - 1][1]), key=unquote(found[number - 1][2]))
        if start < end:
            yield frozenset(stack), compiled[start:end]
    if stack:
        raise _unmatched(stack[-1])


def _step(stack: list[str], *, ended: bool, key: str) -> None:
    if not ended:
        stack.append(key)
    elif not stack or stack.pop() != key:
        raise _unmatched(key)


def _unmatched(key: str) -> RenderingError:
    return RenderingError(
        f"The compiled issue cannot be cut into editions: the marker {key} does not match up. "
        "Each template must close every marker that it opens."
    )
