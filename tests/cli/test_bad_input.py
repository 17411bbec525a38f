"""Bad input: a clear sentence, exit code 1, and nothing lost or half done."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Command

FEED = """\
Late lunches

Source: Example Board published on this website Monday 2 November 2026 by Sam Example

A short survey asks how schools keep an eye on lunch queues.

Read the survey: Lunch queues
"""
GOOD = "email,roles,kind\ndsl@school.example,dsl,corporate\n"
BAD = GOOD + "not an address,dsl,corporate\nhead@school.example,king,corporate\n"


def item(bulletin: Command, tmp_path: Path) -> int:
    (tmp_path / "feed.txt").write_text(FEED)
    number: int = bulletin("items", "import", "feed.txt", "--json").json["items"][0]["id"]
    return number


def test_a_list_with_a_bad_row_is_refused_whole_and_each_row_is_named(
    bulletin: Command, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text(BAD)
    result = bulletin("subscribers", "import", "people.csv", "--json")
    assert result.code == 1
    assert "nothing was imported" in result.err
    assert [(bad["row"], bad["field"]) for bad in result.json["rejected"]] == [
        (3, "email"),
        (4, "roles"),
    ]
    assert (result.json["read"], result.json["created"]) == (3, 0)
    assert bulletin("subscribers", "show", "dsl@school.example").code == 1


def test_partial_imports_the_good_rows_and_says_what_it_left(
    bulletin: Command, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text(BAD)
    result = bulletin("subscribers", "import", "people.csv", "--partial", "--json")
    assert (result.code, result.json["created"], len(result.json["rejected"])) == (0, 1, 2)
    assert bulletin("subscribers", "show", "dsl@school.example").code == 0


def test_a_dry_run_says_what_would_happen_and_does_nothing(
    bulletin: Command, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text(GOOD)
    result = bulletin("subscribers", "import", "people.csv", "--dry-run", "--json")
    assert (result.code, result.json["created"]) == (0, 1)
    assert bulletin("subscribers", "show", "dsl@school.example").code == 1


def test_an_unknown_role_is_named_with_those_there_are(bulletin: Command, tmp_path: Path) -> None:
    number = item(bulletin, tmp_path)
    bulletin("issue", "new", "December")
    result = bulletin("issue", "add", "december", str(number), "--roles", "king")
    assert result.code == 1
    assert "no role 'king'" in result.err
    assert "governor" in result.err
    assert bulletin("issue", "show", "december", "--json").json["topics"] == []


def test_an_empty_issue_cannot_be_approved(bulletin: Command) -> None:
    bulletin("issue", "new", "December")
    result = bulletin("issue", "approve", "december")
    assert result.code == 1
    assert "item" in result.err
    assert bulletin("issue", "show", "december", "--json").json["state"] == "draft"


@pytest.mark.parametrize(
    "hostile", ["{{ 7*7 }}", "<script>alert(1)</script>", "{% raw %}", "a@x>b@y", "49 & <b>"]
)
def test_what_looks_like_code_stays_what_it_is_in_every_field(
    bulletin: Command, tmp_path: Path, hostile: str
) -> None:
    """Requirements 58, 59."""
    number = item(bulletin, tmp_path)
    options = [f"--{name}={hostile}" for name in ("subject", "standfirst", "intro", "closing")]
    made = bulletin("issue", "new", f"Title {hostile}", *options, "--json").json
    slug = made["slug"]
    texts = [f"--{name}={hostile}" for name in ("title", "body", "source")]
    assert bulletin("items", "edit", str(number), *texts).code == 0
    placed = bulletin("issue", "add", slug, str(number), "--topic", hostile, "--note",
                      f"dsl={hostile}")  # fmt: skip
    assert placed.code == 0
    assert bulletin("issue", "render", slug, "--roles", "dsl", "--out", "preview").code == 0
    page = (tmp_path / "preview/edition.html").read_text()
    text = (tmp_path / "preview/edition.txt").read_text()
    assert "<script" not in page
    assert text.count(hostile) >= 7
    assert (
        f"Subject: {hostile}" in (tmp_path / "preview/edition.eml").read_text()
        or "=?" in (tmp_path / "preview/edition.eml").read_text().partition("Subject:")[2][:4]
    )


@pytest.mark.parametrize("broken", ["two\r\nBcc: x@y.example", "a\nb", "nul\0"])
def test_no_line_break_gets_into_a_title_subject_or_name(
    bulletin: Command, tmp_path: Path, broken: str
) -> None:
    """Requirement 63."""
    assert bulletin("issue", "new", broken).code == 1
    assert bulletin("issue", "new", "December", "--subject", broken).code == 1
    assert bulletin("issue", "list", "--json").json == {"issues": []}
    added = bulletin("subscribers", "add", "a@school.example", "--roles", "dsl", "--name", broken)
    assert added.code == 1
    assert bulletin("subscribers", "show", "a@school.example").code == 1


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "https://", "https://a b", "//x.example"]
)
def test_an_action_with_an_unsafe_or_broken_address_is_refused(
    bulletin: Command, tmp_path: Path, address: str
) -> None:
    number = item(bulletin, tmp_path)
    result = bulletin("items", "edit", str(number), "--link", f"1={address}")
    assert result.code == 1
    assert "address" in result.err
    shown = bulletin("items", "show", str(number), "--json").json
    assert shown["actions"][0]["url"] is None


@pytest.mark.parametrize("missing", ["BULLETIN_SECRET_KEY", "BULLETIN_FROM_EMAIL"])
def test_a_missing_setting_is_named_with_the_line_to_add(
    bulletin: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    number = item(bulletin, tmp_path)
    bulletin("issue", "new", "December")
    bulletin("issue", "add", "december", str(number))
    monkeypatch.delenv(missing)
    for words in (("issue", "send", "december"), ("doctor",), ("serve",)):
        result = bulletin(*words)
        assert result.code == 1
        assert f"{missing}=" in result.err + result.out
    assert bulletin("items", "list").code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("issue", "show", "nowhere"),
        ("issue", "send", "99"),
        ("items", "show", "99"),
        ("segments", "count", "nobody"),
        ("segments", "add", "x", "--where", "colour = red"),
        ("suppressions", "remove", "nobody@school.example"),
        ("subscribers", "forget", "nobody@school.example"),
        ("subscribers", "import", "nofile.csv"),
        ("items", "import", "nofile.txt"),
        ("users", "add", "not-an-address", "--role", "admin"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(bulletin: Command, words: tuple[str, ...]) -> None:
    result = bulletin(*words)
    assert result.code == 1
    assert result.err.startswith("Error: ")
    assert result.out == ""


@pytest.mark.parametrize("words", [("issue", "new"), ("items", "import"), ("nonsense",), ("db",)])
def test_wrong_usage_exits_with_2(bulletin: Command, words: tuple[str, ...]) -> None:
    assert bulletin(*words).code == 2


def test_a_binary_file_is_no_newsfeed(bulletin: Command, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(bytes(range(256)) * 40)
    result = bulletin("items", "import", "photo.jpg")
    assert result.code == 1
    assert bulletin("items", "list", "--json").json == {"items": []}


def test_importing_the_same_feed_again_keeps_nothing_twice(
    bulletin: Command, tmp_path: Path
) -> None:
    number = item(bulletin, tmp_path)
    again = bulletin("items", "import", "feed.txt", "--json").json["items"]
    assert [(each["id"], each["duplicate_of"]) for each in again] == [(number, number)]
    assert len(bulletin("items", "list", "--json").json["items"]) == 1


def test_a_database_of_a_newer_version_is_refused(bulletin: Command, tmp_path: Path) -> None:
    bulletin("items", "list")
    with sqlite3.connect(tmp_path / "bulletin.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    result = bulletin("items", "list")
    assert result.code == 1
    assert "newer Bulletin" in result.err
    assert bulletin("db", "upgrade").code == 1


def test_a_refusal_is_one_json_document_too(bulletin: Command) -> None:
    result = bulletin("issue", "show", "nowhere", "--json")
    assert result.code == 1
    assert "nowhere" in result.json["error"]


def test_an_edit_says_which_issue_lost_its_approval_and_its_time(
    bulletin: Command, tmp_path: Path
) -> None:
    number = item(bulletin, tmp_path)
    bulletin("issue", "new", "December")
    bulletin("issue", "add", "december", str(number))
    bulletin("issue", "approve", "december")
    bulletin("issue", "schedule", "december", "--at", "2050-01-03T07:30")
    result = bulletin("items", "edit", str(number), "--title", "Later lunches")
    assert "Issue december is a draft again" in result.err
    assert "3 January 2050" in result.err
    assert bulletin("items", "edit", str(number)).code == 1


def test_a_column_that_nothing_is_read_from_is_named(bulletin: Command, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("email,roles,Shoe size\na@school.example,dsl,9\n")
    result = bulletin("subscribers", "import", "people.csv", "--json")
    assert result.json["unused_columns"] == ["Shoe size"]
    assert "Shoe size" in bulletin("subscribers", "import", "people.csv").err


def test_an_argument_that_is_not_utf_8_is_refused_with_a_sentence(bulletin: Command) -> None:
    refused = bulletin("items", "edit", "1", "--title", "a\udcff")
    assert refused.code == 1
    assert "not text in UTF-8" in refused.err
