"""Terms come in from what councils publish: all of a list, or none of it and why."""

from __future__ import annotations

from datetime import date

import pytest
from desks import Desk

from bulletin.errors import InvalidInput, NotFound
from bulletin.models.items import Nation
from bulletin.pipeline.calendar.keeping_terms import KeepingTerms
from bulletin.pipeline.calendar.term_files import read_terms

TABLE = """Nation,Local authority,Term,Start,End
England,,Autumn term 2026,2 September 2026,23/10/2026
Scotland,Fife,Winter term,2026-10-19,"Fri 4 December 2026"
UK,,Shared,2027-01-06,2027-01-29
"""
CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
SUMMARY:Spring term\\, first\r
  half\r
DTSTART;VALUE=DATE:20270105\r
DTEND;VALUE=DATE:20270213\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_table_is_read_whatever_stands_between_its_columns(between: str) -> None:
    read = read_terms("\ufeff" + TABLE.replace('"', "").replace(",", between), None, "")
    assert read.troubles == ()
    assert [(term.nation.value, term.first, term.last) for term in read.terms[:2]] == [
        ("England", date(2026, 9, 2), date(2026, 10, 23)),
        ("Scotland", date(2026, 10, 19), date(2026, 12, 4)),
    ]
    assert len(read.terms) == 6


def test_a_calendar_file_is_read_and_its_last_day_is_the_day_before_its_end() -> None:
    (term,) = read_terms(CALENDAR, Nation.ENGLAND, "Kent").terms
    assert (term.name, term.place) == ("Spring term, first half", "Kent, England")
    assert (term.first, term.last) == (date(2027, 1, 5), date(2027, 2, 12))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("France,,Autumn,2026-09-01,2026-10-01", "for which nation"),
        ("England,,,2026-09-01,2026-10-01", "no name"),
        ("England,,October half term,2026-10-26,2026-10-30", "looks like a holiday"),
        ("England,,Autumn,soon,2026-10-01", "'soon' is no date"),
        ("England,,Autumn,2026-09-01,", "no last day"),
        ("England,,Autumn,2026-10-01,2026-09-01", "comes before its first"),
        ("England,,Autumn,2026-09-01,2027-09-01", "longer than half a year"),
        ("England,,Autumn,1926-09-01,1926-10-01", "2000 to 2100"),
        ("England,,Autumn,2026-09-20,2026-11-01", "overlaps Autumn term 2026"),
        ("England,,Aut\x07umn,2026-11-01,2026-12-01", "200 letters"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_nothing_is_kept(
    quick_desk: Desk, row: str, said: str
) -> None:
    keeping = KeepingTerms(quick_desk.store)
    read = keeping.bring_in(f"{TABLE}{row}\n", None, "", "test", replacing=False)
    assert [(trouble.row, said in trouble.reason) for trouble in read.troubles] == [(5, True)]
    assert (read.terms, keeping.listed()) == ((), [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  ", "Paste a table"),
        ("hello", "has to name the columns"),
        ("nation,term,start,end\n", "no term in it"),
        (CALENDAR, "Choose the nation"),
        ("term,start,end\n" + "x,y,z\n" * 1_001, "more than 1,000 rows"),
        ('term,start,end\n"' + "x" * 200_000, "cannot be read"),
    ],
)
def test_a_text_that_is_no_list_of_terms_is_said(text: str, said: str) -> None:
    nation = None if text.startswith(("BEGIN", "nation", "hello")) else Nation.ENGLAND
    with pytest.raises(InvalidInput, match=said):
        read_terms(text, nation, "")


def test_terms_are_added_replaced_and_removed_and_never_overlap(desk: Desk) -> None:
    keeping = KeepingTerms(desk.store)
    row = {"nation": "England", "name": "Autumn", "first": "2026-09-02", "last": "2026-10-23"}
    keeping.add(row, "test")
    with pytest.raises(InvalidInput, match="overlaps Autumn of England"):
        keeping.add(row | {"name": "Again"}, "test")
    keeping.add(row | {"name": "Kent", "authority": "Kent"}, "test")
    new = "nation,term,start,end\nEngland,Autumn new,2026-09-03,2026-10-20"
    with pytest.raises(InvalidInput, match="overlaps"):
        keeping.bring_in(new, None, "", "test", replacing=False)
    keeping.bring_in(new, None, "", "test", replacing=True)
    assert [(term.name, term.place) for term in keeping.listed()] == [
        ("Autumn new", "England"),
        ("Kent", "Kent, England"),
    ]
    number = keeping.listed()[0].id
    assert keeping.remove(number, "test").name == "Autumn new"
    with pytest.raises(NotFound):
        keeping.remove(number, "test")
