"""Addresses: the fast way and the careful way agree."""

from __future__ import annotations

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import InvalidInput
from bulletin.roster import check_address

lookalikes = st.builds(
    "{}@{}.{}".format,
    st.text(alphabet="aZ9.-_+'!#|{}/=\" @>", min_size=1, max_size=70),
    st.text(alphabet="aZ9-.", min_size=1, max_size=70),
    st.sampled_from(["example", "sch.uk", "local", "test", "invalid", "c", "x1", "onion"]),
)


def careful(address: str) -> str | None:
    try:
        judged = validate_email(
            address.strip(), check_deliverability=False, test_environment=True,
            allow_smtputf8=False, strict=True,
        )  # fmt: skip
    except EmailNotValidError:
        return None
    return f"{judged.local_part}@{judged.ascii_domain}".lower()


@given(lookalikes | st.emails() | st.text(max_size=40))
def test_an_address_is_taken_exactly_when_email_validator_takes_it(address: str) -> None:
    try:
        checked: str | None = check_address(address)
    except InvalidInput:
        checked = None
    assert checked == careful(address)


@given(st.emails())
def test_checking_twice_changes_nothing(address: str) -> None:
    try:
        once = check_address(address)
    except InvalidInput:
        return
    assert check_address(once) == once


@pytest.mark.parametrize(
    "address",
    [
        "a@school.example\r\nBcc: b@school.example",
        "a@school.example\nb",
        "a\x00@school.example",
        "a@x>b@y",
        "<a@school.example>",
        "a@school.example,b@school.example",
        "a b@school.example",
        "a..b@school.example",
        ".a@school.example",
        "a.@school.example",
        "a@-school.example",
        "a@school-.example",
        "a@[127.0.0.1]",
        '"a b"@school.example',
        "a@school.example.",
        "\N{KELVIN SIGN}@school.example",
        "@" * 100_000,
        "a." * 100_000 + "@school.example",
    ],
)
def test_nothing_that_could_split_a_header_or_an_envelope_passes(address: str) -> None:
    """Requirement 63."""
    with pytest.raises(InvalidInput):
        check_address(address)


def test_case_is_folded_so_that_one_person_is_one_row() -> None:
    assert check_address("  DSL.Lead+News@School.Example ") == "dsl.lead+news@school.example"
