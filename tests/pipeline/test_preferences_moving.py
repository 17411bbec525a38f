"""A reader's bulletin goes to another address: once, confirmed from there, and to nobody else's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bulletin.errors import InvalidInput, Refused
from bulletin.models.deliveries import DeliveryState, Outcome, Receipt
from bulletin.models.pace import NO_LIMITS
from bulletin.models.people import Subscriber, SubscriberKind, SuppressionReason
from bulletin.models.requests import CONFIRM_WITHIN, KEEP_LETTERS, LetterKind
from bulletin.pipeline.asking import Asking
from bulletin.pipeline.erasing import erase
from bulletin.pipeline.moving import BACK, MOVE, Move, MoveState, Moving
from bulletin.pipeline.preferences import Preferences
from bulletin.store.ledger import Taken, Verdict
from bulletin.store.store import Transaction
from bulletin.tokens import Purpose, TokenSigner

if TYPE_CHECKING:
    from desks import Desk

LONDON = ZoneInfo("Europe/London")
SIGNER = TokenSigner("x" * 40)
OLD, NEW = "old@school.example", "new@school.example"


@dataclass
class Doors:
    """What the pages call, over a desk's store."""

    desk: Desk

    def __post_init__(self) -> None:
        store = self.desk.store
        asking = Asking(store, per_hour=1000, per_client=1000, zone=LONDON)
        self.preferences = Preferences(store, SIGNER, asking, LONDON)
        self.moving = Moving(store, SIGNER, LONDON)

    def ask(self, address: str = NEW, *, of: str = OLD) -> str:
        """Ask for another address. Returns the token that the letter to it holds."""
        with self.desk.store.read() as tx:
            number = tx.subscribers.by_email(of).id
        link = SIGNER.sign(Purpose.PREFERENCES, number)
        assert self.preferences.ask_to_move(link, address, "192.0.2.1") is not None
        with self.desk.store.read() as tx:
            return SIGNER.sign(Purpose.CHANGE_ADDRESS, len(self.requests()))

    def moved(self, address: str = NEW, *, of: str = OLD) -> str:
        """Move a reader. Returns the token that the letter to the address they left holds."""
        assert state(self.moving.confirm(self.ask(address, of=of))) is MoveState.DONE
        with self.desk.store.read() as tx:
            number = next(number for number in range(50, 0, -1) if tx.letters.get(number))
            letter = tx.letters.get(number)
        assert letter is not None
        assert (letter.kind, letter.email) == (LetterKind.MOVED_AWAY, of)
        return SIGNER.sign(Purpose.MOVE_BACK, number)

    def requests(self) -> list[int]:
        with self.desk.store.read() as tx:
            return [number for number in range(1, 50) if tx.requests.get(number)]

    def person(self, email: str) -> Subscriber | None:
        with self.desk.store.read() as tx:
            return tx.subscribers.by_email(email) if tx.subscribers.has(email) else None

    def consents(self, email: str) -> list[tuple[str, str]]:
        with self.desk.store.read() as tx:
            return [(action, basis) for _, action, basis, _ in tx.consents.history(email)]

    def suppress(self, email: str, reason: SuppressionReason) -> None:
        with self.desk.store.write() as tx:
            tx.suppressions.add(email, reason, self.desk.clock())


@pytest.fixture
def doors(desk: Desk) -> Doors:
    desk.enrol((OLD, "dsl", "governor"))
    return Doors(desk)


def state(move: Move | None) -> MoveState:
    assert move is not None
    return move.state


def at_once(*acts: Callable[[], Move | None]) -> list[MoveState]:
    """All at the same moment, each on a connection of its own."""
    start = threading.Barrier(len(acts))

    def act(one: Callable[[], Move | None]) -> MoveState:
        start.wait()
        return state(one())

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def test_a_confirmed_address_is_the_readers_with_all_that_they_chose(doors: Doors) -> None:
    """Requirement 37: the new address's consent, with its words; the old one's withdrawal."""
    token = doors.ask()
    assert doors.moving.look(token) == Move(MoveState.READY, NEW)
    assert doors.person(NEW) is None
    assert doors.moving.confirm(token) == Move(MoveState.DONE, NEW)
    moved = doors.person(NEW)
    assert moved is not None
    assert moved.roles == {"dsl", "governor"}
    assert moved.consent_basis == "moved from another address, confirmed"
    assert doors.person(OLD) is None
    assert doors.consents(NEW) == [("given", "moved from another address, confirmed")]
    assert doors.consents(OLD) == [("withdrawn", "moved to another address")]
    with doors.desk.store.read() as tx:
        assert tx.holdings.of(moved)["consents"][0]["wording"] == MOVE


