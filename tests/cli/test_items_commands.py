"""`bulletin items`: the library as a person or a program at a terminal sees it."""

from __future__ import annotations

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


Spare keys

Source: Other Office published on this website Tuesday 3 November 2026 by Kim Example

Every school should know who holds the keys to its gate.

Read the advice: Keys and gates
"""


@pytest.fixture
def two(bulletin: Command, tmp_path: Path) -> tuple[str, str]:
    """The ids of two items."""
    (tmp_path / "feed.txt").write_text(FEED)
    one, other = bulletin("items", "import", "feed.txt", "--json").json["items"]
    return str(one["id"]), str(other["id"])


def listed(bulletin: Command, *words: str) -> list[str]:
    return [str(item["id"]) for item in bulletin("items", "list", "--json", *words).json["items"]]


def test_the_library_is_searched_and_sifted(bulletin: Command, two: tuple[str, str]) -> None:
    lunch, keys = two
    bulletin("items", "edit", keys, "--topic", "Premises", "--nation", "wales", "--roles", "dsl")
    for words, found in (
        ((), [keys, lunch]),
        (("--search", "school"), [lunch, keys]),  # the shorter one fits better
        (("--search", "lunch -keys"), [lunch]),
        (("--search", "'; DROP TABLE items; --"), []),
        (("--topic", "premises"), [keys]),
        (("--topic", "Safeguarding"), []),
        (("--source", "example"), [lunch]),
        (("--nation", "Cymru"), [keys]),
        (("--role", "dsl"), [keys]),
        (("--state", "candidate", "--state", "kept"), [keys, lunch]),
        (("--state", "rejected"), []),
        (("--unused",), [keys, lunch]),
        (("--used",), []),
        (("--from", "2026-11-03"), [keys]),
        (("--to", "2026-11-02"), [lunch]),
        (("--doubts",), [keys, lunch]),  # the links lost their addresses
        (("--no-doubts",), []),
        (("--duplicates",), []),
        (("--limit", "1"), [keys]),
        (("--limit", "1", "--page", "2"), [lunch]),
        (("--limit", "1", "--page", "3"), []),
    ):
        assert (words, listed(bulletin, *words)) == (words, found)
    seen = bulletin("items", "list", "--search", "lunch queue", "--limit", "1")
    assert "[lunch] [queues]" in " ".join(seen.out.replace("│", " ").split())
    assert "1 of 2 items; --page 2 shows more" in bulletin("items", "list", "--limit", "1").err
    last = bulletin("items", "list", "--limit", "1", "--page", "2").err
    assert "this is the last page" in last
    assert "No item fits" in bulletin("items", "list", "--search", "nowhere").out
    removed = bulletin("items", "list", "--watched", "Northshire").err
    assert "no source 'Northshire'" in removed
    assert "a source that was removed" in removed
    assert "only 2 items" in bulletin("items", "list", "--page", "9").out


def test_used_items_are_those_of_an_issue(bulletin: Command, two: tuple[str, str]) -> None:
    bulletin("issue", "new", "December")
    bulletin("issue", "add", "december", two[1])
    assert listed(bulletin, "--used") == listed(bulletin, "--issue", "december") == [two[1]]
    assert listed(bulletin, "--unused") == [two[0]]
    assert "no issue 'nowhere'" in bulletin("items", "list", "--issue", "nowhere").err


def test_items_are_kept_rejected_and_restored(bulletin: Command, two: tuple[str, str]) -> None:
    assert bulletin("items", "keep", *two).out.count("is kept") == 2
    rejected = bulletin("items", "reject", two[0], "--because", "too old", "--json").json["items"]
    assert [(item["state"], item["rejected_because"]) for item in rejected] == [
        ("rejected", "too old")
    ]
    assert (
        "Rejected: too old. To use it after all: bulletin items restore"
        in bulletin("items", "show", two[0]).out
    )
    assert "is kept" in bulletin("items", "restore", two[0]).out
    bulletin("issue", "new", "December")
    bulletin("issue", "add", "december", two[0])
    refused = bulletin("items", "reject", two[0])
    assert (refused.code, "issue remove december" in refused.err) == (1, True)


def test_an_edit_changes_what_is_named_and_its_doubts_end(
    bulletin: Command, two: tuple[str, str]
) -> None:
    number = two[0]
    address = "https://board.example/survey"
    edited = bulletin(
        "items", "edit", number, "--date", "2026-11-05", "--author", "Kim Example",
        "--nation", "England", "--nation", "Wales", "--note", "dsl=Ask your kitchen.",
        "--link", f"1={address}", "--add-link", f"Read the letter|To parents|{address}/letter",
        "--add-link", f"Read more | {address}/more", "--json",
    ).json  # fmt: skip
    assert (edited["published"], edited["author"], edited["version"]) == (
        "2026-11-05",
        "Kim Example",
        2,
    )
    assert (edited["nations"], edited["notes"]) == (
        ["England", "Wales"],
        {"dsl": "Ask your kitchen."},
    )
    assert [(action["label"], action["url"]) for action in edited["actions"]] == [
        ("Read the survey", address),
        ("Read the letter", f"{address}/letter"),
        ("Read more", f"{address}/more"),
    ]
    assert "lost_link" not in {warning["code"] for warning in edited["warnings"]}
    bare = bulletin(
        "items", "edit", number, "--date", "", "--nation", "", "--note", "dsl=",
        "--drop-link", "1", "--drop-link", "3", "--json",
    ).json  # fmt: skip
    assert (bare["published"], bare["nations"], bare["notes"]) == (None, [], {})
    assert [action["label"] for action in bare["actions"]] == ["Read the letter"]


def test_a_doubt_without_grounds_is_settled_by_name(
    bulletin: Command, two: tuple[str, str]
) -> None:
    shown = bulletin("items", "show", two[0]).out
    assert f"Where you looked and nothing is to be mended: bulletin items edit {two[0]} " in shown
    settled = bulletin("items", "edit", two[0], "--settle", "lost_link", "--json").json
    assert "lost_link" not in {warning["code"] for warning in settled["warnings"]}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "Say what to change"),
        (("--add-link", "only a label"), "should look like"),
        (("--add-link", "a|b|c|d"), "should look like"),
        (("--add-link", "Read|It|javascript:alert(1)"), "cannot be used"),
        (("--drop-link", "9"), "no action 9"),
        (("--link", "x=https://board.example"), "no action's number"),
        (("--date", "yesterday"), "is no date"),
        (("--nation", "Atlantis"), "is no nation"),
        (("--nation", "England,Atlantis"), "Guernsey, UK."),
        (("--date", "Monday 23 February 2024"), "was a Friday"),
        (("--note", "king=Bow."), "no role 'king'"),
        (("--title", "Mine", "--if-version", "7"), "began with version 7"),
    ],
)
def test_an_edit_that_cannot_be_is_refused_whole(
    bulletin: Command, two: tuple[str, str], words: tuple[str, ...], says: str
) -> None:
    refused = bulletin("items", "edit", two[0], *words)
    assert (refused.code, says in refused.err) == (1, True)
    shown = bulletin("items", "show", two[0], "--json").json
    assert (shown["version"], shown["title"]) == (1, "Late lunches")


def test_nations_and_days_are_written_as_elsewhere(bulletin: Command, two: tuple[str, str]) -> None:
    bulletin(
        "items", "edit", two[0],
        "--nation", "eng,Wales", "--date", "23/02/2024", "--deadline", "Book by Friday 4 June 2027",
    )  # fmt: skip
    shown = bulletin("items", "show", two[0], "--json").json
    assert (shown["nations"], shown["published"]) == (["England", "Wales"], "2024-02-23")
    assert (shown["deadline_says"], shown["deadline"]) == ("Book by", "2027-06-04")
    bulletin("items", "edit", two[0], "--nation", "UK")
    shown = bulletin("items", "show", two[0], "--json").json
    assert shown["nations"] == ["England", "Wales", "Scotland", "Northern Ireland"]
    assert "is 4 nations. Name one" in bulletin("items", "list", "--nation", "uk").err


def test_the_history_shows_who_changed_which_words(bulletin: Command, two: tuple[str, str]) -> None:
    bulletin("items", "edit", two[0], "--title", "Late suppers", "--as", "ann@school.example")
    told = bulletin("items", "history", two[0]).out
    assert "version 2: edited by ann@school.example" in told
    assert "Title: 'Late lunches' is now 'Late suppers'" in told
    steps = bulletin("items", "history", two[0], "--json").json["history"]
    assert steps[1]["changes"][0]["field"] == "title"
    bulletin("items", "revert", two[0], "--to", "1")
    assert "taken back to version 1" in bulletin("items", "history", two[0]).out
    assert bulletin("items", "show", two[0], "--json").json["title"] == "Late lunches"
    assert bulletin("items", "revert", two[0], "--to", "9").code == 1


def test_items_are_split_where_a_line_is_and_joined_again(
    bulletin: Command, two: tuple[str, str]
) -> None:
    bulletin("items", "edit", two[0], "--body", "First.\n\nSecond.")
    assert "   3  Second." in bulletin("items", "show", two[0], "--lines").out
    old, new = bulletin(
        "items", "split", two[0], "--at", "3", "--title", "Another", "--link", "1", "--json"
    ).json["items"]
    assert (old["body"], old["actions"]) == ("First.", [])
    assert (new["title"], new["body"], len(new["actions"])) == ("Another", "Second.", 1)
    joined = bulletin("items", "join", two[0], str(new["id"]), "--json").json
    assert joined["body"] == "First.\n\n**Another**\n\nSecond."
    assert listed(bulletin, "--state", "rejected") == [str(new["id"])]
    reverted = bulletin("items", "revert", two[0], "--to", "2")
    assert "Body: 'First. **Another** Second.' is now 'First. Second.'" in reverted.out
    assert bulletin("items", "show", two[0], "--json").json["body"] == "First.\n\nSecond."
    bulletin("issue", "new", "December")
    bulletin("issue", "add", "december", two[1])
    bulletin("items", "join", *two)
    restored = bulletin("items", "restore", two[1]).err
    assert f"Item {two[0]} still has the text of item {two[1]}" in restored
    assert f"items revert {two[0]} --to " in restored
    assert f"bulletin issue add december {two[1]}" in restored
    for words in (("split", two[0], "--at", "99"), ("join", two[0], two[0])):
        assert bulletin("items", *words).code == 1


def test_an_edit_tells_which_issue_lost_its_approval(
    bulletin: Command, two: tuple[str, str]
) -> None:
    bulletin("issue", "new", "December")
    bulletin("issue", "add", "december", two[0])
    assert bulletin("issue", "approve", "december", "--override", "a test").code == 0
    split = bulletin("items", "edit", two[0], "--title", "Later lunches")
    assert "december is a draft again" in split.err


def test_an_edit_says_what_it_changed_and_where_the_topic_is_another(
    bulletin: Command, two: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "body.md").write_text("A new text.\n")
    bulletin("issue", "new", "December")
    bulletin("issue", "add", "december", two[0], "--topic", "Meals")
    edited = bulletin(
        "items", "edit", two[0], "--topic", "Lunch", "--body-file", "body.md", "--drop-link", "1"
    )
    assert "Topic: 'Lunch' is new" in edited.out
    assert "is now 'A new text.'" in edited.out
    assert "Links: 'Read the survey" in edited.out
    assert "In december it still stands under 'Meals'" in edited.err
    quiet = bulletin("items", "edit", two[0], "--topic", "Meals")
    assert "stands" not in quiet.err
    followed = bulletin("items", "edit", two[0], "--topic", "Trays")
    assert "In december it stands under 'Trays' now." in followed.err
    assert "stands" not in bulletin("items", "edit", two[0], "--source", "Board").err
    bulletin("items", "edit", two[0], "--topic", "Meals")
    assert "says that already" in bulletin("items", "edit", two[0], "--topic", "Meals").out
    assert bulletin("items", "edit", two[0], "--body", "x", "--body-file", "body.md").code == 1
    assert "cannot be read" in bulletin("items", "edit", two[0], "--body-file", "none.md").err


def test_what_an_edit_or_split_leaves_in_doubt_is_said_at_once(
    bulletin: Command, two: tuple[str, str]
) -> None:
    edited = bulletin("items", "edit", two[0], "--link", "1=http://intranet/page")
    assert f"Item {two[0]}: A link leads to intranet" in edited.err
    assert "no_heading" not in edited.err
    text = "Long enough to be the first of two pieces of news here.\n\nOnly words, and no heading."
    assert bulletin("items", "edit", two[1], "--body", text).err == ""
    split = bulletin("items", "split", two[1], "--at", "3")
    assert "It was split off without a heading. Give it a title. (no_heading)" in split.err
    assert "Item 3: " in split.err


def test_what_stands_in_an_issue_already_is_said(bulletin: Command, two: tuple[str, str]) -> None:
    first, second = two
    bulletin("issue", "new", "December")
    placed = bulletin("issue", "add", "december", first, first).out
    assert placed == f"Placed in december: item {first}\n"
    again = bulletin("issue", "add", "december", first)
    assert again.out == f"In december already, where it stood: item {first}\n"
    both = bulletin("issue", "add", "december", *two, "--topic", "Meals").out
    assert f"Placed in december: item {second}\n" in both
    assert f"In december already, and changed there: item {first}\n" in both
    named = bulletin("issue", "new", "December!")
    assert "an issue december already, so this one is called december-2" in named.err


def test_an_issue_is_put_in_order_item_by_item_and_heading_by_heading(
    bulletin: Command, two: tuple[str, str]
) -> None:
    bulletin("issue", "new", "December")
    bulletin("issue", "add", "december", two[0], "--topic", "Meals")
    bulletin("issue", "add", "december", two[1], "--topic", "Trips")
    assert bulletin("issue", "approve", "december", "--override", "a test").code == 0
    moved = bulletin("issue", "move-topic", "december", "Trips", "--to", "1")
    assert "The topics of december: 'Trips', 'Meals'" in moved.out
    assert "december is a draft again" in moved.err
    moved = bulletin("issue", "move", "december", two[0], "--before", two[1])
    assert f"Item {two[0]} is number 1 of 2 under 'Trips' in december." in moved.out
    assert "one of them" in bulletin("issue", "move", "december", two[0]).err


def test_one_unknown_item_among_several_leaves_all_as_they_are(
    bulletin: Command, two: tuple[str, str]
) -> None:
    assert "Nothing was changed" in bulletin("items", "keep", *two, "999").err
    assert listed(bulletin, "--state", "kept") == []


def test_copies_are_listed_with_what_they_are_copies_of(
    bulletin: Command, two: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "copy.txt").write_text(FEED.replace("A short survey", "One short survey"))
    bulletin("items", "import", "copy.txt")
    [copy] = bulletin("items", "list", "--duplicates", "--json").json["items"]
    assert str(copy["duplicate_of"]) == two[0]
    assert "copy of" in bulletin("items", "list", "--duplicates").out
