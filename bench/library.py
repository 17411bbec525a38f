"""Search a library of a hundred thousand items: `python bench/library.py [ITEMS] [sqlite]`.

SQLite is to answer within 100 ms, the first page and the number of all hits together; PostgreSQL
is printed beside it. "first" is the first time that a fresh connection is asked, "then" the median
of five more, and CPU what these took of it: SQLite works in this process, so on a machine of its
own that is the time.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter, process_time

from bulletin.models.items import ItemState, Nation
from bulletin.models.library import LibraryQuery
from bulletin.store.database import Database
from bulletin.store.store import Store
from parts import machine
from parts.databases import postgres
from parts.stock import fill

GOAL_MS = 100
AGAIN = 5


def queries(rare: str) -> dict[str, LibraryQuery]:
    """What editors may ask, from the easiest to the worst."""
    filters = {
        "state": LibraryQuery(states=frozenset({ItemState.CANDIDATE, ItemState.KEPT})),
        "topic": LibraryQuery(topic="topic 7"),
        "source": LibraryQuery(source="example board 17"),
        "nation": LibraryQuery(nation=Nation.WALES),
        "role": LibraryQuery(role="dsl"),
        "unused": LibraryQuery(used=False),
        "dates": LibraryQuery(published_from=date(2020, 1, 1), published_to=date(2024, 1, 1)),
        "doubts": LibraryQuery(doubts=True),
        "watched": LibraryQuery(watched=2),
    }
    everything = LibraryQuery(
        states=frozenset({ItemState.CANDIDATE, ItemState.KEPT}), topic="topic",
        source="example", nation=Nation.WALES, used=False, doubts=False,
        published_from=date(2017, 1, 1), published_to=date(2026, 1, 1),
    )  # fmt: skip
    words = {
        "no words": "",
        "a rare word": f"{rare} ",
        "a common word": "school ",
        "two common words": "school report ",
        "three, one begun": "school children safeguardi",
        "a phrase": '"school report"',
        "without a word": "school -report ",
        "only without": "-school",
        "three letters": "con",
        "common letters": "sch",
    }
    return {
        **{name: LibraryQuery(words=text) for name, text in words.items()},
        "page 100": LibraryQuery(words="school ", offset=5000),
        **{f"{name}, no words": query for name, query in filters.items()},
        **{
            f"{name}, a common word": _with_words(query, "school ")
            for name, query in filters.items()
        },
        "all of them": everything,
        "all, a common word": _with_words(everything, "school "),
        "all, a rare word": _with_words(everything, rare),
    }


def _with_words(query: LibraryQuery, words: str) -> LibraryQuery:
    return replace(query, words=words)


@dataclass(frozen=True)
class Answer:
    """How an answer came: milliseconds by the clock and of the CPU, and how many items it found."""

    wall: float = 0.0
    cpu: float = 0.0
    hits: int = 0


def asked(store: Store, query: LibraryQuery) -> Answer:
    """Ask once."""
    started, began = perf_counter(), process_time()
    with store.read() as tx:
        hits = tx.library.search(query).total
    return Answer((perf_counter() - started) * 1000, (process_time() - began) * 1000, hits)


def measured(url: str, count: int) -> dict[str, tuple[Answer, Answer]]:
    """By query: the first answer, and the median of those after it."""
    store = Store(Database(url), lambda: datetime.now(UTC))
    store.prepare()
    started = perf_counter()
    writer = fill(store, count)
    print(f"{count:,} items in {perf_counter() - started:.0f} s: {store.name()}", flush=True)
    found = {}
    for name, query in queries(writer.rare()).items():
        store.close()  # a connection with nothing in its cache
        first = asked(store, query)
        again = [asked(store, query) for _ in range(AGAIN)]
        wall, cpu = (
            machine.middle([getattr(one, kind) for one in again]) for kind in ("wall", "cpu")
        )
        found[name] = (first, Answer(wall, cpu, first.hits))
    store.close()
    return found


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(machine.describe())
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        path = Path(folder) / "bench.db"
        sqlite = measured(f"sqlite:///{path}", count)
        print(f"{path.stat().st_size / machine.MB:.0f} MB on disk; "
              f"{machine.peak_mb():.0f} MB of memory at most")  # fmt: skip
        other = dict.fromkeys(sqlite, (Answer(), Answer()))
        if "sqlite" not in sys.argv[2:]:
            other = measured(stack.enter_context(postgres()).database("bench"), count)
    headings = ("query", "hits", "SQLite first", "then", f"CPU (< {GOAL_MS} ms)",
                "PostgreSQL first", "then")  # fmt: skip
    machine.table(headings, [
        (name, f"{first.hits:,}", *(f"{ms:.0f}" for ms in (
            first.wall, then.wall, then.cpu, other[name][0].wall, other[name][1].wall)))
        for name, (first, then) in sqlite.items()
    ])  # fmt: skip
    worst = max(then.cpu for _, then in sqlite.values())
    if worst > GOAL_MS and count <= 100_000:
        sys.exit(f"The slowest answer took {worst:.0f} ms; {GOAL_MS} ms are to reach.")


if __name__ == "__main__":
    main()
