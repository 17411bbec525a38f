"""What an admin sees of a person, and forgetting them from the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.store.database import Database
from bulletin.store.store import Store

if TYPE_CHECKING:
    from conftest import Command

READER = "dsl@school.example"


def pause(folder: Path, until: date) -> None:
    store = Store(Database(f"sqlite:///{folder / 'bulletin.db'}"), lambda: datetime.now(UTC))
    with store.write() as tx:
        tx.subscribers.pause(tx.subscribers.by_email(READER).id, until, store.clock())
    store.close()


def test_an_admin_sees_that_a_reader_paused_and_until_when(
    bulletin: Command, tmp_path: Path
) -> None:
    bulletin("subscribers", "add", READER, "--roles", "dsl", "--kind", "corporate")
    assert bulletin("subscribers", "show", READER, "--json").json["paused_until"] is None
    pause(tmp_path, date(2027, 1, 10))
    assert bulletin("subscribers", "show", READER, "--json").json["paused_until"] == "2027-01-10"
    assert "2027-01-10" in bulletin("subscribers", "show", READER).out


def test_whoever_is_forgotten_is_gone_and_stays_gone(bulletin: Command) -> None:
    """Requirement 41."""
    added = ("subscribers", "add", READER, "--roles", "dsl", "--kind", "corporate")
    bulletin(*added)
    assert bulletin("subscribers", "forget", READER, "--json").json == {"forgotten": True}
    assert bulletin("subscribers", "show", READER).code == 1
    assert bulletin(*added).code == 1
    assert bulletin("subscribers", "forget", READER).code == 0


def test_forgetting_whom_nobody_knows_says_so(bulletin: Command) -> None:
    result = bulletin("subscribers", "forget", "nobody@school.example")
    assert result.code == 1
    assert "Nothing is held about the address nobody@school.example." in result.err
