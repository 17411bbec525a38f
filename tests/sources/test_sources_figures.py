"""Figures and diaries: tables of figures and lists of days are text, and hide no source or link."""

from __future__ import annotations

from datetime import date

import pytest

from bulletin.models.items import ItemDraft
from bulletin.sources import read


def item(table: str) -> ItemDraft:
    page = "<h1>Fares for the gates</h1><p>The fares for pupils change in May as below.</p>{}"
    (found,) = read(f"<main>{page.format(table)}<p>Tell parents of it.</p></main>").items
    return found


def table(*rows: tuple[str, str]) -> str:
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def test_a_table_of_figures_is_a_line_for_each_row() -> None:
    found = item(table(("Zone", "Fare"), ("A", "£1.20"), ("B", "£2.40")))
    assert found.body == (
        "The fares for pupils change in May as below.\n\n"
        "- Zone – Fare\n- A – £1.20\n- B – £2.40\n\nTell parents of it."
    )


def test_a_table_of_labels_and_values_gives_the_fields_of_its_item() -> None:
    found = item(table(("Source", "Gate Trust"), ("Date published", "3 May 2026"), ("Room:", "4B")))
    assert (found.source, found.published) == ("Gate Trust", date(2026, 5, 3))
    assert "Room: 4B" in found.body


def test_a_link_in_a_table_of_figures_is_an_action() -> None:
    led = '<a href="https://gate.example/a">Read the fares</a>'
    found = item(table(("Fares", led), ("Zones", "Two")))
    assert [action.url for action in found.actions] == ["https://gate.example/a"]


def test_a_table_that_lays_out_paragraphs_is_no_list() -> None:
    long = "Every pupil has a card for the gate, which has to be shown in the morning."
    items = read(f"<main>{table(('Gates', long), ('Doors', long))}</main>").items
    assert [item.body for item in items] == [long, long]


@pytest.mark.parametrize("year", [" 2026", ""])
def test_days_with_what_is_on_are_text_and_give_no_source_date_or_heading(year: str) -> None:
    days = f"24 November{year} - Key webinar, 4pm\n3 December{year} - Gate forum, Town Hall"
    text = (
        f"Gate dates\n\nThese are for your diary.\n\n{days}\n\nDoors\n\nThe doors have new locks."
    )
    first, second = read(text).items
    assert (first.title, second.title) == ("Gate dates", "Doors")
    assert (first.source, first.published) == ("", None)
    assert first.body.split("\n\n")[1:] == days.split("\n")


def test_one_day_and_a_name_under_a_heading_say_when_and_where_from() -> None:
    (found,) = read("Gates\n3 May 2026 - Gate Trust\nThe gates open late in summer.").items
    assert (found.source, found.published) == ("Gate Trust", date(2026, 5, 3))
