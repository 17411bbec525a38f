"""Everything from outside is hostile (requirements 58 and 59): it is shown, and does nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rendered import RENDERER, body, issues, one, tree, whole

from bulletin.models.editions import EditionContent, Field
from bulletin.models.issues import Helpline, IssueContent, PlacedItem
from bulletin.models.items import Action, Deadline, Note
from bulletin.rendering import Cutter
from example_issue import SENDER

HOSTILE = [
    "{{ 7*7 }}",
    "{% raw %}{% endraw %}",
    "{{ request|attr('application') }}",
    "{{ ''.__class__ }}",
    "{# gone? #}",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "]]>",
    "<![CDATA[ x ]]>",
    "-->",
    "<!--",
    "<!--item:1--> hidden <!--/item:1-->",
    "<!--[if mso]><td><![endif]-->",
    "</mj-text></mj-column>",
    "<mj-include path='/etc/passwd' />",
    "</td></tr></table>",
    "&lt;script&gt; &#60;",
    '" onclick="alert(1)',
    "' style='position:fixed",
    "javascript:alert(1)",
    "<a href='javascript:alert(1)'>x</a>",
    'style="p" class="w"',
    "one\r\ntwo\rthree",
    "child\x92s \x80\x9f",
    "nul \x00 bell \x07 escape \x1b[31m",
    "\x02item:1\x03 marker \x02/item:1\x03",
    "lone \ud800 surrogate \ufffe \ufdd0",
    "😀 👩🏽‍🏫 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    "Ŵy a'r plant: diogelu â gofal",
    "\u202eright to left\u202c",
    "w" * 5_000,
    "BLT0unsubscribe_url0BLT",
    "https://blt.invalid/BLT0first_name0BLT",
]  # fmt: skip


ELEMENTS = {
    "html", "head", "title", "meta", "style", "body", "div", "table", "tbody", "tr", "td", "p",
    "h1", "h2", "h3", "ul", "ol", "li", "a", "b", "i", "strong", "em", "br", "blockquote",
}  # fmt: skip


def seen(text: str) -> str:
    """The text as a reader should see it: unwanted characters gone, on one line."""
    kept = "".join(
        char for char in text if char in "\r\n" or not (ord(char) < 32 or 127 <= ord(char) < 160)
    )
    for gone in ("\ud800", "\ufffe", "\ufdd0"):
        kept = kept.replace(gone, "")
    return " ".join(kept.split())


def everywhere(text: str) -> IssueContent:
    """An issue that has this text in every field."""
    item = PlacedItem(
        id=1, title=text, body=text, source=text, notes=(Note("dsl", text), Note("d--s>l", text)),
        actions=(Action(text, "", "https://a.example/"), Action("Read", text, text)),
        deadline=Deadline(date(2026, 12, 18), text), content_note=text,
    )  # fmt: skip
    issue = one(item, topic=f"{text} ")
    return replace(
        issue, title=text, subject=text, dateline=text, standfirst=text, intro=text, closing=text,
        topics=(*issue.topics, replace(issue.topics[0], key=2, title=f"{text} again")),
        helplines=(Helpline(text, text, text, text),),
    )  # fmt: skip


def assert_harmless(edition: EditionContent) -> None:
    page = tree(edition.html)
    assert {element.tag for element in page.iter() if isinstance(element.tag, str)} <= ELEMENTS
    attributes = {name for element in page.iter() for name in element.keys()}  # noqa: SIM118
    assert not {name for name in attributes if name.startswith(("on", "src", "action", "data"))}
    for href in page.xpath("//@href"):
        assert href.startswith(("https://", "http://", "mailto:", "tel:", "#i", "#t"))
    for text in (edition.html, edition.text, edition.subject):
        text.encode()
        assert not re.search(r"[^\S \n\t\xa0]|[\x00-\x08\x0e-\x1f\x7f-\x9f]", text, re.ASCII)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_every_field_is_shown_literally_and_does_nothing(text: str) -> None:
    sender = replace(SENDER, name=text, postal_address=text)
    cutter = Cutter(RENDERER.compile(everywhere(text), sender))
    edition = cutter.whole()
    assert_harmless(edition)
    page = tree(edition.html)
    shown = [" ".join("".join(node.itertext()).split()).replace("\u2060", "")
             for node in page.xpath("//title | //h1 | //h2 | //h3 | //li/a")]  # fmt: skip
    assert shown.count(seen(text)) >= 3
    assert f"{seen(text)} again" in shown
    assert seen(text) in " ".join(edition.text.split()).replace("\u2060", "")
    assert edition.subject.replace("\u2060", "") == seen(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_does_not_tear_the_page_apart(text: str) -> None:
    """The same elements in the same order as with a harmless word, but for what Markdown adds."""
    blocks = "//div | //table | //tr | //td | //h1"
    harmless = [node.tag for node in tree(whole(everywhere("word")).html).xpath(blocks)]
    assert [node.tag for node in tree(whole(everywhere(text)).html).xpath(blocks)] == harmless
    assert len(harmless) > 20


@settings(max_examples=60)
@given(issues())
def test_random_issues_are_harmless(issue: IssueContent) -> None:
    assert_harmless(whole(issue))


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)",
     "data:text/html,x", "vbscript:x", "file:///etc/passwd", "//evil.example", "/relative",
     "https:", "http://[::1", "mailto:", "", "x"],
)  # fmt: skip
def test_an_action_is_a_link_only_to_the_web_mail_or_a_telephone(address: str) -> None:
    item = PlacedItem(id=1, title="T", body="B", actions=(Action("Read it", "", address),))
    page = tree(whole(one(item)).html)
    assert page.xpath("//td/p[@class='m']/text()") == ["Read it (no link)"]
    assert_harmless(whole(one(item)))


@pytest.mark.parametrize(
    "markdown",
    ["[x](javascript:alert(1))", "<javascript:alert(1)>", "[x](data:text/html,a)",
     "[x](JAVASCRIPT&#58;alert(1))", "![x](https://a.example/pixel.gif)<img src=x>",
     "[x](<https://a.example/\" onclick=\"alert(1)>)", "[x](/relative) [y](#there)"],
)  # fmt: skip
def test_markdown_links_lead_nowhere_else_either(markdown: str) -> None:
    assert_harmless(body(markdown))


def test_a_forged_token_is_broken_wherever_it_stands() -> None:
    """Otherwise a pasted text could show, or send on, each reader's own address."""
    forged = "BLT0unsubscribe_url0BLT"
    markdown = "\n\n".join(
        [forged, "BLT0unsubscribe\\_url0BLT", "BLT&#48;unsubscribe_url0BLT",
         "BLT0**unsubscribe_url**0BLT", "BLT\x000unsubscribe_url0BLT",
         f"[x](https://evil.example/?to={forged})", f"<https://evil.example/{forged}>"]
    )  # fmt: skip
    issue = everywhere(forged)
    issue = replace(issue, intro=markdown, closing=markdown)
    for content in (whole(issue), body(markdown)):
        plain = whole(one(PlacedItem(id=1, title="T", body="B")))
        token = Field.UNSUBSCRIBE_URL.token
        for forged_in, honest in ((content.html, plain.html), (content.text, plain.text)):
            assert forged_in.count(forged) == honest.count(forged) == honest.count(token) == 1
        assert forged not in content.subject


@given(st.text(st.sampled_from("BLT0role\\_*&#48;{} "), max_size=40))
@settings(max_examples=60)
def test_no_text_of_an_item_can_become_a_token(text: str) -> None:
    edition = body(text)
    assert edition.html.count(Field.ROLE.token) == 1
    assert edition.text.count(Field.ROLE.token) == 1