@pytest.mark.parametrize(
    ("new", "kind"),
    [
        ("head@school.example", SubscriberKind.CORPORATE),
        ("head@home.example", None),
        ("head@notschool.example", None),
    ],
)
def test_an_address_at_another_place_is_not_taken_for_the_schools(
    doors: Doors, new: str, kind: SubscriberKind | None
) -> None:
    """Requirement 34: what an address belongs to is unknown until somebody says so."""
    doors.moving.confirm(doors.ask(new))
    moved = doors.person(new)
    assert moved is not None
    assert moved.kind is kind


def test_copies_that_still_wait_go_to_the_new_address(doors: Doors) -> None:
    reference = doors.desk.approved(readers=0)
    doors.desk.planning.start(reference, None, "test")
    doors.moving.confirm(doors.ask())
    with doors.desk.store.write() as tx:
        now = tx.lease_clock()
        claim = tx.ledger.claim(1, "here:1", now, timedelta(minutes=1))
        assert claim is not None
        pace = tx.pace(NO_LIMITS, now, now.date())
        taken = tx.ledger.take(claim, 10, timedelta(minutes=1), pace).copies
    assert [copy.email for copy in taken] == [NEW]


def test_two_presses_at_once_move_the_reader_once(doors: Doors) -> None:
    token = doors.ask()
    again = doors.ask()
    assert (
        at_once(*(partial(doors.moving.confirm, each) for each in (token, again) * 3))
        == [MoveState.DONE] * 6
    )
    assert doors.consents(NEW) == [("given", "moved from another address, confirmed")]
    with doors.desk.store.read() as tx:
        done = [action for _, _, action, _ in tx.audit.history("subscriber:1")]
    assert done == ["subscriber.move"]


def test_of_two_readers_who_confirm_the_same_address_at_once_one_gets_it(doors: Doors) -> None:
    for number in range(5):
        mine, yours = f"a{number}@school.example", f"b{number}@school.example"
        wanted = f"shared{number}@school.example"
        doors.desk.enrol((mine, "dsl"), (yours, "dsl"))
        first, second = doors.ask(wanted, of=mine), doors.ask(wanted, of=yours)
        ends = at_once(*(partial(doors.moving.confirm, token) for token in (first, second)))
        assert sorted(ends) == [MoveState.DONE, MoveState.TAKEN]
        assert doors.person(wanted) is not None
        assert sum(doors.person(email) is not None for email in (mine, yours)) == 1


def test_a_move_that_comes_too_late_leaves_its_transaction_whole(doors: Doors) -> None:
    now = doors.desk.clock()
    doors.desk.enrol((NEW, "senco"))
    with doors.desk.store.write() as tx:
        reader = tx.subscribers.by_email(OLD)
        assert tx.subscribers.move(reader, NEW, "test", now, today=now.date()) is None
        tx.subscribers.set_roles(reader.id, tx.roles.set_id(["chair"]), now)
    kept = doors.person(OLD)
    assert kept is not None
    assert kept.roles == {"chair"}


@pytest.mark.parametrize(
    ("later", "end"), [(CONFIRM_WITHIN, "done"), (CONFIRM_WITHIN + timedelta(seconds=1), "expired")]
)
def test_the_link_works_for_seven_days(doors: Doors, later: timedelta, end: str) -> None:
    token = doors.ask()
    doors.desk.clock.now += later
    assert state(doors.moving.look(token)) == ("ready" if end == "done" else "expired")
    assert state(doors.moving.confirm(token)) == end
    assert (doors.person(NEW) is not None) == (end == "done")


def test_a_link_that_was_used_never_moves_the_reader_back(doors: Doors) -> None:
    first = doors.ask()
    doors.moving.confirm(first)
    doors.moving.confirm(doors.ask("third@school.example", of=NEW))
    assert state(doors.moving.confirm(first)) is MoveState.EXPIRED
    assert doors.person("third@school.example") is not None


def test_whoever_owns_a_mistyped_address_cannot_take_the_bulletin_later(doors: Doors) -> None:
    """The last address that a reader asked for is the one that counts."""
    wrong = doors.ask("typo@elsewhere.example")
    right = doors.ask()
    assert state(doors.moving.confirm(wrong)) is MoveState.EXPIRED
    assert state(doors.moving.confirm(right)) is MoveState.DONE
    assert state(doors.moving.confirm(wrong)) is MoveState.EXPIRED
    assert doors.person(NEW) is not None


def test_asking_for_the_same_address_again_leaves_the_first_letters_link_good(
    doors: Doors,
) -> None:
    """Requirement 71: there is one letter a day, so its link must go on working."""
    first = doors.ask()
    doors.ask("typo@elsewhere.example")
    doors.ask()
    assert state(doors.moving.confirm(first)) is MoveState.DONE


