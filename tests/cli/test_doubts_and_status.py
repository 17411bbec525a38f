"""What a person sees of a send that does not go smoothly, and what they can do about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from typer.testing import CliRunner, Result

from bulletin.__main__ import app
from bulletin.errors import TransportUnavailable
from bulletin.models.deliveries import Consignment, Outcome, Receipt
from bulletin.models.issues import IssueState, Visibility
from bulletin.models.items import ItemDraft
from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.pipeline.draft import PlacingOptions
from bulletin.settings import load_settings
from bulletin.store.tables import audit, deliveries, sending_days
from bulletin.transports.base import Transport
from bulletin.transports.memory import MemoryTransport
from bulletin.wiring import Services

Run = Callable[..., Result]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, sqlite_database: str) -> Any:
    """An installation with an issue of thirty copies that is being sent."""
    for name, value in {
        "SECRET_KEY": "a secret of at least thirty-two characters",
        "FROM_EMAIL": "bulletin@school.example",
        "DATABASE_URL": sqlite_database,
        "WARM_UP": "5, 10",
    }.items():
        monkeypatch.setenv(f"BULLETIN_{name}", value)
    services = Services(load_settings())
    drafts = [
        SubscriberDraft(f"reader{n:02}@school.example", ("dsl",), kind=SubscriberKind.CORPORATE)
        for n in range(30)
    ]
    with services.store.write() as tx:
        now = services.store.clock()
        item = tx.items.add(ItemDraft("News", body="What is new.", source="Board"), now)
        tx.roster_import(now, "test").run((draft, False) for draft in drafts)
    services.drafting.new("December", {}, Visibility.PRIVATE, "test")
    services.drafting.place("december", [item], PlacingOptions(), "test")
    services.approval.approve("december", "test")
    services.planning.start("december", None, "test")
    yield services
    services.close()


def run(*words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, list(words), catch_exceptions=True)
    error = result.exception
    assert result.exit_code == code or (code and error is not None), (result.output, error)
    return result


def document(*words: str) -> Any:
    return json.loads(run(*words, "--json").stdout)


def become(made: Services, emails: list[str], **values: object) -> None:
    with made.store.write() as tx:
        these = deliveries.c.email.in_([f"{name}@school.example" for name in emails])
        tx._connection.execute(update(deliveries).where(these).values(values))


class Doubtful(MemoryTransport):
    """Leaves every copy that it is handed in doubt, and wants to be left alone then."""

    def send(self, consignment: Consignment) -> Iterator[Receipt]:
        yield from super().send(consignment)
        raise TransportUnavailable("The provider did not say.", retry_after=0.01)


def over(monkeypatch: pytest.MonkeyPatch, transport: Transport) -> None:
    """Have commands send over this transport, as fast as it takes copies."""
    monkeypatch.delenv("BULLETIN_WARM_UP")
    monkeypatch.setattr(Services, "open_transport", lambda _services: transport)


@pytest.mark.parametrize("words", [(), ("--wait",)])
def test_an_issue_that_runs_into_doubts_stops_and_says_how_to_go_on(
    made: Services, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    over(monkeypatch, Doubtful(lambda _: Outcome.UNCERTAIN, window=25))
    said = run("issue", "send", "december", *words, code=1).output
    assert "stopped automatically: 25 of 25 copies were not confirmed" in said
    assert "Then: bulletin issue resume december" in said
    assert made.reporting.status("december")[1].prepared == 5


def test_doubts_about_the_last_copies_keep_nothing_from_being_sent(
    made: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    over(monkeypatch, Doubtful(lambda _: Outcome.UNCERTAIN, window=30))
    monkeypatch.setenv("BULLETIN_PAUSE_AT_FAILED_PERCENT", "100")
    said = run("issue", "send", "december").output
    assert "30 copies not confirmed" in said
    assert made.drafting.issue("december").state is IssueState.SENT


def test_waiting_waits_for_a_server_that_is_away_too(
    made: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    over(monkeypatch, Doubtful(window=10))  # it takes copies, and then it is away for a moment
    said = run("issue", "send", "december", "--wait").output
    assert said.count("The provider did not say. The next try is in 0 seconds") == 2
    assert made.reporting.status("december")[1].submitted == 30


def test_copies_in_doubt_are_listed_and_settled(made: Services) -> None:
    since = datetime(2026, 12, 1, 7, 30, tzinfo=UTC)
    become(
        made, ["reader03", "reader07"],
        state="uncertain", uncertain_at=since, detail="no answer: timed out", attempt=1,
    )  # fmt: skip
    listed = document("deliveries", "uncertain", "december")["deliveries"]
    assert [each["address"] for each in listed] == [
        "reader03@school.example",
        "reader07@school.example",
    ]
    assert listed[0] | {"address": "", "delivery_id": 0} == {
        "delivery_id": 0,
        "issue": "december",
        "address": "",
        "since": "2026-12-01T07:30:00+00:00",
        "known": "no answer: timed out",
        "attempts": 1,
    }
    shown = run("deliveries", "uncertain").stdout
    assert "reader03@school.example" in shown
    assert "1 December 2026, 7:30am" in shown
    number = str(listed[0]["delivery_id"])
    settled = document(
        "deliveries", "resolve", "december", "--as", "submitted", "--delivery", number,
        "--by", "editor@school.example", "--yes",
    )  # fmt: skip
    assert (settled["copies"], settled["state"]) == (1, "sending")
    with made.store.read() as tx:
        record = tx._connection.execute(select(audit).order_by(audit.c.id.desc())).first()
    assert record is not None
    assert (record.actor, record.action) == ("editor@school.example", "delivery.resolve")
    said = run("deliveries", "resolve", "december", "--as", "resend", "--yes").stdout
    assert "1 copy prepared again" in said
    assert run("deliveries", "uncertain").stdout.strip() == "No copy is in doubt."


def test_nothing_is_settled_without_a_yes(made: Services) -> None:
    become(made, ["reader03"], state="uncertain", uncertain_at=made.store.clock(), attempt=1)
    refused = run("deliveries", "resolve", "december", "--as", "resend", code=1)
    assert "Whoever did get one gets two" in str(refused.exception)
    assert len(document("deliveries", "uncertain")["deliveries"]) == 1


def test_status_says_in_words_what_waits_until_when(made: Services) -> None:
    later = made.store.clock() + timedelta(minutes=20)
    become(made, ["reader01", "reader02"], state="retry_wait", retry_at=later, detail="451 later")
    with made.store.write() as tx:
        today = datetime.now(made.settings.zone).date()
        tx._connection.execute(insert(sending_days).values(day=today, copies=5))
    waiting = document("issue", "status", "december")["waiting"]
    assert len(waiting) == 2
    assert waiting[0].startswith(
        "The warm-up plan lets 5 copies go today, which is day 1 of 2, and they have gone."
    )
    assert waiting[1].startswith("2 copies were refused for now and will be tried again, next on")
    shown = run("issue", "status", "december").stdout
    assert all(sentence in shown for sentence in waiting)
    assert "451 later" in shown


def test_status_warns_of_complaints_and_failures(made: Services) -> None:
    become(made, [f"reader{n:02}" for n in range(5)], state="failed", detail="550 unknown")
    become(made, [f"reader{n:02}" for n in range(5, 30)], state="delivered")
    become(made, ["reader09"], complained=True)
    made.delivery.pause("december", "test")
    made.delivery.resume("december", "test")
    warnings = document("issue", "status", "december")["warnings"]
    assert warnings == [
        "5 of 30 copies failed or bounced.",
        "1 of 25 readers marked it as spam; above 0.3% providers refuse a sender's mail.",
    ]


def test_an_issue_that_was_stopped_automatically_wants_a_word_before_it_goes_on(
    made: Services,
) -> None:
    become(made, [f"reader{n:02}" for n in range(25)], state="failed")
    made.guard.look(made.drafting.issue("december").id)
    refused = run("issue", "send", "december", code=1)
    assert "stopped automatically: 25 of 25 copies failed" in str(refused.exception)
    assert "bulletin issue resume december" in str(refused.exception)
    run("issue", "resume", "december")
    made.guard.look(made.drafting.issue("december").id)
    assert document("issue", "status", "december")["state"] == "sending"


def test_a_warm_up_plan_lets_the_day_s_copies_go_and_no_more(made: Services) -> None:
    run("issue", "send", "december")
    status = document("issue", "status", "december")
    assert (status["state"], status["submitted"], status["prepared"]) == ("sending", 5, 25)
    again = document("issue", "send", "december")
    assert (again["submitted"], len(again["waiting"])) == (5, 1)
