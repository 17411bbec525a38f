"""Erasing takes a person out of every table; leaving works however many press at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from bulletin.errors import InvalidInput, NotFound
from bulletin.models.deliveries import Outcome, Receipt
from bulletin.models.pace import NO_LIMITS
from bulletin.models.people import SubscriberDraft, SubscriberKind, SuppressionReason
from bulletin.pipeline.acknowledge import Acknowledging
from bulletin.pipeline.asking import Asking
from bulletin.pipeline.enrol import Enrolment
from bulletin.pipeline.erasing import erase
from bulletin.pipeline.preferences import Preferences
from bulletin.pipeline.record import Recording
from bulletin.store.ledger import Verdict
from bulletin.store.tables import (
    acknowledgements,
    deliveries,
    events,
    metadata,
    role_sets,
    suppressions,
)
from bulletin.tokens import Purpose, TokenSigner

if TYPE_CHECKING:
    from desks import Desk

LONDON = ZoneInfo("Europe/London")
SIGNER = TokenSigner("x" * 40)
EMAIL, NAME = "gwen@school.example", "Gwenllian Example"
LEASE = timedelta(minutes=1)
LINK = SIGNER.sign(Purpose.PREFERENCES, 1)


@dataclass
class Doors:
    """What the pages and the command line call, over a desk's store."""

    desk: Desk

    def __post_init__(self) -> None:
        store = self.desk.store
        asking = Asking(store, per_hour=1000, per_client=1000, zone=LONDON)
        self.preferences = Preferences(store, SIGNER, asking, LONDON)
        self.enrolment = Enrolment(store, LONDON)
        self.recording = Recording(store, SIGNER)

    def erase(self) -> None:
        """As the reader's own button does, once their mailbox has confirmed it."""
        with self.desk.store.write() as tx:
            erase(tx, EMAIL, "reader", self.desk.clock())

    def draft(self) -> SubscriberDraft:
        return SubscriberDraft(
            EMAIL, ("headteacher",), NAME, organisation="Oak School", kind=SubscriberKind.CORPORATE
        )


@pytest.fixture
def doors(desk: Desk) -> Doors:
    made = Doors(desk)
    made.enrolment.add(made.draft(), "test")
    return made


def fill_every_table(doors: Doors) -> None:
    """Give the reader a trace wherever one can be."""
    desk = doors.desk
    desk.planning.start(desk.approved(readers=1), None, "test")
    doors.preferences.choose_roles(LINK, ["headteacher"])
    doors.preferences.ask_to_move(LINK, "other@school.example", "192.0.2.1")
    Acknowledging(desk.store, SIGNER).acknowledge(SIGNER.sign(Purpose.ACKNOWLEDGE, 1))
    now = desk.clock()
    with desk.store.write() as tx:
        organisation = tx.subscribers.by_email(EMAIL)
        number = tx.evidence.organisations()[0].id
        tx.report_links.add(number, EMAIL, "test", now)
        tx.suppressions.add(EMAIL, SuppressionReason.HARD_BOUNCE, now, detail=f"<{EMAIL}> unknown")
        tx.consents.record(EMAIL, "given", "form", "reader", now)
        claim = tx.ledger.claim(1, "here:1", now, LEASE)
        assert claim is not None
        assert organisation.organisation == "Oak School"
        tx._connection.execute(
            insert(events).values(
                provider="test", event_id="1", kind="bounced", delivery_id=1,
                occurred_at=now, received_at=now, raw={"email": EMAIL},
            )
        )  # fmt: skip


def everything(desk: Desk) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    with desk.store.read() as tx:
        return {
            table.name: [repr(tuple(row)) for row in tx._connection.execute(select(table))]
            for table in metadata.sorted_tables
        }


def tables_that_name_them(desk: Desk) -> set[str]:
    wanted = (EMAIL, NAME, "Gwenllian", "other@school.example")
    return {
        table
        for table, rows in everything(desk).items()
        if any(word in row for row in rows for word in wanted)
    }


def test_after_erasing_no_table_names_the_person(doors: Doors) -> None:
    """Requirement 41: only a keyed hash remains; what was acknowledged stays, of nobody."""
    fill_every_table(doors)
    assert tables_that_name_them(doors.desk) == {
        "subscribers", "deliveries", "acknowledgements", "requests", "letters", "report_links",
        "suppressions", "events",
    }  # fmt: skip
    before = {table: len(rows) for table, rows in everything(doors.desk).items()}
    doors.erase()
    assert tables_that_name_them(doors.desk) == set()
    after = {table: len(rows) for table, rows in everything(doors.desk).items()}
    assert {table for table in after if after[table] < before[table]} == {
        "subscribers", "requests", "letters",
    }  # fmt: skip
    with doors.desk.store.read() as tx:
        assert tx.suppressions.reason(EMAIL) is SuppressionReason.ERASED
        link = tx.report_links.get(1)
        assert link is not None
        assert link.revoked_at == doors.desk.clock()


