"""An editor decides when an issue goes out, and to whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from at_desk import Desk
from outgoing import Clock, an_issue, approved, enrol, send_all, with_clock

from bulletin.models.issues import IssueState
from bulletin.models.items import Nation
from bulletin.models.people import SuppressionReason, UserRole
from bulletin.wiring import Services


@pytest.fixture
def clock(services: Services) -> Clock:
    return with_clock(services)


def test_an_issue_that_is_not_approved_says_what_is_missing(
    services: Services, clock: Clock, as_role: Callable[..., Desk]
) -> None:
    issue = an_issue(services)
    page = as_role().get(f"/app/issues/{issue.id}/schedule")
    assert page.status_code == 200
    assert "It is not approved yet" in page.text
    assert f'href="/app/issues/{issue.id}/check"' in page.text
    assert "<form" not in page.text.partition("<main")[2].partition("</main>")[0]


def test_the_page_says_how_many_people_by_nation_and_who_is_left_out(
    services: Services, clock: Clock, as_role: Callable[..., Desk]
) -> None:
    enrol(services, 2)
    enrol(services, 3, Nation.SCOTLAND)
    services.enrolment.suppress("scotland0@school.example", SuppressionReason.MANUAL, "", "test")
    issue = approved(services)
    page = as_role().get(f"/app/issues/{issue.id}/schedule").text
    assert "Schedule for 5 people" in page
    assert "<li>England 2</li><li>Scotland 2</li>" in page
    assert "1 not to be mailed" in page


def test_a_whole_way_from_the_schedule_to_the_last_copy(
    services: Services, clock: Clock, as_role: Callable[..., Desk]
) -> None:
    issue = approved(services)
    desk = as_role()
    path = f"/app/issues/{issue.id}"
    done = desk.change(
        f"{path}/schedule", when="other", day="2026-12-08", time="07:30", chosen="1",
        version=issue.version,
    )  # fmt: skip
    assert (done.status_code, done.headers["location"]) == (303, f"{path}/schedule")
    page = desk.get(f"{path}/schedule").text
    assert "It goes out Tue 8 December 2026, 7:30am" in page
    assert "Scheduled for Tue 8 December 2026, 7:30am, UK time: 1 person." in page
    assert "Cancel the schedule" in page
    clock.set("2026-12-08T07:30")
    assert [fired.started for fired in services.planning.start_due()] == [True]
    desk = as_role()
    assert "0 of 1 accepted by mail servers" in desk.get(f"{path}/sending").text
    send_all(services, issue)
    page = desk.get(f"{path}/sending").text
    assert "1 of 1 accepted by mail servers" in page
    assert "hx-trigger" not in page
    assert services.outbox.page(1, 50).total == 1
    assert "It has been sent" in desk.get(f"{path}/schedule").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"day": "", "time": "07:30"}, "Give the day"),
        ({"day": "2026-12-08", "time": ""}, "Give the time"),
        ({"day": "8 Dec", "time": "07:30"}, "is no time"),
        ({"day": "2026-11-20", "time": "07:31"}, "has gone by"),
        ({"day": "2027-03-28", "time": "01:30"}, "the clocks go forward"),
    ],
)
def test_what_cannot_be_a_time_is_said_and_kept(
    services: Services,
    clock: Clock,
    as_role: Callable[..., Desk],
    fields: dict[str, str],
    said: str,
) -> None:
    issue = approved(services)
    done = as_role().change(
        f"/app/issues/{issue.id}/schedule",
        when="other",
        version=issue.version,
        chosen="1",
        **fields,
    )
    assert done.status_code == 422
    assert "<title>Error: " in done.text
    assert done.text.count(said) == 2
    for value in filter(None, fields.values()):
        assert f'value="{value}"' in done.text
    assert services.drafting.issue(str(issue.id)).state is IssueState.APPROVED


def test_of_two_who_decide_at_once_the_second_is_shown_what_the_first_did(
    services: Services, clock: Clock, as_role: Callable[..., Desk]
) -> None:
    issue = approved(services)
    path = f"/app/issues/{issue.id}/schedule"
    fields = {"when": "other", "time": "07:30", "chosen": "1", "version": issue.version}
    assert as_role().change(path, day="2026-12-08", **fields).status_code == 303
    second = as_role(UserRole.APPROVER).change(path, day="2026-12-09", **fields)
    assert second.status_code == 409
    assert "Somebody else changed this issue" in second.text
    assert "It goes out Tue 8 December 2026, 7:30am" in second.text


def test_a_missed_time_is_said_and_another_can_be_chosen(
    services: Services, clock: Clock, as_role: Callable[..., Desk]
) -> None:
    issue = approved(services)
    desk, path = as_role(), f"/app/issues/{issue.id}/schedule"
    fields = {"when": "other", "time": "07:30", "chosen": "1"}
    desk.change(path, day="2026-12-08", version=issue.version, **fields)
    assert "goes out by itself until 9:30am" in desk.get(path).text
    clock.set("2026-12-08T09:31")
    services.planning.start_due()
    desk = as_role()
    page = desk.get(path).text
    assert "It missed its time" in page
    assert "Send now" in page
    version = services.drafting.issue(str(issue.id)).version
    assert desk.change(path, day="2026-12-09", version=version, **fields).status_code == 303
    assert "It goes out Wed 9 December 2026, 7:30am" in desk.get(path).text


def test_a_schedule_can_be_cancelled_and_the_issue_stays_approved(
    services: Services, clock: Clock, as_role: Callable[..., Desk]
) -> None:
    issue = approved(services)
    desk, path = as_role(), f"/app/issues/{issue.id}/schedule"
    desk.change(path, when="other", day="2026-12-08", time="07:30", version=issue.version)
    assert desk.change(f"{path}/cancel").status_code == 303
    assert services.drafting.issue(str(issue.id)).state is IssueState.APPROVED
    assert "the issue stays approved" in desk.get(path).text.lower()


def test_sending_now_says_what_it_means_before_it_does_it(
    services: Services, clock: Clock, as_role: Callable[..., Desk]
) -> None:
    issue = approved(services)
    desk, path = as_role(), f"/app/issues/{issue.id}/schedule"
    asked = desk.change(f"{path}/now", version=issue.version, chosen="1")
    assert "Send it to 1 person now?" in asked.text
    assert "cannot be recalled" in asked.text
    assert services.drafting.issue(str(issue.id)).state is IssueState.APPROVED
    done = desk.change(f"{path}/send", version=issue.version, chosen="1")
    assert done.headers["location"] == f"/app/issues/{issue.id}/sending"
    assert services.drafting.issue(str(issue.id)).state is IssueState.SENDING


def test_segments_choose_who_gets_it_and_the_count_follows(
    services: Services, clock: Clock, as_role: Callable[..., Desk]
) -> None:
    enrol(services, 2)
    enrol(services, 3, Nation.SCOTLAND)
    services.enrolment.add_segment("Scots <b>", "nation = Scotland", "test")
    issue = approved(services)
    desk, path = as_role(), f"/app/issues/{issue.id}/schedule"
    counted = desk.change(
        f"{path}/count", when="other", day="2026-12-08", time="07:30", chosen="1",
        include="Scots <b>", version=issue.version,
    )  # fmt: skip
    assert counted.status_code == 200
    assert "Schedule for 3 people" in counted.text
    assert "Scots <b>" not in counted.text
    assert 'value="2026-12-08"' in counted.text
    desk.change(
        path, when="other", day="2026-12-08", time="07:30", chosen="1", include="Scots <b>",
        version=issue.version,
    )  # fmt: skip
    assert services.drafting.issue(str(issue.id)).audience.include == ("Scots <b>",)


def test_who_only_writes_sees_the_schedule_and_no_buttons(
    services: Services, clock: Clock, as_role: Callable[..., Desk]
) -> None:
    issue = approved(services)
    desk, path = as_role(UserRole.AUTHOR), f"/app/issues/{issue.id}/schedule"
    assert "Schedule for" not in desk.get(path).text
    assert desk.change(path, when="other", day="2026-12-08", time="07:30").status_code == 403


def test_a_segment_that_was_removed_is_said_and_who_gets_it_can_be_chosen_again(
    services: Services, clock: Clock, as_role: Callable[..., Desk]
) -> None:
    services.enrolment.add_segment("Scots", "nation = Scotland", "test")
    issue = approved(services)
    desk, path = as_role(), f"/app/issues/{issue.id}/schedule"
    fields = {"when": "other", "day": "2026-12-08", "time": "07:30", "chosen": "1"}
    desk.change(path, include="Scots", version=issue.version, **fields)
    with services.store.write() as tx:
        tx.segments.remove("Scots")
    clock.set("2026-12-08T07:30")
    assert [fired.started for fired in services.planning.start_due()] == [False]
    desk = as_role()
    page = desk.get(path).text
    assert "It could not go out" in page
    assert "A segment that was chosen is no longer there." in page
    version = services.drafting.issue(str(issue.id)).version
    again = desk.change(path, include="Scots", version=version, **fields | {"day": "2026-12-09"})
    assert again.status_code == 422
    done = desk.change(path, version=version, **fields | {"day": "2026-12-09"})
    assert done.status_code == 303
    assert desk.get("/app/issues/999/schedule").status_code == 404
