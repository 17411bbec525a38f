"""Why an address is barred: the strongest reason counts, and lifting it uncovers the others."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from stored import NOON

from bulletin.models.people import SuppressionReason
from bulletin.store.store import Store, Transaction
from bulletin.store.tables import suppressions

EMAIL = "a@school.example"
Reason = SuppressionReason
WEAKEST_FIRST = [
    Reason.MANUAL, Reason.SOFT_BOUNCE, Reason.HARD_BOUNCE, Reason.UNSUBSCRIBED, Reason.COMPLAINT,
    Reason.OBJECTION, Reason.ERASED,
]  # fmt: skip


def also(tx: Transaction) -> list[str]:
    kept = tx._connection.scalar(select(suppressions.c.also))
    return kept.split(";") if kept else []


def test_taking_an_unsubscribe_back_uncovers_what_was_under_it(store: Store) -> None:
    """Coming back proves neither that a mailbox exists nor that an admin changed their mind."""
    with store.write() as tx:
        tx.suppressions.add(EMAIL, Reason.MANUAL, NOON, detail="asked by telephone")
        tx.suppressions.add(EMAIL, Reason.UNSUBSCRIBED, NOON)
        tx.suppressions.add(EMAIL, Reason.HARD_BOUNCE, NOON)
        assert tx.suppressions.remove(EMAIL, Reason.UNSUBSCRIBED)
        assert tx.suppressions.reason(EMAIL) is Reason.HARD_BOUNCE
        assert also(tx) == ["manual"]
        assert tx.suppressions.list_suppressions()[0].detail == "asked by telephone"
        assert not tx.suppressions.remove(EMAIL, Reason.UNSUBSCRIBED)


def test_an_admin_lifts_all_reasons_at_once(store: Store) -> None:
    with store.write() as tx:
        tx.suppressions.add(EMAIL, Reason.MANUAL, NOON)
        tx.suppressions.add(EMAIL, Reason.COMPLAINT, NOON)
        assert tx.suppressions.remove(EMAIL)
        assert tx.suppressions.reason(EMAIL) is None
        assert not tx.suppressions.remove(EMAIL)


def test_of_who_is_erased_nothing_else_is_kept(store: Store) -> None:
    with store.write() as tx:
        tx.suppressions.add(EMAIL, Reason.HARD_BOUNCE, NOON, detail=f"<{EMAIL}> unknown")
        tx.suppressions.add(EMAIL, Reason.UNSUBSCRIBED, NOON)
        tx.erasure.address(EMAIL, NOON)
        assert not tx.suppressions.add(EMAIL, Reason.MANUAL, NOON, detail=EMAIL)
        (row,) = tx._connection.execute(select(suppressions)).all()
        assert (row.email, row.reason, row.detail, row.also) == (None, "erased", "", "")


def test_reasons_are_a_set_of_which_the_strongest_counts(store: Store) -> None:
    reasons = st.sampled_from(WEAKEST_FIRST[:-1])

    @settings(max_examples=40)
    @given(st.lists(reasons, min_size=1, max_size=8), reasons)
    def check(given_reasons: list[SuppressionReason], lifted: SuppressionReason) -> None:
        with store.write() as tx:
            tx._connection.execute(delete(suppressions))
            for number, reason in enumerate(given_reasons):
                before = given_reasons[:number]
                stronger = all(
                    map(WEAKEST_FIRST.index(reason).__gt__, map(WEAKEST_FIRST.index, before))
                )
                assert tx.suppressions.add(EMAIL, reason, NOON) == stronger
            held = sorted(set(given_reasons), key=WEAKEST_FIRST.index)
            assert tx.suppressions.reason(EMAIL) is held[-1]
            assert sorted(also(tx)) == sorted(held[:-1])
            assert tx.suppressions.remove(EMAIL, lifted) == (lifted in held)
            left = [each for each in held if each is not lifted]
            assert tx.suppressions.reason(EMAIL) is (left[-1] if left else None)
            assert sorted(also(tx)) == sorted(left[:-1])

    check()