def test_after_erasing_nothing_leads_to_what_the_person_was(doors: Doors) -> None:
    """In a school "headteacher" is a name: no copy and no acknowledgement says who it was for."""
    fill_every_table(doors)
    doors.preferences.choose_nation(LINK, "Wales")
    doors.erase()
    with doors.desk.store.read() as tx:
        roles = {row.id: row.role_keys for row in tx._connection.execute(select(role_sets))}
        sent = tx._connection.execute(select(deliveries)).all()
        (seen,) = tx._connection.execute(select(acknowledgements)).all()
    told = {(each.subscriber_id, roles[each.role_set_id], each.nation) for each in sent}
    assert (None, "", "") in told
    assert not any("headteacher" in keys for _, keys, _ in told)
    assert (seen.role_keys, seen.nation, seen.edition) == ("", "", 0)


def test_an_admin_and_the_reader_erase_alike(doors: Doors) -> None:
    fill_every_table(doors)
    doors.enrolment.forget(EMAIL, "admin")
    assert tables_that_name_them(doors.desk) == set()


def test_a_copy_in_hand_does_not_bring_the_address_back(doors: Doors) -> None:
    """What the other side says of it comes after the erasure, and quotes the address."""
    desk = doors.desk
    desk.planning.start(desk.approved(readers=0), None, "test")
    with desk.store.write() as tx:
        claim = tx.ledger.claim(1, "here:1", desk.clock(), LEASE)
        assert claim is not None
        pace = tx.pace(NO_LIMITS, desk.clock(), desk.clock().date())
        (taken,) = tx.ledger.take(claim, 10, LEASE, pace).copies
    doors.erase()
    with desk.store.write() as tx:
        said = Receipt(taken.delivery_id, Outcome.FAILED, f"550 <{EMAIL}> unknown")
        tx.ledger.record([Verdict(said, taken.take)], desk.clock())
    assert tables_that_name_them(desk) == set()
    assert desk.reporting.status("december")[1].failed == 1


def test_nothing_brings_an_erased_person_back(doors: Doors) -> None:
    """Requirement 41: no import, no link, no undo."""
    leave = SIGNER.sign(Purpose.UNSUBSCRIBE, 1)
    doors.recording.unsubscribe(leave)
    doors.erase()
    with pytest.raises(InvalidInput, match="suppressed"):
        doors.enrolment.add(doors.draft(), "test")
    assert doors.recording.resubscribe(leave) is None
    assert doors.preferences.rejoin(LINK) is None
    assert doors.recording.unsubscribe(leave)
    with doors.desk.store.write() as tx:
        assert not tx.suppressions.remove(EMAIL, SuppressionReason.UNSUBSCRIBED)
        assert tx.suppressions.reason(EMAIL) is SuppressionReason.ERASED
        assert not tx.subscribers.has(EMAIL)


def test_what_an_address_asked_for_without_joining_can_be_forgotten(doors: Doors) -> None:
    doors.preferences.ask_to_move(LINK, "other@school.example", "192.0.2.1")
    doors.enrolment.forget("other@school.example", "admin")
    with doors.desk.store.read() as tx:
        assert tx.requests.get(1) is None
        assert tx.suppressions.reason("other@school.example") is SuppressionReason.ERASED
    with pytest.raises(NotFound):
        doors.enrolment.forget("unheard-of@school.example", "admin")


def test_erasing_twice_is_as_good_as_once(doors: Doors) -> None:
    doors.erase()
    doors.erase()
    assert tables_that_name_them(doors.desk) == set()


def test_however_many_one_click_posts_come_at_once_each_is_answered(doors: Doors) -> None:
    """Requirement 12: a mail client and its person press in the same moment."""
    leave = SIGNER.sign(Purpose.UNSUBSCRIBE, 1)
    start = threading.Barrier(8)

    def press(_: int) -> bool:
        start.wait()
        return doors.recording.unsubscribe(leave)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(press, range(8)))
    with doors.desk.store.read() as tx:
        found = tx._connection.execute(select(suppressions.c.reason)).scalars().all()
    assert found == ["unsubscribed"]


def test_whoever_moved_is_gone_under_either_address(doors: Doors) -> None:
    """Copies and letters that went to the address before, and report links made out to it."""
    desk = doors.desk
    fill_every_table(doors)
    with desk.store.write() as tx:
        now, reader = desk.clock(), tx.subscribers.by_email(EMAIL)
        assert tx.subscribers.move(reader, "other@school.example", "moved", now, today=now.date())
    doors.enrolment.forget("other@school.example", "admin")
    assert tables_that_name_them(desk) == set()
    with desk.store.read() as tx:
        for address in (EMAIL, "other@school.example"):
            assert tx.suppressions.reason(address) is SuppressionReason.ERASED
