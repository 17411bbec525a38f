"""Cells of tables: what stands in them beside the news, and rows that were broken."""

from __future__ import annotations

from datetime import date

from bulletin.sources import read


def test_source_and_date_below_the_title_of_a_cell_are_its_details() -> None:
    (item,) = read("""<table><tr><th>What</th><th>Details</th><th>Deadline</th></tr>
    <tr><td><p><b>Inks</b></p><p>Source: Ink Trust, 3 March 2026</p></td>
    <td>Ink is kept in the office.</td><td>1 May 2026</td></tr></table>""").items

    assert (item.title, item.source) == ("Inks", "Ink Trust")
    assert item.published == date(2026, 3, 3)
    assert item.deadline is not None


def test_without_headings_the_names_of_bodies_are_sources_and_what_differs_the_title() -> None:
    first, second = read(
        "3/3/2026\tInk Trust\tMore ink\t"
        "Ink that is kept in the office may be used by all pupils who ask.\n"
        "2/3/2026\tPen Foundation\tNew pens\t"
        "Pens are lent by the office from now on, and by nobody else but the office.\n"
    ).items

    assert (first.title, first.source) == ("More ink", "Ink Trust")
    assert (second.title, second.source) == ("New pens", "Pen Foundation")


def test_a_cell_of_date_and_source_beside_the_news_holds_its_details() -> None:
    first, second = read("""<table>
    <tr><td><p>9 March 2026</p><p><i>Ink Circle of Northshire</i></p></td>
    <td><p><b>More ink</b></p><p>Ink is now kept in the office, says the circle.</p></td></tr>
    <tr><td><p>2 March 2026</p></td>
    <td><p><b>New pens</b></p><p>Pens are now lent by the office to all.</p></td></tr>
    </table>""").items

    assert (first.title, first.source) == ("More ink", "Ink Circle of Northshire")
    assert (first.published, second.published) == (date(2026, 3, 9), date(2026, 3, 2))
    assert (second.title, second.source) == ("New pens", "")


def test_the_link_of_a_title_in_a_table_is_kept() -> None:
    (item,) = read("""<table><tr><th>Title</th><th>Summary</th><th>Source</th></tr>
    <tr><td><a href="https://i.example/ink">Inks</a></td><td>Ink is kept in the office.</td>
    <td><a href="https://i.example/">Ink Trust</a></td></tr></table>""").items

    assert item.title == "Inks"
    assert [action.url for action in item.actions] == ["https://i.example/ink"]


def test_a_row_that_was_broken_at_the_lines_of_its_cell_is_whole_again() -> None:
    found = read(
        "Date\tWhat is new\tFind out more\n"
        "3 March 2026\tKeys. The trust has asked who has keys.\tRead the report: Nobody knows\n"
        "2 March 2026\tGates. Before Easter the council will have to mend:\n\n• nine gates\n"
        "• two doors\t"
        "See the list: Gates\n"
        "1 March 2026\tBells. The society has listened to forty bells.\tHear them: Forty bells\n",
    )

    assert [item.title for item in found.items] == ["Keys", "Gates", "Bells"]
    assert (
        found.items[1].body
        == "Before Easter the council will have to mend:\n\n- nine gates\n- two doors"
    )
    assert [item.published and item.published.day for item in found.items] == [3, 2, 1]


def test_rows_that_lack_a_merged_cell_are_not_taken_for_broken_ones() -> None:
    long = "The trust has asked who has keys, and many schools did not know it at all."
    found = read(
        "Topic\tInformation\tLink\n"
        f"Keys\t{long}\tRead the report: Nobody knows\n"
        f"{long}\tRead the list: Keys\n"
        f"{long}\tRead the letter: Keys\n"
        f"Gates\t{long}\tRead the plan: Gates\n",
    )

    assert sum(len(item.actions) for item in found.items) == 4
    assert len(found.items) == 2


def test_breaks_and_characters_of_html_in_a_cell_are_read_as_such() -> None:
    found = read(
        "Title\tInformation\tSource\n"
        "Keys\tThe trust has asked who&nbsp;has keys.<br>Many did not know.\tExample Trust\n"
        "Gates\tThe council will mend nine gates &amp; doors.\tVale Council\n",
    )

    assert found.items[0].body == "The trust has asked who has keys.\n\nMany did not know."
    assert found.items[1].body == "The council will mend nine gates & doors."


def test_a_column_for_what_it_is_about_is_the_topic() -> None:
    found = read(
        "What it is about,Heading,In brief\n"
        "Doors,Keys,The trust has asked who has keys.\nDoors,Gates,The council will mend gates.\n",
    )

    assert [(item.topic, item.title) for item in found.items] == [
        ("Doors", "Keys"),
        ("Doors", "Gates"),
    ]
