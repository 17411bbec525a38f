"""Lines: what a text or a page is made of before anybody knows its items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby, pairwise
from typing import Final

from bulletin.sources.fields import details
from bulletin.sources.text import codes, emphasis, inline, wording
from bulletin.sources.text.inline import Run, Runs


class Kind(StrEnum):
    TEXT = "text"
    BULLET = "bullet"
    NUMBERED = "numbered"
    QUOTE = "quote"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, list item or heading, without its marker.

    text:   its plain text, always that of `runs`.
    gap:    blank lines before it.
    depth:  how far a list item is nested, from 0.
    marker: the number of a numbered line, as written ("3.").
    mark:   how it is marked as a heading ("h2", "underline=", "bold"), or "".
    raw:    as it stood in the source, to be shown if it is left out.
    """

    text: str
    runs: Runs
    kind: Kind = Kind.TEXT
    gap: int = 0
    depth: int = 0
    marker: str = ""
    mark: str = ""
    raw: str = ""

    @property
    def words(self) -> int:
        return self.text.count(" ") + 1

    def with_runs(self, runs: Runs) -> Line:
        """The same line with other runs. Every line is cut often: `replace` is slower."""
        if runs is self.runs:
            return self
        text = inline.plain(runs)
        return Line(
            text, runs, self.kind, self.gap, self.depth, self.marker, self.mark, self.raw
        )  # fmt: skip


_BULLET: Final = re.compile(r"(\s*)(?:[•·▪◦●○■□‣⁃∙*+–—\-\uf0b7]\s+|[•▪●■‣\uf0b7](?=\w)|o\t)(?=\S)")
_NUMBER: Final = re.compile(r"\s*(\d{1,3}[.)]|\(\d{1,3}\))\s+(?=\S)")
_RULE: Final = re.compile(
    r"\s*([^\w\s>.?!]|_)(?:\s{0,3}\1){2,200}\s*\Z|\s*[-–—*•·~=#_§◆◇■★✦]{1,2}\s*\Z"
)
_UNDERLINE: Final = re.compile(r"\s*([=~-])\1{2,200}\s*\Z")
_WHOLE_BOLD: Final = re.compile(r"(\*{1,2}|__)(?=\S)([^*_]{1,200})(?<=\S)\1:?\Z")
_FLANKED: Final = re.compile(
    r"([*=~#+:<>|_-])\1{1,20}\s+(?=\S)(.{1,200}\S)\s+[*=~#+:<>|_-]{2,21}\Z"
)
# Pictographs, dingbats, arrows and flags, with what may be joined to them.
_ORNAMENT: Final = re.compile(
    "\\s*([\u2190-\u21ff\u2300-\u23ff\u2460-\u25ff\u2600-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff]"
    "[\u200d\ufe0f\U0001f000-\U0001faff\u20e3\u2600-\u27bf]{0,6})\\s*(?=\\S)"
)
# What may follow in the next line where mail broke an address: no spaces, and no word of prose.
_ADDRESS_REST: Final = re.compile(r"[a-z0-9%&=?/#~+_][\w%&=?/.#~+:@,;!'()-]*[\w/=]\Z")
_ADDRESS_MAKE: Final = re.compile(r"[\w%][-_/=&%][\w%]|\.(?:html?|pdf|aspx?|php|docx?|xlsx?)\b")
_OPEN_ENDS: Final = "-_=&?%+~"
_LONG: Final = 160
_CELL: Final = 60  # characters
_TWO: Final = 2  # cells
_LETTER: Final = re.compile(r"\(?[a-z]{1,3}[.)]")
_SMALLEST: Final = 4  # rows and cells
_UNEVEN: Final = 2  # characters
_OPENS: Final[tuple[list[Kind], ...]] = (
    [],
    [Kind.RULE],
)  # what stands above a heading without room


def make(runs: Runs, **more: object) -> Line:
    """A line of these runs, with further fields of Line by name."""
    return Line(inline.plain(runs), runs, **more)  # type: ignore[arg-type]  # fields of many types


def of_text(text: str) -> list[Line]:
    """The lines of clean plain text: hard wraps undone, markers and underlines understood."""
    found = _underlined(_unwrapped(list(_raw_lines(inline.unbroken(codes.as_links(text))))))
    return list(map(_emphasised, found)) if emphasis.is_used(text) else found


