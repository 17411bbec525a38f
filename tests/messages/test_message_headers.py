"""Every header of a copy: there once, safe, short enough, and about one person only."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from email.header import decode_header
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from letters import (
    CONTENT,
    COPY,
    LINES,
    NOW,
    SENDER,
    header_block,
    mailbox_of,
    parsed,
    raw_headers,
    with_fields,
    written,
)

from bulletin.errors import InvalidInput
from bulletin.messages import Skeleton, static_headers
from bulletin.models.editions import Field

ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[qbQB]\?[^?\s]*\?=")

# What people have tried in order to add a header, a recipient or a second message (63).
INJECTIONS = [
    "Alys\r\nBcc: everybody@school.example",
    "Alys\nBcc: everybody@school.example",
    "Alys\rBcc: everybody@school.example",
    "Alys\r\n\r\n<p>another body",
    "Alys\r\n.\r\nMAIL FROM:<x@evil.example>",
    "Alys\n.\n",
    "Alys\x00",
    "Alys\x0b",
    "Alys\x85Bcc: everybody@school.example",
    "Alys\u2028Bcc: everybody@school.example",
    "Alys\ud800",
]


def test_a_plain_copy_has_exactly_these_headers():
    """Requirements 1, 2, 5, 6, 13, 22."""
    headers = raw_headers(written())

    assert dict(headers) == {
        "Date": "Tue, 01 Dec 2026 07:30:00 +0000",
        "From": '"Oakshire Safeguarding Partnership" <bulletin@school.example>',
        "Reply-To": "safeguarding@school.example",
        "Subject": "Safeguarding Bulletin, December",
        "List-Id": '"Oakshire Safeguarding Partnership" <bulletin.school.example>',
        "Feedback-ID": dict(headers)["Feedback-ID"],
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/alternative; boundary="=_bulletin"',
        "To": '"Alys Jones" <dsl@school.example>',
        "Message-ID": "<7-abcdefgh@school.example>",
        "List-Unsubscribe": "<https://bulletin.school.example/u/7-abcdefgh>",
    }


@given(subject=LINES, name=LINES, sender_name=LINES)
def test_whatever_the_names_and_the_subject_each_header_stands_there_once(
    subject: str, name: str, sender_name: str
):
    """Requirements 2, 6, 13."""
    raw = written(
        replace(CONTENT, subject=subject),
        replace(COPY, name=name),
        replace(SENDER, name=sender_name),
    )

    counts = Counter(header.lower() for header, _ in raw_headers(raw))
    assert set(counts.values()) == {1}
    assert len(counts) == 12


@given(subject=LINES, name=LINES, sender_name=LINES)
def test_subjects_and_names_arrive_as_they_were_typed(subject: str, name: str, sender_name: str):
    """Requirement 4, fuzzed with Welsh, Gaelic, emoji, long words and punctuation."""
    raw = written(
        replace(CONTENT, subject=subject),
        replace(COPY, name=name),
        replace(SENDER, name=sender_name),
    )

    headers = dict(raw_headers(raw))
    assert parsed(raw)["Subject"] == subject
    assert mailbox_of(headers["To"]) == (name, "dsl@school.example")
    assert mailbox_of(headers["From"]) == (sender_name, "bulletin@school.example")


@given(name=LINES)
def test_no_name_adds_a_second_mailbox(name: str):
    """Requirement 44: the library's own parser of addresses finds ours and no other."""
    message = parsed(written(copy=replace(COPY, name=name)))

    assert [mailbox.addr_spec for mailbox in message["To"].addresses] == ["dsl@school.example"]


@given(subject=LINES, name=LINES, sender_name=LINES)
def test_header_lines_are_short_and_encoded_words_whole(subject: str, name: str, sender_name: str):
    """Requirements 1, 4: encoded words <= 75, in lines <= 76, of whole characters, unquoted."""
    raw = written(
        replace(CONTENT, subject=subject),
        replace(COPY, name=name),
        replace(SENDER, name=sender_name),
    )

    for line in header_block(raw).decode("ascii").split("\r\n"):
        words = ENCODED_WORD.findall(line)
        assert line.strip()
        assert len(line) <= (76 if words else 78)
        for word in words:
            assert len(word) <= 75
            [(octets, charset)] = decode_header(word)
            octets.decode(charset)  # raises if a character is split
    values = "\n".join(value for _, value in raw_headers(raw))
    for quoted in re.findall(r'(?m)^"(?:[^"\\]|\\.)*"', values):
        assert not ENCODED_WORD.search(quoted)


