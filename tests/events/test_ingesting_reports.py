"""What lies in the bounce mailbox is matched to copies by our signed tokens alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from returned import DSL, EXIM, arf, dsn, field, gone, lines, reply
from scripted_imap import ImapServer
from sqlalchemy import Update, select, update

from bulletin.errors import StoreError
from bulletin.events.imap import ImapInbox, imap_server
from bulletin.events.inbox import FileInbox, Inbox, open_path
from bulletin.models.events import MADE_UP
from bulletin.models.issues import Issue
from bulletin.models.people import SuppressionReason
from bulletin.pipeline.addressing import Addressing
from bulletin.pipeline.polling import EVERY, LONGEST, Polling
from bulletin.pipeline.reports import Ingested
from bulletin.store.tables import deliveries, events, issues, suppressions
from bulletin.tokens import Purpose, TokenSigner
from sent_issues import House, open_house

HEAD = "head@school.example"
FORGER = TokenSigner("somebody else's secret")


@pytest.fixture
def house(sqlite_database: str, tmp_path: Path) -> Iterator[House]:
    made = open_house(sqlite_database, tmp_path)
    made.enrol(DSL)
    made.enrol(HEAD)
    yield made
    made.services.close()


@pytest.fixture
def issue(house: House) -> Issue:
    return house.send("December", "2026-12-01")


def token(house: House, issue: Issue, purpose: Purpose, email: str = DSL) -> str:
    return house.services.signer.sign(purpose, house.delivery(issue, email))


def verp(house: House, issue: Issue, email: str = DSL) -> str:
    return f"bounces+{token(house, issue, Purpose.BOUNCE, email)}@school.example"


def ingest(house: House, *messages: bytes) -> Ingested:
    folder = house.services.settings.outbox_dir.parent / "returned"
    folder.mkdir(exist_ok=True)
    total = Ingested()
    for number, message in enumerate(messages):
        path = folder / f"{number}.eml"
        path.write_bytes(message)
        total += house.services.reports.ingest(FileInbox(path))
    return total


def copy_of(house: House, issue: Issue, email: str = DSL) -> Any:
    query = select(deliveries).where(deliveries.c.id == house.delivery(issue, email))
    with house.services.store.read() as tx:
        return tx._connection.execute(query).one()


def reason(house: House, email: str = DSL) -> SuppressionReason | None:
    with house.services.store.read() as tx:
        return tx.suppressions.reason(email)


def everything(house: House) -> list[Any]:
    with house.services.store.read() as tx:
        tables = (deliveries, suppressions, events)
        return [tx._connection.execute(select(table)).all() for table in tables]


def original(house: House, issue: Issue, email: str = DSL) -> list[str]:
    return [
        f"Message-ID: <{token(house, issue, Purpose.MESSAGE_ID, email)}@school.example>",
        "",
        "Hi",
    ]


Shape = Callable[[House, Issue], bytes]
MATCHED: dict[str, Shape] = {
    "an address of its own": lambda house, issue: gone(to=verp(house, issue)),
    "the same in capitals": lambda house, issue: gone(to=verp(house, issue).upper()),
    "Delivered-To": lambda house, issue: gone(headers=[f"Delivered-To: {verp(house, issue)}"]),
    "X-Original-To": lambda house, issue: gone(headers=[f"X-Original-To: {verp(house, issue)}"]),
    "the copy's Return-Path": lambda house, issue: gone(
        original=[f"Return-Path: <{verp(house, issue)}>", "", "Hi"]
    ),
    "the copy's Message-ID": lambda house, issue: gone(original=original(house, issue)),
}


@pytest.mark.parametrize("shape", MATCHED.values(), ids=MATCHED)
def test_a_bounce_is_matched_by_a_token_of_ours(house: House, issue: Issue, shape: Shape) -> None:
    """Requirement 17."""
    assert ingest(house, shape(house, issue)) == Ingested(read=1, recorded=1)
    copy = copy_of(house, issue)
    assert (copy.state, copy.detail) == ("bounced_hard", "550 5.1.1 User unknown")
    assert reason(house) is SuppressionReason.HARD_BOUNCE
    assert reason(house, HEAD) is None


def test_a_bounce_in_words_is_matched_by_the_copy_that_it_quotes(
    house: House, issue: Issue
) -> None:
    quoted = lines("------ This is a copy of the message ------", "", *original(house, issue))
    assert ingest(house, EXIM + quoted) == Ingested(read=1, recorded=1)
    assert reason(house) is SuppressionReason.HARD_BOUNCE


FORGED: dict[str, Shape] = {
    "without a token": lambda _house, _issue: gone(),
    "signed by somebody else": lambda house, issue: gone(
        to=f"bounces+{FORGER.sign(Purpose.BOUNCE, house.delivery(issue, DSL))}@school.example"
    ),
    "a token for something else": lambda house, issue: gone(
        to=f"bounces+{token(house, issue, Purpose.VIEW)}@school.example"
    ),
    "with one letter changed": lambda house, issue: gone(
        to=verp(house, issue).replace("@", "a@", 1).replace("-", "1-", 1)
    ),
    "of a letter": lambda house, _issue: gone(
        original=[f"Message-ID: <{house.services.signer.sign(Purpose.LETTER_ID, 1)}@x>", "", "Hi"]
    ),
    "of no copy": lambda house, _issue: gone(
        to=f"bounces+{house.services.signer.sign(Purpose.BOUNCE, 99_999)}@school.example"
    ),
    "a bounce with no more than the unsubscribe link": lambda house, _issue: gone(
        original=[f"List-Unsubscribe: <https://x/u/{_reader(house)}>", "", "Hi"]
    ),
    "a bounce with a link that a reader has shared": lambda house, issue: gone(
        original=["", f"https://x/v/{token(house, issue, Purpose.VIEW)}"]
    ),
    "a complaint with a link that a reader has shared": lambda house, issue: arf(
        "Feedback-Type: abuse",
        original=[f"List-Unsubscribe: <https://x/v/{token(house, issue, Purpose.VIEW)}>", "", "Hi"],
    ),
    "a complaint with links out of a body": lambda house, issue: arf(
        "Feedback-Type: abuse",
        original=[
            "",
            f"https://x/a/{token(house, issue, Purpose.ACKNOWLEDGE)}",
            f"https://x/u/{_reader(house)}",
        ],
    ),
    "an answer to a copy": lambda house, issue: gone(
        headers=[f"In-Reply-To: <{token(house, issue, Purpose.MESSAGE_ID)}@school.example>"]
    ),
}


@pytest.mark.parametrize("shape", FORGED.values(), ids=FORGED)
def test_a_forged_report_changes_nothing(house: House, issue: Issue, shape: Shape) -> None:
    """Requirement 17: anybody can write that a mailbox is gone, and links are passed on."""
    before = everything(house)
    assert ingest(house, shape(house, issue)) == Ingested(read=1, unmatched=1)
    assert everything(house) == before


def test_the_same_report_counts_once_wherever_it_lies(house: House, issue: Issue) -> None:
    message = gone(to=verp(house, issue))
    delivered = b"Delivered-To: bounces@school.example\r\n" + message
    found = ingest(house, message, message, delivered)
    assert found == Ingested(read=3, recorded=1, repeated=2)


def test_of_several_recipients_only_the_copys_own_counts(house: House, issue: Issue) -> None:
    message = dsn(
        field(HEAD, "failed", "5.1.1"), field(DSL, "failed", "5.2.2", "552 5.2.2 mailbox full"),
        to=verp(house, issue),
    )  # fmt: skip
    ingest(house, message)
    assert copy_of(house, issue).state == "bounced_soft"
    assert copy_of(house, issue, HEAD).state == "submitted"
    assert (reason(house), reason(house, HEAD)) == (None, None)


def test_a_copy_that_was_passed_on_and_came_back_from_there_had_arrived(
    house: House, issue: Issue
) -> None:
    """An address of several people, one of whom has left, is not a mailbox that is gone."""
    message = gone("left@elsewhere.example", to=verp(house, issue))
    assert ingest(house, message).recorded == 1
    assert copy_of(house, issue).state == "submitted"
    assert reason(house) is None


def test_a_server_may_name_the_host_below_the_domain(house: House, issue: Issue) -> None:
    ingest(house, gone("DSL@mail.school.example", to=verp(house, issue)))
    assert copy_of(house, issue).state == "bounced_hard"


@pytest.mark.parametrize(
    ("action", "status", "state"),
    [("delayed", "4.4.1", "deferred"), ("delivered", "2.0.0", "delivered"),
     ("relayed", "2.1.9", "submitted"), ("failed", "4.4.7", "bounced_soft")],
)  # fmt: skip
def test_other_news_of_a_copy_moves_it_and_suppresses_nobody(
    house: House, issue: Issue, action: str, status: str, state: str
) -> None:
    """Requirement 16."""
    ingest(house, dsn(field(DSL, action, status), to=verp(house, issue)))
    assert copy_of(house, issue).state == state
    assert reason(house) is None


COMPLAINTS: dict[str, Shape] = {
    "the copy's Message-ID": lambda house, issue: arf(
        "Feedback-Type: abuse", original=original(house, issue)
    ),
    "the copy's envelope sender": lambda house, issue: arf(
        "Feedback-Type: abuse", f"Original-Mail-From: <{verp(house, issue)}>"
    ),
    "the unsubscribe link alone": lambda house, _issue: arf(
        "Feedback-Type: abuse",
        original=[
            "List-Unsubscribe: <mailto:leave@school.example>,",
            f" <https://bulletin.example/u/{_reader(house)}>",
            "",
            "Hi",
        ],
    ),
}


def _reader(house: House) -> str:
    with house.services.store.read() as tx:
        return house.services.signer.sign(Purpose.UNSUBSCRIBE, tx.subscribers.by_email(DSL).id)


@pytest.mark.parametrize("shape", COMPLAINTS.values(), ids=COMPLAINTS)
def test_a_complaint_is_matched_though_the_address_is_hidden(
    house: House, issue: Issue, shape: Shape
) -> None:
    """Requirement 18: mailbox providers take addresses out of their reports."""
    assert ingest(house, shape(house, issue)) == Ingested(read=1, recorded=1)
    assert copy_of(house, issue).complained
    assert reason(house) is SuppressionReason.COMPLAINT
    assert reason(house, HEAD) is None


@pytest.mark.parametrize(
    "pretence",
    [
        update(issues).where(issues.c.slug == "january").values(rehearsal_of=1),
        update(deliveries).where(deliveries.c.issue_id == 2).values(provider_ref=MADE_UP),
    ],
    ids=["a rehearsal", "a trial"],
)
def test_a_complaint_is_about_a_copy_that_really_went_out(
    house: House, issue: Issue, pretence: Update
) -> None:
    house.send("January", "2027-01-11")
    with house.services.store.write() as tx:
        tx._connection.execute(pretence)
    ingest(house, COMPLAINTS["the unsubscribe link alone"](house, issue))
    assert copy_of(house, issue).complained
    assert reason(house) is SuppressionReason.COMPLAINT


def test_automatic_replies_and_mail_of_people_are_ignored(house: House, issue: Issue) -> None:
    """Requirement 19: not even with a token of ours in them."""
    away = reply("Auto-Submitted: auto-replied", f"Delivered-To: {verp(house, issue)}")
    before = everything(house)
    thanks = reply(f"In-Reply-To: <{token(house, issue, Purpose.MESSAGE_ID)}@school.example>")
    sender = b"From: MAILER-DAEMON@mx.school.example (Mail Delivery System)"
    inside = gone(to=verp(house, issue)).replace(sender, f"From: {DSL}".encode())
    inside = inside.replace(b"multipart/report", b"multipart/mixed")
    assert ingest(house, away, thanks, inside) == Ingested(read=3, ignored=3)
    assert everything(house) == before


def test_what_cannot_be_taken_apart_is_counted_and_stops_nothing(
    house: House, issue: Issue
) -> None:
    rubbish = b"Content-Type: message/rfc822\r\n\r\n" * 3000
    found = ingest(house, rubbish, gone(to=verp(house, issue)))
    assert found == Ingested(read=2, unreadable=1, recorded=1)


def test_what_was_made_to_be_slow_or_unreadable_is_put_away_like_all_else(
    house: House, issue: Issue
) -> None:
    slow = b"Content-Type: message/delivery-status\r\n\r\n" + b"\n\n" * 260_000
    unreadable = b"Content-Type: message/rfc822\r\n\r\n" * 3000
    with ImapServer([slow, slow, unreadable, gone(to=verp(house, issue))]) as server:
        inbox = ImapInbox(imap_server(server.url()))
        found = house.services.reports.ingest(inbox)
        inbox.close()
    assert found == Ingested(read=4, ignored=2, unreadable=1, recorded=1)
    assert server.seen == {1, 2, 3, 4}


def test_a_date_that_cannot_be_is_not_believed(house: House, issue: Issue) -> None:
    ingest(house, gone(to=verp(house, issue)).replace(b"01 Dec 2026", b"01 Dec 1970"))
    with house.services.store.read() as tx:
        assert tx._connection.execute(select(events.c.occurred_at)).scalar_one() == house.now


def test_no_address_is_kept_of_what_came_back(house: House, issue: Issue) -> None:
    words = f"550 5.1.1 <{DSL.upper()}> unknown"
    ingest(house, dsn(field(DSL, "failed", "5.1.1", words), to=verp(house, issue)))
    with house.services.store.read() as tx:
        (kept,) = tx._connection.execute(select(events)).all()
    assert DSL not in f"{kept.raw} {kept.detail}".lower()
    assert kept.detail == "550 5.1.1 <(address)> unknown"


def test_a_message_stays_new_until_it_is_on_record(
    house: House, issue: Issue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = tmp_path / "Maildir"
    (box / "new").mkdir(parents=True)
    (box / "new" / "1").write_bytes(gone(to=verp(house, issue)))

    def away(_events: object) -> None:
        raise StoreError("The database is away.")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(house.services.intake, "record", away)
        with pytest.raises(StoreError):
            house.services.ingest_reports(box)
    assert (box / "new" / "1").exists()
    assert house.services.ingest_reports(box) == Ingested(read=1, recorded=1)
    assert (box / "cur" / "1:2,S").exists()
    assert house.services.ingest_reports(box) == Ingested()


def polling(house: House, open_inbox: Callable[[], Inbox], clock: list[float]) -> Any:
    brought: list[Ingested] = []
    job = Polling(house.services.reports, open_inbox, brought.append, clock=lambda: clock[0])
    return lambda: job(threading.Event()), brought


def test_the_mailbox_is_looked_into_once_a_minute(house: House, issue: Issue) -> None:
    with ImapServer([gone(to=verp(house, issue))]) as server:
        clock = [0.0]
        look, brought = polling(house, lambda: ImapInbox(imap_server(server.url())), clock)
        assert look() is None
        server.messages.append(reply())
        assert look() is None
        assert brought == [Ingested(read=1, recorded=1)]
        clock[0] += EVERY
        assert look() is None
        assert brought[1:] == [Ingested(read=1, ignored=1)]
        assert server.seen == {1, 2}


def test_a_mailbox_that_is_away_is_said_once_and_asked_less_and_less(house: House) -> None:
    with ImapServer() as server:
        url = server.url()
    clock, asked = [0.0], []

    def open_inbox() -> Inbox:
        asked.append(clock[0])
        return ImapInbox(imap_server(url))

    look, _ = polling(house, open_inbox, clock)
    said = []
    while clock[0] < 4 * LONGEST:
        said.append(look())
        clock[0] += EVERY
    assert ["cannot be read" in str(each) for each in said if each is not None] == [True]
    gaps = [later - earlier for earlier, later in pairwise(asked)]
    assert gaps == sorted(gaps)
    assert (gaps[0], gaps[-1]) == (2 * EVERY, LONGEST)


def test_whoever_stops_leaves_the_rest_for_later(house: House, issue: Issue) -> None:
    with ImapServer([gone(to=verp(house, issue))] * 12) as server:
        stop = threading.Event()

        class Impatient(ImapInbox):
            def put_away(self, pieces: Any) -> None:
                super().put_away(pieces)
                stop.set()

        brought: list[Ingested] = []
        opened = lambda: Impatient(imap_server(server.url()))  # noqa: E731
        Polling(house.services.reports, opened, brought.append)(stop)
        assert brought == [Ingested(read=10, recorded=1, repeated=9)]
        assert sum("BODY.PEEK" in command for command in server.commands) == 10
        assert len(server.seen) == 10


def test_the_address_that_a_copy_is_sent_from_leads_back_to_it(house: House, issue: Issue) -> None:
    """Requirement 17, from where the address is made to where it comes back."""
    number = house.delivery(issue, DSL)
    signer, bounces = house.services.signer, "bounces@school.example"
    addressing = Addressing(signer, "https://x.example", [], bounces_to=bounces)
    copy = addressing.copy(
        delivery_id=number, subscriber_id=1, email=DSL, name="", organisation="",
        roles=frozenset(), domain="school.example",
    )  # fmt: skip
    assert copy.bounces_to.startswith("bounces+")
    assert ingest(house, gone(to=copy.bounces_to)).recorded == 1
    assert ingest(house, arf("Feedback-Type: abuse", original=[f"Message-ID: {copy.message_id}"]))
    found = copy_of(house, issue)
    assert (found.state, found.complained) == ("bounced_hard", True)


def test_counts_of_several_looks_add_up() -> None:
    one = Ingested(read=6, recorded=1, repeated=1, unmatched=1, ignored=2, unreadable=1)
    assert one + one == replace(
        one, read=12, recorded=2, repeated=2, unmatched=2, ignored=4, unreadable=2
    )


def test_a_folder_that_is_no_maildir_is_said(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="no Maildir"):
        open_path(tmp_path)