@pytest.mark.parametrize(
    "reason", sorted(set(SuppressionReason) - {SuppressionReason.UNSUBSCRIBED})
)
def test_an_address_that_must_not_be_mailed_cannot_be_moved_to(
    doors: Doors, reason: SuppressionReason
) -> None:
    """Requirement 41: no form brings back what was suppressed."""
    token = doors.ask()
    doors.suppress(NEW, reason)
    assert doors.moving.confirm(token) == Move(MoveState.TAKEN, NEW)
    assert doors.person(OLD) is not None
    assert doors.consents(NEW) == []


def test_an_address_that_somebody_else_has_by_now_cannot_be_moved_to(doors: Doors) -> None:
    token = doors.ask()
    doors.desk.enrol((NEW, "senco"))
    assert state(doors.moving.look(token)) is MoveState.TAKEN
    assert state(doors.moving.confirm(token)) is MoveState.TAKEN
    assert doors.person(OLD) is not None
    kept = doors.person(NEW)
    assert kept is not None
    assert kept.roles == {"senco"}


def test_an_address_that_had_left_comes_back_by_its_own_press(doors: Doors) -> None:
    token = doors.ask()
    doors.suppress(NEW, SuppressionReason.UNSUBSCRIBED)
    assert state(doors.moving.confirm(token)) is MoveState.DONE
    with doors.desk.store.read() as tx:
        assert tx.suppressions.reason(NEW) is None


@pytest.mark.parametrize(
    "reason",
    [SuppressionReason.COMPLAINT, SuppressionReason.OBJECTION, SuppressionReason.MANUAL],
)
def test_an_objection_is_not_got_round_by_another_address(
    doors: Doors, reason: SuppressionReason
) -> None:
    """Requirement 35."""
    token = doors.ask()
    doors.suppress(OLD, reason)
    assert state(doors.moving.confirm(token)) is MoveState.TAKEN
    with pytest.raises(Refused):
        doors.ask("another@school.example")


def test_an_address_that_bounced_can_be_left_for_another(doors: Doors) -> None:
    doors.suppress(OLD, SuppressionReason.HARD_BOUNCE)
    assert state(doors.moving.confirm(doors.ask())) is MoveState.DONE


def test_asking_leaves_the_same_traces_whether_an_address_is_known_or_not(doors: Doors) -> None:
    """Requirement 61."""
    doors.desk.enrol(("known@school.example", "dsl"))
    doors.ask("known@school.example")
    doors.ask("nobody@school.example")
    with doors.desk.store.read() as tx:
        known, unknown = tx.requests.get(1), tx.requests.get(2)
        reader = tx.subscribers.by_email(OLD)
        written = tx.holdings.of(reader)["letters"]
    assert known is not None
    assert unknown is not None
    assert (known.kind, known.subscriber_id) == (unknown.kind, unknown.subscriber_id)
    assert [letter["kind"] for letter in written] == ["confirm_address"] * 2


@pytest.mark.parametrize(
    "address", ["", "no", "a@b\r\nBcc: c@d.example", "<script>@x", OLD, OLD.upper(), "a" * 5000]
)
def test_what_is_no_address_or_no_other_one_is_refused(doors: Doors, address: str) -> None:
    with pytest.raises(InvalidInput):
        doors.ask(address)
    assert doors.requests() == []


def test_whoever_did_not_move_takes_it_back_from_the_old_address(doors: Doors) -> None:
    """A copy gets forwarded, and with it the link to the preferences."""
    back = doors.moved()
    assert doors.moving.look_back(back) == Move(MoveState.READY, OLD)
    assert doors.person(OLD) is None
    assert at_once(*[partial(doors.moving.take_back, back)] * 4) == [MoveState.DONE] * 4
    found = doors.person(OLD)
    assert found is not None
    assert (found.id, found.roles) == (3, {"dsl", "governor"})
    assert doors.person(NEW) is None
    assert [action for action, _ in doors.consents(OLD)] == ["withdrawn", "given"]
    assert [action for action, _ in doors.consents(NEW)] == ["given", "withdrawn"]
    with doors.desk.store.read() as tx:
        held = tx.holdings.of(found)
    assert BACK in {consent["wording"] for consent in held["consents"]}
    assert [row["action"] for row in held["audit"]] == ["subscriber.move"] * 2


@pytest.mark.parametrize("said_at", [OLD, NEW])
@pytest.mark.parametrize("said", [SuppressionReason.COMPLAINT, SuppressionReason.OBJECTION])
def test_taking_it_back_gets_round_no_objection(
    doors: Doors, said_at: str, said: SuppressionReason
) -> None:
    """Requirement 35, at either address."""
    back = doors.moved()
    doors.suppress(said_at, said)
    assert doors.moving.look_back(back) == Move(MoveState.TAKEN, OLD)
    assert doors.moving.take_back(back) == Move(MoveState.TAKEN, OLD)
    assert doors.person(NEW) is not None


