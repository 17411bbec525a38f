"""Rows that do not fit their table: nothing of them is in the wrong field, and nothing is lost."""

from __future__ import annotations

import pytest

from bulletin.models.items import ItemDraft
from bulletin.sources import SourceFormat, read
from bulletin.sources.tables.surplus import evened

HEAD = "Title,Summary,Source,Date"
TOLD = "A short film shows what to do when a parent is late and nobody answers."
BOARD = f"Badges,{TOLD},Example Board,4 May 2026"
TRUST = f"Late parents,{TOLD},Example Trust,5 May 2026"


def items(*rows: str) -> tuple[ItemDraft, ...]:
    return read("\n".join(rows), SourceFormat.TABLE).items


@pytest.mark.parametrize(
    ("row", "title", "body"),
    [
        (
            "Gates,Look at the gate, says the advice, and keep a list,Example Board,3 May 2026",
            "Gates",
            "Look at the gate, says the advice, and keep a list",
        ),
        (
            f"Gates, doors and locks,{TOLD},Example Board,3 May 2026",
            "Gates, doors and locks",
            TOLD,
        ),
    ],
)
def test_cells_that_an_unquoted_comma_cut_are_joined_again(row: str, title: str, body: str) -> None:
    gates, badges, late = items(HEAD, row, BOARD, TRUST)
    assert (gates.title, gates.body, gates.source) == (title, body, "Example Board")
    assert str(gates.published) == "2026-05-03"
    assert (badges.source, late.source) == ("Example Board", "Example Trust")


def test_a_row_that_nobody_can_mend_keeps_its_cells_as_text_and_is_named() -> None:
    row = f"Gates,doors,locks,{TOLD},Example Board,3 May 2026"
    gates, badges, _ = items(HEAD, row, BOARD, TRUST)
    assert (gates.title, gates.source, gates.published) == ("Gates", "", None)
    for cell in row.split(","):
        assert cell in f"{gates.title} {gates.body}"
    (doubt,) = [one for one in gates.warnings if one.code == "unsure_boundary"]
    assert doubt.message.startswith("Row 2 of the table has more cells than")
    assert not badges.warnings


def test_columns_without_a_heading_are_told_by_what_stands_in_them() -> None:
    for gap in (",", "\t"):
        rows = [f"Title{gap}Summary", *(row.replace(",", gap) for row in (BOARD, TRUST))]
        badges, late = items(*rows)
        assert (badges.body, badges.source, str(late.published)) == (
            TOLD,
            "Example Board",
            "2026-05-05",
        )


def test_nations_and_readers_that_are_none_are_named() -> None:
    found = read(
        f"Title,Summary,Nations,Audience\nGates,{TOLD},Scotland and Ruritania,governors and cooks\n"
        f"Doors,{TOLD},Wales,all staff",
        SourceFormat.TABLE,
    )
    gates, doors = found.items
    assert (gates.nations, gates.roles) == (("Scotland",), ("governor",))
    assert (doors.nations, doors.roles) == (("Wales",), ("staff",))
    named = [one.message for one in gates.warnings if one.code == "unknown_column"]
    assert ["Ruritania" in named[0], "cooks" in named[1]] == [True, True]
    assert {"Ruritania", "cooks"} <= {one.text for one in found.dropped}


def test_what_stands_beside_a_date_is_said() -> None:
    row = f"Gates,{TOLD},Example Board,3 May 2026 (for discussion)"
    found = read("\n".join((HEAD, row, BOARD)), SourceFormat.TABLE)
    assert str(found.items[0].published) == "2026-05-03"
    assert [one.text for one in found.dropped][1:] == ["3 May 2026 (for discussion)"]


def test_a_row_of_very_many_cells_is_joined_once() -> None:
    rows = [["Title", "Summary"], ["Gates", TOLD], ["x"] * 100_000]
    even = evened(rows, ",")
    assert [len(row) for row in even.rows] == [2, 2, 2]
    assert even.unsure == {2}


def test_words_of_a_link_or_a_source_that_have_no_place_are_said() -> None:
    found = read(
        "Title,Summary,Link,Link text,Source\n"
        f"Gates,{TOLD},The gates page,Open it,Example Board\n"
        f"Doors,{TOLD},https://x.example/d,Open it,Board 3 May 2026 Deadline: none as yet",
        SourceFormat.TABLE,
    )
    said = " ".join(one.text for one in found.dropped)
    assert "The gates page" in said
    assert "none as yet" in said
