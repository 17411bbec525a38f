"""Does a sign-up betray whether an address is on the list? A thousand each, one after the other.

python bench/joining.py [EACH]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from fastapi.testclient import TestClient

from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.settings import load_settings
from bulletin.web.app import create_app
from bulletin.wiring import Services

WARM_UP = 50


def services(folder: Path, each: int) -> Services:
    """An installation with its caps out of the way, and half of the addresses on its list."""
    most = 4 * (each + WARM_UP)
    made = Services(
        load_settings(
            database_url=f"sqlite:///{folder / 'bench.db'}",
            secret_key="a secret of at least thirty-two characters",
            requests_per_hour=most,
            requests_per_hour_per_client=most,
        )
    )
    drafts = [
        SubscriberDraft(address("known", number), ("dsl",), kind=SubscriberKind.CORPORATE)
        for number in range(each + WARM_UP)
    ]
    with made.store.write() as tx:
        tx.roster_import(made.store.clock(), "bench").run((draft, False) for draft in drafts)
    return made


def address(kind: str, number: int) -> str:
    """Of the same length for either kind."""
    return f"{kind[:4]}{number:06}@school.example"


def row(kind: str, seconds: Sequence[float]) -> None:
    """Print a distribution in milliseconds."""
    ordered = sorted(value * 1000 for value in seconds)
    middle, late = statistics.median(ordered), ordered[len(ordered) * 95 // 100]
    print(f"{kind:<8} {len(ordered):>6} {ordered[0]:>8.2f} {middle:>8.2f} {late:>8.2f}")


def main() -> None:
    each = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    answers = set()
    with tempfile.TemporaryDirectory() as folder:
        made = services(Path(folder), each)
        browser = TestClient(create_app(made))
        for number in range(each + WARM_UP):
            # Who comes first takes turns, so that nothing else can look like a difference.
            kinds = list(times) if number % 2 else list(reversed(times))
            for kind in kinds:
                form = {"email": address(kind, number), "role": "dsl", "agree": "yes"}
                started = time.perf_counter()
                answer = browser.post("/subscribe", data=form)
                taken = time.perf_counter() - started
                answers.add((answer.status_code, answer.content))
                if number >= WARM_UP:
                    times[kind].append(taken)
        made.close()
    print("ms       number      min   median      95%")
    for kind, seconds in times.items():
        row(kind, seconds)
    statuses = sorted({status for status, _ in answers})
    print(f"answers: {'all alike' if len(answers) == 1 else 'DIFFERENT'}, status {statuses}")


if __name__ == "__main__":
    main()
