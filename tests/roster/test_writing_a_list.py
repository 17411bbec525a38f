"""An exported list is safe in a spreadsheet and comes back the same (requirement 62)."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.models.items import Nation
from bulletin.models.people import Subscriber, SubscriberDraft, SubscriberKind
from bulletin.models.roles import DEFAULT_ROLES
from bulletin.roster import FIELDS, read_roster, write_roster

ROLE_KEYS = [role.key for role in DEFAULT_ROLES]
FORMULA_SIGNS = "=+-@\t\r＝＋－＠"


def subscriber(email: str = "dsl@school.example", name: str = "", **more: object) -> Subscriber:
    values = {
        "id": 1, "email": email, "name": name, "roles": frozenset({"dsl"}),
        "organisation": "", "urn": "", "nation": None, "phase": "", "local_authority": "",
        "kind": None, "consent_basis": "", "consent_date": None,
        "created_at": datetime(2026, 9, 1, tzinfo=UTC),
    } | more  # fmt: skip
    return Subscriber(**values)  # type: ignore[arg-type]  # a test's own shorthand


def written(*people: Subscriber) -> str:
    out = io.StringIO(newline="")
    assert write_roster(people, out) == len(people)
    return out.getvalue()


plain = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=30)
awkward = st.builds("{}{}".format, st.text(alphabet="'=+-@＝", max_size=4), plain)
people = st.builds(
    subscriber,
    email=st.from_regex(r"[=+'a-z-]{1,9}@[a-z]{1,9}\.example", fullmatch=True),
    name=awkward,
    roles=st.frozensets(st.sampled_from(ROLE_KEYS), min_size=1),
    organisation=awkward,
    urn=st.just("") | st.from_regex(r"[0-9]{6}", fullmatch=True),
    nation=st.none() | st.sampled_from(Nation),
    phase=awkward,
    local_authority=awkward,
    kind=st.none() | st.sampled_from(SubscriberKind),
    consent_basis=awkward,
    consent_date=st.none() | st.dates(date(2018, 5, 25), date(2030, 1, 1)),
)


@given(people)
def test_an_exported_person_comes_back_the_same(person: Subscriber) -> None:
    (back,) = read_roster(io.StringIO(written(person), newline=""), roles=DEFAULT_ROLES)
    assert isinstance(back, SubscriberDraft), back
    expected = {name: getattr(person, name) for name in FIELDS}
    for name in ("name", "organisation", "phase", "local_authority", "consent_basis"):
        expected[name] = normal(expected[name])
    assert {name: getattr(back, name) for name in FIELDS} | {"roles": frozenset(back.roles)} == (
        expected
    )


def normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@given(st.lists(people, max_size=3))
def test_no_exported_cell_starts_like_a_formula(several: list[Subscriber]) -> None:
    for row in csv.reader(io.StringIO(written(*several), newline="")):
        assert not any(cell.startswith(tuple(FORMULA_SIGNS)) for cell in row)


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_every_sign_that_starts_a_formula_is_disarmed(sign: str) -> None:
    row = list(csv.reader(io.StringIO(written(subscriber(name=f"{sign}cmd")), newline="")))[1]
    assert row[1] == f"'{sign}cmd"


def test_the_headings_come_first_even_if_nobody_is_on_the_list() -> None:
    assert written() == ",".join(FIELDS) + "\r\n"
