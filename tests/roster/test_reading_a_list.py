"""A list of subscribers comes in row by row, and every bad cell is named."""

from __future__ import annotations

import gc
import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import InvalidInput
from bulletin.models.items import Nation
from bulletin.models.people import Rejection, Role, SubscriberDraft, SubscriberKind
from bulletin.models.roles import DEFAULT_ROLES
from bulletin.roster import FIELDS, open_roster, read_roster

HEADINGS = (
    "email,name,roles,organisation,urn,nation,phase,local_authority,kind,consent_basis,consent_date"
)
Row = SubscriberDraft | Rejection


def read(text: str, mapping: Mapping[str, str] | None = None) -> list[Row]:
    lines = io.StringIO(text, newline="")
    return list(read_roster(lines, roles=DEFAULT_ROLES, mapping=mapping))


def one(text: str) -> Row:
    (row,) = read(text)
    return row


def rejected(text: str) -> Rejection:
    row = one(text)
    assert isinstance(row, Rejection), row
    return row


def draft(text: str) -> SubscriberDraft:
    row = one(text)
    assert isinstance(row, SubscriberDraft), row
    return row


def test_the_headings_are_those_of_the_contract() -> None:
    assert ",".join(FIELDS) == HEADINGS


def test_a_full_row_gives_every_field() -> None:
    row = draft(
        f"{HEADINGS}\nDSL@School.Example,Siân Morgan,dsl;governor,Example School,100001,Wales,"
        "primary,Exampleshire,individual,asked on our form,2026-09-01\n"
    )
    assert row == SubscriberDraft(
        email="dsl@school.example",
        roles=("dsl", "governor"),
        name="Siân Morgan",
        organisation="Example School",
        urn="100001",
        nation=Nation.WALES,
        phase="primary",
        local_authority="Exampleshire",
        kind=SubscriberKind.INDIVIDUAL,
        consent_basis="asked on our form",
        consent_date=date(2026, 9, 1),
    )


def test_only_an_address_and_roles_are_needed() -> None:
    row = draft("email,roles\ndsl@school.example,dsl\n")
    assert row == SubscriberDraft("dsl@school.example", ("dsl",))


@pytest.mark.parametrize(
    "headings",
    [
        "E-mail address,Role(s)",
        "EMAIL,Roles",
        " Email-Address , ROLE ",
        "Work email,Job title",
        '"email","roles"',
        "\ufeffemail,roles",
    ],
)
def test_headings_are_recognised_by_other_names(headings: str) -> None:
    assert draft(f"{headings}\ndsl@school.example,dsl\n").roles == ("dsl",)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_delimiter_is_found_from_the_headings(mark: str) -> None:
    row = draft(f"email{mark}name{mark}roles\ndsl@school.example{mark}Siân{mark}dsl\n")
    assert (row.name, row.roles) == ("Siân", ("dsl",))


def test_excels_own_delimiter_line_is_no_heading() -> None:
    assert draft("sep=;\nemail;roles\ndsl@school.example;dsl\n").roles == ("dsl",)


def test_columns_we_do_not_know_are_left_alone() -> None:
    row = draft("Shoe size,email,Notes,roles\n7,dsl@school.example,\x07bell,dsl\n")
    assert row == SubscriberDraft("dsl@school.example", ("dsl",))


def test_a_column_can_be_mapped_to_a_field() -> None:
    (row,) = read("Adresse,Amt\ndsl@school.example,dsl\n", {"Adresse": "email", "amt": "Roles"})
    assert isinstance(row, SubscriberDraft)


def test_a_mapping_wins_over_a_heading_we_recognise() -> None:
    (row,) = read(
        "email,Private email,roles\nwork@school.example,home@reader.example,dsl\n",
        {"Private email": "email"},
    )
    assert isinstance(row, SubscriberDraft)
    assert row.email == "home@reader.example"


