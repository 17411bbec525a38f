"""What a reader sees of an issue (invariant 3, requirement 57)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.composition import compose, restrict, sees
from bulletin.models.editions import PERSONAL, ReaderKind
from bulletin.models.issues import IssueContent, PlacedItem, Topic
from bulletin.models.items import Nation, Note
from example_issue import ROLE_KEYS, example_issue

ITEM = PlacedItem(id=1, title="A title", body="A body")
KINDS = st.builds(
    ReaderKind, st.frozensets(st.sampled_from(ROLE_KEYS)), st.none() | st.sampled_from(Nation)
)


def issue(*items: PlacedItem) -> IssueContent:
    return IssueContent(title="T", subject="S", topics=(Topic(key=7, title="News", items=items),))


def reader(*roles: str, nation: Nation | None = None) -> ReaderKind:
    return ReaderKind(frozenset(roles), nation)


def test_an_item_that_names_no_role_and_no_nation_is_for_everybody() -> None:
    assert sees(ITEM, reader())
    assert sees(ITEM, reader("governor", nation=Nation.WALES))


def test_an_item_for_roles_reaches_whoever_holds_one_of_them() -> None:
    item = replace(ITEM, roles=frozenset({"dsl", "governor"}))
    assert sees(item, reader("governor", "trustee"))
    assert not sees(item, reader("trustee"))
    assert not sees(item, reader())


@pytest.mark.parametrize(
    ("nation", "seen"), [(Nation.WALES, True), (Nation.SCOTLAND, False), (None, True)]
)
def test_a_nation_shuts_out_only_readers_known_to_be_elsewhere(
    nation: Nation | None, seen: bool
) -> None:
    item = replace(ITEM, only_nations=frozenset({Nation.WALES, Nation.ENGLAND}))
    assert sees(item, reader("dsl", nation=nation)) is seen


def test_an_item_must_fit_both_the_roles_and_the_nation() -> None:
    item = replace(ITEM, roles=frozenset({"dsl"}), only_nations=frozenset({Nation.WALES}))
    assert not sees(item, reader("dsl", nation=Nation.ENGLAND))
    assert not sees(item, reader("governor", nation=Nation.WALES))


def test_the_nations_an_item_is_about_shut_nobody_out() -> None:
    assert sees(replace(ITEM, nations=(Nation.WALES,)), reader(nation=Nation.SCOTLAND))


def test_an_edition_names_topic_item_and_the_note_lines_of_the_readers_own_roles() -> None:
    item = replace(ITEM, notes=(Note("dsl", "Do this."), Note("chair", "Do that.")))
    edition = compose(issue(item), reader("dsl", "governor"))
    assert edition.visible == {PERSONAL, "topic:7", "item:1", "note:1", "note:1:dsl"}
    assert edition.items == 1


def test_a_note_vanishes_when_no_line_of_it_is_for_the_reader() -> None:
    item = replace(ITEM, notes=(Note("chair", "Do that."),))
    assert compose(issue(item), reader("dsl")).visible == {PERSONAL, "topic:7", "item:1"}


def test_a_topic_vanishes_with_its_last_item() -> None:
    edition = compose(issue(replace(ITEM, roles=frozenset({"lado"}))), reader("dsl"))
    assert edition.visible == {PERSONAL}
    assert edition.items == 0


def test_readers_who_see_the_same_have_equal_editions() -> None:
    item = replace(ITEM, roles=frozenset({"dsl", "chair"}))
    assert compose(issue(item), reader("dsl")) == compose(issue(item), reader("chair", "senco"))


def test_two_roles_see_the_union_of_what_each_sees() -> None:
    whole = example_issue()
    both = compose(whole, reader("dsl", "governor")).visible
    assert (
        both == compose(whole, reader("dsl")).visible | compose(whole, reader("governor")).visible
    )


@given(KINDS)
def test_a_restricted_issue_holds_exactly_what_the_edition_names(kind: ReaderKind) -> None:
    whole = example_issue(12, 4)
    edition = compose(whole, kind)
    rest = restrict(whole, kind)
    assert compose(rest, kind) == edition
    assert sum(len(topic.items) for topic in rest.topics) == edition.items
    assert all(topic.items for topic in rest.topics)


@given(KINDS)
def test_a_restricted_issue_keeps_the_editors_order(kind: ReaderKind) -> None:
    whole = example_issue(12, 4)
    order = [item.id for topic in whole.topics for item in topic.items]
    kept = [item.id for topic in restrict(whole, kind).topics for item in topic.items]
    assert kept == [number for number in order if number in set(kept)]
