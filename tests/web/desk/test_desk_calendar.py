"""The calendar of the year, its rhythm, and terms: an editor says when issues go out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from at_desk import Desk
from outgoing import Clock, approved, enrol, with_clock

from bulletin.models.items import Nation
from bulletin.models.people import UserRole
from bulletin.wiring import Services

SECOND_TUESDAY = {
    "beat": "weekday", "nth": "2", "weekday": "1", "at": "07:30", "in_term": "1",
    "no_holidays": "1", "nations": "England", "otherwise": "next",
}  # fmt: skip
TERMS = """nation,local authority,term,first day,last day
England,,Autumn term,2026-11-02,2026-12-18
England,,Spring term,2027-01-05,2027-03-25
Scotland,,Winter term,2026-10-19,2026-12-04
Scotland,,Spring term,2027-01-06,2027-04-02
"""


@pytest.fixture
def clock(services: Services) -> Clock:
    return with_clock(services)


@pytest.fixture
def desk(clock: Clock, as_role: Callable[..., Desk]) -> Desk:
    return as_role()


def test_an_empty_calendar_says_what_to_do(desk: Desk) -> None:
    page = desk.get("/app/calendar").text
    assert "When do issues go out?" in page
    assert 'href="/app/calendar/rhythm"' in page
    assert page.count("<table") == 12
    assert "School year 2026 to 2027" in page
    assert "Christmas Day, bank holiday" in page
    assert "Easter Monday, bank holiday in England, Wales and Northern Ireland" in page


def test_a_rhythm_is_looked_at_kept_shown_and_taken_back(desk: Desk, services: Services) -> None:
    looked = desk.change("/app/calendar/rhythm/check", **SECOND_TUESDAY).text
    assert "Tue 8 December 2026, 7:30am, UK time" in looked
    assert services.calendars.rhythm() is None
    done = desk.change("/app/calendar/rhythm", **SECOND_TUESDAY)
    assert (done.status_code, done.headers["location"]) == (303, "/app/calendar")
    page = desk.get("/app/calendar").text
    assert "The second Tuesday of each month, 7:30am UK time, in term in England" in page
    for day in ("Tue 8 December 2026", "Tue 12 January 2027", "Tue 9 February 2027"):
        assert f"{day}, 7:30am, UK time" in page
    assert desk.change("/app/calendar/rhythm/remove").status_code == 303
    assert services.calendars.rhythm() is None
    undo = desk.get("/app/calendar").text
    assert 'name="nations" value="England"' in undo


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"at": "half past"}, "Give a time"),
        ({"beat": "weeks", "weeks": "2", "since": ""}, "Give the first day"),
        ({"beat": "weeks", "weeks": "x", "since": "2026-12-01"}, "number of weeks"),
        ({"beat": "day", "day": "40"}, "day of the month"),
        ({"weekday": "6"}, "closed at weekends"),
    ],
)
def test_a_rhythm_that_cannot_be_is_said_beside_its_field_and_kept(
    desk: Desk, services: Services, fields: dict[str, str], said: str
) -> None:
    refused = desk.change("/app/calendar/rhythm", **{**SECOND_TUESDAY, **fields})
    assert refused.status_code == 422
    assert "<title>Error: " in refused.text
    assert refused.text.count(said) == 2
    assert services.calendars.rhythm() is None


def test_a_date_without_an_issue_offers_to_start_it_and_then_has_it(
    desk: Desk, services: Services
) -> None:
    desk.change("/app/calendar/rhythm", **SECOND_TUESDAY)
    assert "Start the December issue" in desk.get("/app/calendar").text
    done = desk.change("/app/calendar/start", day="2026-12-08")
    number = done.headers["location"].removeprefix("/app/issues/").removesuffix("/compose")
    issue = services.drafting.issue(number)
    assert issue.dateline == "December 2026"
    page = desk.get("/app/calendar").text
    assert "Start the December issue" not in page
    assert "Start the January issue" in page
    again = desk.change("/app/calendar/start", day="2026-12-08")
    assert (again.status_code, "has its issue already" in again.text) == (409, True)
    assert desk.change("/app/calendar/start", day="2026-12-09").status_code == 409
    turn = services.calendars.suggestion(issue)
    assert turn is not None
    assert turn.day.isoformat() == "2026-12-08"


def test_the_rhythm_suggests_the_time_and_one_press_takes_it(
    desk: Desk, services: Services
) -> None:
    desk.change("/app/calendar/rhythm", **SECOND_TUESDAY)
    issue = approved(services)
    path = f"/app/issues/{issue.id}/schedule"
    page = desk.get(path).text
    assert 'value="suggested" checked' in page
    suggested = page.partition('name="suggested" value="')[2].partition('"')[0]
    done = desk.change(path, when="suggested", suggested=suggested, version=issue.version)
    assert done.status_code == 303
    assert "It goes out Tue 8 December 2026, 7:30am" in desk.get(path).text
    assert "scheduled, 7:30am" in desk.get("/app/calendar").text


def test_terms_come_in_and_warn_of_those_whose_schools_are_on_holiday(
    desk: Desk, services: Services
) -> None:
    enrol(services, 2)
    enrol(services, 3, Nation.SCOTLAND)
    assert desk.change("/app/calendar/terms/import", text=TERMS).status_code == 303
    issue = approved(services)
    counted = desk.change(
        f"/app/issues/{issue.id}/schedule/count", when="other", day="2026-12-08", time="21:15",
        chosen="1", version=issue.version,
    ).text  # fmt: skip
    assert "3 people&#39;s schools are on holiday then: 3 in Scotland." in counted
    assert "That is at night, 9:15pm UK time." in counted
    holiday = desk.change(
        f"/app/issues/{issue.id}/schedule/count", when="other", day="2027-03-26", time="07:30",
        chosen="1", version=issue.version,
    ).text  # fmt: skip
    assert "That is Good Friday, a bank holiday" in holiday


def test_another_issue_at_nearly_the_same_time_is_said(desk: Desk, services: Services) -> None:
    first, second = approved(services, "The first"), approved(services, "The second")
    fields = {"when": "other", "day": "2026-12-08", "time": "07:30"}
    desk.change(f"/app/issues/{first.id}/schedule", version=first.version, **fields)
    counted = desk.change(
        f"/app/issues/{second.id}/schedule/count", version=second.version, **fields
    )
    assert "“The first” goes out Tue 8 December 2026, 7:30am" in counted.text


def test_a_list_with_a_wrong_row_is_named_and_what_was_typed_stays(
    desk: Desk, services: Services
) -> None:
    wrong = TERMS + "England,,<b>Summer</b>,soon,2027-07-21\n"
    refused = desk.change("/app/calendar/terms/import", text=wrong)
    assert refused.status_code == 422
    assert "Nothing is kept: 1 row cannot be used." in refused.text
    assert "&#39;soon&#39; is no date" in refused.text
    assert "England,,&lt;b&gt;Summer&lt;/b&gt;,soon" in refused.text
    assert services.keeping_terms.listed() == []


def test_a_calendar_file_is_taken_and_a_term_is_typed_removed_and_put_back(
    desk: Desk, services: Services
) -> None:
    events = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Spring term\r\nDTSTART;VALUE=DATE:20270105\r\n"
        "DTEND;VALUE=DATE:20270213\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    done = desk.post(
        "/app/calendar/terms/import",
        data={"csrf": desk.csrf, "nation": "Wales", "authority": "Powys"},
        files={"file": ("terms.ics", events.encode(), "text/calendar")},
        follow_redirects=False,
    )
    assert done.status_code == 303
    assert "Powys, Wales" in desk.get("/app/calendar/terms").text
    typed = {"nation": "Wales", "name": "Autumn", "first": "2026-09-01", "last": ""}
    refused = desk.change("/app/calendar/terms", **typed)
    assert (refused.status_code, refused.text.count("It has no last day.")) == (422, 2)
    assert desk.change("/app/calendar/terms", **typed | {"last": "2026-10-23"}).status_code == 303
    kept = services.keeping_terms.listed()[0]
    assert desk.change(f"/app/calendar/terms/{kept.id}/remove").status_code == 303
    assert 'name="last" value="2026-10-23"' in desk.get("/app/calendar/terms").text


def test_who_only_writes_looks_and_changes_nothing(
    clock: Clock, as_role: Callable[..., Desk]
) -> None:
    desk = as_role(UserRole.AUTHOR)
    assert desk.get("/app/calendar").status_code == 200
    assert "<form" not in desk.get("/app/calendar/rhythm").text.partition("<main")[2]
    assert desk.change("/app/calendar/rhythm", **SECOND_TUESDAY).status_code == 403
    assert desk.change("/app/calendar/terms/import", text=TERMS).status_code == 403


@pytest.mark.parametrize("query", ["from=1", "from=x", "from=2099", "place=%00"])
def test_an_address_that_makes_no_sense_breaks_nothing(desk: Desk, query: str) -> None:
    assert desk.get(f"/app/calendar?{query}").status_code in {200, 404}