@pytest.mark.parametrize(
    ("text", "mapping", "complaint"),
    [
        ("", {}, "The list is empty"),
        ("\n\n", {}, "The list is empty"),
        ("name,roles\n", {}, "No column for email"),
        ("a,b\n", {}, "No column for email and roles: the headings in row 1 are 'a', 'b'"),
        ("email,Role,Job title\n", {}, "'Role' and 'Job title' both look like roles"),
        ("email,roles\n", {"E": "name"}, "there is no column 'E'"),
        ("email,roles\n", {"rolls": "name"}, "did you mean 'roles'?"),
        ("email,roles\n", {"roles": "rolls"}, "there is no field 'rolls'; did you mean 'roles'?"),
        ("email,roles,x\n", {"roles": "name", "x": "name"}, "names two columns for name"),
    ],
)
def test_headings_that_cannot_be_used_are_refused_before_any_row(
    text: str, mapping: dict[str, str], complaint: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_roster(io.StringIO(text), roles=DEFAULT_ROLES, mapping=mapping)
    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    ("cell", "keys"),
    [
        ("dsl", ("dsl",)),
        ("D.S.L.", ("dsl",)),
        ("Designated Safeguarding Lead", ("dsl",)),
        ("Designated Safeguarding Lead (DSL)", ("dsl",)),
        ("DSL;Governor", ("dsl", "governor")),
        ("governor ; DSL ; dsl", ("dsl", "governor")),
        ("DSL / Headteacher", ("dsl", "headteacher")),
        ('"DSL, Headteacher"', ("dsl", "headteacher")),
        ("Head teacher and Deputy DSL", ("deputy_dsl", "headteacher")),
        ("DSL & SENCo", ("dsl", "senco")),
        ("Chair of Governors", ("chair",)),
        ("Governors", ("governor",)),
        ("Safeguarding Link Governor", ("safeguarding_governor",)),
        ("deputy_dsl", ("deputy_dsl",)),
        ("Virtual School Head", ("virtual_head",)),
        ("SENDCo", ("senco",)),
    ],
)
def test_roles_are_recognised_as_people_write_them(cell: str, keys: tuple[str, ...]) -> None:
    assert draft(f"email,roles\na@school.example,{cell}\n").roles == keys


def test_a_role_that_an_admin_added_is_recognised_even_with_and_in_its_name() -> None:
    added = (*DEFAULT_ROLES, Role("wellbeing", "head of safety and wellbeing", "Wellbeing"))
    lines = ["email,roles\n", "a@school.example,Head of Safety and Wellbeing\n"]
    (row,) = read_roster(lines, roles=added)
    assert isinstance(row, SubscriberDraft)
    assert row.roles == ("wellbeing",)


@pytest.mark.parametrize(
    ("written", "nation"),
    [("ENG", Nation.ENGLAND), ("cymru", Nation.WALES), ("N. Ireland", Nation.NORTHERN_IRELAND),
     ("northern  ireland", Nation.NORTHERN_IRELAND), ("Jersey", Nation.JERSEY), ("", None)],
)  # fmt: skip
def test_nations_are_recognised_by_name_and_code(written: str, nation: Nation | None) -> None:
    assert draft(f"email,roles,nation\na@school.example,dsl,{written}\n").nation is nation


@pytest.mark.parametrize("written", ["2026-09-01", "01/09/2026", "1/9/2026"])
def test_dates_are_read_the_british_way(written: str) -> None:
    row = draft(f"email,roles,consent_date\na@school.example,dsl,{written}\n")
    assert row.consent_date == date(2026, 9, 1)


