"""What an import tells a person: what was left out, what is doubtful, and in which items."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Command

TABLE = """News\tIssued by\tShelf\tDate out
Lunch queues are long\tExample Board\tshelf 12\t2 November 2026
Trays are few and have to be shared out at noon.\tOther Office\tshelf 7\t3 November 2026
"""
NEWS = """Lunch queues are long

Source: Example Board published on this website Monday 2 November 2026

Queues are long at noon.

Read the report: Lunch queues

Share this:
Facebook
Twitter

Trays are few

Source: Other Office published on this website Tuesday 3 November 2026

Trays have to be shared.

Read the advice: Trays

Share this:
Facebook
Twitter
"""


@pytest.fixture
def table(tmp_path: Path) -> str:
    (tmp_path / "table.tsv").write_text(TABLE)
    return "table.tsv"


def test_a_column_is_what_somebody_says_it_is(bulletin: Command, table: str) -> None:
    told = bulletin("items", "import", table, "--dry-run")
    assert "Columns in no field: 'Shelf'. " in told.err
    assert "--map Shelf=author. Fields: topic, title, text, source" in told.err
    assert "shelf 12  (A column of the table" in told.out
    mapped = bulletin(
        "items", "import", table, "--dry-run", "--map", "shelf=author", "--json"
    ).json["items"]
    assert [item["author"] for item in mapped] == ["shelf 12", "shelf 7"]


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ("Who=author", "no table here has a column 'Who'"),
        ("Shelf=moon", "'moon' is no part of an item"),
        ("Shelf", "should look like"),
    ],
)
def test_a_mapping_that_fits_nothing_is_refused(
    bulletin: Command, table: str, mapping: str, says: str
) -> None:
    refused = bulletin("items", "import", table, "--map", mapping)
    assert (refused.code, says in refused.err) == (1, True)


def test_what_may_be_news_is_shown_and_furniture_only_when_asked_for(
    bulletin: Command, tmp_path: Path
) -> None:
    (tmp_path / "news.txt").write_text(NEWS)
    short = bulletin("items", "import", "news.txt", "--dry-run").out
    assert "Facebook" not in short
    assert "Share buttons" in bulletin("items", "import", "news.txt", "--dry-run", "--dropped").out


def test_one_doubt_about_several_items_is_one_line_with_their_numbers(
    bulletin: Command, tmp_path: Path
) -> None:
    (tmp_path / "news.txt").write_text(NEWS)
    told = bulletin("items", "import", "news.txt", "--dry-run").err.splitlines()
    assert len(told) == 2
    assert told[0].startswith("Numbers 1 and 2 (lost_link): 1 link has no address")
    assert told[1].endswith("bulletin items edit ITEM --settle lost_link")
    kept = bulletin("items", "import", "news.txt", "--json").json["items"]
    (tmp_path / "news.txt").write_text(NEWS.replace("noon", "one"))
    again = bulletin("items", "import", "news.txt").err
    assert f"Item {kept[1]['id']} 'Trays are few': This is item" in again
    assert "--settle duplicate" not in again
