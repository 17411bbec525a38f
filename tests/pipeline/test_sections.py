"""However an editor moves things, every item stays in the issue exactly once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import InvalidInput, NotFound
from bulletin.models.issues import Placement
from bulletin.pipeline.composing.sections import (
    Section,
    Sections,
    order_of,
    sections_of,
    with_item_at,
    with_item_shifted,
    with_topic,
    with_topic_at,
    with_topic_renamed,
    with_topic_shifted,
)

TITLES = ("Statutory", "Online", "Training", "Health")


@st.composite
def issues(draw: st.DrawFn) -> Sections:
    """Some topics, each with some items, also none."""
    titles = draw(st.lists(st.sampled_from(TITLES), unique=True, min_size=1))
    sections, number = [], 0
    for title in titles:
        size = draw(st.integers(0, 4))
        placed = tuple(Placement(number + one, title) for one in range(size))
        number += size
        sections.append(Section(title, placed))
    return tuple(sections)


def _step(data: st.DataObject, sections: Sections) -> Sections:
    """One thing that an editor may do."""
    topic = data.draw(st.sampled_from([each.title for each in sections]))
    items = [one.item_id for one in order_of(sections)]
    places = st.integers(-1, 6)
    steps = ["topic", "shift-topic", "rename"] + (["item", "shift"] if items else [])
    match data.draw(st.sampled_from(steps)):
        case "item":
            item = data.draw(st.sampled_from(items))
            return with_item_at(sections, item, topic, data.draw(places))
        case "shift":
            item = data.draw(st.sampled_from(items))
            return with_item_shifted(sections, item, data.draw(st.sampled_from([-1, 1])))
        case "topic":
            return with_topic_at(sections, topic, data.draw(places))
        case "shift-topic":
            return with_topic_shifted(sections, topic, data.draw(st.sampled_from([-1, 1])))
        case _:
            return with_topic_renamed(sections, topic, data.draw(st.sampled_from(TITLES)))


@given(issues(), st.data())
def test_moves_keep_every_item_exactly_once(sections: Sections, data: st.DataObject) -> None:
    before = sorted(one.item_id for one in order_of(sections))
    for _ in range(data.draw(st.integers(1, 8))):
        sections = _step(data, sections)
        order = order_of(sections)
        assert sorted(one.item_id for one in order) == before
        assert len({each.title for each in sections}) == len(sections)
        assert all(one.topic == each.title for each in sections for one in each.placed)


@given(issues())
def test_sections_come_back_as_they_were_kept(sections: Sections) -> None:
    assert sections_of(order_of(sections), [each.title for each in sections]) == sections


def test_an_empty_topic_stays_behind_the_one_that_was_before_it() -> None:
    order = [Placement(1, "A"), Placement(2, "C")]
    titles = [each.title for each in sections_of(order, ["A", "B", "C"])]
    assert titles == ["A", "B", "C"]
    moved = [Placement(2, "C"), Placement(1, "A")]
    assert [each.title for each in sections_of(moved, ["A", "B", "C"])] == ["C", "A", "B"]


def test_an_item_goes_on_into_the_next_topic_and_stays_at_the_ends() -> None:
    sections = sections_of([Placement(1, "A"), Placement(2, "B")], ["A", "B"])
    down = with_item_shifted(sections, 1, 1)
    assert [(one.item_id, one.topic) for one in order_of(down)] == [(1, "B"), (2, "B")]
    assert with_item_shifted(sections, 1, -1) == sections
    assert with_item_shifted(sections, 2, 1) == sections


def test_a_move_says_what_is_not_there_any_more() -> None:
    sections = sections_of([Placement(1, "A")], [])
    with pytest.raises(NotFound, match="Item 9"):
        with_item_at(sections, 9, "A", 0)
    with pytest.raises(NotFound, match="“B”"):
        with_item_at(sections, 1, "B", 0)
    with pytest.raises(InvalidInput, match="already"):
        with_topic(sections, "A")
    with pytest.raises(InvalidInput, match="name"):
        with_topic_renamed(sections, "A", " ")