def _emphasised(line: Line) -> Line:
    """A line with its bold and italics; bold before "(SOURCE, DATE)" marks it as a heading."""
    if line.kind is Kind.RULE:
        return line
    styled = line.with_runs(emphasis.applied(line.runs))
    first, *rest = styled.runs or (Run(""),)
    cited = details.parse(inline.plain(rest).strip()) if first.bold and rest else None
    heads = cited is not None and line.kind is Kind.TEXT and not line.mark
    return replace(styled, mark="bold") if heads else styled


def _raw_lines(text: str) -> Iterator[Line]:
    gap = 0
    every = _unquoted(text.split("\n"))
    rows = _rows(every) if "\t" in text else frozenset()
    for at, written in enumerate(every):
        pieces = [_row(written)] if at in rows else _pieces(written)
        if not pieces:
            gap += 1
        for piece in pieces:
            yield _line(piece, gap)
            gap = 0


def _unquoted(lines: list[str]) -> list[str]:
    """Without the "> " of a forwarded mail, if (nearly) every line has it."""
    filled = [line for line in lines if line.strip()]
    quoted = sum(line.startswith(">") for line in filled)
    if quoted < 3 or quoted < 0.8 * len(filled):
        return lines
    return [line.removeprefix(">").removeprefix(" ") for line in lines]


def _rows(lines: list[str]) -> frozenset[int]:
    """Lines with tabs that are the rows of a small table: short cells, as many in each."""
    widths = [_width(line) for line in lines]
    rows: set[int] = set()
    for width, group in groupby(range(len(lines)), key=widths.__getitem__):
        alike = list(group)
        if width > 1 and len(alike) > 1 and len(alike) + width > _SMALLEST:
            rows.update(alike)
    return frozenset(rows)


def _width(written: str) -> int:
    """How many short cells a line has, or 0."""
    cells = _cells(written)
    short = len(cells) > 1 and max(map(len, cells)) <= _CELL
    return len(cells) if short else 0


def _cells(written: str) -> list[str]:
    if "\t" not in written or _BULLET.match(written) or _NUMBER.match(written):
        return []
    cells = [cell.strip() for cell in written.split("\t") if cell.strip()]
    return [" ".join(cells)] if len(cells) == _TWO and _LETTER.fullmatch(cells[0]) else cells


def _row(written: str) -> str:
    """A row of a small table as an entry of a list, or as the line of details that it is."""
    cells = _cells(written)
    told = ": ".join(cells) if len(cells) == _TWO else ""
    return told if told and details.parse(told) else "• " + (told or " – ".join(cells))


def _pieces(written: str) -> list[str]:
    """A line, or the cells of a line that was pasted from a table."""
    return _cells(written) or ([written] if written.strip() else [])


