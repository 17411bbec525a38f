"""Markdown: the body of an item, with everything escaped that is only text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from bulletin.models.lines import escape
from bulletin.sources.text.inline import Run, Runs
from bulletin.sources.text.lines import Kind

_AT_START: Final = re.compile(r"(?:#{1,6}(?=\s|\Z)|>|[-+=](?=\s|\Z|[-=+ ]+\Z)|-{2}|={2}|~{3})")
_NUMBER_AT_START: Final = re.compile(r"(\d{1,9})([.)])(?=\s|\Z)")
_LINKED: Final = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>\x00-\x1f]+\Z", re.IGNORECASE)
_LISTED: Final = frozenset({Kind.BULLET, Kind.NUMBERED})
_INDENT: Final = "   "  # as wide as "1. ", so that it nests below bullets and numbers
_ENTITY: Final = re.compile(r"&(?=#?\w{1,31};)")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item or sub-heading of a body."""

    kind: Kind
    runs: Runs
    depth: int = 0
    marker: str = ""
    heading: bool = False


def body(blocks: Sequence[Block]) -> str:
    """The blocks as Markdown: paragraphs, lists and quotes, one empty line between them."""
    numbered = _counted(blocks)
    blocks = list(_levelled(blocks, numbered))
    pieces = [_block(block, numbered.get(index)) for index, block in enumerate(blocks)]
    text = pieces[:1]
    for (above, block), piece in zip(pairwise(blocks), pieces[1:], strict=True):
        text += [_between(above, block), piece]
    return "".join(text)


def _levelled(blocks: Sequence[Block], numbered: dict[int, int]) -> Iterator[Block]:
    """The blocks with no list deeper than one level below the line above it.

    Markdown takes lines that are set in further for code (CommonMark 4.4).
    """
    around: list[int] = []
    for index, block in enumerate(blocks):
        if block.kind is not Kind.BULLET and index not in numbered:
            around = []
            yield block
            continue
        around = [*(depth for depth in around if depth < block.depth), block.depth]
        yield replace(block, depth=len(around) - 1)


def _between(above: Block, block: Block) -> str:
    if block.kind is above.kind and block.kind in _LISTED:
        return "\n"
    return "\n>\n" if block.kind is above.kind is Kind.QUOTE else "\n\n"


def _block(block: Block, number: int | None) -> str:
    text = _runs(block.runs)
    if block.heading:
        bare = _runs(tuple(Run(run.text, run.target) for run in block.runs))
        return f"**{bare}**"
    indent = _INDENT * block.depth
    if block.kind is Kind.BULLET:
        return f"{indent}- {_start(text)}"
    if block.kind is Kind.NUMBERED and number is not None:
        return f"{indent}{number}. {_start(text)}"
    if block.kind is Kind.QUOTE:
        return f"> {_start(text)}"
    shown = f"{block.marker} {text}" if block.marker else text
    return _start(shown)


def _counted(blocks: Sequence[Block]) -> dict[int, int]:
    """The numbered lines that make a list: two or more that count on, one level."""
    counted: dict[int, int] = {}
    above: dict[int, int] = {}
    for index, block in enumerate(blocks):
        above = {depth: at for depth, at in above.items() if depth <= block.depth}
        before = above.pop(block.depth, None)
        if block.kind is not Kind.NUMBERED:
            continue
        above[block.depth] = index
        if before is not None and _value(block) == _value(blocks[before]) + 1:
            counted[before], counted[index] = _value(blocks[before]), _value(block)
    return counted


def _value(block: Block) -> int:
    return int(block.marker.strip("().") or 0)


def _start(text: str) -> str:
    text = _NUMBER_AT_START.sub(r"\1\\\2", text, count=1) if text[:1].isdigit() else text
    return f"\\{text}" if _AT_START.match(text) else text


def _runs(runs: Runs) -> str:
    around = (Run(" "), *runs, Run(" "))
    text = ""
    for before, run, after in zip(around, runs, around[2:], strict=False):
        piece = _run(run, before, after)
        if text.endswith("!") and piece.startswith("["):
            text = f"{text[:-1]}\\!"  # "![" would show a picture from somewhere
        text += piece
    return text


def _run(run: Run, before: Run, after: Run) -> str:
    inner = run.text.strip()
    # Whatever came this way, nothing but these is ever written down as a link (requirement 59).
    target = run.target if run.target and _LINKED.match(run.target) else None
    if not inner or (target is None and not (run.bold or run.italic)):
        return escape(run.text)
    text = escape(inner)
    if target is not None:
        text = f"[{text}]({_destination(target)})"
    lead, tail = run.text[: _lead(run.text)], run.text[len(run.text.rstrip()) :]
    if _open(before, lead, before.text[-1:], text[0]) and _open(
        after, tail, after.text[:1], text[-1]
    ):
        stars = "*" * (2 * run.bold + run.italic)
        text = f"{stars}{text}{stars}"
    return f"{lead}{text}{tail}"


def _lead(text: str) -> int:
    return len(text) - len(text.lstrip())


def _open(neighbour: Run, space: str, outer: str, inner: str) -> bool:
    """Whether emphasis can begin or end here (the flanking rules of CommonMark 6.2)."""
    if space or outer.isspace() or not outer:
        return True
    styled = neighbour.bold or neighbour.italic
    return not styled and (inner.isalnum() or not outer.isalnum()) and outer not in "*_"


def _destination(url: str) -> str:
    return _ENTITY.sub("&amp;", url.replace("(", "%28").replace(")", "%29"))
