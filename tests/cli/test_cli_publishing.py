"""`bulletin issue publish` and `unpublish`: the web sees an issue, or does not, approved or not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Command


def approved(bulletin: Command, tmp_path: Path) -> None:
    news = tmp_path / "news.txt"
    news.write_text("Online safety\n\nFilters\n\nCheck them yearly, said the board.\n")
    bulletin("items", "import", str(news))
    bulletin("issue", "new", "December")
    bulletin("issue", "add", "december", "1")
    bulletin("subscribers", "add", "dsl@school.example", "--roles", "dsl", "--kind", "corporate")
    assert bulletin("issue", "approve", "december", "--override", "a test").code == 0


def test_publishing_keeps_the_approval_and_is_on_record(bulletin: Command, tmp_path: Path) -> None:
    approved(bulletin, tmp_path)
    before = bulletin("issue", "show", "december", "--json").json
    said = bulletin("issue", "publish", "december", "--as", "editor@school.example")
    assert said.code == 0
    assert "public as soon as it goes out: http://127.0.0.1:8025/issues/december" in said.out
    after = bulletin("issue", "publish", "december", "--json").json
    assert after["visibility"] == "public"
    assert after["state"] == "approved"
    assert after["hash"] == before["hash"]


def test_an_issue_that_went_out_is_public_at_once_and_private_again(
    bulletin: Command, tmp_path: Path
) -> None:
    approved(bulletin, tmp_path)
    assert bulletin("issue", "send", "december").code == 0
    assert "is public now" in bulletin("issue", "publish", "december").out
    said = bulletin("issue", "unpublish", "december")
    assert "is private" in said.out
    assert bulletin("issue", "show", "december", "--json").json["visibility"] == "private"


def test_a_draft_is_deleted_once_that_is_said_to_be_right(
    bulletin: Command, tmp_path: Path
) -> None:
    bulletin("issue", "new", "January")
    asked = bulletin("issue", "delete", "january")
    assert asked.code == 1
    assert "Repeat it with --yes" in asked.err
    assert bulletin("issue", "delete", "january", "--yes").out == "Issue january is deleted.\n"
    assert bulletin("issue", "show", "january").code == 1
    approved(bulletin, tmp_path)
    refused = bulletin("issue", "delete", "december", "--yes")
    assert refused.code == 1
    assert "Only a draft can be deleted, and 'December' is approved" in refused.err


def test_an_issue_that_does_not_exist_cannot_be_published(bulletin: Command) -> None:
    for command in ("publish", "unpublish"):
        refused = bulletin("issue", command, "january")
        assert refused.code == 1
        assert "There is no issue 'january'" in refused.err


def test_a_cancelled_issue_says_that_nobody_sees_it(bulletin: Command, tmp_path: Path) -> None:
    approved(bulletin, tmp_path)
    bulletin("issue", "schedule", "december", "--at", "2099-01-01T07:30")
    bulletin("issue", "cancel", "december")
    assert "cancelled, so nobody sees it" in bulletin("issue", "publish", "december").out