@pytest.mark.parametrize("bad", INJECTIONS)
@pytest.mark.parametrize("field", ["name", "first_name", "organisation", "role", "unsubscribe_url"])
def test_a_personal_text_of_more_than_one_line_is_refused_never_stripped(bad: str, field: str):
    """Requirements 1, 63."""
    with pytest.raises(InvalidInput, match="write it on one line"):
        written(copy=with_fields(**{field: bad}))


@pytest.mark.parametrize("bad", INJECTIONS)
def test_a_subject_or_sender_of_more_than_one_line_is_refused(bad: str):
    """Requirements 1, 63."""
    with pytest.raises(InvalidInput):
        written(replace(CONTENT, subject=bad))
    with pytest.raises(InvalidInput):
        written(sender=replace(SENDER, name=bad))
    with pytest.raises(InvalidInput):
        Skeleton(CONTENT, SENDER, [("X-Note", bad)])


@pytest.mark.parametrize(
    "address",
    [
        "a@x.example>b@y.example",
        "a@x.example,b@y.example",
        "a@x.example b@y.example",
        "a@x.example\r\nRCPT TO:<b@y.example>",
        "<a@x.example>",
        "Alys <a@x.example>",
        '"a b"@x.example',
        "a@[127.0.0.1]",
        "a@x..example",
        "a@-x.example",
        ".a@x.example",
        "a@",
        "@x.example",
        "a",
        "",
        "a" * 65 + "@x.example",
        "a@" + "x" * 64 + ".example",
        "a@" + ".".join(["x" * 60] * 5),
        "a@x.example\u2024b",
        "a\x00@x.example",
    ],
)
def test_an_address_that_is_not_one_bare_address_is_refused(address: str):
    """Requirements 44, 63."""
    with pytest.raises(InvalidInput):
        written(copy=replace(COPY, address=address))


def test_letters_beyond_ascii_before_the_at_sign_are_refused_with_the_reason():
    """Requirement 20."""
    with pytest.raises(InvalidInput, match="beyond ASCII before the @"):
        written(copy=replace(COPY, address="siân@school.example"))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("dsl@ysgol-tŷ.cymru.example", "dsl@xn--ysgol-t-xvb.cymru.example"),
        ("dsl@faß.example", "dsl@xn--fa-hia.example"),
    ],
)
def test_a_domain_of_other_letters_goes_out_as_its_a_label(address: str, expected: str):
    """Requirement 20, by IDNA 2008: the sharp s is a letter of its own."""
    assert (
        dict(raw_headers(written(copy=replace(COPY, address=address, name=""))))["To"] == expected
    )


@given(number=st.integers(0, 10**9), name=LINES)
def test_only_the_recipients_own_address_is_in_a_copy(number: int, name: str):
    """Requirement 44: one address in To, and nowhere else."""
    address = f"reader{number}@only-here.example"

    raw = written(copy=replace(COPY, address=address, name=name.replace("only-here", "")))

    message = parsed(raw)
    assert [mailbox.addr_spec for mailbox in message["To"].addresses] == [address]
    assert raw.count(address.encode()) == 1
    assert "Cc" not in message
    assert "Bcc" not in message


