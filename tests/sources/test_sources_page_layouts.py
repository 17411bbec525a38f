"""Pages and pasted HTML of many layouts: the topics and titles that come out of each."""

from __future__ import annotations

import pytest

from bulletin.models.items import Reading
from bulletin.sources import SourceFormat, read

PAGES = {
    "titles in bold that lead their paragraph": (
        ("<div><p><b>Hoodies.</b> Police have asked schools not to pass on a rumour.</p>"
        "<p><b>E-bikes.</b> Three pupils were hurt in one week. <a href='https://e.example/p'>See "
        "the poster</a></p><p><b>Laser pens.</b> Ring 101 if it happens to you.</p></div>"),
        [("", "Hoodies"), ("", "E-bikes"), ("", "Laser pens")],
    ),
    "sections over items": (
        ("<h1>Bulletin</h1><p>Welcome to the bulletin for March.</p><h2>News</h2><h3>Buses</h3>"
        "<p>Late buses are counted from now on.</p><h3>Bikes</h3><p>Bikes need a lock.</p>"
        "<h2>Events</h2><h3>Forum</h3><p>The forum meets in the town hall at four.</p>"),
        [("News", "Buses"), ("News", "Bikes"), ("Events", "Forum")],
    ),
    "sub-headings within items": (
        ("<h2>Buses are counted</h2><p>Late buses are counted from now on.</p>"
        "<h3>What schools need to do</h3><p>Write down the time of each bus.</p>"
        "<h2>Bikes need locks</h2><p>Bikes need a lock of their own.</p>"
        "<h3>Key dates</h3><ul><li>3 May</li></ul>"),
        [("", "Buses are counted"), ("", "Bikes need locks")],
    ),
    "nothing but linked titles": (
        ("<ul><li><a href='https://a.example/1'>Pupils who care for a parent</a></li>"
        "<li><a href='https://a.example/2'>Lunch and loneliness</a></li>"
        "<li><a href='https://a.example/3'>A year without phones</a></li></ul>"),
        [("", "Pupils who care for a parent"), ("", "Lunch and loneliness"),
         ("", "A year without phones")],
    ),
    "a list of items": (
        ("<p>Dear all, here is this week's round-up.</p><ul><li><strong>Pupils who care</strong> – "
        "A study says that carers miss six weeks. <a href='https://a.example/1'>Read more</a></li>"
        "<li><strong>Lunch and loneliness</strong> – A charity sat with Year 7. "
        "<a href='https://a.example/2'>Read more</a></li></ul>"),
        [("", "Pupils who care"), ("", "Lunch and loneliness")],
    ),
    "cards of a website": (
        "".join(
            f"<div><h3><a href='https://n.example/{n}'>{title}</a></h3><p>{n} March 2026</p>"
            f"<p>It was {n} months in the making.</p><p><a href='https://n.example/{n}'>Read more"
            "</a></p></div>"
            for n, title in ((5, "Late buses are counted"), (4, "Bikes need locks"))
        ),
        [("", "Late buses are counted"), ("", "Bikes need locks")],
    ),
    "mail in a table of layout, with rules": (
        ("<table><tr><td><h1>Weekly update</h1></td></tr><tr><td><p><b>Late buses</b></p><p>Late "
        "buses are counted.</p><p><a href='https://n.example/1'>Find out more</a></p><hr></td></tr>"
        "<tr><td><p><b>Bikes need locks</b></p><p>Bikes need a lock of their own.</p><hr></td></tr>"
        "<tr><td><p><a href='https://n.example/u'>Unsubscribe</a></p></td></tr></table>"),
        [("", "Late buses"), ("", "Bikes need locks")],
    ),
    "two columns of layout": (
        ("<table><tr><td><h3>Buses</h3><p>Buses that arrive late are counted by the council.</p>"
        "</td><td><h3>Bikes</h3><p>Bikes need a lock of their own and a number.</p></td></tr>"
        "<tr><td><h3>Boats</h3><p>Boats are not covered by the insurance of the school.</p></td>"
        "<td><h3>Bees</h3><p>Bees are kept at two schools behind a fence.</p></td></tr></table>"),
        [("", "Buses"), ("", "Bikes"), ("", "Boats"), ("", "Bees")],
    ),
    "a table under a welcome": (
        ("<h1>March news</h1><p>Dear colleagues, here is the news of the partnership for you.</p>"
        "<table><tr><th>Title</th><th>Summary</th></tr><tr><td>Bees</td><td>Bees are kept.</td>"
        "</tr><tr><td>Bats</td><td>Bats must not be disturbed.</td></tr></table>"
        "<p>Contact: news@school.example</p>"),
        [("", "Bees"), ("", "Bats")],
    ),
}  # fmt: skip


def titles(reading: Reading) -> list[tuple[str, str]]:
    return [(item.topic, item.title) for item in reading.items]


@pytest.mark.parametrize(("html", "wanted"), PAGES.values(), ids=PAGES)
def test_the_items_of_a_page_are_found_whatever_its_layout(
    html: str, wanted: list[tuple[str, str]]
) -> None:
    assert titles(read(html)) == wanted


@pytest.mark.parametrize(("html", "wanted"), PAGES.values(), ids=PAGES)
def test_a_layout_that_is_clear_raises_no_doubt_about_where_items_begin(
    html: str, wanted: list[tuple[str, str]]
) -> None:
    doubts = {warning.code for item in read(html).items for warning in item.warnings}
    assert wanted
    assert not {"unsure_boundary", "no_heading"} & doubts


def test_cells_that_each_have_a_heading_over_text_are_columns_of_a_page() -> None:
    cells = "".join(
        f"<td><h2>{title}</h2><p>The {title.lower()} of nine schools will be mended.</p></td>"
        for title in ("Gates", "Doors")
    )
    found = read(f"<table><tr>{cells}</tr></table>", SourceFormat.HTML)

    assert [item.title for item in found.items] == ["Gates", "Doors"]


def test_what_a_page_shows_right_behind_a_date_is_where_the_post_is_filed() -> None:
    posts = "".join(
        f"<h3>{title}</h3><span>{day} March 2026</span><span>{filed}</span>"
        f"<p>The {title.lower()} of nine schools will be mended.</p>"
        for title, day, filed in (("Gates", 3, "Research"), ("Doors", 2, "Policy"))
    )
    found = read(posts, SourceFormat.HTML)

    assert [(item.title, item.topic, item.source) for item in found.items] == [
        ("Gates", "Research", ""), ("Doors", "Policy", "")
    ]  # fmt: skip


def test_a_bold_heading_with_its_source_behind_it_heads_an_item() -> None:
    found = read(
        "<p><b>Gates</b></p><p>The council will mend nine gates.</p>"
        "<p><b>Bells</b> (Bell Society, 2 March 2026)</p><p>A bell was hung.</p>"
        "<ul><li><a href='https://bells.example/press'>Press release</a></li></ul>",
        SourceFormat.HTML,
    )

    assert [(item.title, item.source) for item in found.items] == [
        ("Gates", ""), ("Bells", "Bell Society")
    ]  # fmt: skip
    assert [action.label for action in found.items[1].actions] == ["Press release"]
