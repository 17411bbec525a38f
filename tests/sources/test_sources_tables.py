"""Tables: one item in each row, whatever the columns are called."""

from __future__ import annotations

from datetime import date

import pytest

from bulletin.errors import InvalidInput
from bulletin.models.items import Action, Nation
from bulletin.sources import SourceFormat, read

COMPOSITE = (
    "\n\nSafer Updates\n\nInformation\tLink\n"
    "<p>Breakfast clubs Source: Food Forum Date published: 05 May 2026</p> "
    "<p>Clubs should keep a register.</p>\t"
    "<p>Read the briefing: Clubs before school</p> <p>Watch the webinar: Clubs live</p>\n"
    "<p>Taxis Source: Transport Hub Date published: 04 May 2026</p> <p>Drivers show a badge.</p>\t"
    "<p>Read the rules: Taxi badges</p> <p>See also on Transport Hub > Taxis</p>\n"
)

COLUMNS = """\
Topic,Title,Source,Date,Summary,Link,Audience,Ref
Attendance,"Letters home, rewritten",Southmoor,14/01/2026,"Three letters, rewritten.",\
https://s.example/letters,DSLs; governors,S1
Health,Inhalers,,March 2026,Spare inhalers may be kept.,ftp://f.example/x,headteachers,S2
"""


def codes(item: object) -> set[str]:
    return {warning.code for warning in getattr(item, "warnings", ())}


def test_a_cell_that_leads_with_a_heading_gives_topic_title_source_and_date() -> None:
    reading = read(COMPOSITE)

    clubs, taxis = reading.items
    assert (clubs.topic, clubs.title) == ("Breakfast clubs", "Breakfast clubs")
    assert (clubs.source, clubs.published) == ("Food Forum", date(2026, 5, 5))
    assert clubs.body == "Clubs should keep a register."
    assert clubs.actions == (
        Action("Read the briefing", "Clubs before school"),
        Action("Watch the webinar", "Clubs live"),
    )
    assert taxis.actions == (Action("Read the rules", "Taxi badges"),)


def test_headings_title_and_cross_references_of_a_table_are_dropped_with_reasons() -> None:
    dropped = {one.text: one.reason for one in read(COMPOSITE).dropped}

    assert set(dropped) == {
        "Safer Updates",
        "Information | Link",
        "See also on Transport Hub > Taxis",
    }
    assert all(dropped.values())


def test_a_table_of_flat_cells_without_markup_or_headings_is_understood() -> None:
    text = COMPOSITE.replace("<p>", "").replace("</p>", "").split("Link\n")[1]
    assert [(item.title, item.source) for item in read(text).items] == [
        ("Breakfast clubs", "Food Forum"),
        ("Taxis", "Transport Hub"),
    ]


def test_columns_of_their_own_are_read_by_their_names() -> None:
    reading = read(COLUMNS)

    letters, inhalers = reading.items
    assert (letters.topic, letters.title) == ("Attendance", "Letters home, rewritten")
    assert (letters.source, letters.published) == ("Southmoor", date(2026, 1, 14))
    assert letters.actions == (Action("Open s.example", url="https://s.example/letters"),)
    assert letters.roles == ("dsl", "governor")
    assert inhalers.published is None
    assert inhalers.actions[0].url is None
    assert {"no_source", "no_date", "unsafe_link"} <= codes(inhalers)
    assert "lost_link" not in codes(inhalers)
    assert {"March 2026", "S1", "S2"} <= {one.text for one in reading.dropped}


def test_a_topic_without_a_title_is_the_title_too() -> None:
    (item,) = read(
        "Topic\tSummary\tNation\nBike sheds\tSheds need a lock.\tEngland and Wales"
    ).items

    assert (item.topic, item.title) == ("Bike sheds", "Bike sheds")
    assert item.nations == (Nation.ENGLAND, Nation.WALES)


def test_a_label_column_gives_the_action_its_label() -> None:
    text = "Title;Summary;Link text;URL\nSoap;Soap is cheap.;Order soap;https://soap.example/\n"
    assert read(text).items[0].actions == (Action("Order soap", url="https://soap.example/"),)


def test_quoted_cells_may_hold_several_lines() -> None:
    text = 'Title,Summary,Link\nSoap,"First line.\n\nSecond line.",Read the note: Soap\n'
    (item,) = read(text, SourceFormat.TABLE).items

    assert item.body == "First line.\n\nSecond line."
    assert item.actions == (Action("Read the note", "Soap"),)


def test_a_table_in_markdown_is_a_table() -> None:
    text = (
        "| Topic | Date | Summary | Link |\n|---|:---:|---|---|\n"
        "| Trips | 1 May 2026 | Forms are shorter. | [Read the form](https://t.example/f) |\n"
    )
    (item,) = read(text).items

    assert (item.title, item.published) == ("Trips", date(2026, 5, 1))
    assert item.actions == (Action("Read the form", url="https://t.example/f"),)


def test_a_table_of_a_page_reads_like_one_of_text() -> None:
    html = """<h1>Updates</h1><table><tr><th>Information</th><th>Link</th></tr>
    <tr><td><p><b>Night staff</b><br>Source: Boarding Forum<br>Date published: 7 April 2026</p>
    <p>Night staff need a <i>rota</i>.</p></td>
    <td><p>Read the guide: <a href="https://b.example/rota?utm_source=x">Rotas that work</a></p>
    <p>See also on Boarding Forum &gt; Staff</p></td></tr></table>"""
    reading = read(html)

    (item,) = reading.items
    assert (item.topic, item.title, item.source) == ("Night staff", "Night staff", "Boarding Forum")
    assert item.body == "Night staff need a *rota*."
    assert item.actions == (Action("Read the guide", "Rotas that work", "https://b.example/rota"),)
    assert [one.text for one in reading.dropped] == [
        "Updates",
        "Information | Link",
        "utm_source=x",
        "See also on Boarding Forum > Staff",
    ]


def test_a_cell_of_several_lines_that_was_pasted_without_quotes_is_read_as_text() -> None:
    text = """\
Information\tLink

Breakfast clubs
Source: Food Forum
Date published: 5 May 2026

Breakfast clubs should keep a register.\tRead the briefing: Clubs before school

Taxis
Source: Transport Hub
Date published: 4 May 2026

Drivers of school taxis must show a badge.\tRead the rules: Taxi badges
"""
    clubs, taxis = read(text).items

    assert (clubs.title, clubs.source, clubs.published) == (
        "Breakfast clubs",
        "Food Forum",
        date(2026, 5, 5),
    )
    assert taxis.actions == (Action("Read the rules", "Taxi badges"),)


def test_prose_with_commas_is_no_table() -> None:
    text = "Doors, keys and locks\n\nDoors, keys, locks, bolts and bars were counted, twice.\n"
    assert read(text).items[0].title == "Doors, keys and locks"


def test_asking_for_a_table_where_there_is_none_says_what_to_do() -> None:
    with pytest.raises(InvalidInput, match="Import it as text"):
        read("Only a sentence.", SourceFormat.TABLE)
