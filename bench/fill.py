"""How many personal copies one core builds a second: `python bench/fill.py`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from bulletin.composition import compose
from bulletin.messages import Skeleton, static_headers
from bulletin.models.deliveries import Copy
from bulletin.models.editions import EditionContent, Field, ReaderKind
from bulletin.rendering import Cutter, Renderer
from example_issue import SENDER, example_issue

COPIES = 5_000
RUNS = 5
NAMES = ("Alys Jones", "Siân O'Brien", "Mohammed Khan", "Grace Okafor", "Zoë Smith-Jones")


def main() -> None:
    content = edition()
    started = perf_counter()
    skeleton = Skeleton(content, SENDER, static_headers(issue_id=42, sender=SENDER))
    compiled = perf_counter() - started
    fill = skeleton.dated(datetime(2026, 12, 1, 7, 30, tzinfo=UTC))
    copies = [copy_for(number) for number in range(COPIES)]
    rate = max(rate_of(fill, copies) for _ in range(RUNS))
    print(
        f"html {len(content.html.encode()):,} bytes, message {len(fill(copies[0])):,} bytes, "
        f"skeleton {compiled * 1000:.1f} ms\n{rate:,.0f} copies a second on one core"
    )


def edition() -> EditionContent:
    """About 60 KB of HTML, greeting included."""
    issue = example_issue(40)
    cutter = Cutter(Renderer().compile(issue, SENDER))
    return cutter.cut(compose(issue, ReaderKind(frozenset({"dsl", "governor"}))).visible)


def copy_for(number: int) -> Copy:
    name = NAMES[number % len(NAMES)]
    token = f"{number:x}-abcdefghijklmnopqrstuvwx"
    unsubscribe = f"https://bulletin.school.example/u/{token}"
    return Copy(
        delivery_id=number,
        address=f"reader{number}@school{number % 997}.example",
        name=name,
        message_id=f"<{token}@school.example>",
        list_unsubscribe=unsubscribe,
        fields={
            Field.FIRST_NAME: name.split()[0],
            Field.FULL_NAME: name,
            Field.ORGANISATION: f"Oak & Ash Primary School {number % 997}",
            Field.ROLE: "designated safeguarding lead",
            Field.UNSUBSCRIBE_URL: unsubscribe,
            Field.PREFERENCES_URL: f"https://bulletin.school.example/p/{token}",
            Field.VIEW_URL: f"https://bulletin.school.example/v/{token}",
            Field.ACKNOWLEDGE_URL: f"https://bulletin.school.example/a/{token}",
        },
    )


def rate_of(fill: Callable[[Copy], bytes], copies: list[Copy]) -> float:
    started = perf_counter()
    for copy in copies:
        fill(copy)
    return len(copies) / (perf_counter() - started)


if __name__ == "__main__":
    main()
