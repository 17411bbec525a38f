"""The two parts of a copy: what the reader sees is what was rendered, with the reader's values."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from letters import CONTENT, COPY, LINES, NOW, SENDER, body, parsed, with_fields, written

from bulletin.errors import InvalidInput
from bulletin.messages import Skeleton, static_headers
from bulletin.models.deliveries import Copy
from bulletin.models.editions import EditionContent, Field

PIECES = st.one_of(
    st.sampled_from([field.token for field in Field]),
    st.sampled_from(
        [
            *("\n", "\r\n", " ", "\t", " \n", ".", "\n.\n", "\n..\n", "\nFrom here", "=", "=41"),
            *("\n--=_bulletin\n", "BLT0", "0BLT", "https://blt.invalid/", "x" * 100, "ŵ" * 40),
        ]
    ),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00\r"), max_size=90),
)
BODIES = st.lists(PIECES, max_size=12).map("".join)


def filled(text: str, copy: Copy, *, html: bool) -> str:
    """The slow way: what `text` says to this reader, its line ends as LF."""
    for field in Field:
        value = copy.fields[field]
        text = text.replace(field.token, escape(value) if html else value)
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(html=BODIES, text=BODIES, first_name=LINES, organisation=LINES)
def test_both_parts_decode_to_the_edition_with_this_readers_values(
    html: str, text: str, first_name: str, organisation: str
):
    content = EditionContent(subject="News", html=html, text=text)
    copy = with_fields(first_name=first_name, organisation=organisation)

    message = parsed(written(content, copy))

    assert body(message, "html") == filled(html, copy, html=True)
    assert body(message, "plain") == filled(text, copy, html=False)


@given(html=BODIES, text=BODIES, first_name=LINES)
def test_every_line_of_a_body_is_short_ascii_and_ends_in_crlf(
    html: str, text: str, first_name: str
):
    """Requirements 1, 5: <= 76 octets; no bare CR or LF; nothing SMTP or a mailbox would mangle."""
    content = EditionContent(subject="News", html=html, text=text)

    raw = written(content, with_fields(first_name=first_name))

    assert raw.isascii()
    assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")
    for line in raw.partition(b"\r\n\r\n")[2].split(b"\r\n"):
        assert len(line) <= 76
        assert not line.startswith((b".", b"From "))
        assert not line.endswith((b" ", b"\t"))


def test_the_text_part_stands_first_and_there_are_two():
    """Requirement 5: the last part is the one that mail clients prefer."""
    message = parsed(written())

    assert message.get_content_type() == "multipart/alternative"
    parts = [part.get_content_type() for part in message.iter_parts()]
    assert parts == ["text/plain", "text/html"]


def test_a_name_can_neither_break_the_html_nor_become_html_in_the_text():
    copy = with_fields(first_name='O\'Brien & <b>"x"', organisation="Ysgol Tŷ-du")

    message = parsed(written(copy=copy))

    assert "Dear O&#x27;Brien &amp; &lt;b&gt;&quot;x&quot; of Ysgol Tŷ-du<" in body(message, "html")
    assert 'Dear O\'Brien & <b>"x" of Ysgol Tŷ-du\n' in body(message, "plain")


def test_template_syntax_in_values_and_content_stays_literal():
    """Requirement 58."""
    probe = "{{7*7}} ${7*7} {%x%} %(x)s %s {0} |attr"
    content = EditionContent(
        subject=f"{probe} {Field.FIRST_NAME.token}",
        html=f"{escape(probe)} {Field.FIRST_NAME.token}",
        text=f"{probe} {Field.FIRST_NAME.token}",
    )

    message = parsed(written(content, with_fields(first_name=probe)))

    assert message["Subject"] == f"{probe} {probe}"
    assert body(message, "plain") == f"{probe} {probe}"
    assert body(message, "html") == f"{escape(probe)} {escape(probe)}"


def test_a_link_with_an_ampersand_is_escaped_in_html_and_raw_in_text():
    copy = with_fields(unsubscribe_url="https://b.example/u?a=1&b=" + "y" * 90)

    message = parsed(written(copy=copy))

    assert 'href="https://b.example/u?a=1&amp;b=yyy' in body(message, "html")
    assert "Unsubscribe: https://b.example/u?a=1&b=yyy" in body(message, "plain")


def test_a_copy_without_a_value_for_a_field_is_refused():
    fields = {field: "x" for field in Field if field is not Field.ORGANISATION}

    with pytest.raises(InvalidInput, match="Delivery 7 has no value for 'organisation'"):
        written(copy=replace(COPY, fields=fields))


@pytest.mark.parametrize("bad", ["\x00", "\ud800"])
@pytest.mark.parametrize("part", ["html", "text"])
def test_an_edition_that_cannot_be_mail_is_refused(bad: str, part: str):
    with pytest.raises(InvalidInput, match="NUL or half a character"):
        written(replace(CONTENT, **{part: f"a{bad}b"}))


def test_one_skeleton_gives_every_reader_their_own_copy():
    fill = Skeleton(CONTENT, SENDER, static_headers(issue_id=1, sender=SENDER)).dated(NOW)
    readers = [with_fields(first_name=f"N{n}", delivery_id=n) for n in range(50)]

    texts = [body(parsed(fill(reader)), "plain") for reader in [*readers, *readers]]

    assert texts == [filled(CONTENT.text, reader, html=False) for reader in [*readers, *readers]]