@pytest.mark.parametrize(
    ("field", "cell", "reason"),
    [
        ("email", "", "an address is needed"),
        ("email", "dsl", "must have an @-sign"),
        ("email", "dsl@school", "should have a period"),
        ("email", "a@x.example; b@x.example", "one bare address per row"),
        ("email", "Siân <a@x.example>", "angle brackets"),
        ("email", "siân@school.example", "before the @-sign are not supported"),
        ("email", "a@school.local", "reserved name"),
        ("email", "a@x>b@y", "one bare address"),
        ("email", f"{'a' * 65}@school.example", "too long"),
        ("email", f"{'a' * 400}@school.example", "at most 254"),
        ("roles", "", "a role is needed, such as dsl"),
        ("roles", " ; ", "a role is needed, such as dsl"),
        ("roles", "Designated Safegarding Lead", "no such role; nearest is dsl"),
        ("roles", "Xylophone", "no such role; there are dsl, deputy_dsl"),
        ("nation", "Walles", "no such nation; there are England, Wales"),
        ("urn", "12345", "a URN is six digits"),
        ("urn", "１２３４５６", "a URN is six digits"),
        ("kind", "business", "must be corporate, individual or empty"),
        ("consent_date", "31/02/2026", "no such day"),
        ("consent_date", "09-01-2026", "write it as 2026-09-01"),
        ("consent_date", "٢٠٢٦-٠٩-٠١", "write it as 2026-09-01"),
        ("name", "a" * 201, "longer than 200 characters"),
        ("phase", "a" * 81, "longer than 80 characters"),
        ("name", '"Siân\r\nBcc: all@school.example"', "a line break in it"),
        ("name", "Siân\x00", "a control character in it"),
        ("organisation", "Ex\u202eample", "a control character in it"),
        ("name", "\ud800", "a control character in it"),
    ],
)
def test_a_bad_cell_is_named_by_row_field_value_and_reason(
    field: str, cell: str, reason: str
) -> None:
    good = {"email": "a@school.example", "roles": "dsl", field: cell}
    cells = ",".join(good.get(name, "") for name in FIELDS)
    row = rejected(f"{HEADINGS}\n\n{cells}\n")
    assert (row.row, row.field) == (3, field)
    assert reason in row.reason
    assert row.value.isprintable()
    assert len(row.value) <= 80


def test_in_a_cell_with_several_roles_the_unknown_one_is_named() -> None:
    row = rejected("email,roles\na@school.example,DSL; Caretakr\n")
    assert (row.field, row.value) == ("roles", "Caretakr")


def test_rows_are_numbered_by_the_line_they_start_on() -> None:
    text = 'email,name,roles\n\n"a@school.example","two\nlines",dsl\nb,,dsl\n , ,\nc,,dsl\n'
    rows = read(text)
    assert [row.row for row in rows if isinstance(row, Rejection)] == [3, 5, 7]


def test_blank_rows_are_left_out() -> None:
    assert len(read("email,roles\n\n , \n,,,\na@school.example,dsl\n\n")) == 1


def test_short_rows_are_read_and_cells_without_a_heading_are_not_guessed() -> None:
    assert draft("email,roles,name\na@school.example,dsl\n").name == ""
    assert draft("email,roles\na@school.example,dsl,,\n").roles == ("dsl",)
    row = rejected("email,roles\na@school.example,dsl,Smith\n")
    assert "more cells than headings" in row.reason


def test_the_same_row_again_is_left_out() -> None:
    rows = read("email,roles\na@school.example,dsl\nA@School.example , D.S.L.\n")
    assert len(rows) == 1


def test_the_same_address_with_other_details_is_rejected_with_the_earlier_row() -> None:
    _, second = read("email,roles\na@school.example,dsl\nA@school.example,governor\n")
    assert isinstance(second, Rejection)
    assert (second.row, second.field) == (3, "email")
    assert second.reason == "also in row 2, with other details"


def test_a_thousand_addresses_and_their_repetitions_are_told_apart() -> None:
    lines = [f"reader-{n}@school.example,dsl\n" for n in range(9_000)]
    rows = read("email,roles\n" + "".join(lines) + "".join(lines[::7]))
    assert len(rows) == 9_000
    again = read("email,roles\n" + "".join(lines) + "reader-42@school.example,governor\n")
    assert isinstance(again[-1], Rejection)
    assert "row 44," in again[-1].reason


def test_a_quotation_mark_left_open_over_a_huge_file_is_explained() -> None:
    text = 'email,roles\n"a@school.example,dsl\n' + "b@school.example,dsl\n" * 20_000
    with pytest.raises(InvalidInput, match=r"Row 2 .*quotation mark"):
        read(text)


def test_formulas_are_kept_as_text() -> None:
    """Requirement 62: what looks like a formula is somebody's name until a spreadsheet says so."""
    row = draft("email,roles,name\na@school.example,dsl,=1+1\n")
    assert row.name == "=1+1"


