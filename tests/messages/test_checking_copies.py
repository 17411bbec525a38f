"""A copy can be checked without being built, and the check is as strict as the building."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import InvalidInput
from bulletin.messages import Skeleton, static_headers
from bulletin.models.deliveries import Copy
from bulletin.models.editions import EditionContent, Field
from example_issue import SENDER

NOW = datetime(2026, 12, 1, 7, 30, tzinfo=UTC)
SKELETON = Skeleton(
    EditionContent(
        subject=f"For {Field.FIRST_NAME.token}",
        html=f"<p>{Field.ROLE.token} {Field.VIEW_URL.token}</p>",
        text=f"{Field.ORGANISATION.token}",
    ),
    SENDER,
    static_headers(issue_id=1, sender=SENDER),
)
COPY = Copy(
    delivery_id=7,
    address="dsl@school.example",
    name="Siân Example",
    message_id="<7-abc@school.example>",
    list_unsubscribe="https://bulletin.school.example/u/7-abc",
    fields={field: f"{field.value} 7" for field in Field},
)
TEXTS = st.text(max_size=20) | st.sampled_from(["x\r\nBcc: a@b.example", "\x00", "a@x>b@y", ""])


def refusal(act: object, copy: Copy) -> str:
    try:
        act(copy)  # type: ignore[operator]
    except InvalidInput as error:
        return str(error)
    return ""


def drawn(
    *, value: str, without: set[Field], name: str, address: str, message_id: str, link: str | None
) -> Copy:
    fields = {**COPY.fields, Field.FIRST_NAME: value, Field.ROLE: value}
    return replace(
        COPY,
        name=name,
        address=address,
        message_id=message_id,
        list_unsubscribe=link,
        fields={field: text for field, text in fields.items() if field not in without},
    )


COPIES = st.builds(
    drawn,
    value=TEXTS,
    without=st.sets(st.sampled_from(Field), max_size=2),
    name=TEXTS,
    address=TEXTS | st.emails(),
    message_id=st.just(COPY.message_id) | TEXTS,
    link=st.just(COPY.list_unsubscribe) | TEXTS | st.none(),
)


@given(copy=COPIES)
def test_whatever_a_copy_holds_both_refuse_it_or_neither_with_the_same_words(copy: Copy) -> None:
    """Requirements 1, 6, 63: a provider builds the message itself, of what was checked here."""
    assert refusal(SKELETON.own_headers, copy) == refusal(SKELETON.dated(NOW), copy)


def test_a_good_copy_passes() -> None:
    assert refusal(SKELETON.own_headers, COPY) == ""
