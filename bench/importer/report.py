"""The scores as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bench.importer.scoring import FIELDS, Count, Miss, Score

COLUMNS = ("found", "true", *FIELDS, "cruft")
WIDEST = 300


def table(scores: list[Score]) -> Iterator[str]:
    """A line for each layout and one for all: percentages, by field."""
    width = max(len(score.layout) for score in scores)
    yield f"{'layout':{width}}  items  " + " ".join(f"{name[:9]:>9}" for name in COLUMNS)
    for score in scores:
        yield _line(score.layout, width, score.counts)
    yield _line("all", width, total(scores))


def total(scores: Iterable[Score]) -> dict[str, Count]:
    """The counts of all examples together."""
    every = list(scores)
    return {name: sum((one.counts[name] for one in every), Count()) for name in COLUMNS}


def misses(scores: Iterable[Score]) -> Iterator[str]:
    """What was not as labelled, a paragraph each."""
    return (_miss(miss) for score in scores for miss in score.misses)


def _line(layout: str, width: int, counts: dict[str, Count]) -> str:
    shares = " ".join(f"{100 * counts[name].share:9.1f}" for name in COLUMNS)
    return f"{layout:{width}}  {counts['found'].of:5}  {shares}"


def _miss(miss: Miss) -> str:
    return (
        f"{miss.layout} | {miss.item[:80]} | {miss.field}\n"
        f"    wanted: {str(miss.wanted)[:WIDEST]!r}\n    found:  {str(miss.found)[:WIDEST]!r}"
    )
