"""Personal fields: an allow-list, in three places, and nothing is ever run (requirement 58)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rendered import one, tree, whole

from bulletin.models.editions import MERGE_FIELDS, EditionContent, Field
from bulletin.models.issues import PlacedItem


def edition(text: str) -> EditionContent:
    issue = one(PlacedItem(id=1, title="T", body="B"))
    return whole(replace(issue, subject=text, intro=text, closing=text))


@pytest.mark.parametrize("field", sorted(MERGE_FIELDS))
@pytest.mark.parametrize("written", ["{{%s}}", "{{ %s }}", "{{%s }}", "{{\t%s}}"])
def test_a_merge_field_becomes_its_token_in_subject_intro_and_closing(
    field: Field, written: str
) -> None:
    found = edition(f"Dear {written % field.value}, hello")
    dear = f"Dear {field.token}, hello"
    assert found.subject == dear
    assert found.html.count(f">{dear}</p>") == 2
    assert found.text.count(f"{dear}\n") == 2


@pytest.mark.parametrize(
    "text",
    ["{{unsubscribe_url}}", "{{ email }}", "{{first_name|safe}}", "{{ first_name.upper() }}",
     "{first_name}", "{{ First_Name }}", "{{first name}}", "{{7*7}}", "{% if first_name %}"],
)  # fmt: skip
def test_anything_else_in_braces_stays_as_it_is(text: str) -> None:
    found = edition(text)
    assert found.subject == text
    assert tree(found.html).xpath(f"count(//p[. = '{text}'])") == 2
    assert found.text.count(text) == 2


def test_items_have_no_merge_fields() -> None:
    found = whole(one(PlacedItem(id=1, title="{{first_name}}", body="Dear {{first_name}}")))
    assert Field.FIRST_NAME.token not in found.html + found.text
    assert "Dear {{first_name}}" in found.html


def test_a_merge_field_in_an_address_would_give_the_reader_away_so_it_stays_literal() -> None:
    found = edition("[x](https://a.example/?n={{first_name}})")
    assert Field.FIRST_NAME.token not in found.html + found.text


def test_the_footer_says_why_it_came_and_how_to_stop_it() -> None:
    """Requirements 28 and 36: sender, postal address, opt-out, without signing in."""
    found = edition("")
    why = f"because you are {Field.ROLE.token} at {Field.ORGANISATION.token}."
    for content in (found.html, " ".join(found.text.split())):
        for said in (why, "Unsubscribe from this bulletin", Field.UNSUBSCRIBE_URL.token,
                     Field.PREFERENCES_URL.token, "Oakshire Safeguarding Partnership",
                     "County Hall, 1 Example Street, Oakshire OA1 1AA",
                     "safeguarding@school.example"):  # fmt: skip
            assert said in content


def test_the_word_joiner_in_a_broken_token_is_the_only_change() -> None:
    assert edition("BLT0role0BLT").subject == "BLT\u20600role0BLT"
