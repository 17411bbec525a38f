"""Facts that must not be lost on the way: why somebody left, where a school is, who is planned."""

from __future__ import annotations

import pytest
from stored import NOON, enrol, person

from bulletin.errors import Conflict, InvalidInput
from bulletin.models.issues import Visibility
from bulletin.models.people import SuppressionReason
from bulletin.models.segments import Condition, SegmentField
from bulletin.store.store import Store


def test_a_stronger_reason_replaces_a_weaker_one_and_never_the_other_way(store: Store) -> None:
    """Requirement 35: what a person said outlasts what a machine found."""
    with store.write() as tx:
        assert tx.suppressions.add("a@school.example", SuppressionReason.HARD_BOUNCE, NOON)
        assert tx.suppressions.add("a@school.example", SuppressionReason.OBJECTION, NOON)
        assert not tx.suppressions.add("a@school.example", SuppressionReason.UNSUBSCRIBED, NOON)
        assert not tx.suppressions.add("a@school.example", SuppressionReason.MANUAL, NOON)
        assert tx.suppressions.reason("a@school.example") is SuppressionReason.OBJECTION


def test_a_school_keeps_the_facts_that_any_of_its_rows_gives(store: Store) -> None:
    oak = {"organisation": "Oak", "urn": "100001"}
    enrol(store, [person("a@oak.example", **oak), person("b@oak.example", phase="primary", **oak)])
    with store.read() as tx:
        assert tx.segments.count(Condition(SegmentField.PHASE, ("Primary",))) == 2


@pytest.mark.parametrize("name", ["Ysgol Ŵyn", "Sgoil Èirinn", "ŁÓDŹ School"])
def test_a_segment_finds_a_school_whatever_its_letters(store: Store, name: str) -> None:
    enrol(store, [person("a@school.example", organisation=name)])
    with store.write() as tx:
        assert tx.segments.count(Condition(SegmentField.ORGANISATION, (name,))) == 1
        tx.segments.add(f"Staff of {name}", Condition(SegmentField.ORGANISATION, (name,)), NOON)
        assert tx.segments.get(f"Staff of {name}") == Condition(SegmentField.ORGANISATION, (name,))


def test_a_plan_in_which_somebody_would_vanish_is_refused_whole(store: Store) -> None:
    """Invariant 4: somebody whose roles change while the plan is made is not simply left out."""
    enrol(store, [person("a@school.example")])
    with pytest.raises(Conflict, match="list changed"):
        plan_without_editions(store)
    with store.read() as tx:
        assert tx.issues.list_issues() == []


def plan_without_editions(store: Store) -> None:
    with store.write() as tx:
        issue = tx.issues.add(
            slug="one", title="One", texts={}, visibility=Visibility.PRIVATE, actor="t", now=NOON
        )
        tx.planning.set_editions(issue.id, [])
        tx.planning.plan(issue.id, [], [], 1000, today=NOON.date())


def test_what_no_database_holds_is_refused_as_what_somebody_sent(store: Store) -> None:
    with pytest.raises(InvalidInput, match="too large"), store.read() as tx:
        tx.roster_files.get(2**70)
    with pytest.raises(InvalidInput, match="character"), store.write() as tx:
        tx.audit.record("half \ud800 of a character", "item.edit", "item:1", NOON)
