"""Pasting into the editor, in a real browser: what other programs put on the clipboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bare_page import bare_page
from editor_page import FIELD, Editor
from playwright.sync_api import Browser, expect

_PASTES = Path(__file__).parent / "pastes"

WORD = """**Keeping children safe online**

The guidance for schools has **changed**. Staff should *read* it before “Safer week”: **by Friday**.

- Tell your [safeguarding lead](https://www.gov.uk/guidance?page=2)
  - Governors, too
- Keep a record

Then:

1. Read part one
2. Sign the form

> Children come first.

**Role** - **Deadline**

DSL - 1 September

Ask [the team](mailto:dsl@school.example) or see below. Ring 0800\xa0555\xa00100."""

WORD_ONLINE = """**Online safety**

Please read the [guidance](https://www.gov.uk/guidance) **this week**

- First
  - Below it
- *Second*

1. Sign
2. Send

> Children come first."""

OUTLOOK = """Dear all,

**Training** moves to *Tuesday*: [book here](https://training.example/book?id=7).\\
Bring a pen.

- Morning
  - Coffee
- Afternoon

> On Monday they wrote this.

**News**

First paragraph.

Second paragraph.

Nothing"""

GOOGLE_DOCS = """**Age checks**

Ofcom has **new rules** *from July*; see [the rules](https://www.ofcom.org.uk/rules).

- Schools
  - Primary
- Colleges

1. One"""

GOV_UK = """**Summary**

Schools **must** read\xa0[Keeping children safe in education](https://www.gov.uk/government/publications/keeping-children-safe-in-education--2)\xa0(KCSIE).

- part one, for *all* staff
- part two
  - governors
  - heads

1. Read it.

   All of it.
2. Tell staff.

Get help from the [help desk](mailto:help@education.example).

> Safeguarding is everyone’s responsibility.

Deadlines

**Role** - Deadline

DSL - 1 September

Governor - [Autumn term](https://www.gov.uk/bank-holidays)"""


@pytest.fixture(scope="module")
def at_editor(chromium: Browser) -> Iterator[Editor]:
    with bare_page(chromium, FIELD.replace("{text}", "")) as page:
        yield Editor(page).wait()


@pytest.fixture
def editor(at_editor: Editor) -> Iterator[Editor]:
    at_editor.hold("")
    yield at_editor
    # Not even while a paste was read did anything try what the policy forbids.
    assert at_editor.page.evaluate("window.violations") == []


@pytest.mark.parametrize(
    ("file", "kept", "told"),
    [
        ("word", WORD, "Pasted. Removed 1 image, 5 styles and 1 hidden text."),
        ("word-online", WORD_ONLINE, "Pasted. Removed 1 image and 5 styles."),
        ("outlook", OUTLOOK, "Pasted. Removed 2 images, 3 styles and 1 hidden text."),
        ("google-docs", GOOGLE_DOCS, "Pasted. Removed 1 image and 4 styles."),
        ("gov-uk", GOV_UK, "Pasted. Removed 4 styles and 1 hidden text."),
    ],
)
def test_a_paste_keeps_bold_italics_links_lists_and_quotes_and_loses_the_rest(
    editor: Editor, file: str, kept: str, told: str
) -> None:
    editor.paste((_PASTES / f"{file}.html").read_text())
    assert editor.markdown == kept
    expect(editor.page.locator(".rich-text-told")).to_contain_text(told)
    expect(editor.page.locator("#said")).to_have_text(told)


def test_undo_beside_the_message_takes_back_the_paste_and_not_what_was_typed(
    editor: Editor,
) -> None:
    editor.type("Typed before ")
    editor.paste('<p style="color:red">pasted</p>')
    assert editor.markdown == "Typed before pasted"
    editor.page.locator(".rich-text-told").get_by_role("button", name="Undo").click()
    assert editor.markdown == "Typed before"
    expect(editor.page.locator(".rich-text-told")).to_be_hidden()
    expect(editor.text).to_be_focused()


def test_what_is_pasted_into_a_sentence_stays_in_it(editor: Editor) -> None:
    editor.hold("Read the , today.")
    editor.press(*["ArrowLeft"] * len(", today."))
    editor.paste("<meta charset='utf-8'><span>new <b>guide</b></span>")
    assert editor.markdown == "Read the new **guide**, today."


def test_an_address_pasted_over_words_makes_them_a_link(editor: Editor) -> None:
    editor.hold("the guide")
    editor.press("Control+a")
    editor.paste(plain="https://www.gov.uk/guide?utm_source=x")
    assert editor.markdown == "[the guide](https://www.gov.uk/guide)"


def test_plain_text_comes_in_as_it_is(editor: Editor) -> None:
    editor.paste(plain="Q&A for {{first_name}}\n\n* not a list <b>\n2*3*4")
    assert editor.markdown == "Q&A for {{first_name}}\n\n\\* not a list \\<b>\n\n2\\*3\\*4"


VECTORS = [
    "<img src=x onerror=window.broken=1>",
    "<svg onload=window.broken=1><script>window.broken=1</script></svg>",
    "<p onclick='window.broken=1'>text</p><script>window.broken=1</script>",
    "<a href='java\tscript:window.broken=1'>link</a>",
    "<a href=' javascript:window.broken=1'>link</a>",
    "<a href='data:text/html,<script>window.broken=1</script>'>link</a>",
    "<a href='//evil.example/x'>link</a>",
    "<a href='https://user:pass@evil.example/'>link</a>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.broken=1>",
    '<noscript><p title="</noscript><img src=x onerror=window.broken=1>">',
    "<textarea></textarea><style>*{color:red}</style><link rel=stylesheet href=//evil.example>",
    "<p style='background:url(https://evil.example/x)'>text</p><base href=//evil.example>",
    "<iframe srcdoc='<script>window.broken=1</script>'></iframe><object data=x></object>",
    '<p a=\'"><img src=x onerror=window.broken=1>\' style="color:red">text</p>',
    "<form action=//evil.example><input name=q><button formaction=//evil.example>",
    "<p data-pm-slice='1 1 [\"x\",null]'>text</p><template><p style='x'>y</p></template>",
]


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_in_a_paste_runs_is_fetched_or_stays(editor: Editor, vector: str) -> None:
    asked: list[str] = []
    editor.page.on("request", lambda request: asked.append(request.url))
    editor.paste(f"<p>Before</p>{vector}<p>After</p>")
    assert editor.page.evaluate("window.broken") is None
    assert asked == []
    assert (
        editor.text.evaluate("text => text.innerHTML.match(/ on|src|style|script|evil/i)") is None
    )
    assert editor.markdown.startswith("Before")
    assert "evil" not in editor.markdown
    assert "script:" not in editor.markdown


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 30_000 + "deep",
        "<ul><li>" * 2_000 + "deep",
        "<a b='" * 50_000 + "x",
        "<style>" * 50_000 + "x",
        "<!--" * 50_000 + "x",
        "<p style='" + "color:red;" * 50_000 + "'>x",
        "<b>" * 20_000 + "x" + "</b>" * 20_000,
        "<table><tr><td>" * 3_000 + "x",
    ],
)
def test_a_paste_made_to_take_for_ever_is_read_at_once(editor: Editor, html: str) -> None:
    editor.type("Kept ")
    editor.paste(html, plain="x")
    editor.type("!")
    assert editor.markdown.startswith("Kept")
    assert "!" in editor.markdown


def test_a_text_far_too_long_is_refused_and_the_typed_one_stays(editor: Editor) -> None:
    editor.type("Kept")
    editor.paste(plain="word " * 50_000)
    assert editor.markdown == "Kept"
    told = editor.page.locator(".rich-text-told")
    expect(
        told.get_by_text("Not pasted: that is 250,000 characters, and 200,000 fit")
    ).to_be_visible()
    expect(told.get_by_role("button")).to_be_hidden()


def test_lists_deeper_than_the_renderer_knows_are_drawn_up(editor: Editor) -> None:
    editor.paste("<ul><li>x" * 12)
    assert editor.markdown.count("\n") == 11
    assert max(len(line) - len(line.lstrip()) for line in editor.markdown.splitlines()) == 8
