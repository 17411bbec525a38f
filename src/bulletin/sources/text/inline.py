"""Runs: text within a line that shares a style or a link."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final


@dataclass(frozen=True, slots=True)
class Run:
    """Some text of a line.

    target: the address it leads to, as the source wrote it (not yet looked at), or None.
    bare:   the text is the address itself.
    """

    text: str
    target: str | None = None
    bare: bool = False
    bold: bool = False
    italic: bool = False

    def saying(self, text: str) -> Run:
        """The same with another text. Lines are cut and trimmed often: `replace` is slower."""
        if text == self.text:
            return self
        return Run(text, self.target, self.bare, self.bold, self.italic)


Runs = tuple[Run, ...]

_MISSPELT: Final = r"https?(?:;//|:/(?!/)|//)|(?:h{1,2}t{1,3}ps?|t{1,2}ps?)://"
# Without any scheme, only what is plainly a page: a host under a common domain, and a path.
_PAGE: Final = (
    r"(?:[a-z0-9-]{1,40}\.){1,5}(?:uk|com|org|net|info|wales|scot|ie|im|je|gg|example)/(?=[\w%?#])"
)
_ADDRESS: Final = re.compile(
    rf"(?<![\w@/.])(?:(?:https?|ftp)://(?:\s(?=[\w-]+\.\w))?|www\.(?=\w)|{_MISSPELT}|mailto:(?=[\w.+-]+@)|{_PAGE})"
    r"[^\s<>\"“”«»|]*",
    re.IGNORECASE,
)
_MARKDOWN_LINK: Final = re.compile(r"\[([^\[\]\n]{1,300})\]\(([^()\n]{1,500}(?:\([^()\n]*\))?)\)")
_ANGLE: Final = re.compile(r"<((?:[a-z][a-z0-9+.-]{1,15}:|www\.)[^<>\n]{1,2000})>", re.IGNORECASE)
_EXPLICIT: Final = re.compile(f"{_MARKDOWN_LINK.pattern}|{_ANGLE.pattern}", re.IGNORECASE)
_BRACKETED: Final = re.compile(
    r"<(?:https?://|www\.|mailto:)[^<>\s]{1,500}(?:[ \t]*\n[ \t]*[^<>\s]{1,500}){1,5}>",
    re.IGNORECASE,
)
_EMPTIED: Final = re.compile(r"[(\[<]\s{1,3}[)\]>]")
_CLOSERS: Final = {")": "(", "]": "[", "}": "{"}
_SPACES: Final = re.compile(r"\s+")


def parse(text: str) -> Runs:
    """The runs of plain text: `[label](address)`, `<address>` and bare addresses are links."""
    runs: list[Run] = []
    if "<" not in text and "](" not in text:
        return merge(_bare_runs(text))
    for piece in _split(text, _EXPLICIT):
        if isinstance(piece, str):
            runs.extend(_bare_runs(piece))
        elif piece[3]:
            runs.append(Run(piece[3], piece[3], bare=True))
        else:
            label, target = piece[1].strip(), piece[2].strip()
            runs.append(Run(label or target, target, bare=not label or label == target))
    return merge(runs)


def unbroken(text: str) -> str:
    """Plain text with the addresses in <> whole that were wrapped (RFC 3986, appendix C)."""
    if "<" not in text:
        return text
    return _BRACKETED.sub(lambda found: "".join(found[0].split()), text)


def plain(runs: Iterable[Run]) -> str:
    return "".join([run.text for run in runs])  # a generator would take twice as long


def words_only(runs: Iterable[Run]) -> str:
    """The text without its bare addresses, and without the brackets around these."""
    whole = list(runs)
    text = "".join(" " if run.bare else run.text for run in whole)
    if any(run.bare for run in whole):
        text = _EMPTIED.sub(" ", text)
    return tidy(text)


def tidy(text: str) -> str:
    """One space between words, none around."""
    return " ".join(text.split())


def links(runs: Iterable[Run]) -> list[Run]:
    return [run for run in runs if run.target is not None]


def part(runs: Runs, start: int, end: int) -> Runs:
    """The runs between two offsets of the line's text, without spaces at the ends."""
    found, offset = [], 0
    for run in runs:
        low, high = max(start - offset, 0), min(end - offset, len(run.text))
        if low < high:
            found.append(run.saying(run.text[low:high]))
        offset += len(run.text)
    return trim(found)


