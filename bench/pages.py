"""How fast the public pages are, of an issue of 30 items: `python bench/pages.py`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from bulletin.models.issues import Visibility
from bulletin.models.items import ItemDraft
from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.pipeline.draft import PlacingOptions
from bulletin.settings import load_settings
from bulletin.tokens import Purpose
from bulletin.web.app import create_app
from bulletin.wiring import Services
from example_issue import ROLE_KEYS, example_issue

WARM, COLD = 300, 60
Ask = Callable[[str, str], Awaitable[tuple[int, int, str]]]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        services = made(Path(folder))
        publish(services)
        asyncio.run(measure(services))
        services.close()


async def measure(services: Services) -> None:
    own = f"/v/{services.signer.sign(Purpose.VIEW, 1)}"
    pairs = [(one, other) for one in ROLE_KEYS for other in ROLE_KEYS if one < other][:COLD]
    ask = asker(create_app(services))
    cold = [f"/issues/december?role={one}&role={other}" for one, other in pairs]
    _, size, tag = await ask("/issues/december", "")
    print(f"one request at a time, one process; the issue's page is {size / 1000:.0f} KB")
    print("page                        per second   median ms   95th ms")
    await row("issue, each a new edition", ask, cold)
    await row("issue, in memory", ask, ["/issues/december"] * WARM)
    await row("issue, not modified (304)", ask, ["/issues/december"] * WARM, tag)
    await row("archive, in memory", ask, ["/"] * WARM)
    await row("feed, in memory", ask, ["/feed.xml"] * WARM)
    await row("one reader's own edition", ask, [own] * WARM)


async def row(name: str, ask: Ask, paths: list[str], tag: str = "") -> None:
    taken = []
    for path in paths:
        started = perf_counter()
        status, _, _ = await ask(path, tag)
        taken.append((perf_counter() - started) * 1000)
        assert status == (304 if tag else 200), path
    print(
        f"{name:27} {1000 * len(taken) / sum(taken):11,.0f} "
        f"{median(taken):11.2f} {quantiles(taken, n=20)[-1]:9.2f}"
    )


def asker(app: Any) -> Ask:
    """Calls the application as a server does, without a network in between."""

    async def ask(address: str, tag: str) -> tuple[int, int, str]:
        path, _, query = address.partition("?")
        scope = {
            "type": "http", "method": "GET", "path": path, "query_string": query.encode(),
            "headers": [(b"if-none-match", tag.encode())] if tag else [],
            "http_version": "1.1", "scheme": "http", "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 5000), "root_path": "", "raw_path": path.encode(),
        }  # fmt: skip
        sent: list[Any] = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await app(scope, receive, send)
        headers = dict(sent[0]["headers"])
        size = sum(len(message.get("body", b"")) for message in sent[1:])
        return sent[0]["status"], size, headers.get(b"etag", b"").decode()

    return ask


def made(folder: Path) -> Services:
    return Services(
        load_settings(
            database_url=f"sqlite:///{folder / 'bulletin.db'}",
            secret_key="a secret of at least thirty-two characters",
            from_email="bulletin@school.example",
            outbox_dir=folder / "outbox",
        )
    )


def publish(services: Services) -> None:
    """Sends the example issue to one reader."""
    draft = SubscriberDraft("dsl@school.example", ("dsl",), kind=SubscriberKind.CORPORATE)
    services.enrolment.add(draft, "bench")
    issue = services.drafting.new("December", {}, Visibility.PUBLIC, "bench")
    for topic in example_issue(30).topics:
        for placed in topic.items:
            item = ItemDraft(
                placed.title, body=placed.body, source=placed.source,
                published=placed.published, actions=placed.actions, nations=placed.nations,
            )  # fmt: skip
            with services.store.write() as tx:
                number = tx.items.add(item, services.store.clock())
            options = PlacingOptions(
                topic=topic.title,
                roles=sorted(placed.roles),
                notes={note.role: note.text for note in placed.notes},
            )
            services.drafting.place(issue.slug, [number], options, "bench")
    services.approval.approve(issue.slug, "bench", "a measurement")
    services.planning.start(issue.slug, None, "bench")
    services.delivery.run(issue.id, threading.Event(), lambda _: None)


if __name__ == "__main__":
    main()
