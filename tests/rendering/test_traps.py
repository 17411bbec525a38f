"""Every trap that was met on the way, closed: of premailer, of mrml, and of the layout."""

from __future__ import annotations

import quopri
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lxml import etree
from rendered import RENDERER, body, one, tree, whole, words

from bulletin.errors import RenderingError
from bulletin.models.editions import CompiledIssue, Field
from bulletin.models.issues import PlacedItem
from bulletin.models.items import Action
from bulletin.rendering import Cutter, Renderer
from bulletin.rendering.inlining import Inliner
from example_issue import SENDER, example_issue

COMPILED = RENDERER.compile(example_issue(), SENDER)
EDITION = whole(example_issue())
HTML = EDITION.html
STYLES = "".join(style.text for style in tree(HTML).iter("style"))
FLOW = tree(HTML).xpath("//div[@class='f']")[0]


def page(inside: str) -> str:
    return f"<!doctype html><html><head></head><body>{inside}</body></html>"


# premailer


def test_premailer_drops_the_lower_case_doctype_that_mrml_writes() -> None:
    assert HTML.startswith("<!DOCTYPE html>")
    assert HTML.lower().count("<!doctype") == 1


def test_premailer_strips_important_from_media_queries_and_from_what_it_inlines() -> None:
    inlined = Inliner("p { margin: 0 !important }").inline(page("<p>a</p>"))
    assert '<p style="margin:0 !important">' in inlined
    media = STYLES[STYLES.index("@media (prefers-color-scheme:dark)") :]
    assert ".w a{color:#66c9c0 !important}" in media
    assert "@media only screen and (max-width:480px){h1{font-size:27px !important}}" in STYLES


def test_mrml_links_web_fonts() -> None:
    assert "<link" not in HTML
    assert "@import" not in HTML
    assert "fonts." not in HTML


def test_cssutils_fetches_imports_even_without_a_network() -> None:
    with pytest.raises(RenderingError, match=r"fetch http://127\.0\.0\.1:9/x\.css"):
        Inliner("@import url(http://127.0.0.1:9/x.css); p { margin: 0 }")


def test_premailer_turns_the_width_of_an_image_into_100_percent() -> None:
    html = Inliner("img { width: 100%; height: auto }").inline(page('<img width="160" height="9">'))
    assert '<img width="160" height="9" style="width:100%;height:auto">' in html


def test_premailer_loses_the_rules_of_the_outlook_apps() -> None:
    assert "[data-ogsc] .w a{color:#66c9c0 !important}" in STYLES
    assert "[data-ogsb] .n{background:#222c2e !important}" in STYLES


def test_premailer_rewrites_braces_in_addresses() -> None:
    addresses = tree(HTML).xpath("//a/@href")
    assert Field.UNSUBSCRIBE_URL.token in addresses
    assert Field.PREFERENCES_URL.token in addresses


def test_one_cache_of_premailer_serves_three_functions_and_a_style_of_p_breaks_it() -> None:
    html = body('<p style="p">Text</p> and style="color: red; x : y"').html
    assert '&lt;p style="p"&gt;Text&lt;/p&gt; and style="color: red; x : y"' in html


def test_lxml_splits_a_list_inside_a_paragraph_and_loses_a_link_around_a_table() -> None:
    html = body("Text:\n- one\n- two\n\n[a\nlink](https://a.example)\n- three").html
    page = tree(html)
    assert not page.xpath("//p[not(node())] | //a[@href and not(node())] | //p//p | //p//ul")
    assert page.xpath("//a[@href='https://a.example']/text()") == ["a link"]


def test_premailer_and_cssutils_write_warnings_to_the_terminal(
    capfd: pytest.CaptureFixture[str],
) -> None:
    Renderer().compile(example_issue(2, 1), SENDER)
    assert capfd.readouterr() == ("", "")


def test_premailer_leaves_its_own_marks_behind() -> None:
    assert "data-premailer" not in HTML


# mrml


def test_mrml_deletes_our_markers_when_it_deletes_comments() -> None:
    assert "<!--item:1-->" in COMPILED.html
    assert "<!--/item:30-->" in COMPILED.html


def test_mrml_says_the_language_is_undetermined() -> None:
    root = tree(HTML)
    assert root.get("lang") == "en-GB"
    assert root.get("dir") == "ltr"


def test_mrml_gives_up_at_a_bare_bracket_and_at_a_nul() -> None:
    assert "a &lt; b c" in body("a < b\x00 c").html


@pytest.mark.parametrize(
    "nested",
    [
        ">" * 20_000 + " deep",
        "- " * 20_000 + "deep",
        "*" * 10_000 + "deep" + "*" * 10_000,
        "[" * 10_000 + "deep" + "](https://a.example)" * 10_000,
    ],
)
def test_mrml_crashes_at_twelve_thousand_nested_tags_so_deep_text_is_taken_literally(
    nested: str,
) -> None:
    edition = body(nested)
    assert "deep" in edition.text
    assert "deep" in edition.html


def test_what_is_nested_too_deeply_is_not_lost() -> None:
    text = "".join(f"{'  ' * level}- point {level}\n" for level in range(60))
    edition = body(text)
    for shown in (words(edition.html), " ".join(edition.text.split())):
        assert all(f"- point {level} " in shown for level in range(60))


def test_a_template_that_is_not_mjml_is_explained(tmp_path: Path) -> None:
    with pytest.raises(RenderingError, match=r"edition\.mjml: unable to parse"):
        copied(tmp_path, mjml="<mjml><mj-body><mj-section></mj-body></mjml> <").compile(
            example_issue(1, 1), SENDER
        )


