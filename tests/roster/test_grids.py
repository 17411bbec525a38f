"""A file becomes a grid and goes on as a list, and every cell stays in the row that it stood in."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from bulletin.models.rosters import Choices
from bulletin.roster import lines_of, settled_choices, sheet_of_text

CELL = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=12)
ROWS = st.lists(st.lists(CELL, min_size=2, max_size=4), max_size=12)


def written(rows: list[list[str]]) -> list[str]:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().splitlines(keepends=True)


@given(ROWS, st.sets(st.integers(2, 12)))
def test_each_row_stands_on_the_line_of_its_number_unless_it_is_left_out(
    rows: list[list[str]], left_out: set[int]
) -> None:
    sheet = sheet_of_text(written([["Email", "Roles"], *rows]), "x")
    choices = Choices(left_out=frozenset(left_out), mends={3: {"roles": "mended"}})
    lines = list(lines_of(sheet, 1, {0: "email", 1: "roles"}, choices))
    for number, cells in enumerate(rows, start=2):
        if number > len(lines):
            assert not any(map(str.strip, cells))
            continue
        said = next(csv.reader([lines[number - 1]]), [])
        if number in left_out or not any(map(str.strip, cells)):
            assert said == []
        else:
            assert said[0] == cells[0]
            assert said[1] == ("mended" if number == 3 else cells[1])


@given(st.text(max_size=200))
def test_whatever_is_pasted_is_a_grid_or_refused_in_words(text: str) -> None:
    sheet = sheet_of_text(text.splitlines(keepends=True), "x")
    assert all(any(map(str.strip, cells)) for cells in sheet.rows.values())


def test_the_column_of_addresses_is_found_by_what_stands_in_it() -> None:
    rows = [
        ["Staff", "Reach them at", "Job"],
        ["Dana", "dsl@oak.example", "D.S.L."],
        ["Gita", "gita@oak.example", "Governor"],
    ]
    sheet = sheet_of_text(written(rows), "x")
    assert settled_choices([sheet], Choices()) == (0, 1, {0: "", 1: "email", 2: "roles"})


def test_a_column_is_not_taken_for_addresses_because_of_one_of_them() -> None:
    rows = [
        ["Remarks", "Job"],
        ["ask amir@oak.example", "DSL"],
        ["on leave", "Head"],
        ["", "Chair"],
    ]
    sheet = sheet_of_text(written(rows), "x")
    assert settled_choices([sheet], Choices())[2] == {0: "", 1: "roles"}
