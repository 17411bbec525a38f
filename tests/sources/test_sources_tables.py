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
    assert letters.actions == (
        Action("Read more", "Letters home, rewritten", "https://s.example/letters"),
    )
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


def titled(text: str) -> list[tuple[str, str]]:
    return [(item.topic, item.title) for item in read(text).items]


def test_a_topic_that_spans_the_table_heads_the_rows_below_it() -> None:
    text = (
        "Title\tSummary\tLink\nONLINE SAFETY\t\t\n"
        "Group chats\tFour schools wrote a note on group chats.\tRead the note: Group chats\n"
        "Cameras\tA film on cameras in bedrooms, for Year 6.\tWatch the film: Off\nATTENDANCE\n"
        "Fines\tFines go up in August, says the county.\tRead the rules: Fines\n"
    )
    assert titled(text) == [
        ("ONLINE SAFETY", "Group chats"),
        ("ONLINE SAFETY", "Cameras"),
        ("ATTENDANCE", "Fines"),
    ]
    assert [one.text for one in read(text).dropped] == [
        "Title | Summary | Link",
        "ONLINE SAFETY",
        "ATTENDANCE",
    ]


def test_a_row_whose_first_cell_is_empty_goes_on_with_the_item_above() -> None:
    first, second = read(
        "Topic\tWhat is new\tWhere to read it\n"
        "Private fostering\tThe council has to be told within 48 hours.\tRead the page: Fostering\n"
        "\t\tDownload the poster: Somebody else's child\n"
        "Young carers\tA card lets young carers leave a lesson.\tOrder the card: Young carers\n"
    ).items

    assert [action.label for action in first.actions] == ["Read the page", "Download the poster"]
    assert "unsure_boundary" not in codes(first)
    assert second.title == "Young carers"


def test_a_row_of_text_without_a_heading_is_joined_and_says_so() -> None:
    (item,) = read(
        "Title\tSummary\nPens\tSpare pens are kept in the office.\n\tThey may be used on trips too."
    ).items

    assert item.body == "Spare pens are kept in the office.\n\nThey may be used on trips too."
    assert "unsure_boundary" in codes(item)


def test_headings_that_every_page_repeats_are_no_items() -> None:
    head = "Date\tTitle\tSource\tSummary\n"
    reading = read(
        f"{head}3 March 2026\tLate buses\tNorthshire Council\tLate buses are counted from now on.\n"
        f"{head}1 March 2026\tSchool nurses\tNorthshire Health\tNurses visit once a week."
    )
    assert [item.title for item in reading.items] == ["Late buses", "School nurses"]
    assert [one.reason for one in reading.dropped] == ["The headings of the table."] * 2


def test_a_table_without_headings_is_told_by_what_stands_in_its_columns() -> None:
    first, second = read(
        "https://x.example/a\t3 March 2026\tLate buses\tNorthshire Council\t"
        "Buses that arrive late are counted from now on, and pupils are not marked late.\n"
        "https://x.example/b\t1 March 2026\tSchool nurses\tNorthshire Health Trust\t"
        "Nurses visit each primary school once a week until the summer holidays begin.\n"
    ).items

    assert (first.title, first.source) == ("Late buses", "Northshire Council")
    assert (second.published, second.source) == (date(2026, 3, 1), "Northshire Health Trust")
    assert second.actions == (Action("Read more", "School nurses", "https://x.example/b"),)


def test_several_items_in_one_cell_are_divided_and_share_its_topic() -> None:
    reading = read("""<table><tr><th>Theme</th><th>News</th></tr>
    <tr><td>Recruitment</td><td><p><b>References</b></p><p>Source: Hire Well, 2 March 2026</p>
    <p>References are asked for first.</p><p><b>Gaps</b></p><p>Source: Hire Well, 3 March 2026</p>
    <p>Gaps are asked about in the interview.</p></td></tr>
    <tr><td>Health</td><td><p><b>Pens</b></p><p>Source: Pen Trust, 4 March 2026</p>
    <p>Spare pens are kept in the office.</p></td></tr></table>""")

    assert [(item.topic, item.title, item.source) for item in reading.items] == [
        ("Recruitment", "References", "Hire Well"),
        ("Recruitment", "Gaps", "Hire Well"),
        ("Health", "Pens", "Pen Trust"),
    ]
    assert "unsure_boundary" in codes(reading.items[0])
    assert "unsure_boundary" not in codes(reading.items[2])


def test_a_topic_merged_over_rows_is_the_topic_of_each() -> None:
    text = """<table><tr><td>Topic</td><td>Title</td><td>Summary</td></tr>
    <tr><td rowspan=2>Online</td><td>Chats</td><td>Chats at night keep pupils awake.</td></tr>
    <tr><td>Games</td><td>Games let strangers talk to children.</td></tr>
    <tr><td>Health</td><td>Sleep</td><td>Sleep is short in Year 10.</td></tr></table>"""
    assert titled(text) == [("Online", "Chats"), ("Online", "Games"), ("Health", "Sleep")]


