"""A copy is one person's: nothing of anybody else's in it, and the same again on a retry."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from letters import CONTENT, COPY, NOW, SENDER, body, parsed, raw_headers, with_fields, written

from bulletin.composition import compose
from bulletin.errors import InvalidInput
from bulletin.messages import Skeleton, static_headers
from bulletin.models.deliveries import Copy
from bulletin.models.editions import EditionContent, Field, ReaderKind
from bulletin.models.issues import IssueContent, PlacedItem, Topic
from bulletin.rendering import Cutter, Renderer

EVERY_FIELD = EditionContent(
    subject=f"News for {Field.FULL_NAME.token}",
    html="".join(f"<p>{field.token}</p>\n" for field in Field),
    text="".join(f"{field.token}\n" for field in Field),
)


def reader(number: int) -> Copy:
    """Somebody whose every particular holds their number, and no other."""
    return Copy(
        delivery_id=number,
        address=f"reader{number}@school{number}.example",
        name=f"Reader {number}",
        message_id=f"<{number}-abc@school.example>",
        list_unsubscribe=f"https://bulletin.school.example/u/{number}-abc",
        fields={field: f"{field.value} {number}" for field in Field},
    )


def shown(raw: bytes) -> str:
    """All there is to see of a message: its headers and both parts, decoded."""
    message = parsed(raw)
    headers = "\n".join(f"{name}: {value}" for name, value in message.items())
    return "\n".join([headers, body(message, "plain"), body(message, "html")])


def test_threads_that_share_a_skeleton_never_mix_people() -> None:
    """Requirement 44: no address, name, link or field of another reader anywhere."""
    fill = Skeleton(EVERY_FIELD, SENDER, static_headers(issue_id=42, sender=SENDER)).dated(NOW)
    readers = [reader(1000 + number) for number in range(300)]
    with ThreadPoolExecutor(8) as pool:
        copies = list(pool.map(fill, readers))
    for each, raw in zip(readers, copies, strict=True):
        text = shown(raw)
        assert set(re.findall(r"\b1\d\d\d\b", text)) == {str(each.delivery_id)}
        assert set(re.findall(r"[\w.+-]+@[\w.-]+", text)) == {
            each.address,
            each.message_id.strip("<>"),
            SENDER.email,
            SENDER.reply_to,
        }


def test_the_same_delivery_an_hour_later_differs_in_its_date_alone() -> None:
    """Requirements 3 and 78: a retry is the same message, under the same Message-ID."""
    skeleton = Skeleton(CONTENT, SENDER, static_headers(issue_id=42, sender=SENDER))
    first, second = (
        skeleton.dated(moment)(COPY).split(b"\r\n") for moment in (NOW, NOW + timedelta(hours=1))
    )
    changed = [old for old, new in zip(first, second, strict=True) if old != new]
    assert [line.partition(b":")[0] for line in changed] == [b"Date"]


def test_the_shared_headers_hold_nothing_of_a_person() -> None:
    """Requirements 13 and 22: the same in two people's copies."""
    one, other = (dict(raw_headers(written(EVERY_FIELD, reader(n)))) for n in (1, 2))
    assert {name for name in one if one[name] != other[name]} == {
        "To",
        "Subject",
        "Message-ID",
        "List-Unsubscribe",
    }


@given(length=st.integers(1, 930))
def test_list_unsubscribe_is_one_plain_line_whatever_its_length(length: int) -> None:
    """Requirement 6; cpython #85725 makes an encoded word of it from some length on."""
    link = f"https://bulletin.school.example/u/{'a' * length}?x=1,2&y=%20"
    raw = written(copy=replace(COPY, list_unsubscribe=link))
    lines = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert [line for line in lines if line.lower().startswith(b"list-unsubscribe:")] == [
        f"List-Unsubscribe: <{link}>".encode()
    ]


@pytest.mark.parametrize("field", list(Field))
def test_each_field_that_an_edition_uses_has_to_have_a_value(field: Field) -> None:
    fields = {key: value for key, value in COPY.fields.items() if key is not field}
    with pytest.raises(InvalidInput, match=f"Delivery 7 has no value for '{field.value}'"):
        written(EVERY_FIELD, replace(COPY, fields=fields))


def test_a_field_that_stands_nowhere_needs_no_value() -> None:
    raw = written(EditionContent("S", html="<p>H</p>", text="T"), replace(COPY, fields={}))
    assert body(parsed(raw), "plain") == "T"


@pytest.mark.parametrize(
    "address", ["", "a", "a@x.example>b@y.example", "A <a@x.example>", "a@x.example\r\nBcc: b@y"]
)
@pytest.mark.parametrize("of", ["email", "reply_to"])
def test_a_sender_that_is_not_one_bare_address_is_refused(address: str, of: str) -> None:
    """Requirement 63."""
    with pytest.raises(InvalidInput):
        written(sender=replace(SENDER, **{of: address}))


ANYTHING = st.text(
    st.one_of(st.characters(), st.sampled_from('\r\n\0<>@,;:"\\.=?\u2028')), max_size=40
)


@given(name=ANYTHING, address=ANYTHING, subject=ANYTHING, value=ANYTHING)
def test_whatever_is_not_refused_has_one_recipient_and_no_header_more(
    name: str, address: str, subject: str, value: str
) -> None:
    """Requirements 2, 44 and 63, for any text at all in the four places people write to."""
    copy = with_fields(name=name, address=f"{address}@school.example", full_name=value)
    try:
        raw = written(replace(EVERY_FIELD, subject=subject + Field.FULL_NAME.token), copy)
    except InvalidInput:
        return
    message = parsed(raw)
    assert [to.addr_spec for to in message["To"].addresses] == [copy.address]
    names = [header for header, _ in raw_headers(raw)]
    assert sorted(names) == sorted(header for header, _ in raw_headers(written()))


def _sightings(text: str) -> list[int]:
    """How often each field's value is seen in an issue that an editor wrote this text into."""
    item = PlacedItem(id=1, title=text, body=f"{text}\n\n[{text}]({text})", source=text)
    issue = IssueContent(
        title="Bulletin",
        subject=text,
        intro=f"Dear {{{{first_name}}}}, {text}",
        topics=(Topic(key=1, title=text, items=(item,)),),
    )
    compiled = Cutter(Renderer().compile(issue, SENDER))
    content = compiled.cut(compose(issue, ReaderKind(frozenset({"dsl"}))).visible)
    values = {field: f"VALUE-OF-{field.value}" for field in Field}
    seen = shown(written(content, replace(COPY, fields=values)))
    return [seen.count(value) for value in values.values()]


@pytest.mark.parametrize("field", list(Field))
def test_a_token_in_an_editors_own_words_takes_nobodys_field(field: Field) -> None:
    """Otherwise a sentence in an item could show, or link to, each reader's own addresses."""
    honest = _sightings("A quiet month")
    assert honest[list(Field).index(Field.FIRST_NAME)] == 2
    by_markdown = field.token.replace("_", "\\_")
    for forged in (field.token, by_markdown, f"https://blt.invalid/{field.token}"):
        assert _sightings(forged) == honest