def test_a_copy_that_failed_is_tried_again_at_the_new_address_with_its_links(doors: Doors) -> None:
    desk, lease = doors.desk, timedelta(minutes=1)
    desk.planning.start(desk.approved(readers=0), None, "test")

    def take(tx: Transaction) -> Taken:
        now = tx.lease_clock()
        claim = tx.ledger.claim(1, "here:1", now, lease)
        assert claim is not None
        pace = tx.pace(NO_LIMITS, now, now.date())
        (taken,) = tx.ledger.take(claim, 10, lease, pace).copies
        failed = Receipt(taken.delivery_id, Outcome.FAILED, "550")
        tx.ledger.record([Verdict(failed, taken.take)], now)
        tx.ledger.finish(claim, now)
        return taken

    def again(tx: Transaction) -> int:
        today = tx.lease_clock().date()
        return tx.missed.prepare_again(1, [DeliveryState.FAILED], today=today)[DeliveryState.FAILED]

    with desk.store.write() as tx:
        assert (take(tx).email, again(tx)) == (OLD, 1)
    doors.moving.confirm(doors.ask())
    with desk.store.write() as tx:
        second = take(tx)
        assert (second.email, second.subscriber_id) == (NEW, tx.subscribers.by_email(NEW).id)


def test_it_is_taken_back_from_wherever_it_went_since(doors: Doors) -> None:
    back = doors.moved()
    doors.moved("third@school.example", of=NEW)
    assert state(doors.moving.take_back(back)) is MoveState.DONE
    assert doors.person(OLD) is not None


def test_it_is_taken_back_once(doors: Doors) -> None:
    back = doors.moved()
    doors.moving.take_back(back)
    doors.moved("third@school.example")
    assert state(doors.moving.take_back(back)) is MoveState.EXPIRED
    assert doors.person("third@school.example") is not None


@pytest.mark.parametrize(
    ("later", "end"), [(KEEP_LETTERS, "done"), (KEEP_LETTERS + timedelta(seconds=1), "expired")]
)
def test_it_is_taken_back_for_as_long_as_letters_are_kept(
    doors: Doors, later: timedelta, end: str
) -> None:
    token = doors.ask()
    doors.desk.clock.now += CONFIRM_WITHIN  # the request is as old as it can be
    doors.moving.confirm(token)
    with doors.desk.store.read() as tx:
        number = max(number for number in range(1, 9) if tx.letters.get(number))
    doors.desk.clock.now += later
    with doors.desk.store.write() as tx:
        kept_since = doors.desk.clock() - KEEP_LETTERS
        tx.letters.forget(kept_since)
        tx.requests.forget(unconfirmed=doors.desk.clock(), confirmed=kept_since)
    assert state(doors.moving.take_back(SIGNER.sign(Purpose.MOVE_BACK, number))) == end


def test_an_old_address_that_somebody_else_has_by_now_is_theirs(doors: Doors) -> None:
    back = doors.moved()
    doors.desk.enrol(("lee@school.example", "senco"))
    with doors.desk.store.write() as tx:
        now = doors.desk.clock()
        lee = tx.subscribers.by_email("lee@school.example")
        assert tx.subscribers.move(lee, OLD, "test", now, today=now.date())
    assert doors.moving.take_back(back) == Move(MoveState.TAKEN, OLD)
    assert doors.person(NEW) is not None


@pytest.mark.parametrize("purpose", [each for each in Purpose if each is not Purpose.MOVE_BACK])
def test_a_token_for_anything_else_takes_nothing_back(doors: Doors, purpose: Purpose) -> None:
    """Requirement 70."""
    doors.moved()
    for number in (1, 2):
        assert doors.moving.look_back(SIGNER.sign(purpose, number)) is None
        assert doors.moving.take_back(SIGNER.sign(purpose, number)) is None
    assert doors.person(NEW) is not None


def test_the_letter_that_asks_to_confirm_takes_nothing_back(doors: Doors) -> None:
    """Letter 1 asked the new address; only letter 2 went to the old one."""
    doors.moved()
    asked = SIGNER.sign(Purpose.MOVE_BACK, 1)
    assert doors.moving.take_back(asked) == Move(MoveState.EXPIRED)
    assert doors.person(NEW) is not None


def test_the_link_of_somebody_erased_moves_nobody(doors: Doors) -> None:
    token = doors.ask()
    with doors.desk.store.write() as tx:
        erase(tx, OLD, "reader", doors.desk.clock())
    assert doors.moving.confirm(token) == Move(MoveState.EXPIRED)
    assert doors.person(NEW) is None
