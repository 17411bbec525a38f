"""What the queue holds, as a test looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from bulletin.models.issues import Visibility
from bulletin.models.items import ItemDraft
from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.pipeline.draft import PlacingOptions
from bulletin.settings import load_settings
from bulletin.wiring import Services


@contextmanager
def distributed(database_url: str, folder: Path, **settings: object) -> Iterator[Services]:
    """Services of an installation whose copies are sent by workers."""
    usual = {
        "database_url": database_url,
        "engine": "distributed",
        "secret_key": "a secret of at least thirty-two characters",
        "from_email": "bulletin@school.example",
        "outbox_dir": folder / "outbox",
        "chunk_size": 10,
    }
    services = Services(load_settings(**{**usual, **settings}))
    try:
        yield services
    finally:
        services.close()


def approved(services: Services, readers: int) -> str:
    """An approved issue for that many readers; returns its slug."""
    drafts = [
        SubscriberDraft(f"reader{n}@school.example", ("dsl",), kind=SubscriberKind.CORPORATE)
        for n in range(readers)
    ]
    now = services.store.clock()
    with services.store.write() as tx:
        tx.roster_import(now, "test").run((draft, False) for draft in drafts)
        item = tx.items.add(ItemDraft("News", body="What is new.", source="Example Board"), now)
    issue = services.drafting.new("December", {}, Visibility.PRIVATE, "test")
    services.drafting.place(issue.slug, [item], PlacingOptions(), "test")
    return services.approval.approve(issue.slug, "test").slug


def jobs(services: Services) -> list[tuple[str, str, dict[str, int]]]:
    """(task, state, arguments) of every job, in the order they were made."""
    query = text("SELECT task_name, status::text, args FROM procrastinate_jobs ORDER BY id")
    with services.store.read() as tx:
        return [(row[0], row[1], row[2]) for row in tx._connection.execute(query)]


def change(services: Services, statement: str) -> None:
    """Change rows behind everybody's back."""
    with services.store.write() as tx:
        tx._connection.exec_driver_sql(statement)