def test_headings_in_words_of_their_own_are_headings_by_their_make() -> None:
    text = """<table><tr><td><b>Thing</b></td><td><b>Our words</b></td><td><b>Go to</b></td></tr>
    <tr><td>Bikes</td><td>Bikes are counted each Friday, and helmets are lent by the office.</td>
    <td><a href="https://b.example/">Read the page on bikes</a></td></tr>
    <tr><td>Boats</td><td>Boats are not covered by the insurance of the school.</td>
    <td><a href="https://c.example/">Read the page on boats</a></td></tr></table>"""
    assert titled(text) == [("", "Bikes"), ("", "Boats")]
    assert read(text).dropped[0].text == "Thing | Our words | Go to"


def test_what_belongs_to_an_event_stays_in_its_text_under_its_heading() -> None:
    forum, _ = read(
        "Event,When,Where,Details,Booking\n"
        "DSL forum,4 March 2026 at 4pm,Town Hall,The theme is transition.,https://f.example/book\n"
        "Governor briefing,6 March 2026 at 6pm,Online,An hour on filtering.,https://g.example/b\n"
    ).items

    assert forum.title == "DSL forum"
    assert forum.published is None
    assert "When: 4 March 2026 at 4pm\n\nWhere: Town Hall" in forum.body


def test_source_and_date_may_share_a_column() -> None:
    (item,) = read(
        "| Title | What it says | Source and date |\n|---|---|---|\n"
        "| Toilets | Doors close fully again. | Estates Forum, 4 May 2026 |\n"
    ).items
    assert (item.source, item.published) == ("Estates Forum", date(2026, 5, 4))


def test_a_list_with_commas_is_prose_even_if_columns_are_called_so() -> None:
    text = "New this week\n\nGuidance, policies, training\n\nReports, events and news, all of it.\n"
    assert len(read(text).items) == 1
    assert read(text).items[0].title == "New this week"


def test_headings_are_understood_by_their_words_in_any_order() -> None:
    text = (
        "Who should read it\tHeading\tText\tTaken from\tWhen\tWeb address\n"
        "governors\tLockers\tLockers are counted once a year from now on, says the team.\t"
        "Site Team\t3 March 2026\thttps://s.example/lockers\n"
    )
    (item,) = read(text).items

    assert (item.title, item.source, item.published) == ("Lockers", "Site Team", date(2026, 3, 3))
    assert item.roles == ("governor",)
    assert [action.url for action in item.actions] == ["https://s.example/lockers"]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Who is it from?", "source"), ("Who published it", "source"),
        ("Which organisation", "source"), ("Date out", "published"),
        ("When was it published?", "published"), ("For which readers", "roles"),
        ("Who needs to know", "roles"), ("Please reply by", "deadline"),
        ("Closing date for answers", "deadline"),
    ],
)  # fmt: skip
def test_a_longer_heading_tells_its_column(heading: str, field: str) -> None:
    cell = {"source": "Ink", "roles": "governors"}.get(field, "3 March 2026")
    (item,) = read(f"Title\tSummary\t{heading}\nInks\tInk is kept in the office.\t{cell}\n").items

    told = {
        "source": item.source == "Ink",
        "published": item.published == date(2026, 3, 3),
        "roles": item.roles == ("governor",),
        "deadline": item.deadline is not None and item.deadline.on == date(2026, 3, 3),
    }
    assert [name for name, is_so in told.items() if is_so] == [field]


def test_where_over_addresses_is_the_column_of_links() -> None:
    (item,) = read("What\tSummary\tWhere\nInks\tInk is kept here.\thttps://i.example/ink\n").items
    assert [action.url for action in item.actions] == ["https://i.example/ink"]


def test_words_under_an_unknown_heading_stay_in_the_text_under_it() -> None:
    (item,) = read("Title\tSummary\tTea break\nInks\tInk is kept here.\tTalk of it at noon\n").items
    assert item.body == "Ink is kept here.\n\nTea break: Talk of it at noon"


def test_a_mark_under_an_unknown_heading_is_left_out_with_a_warning_that_names_it() -> None:
    reading = read("No\tTitle\tSummary\tSeen\n7\tInks\tInk is kept here.\tyes KB\n")
    (item,) = reading.items

    (doubt,) = [one for one in item.warnings if one.code == "unknown_column"]
    assert "“yes KB”" in doubt.message
    assert "“Seen”" in doubt.message
    assert {"7", "yes KB"} <= {one.text for one in reading.dropped}


def test_a_day_without_a_year_stays_in_the_text_and_in_the_warning() -> None:
    (item,) = read("Title\tDate\tSummary\nFair\t2 Dec\tInk will be sold at the fair.\n").items

    assert item.published is None
    assert item.body == "Ink will be sold at the fair.\n\nWhen: 2 Dec"
    assert any("“2 Dec”" in one.message for one in item.warnings if one.code == "no_date")


def test_a_date_beside_a_venue_is_the_day_of_the_event() -> None:
    (item,) = read(
        "Title\tDate\tVenue\tSummary\nFair\t2 December 2026\tTown Hall\tInk will be sold.\n"
    ).items

    assert item.published is None
    assert "When: 2 December 2026\n\nVenue: Town Hall" in item.body
