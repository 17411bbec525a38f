"""Requirement 23: when the sender is looked up, and what a bad answer does to a send."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bulletin.errors import Refused
from bulletin.models.issues import IssueState, Sender
from bulletin.pipeline.authentication import SendingAs
from bulletin.pipeline.clock import moment
from bulletin.pipeline.plan import Planning
from bulletin.settings import load_settings
from bulletin.wiring import Services
from example_issue import SENDER

if TYPE_CHECKING:
    from desks import Desk

LONDON = ZoneInfo("Europe/London")
WHY = "Mail from school.example would be turned away."


def turned_away(_sender: Sender) -> None:
    raise Refused(WHY)


def guarded(desk: Desk, check: object = turned_away) -> Planning:
    return Planning(
        desk.store,
        chunk_size=10,
        grace=timedelta(hours=2),
        zone=LONDON,
        check_sender=check,  # type: ignore[arg-type]  # a list's append will do for one test
    )


def test_a_send_that_would_be_turned_away_is_not_started(quick_desk: Desk) -> None:
    reference = quick_desk.approved()
    with pytest.raises(Refused, match=WHY):
        guarded(quick_desk).start(reference, None, "test")
    assert quick_desk.drafting.issue(reference).state is IssueState.APPROVED
    assert quick_desk.reporting.status(reference)[1].audience == 0
    assert quick_desk.planning.start(reference, None, "test").state is IssueState.SENDING


def test_the_clock_holds_it_back_and_says_why(quick_desk: Desk) -> None:
    reference = quick_desk.approved()
    quick_desk.planning.schedule(reference, moment("2026-12-01T07:30", LONDON), None, "test")
    quick_desk.clock.set("2026-12-01T07:30:00+00:00")
    (fired,) = guarded(quick_desk).start_due()
    assert not fired.started
    assert fired.explanation == WHY
    assert quick_desk.drafting.issue(reference).state_reason == WHY
    assert guarded(quick_desk).start_due() == []


def test_who_is_looked_up_is_the_sender_that_was_approved(quick_desk: Desk) -> None:
    reference = quick_desk.approved()
    looked_up: list[Sender] = []
    guarded(quick_desk, looked_up.append).start(reference, None, "test")
    assert looked_up == [SENDER]


def test_an_issue_that_cannot_be_started_asks_nobody(quick_desk: Desk) -> None:
    reference = quick_desk.issue()
    with pytest.raises(Refused, match="not approved"):
        guarded(quick_desk).start(reference, None, "test")


def sending_as(**settings: object) -> SendingAs | None:
    made = Services(load_settings(_env_file=None, **settings))
    return made.sending_as(replace(SENDER, email="bulletin@school.example"))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.1.2.3",
        "192.168.0.9",
        "[::1]",
        "[fd00::1]",
        "mail",
        "172.16.0.1",
    ],
)
def test_a_mail_server_on_this_machine_or_network_is_not_asked_about(host: str) -> None:
    assert sending_as(transport="smtp", smtp_url=f"smtp://{host}:25?tls=none") is None


def test_what_goes_nowhere_is_not_asked_about() -> None:
    assert sending_as(transport="outbox") is None
    assert sending_as(transport="simulator") is None
    assert sending_as(transport="sendgrid", sendgrid_base_url="http://127.0.0.1:9") is None
    elsewhere = "https://api.sendgrid.com.elsewhere.example"
    assert sending_as(transport="sendgrid", sendgrid_base_url=elsewhere) is None


@pytest.mark.parametrize("host", ["mail.school.example", "93.184.215.14"])
def test_a_mail_server_elsewhere_is(host: str) -> None:
    url = f"smtp://{host}:587"
    found = sending_as(transport="smtp", smtp_url=url, dkim_selector="s1")
    assert found == SendingAs("school.example", "school.example", selector="s1")
    bounced = sending_as(transport="smtp", smtp_url=url, bounce_address="b@in.school.example")
    assert bounced is not None
    assert bounced.envelope == "in.school.example"


def test_sendgrid_signs_by_itself_and_has_an_envelope_of_its_own() -> None:
    for region in ("api", "api.eu"):
        url = f"https://{region}.sendgrid.com"
        found = sending_as(transport="sendgrid", sendgrid_base_url=url, dkim_selector="s1")
        assert found == SendingAs("school.example", "", selector="s1")


@pytest.mark.parametrize("wanted", [True, False])
def test_the_setting_decides_whether_anybody_is_asked(
    wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Services(
        load_settings(
            _env_file=None, transport="smtp", smtp_url="smtp://mail.school.example",
            check_sender=wanted,
        )
    )  # fmt: skip
    asked: list[SendingAs] = []
    monkeypatch.setattr(made.authentication, "require", asked.append)
    made.check_sender(SENDER)
    assert bool(asked) is wanted
