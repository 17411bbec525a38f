"""Joining: lines that only together say something, such as a label and its title below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from bulletin.sources.fields import actions, bylines, details
from bulletin.sources.text import inline, lines, wording
from bulletin.sources.text.inline import Run
from bulletin.sources.text.lines import Kind, Line
from bulletin.sources.text.looks import is_heading, is_sentence

_MAX_BULLET_TITLE: Final = 25
_MAX_NAME: Final = 8
ARROWS: Final = (">", "»", "›", "→", "▶", "►")


def labelled(written: Iterable[Line]) -> Iterator[Line]:
    """The lines, with "Source:" and the name below it as one."""
    label: Line | None = None
    for line in written:
        if label is None:
            if details.is_open(line.text):
                label = line
            else:
                yield line
            continue
        whole = label.with_runs(inline.merge((*label.runs, Run(" "), *line.runs)))
        if details.is_open_summary(label.text) and is_sentence(line) and line.kind is Kind.TEXT:
            yield replace(line, gap=max(label.gap, 1), raw=f"{label.raw}\n{line.raw}")
        elif line.gap <= 1 and line.kind is Kind.TEXT and details.parse(whole.text):
            yield replace(whole, raw=f"{label.raw}\n{line.raw}")
        else:
            yield label
            yield line
        label = None
    if label:
        yield label


def with_source_told(written: list[Line]) -> list[Line]:
    """The lines with "X" over a date, right under the title, as "Source: X" if X is a body."""
    if len(written) < 2 or any(line.gap for line in written[1:2]):
        return written
    name, below = written[0], details.parse(written[1].text)
    dated = below and below.published and not (below.source or below.named)
    if not dated or name.gap > 1 or details.parse(name.text) or not is_heading(name):
        return written
    if name.words <= _MAX_NAME and bylines.is_organisation(name.text):
        return [lines.make(inline.parse(f"Source: {name.text}"), raw=name.raw), *written[1:]]
    return [written[1], name, *written[2:]]


def joined(written: Iterable[Line]) -> Iterator[Line]:
    """Lines with their continuation: a label and its title or address, "Read more:" and a list."""
    held: Line | None = None
    listed: Line | None = None
    for line in written:
        if listed and _is_listed_title(line):
            held = _glue(replace(listed, kind=Kind.TEXT), line)
            yield held
            held = None
            continue
        listed = None
        if held and _continues(held, line):
            held = _glue(held, line)
        elif held and _opens_list(held, line):
            listed, held = held, None
            yield _glue(replace(listed, kind=Kind.TEXT), line)
        else:
            if held:
                yield held
            held = line
    if held:
        yield held


def _glue(above: Line, line: Line) -> Line:
    colon = "" if above.text.endswith(":") or inline.words_only(line.runs) == "" else ":"
    runs = inline.merge((*above.runs, Run(f"{colon} "), *line.runs))
    return replace(above.with_runs(runs), raw=f"{above.raw}\n{line.raw}")


def _continues(above: Line, line: Line) -> bool:
    """Whether a line is the address or the title of the line above."""
    if line.mark or above.mark or above.kind is Kind.QUOTE or line.kind is not Kind.TEXT:
        return False
    if line.gap > 1 or inline.links(above.runs):
        return False
    text, label = above.text, wording.without_arrows(above.text)
    if inline.links(line.runs) and not inline.words_only(line.runs):
        named = line.gap == 0 and is_heading(above) and not details.parse(text)
        return text.endswith(":") or actions.is_action(above) or named
    if text.endswith(ARROWS):
        return False  # "Read more >" was a link of its own
    whole = (text.endswith(":") and wording.is_label(label)) or wording.is_bare_label(label)
    glued = line.gap == 0 or text.endswith(":")
    return whole and glued and not is_sentence(line) and _is_linked_title(line)


def _is_linked_title(line: Line) -> bool:
    plain = inline.words_only(line.runs)
    title = is_heading(line) or (line.text != plain and plain[:1].isupper())
    return title and not actions.is_action(line) and not details.parse(line.text)


def _opens_list(above: Line, line: Line) -> bool:
    label = wording.without_arrows(above.text)
    return above.text.endswith(":") and wording.is_label(label) and _is_listed_title(line)


def _is_listed_title(line: Line) -> bool:
    if line.kind not in {Kind.BULLET, Kind.NUMBERED} or actions.is_action(line):
        return False
    short = (
        line.words <= _MAX_BULLET_TITLE and line.text[:1].isupper() and line.text[-1] not in ".;,"
    )
    return short and len(inline.links(line.runs)) <= 1