def cut(runs: Runs, stops: Sequence[int]) -> Iterator[Runs]:
    """The runs between offsets that ascend, in one pass; each piece without spaces at its ends."""
    rest, offset = deque(runs), 0
    for stop in stops:
        piece: list[Run] = []
        while rest and offset < stop:
            run = rest.popleft()
            taken = run.text[: stop - offset]
            piece.append(run.saying(taken))
            if len(taken) < len(run.text):
                rest.appendleft(run.saying(run.text[len(taken) :]))
            offset += len(taken)
        yield trim(piece)


def merge(runs: Iterable[Run]) -> Runs:
    """Neighbours of the same style become one, spaces are mended across them."""
    every = list(runs)
    if not every:
        return ()
    if len(every) == 1:
        text = _spaced(every[0].text).strip()
        return (every[0].saying(text),) if text else ()
    merged: list[Run] = []
    for (target, bare, bold, italic), alike in groupby(every, key=_style):
        if bare:
            merged += alike
        else:
            text = "".join(run.text for run in alike)
            merged.append(Run(text, target, bold=bold, italic=italic))
    return trim(_single_spaced(run for run in merged if run.text))


def _style(run: Run) -> tuple[str | None, bool, bool, bool]:
    return run.target, run.bare, run.bold, run.italic


def trim(runs: Iterable[Run]) -> Runs:
    """The runs without spaces at the ends of the line."""
    left = list(runs)
    while left and not left[0].text.strip():
        left.pop(0)
    while left and not left[-1].text.strip():
        left.pop()
    if left:
        left[0] = left[0].saying(left[0].text.lstrip())
        left[-1] = left[-1].saying(left[-1].text.rstrip())
    return tuple(left)


def _single_spaced(runs: Iterable[Run]) -> Iterator[Run]:
    spaced = True
    for run in runs:
        text = _spaced(run.text)
        if spaced:
            text = text.removeprefix(" ")
        if text:
            spaced = text.endswith(" ")
            yield run.saying(text)


def _spaced(text: str) -> str:
    """One space wherever there are some. Most text has no others: that is quickly seen."""
    even = "  " not in text and text.isprintable()
    return text if even else _SPACES.sub(" ", text)


def _split(text: str, pattern: re.Pattern[str]) -> Iterator[str | re.Match[str]]:
    end = 0
    for match in pattern.finditer(text):
        if match.start() > end:
            yield text[end : match.start()]
        yield match
        end = match.end()
    if end < len(text):
        yield text[end:]


def _bare_runs(text: str) -> Iterator[Run]:
    if not _may_hold_address(text):
        yield Run(text)
        return
    for piece in _split(text, _ADDRESS):
        if isinstance(piece, str):
            yield Run(piece)
            continue
        address = _without_trailing_stops(piece[0])
        yield Run(address, address, bare=True)
        if len(address) < len(piece[0]):
            yield Run(piece[0][len(address) :])


def _may_hold_address(text: str) -> bool:
    """Whether there is anything of what every address has; most lines have none of it."""
    return "/" in text or any(mark in text.lower() for mark in ("www.", "mailto:"))


def _without_trailing_stops(address: str) -> str:
    while address:
        last = address[-1]
        unopened = last in _CLOSERS and address.count(_CLOSERS[last]) < address.count(last)
        if (not unopened and last not in ".,;:!?'’‘*_") or address.endswith("..."):
            return address
        address = address[:-1]
    return address
