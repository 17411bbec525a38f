"""Pages: HTML becomes Markdown, and nothing in it can run or hide (requirement 59)."""

from __future__ import annotations

import time
from datetime import date

import pytest

from bulletin.errors import InvalidInput
from bulletin.models.items import Action, ItemDraft
from bulletin.sources import SourceFormat, read

PAGE = """<!doctype html><html><head><title>x</title><style>p{color:red}</style></head><body>
<nav><a href="/">Home</a></nav>
<h1>Safeguarding news</h1>
<h2>Snow days and vulnerable pupils</h2>
<p class="meta">Posted on 5 January 2026 by Ada Example</p>
<p>Schools should <strong>ring first</strong>, then <em>visit</em>.
See the <a href="https://n.example/rules">local rules</a>.</p>
<ul><li>keep a list</li><li>share it<ul><li>with care</li></ul></li></ul>
<ol><li>ring</li><li>knock</li></ol>
<p><a href="https://n.example/one.pdf?utm_source=a">Read the guidance (PDF)</a></p>
<p style="display: none">a secret line</p>
<img src="https://t.example/p.gif" width=1 height=1><img src="x.png" alt="A snowy gate">
<h2>Minibus drivers</h2>
<p>Posted on 4 January 2026 by Ada Example</p>
<p>Drivers need a check. 1 * 2 &lt;b&gt; #3</p>
<blockquote><p>It is overdue.</p></blockquote>
<h3>Background</h3>
<p>The rule is from 2019.</p>
<p>Read the report: <a href="https://n.example/bus">Buses and belts</a></p>
</body></html>"""


def only(html: str) -> ItemDraft:
    (item,) = read(html, SourceFormat.HTML).items
    return item


def test_headings_become_titles_and_details_are_found_under_them() -> None:
    snow, bus = read(PAGE).items

    assert (snow.title, bus.title) == ("Snow days and vulnerable pupils", "Minibus drivers")
    assert (snow.published, snow.author) == (date(2026, 1, 5), "Ada Example")


def test_bold_italics_links_lists_and_quotes_become_markdown() -> None:
    snow, bus = read(PAGE).items

    assert snow.body == (
        "Schools should **ring first**, then *visit*. "
        "See the [local rules](https://n.example/rules).\n\n"
        "- keep a list\n- share it\n   - with care\n\n1. ring\n2. knock"
    )
    assert bus.body == (
        "Drivers need a check. 1 \\* 2 \\<b> #3\n\n> It is overdue.\n\n**Background**\n\n"
        "The rule is from 2019."
    )


def test_a_paragraph_that_is_only_a_link_becomes_an_action() -> None:
    snow, bus = read(PAGE).items

    assert snow.actions == (Action("Read the guidance (PDF)", url="https://n.example/one.pdf"),)
    assert bus.actions == (Action("Read the report", "Buses and belts", "https://n.example/bus"),)


def test_hidden_text_navigation_and_pictures_go_and_are_listed() -> None:
    reading = read(PAGE)

    dropped = {one.text for one in reading.dropped}
    assert {"Home", "a secret line", "A snowy gate", "Safeguarding news"} <= dropped
    assert "secret" not in repr(reading.items)
    assert "p.gif" not in repr(reading)
    assert "color:red" not in repr(reading)


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "&#106;avascript:alert(1)",
     "java\nscript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x"],
)  # fmt: skip
def test_a_link_that_could_run_is_left_out_with_a_warning(link: str) -> None:
    item = only(f"<h2>Doors</h2><p>Doors are shut.</p><p><a href='{link}'>Read the note</a></p>")

    assert item.actions == (Action("Read the note"),)
    assert {warning.code for warning in item.warnings} & {"unsafe_link", "broken_link"}
    assert "lost_link" not in {warning.code for warning in item.warnings}


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext></p><style><img src=x onerror=alert(1)>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<template><script>alert(1)</script></template>",
        "<a href='https://n.example' onclick='alert(1)'>x</a>",
        "<p style='background:url(javascript:alert(1))'>x</p>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_nothing_of_an_attack_is_left_as_markup(attack: str) -> None:
    item = only(f"<h2>Doors</h2><p>Doors are shut {attack} at nine.</p><p>Keys are kept.</p>")

    text = item.title + item.body
    assert "<script" not in text.replace("\\<", "")
    assert "<img" not in text.replace("\\<", "")
    assert "onerror" not in text.replace("\\<img src=x onerror", "")


