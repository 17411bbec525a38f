"""What it costs to compile an issue and cut editions from it: `python bench/compile.py`."""

from __future__ import annotations

import quopri
import random
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from bulletin.composition import compose
from bulletin.models.editions import EditionContent, ReaderKind
from bulletin.rendering import Cutter, Renderer
from example_issue import ROLE_KEYS, SENDER, example_issue


def main() -> None:
    renderer = Renderer()
    print("items  words/item  compile ms  200 editions ms  html bytes  quoted-printable")
    for items in (10, 30, 40):
        print(measured(renderer, items))


def measured(renderer: Renderer, items: int) -> str:
    issue = example_issue(items)
    cutter = Cutter(renderer.compile(issue, SENDER))
    readers = kinds(200)
    compiling = timed(lambda: renderer.compile(issue, SENDER), 9)
    cutting = timed(lambda: [cutter.cut(compose(issue, reader).visible) for reader in readers], 3)
    html, printable = sizes(cutter.whole())
    words = sum(len(item.body.split()) for topic in issue.topics for item in topic.items) / items
    return (
        f"{items:5}  {words:10.0f}  {compiling:10.1f}  {cutting:15.1f}  {html:10,}  {printable:16,}"
    )


def kinds(count: int) -> list[ReaderKind]:
    chance = random.Random(1)
    return [
        ReaderKind(frozenset(chance.sample(ROLE_KEYS, chance.randint(1, 5)))) for _ in range(count)
    ]


def timed(work: Callable[[], object], times: int) -> float:
    """Milliseconds, the median of some runs after a first."""
    work()
    taken = []
    for _ in range(times):
        start = perf_counter()
        work()
        taken.append((perf_counter() - start) * 1000)
    return median(taken)


def sizes(edition: EditionContent) -> tuple[int, int]:
    html = edition.html.encode()
    return len(html), len(quopri.encodestring(html).replace(b"\n", b"\r\n"))


if __name__ == "__main__":
    main()
