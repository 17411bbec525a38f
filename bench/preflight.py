"""What the checks of an issue cost, its links left alone, after three that went out before, and
what they make of texts that would stall a careless pattern: `python bench/preflight.py`."""

from __future__ import annotations

import itertools
import random
import re
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import process_time
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from bulletin.models.checks import Circumstances
from bulletin.models.issues import (
    Issue,
    IssueContent,
    IssueState,
    PlacedItem,
    Placement,
    Topic,
    Visibility,
)
from bulletin.models.items import ItemDraft
from bulletin.pipeline.checking import Checking
from bulletin.pipeline.checking_repeats import RepeatChecking
from bulletin.pipeline.draft import content_of
from bulletin.pipeline.freeze import freeze
from bulletin.preflight import Examined, Rendered, read_texts, run_checks
from bulletin.rendering import Renderer
from bulletin.store.database import Database
from bulletin.store.store import Store, Transaction
from example_issue import SENDER, example_issue

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
CHANCE = random.Random(1)
WORDS = ["".join(CHANCE.choices("bdfgklmnprstvaeiou", k=CHANCE.randint(4, 9))) for _ in range(6000)]

# Beginnings of what the checks look for, over and over (requirement 74).
BOMBS = (
    "[", "[a](", "{{", "*|", "date of birth ", "> ", "A1234567890", "Ab Cd, ", "pupil Ab ", "A. ",
    "attached ", "123 456 ", "child ", "died child ", "t his own ", "UPN: ", "12-year-old ",
    "[...", "Ab Cd (Year 9) ", "well done ",
)  # fmt: skip


def main() -> None:
    print("items  reading ms  knowing ms  checking ms   all ms  (of processor time)")
    for items in (30, 200):
        with tempfile.TemporaryDirectory() as folder:
            store = Store(Database(f"sqlite:///{folder}/bulletin.db"), lambda: NOW)
            store.prepare()
            for month in range(3):
                sent(store, month)
            print(measured(store, items))
            store.close()
    print("\nms for 2,000  for 16,000, and how many times as much  (of one text over and over)")
    for bomb in BOMBS:
        print(grown(bomb))


def grown(bomb: str) -> str:
    """How the time grows with a text: eight times as much is in step with it, 64 is its square."""
    short, long = (min(checked(bomb * count) for _ in range(3)) for count in (2_000, 16_000))
    return f"{short:12.1f}  {long:10.1f}  {long / short:6.1f}  {bomb!r}"


def checked(body: str) -> float:
    """Milliseconds of all that is done with an item of this body."""
    content = IssueContent("Bombs", "Bombs", (Topic(1, "News", (PlacedItem(1, "Bomb", body),)),))
    around = Circumstances(today=NOW.date(), goes_out=NOW.date(), stale_after=120)
    start = process_time()
    run_checks(Examined(content, SENDER, Rendered(40_000), around, read_texts(content)))
    return 1000 * (process_time() - start)


def measured(store: Store, items: int) -> str:
    issue = filled(store, "december", items)
    zone = ZoneInfo("Europe/London")
    checking = Checking(
        store, zone=zone, stale_after=120, links_for=timedelta(hours=24),
        repeats=RepeatChecking(zone),
    )  # fmt: skip
    runs = [once(store, issue, checking) for _ in range(7)][1:]
    read, known, checked = (median(column) for column in zip(*runs, strict=True))
    total = read + known + checked
    return f"{items:5}  {read:10.1f}  {known:10.1f}  {checked:11.1f}  {total:7.1f}"


def once(store: Store, issue: Issue, checking: Checking) -> tuple[float, float, float]:
    """Milliseconds of reading the texts, of finding out what is around them, and of all checks."""
    with store.read() as tx:
        content = content_of(tx, issue)
        start = process_time()
        texts = read_texts(content)
        read = process_time()
        around = checking.around(tx, issue, content, texts)
        known = process_time()
    run_checks(Examined(content, SENDER, Rendered(40_000), around, texts))
    moments = (start, read, known, process_time())
    a, b, c = (1000 * (after - before) for before, after in itertools.pairwise(moments))
    return a, b, c


def filled(store: Store, title: str, items: int) -> Issue:
    """An issue of so many items, each with words of its own."""
    with store.write() as tx:
        issue = tx.issues.add(
            slug=title, title=title, texts={}, visibility=Visibility.PRIVATE, actor="bench", now=NOW
        )
        content = example_issue(items)
        placed = [Placement(item_id, "News") for item_id in added(tx, content)]
        tx.issues.place(issue.id, placed)
        return tx.issues.get(issue.id)


def added(tx: Transaction, content: IssueContent) -> list[int]:
    """The items of an example issue, in words that are each item's own: the example's are few."""
    drafts = (
        ItemDraft(
            title=reworded(item.title or item.body[:60]),
            body=reworded(item.body),
            source=item.source,
            published=item.published,
            actions=item.actions,
            nations=item.nations,
        )
        for topic in content.topics
        for item in topic.items
    )
    return [tx.items.add(draft, NOW) for draft in drafts]


def reworded(text: str) -> str:
    """A text of the same length and shape in other words, but for those in links."""
    return re.sub(r"(?<![\w/:.(-])[a-z]{4,}\b", lambda _: CHANCE.choice(WORDS), text)


def sent(store: Store, month: int) -> None:
    issue = filled(store, f"month-{month}", 30)
    with store.write() as tx:
        content = content_of(tx, issue)
        compiled = Renderer().compile(replace(content, title="Sent"), SENDER)
        snapshot = freeze(content, SENDER, compiled, approved_by="bench")
        tx.issues.freeze(issue.id, snapshot, NOW)
        tx.issues.move(issue, IssueState.SENT, NOW, approved_hash=snapshot.hash, started_at=NOW)


if __name__ == "__main__":
    main()