def test_links_that_say_only_here_or_more_are_given_the_title() -> None:
    item = only(
        "<h2>Doors</h2><p>Doors are shut.</p><p><a href='https://d.example/a'>Read more</a></p>"
    )
    assert item.actions == (Action("Read more", "Doors", "https://d.example/a"),)


def test_a_sentence_that_points_at_its_link_becomes_an_action() -> None:
    item = only(
        "<h2>Doors</h2><p>Doors are shut. The list can be downloaded "
        "<a href='https://d.example/l'>here</a>.</p>"
    )
    assert item.body == "Doors are shut."
    assert item.actions == (Action("Download the list", url="https://d.example/l"),)


def test_bold_paragraphs_of_a_word_processor_are_headings() -> None:
    html = """<html><body lang=EN-GB><div class=WordSection1>
    <p class=MsoNormal><b><span style='font-size:14pt'>Bike training</span></b></p>
    <p class=MsoNormal>Every pupil may <b>train</b>.&nbsp; Places are free.<o:p></o:p></p>
    <p class=MsoListParagraph>&bull; helmets are lent</p>
    <p class=MsoNormal><b>Library visits</b></p>
    <p class=MsoNormal>The library opens early.</p></div></body></html>"""
    bikes, library = read(html).items

    assert (bikes.title, library.title) == ("Bike training", "Library visits")
    assert bikes.body == "Every pupil may **train**. Places are free.\n\n- helmets are lent"


def test_tables_that_only_lay_a_page_out_are_read_as_text() -> None:
    html = """<table><tr><td><table><tr><td><b>The Letter</b></td></tr></table>
    <table><tr><td><h3>Coats and pegs</h3><p>Coats hide bags.</p></td></tr></table>
    <table><tr><td><h3>Window locks</h3><p>Locks are tested in May.</p></td></tr></table>
    <p>You are receiving this because you signed up.
    <a href="https://l.example/u">Unsubscribe</a></p>
    </td></tr></table>"""
    reading = read(html)

    assert [item.title for item in reading.items] == ["Coats and pegs", "Window locks"]
    assert "Unsubscribe" not in repr(reading.items)


def test_the_heading_that_is_a_link_gives_title_and_action() -> None:
    item = only("<h2><a href='https://d.example/a'>Doors</a></h2><p>Doors are shut.</p>")

    assert item.title == "Doors"
    assert item.actions == (Action("Read more", "Doors", "https://d.example/a"),)


def test_text_with_a_few_inline_tags_keeps_its_lines() -> None:
    first, second = read(
        "<b>Doors</b>\n\nDoors are <i>shut</i> at nine.\n\n<b>Keys</b>\n\nKeys are kept safe."
    ).items
    assert (first.title, first.body) == ("Doors", "Doors are *shut* at nine.")
    assert second.title == "Keys"


@pytest.mark.parametrize(
    "html",
    ["<div>" * 300_000, "<b>" * 300_000, "<p>a</p>" * 100_000,
     "".join(f"<font size={n}>" for n in range(500)) + "<p>x" * 5000],
)  # fmt: skip
def test_a_page_built_to_exhaust_a_parser_is_refused_at_once(html: str) -> None:
    started = time.monotonic()
    with pytest.raises(InvalidInput, match="plain text"):
        read(html, SourceFormat.HTML)
    assert time.monotonic() - started < 2


def test_what_stands_in_buttons_fields_and_pictures_is_named_as_left_out() -> None:
    reading = read(
        "<h2>Gates</h2><p>Look at the gate.</p><button>Apply</button><dialog>Talk<script>x</script>"
        "</dialog><textarea>Area</textarea><select><option>Choice</option></select>"
        "<noscript>Old</noscript><iframe>Frame</iframe><svg><style>y</style><text>Sign</text></svg>"
        "<details><summary>More on it</summary><p>It is of iron.</p></details>"
    )
    assert "More on it\n\nIt is of iron." in reading.items[0].body
    left = [one.text for one in reading.dropped]
    assert left == ["Apply", "Talk", "Area", "Choice", "Old", "Frame", "Sign"]
