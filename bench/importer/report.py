"""The scores as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bench.importer.judging import FIELDS
from bench.importer.scoring import Count, Miss, Score

COLUMNS = ("found", "true", *FIELDS, "cruft")
WIDEST = 300


def table(scores: list[Score]) -> Iterator[str]:
    """A line for each layout and two for all: percentages, by field."""
    width = max(len(score.layout) for score in scores)
    yield f"{'layout':{width}}  items  " + " ".join(f"{name[:9]:>9}" for name in COLUMNS)
    for score in scores:
        yield _line(score.layout, width, score.counts)
    yield _line("all", width, _total([score.counts for score in scores]))
    yield _line("all, where not empty", width, _total([score.said for score in scores]))


def misses(scores: Iterable[Score]) -> Iterator[str]:
    """What was not as labelled, a paragraph each."""
    return (_miss(miss) for score in scores for miss in score.misses)


def _total(counts: list[dict[str, Count]]) -> dict[str, Count]:
    return {name: sum((one[name] for one in counts), Count()) for name in counts[0]}


def _line(layout: str, width: int, counts: dict[str, Count]) -> str:
    items = counts["found"].of if "found" in counts else ""
    shares = " ".join(
        f"{100 * counts[name].share:9.1f}" if name in counts else " " * 9 for name in COLUMNS
    )
    return f"{layout:{width}}  {items:5}  {shares}"


def _miss(miss: Miss) -> str:
    return (
        f"{miss.layout} | {miss.item[:80]} | {miss.field}\n"
        f"    wanted: {str(miss.wanted)[:WIDEST]!r}\n    found:  {str(miss.found)[:WIDEST]!r}"
    )
