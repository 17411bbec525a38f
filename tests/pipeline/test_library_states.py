"""Items are kept, rejected, restored and used: what may become of which."""

from __future__ import annotations

import pytest
from desks import Desk

from bulletin.errors import InvalidInput, NotFound, Refused
from bulletin.models.issues import IssueState, Visibility
from bulletin.models.items import ItemState
from bulletin.models.library import LibraryQuery
from bulletin.pipeline.draft import PlacingOptions
from bulletin.pipeline.library import Library


@pytest.fixture
def library(quick_desk: Desk) -> Library:
    return Library(quick_desk.store)


def states(desk: Desk, *ids: int) -> list[str]:
    with desk.store.read() as tx:
        return [item.state.value for item in tx.items.get_all(ids)]


def in_an_issue(desk: Desk, *ids: int) -> str:
    issue = desk.drafting.new("December", {}, Visibility.PRIVATE, "test")
    desk.drafting.place(issue.slug, list(ids), PlacingOptions(), "test")
    return issue.slug


def now_is(desk: Desk, reference: str, state: IssueState) -> None:
    with desk.store.write() as tx:
        tx.issues.move(tx.issues.get(reference), state, desk.clock())


def test_an_item_is_kept_rejected_and_restored_to_what_it_was(
    quick_desk: Desk, library: Library
) -> None:
    one, two = quick_desk.add_items("One", "Two")
    library.keep([one], "test")
    rejected = library.reject([one, two], "not for schools", "test")
    assert [(item.state.value, item.rejected_because) for item in rejected] == [
        ("rejected", "not for schools")
    ] * 2
    library.reject([one], "too old", "test")
    restored = library.restore([two, one], "test")
    assert [(item.id, item.state.value, item.rejected_because) for item in restored.items] == [
        (two, "candidate", ""),
        (one, "kept", ""),
    ]
    library.reject([two], "", "test")
    assert library.keep([two, one], "test").items[0].state is ItemState.KEPT


def test_placing_uses_an_item_and_taking_it_out_keeps_it(
    quick_desk: Desk, library: Library
) -> None:
    (one,) = quick_desk.add_items("One")
    slug = in_an_issue(quick_desk, one)
    assert states(quick_desk, one) == ["used"]
    assert library.keep([one], "test").items[0].state is ItemState.USED
    quick_desk.drafting.remove(slug, [one], "test")
    assert states(quick_desk, one) == ["kept"]


@pytest.mark.parametrize(
    ("state", "may"),
    [
        (IssueState.DRAFT, False),
        (IssueState.SCHEDULED, False),
        (IssueState.SENDING, False),
        (IssueState.PAUSED, False),
        (IssueState.SENT, True),
        (IssueState.CANCELLED, True),
    ],
)
def test_an_item_of_an_issue_to_come_is_not_rejected(
    quick_desk: Desk, library: Library, state: IssueState, may: bool
) -> None:
    one, other = quick_desk.add_items("One", "Other")
    slug = in_an_issue(quick_desk, one)
    now_is(quick_desk, slug, state)
    if may:
        library.reject([other, one], "old", "test")
        assert states(quick_desk, one, other) == ["rejected", "rejected"]
        assert library.restore([one], "test").items[0].state is ItemState.USED
    else:
        with pytest.raises(Refused, match=f"Item {one} stands in issue 'december'.*{state.value}"):
            library.reject([other, one], "old", "test")
        assert states(quick_desk, one, other) == ["used", "candidate"]


def test_a_rejected_item_is_not_placed_before_it_is_restored(
    quick_desk: Desk, library: Library
) -> None:
    one, two = quick_desk.add_items("One", "Two")
    library.reject([two], "too old", "test")
    with pytest.raises(Refused, match="too old") as refused:
        in_an_issue(quick_desk, one, two)
    assert f"items restore {two}" in refused.value.in_full
    assert states(quick_desk, one, two) == ["candidate", "rejected"]


def test_all_are_sorted_or_none(quick_desk: Desk, library: Library) -> None:
    (one,) = quick_desk.add_items("One")
    for sort in (
        lambda ids: library.keep(ids, "test"),
        lambda ids: library.reject(ids, "", "test"),
        lambda ids: library.restore(ids, "test"),
    ):
        with pytest.raises(NotFound, match="no item 99"):
            sort([one, 99])
    with pytest.raises(InvalidInput, match="one line"):
        library.reject([one], "a\nb", "test")
    assert states(quick_desk, one) == ["candidate"]
    assert library.history(one)[1:] == []


def test_the_history_of_an_item_names_who_did_what_and_why(
    quick_desk: Desk, library: Library
) -> None:
    (one,) = quick_desk.add_items("One")
    quick_desk.clock.set("2026-12-01T09:00+00:00")
    library.keep([one], "ann@school.example")
    library.keep([one], "ben@school.example")  # it is kept already
    quick_desk.clock.set("2026-12-01T09:01+00:00")
    quick_desk.change(one, title="One, mended")
    quick_desk.clock.set("2026-12-01T09:02+00:00")
    library.reject([one], "too old", "cat@school.example")
    told = [(step.what, step.by, step.version) for step in library.history(one)]
    assert told == [
        ("came into the library", "", 1),
        ("kept", "ann@school.example", None),
        ("edited", "test", 2),
        ("rejected: too old", "cat@school.example", None),
    ]


def test_a_search_for_what_is_not_there_says_so(library: Library) -> None:
    with pytest.raises(NotFound, match="no issue 'nowhere'"):
        library.search(LibraryQuery(), issue="nowhere")
    with pytest.raises(InvalidInput, match="no role 'king'"):
        library.search(LibraryQuery(role="king"))


def test_nobody_rejects_an_item_while_it_is_placed(desk: Desk) -> None:
    """Both hold the item, so that one comes after the other on either database."""
    (one,) = desk.add_items("One")
    slug = in_an_issue(desk, one)
    with pytest.raises(Refused):
        Library(desk.store).reject([one], "", "test")
    desk.drafting.remove(slug, [one], "test")
    Library(desk.store).reject([one], "", "test")
    with pytest.raises(Refused, match="was rejected"):
        desk.drafting.place(slug, [one], PlacingOptions(), "test")