def test_an_address_beyond_ascii_is_kept_as_it_is_sent() -> None:
    """Requirement 20: IDN domains go out as A-labels."""
    row = draft("email,roles\nDSL@Schöol.example,dsl\n")
    assert row.email == "dsl@xn--schol-lua.example"


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp1252"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_file_reads_the_same_whatever_program_saved_it(encoding: str, ends: str) -> None:
    text = "email,name,roles\na@school.example,Siân O’Example – DSL,dsl\n".replace("\n", ends)
    lines = open_roster(io.BytesIO(text.encode(encoding)))
    (row,) = read_roster(lines, roles=DEFAULT_ROLES)
    assert isinstance(row, SubscriberDraft)
    assert row.name == "Siân O’Example – DSL"


def test_the_file_stays_its_owners_to_close(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("email,roles\na@school.example,dsl\n")
    with path.open("rb") as stream:
        assert len(list(read_roster(open_roster(stream), roles=DEFAULT_ROLES))) == 1
        gc.collect()
        assert not stream.closed


def test_rows_in_two_encodings_are_both_read() -> None:
    raw = "email,name,roles\na@school.example,Siân,dsl\n".encode() + (
        "b@school.example,Zoë,dsl\n".encode("cp1252")
    )
    rows = list(read_roster(open_roster(io.BytesIO(raw)), roles=DEFAULT_ROLES))
    assert [row.name for row in rows if isinstance(row, SubscriberDraft)] == ["Siân", "Zoë"]


def test_a_byte_that_means_nothing_rejects_its_row_alone() -> None:
    raw = b"email,name,roles\na@school.example,Si\x81n,dsl\nb@school.example,Ann,dsl\n"
    first, second = read_roster(open_roster(io.BytesIO(raw)), roles=DEFAULT_ROLES)
    assert isinstance(first, Rejection)
    assert isinstance(second, SubscriberDraft)


@pytest.mark.parametrize(
    ("raw", "advice"),
    [
        (b"PK\x03\x04" + bytes(60), "Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(60), "Excel workbook"),
        ("email,roles\n".encode("utf-16-le"), "no text file"),
        (b"\x7fELF\x00\x00", "no text file"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_advice(raw: bytes, advice: str) -> None:
    with pytest.raises(InvalidInput, match=advice):
        open_roster(io.BytesIO(raw))


@pytest.mark.parametrize("raw", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfee"])
def test_an_empty_or_broken_off_file_is_refused_not_raised(raw: bytes) -> None:
    with pytest.raises(InvalidInput):
        list(read_roster(open_roster(io.BytesIO(raw)), roles=DEFAULT_ROLES))


@given(st.binary(max_size=200) | st.text(alphabet='",;\r\n\tabc@.=', max_size=120).map(str.encode))
def test_whatever_follows_the_headings_gives_rows_or_a_sentence(tail: bytes) -> None:
    try:
        lines = open_roster(io.BytesIO(b"email,name,roles\n" + tail))
        rows = list(read_roster(lines, roles=DEFAULT_ROLES))
    except InvalidInput:
        return
    numbers = [row.row for row in rows if isinstance(row, Rejection)]
    assert numbers == sorted(set(numbers))
    assert all(number >= 2 for number in numbers)


def test_the_example_list_shows_what_a_list_can_hold() -> None:
    """Made-up people in every nation, one of whom must not be written to (requirement 34)."""
    example = Path(__file__).parents[2] / "subscribers.csv.example"
    assert example.read_text(encoding="utf-8").splitlines()[0] == HEADINGS
    rows = read(example.read_text(encoding="utf-8"))
    people = [row for row in rows if isinstance(row, SubscriberDraft)]
    assert len(people) == len(rows) == 10
    assert {person.nation for person in people} == {
        Nation.ENGLAND, Nation.WALES, Nation.SCOTLAND, Nation.NORTHERN_IRELAND,
    }  # fmt: skip
    assert any(len(person.roles) > 1 for person in people)
    assert all(person.email.endswith(".example") for person in people)
    asked = [person for person in people if person.kind is SubscriberKind.INDIVIDUAL]
    assert sorted(bool(person.consent_basis) for person in asked) == [False, True]
