"""Who may be written to, and how we address them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.audience import first_name, role_phrase
from bulletin.models.people import Role
from bulletin.models.roles import DEFAULT_ROLES

BY_KEY = {role.key: role for role in DEFAULT_ROLES}


@pytest.mark.parametrize(
    ("full", "first"),
    [
        ("Siân Morgan", "Siân"),
        ("Dr Siân Morgan", "Siân"),
        ("Prof. Dr. Ada Example", "Ada"),
        ("MORGAN, Sian", "Sian"),
        ("MORGAN, Dr Sian", "Sian"),
        ("van der Example, Jan", "Jan"),
        ("SIAN MORGAN", "Sian"),
        ("sian morgan", "Sian"),
        ("ANNE-MARIE O'EXAMPLE", "Anne-Marie"),
        ("Siân Morgan, PhD, FRSA", "Siân"),
        ("Si\N{COMBINING CIRCUMFLEX ACCENT}an", "S\N{LATIN SMALL LETTER I WITH CIRCUMFLEX}an"),
        ("अनिता Example", "अनिता"),
        ("Jo Example", "Jo"),
        ("Mary Jane Example", "Mary"),
        ("  Siân   Morgan  ", "Siân"),
    ],
)
def test_a_reader_is_greeted_by_the_first_name(full: str, first: str) -> None:
    assert first_name(full) == first


@pytest.mark.parametrize(
    "full",
    [
        "",
        "   ",
        ",",
        "Morgan,",
        "Mrs Morgan",
        "Dr",
        "J. Morgan",
        "J Morgan",
        "JP Morgan",
        "School Office",
        "The Headteacher",
        "Example Primary School",
        "Safeguarding",
        "Sian & Tom Morgan",
        "Sian and Tom Morgan",
        "Sian/Tom Morgan",
        "Mr. and Mrs. Example",
        "Sian Morgan, Headteacher",
        "Sian Morgan, Exampleton",
        "office@school.example",
        "R2D2 Example",
        "<b>Sian</b> Morgan",
        "{{first_name}}",
        "a" * 500,
    ],
)
def test_nobody_is_greeted_by_a_guess(full: str) -> None:
    assert first_name(full) == ""


@given(st.text(max_size=60))
def test_a_greeting_is_one_word_of_the_name_and_harmless(full: str) -> None:
    name = first_name(full)
    assert all(char in "-'’" or unicodedata.category(char)[0] in "LM" for char in name)
    assert len(name) <= 40


def phrase(*keys: str) -> str:
    return role_phrase([BY_KEY[key] for key in keys])


def test_roles_read_as_a_phrase_in_the_order_given() -> None:
    assert phrase() == "a reader"
    assert phrase("dsl") == "a designated safeguarding lead"
    assert phrase("dsl", "governor") == "a designated safeguarding lead and a governor"
    assert phrase("governor", "headteacher", "trustee") == "a governor, a headteacher and a trustee"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("online safety lead", "an online safety lead"),
        ("early years lead", "an early years lead"),
        ("headteacher", "a headteacher"),
        ("honorary governor", "an honorary governor"),
        ("union representative", "a union representative"),
        ("uninvited guest", "an uninvited guest"),
        ("one-to-one tutor", "a one-to-one tutor"),
        ("HR officer", "an HR officer"),
        ("NHS liaison", "an NHS liaison"),
        ("PSHE lead", "a PSHE lead"),
        ("SENCO", "a SENCO"),
        ("ELSA", "an ELSA"),
    ],
)
def test_roles_that_an_admin_adds_get_the_right_article(name: str, expected: str) -> None:
    assert role_phrase([Role("custom", name, name)]) == expected


def test_the_roles_to_start_with_can_be_told_apart() -> None:
    """Requirement 57: every key once, and no spelling that means two roles."""
    assert len(BY_KEY) == len(DEFAULT_ROLES) == 14
    spellings = [
        word.casefold()
        for role in DEFAULT_ROLES
        for word in {role.key, role.name, role.short.casefold(), *role.aliases}
    ]
    assert len(spellings) == len(set(spellings))
