"""What an admin sees of a person, and forgetting them from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.store.database import Database
from bulletin.store.store import Store, Transaction

if TYPE_CHECKING:
    from conftest import Command

READER = "dsl@school.example"


@contextmanager
def writing(folder: Path) -> Iterator[Transaction]:
    """A transaction beside the command line, as of a page."""
    store = Store(Database(f"sqlite:///{folder / 'bulletin.db'}"), lambda: datetime.now(UTC))
    with store.write() as tx:
        yield tx
    store.close()


def pause(folder: Path, until: date) -> None:
    with writing(folder) as tx:
        tx.subscribers.pause(tx.subscribers.by_email(READER).id, until, datetime.now(UTC))


def move(folder: Path, address: str) -> None:
    now = datetime.now(UTC)
    with writing(folder) as tx:
        reader = tx.subscribers.by_email(READER)
        assert tx.subscribers.move(reader, address, "moved", now, today=now.date())


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


def test_an_admin_can_answer_an_access_request_with_all_that_is_held(bulletin: Command) -> None:
    """UK GDPR article 15, and every section that a reader's own copy has."""
    bulletin("subscribers", "add", READER, "--roles", "dsl", "--name", "Gwen", "--consent", "form")
    bulletin("suppressions", "add", READER, "--reason", "objection", "--detail", "by telephone")
    held = bulletin("subscribers", "show", READER.upper(), "--all", "--json").json
    assert held["subscriber"][0]["name"] == "Gwen"
    assert [row["basis"] for row in held["consents"]] == ["form"]
    assert [row["detail"] for row in held["suppression"]] == ["by telephone"]
    assert held["letters"] == []
    assert "_hash" not in str(held).replace("content_hash", "")
    shown = bulletin("subscribers", "show", READER, "--all").out
    assert "by telephone" in shown
    assert "suppression" in shown


def test_what_is_held_of_an_address_that_never_joined_is_shown_too(bulletin: Command) -> None:
    bulletin("suppressions", "add", "never@school.example", "--detail", "wrote to us")
    held = bulletin("subscribers", "show", "never@school.example", "--all", "--json").json
    assert [row["email"] for row in held["suppression"]] == ["never@school.example"]
    unknown = bulletin("subscribers", "show", "nobody@school.example", "--all")
    assert unknown.code == 1
    assert "Nothing is held about the address nobody@school.example." in unknown.err


def test_an_address_that_somebody_left_is_given_to_its_new_holder_on_request_only(
    bulletin: Command, tmp_path: Path
) -> None:
    added = ("subscribers", "add", READER, "--roles", "dsl", "--kind", "corporate")
    bulletin(*added)
    move(tmp_path, "gwen@school.example")
    refused = bulletin(*added)
    assert refused.code == 1
    assert f"Somebody on the list moved away from {READER}." in refused.err
    assert "bulletin subscribers add EMAIL --new-holder" in refused.err
    assert "gwen" not in refused.err
    assert bulletin(*added, "--new-holder").out == f"{READER} is on the list as dsl.\n"
    assert bulletin("subscribers", "show", READER, "--json").json["email"] == READER
    assert bulletin("subscribers", "show", "gwen@school.example").code == 0


def test_an_import_says_which_rows_somebody_has_moved_away_from(
    bulletin: Command, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    rows = [f"a{number:02}@school.example,dsl,corporate" for number in range(12)]
    people.write_text("\n".join(["email,roles,kind", *rows]))
    bulletin("subscribers", "import", str(people))
    now = datetime.now(UTC)
    with writing(tmp_path) as tx:
        for number in range(12):
            reader = tx.subscribers.by_email(f"a{number:02}@school.example")
            new = f"b{number:02}@home.example"
            assert tx.subscribers.move(reader, new, "moved", now, today=now.date())
    told = bulletin("subscribers", "import", str(people))
    assert "0 created, 0 updated, 12 unchanged" in told.out
    said = " ".join(told.err.split())
    assert "a00@school.example, a01@school.example" in said
    assert "a09@school.example and 2 more. For a new holder: bulletin subscribers add" in said
    assert "home.example" not in said
    counted = bulletin("subscribers", "import", str(people), "--json").json
    assert counted["moved_away"] == [f"a{number:02}@school.example" for number in range(12)]
    assert counted["unchanged"] == 12


def test_whoever_moved_is_shown_and_forgotten_by_the_address_they_had(
    bulletin: Command, tmp_path: Path
) -> None:
    added = ("subscribers", "add", READER, "--roles", "dsl", "--kind", "corporate")
    bulletin(*added)
    move(tmp_path, "gwen@school.example")
    assert bulletin("subscribers", "show", READER, "--json").json["email"] == "gwen@school.example"
    assert bulletin("subscribers", "forget", READER).code == 0
    assert bulletin("subscribers", "show", "gwen@school.example").code == 1
    assert bulletin(*added).code == 1