def test_a_long_unsubscribe_link_stays_on_one_line_and_is_never_an_encoded_word():
    """Requirement 6; the standard library breaks it (cpython #85725)."""
    link = "https://bulletin.school.example/u/" + "a-1_" * 200

    raw = written(copy=replace(COPY, list_unsubscribe=link))

    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in raw
    assert max(map(len, header_block(raw).split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "link",
    [
        "http://bulletin.school.example/u/1",
        "mailto:leave@school.example",
        "https://a.example/u/1>, <https://b.example/u/2",
        "https://a.example/u/ 1",
        "https://a.example/û",
        "http://localhost.evil.example/u/1",
        "https://a.example/" + "x" * 1000,
        "",
    ],
)
def test_anything_but_one_https_address_to_unsubscribe_is_refused(link: str):
    """Requirement 6."""
    with pytest.raises(InvalidInput, match="One-click unsubscribe needs HTTPS"):
        written(copy=replace(COPY, list_unsubscribe=link))


def test_what_belongs_to_no_list_has_neither_header_of_one_click():
    """RFC 8058 section 3.1: both, or none."""
    headers = [
        name.lower() for name, _ in raw_headers(written(copy=replace(COPY, list_unsubscribe=None)))
    ]

    assert not {"list-unsubscribe", "list-unsubscribe-post"} & set(headers)
    with_link = [name.lower() for name, _ in raw_headers(written())]
    assert [with_link.count(name) for name in ("list-unsubscribe", "list-unsubscribe-post")] == [
        1,
        1,
    ]


def test_a_trial_on_ones_own_machine_needs_no_https():
    link = "http://127.0.0.1:8025/u/7-abcdefgh"

    raw = written(copy=replace(COPY, list_unsubscribe=link))

    assert parsed(raw)["List-Unsubscribe"] == f"<{link}>"


@pytest.mark.parametrize(
    "bad", ["7@school.example", "<7>", "<7@a> <8@b>", "<7@a\r\nBcc: x@y>", "<é@a>"]
)
def test_a_broken_message_id_is_refused(bad: str):
    """Requirement 3."""
    with pytest.raises(InvalidInput, match="Message-ID"):
        written(copy=replace(COPY, message_id=bad))


@pytest.mark.parametrize("name", ["From", "bcc", "List-Unsubscribe", "CONTENT-TYPE", "date"])
def test_a_header_that_messages_write_themselves_cannot_be_given(name: str):
    """Requirement 2."""
    with pytest.raises(InvalidInput, match="only one"):
        Skeleton(CONTENT, SENDER, [(name, "x")])


@pytest.mark.parametrize(
    "headers", [[("X-A", "1"), ("x-a", "2")], [("X A", "1")], [("X:A", "1")], [("X-A", "é")]]
)
def test_a_header_twice_or_with_a_broken_name_is_refused(headers: list[tuple[str, str]]):
    with pytest.raises(InvalidInput):
        Skeleton(CONTENT, SENDER, headers)


@given(name=LINES, issue_id=st.integers(1, 10**9))
def test_the_list_id_is_one_stable_line_of_255_octets_at_most(name: str, issue_id: int):
    """Requirement 13."""
    value = dict(static_headers(issue_id=issue_id, sender=replace(SENDER, name=name)))["List-Id"]

    assert value.isascii()
    assert value.isprintable()
    assert len(value) <= 255
    assert value.endswith("<bulletin.school.example>")


def test_the_feedback_id_names_issue_and_list_and_a_sender_that_stays_the_same():
    """Requirement 22: four parts, the last of 5 to 15 characters, nothing unique to a message."""
    first = dict(static_headers(issue_id=1, sender=SENDER))["Feedback-ID"].split(":")
    later = dict(static_headers(issue_id=2, sender=replace(SENDER, name="New")))["Feedback-ID"]
    other = dict(static_headers(issue_id=1, sender=replace(SENDER, list_id="b.example")))

    assert first[:3] == ["issue1", "bulletin", "bulletin.school.example"]
    assert re.fullmatch("[a-z0-9]{5,15}", first[3])
    assert later.split(":")[3] == first[3]
    assert other["Feedback-ID"].split(":")[3] != first[3]


@pytest.mark.parametrize("list_id", ["", "a b", "a>b", "a:b", "x" * 254, "bülletin.example"])
def test_a_broken_list_id_is_refused(list_id: str):
    with pytest.raises(InvalidInput, match="list id"):
        static_headers(issue_id=1, sender=replace(SENDER, list_id=list_id))


def test_the_date_is_the_moment_of_sending_with_its_zone():
    assert parsedate_to_datetime(parsed(written())["Date"]) == NOW


def test_a_date_without_a_zone_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="time zone"):
        Skeleton(CONTENT, SENDER, ()).dated(NOW.replace(tzinfo=None))


@given(first_name=LINES, organisation=LINES)
def test_fields_in_the_subject_are_filled_in_as_they_are(first_name: str, organisation: str):
    subject = f"{Field.FIRST_NAME.token}: news for {Field.ORGANISATION.token}"
    copy = with_fields(first_name=first_name, organisation=organisation)

    message = parsed(written(replace(CONTENT, subject=subject), copy))

    assert message["Subject"] == f"{first_name}: news for {organisation}"


def test_a_name_that_looks_like_another_field_is_left_alone():
    subject = f"{Field.FIRST_NAME.token} {Field.ROLE.token}"
    copy = with_fields(first_name=Field.ROLE.token, role="governor")

    message = parsed(written(replace(CONTENT, subject=subject), copy))

    assert message["Subject"] == f"{Field.ROLE.token} governor"


def test_a_bulletin_does_not_call_itself_an_automatic_answer():
    """Requirement 19 is for confirmations."""
    assert "Auto-Submitted" not in parsed(written())
