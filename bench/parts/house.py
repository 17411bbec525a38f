"""An installation with readers and an approved issue, made within this process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from bulletin.models.editions import ReaderKind
from bulletin.models.issues import PlacedItem, Visibility
from bulletin.models.items import ItemDraft, Nation
from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.pipeline.draft import PlacingOptions
from bulletin.pipeline.press import Press
from bulletin.settings import load_settings
from bulletin.store.store import Transaction
from bulletin.wiring import Services
from parts import ROOT  # noqa: F401  # makes the tests' example issue importable

# isort: split
from example_issue import example_issue

ROLES = ("dsl", "governor", "headteacher", "senco", "social_worker", "deputy_dsl")

SETTINGS: Mapping[str, str] = {
    "secret_key": "a secret of at least thirty-two characters",
    "from_email": "bulletin@school.example",
    "public_url": "https://bulletin.school.example",
}


@contextmanager
def services(**settings: Any) -> Iterator[Services]:
    """Everything wired for real over `settings`, which are those of Settings."""
    made = Services(load_settings(**{**SETTINGS, **settings}))
    try:
        yield made
    finally:
        made.close()


def readers(count: int) -> Iterator[tuple[SubscriberDraft, bool]]:
    """Readers in a dozen combinations of roles, four to a school."""
    for number in range(count):
        roles = {ROLES[number % 6], ROLES[number * 7 % 3]}
        yield (
            SubscriberDraft(
                email=f"reader{number}@school{number // 4}.example",
                roles=tuple(sorted(roles)),
                name=f"Reader {number}",
                organisation=f"School {number // 4 % 30000}",
                urn=f"{100000 + number // 4 % 30000}",
                nation=tuple(Nation)[number % 4],
                kind=SubscriberKind.CORPORATE,
            ),
            False,
        )


def enrol(made: Services, count: int) -> None:
    """Put `count` readers on the list."""
    with made.store.write() as tx:
        tx.roster_import(made.store.clock(), "bench").run(readers(count))


def approved_issue(made: Services, title: str, items: int) -> str:
    """An approved issue with this many items of the tests' example; its slug."""
    content = example_issue(items)
    issue = made.drafting.new(
        title,
        {"subject": content.subject, "intro": content.intro, "closing": content.closing},
        Visibility.PRIVATE,
        "bench",
    )
    for topic in content.topics:
        with made.store.write() as tx:
            ids = [(item, _kept(tx, item)) for item in topic.items]
        for item, number in ids:
            options = PlacingOptions(topic=topic.title, only_nations=item.only_nations)
            made.drafting.place(issue.slug, [number], options, "bench")
    made.approval.approve(issue.slug, "bench", override="the example is what it is")
    return issue.slug


def _kept(tx: Transaction, item: PlacedItem) -> int:
    draft = ItemDraft(
        item.title,
        body=item.body,
        source=item.source,
        published=item.published,
        actions=item.actions,
        nations=item.nations,
    )
    number = tx.items.add(draft, datetime.now(UTC))
    tx.items.set_roles(number, item.roles)
    tx.items.set_notes(number, {note.role: note.text for note in item.notes})
    return number


def copy_size(made: Services, issue: str) -> int:
    """How many bytes a copy of an approved issue has, on average over the first readers."""
    with made.store.read() as tx:
        found = tx.issues.get(issue)
        press = Press(found.id, tx.issues.snapshot(found))
    addressing, now = made.addressing(), made.store.clock()
    sizes = []
    for number, (draft, _) in enumerate(readers(36)):
        roles = frozenset(draft.roles)
        copy = addressing.copy(
            delivery_id=number,
            subscriber_id=number,
            email=draft.email,
            name=draft.name,
            organisation=draft.organisation,
            roles=roles,
            domain="school.example",
        )
        sizes.append(len(press.copies(ReaderKind(roles, draft.nation), now)(copy)))
    return sum(sizes) // len(sizes)
