"""What `read` promises of any input whatever."""

from __future__ import annotations

import re

from hypothesis import assume, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bulletin.errors import InvalidInput
from bulletin.models.items import Reading
from bulletin.sources import SourceFormat, read
from bulletin.sources.formats.decoding import clean, decode
from bulletin.sources.formats.mending import unescaped, unquoted

LINES = (
    "New guidance on phones", "ONLINE SAFETY", "1. First thing", "2. Second thing", "3) Third",
    "Source: Keyhole", "Source: Keyhole published on this website 3 May 2026 by Jo Example",
    "By Jo Example, 3 May 2026 | Keyhole", "3 May 2026", "Posted on 3 May 2026", "Keyhole | Doors",
    "Date published: March 2026", "Pupils should wash their hands before lunch each day.",
    "• a bullet", "  - nested one", "Read the report: Clean hands", "Read the report", "Read more:",
    "Further information", "Useful links:", "https://x.example/a", "www.x.example/e",
    "See https://x.example/b for details and ring 0123.", "Full article can be found here",
    "The report can be found here: https://x.example/c", "Share this:", "Facebook", "X", "Print",
    "Facebook | X | Email", "", "", "", "-----", "=====", "* * *", "© 2026 Keyhole", "Unsubscribe",
    "See also on Keyhole > Hands", "Was it useful", "Yes it was", "Welcome to our newsletter.",
    "Title: Thing", "Summary: Short words.", "Link: https://x.example/d", "> quoted words", "a\tb",
    "(Source: Handbook, pages 3 and 4)", "# Head", "**Bold line**", "<b>tag</b>", "&amp; & &lt;",
    "Clean hands Source: Keyhole Date published: 3 May 2026 And so on.",
    "<script>alert(1)</script>",
)  # fmt: skip
FEEDS = st.lists(st.sampled_from(LINES), max_size=40).map("\n".join) | st.text(max_size=200)
MARKDOWN = MarkdownIt("commonmark")


def read_or_refuse(
    data: bytes | str, source_format: SourceFormat = SourceFormat.AUTO
) -> Reading | None:
    """A reading, or None for a refusal; the refusal has to be a sentence."""
    try:
        return read(data, source_format)
    except InvalidInput as error:
        refusal = error
    assert str(refusal).endswith(".")
    return None


def as_meant(text: str) -> str:
    """Plain text as it was before anything damaged it."""
    return unescaped(unquoted(decode(text)))


@given(FEEDS, st.sampled_from(SourceFormat))
def test_any_text_is_read_or_refused_with_a_sentence(
    text: str, source_format: SourceFormat
) -> None:
    reading = read_or_refuse(text, source_format)
    assert reading is None or all(one.reason and one.text for one in reading.dropped)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    reading = read_or_refuse(data)
    assert reading is None or isinstance(reading, Reading)


@given(FEEDS, st.sampled_from([SourceFormat.TEXT, SourceFormat.HTML]))
def test_no_body_renders_to_markup_that_could_run(text: str, source_format: SourceFormat) -> None:
    reading = read_or_refuse(text, source_format) or Reading(())
    allowed = {"p", "ul", "ol", "li", "blockquote", "strong", "em", "a"}
    for item in reading.items:
        rendered = MARKDOWN.render(item.body)
        assert set(re.findall(r"</?([A-Za-z]\w*)", rendered)) <= allowed
        links = re.findall(r'href="([^"]*)"', rendered)
        links += [action.url for action in item.actions if action.url]
        assert all(link.startswith(("http://", "https://", "mailto:", "tel:")) for link in links)


@given(FEEDS)
def test_a_title_is_words_of_the_text_or_there_is_a_warning(text: str) -> None:
    assume(clean(text).strip())
    for item in read(text, SourceFormat.TEXT).items:
        if item.title:
            words = re.compile(r"[^\W_]+")
            assert set(words.findall(item.title)) <= set(words.findall(as_meant(text)))
        else:
            assert "no_heading" in {warning.code for warning in item.warnings}


@given(st.integers(2, 8), st.sampled_from(["Share this:\nFacebook\nX\nPrint", "* * *", "-----"]))
def test_as_many_items_come_out_as_went_in(count: int, divider: str) -> None:
    feed = f"\n\n{divider}\n\n".join(
        f"Heading of number {number}\n\nThe text of number {number} is here."
        for number in range(count)
    )
    titles = [item.title for item in read(f"{feed}\n\n{divider}\n").items]
    assert titles == [f"Heading of number {number}" for number in range(count)]
