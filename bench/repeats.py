"""Recognising repeats: `python bench/repeats.py [ITEMS]`.

First the labelled pairs: how each is judged, precision and recall of copies and of newer versions,
apart for the groups that the thresholds were not set by. Then how long it takes: a text of a
thousand items by itself, and 50 items against a library of a hundred thousand.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from bulletin.models.items import ItemDraft, Reading
from bulletin.pipeline.collect import Collecting, foreseen
from bulletin.store.database import Database
from bulletin.store.store import Store
from parts import ROOT, machine
from parts.databases import postgres
from parts.stock import Writer, fill

sys.path.insert(0, str(ROOT / "tests" / "repeats"))

from labelled_pairs import Pair, judged, labelled, strangers

COPIES = frozenset({"same", "copy"})
PASTE = 50
RUNS = 5


def main() -> None:
    items = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    pairs = labelled()
    print(f"{len(pairs)} labelled pairs\n")
    print("                         copies              newer versions")
    print("                      precision  recall     precision  recall    judged as labelled")
    for name, some in (
        ("learnt from", [pair for pair in pairs if pair.learnt]),
        ("kept apart", [pair for pair in pairs if not pair.learnt]),
        ("all", pairs),
    ):
        print(f"{name:12} {_figures(some)}")
    _misses(pairs)
    _strangers()
    _text_alone()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        _library(f"sqlite:///{Path(folder) / 'bulletin.db'}", items)
        _library(stack.enter_context(postgres()).database("repeats"), items)
    print(machine.describe())


def _figures(pairs: Iterable[Pair]) -> str:
    found = [(pair.label, judged(pair)) for pair in pairs]
    exact = sum(label == said for label, said in found)
    columns = [_precision_and_recall(found, labels) for labels in (COPIES, frozenset({"update"}))]
    return f"{'     '.join(columns)}      {exact} of {len(found)}"


def _precision_and_recall(found: list[tuple[str, str]], labels: frozenset[str]) -> str:
    said = sum(judgement in labels for _, judgement in found)
    right = sum(label in labels and judgement in labels for label, judgement in found)
    there = sum(label in labels for label, _ in found)
    shares = ((right, said), (right, there))
    return " ".join(f"{some:3}/{of:<3} {some / max(of, 1):4.0%}" for some, of in shares)


def _misses(pairs: Iterable[Pair]) -> None:
    for pair in pairs:
        if (said := judged(pair)) != pair.label:
            print(f"  {pair}: {pair.label}, judged {said}")


def _strangers() -> None:
    told = Counter(judged(pair) for pair in strangers())
    print(f"\n{told.total():,} pairs of two groups: {dict(told)}")


def _text_alone() -> None:
    writer = Writer()
    drafts = tuple(writer.item(number) for number in range(1000))
    copies = tuple(replace(draft, title=f"Again: {draft.title}") for draft in drafts[:500])
    times = {
        "1,000 items": drafts,
        "1,000, half of them copies": drafts[:500] + copies,
        "1,000 copies of one": tuple(
            replace(drafts[0], title=f"{drafts[0].title} again {place}") for place in range(1000)
        ),
    }
    print("\na text by itself            seconds")
    for name, items in times.items():
        print(f"{name:27} {_seconds(Reading(items)):7.2f}")


def _seconds(reading: Reading) -> float:
    taken = []
    for _ in range(RUNS):
        start = perf_counter()
        foreseen(reading)
        taken.append(perf_counter() - start)
    return median(taken)


def _library(url: str, count: int) -> None:
    store = Store(Database(url), lambda: datetime(2026, 12, 1, 12, 0, tzinfo=UTC))
    store.prepare()
    fill(store, count)
    collecting = Collecting(store)
    start = perf_counter()
    collecting.catch_up()
    made = perf_counter() - start
    paste = Reading(tuple(_paste(store, count)))
    times, copies = [], 0
    for _ in range(RUNS):
        start = perf_counter()
        found = collecting.preview(paste)
        times.append(perf_counter() - start)
        copies = sum(each.draft.duplicate_of is not None for each in found)
    kind = store.name().split()[0]
    print(
        f"\n{kind:12} {count:,} items, bands made in {made:.0f} s; {PASTE} looked "
        f"up in {times[0]:.2f} s at first, then {median(times[1:]):.2f} s; {copies} of "
        f"{PASTE // 2} copies found"
    )
    if url.startswith("sqlite"):  # elsewhere the numbers of made-up items are not counted on
        start = perf_counter()
        collecting.keep(paste, "bench")
        print(f"{'':12} kept in {perf_counter() - start:.2f} s")
    store.close()


def _paste(store: Store, count: int) -> list[ItemDraft]:
    """Half of it is new, half is in the library under other headings and without its end."""
    writer = Writer()
    new = [ItemDraft(writer.text(8), body=writer.text(90)) for _ in range(25)]
    with store.read() as tx:
        old = tx.items.list_items(ids=[1 + place * (count // 25) for place in range(25)])
    copies = [
        replace(
            item.draft, title=writer.text(6), body=item.draft.body[: len(item.draft.body) * 3 // 4]
        )
        for item in old
    ]
    return new + copies


if __name__ == "__main__":
    main()