def test_a_template_that_uses_an_unknown_name_is_explained(tmp_path: Path) -> None:
    with pytest.raises(RenderingError, match=r"edition\.mjml, line 1: .*nothing"):
        copied(tmp_path, mjml="{{ issue.nothing }}").compile(example_issue(1, 1), SENDER)


def copied(folder: Path, *, mjml: str) -> Renderer:
    """A renderer of our templates with another MJML."""
    (folder / "edition.mjml").write_text(mjml, encoding="utf-8")
    return Renderer(theme=folder)


# layout


def test_padding_of_a_section_on_both_sides_makes_outlooks_cell_too_wide() -> None:
    assert set(re.findall(r'<td style="vertical-align:top;width:(\d+)px;">', HTML)) == {"580"}
    assert set(re.findall(r'width="(\d+)" style="width:\d+px;"', HTML)) == {"580"}


def test_outlook_comments_side_by_side_are_merged_but_not_across_a_marker() -> None:
    comment = "<!--[if mso | IE]><td>{}<![endif]-->"
    inside = comment.format(1) + comment.format(2) + "<!--item:1-->" + comment.format(3)
    assert (
        "<!--[if mso | IE]><td>1<td>2<![endif]--><!--item:1--><!--[if mso | IE]><td>3<![endif]-->"
        in Inliner("p{margin:0}").inline(page(inside))
    )
    assert "<![endif]--><!--[if mso | IE]>" not in COMPILED.html


def test_blanks_between_markers_would_show_where_an_edition_was_cut() -> None:
    for compiled in (COMPILED.html, COMPILED.text):
        assert not re.search(r"(-->|\x03)[ \t]+(<!--|\x02)", compiled)
    empty = Cutter(COMPILED).cut(frozenset())
    assert "\n\n\n\n" not in empty.text


def test_a_border_left_of_a_note_moves_its_text() -> None:
    notes = FLOW.xpath(".//td[@class='n']")
    assert notes
    assert all("border" not in note.get("style").replace("border-radius", "") for note in notes)


def test_padding_of_the_flow_is_lost_in_outlook() -> None:
    assert "padding" not in FLOW.get("style")


def test_one_cell_around_everything_risks_a_gap_at_outlooks_page_end() -> None:
    tables = FLOW.xpath("./table")
    assert len(tables) == 30 + 10
    assert not FLOW.xpath(".//table//table")


def test_outlook_passes_no_font_into_nested_cells() -> None:
    cells = FLOW.xpath(".//td")
    assert len(cells) > 40
    assert all("font:16px/1.5 Arial,sans-serif" in cell.get("style") for cell in cells)


def test_thirty_underlined_links_are_noise() -> None:
    links = tree(HTML).xpath("//li/a[starts-with(@href, '#')]")
    assert len(links) == 30
    assert all("text-decoration:none" in link.get("style") for link in links)


def test_every_line_of_the_contents_leads_somewhere_by_name() -> None:
    """Gmail on the web wants <a name>, not an id."""
    wanted = [href[1:] for href in tree(HTML).xpath("//li/a/@href") if href.startswith("#")]
    assert wanted == tree(HTML).xpath("//a/@name")


def test_no_break_spaces_keep_a_telephone_number_together() -> None:
    item = PlacedItem(id=1, title="Ring 0800\u00a01111", body="Ring 0800\u00a01111")
    edition = whole(one(item))
    assert edition.html.count("0800\u00a01111") == 3
    assert edition.text.count("0800\u00a01111") == 3


def test_no_image_is_needed_and_none_is_fetched_from_elsewhere() -> None:
    """Requirement 50c."""
    assert not tree(HTML).xpath("//@src | //@background | //img")
    assert "url(" not in HTML


def test_sizes_stay_far_from_where_gmail_clips() -> None:
    """Requirement 50a; the goals are those of the prototype."""
    assert len(HTML.encode()) <= 63_000
    assert len(quopri.encodestring(HTML.encode())) <= 68_000
    assert len(whole(example_issue(40)).html.encode()) <= 77_000


def test_what_every_client_must_honour_is_inline_and_the_style_block_is_small() -> None:
    """Requirement 50b."""
    styles = etree.tostring(tree(HTML).find("head"), encoding="unicode")
    assert len(styles) < 8_000
    assert "var(" not in HTML
    kept = set(re.findall(r'class="([^"]*)"', HTML))
    assert kept == {"w", "f", "k", "m", "n", "b", "r", "mj-column-per-100"}


def test_nothing_of_the_templates_is_left_in_an_edition() -> None:
    for word in ("<mj-", "{{", "{%", "{#"):
        assert word not in HTML
        assert word not in EDITION.text


def test_compiling_is_deterministic() -> None:
    assert Renderer().compile(example_issue(), SENDER) == COMPILED
    assert isinstance(COMPILED, CompiledIssue)


def test_one_renderer_serves_several_threads() -> None:
    with ThreadPoolExecutor(4) as threads:
        compiled = threads.map(lambda _: RENDERER.compile(example_issue(), SENDER), range(8))
        assert set(compiled) == {COMPILED}


def test_an_action_without_an_address_is_text() -> None:
    item = PlacedItem(id=1, title="T", body="B", actions=(Action("Read the report", "Safe", None),))
    edition = whole(one(item))
    assert ">Read the report: Safe (no link)</p>" in edition.html
    assert "Read the report: Safe (no link)\n" in edition.text
