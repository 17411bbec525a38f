"""Rows of a table that lack their heading: items all the same, or the rest of the row above."""

from __future__ import annotations

from datetime import date

import pytest

from bulletin.models.items import Nation
from bulletin.sources import read

HEAD = "Title,Summary,Source,Date published,Link,Nation"
FIRST = "Gates,The first gates open.,Gate Trust,02/03/2026,https://gate.example/1,England"
THIRD = "Doors,The doors have new locks.,Door Trust,04/03/2026,https://door.example/3,Wales"


def table(*rows: str) -> str:
    return "\n".join((HEAD, FIRST, *rows, THIRD))


def test_a_row_with_a_source_and_date_of_its_own_is_an_item_without_a_heading() -> None:
    row = ",Every key is counted.,Key Trust,03/03/2026,https://key.example/2,Scotland"
    first, second, third = read(table(row)).items
    assert (first.title, second.title, third.title) == ("Gates", "", "Doors")
    assert first.source == "Gate Trust"
    assert (second.source, second.published) == ("Key Trust", date(2026, 3, 3))
    assert second.body == "Every key is counted."
    assert second.nations == (Nation.SCOTLAND,)
    assert [action.url for action in second.actions] == ["https://key.example/2"]
    assert [doubt.code for doubt in second.warnings] == ["no_heading"]


@pytest.mark.parametrize("source", ["", "Gate Trust"])
def test_a_row_that_says_nothing_else_goes_on_with_the_row_above(source: str) -> None:
    first, last = read(table(f",Later all of them close.,{source},,,")).items
    assert first.body == "The first gates open.\n\nLater all of them close."
    assert (first.source, last.title) == ("Gate Trust", "Doors")
    assert "unsure_boundary" in {doubt.code for doubt in first.warnings}


@pytest.mark.parametrize("nothing", ["n/a", "N/A", "none", "-", "–", "tbc", "Not applicable"])
def test_words_for_nothing_leave_a_cell_empty(nothing: str) -> None:
    head = "Title,Summary,Source,Date published,Reply by,Who for"
    row = f"Gates,The first gates open.,Gate Trust,02/03/2026,{nothing},{nothing}"
    (item,) = read(f"{head}\n{row}").items
    assert item.body == "The first gates open."
    assert (item.roles, item.deadline, item.warnings) == ((), None, ())


def test_where_a_rule_applies_and_who_publishes_it_are_columns() -> None:
    head = "News,What it says,Who publishes,When,Applies in"
    row = "Gates,The first gates open.,Sustrans,02/03/2026,UK"
    (item,) = read(f"{head}\n{row}").items
    assert (item.source, len(item.nations)) == ("Sustrans", 4)
    assert item.body == "The first gates open."


def test_two_words_of_a_column_that_nothing_explains_are_a_mark_and_no_text() -> None:
    head = "Title,Summary,Source,Date published,Priority"
    row = "Gates,The first gates open.,Gate Trust,02/03/2026,Medium"
    found = read(f"{head}\n{row}")
    assert found.items[0].body == "The first gates open."
    assert "Medium" in {left.text for left in found.dropped}


def test_a_row_of_text_and_links_belongs_to_the_details_above_that_have_no_link() -> None:
    opened = "The first gates open. It took the town two years to agree how wide they are."
    closed = "Later all of them close. Somebody walks round and locks them one by one at night."
    locks = "The doors have new locks. Each of them has a key that fits no other door in town."
    gates = f"<p>Gates Source: Gate Trust Date published: 2 March 2026</p> <p>{opened}</p>"
    doors = f"<p>Doors Source: Door Trust Date published: 4 March 2026</p> <p>{locks}</p>"
    rows = (f"{gates}\t", f"<p>{closed}</p>\tRead the plan: Gates", f"{doors}\tRead it: Locks")
    first, last = read("\n".join(("Update\tLinks", *rows))).items
    assert first.body == f"{opened}\n\n{closed}"
    assert [action.title for action in first.actions] == ["Gates"]
    assert "unsure_boundary" in {doubt.code for doubt in first.warnings}
    assert (last.source, last.body) == ("Door Trust", locks)
