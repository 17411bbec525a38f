"""Clipboards and saved pages: what programs wrap around news, and what they make of lists."""

from __future__ import annotations

from datetime import date

import pytest
from markdown_it import MarkdownIt

from bulletin.models.items import Action, ItemDraft, Reading
from bulletin.sources import SourceFormat, read
from bulletin.sources.text import markdown
from bulletin.sources.text.inline import Run
from bulletin.sources.text.lines import Kind
from bulletin.sources.text.markdown import Block

GOOGLE = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1">
<h2 dir="ltr"><span style="font-size:16pt;font-weight:400">Doors</span></h2>
<p><span style="font-weight:400">Doors are </span><span style="font-weight:700">shut</span>
<span style="font-style:italic">at nine</span><span>.</span></p>
<ul><li dir="ltr"><p dir="ltr"><span>one</span></p></li>
<ul><li dir="ltr"><p dir="ltr"><span>within</span></p></li></ul></ul></b>"""
APPLE = """<html><body><div><br></div><blockquote type="cite"><div>Begin forwarded message:</div>
<div><b>From:</b> Keyhole &lt;news@keyhole.example&gt;</div><div><b>Subject:</b> Weekly</div>
<div><b>Date:</b> 3 May 2026 at 08:00:00 BST</div><div><b>To:</b> dsl@school.example</div><br>
<h2>Doors</h2><p>Doors are shut at nine.</p><h2>Keys</h2><p>Keys are kept safe.</p></blockquote>
</body></html>"""
PAGE = """<!doctype html><html><head><title>Doors - Keyhole</title></head><body class="cookies-on">
<div id="cookie-banner"><p>We use cookies to make this site work.</p></div>
<a class="skip-link" href="#m">Skip to main content</a>
<header class="site-header"><p>Keyhole, the trust for doors</p></header>
<nav><ul><li><a href="/">Home</a></li></ul></nav>
<div class="breadcrumbs"><a href="/news">News</a></div>
<main id="m"><article><header><h1>Doors that close by themselves</h1>
<p>Published <time datetime="2026-05-03T08:00:00+01:00">2 days ago</time></p></header>
<p>The trust has looked at the doors of forty schools. Most of them close too slowly, and some do
not close at all. Schools are asked to look at every door once a term.</p>
<div class="social-share"><a href="#">Facebook</a><a href="#">Print</a></div>
<p><a href="/forty.pdf">Read the report</a></p></article>
<aside><h2>Popular</h2><p><a href="/w">Windows that whistle</a></p></aside>
<section class="related-posts"><h2>Related</h2><a href="/k">Keys that bend</a></section>
<div id="comments"><p>First! says Ada.</p></div></main>
<div class="sidebar"><form><label>Search</label><input type="text"></form></div>
<footer><p>Keyhole is a registered example.</p></footer></body></html>"""


def only(html: str, url: str = "") -> ItemDraft:
    (item,) = read(html, SourceFormat.HTML, url=url).items
    return item


def dropped(reading: Reading) -> dict[str, str]:
    return {one.text: one.reason for one in reading.dropped}


def test_bold_and_lists_of_google_docs_are_what_they_look_like() -> None:
    item = only(GOOGLE)

    assert item.title == "Doors"
    assert item.body == "Doors are **shut** *at nine*.\n\n- one\n   - within"


def test_lists_of_word_lose_their_markers_and_keep_their_levels() -> None:
    def listed(level: int, mark: str, text: str) -> str:
        style = f"mso-list:l0 level{level} lfo1"
        ignored = (
            f"<span style='font-family:Symbol'><span style='mso-list:Ignore'>{mark}<span>&nbsp; "
        )
        return (
            f"<p class=MsoListParagraph style='{style}'><![if !supportLists]>{ignored}"
            f"</span></span></span><![endif]>{text}<o:p></o:p></p>"
        )

    rows = [(1, "·", "ring"), (2, "o", "gently"), (1, "·", "knock")]
    numbers = [(1, "1.", "wait"), (2, "a)", "a while"), (2, "b)", "longer"), (1, "2.", "go in")]
    page = "".join(listed(*row) for row in rows)
    page += "<p class=MsoNormal>Then:</p>" + "".join(listed(*row) for row in numbers)
    item = only(f"<h1>Doors</h1><p class=MsoNormal>Schools are asked to:</p>{page}")

    assert item.body == (
        "Schools are asked to:\n\n- ring\n   - gently\n- knock\n\nThen:\n\n"
        "1. wait\n   1. a while\n   2. longer\n2. go in"
    )


def test_what_word_hides_in_comments_and_islands_is_not_read() -> None:
    item = only(
        "<html xmlns:w='urn:x'><head><!--[if gte mso 9]><xml><w:View>No</w:View></xml><![endif]-->"
        "<style><!-- p.MsoNormal {margin:0} --></style></head><body><xml><w:a>island</w:a></xml>"
        "<p class=MsoTitle>Keyhole</p><h1>Doors</h1><p class=MsoNormal>Doors are <del>open</del>"
        "<ins>shut</ins>.<o:p>&nbsp;</o:p></p></body></html>"
    )
    assert (item.title, item.body) == ("Doors", "Doors are shut.")


def test_a_mail_that_was_passed_on_is_no_quotation() -> None:
    reading = read(APPLE)

    assert [(item.title, item.body) for item in reading.items] == [
        ("Doors", "Doors are shut at nine."), ("Keys", "Keys are kept safe."),
    ]  # fmt: skip


def test_a_quotation_of_a_page_stays_one() -> None:
    assert only("<h2>Doors</h2><blockquote>It is overdue.</blockquote>").body == "> It is overdue."


def test_the_header_of_the_windows_clipboard_is_no_news() -> None:
    head = "Version:0.9\r\nStartHTML:00000097\r\nEndHTML:00000400\r\nStartFragment:00000131\r\n"
    page = "<html><body><!--StartFragment--><h2>Doors</h2><p>Shut at nine.</p><!--EndFragment-->"
    reading = read(f"{head}EndFragment:00000300\r\n{page}</body></html>")
    assert "StartHTML" not in repr(reading)
    assert reading.items[0].title == "Doors"


def test_of_a_saved_page_only_its_main_text_is_news() -> None:
    reading = read(PAGE, url="https://keyhole.example/news/doors")
    (item,) = reading.items

    assert item.title == "Doors that close by themselves"
    assert item.body.startswith("The trust has looked")
    assert item.body.endswith("once a term.")
    assert item.published == date(2026, 5, 3)
    assert item.actions == (Action("Read the report", "", "https://keyhole.example/forty.pdf"),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("We use cookies to make this site work.", "A notice about cookies."),
        ("Skip to main content", "Navigation of the page."),
        ("Keyhole, the trust for doors", "The header of the website."),
        ("Home", "Navigation of the page."),
        ("News", "Navigation of the page."),
        ("Facebook Print", "Share buttons of the website."),
        ("Popular Windows that whistle", "Stands beside the page's main text."),
        ("Related Keys that bend", "Links to other pages of the website."),
        ("First! says Ada.", "Comments of readers below the page."),
        ("Search", "Stands beside the page's main text."),
        ("Keyhole is a registered example.", "The footer of the website."),
    ],
)
def test_every_other_part_of_a_saved_page_is_listed_with_its_reason(text: str, reason: str) -> None:
    assert dropped(read(PAGE))[text] == reason


def test_what_stands_outside_the_main_text_goes_even_if_it_has_no_name() -> None:
    reading = read(f"<p>Buy doors now, cheap.</p>{PAGE}".replace("<!doctype html>", ""))
    assert "Stands outside the page's main text." in dropped(reading).values()
    assert "cheap" not in repr(reading.items)


def test_the_title_above_the_main_text_is_kept() -> None:
    long = "Doors are shut at nine. " * 12
    item = only(f"<body><div><h1>Doors</h1></div><main><p>{long}</p></main></body>")
    assert item.title == "Doors"


def test_a_name_like_that_of_furniture_does_not_cost_a_page_its_text() -> None:
    text = "<h2>Doors</h2><p>Doors are shut at nine.</p>"
    for named in ("cookie-law-news", "sidebar", "related-news", "share-bar"):
        assert only(f"<body><div class='{named}'>{text}</div></body>").title == "Doors"
    assert only(f"<body><form id=aspnetForm>{text}</form></body>").title == "Doors"


def test_articles_of_a_page_are_an_item_each_with_their_own_subheadings() -> None:
    def article(title: str) -> str:
        return f"""<article><h2>{title}</h2><p>{title} are looked at once a term.</p>
        <h3>Background</h3><p>The rule for them is old.</p></article>"""

    reading = read(f"<main>{article('Doors')}{article('Keys')}{article('Locks')}</main>")
    assert [item.title for item in reading.items] == ["Doors", "Keys", "Locks"]
    assert all("**Background**" in item.body for item in reading.items)


HEAD = """<html><head><meta property="og:site_name" content="Keyhole Trust">
<meta property="article:published_time" content="2026-05-03T23:30:00-05:00">
<meta name="author" content="Jo Example"><meta property="og:title" content="Doors"></head><body>"""


def test_the_only_item_of_a_page_gets_what_the_page_says_of_itself() -> None:
    item = only(f"{HEAD}<h1>Doors</h1><p>Doors are shut at nine.</p></body></html>")

    assert (item.source, item.author, item.published) == (
        "Keyhole Trust", "Jo Example", date(2026, 5, 3),
    )  # fmt: skip
    assert item.warnings == ()


def test_what_the_text_says_goes_before_what_the_head_of_its_page_says() -> None:
    said = "<p>Source: Lock Office published on this website 1 May 2026 by Sam Specimen</p>"
    item = only(f"{HEAD}<h1>Doors</h1>{said}<p>Doors are shut at nine.</p></body></html>")

    assert (item.source, item.author, item.published) == (
        "Lock Office", "Sam Specimen", date(2026, 5, 1),
    )  # fmt: skip


def test_several_items_of_a_page_get_nothing_from_its_head() -> None:
    two = "<h2>Doors</h2><p>Doors are shut.</p><h2>Keys</h2><p>Keys are kept safe.</p>"
    reading = read(f"{HEAD}{two}</body></html>")
    assert {(item.source, item.published) for item in reading.items} == {("", None)}


@pytest.mark.parametrize(
    ("base", "href", "address"),
    [
        ("", "https://keyhole.example/a", "https://keyhole.example/a"),
        ("", "/a", "https://keyhole.example/a"),
        ("", "a", "https://keyhole.example/news/a"),
        ("<base href='https://other.example/'>", "a", "https://other.example/a"),
        ("", "//cdn.example/a", "https://cdn.example/a"),
    ],
)
def test_links_of_a_page_lead_where_they_led_there(base: str, href: str, address: str) -> None:
    page = f"<html><head>{base}</head><body><h2>Doors</h2><p>Shut them.</p>"
    item = only(
        f"{page}<p><a href='{href}'>Read the note</a></p>", "https://keyhole.example/news/x"
    )
    assert item.actions == (Action("Read the note", "", address),)


@pytest.mark.parametrize("split", ["<b>&lt;</b>img src=x onerror=alert(1)&gt;",
                                   "&lt;<b>img src=x onerror=alert(1)&gt;</b>",
                                   "&lt;<a name=x>img src=x onerror=alert(1)&gt;</a>",
                                   "&lt;<b></b>img src=x onerror=alert(1)&gt;"])  # fmt: skip
def test_a_tag_that_is_written_in_two_styles_is_still_text(split: str) -> None:
    body = only(f"<h2>Doors</h2><p>Doors are shut {split} at nine.</p>").body
    assert "<img" not in MarkdownIt("commonmark").render(body)
    assert "onerror" in body


def test_a_tag_that_an_address_interrupts_is_still_text() -> None:
    body = only(
        "<h2>Doors</h2><p>Shut &lt;img https://keyhole.example/x onerror=a&gt; them.</p>"
    ).body
    assert "<img" not in MarkdownIt("commonmark").render(body)


def test_a_list_that_begins_far_in_is_a_list_and_no_code() -> None:
    nested = (
        "<ul><ul><ul><li>one</li><li>two</li></ul></ul><li>three<ul><ul><li>four</li></ul></ul>"
    )
    body = only(f"<h2>Doors</h2><p>Schools are asked to:</p>{nested}</ul>").body
    assert body == "Schools are asked to:\n\n- one\n- two\n- three\n   - four"


def test_a_bullet_under_a_number_that_makes_no_list_is_no_code() -> None:
    item = only("<h2>Doors</h2><ol><li>Shut them.<ul><ul><li>one</li></ul></ul></li></ol>")
    assert item.body == "1\\. Shut them.\n\n- one"


def test_no_address_that_nobody_looked_at_becomes_a_link() -> None:
    runs = (Run("here", "javascript:alert(1)"), Run(" or "), Run("there", "keyhole.example"))
    assert markdown.body([Block(Kind.TEXT, runs)]) == "here or there"
