"""An issue on its way out: what the page says is so, and its buttons do what they say."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from at_desk import Desk
from outgoing import Clock, approved, enrol, send_all, with_clock
from sqlalchemy import text

from bulletin.errors import TransportUnavailable
from bulletin.models.deliveries import Consignment, Receipt
from bulletin.models.issues import Issue, IssueState
from bulletin.models.people import UserRole
from bulletin.pipeline.showing.progressing import Progressing
from bulletin.transports.simulator import SimulatorTransport
from bulletin.wiring import Services


@pytest.fixture
def clock(services: Services) -> Clock:
    return with_clock(services)


@pytest.fixture
def going(services: Services, clock: Clock) -> Issue:
    """An issue that has begun to go out to six people; nobody has sent a copy yet."""
    enrol(services, 5)
    issue = approved(services)
    return services.planning.start(issue.slug, None, "test")


class Away(SimulatorTransport):
    """A transport to a mail server that does not answer."""

    def send(self, _consignment: Consignment) -> Iterator[Receipt]:
        raise TransportUnavailable("mail.school.example does not answer.")


def have(services: Services, issue: Issue, state: str, count: int, detail: str = "") -> None:
    """Let that many waiting copies of an issue be in a state."""
    statement = text(
        "UPDATE deliveries SET state = :state, detail = :detail, uncertain_at = :since WHERE id IN "
        "(SELECT id FROM deliveries WHERE issue_id = :issue AND state = 'prepared' LIMIT :count)"
    )
    since = "2026-11-21 09:00:00.000000" if state == "uncertain" else None
    with services.store.write() as tx:
        tx._connection.execute(
            statement,
            {"state": state, "detail": detail, "issue": issue.id, "count": count, "since": since},
        )


def test_the_figures_are_those_of_the_ledger_and_submitted_is_not_called_delivered(
    services: Services, going: Issue, as_role: Callable[..., Desk]
) -> None:
    have(services, going, "submitted", 2)
    have(services, going, "failed", 1, "550 no such user")
    have(services, going, "retry_wait", 1, "452 mailbox full")
    page = as_role().get(f"/app/issues/{going.id}/sending").text
    assert "2 of 6 accepted by mail servers" in page
    assert "1: 550 no such user" in page
    assert "1, to be tried again: 452 mailbox full" in page
    assert '<progress class="progress" value="3" max="6"' in page
    assert "delivered" not in page
    assert "2 copies have gone and cannot be recalled" in page


def test_it_is_asked_for_again_while_it_goes_and_no_longer_once_it_has_ended(
    services: Services, going: Issue, as_role: Callable[..., Desk]
) -> None:
    desk = as_role()
    part = desk.get(f"/app/issues/{going.id}/sending/progress")
    assert 'hx-trigger="every 2s"' in part.text
    assert "<html" not in part.text
    send_all(services, going)
    ended = desk.get(f"/app/issues/{going.id}/sending/progress").text
    assert "hx-trigger" not in ended
    assert "6 of 6 accepted by mail servers" in ended
    assert f'href="/app/issues/{going.id}/report"' in ended


def test_pause_resume_and_cancel(
    services: Services, going: Issue, as_role: Callable[..., Desk]
) -> None:
    desk, path = as_role(), f"/app/issues/{going.id}/sending"
    have(services, going, "submitted", 2)
    assert desk.change(f"{path}/pause").status_code == 303
    assert "Resume: 4 copies to go" in desk.get(path).text
    assert desk.change(f"{path}/resume").status_code == 303
    assert services.drafting.issue(str(going.id)).state is IssueState.SENDING
    assert desk.change(f"{path}/cancel").headers["location"] == f"{path}/cancel"
    asked = desk.get(f"{path}/cancel").text
    assert "2 copies have gone and cannot be recalled." in asked
    assert "4 copies will never be sent" in asked
    assert services.drafting.issue(str(going.id)).state is IssueState.SENDING
    assert desk.change(f"{path}/cancel", sure="1").status_code == 303
    page = desk.get(path).text
    assert "2 of 2 accepted by mail servers" in page
    assert services.drafting.issue(str(going.id)).state is IssueState.CANCELLED


def test_of_two_who_press_the_same_button_the_second_is_told(
    services: Services, going: Issue, as_role: Callable[..., Desk]
) -> None:
    path = f"/app/issues/{going.id}/sending"
    assert as_role().change(f"{path}/pause").status_code == 303
    second = as_role(UserRole.ADMIN).change(f"{path}/pause")
    assert second.status_code == 409
    assert "is paused already" in second.text
    assert "Resume: 6 copies to go" in second.text


def test_what_was_stopped_by_itself_says_why_and_what_to_do(
    services: Services, going: Issue, as_role: Callable[..., Desk]
) -> None:
    with services.store.write() as tx:
        reason = "stopped automatically: 3 of 20 copies failed, more than 10 %. See who and why"
        tx.issues.move(
            tx.issues.get(going.id), IssueState.PAUSED, services.store.clock(), reason=reason
        )
    page = as_role().get(f"/app/issues/{going.id}/sending").text
    assert "It stopped by itself" in page
    assert "3 of 20 copies failed, more than 10 %.</p>" in page


def test_copies_that_are_not_confirmed_are_settled_by_a_person(
    services: Services, going: Issue, as_role: Callable[..., Desk]
) -> None:
    have(services, going, "uncertain", 3, "the connection broke")
    send_all(services, going)
    desk, path = as_role(), f"/app/issues/{going.id}/uncertain"
    page = desk.get(path).text
    assert "3 copies not confirmed" in page
    assert "the connection broke" in page
    nothing = desk.change(path, resolution="submitted")
    assert (nothing.status_code, "Tick the copies" in nothing.text) == (422, True)
    first = services.clearing.doubts(str(going.id), 1)[0].delivery_id
    assert desk.change(path, resolution="submitted", delivery=first).status_code == 303
    assert services.progressing.of(going.id).tally.uncertain == 2
    stale = desk.change(path, resolution="failed", delivery=first)
    assert (stale.status_code, "no longer in doubt" in stale.text) == (409, True)
    assert desk.change(path, resolution="failed", all_of_them="1").status_code == 303
    tally = services.progressing.of(going.id).tally
    assert (tally.uncertain, tally.failed, tally.accepted) == (0, 2, 4)


def test_an_issue_goes_again_to_those_it_missed_and_to_nobody_else(
    services: Services, going: Issue, as_role: Callable[..., Desk]
) -> None:
    have(services, going, "failed", 2, "550 no such user <b>")
    send_all(services, going)
    desk, path = as_role(), f"/app/issues/{going.id}"
    failed = desk.get(f"{path}/failed").text
    assert "550 no such user &lt;b&gt;" in failed
    assert "england0@school.example" in failed or "dsl@school.example" in failed
    assert "Send to 2 people" in desk.get(f"{path}/missed").text
    assert services.progressing.of(going.id).tally.failed == 2
    assert desk.change(f"{path}/missed").status_code == 303
    send_all(services, going)
    assert "6 of 6 accepted by mail servers" in desk.get(f"{path}/sending").text


def test_a_correction_starts_from_the_item_that_was_wrong(
    services: Services, going: Issue, as_role: Callable[..., Desk]
) -> None:
    send_all(services, going)
    desk, path = as_role(), f"/app/issues/{going.id}/correct"
    assert "Choose the item that was wrong." in desk.change(path, title="Put right").text
    strange = desk.change(path, item=999)
    assert (strange.status_code, "was not in this issue" in strange.text) == (422, True)
    _, topics = services.correcting.went_out(str(going.id))
    done = desk.change(path, item=topics[0][1][0].id)
    assert done.status_code == 303
    number = done.headers["location"].removeprefix("/app/issues/").removesuffix("/compose")
    assert services.drafting.issue(number).corrects_issue_id == going.id


def test_the_speed_and_the_time_left_follow_from_what_was_seen(
    services: Services, going: Issue
) -> None:
    ticks = iter([0.0, 2.0, 40.0])
    progressing = Progressing(services.store, services.outlook, ticks=lambda: next(ticks))
    assert progressing.of(going.id).per_second is None
    have(services, going, "submitted", 4)
    seen = progressing.of(going.id)
    assert (seen.per_second, seen.time_left) == (2.0, timedelta(seconds=1))
    assert progressing.of(going.id).per_second is None


def test_a_mail_server_that_is_away_is_said_until_copies_go_again(
    services: Services, going: Issue, as_role: Callable[..., Desk]
) -> None:
    really = services.delivery._means.open_transport
    object.__setattr__(services.delivery._means, "open_transport", Away)
    halt = services.delivery.run(going.id, threading.Event(), lambda _: None)
    assert isinstance(halt.error, TransportUnavailable)
    desk, path = as_role(), f"/app/issues/{going.id}/sending"
    assert "mail.school.example does not answer." in desk.get(path).text
    object.__setattr__(services.delivery._means, "open_transport", really)
    send_all(services, going)
    assert "does not answer" not in desk.get(path).text


def test_who_only_writes_sees_how_it_goes_and_no_addresses(
    services: Services, going: Issue, as_role: Callable[..., Desk]
) -> None:
    have(services, going, "failed", 1, "550 no such user dsl@school.example")
    desk, path = as_role(UserRole.AUTHOR), f"/app/issues/{going.id}"
    page = desk.get(f"{path}/sending").text
    assert "0 of 6 accepted" in page
    assert "dsl@school.example" not in page
    assert "Pause" not in page
    assert desk.get(f"{path}/failed").status_code == 403
    assert desk.change(f"{path}/sending/pause").status_code == 403