def _line(written: str, gap: int) -> Line:
    raw = written.strip()
    if _RULE.match(written):
        return Line(raw, (Run(raw),), Kind.RULE, gap, raw=raw)
    if bullet := _BULLET.match(written):
        depth = min(len(bullet[1].expandtabs(4)) // 4, 5)
        return _of_kind(written[bullet.end() :], Kind.BULLET, gap, raw, depth=depth)
    if number := _NUMBER.match(written):
        return _of_kind(written[number.end() :], Kind.NUMBERED, gap, raw, marker=number[1])
    if raw.startswith(">") and raw.lstrip("> "):
        return _of_kind(raw.lstrip("> "), Kind.QUOTE, gap, raw)
    ornament = _ORNAMENT.match(raw)
    text, mark = _marked(raw[ornament.end() :] if ornament else raw)
    return _of_kind(text, Kind.TEXT, gap, raw, marker=ornament[1] if ornament else "", mark=mark)


def _of_kind(
    text: str, kind: Kind, gap: int, raw: str, *, depth: int = 0, marker: str = "", mark: str = ""
) -> Line:
    runs = inline.parse(text)
    return Line(inline.plain(runs), runs, kind, gap, depth, marker, mark, raw)


def _marked(text: str) -> tuple[str, str]:
    """A heading of Markdown without its marks, and which it had."""
    hashes = len(text) - len(text.lstrip("#"))
    if 1 <= hashes <= 6 and text[hashes : hashes + 1] == " " and text[hashes:].strip(" #"):
        return text[hashes:].strip().rstrip("#").strip(), f"h{hashes}"
    if flanked := _FLANKED.match(text):
        return flanked[2].rstrip(), "flanked"
    bold = _WHOLE_BOLD.match(text)
    return (bold[2], "bold") if bold else (text, "")


def _underlined(lines: list[Line]) -> list[Line]:
    found: list[Line] = []
    for line in lines:
        above = found[-1] if found else None
        under = _UNDERLINE.match(line.raw) if line.kind is Kind.RULE and not line.gap else None
        apart = bool(above and above.gap) or [one.kind for one in found[-2:-1]] in _OPENS
        if under and above and (apart or _fits(above, line)) and _may_be_underlined(above):
            found[-1] = replace(above, mark=f"underline{under[1]}")
        else:
            found.append(line)
    return found


def _fits(line: Line, under: Line) -> bool:
    """Whether an underline is as long as its line, rather than a rule below the last of a text."""
    return abs(len(under.raw) - max(map(len, line.raw.split("\n")))) <= _UNEVEN


def _may_be_underlined(line: Line) -> bool:
    if line.kind not in {Kind.TEXT, Kind.NUMBERED} or len(line.text) > _LONG:
        return False
    if any(run.bare for run in line.runs):
        return False
    return not line.text.endswith((".", ";", ",")) and details.parse(line.text) is None


def _unwrapped(lines: list[Line]) -> list[Line]:
    width = _wrap_width(lines)
    paragraphs: list[list[Line]] = []
    above = ""
    for line in lines:
        if paragraphs and _completes_address(paragraphs[-1][-1], line):
            paragraphs[-1] = [_with_address_completed(_whole(paragraphs[-1]), line)]
        elif paragraphs and _continues(paragraphs[-1], above, line, width):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
        above = line.raw
    return list(map(_whole, paragraphs))


def _whole(paragraph: list[Line]) -> Line:
    """Its lines as one. They are parsed again together, once, for a link may have been broken."""
    first, *rest = paragraph
    if not rest:
        return first
    runs = inline.parse(" ".join(map(_source, paragraph)))
    return replace(first.with_runs(runs), raw="\n".join(line.raw for line in paragraph))


def _completes_address(whole: Line, line: Line) -> bool:
    """Whether a line is the rest of the address that ends the line above."""
    if line.gap or line.kind is not Kind.TEXT or line.mark or not whole.runs:
        return False
    last, text = whole.runs[-1], line.text
    if not last.bare or last.target is None or "\n" in last.target or len(text) > _LONG:
        return False
    if inline.links(line.runs) or not _ADDRESS_REST.match(text) or details.parse(text):
        return False
    return last.text[-1] in _OPEN_ENDS or bool(_ADDRESS_MAKE.search(text))


def _with_address_completed(whole: Line, line: Line) -> Line:
    """The line break stays in the target, so that whoever looks at it can say what was mended."""
    last = whole.runs[-1]
    run = replace(last, text=last.text + line.text, target=f"{last.target}\n{line.text}")
    return replace(whole.with_runs((*whole.runs[:-1], run)), raw=f"{whole.raw}\n{line.raw}")


def _source(line: Line) -> str:
    """The text to parse again: links that were understood already keep their spelling."""
    return "".join(
        run.text if run.target is None else _link_source(run) for run in line.runs
    )  # fmt: skip


def _link_source(run: Run) -> str:
    return f"<{run.target}>" if run.bare else f"[{run.text}]({run.target})"


def _stands_alone(text: str) -> bool:
    """ "Read more: ..." and "Source: ..." are lines of their own in any text."""
    label, colon, _ = text[:130].partition(":")
    return (bool(colon) and wording.is_label(label)) or details.parse(text) is not None


def _wrap_width(lines: list[Line]) -> int:
    """The column at which a text was wrapped, or 0. Two sentences that run on are the proof."""
    wrapped = [
        len(above.raw)
        for above, line in pairwise(lines)
        if _runs_on(above.raw, line) and 40 <= len(above.raw) <= 100
    ]
    return max(wrapped) if len(wrapped) >= 2 else 0


def _runs_on(above: str, line: Line) -> bool:
    plain = line.kind is Kind.TEXT and not line.gap and not line.mark
    return plain and line.text[:1].islower() and above[-1:] not in ".:;!?"


def _continues(paragraph: list[Line], above: str, line: Line, width: int) -> bool:
    first, last = paragraph[0], paragraph[-1]
    if line.kind is not Kind.TEXT or line.gap or line.mark or first.mark:
        return False
    if first.kind is Kind.RULE or (last.runs and last.runs[-1].bare):
        return False
    if _stands_alone(line.text):
        return False
    if _runs_on(above, line) and len(above) >= 40 and not line.runs[0].bare:
        return True
    first_word = line.text.partition(" ")[0]
    return bool(width) and len(above) <= width + 1 and len(above) + 1 + len(first_word) > width
