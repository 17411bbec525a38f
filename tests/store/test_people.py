"""People on the list: brought in whole, merged with care, and never brought back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stored import NOON, enrol, person

from bulletin.errors import NotFound
from bulletin.models.items import Nation
from bulletin.models.people import ImportResult, SubscriberDraft, SuppressionReason
from bulletin.models.segments import AllOf, AnyOf, Condition, Everybody, Not, SegmentField
from bulletin.store.store import Store


def bring_in(store: Store, *people: SubscriberDraft, stated: bool = False) -> ImportResult:
    with store.write() as tx:
        return tx.roster_import(NOON, "test").run((draft, stated) for draft in people)


def test_an_import_counts_what_it_created_updated_and_left_alone(store: Store) -> None:
    bring_in(store, person("a@school.example"), person("b@school.example"))
    again = bring_in(
        store,
        person("a@school.example"),
        person("b@school.example", "governor"),
        person("c@school.example"),
    )
    assert (again.read, again.created, again.updated, again.unchanged) == (3, 1, 1, 1)


def test_a_blank_cell_leaves_what_was_known(store: Store) -> None:
    bring_in(
        store,
        person(
            "a@school.example", name="Ada Example", organisation="Oak School", urn="100001",
            nation=Nation.WALES, consent_basis="form", consent_date=date(2026, 1, 2),
        ),
    )  # fmt: skip
    bring_in(store, person("a@school.example", "governor"))
    with store.read() as tx:
        kept = tx.subscribers.by_email("A@school.example ")
    assert (kept.name, kept.organisation, kept.nation) == ("Ada Example", "Oak School", "Wales")
    assert (kept.roles, kept.consent_date) == (frozenset({"governor"}), date(2026, 1, 2))


def test_a_suppressed_address_cannot_be_brought_back_by_an_import(store: Store) -> None:
    """Requirement 41."""
    bring_in(store, person("a@school.example"))
    with store.write() as tx:
        tx.suppressions.add("a@school.example", SuppressionReason.ERASED, NOON)
        tx.erasure.person(tx.subscribers.by_email("a@school.example"), NOON)
    result = bring_in(store, person("A@School.example".lower()), person("b@school.example"))
    assert (result.suppressed, result.created) == (1, 1)
    with store.read() as tx:
        assert tx.subscribers.count() == 1
        assert [each.email for each in tx.suppressions.list_suppressions()] == ["(erased)"]
        with pytest.raises(NotFound):
            tx.subscribers.by_email("a@school.example")


def test_a_consent_stated_at_import_never_replaces_a_recorded_one(store: Store) -> None:
    bring_in(store, person("a@school.example", kind=None, consent_basis="signed form"))
    bring_in(store, person("a@school.example", kind=None, consent_basis="stated"), stated=True)
    with store.read() as tx:
        assert tx.subscribers.by_email("a@school.example").consent_basis == "signed form"
        assert len(tx.consents.history("a@school.example")) == 1


def test_an_undone_import_leaves_no_trace(store: Store) -> None:
    with store.write() as tx:
        result = tx.roster_import(NOON, "test").run([(person("a@school.example"), False)])
        tx.undo()
    assert result.created == 1
    with store.read() as tx:
        assert tx.subscribers.count() == 0


def test_schools_are_told_apart_by_urn_and_name(store: Store) -> None:
    enrol(
        store,
        [
            person("a@oak.example", organisation="Oak School", urn="100001", phase="primary"),
            person("b@oak.example", organisation="Oak School", urn="100001"),
            person("c@oak.example", organisation="Oak School", urn="100002"),
        ],
    )
    with store.read() as tx:
        phases = [each.phase for each in tx.subscribers.stream()]
    assert phases == ["primary", "primary", ""]


PEOPLE = [
    person("a@oak.example", "dsl", organisation="Oak", nation=Nation.ENGLAND, phase="primary"),
    person("b@oak.example", "dsl", "governor", organisation="Oak", nation=Nation.WALES),
    person("c@elm.example", "governor", organisation="Elm", phase="secondary"),
    person("d@lone.example", "senco"),
]

conditions = st.one_of(
    st.builds(
        Condition,
        st.just(SegmentField.ROLE),
        st.lists(st.sampled_from(["dsl", "governor", "senco"]), min_size=1).map(tuple),
    ),
    st.builds(
        Condition,
        st.just(SegmentField.NATION),
        st.lists(st.sampled_from(["England", "Wales"]), min_size=1).map(tuple),
    ),
    st.builds(Condition, st.just(SegmentField.PHASE), st.just(("primary",))),
    st.builds(Condition, st.just(SegmentField.ORGANISATION), st.sampled_from([("Oak",), ("Elm",)])),
    st.builds(Condition, st.just(SegmentField.EMAIL_DOMAIN), st.just(("oak.example",))),
)
trees = st.recursive(
    st.one_of(conditions, st.just(Everybody())),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(AllOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


def picks(tree: object, who: SubscriberDraft) -> bool:
    """What a segment means, said once more without SQL."""
    match tree:
        case Everybody():
            return True
        case Not(child):
            return not picks(child, who)
        case AllOf(children):
            return all(picks(child, who) for child in children)
        case AnyOf(children):
            return any(picks(child, who) for child in children)
        case Condition(field, values):
            facts = {
                SegmentField.ROLE: set(who.roles),
                SegmentField.NATION: {who.nation},
                SegmentField.PHASE: {who.phase},
                SegmentField.ORGANISATION: {who.organisation},
                SegmentField.EMAIL_DOMAIN: {who.email.rpartition("@")[2]},
            }
            return not facts[field].isdisjoint(values)
    raise AssertionError(tree)


def test_a_segment_in_sql_picks_whom_its_tree_says(store: Store) -> None:
    """Requirement 60: no text reaches SQL, and Not is exact where a fact is unknown."""
    # An organisation has one phase: the second person of Oak shares the first's.
    enrol(store, PEOPLE)

    @settings(max_examples=60)
    @given(trees)
    def check(tree: AllOf) -> None:
        with store.read() as tx:
            counted = tx.segments.count(tree)
        assert counted == sum(picks(tree, who) for who in SHARED)

    check()


SHARED = [
    PEOPLE[0],
    person("b@oak.example", "dsl", "governor", organisation="Oak", nation=Nation.WALES,
           phase="primary"),
    *PEOPLE[2:],
]  # fmt: skip


@pytest.mark.parametrize("hostile", ["' OR 1=1 --", "%", "_", "\\", "x'; DROP TABLE subscribers;"])
def test_a_hostile_value_is_only_a_value(store: Store, hostile: str) -> None:
    """Requirement 60."""
    enrol(store, PEOPLE)
    with store.read() as tx:
        for field in SegmentField:
            assert tx.segments.count(Condition(field, (hostile,))) == 0
        assert tx.subscribers.count() == len(PEOPLE)
