"""News that comes again is recognised: in the library, within a text, and twice at once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bulletin.models.issues import Visibility
from bulletin.models.items import (
    Action,
    Deadline,
    ItemDraft,
    ItemState,
    Likeness,
    Nation,
    Reading,
)
from bulletin.pipeline.collect import Collected, Collecting, foreseen
from bulletin.pipeline.draft import PlacingOptions
from bulletin.pipeline.editing import Editing
from bulletin.pipeline.revise import ItemChanges, changed
from bulletin.repeats import WAY, Traits, bands_of
from bulletin.store.tables import item_bands

if TYPE_CHECKING:
    from desks import Desk

LAMPS = ItemDraft(
    title="Lamps at bus stops",
    body="Exampleshire puts lamps at all 64 bus stops that pupils use before eight. Schools can "
    "say until 5 March 2027 which stop comes first. The work begins in Alderton.",
    source="Exampleshire Council",
    published=date(2027, 1, 18),
    actions=(Action("Name a stop", url="https://exampleshire.example/lamps"),),
)
COPY = replace(LAMPS, title="Light for the way to school", actions=())
UPDATE = replace(
    LAMPS,
    title="Lamps at bus stops: more time",
    body=LAMPS.body.replace("5 March 2027", "19 March 2027"),
    published=date(2027, 3, 1),
)
SIBLING = replace(
    LAMPS, body=LAMPS.body.replace("Alderton", "Beechford").replace("64", "12"), actions=()
)
OTHER = ItemDraft(title="Breakfast for free", body="Two clubs in Sampleton open at seven.")


def keep(desk: Desk, *drafts: ItemDraft) -> list[Collected]:
    return Collecting(desk.store).keep(Reading(drafts), "test")


def told(collected: Collected) -> dict[str, str]:
    return {warning.code: warning.message for warning in collected.draft.warnings}


def count(desk: Desk) -> int:
    with desk.store.read() as tx:
        return len(tx.items.list_items(ids=range(1, 100)))


def test_what_is_there_word_for_word_is_not_kept_again(desk: Desk) -> None:
    first, other = keep(desk, LAMPS, OTHER)
    again, new = keep(
        desk, LAMPS, replace(OTHER, title="Breakfast that costs nothing", body="Soon.")
    )
    assert (again.id, again.known, again.draft.duplicate_of) == (first.id, True, first.id)
    assert told(again)["duplicate"] == (
        f"This is item {first.id} (“Lamps at bus stops”) again. It is not kept a second time."
    )
    assert not new.known
    assert new.draft.duplicate_of is None
    assert count(desk) == 3
    assert other.draft == OTHER


def test_a_copy_is_kept_and_names_the_item_and_where_readers_had_it(desk: Desk) -> None:
    [first] = keep(desk, LAMPS)
    desk.drafting.new("December", {}, Visibility.PUBLIC, "test")
    desk.drafting.place("december", [first.id], PlacingOptions(), "test")
    [copy] = keep(desk, COPY)
    assert not copy.known
    assert told(copy) == {
        "duplicate": f"This looks like item {first.id} (“Lamps at bus stops”, used in december): "
        "nearly the same text under another heading. Use one of them."
    }
    with desk.store.read() as tx:
        kept = tx.items.get(copy.id)
    assert (kept.draft.duplicate_of, kept.state) == (first.id, ItemState.CANDIDATE)
    assert kept.draft == copy.draft


def test_a_newer_version_is_kept_with_what_it_updates_and_what_it_changed(desk: Desk) -> None:
    [first] = keep(desk, LAMPS)
    [newer] = keep(desk, UPDATE)
    assert (newer.draft.updates, newer.draft.duplicate_of) == (first.id, None)
    assert told(newer)["updates"].endswith(
        ": changed: 19 March in the place of 5 March. Use the one that is right."
    )
    with desk.store.read() as tx:
        assert tx.items.get(newer.id).draft.updates == first.id


def test_what_is_only_alike_is_told_of_and_is_no_duplicate(desk: Desk) -> None:
    keep(desk, LAMPS)
    [sibling] = keep(desk, SIBLING)
    assert (sibling.draft.duplicate_of, sibling.draft.updates) == (None, None)
    assert "Beechford in the place of Alderton" in told(sibling)["related"]


def test_a_twin_that_was_rejected_says_so_and_why(desk: Desk) -> None:
    [first] = keep(desk, LAMPS)
    with desk.store.write() as tx:
        tx.items.set_state([first.id], ItemState.REJECTED, desk.clock(), because="not our county")
    [again] = keep(desk, LAMPS)
    assert again.known
    assert "rejected: not our county" in told(again)["duplicate"]


def test_within_a_text_the_first_stands_and_the_later_ones_name_it(desk: Desk) -> None:
    first, other, same, copy, update = keep(desk, LAMPS, OTHER, LAMPS, COPY, UPDATE)
    assert not other.draft.warnings
    assert (same.id, same.known, same.draft.duplicate_of) == (first.id, True, first.id)
    assert copy.draft.duplicate_of == first.id != copy.id
    assert f"item {first.id} (number 1 of this text)" in told(copy)["duplicate"]
    assert update.draft.updates == first.id
    assert count(desk) == 4


def test_a_dry_run_names_places_and_keeps_nothing(desk: Desk) -> None:
    reading = Reading((OTHER, LAMPS, COPY))
    for found in (Collecting(desk.store).preview(reading), foreseen(reading)):
        assert [each.id for each in found] == [0, 0, 0]
        assert found[2].draft.duplicate_of is None
        assert "number 2 of this text" in told(found[2])["duplicate"]
    assert count(desk) == 0


def test_a_dry_run_names_the_items_of_the_library(desk: Desk) -> None:
    [first] = keep(desk, LAMPS)
    same, copy = Collecting(desk.store).preview(Reading((LAMPS, COPY)))
    assert (same.id, same.known, same.draft.duplicate_of) == (first.id, True, first.id)
    assert (copy.id, copy.known, copy.draft.duplicate_of) == (first.id, False, first.id)
    assert count(desk) == 1


def test_a_text_whose_links_the_library_lacks_is_kept_with_them(desk: Desk) -> None:
    [bare] = keep(desk, replace(LAMPS, actions=()))
    [linked] = keep(desk, LAMPS)
    assert not linked.known
    assert linked.draft.duplicate_of == bare.id
    assert "with a link that it lacks there" in told(linked)["duplicate"]


def test_the_same_text_brought_in_twice_at_once_is_kept_once(desk: Desk) -> None:
    together = Barrier(2)
    drafts = (LAMPS, OTHER, UPDATE)

    def bring() -> list[Collected]:
        together.wait(timeout=20)
        return keep(desk, *drafts)

    with ThreadPoolExecutor(2) as pool:
        one, other = (
            future.result(timeout=60) for future in [pool.submit(bring) for _ in range(2)]
        )
    assert [each.id for each in one] == [each.id for each in other]
    assert sorted(each.known for each in one + other) == [False] * 3 + [True] * 3
    assert count(desk) == 3


def test_an_item_that_was_edited_is_recognised_by_what_it_says_now(desk: Desk) -> None:
    [first] = keep(desk, OTHER)
    with desk.store.write() as tx:
        item = tx.items.get(first.id)
        tx.items.revise(item, replace(item.content, draft=LAMPS), desk.clock())
    again, other = keep(desk, LAMPS, OTHER)
    assert (again.known, again.id) == (True, first.id)
    assert not other.known


def test_what_was_brought_in_once_is_known_after_an_editor_mended_or_split_it(desk: Desk) -> None:
    [first] = keep(desk, replace(LAMPS, body=f"{LAMPS.body}\n\n{OTHER.title}: {OTHER.body}"))
    brought, editing = first.draft, Editing(desk.store)
    editing.split(first.id, 3, "ann")
    title = partial(changed, changes=ItemChanges(title="Light at 64 stops", source="The council"))
    editing.revise(first.id, title, "ann")
    for _ in range(2):
        [again] = keep(desk, brought)
        assert (again.known, again.id) == (True, first.id)
        assert told(again)["duplicate"] == (
            f"This is item {first.id} (“Light at 64 stops”) again, as it was before it was edited. "
            "It is not kept a second time."
        )
    [copy] = keep(desk, replace(brought, title="Lamps for Exampleshire"))
    assert (copy.known, copy.draft.duplicate_of) == (False, first.id)


def test_the_same_words_are_kept_again_for_another_nation_day_or_source(desk: Desk) -> None:
    lamps = replace(LAMPS, nations=(Nation.WALES,), deadline=Deadline(date(2027, 3, 5)))
    [first] = keep(desk, lamps)
    for other, code in (
        (replace(lamps, nations=(Nation.JERSEY,)), "related"),
        (replace(lamps, deadline=Deadline(date(2027, 4, 2))), "updates"),
        (replace(lamps, source="Heads' Post"), "duplicate"),
        (replace(lamps, published=date(2028, 1, 17)), "duplicate"),
    ):
        [kept] = keep(desk, other)
        assert (kept.known, list(told(kept))) == (False, [code])
        [again] = keep(desk, other)
        assert (again.known, again.id) == (True, kept.id)
    [bare] = keep(desk, replace(lamps, nations=(), deadline=None, source=""))
    assert (bare.known, bare.id) == (True, first.id)


def test_of_many_with_the_same_words_the_very_same_is_found(desk: Desk) -> None:
    letters = [
        replace(OTHER, title="Letter", body="Out now.", published=date(2026, month, 1))
        for month in range(1, 13)
    ]
    brought = keep(desk, *letters)
    assert [each.known for each in brought] == [False] * 12
    again = keep(desk, *letters)
    assert [each.id for each in again] == [each.id for each in brought]
    assert all(each.known for each in again)


def test_nobody_changes_an_item_while_its_bands_are_made(
    postgres_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = postgres_desk
    desk.add_items("One lamp", "Two lamps")
    free: list[list[int]] = []

    def looked_at_meanwhile(traits: Sequence[Traits]) -> list[dict[int, float]]:
        with desk.store.write() as tx:
            free.append(tx.bands.hold_without(WAY, 10))
        return bands_of(traits)

    monkeypatch.setattr("bulletin.pipeline.recognising.bands_of", looked_at_meanwhile)
    assert Collecting(desk.store).catch_up() == 2
    assert free == [[]]


def test_what_somebody_is_just_editing_is_left_for_another_time(postgres_desk: Desk) -> None:
    desk = postgres_desk
    [one, _] = desk.add_items("One lamp", "Two lamps")
    with desk.store.write() as tx:
        tx.items.set_state([one], ItemState.KEPT, desk.clock())
        assert Collecting(desk.store).catch_up() == 1
    with desk.store.read() as tx:
        assert tx.bands.without(WAY, 10) == [one]


def test_items_from_before_are_made_ready_some_at_a_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bulletin.pipeline.recognising._AT_A_TIME", 2)
    desk.add_items("One lamp", "Two lamps", "Three lamps", "Four lamps", "Five lamps")
    assert Collecting(desk.store).catch_up() == 5
    assert Collecting(desk.store).catch_up() == 0
    with desk.store.read() as tx:
        assert tx.bands.without(WAY, 10) == []
        assert len(tx.bands.without(WAY + 1, 10)) == 5


def test_a_band_leads_to_the_newest_that_have_it_and_goes_with_its_item(desk: Desk) -> None:
    ids = desk.add_items("One lamp", "Two lamps", "Three lamps")
    top = 2**63 - 1
    with desk.store.write() as tx:
        tx.bands.put({item_id: [7, -top] for item_id in ids}, way=1)
        tx.bands.put({ids[0]: [-top]}, way=2)
        assert tx.bands.holders([7, 8, -top], most=2) == {7: ids[1:][::-1], -top: ids[1:][::-1]}
        assert tx.bands.holders([], most=2) == {}
        assert sorted(tx.bands.without(2, most=10)) == ids[1:]
        assert tx.bands.without(1, most=10) == [ids[0]]


@pytest.mark.parametrize("likeness", [Likeness.SAME, Likeness.COPY])
def test_a_heading_cannot_steer_a_terminal_through_a_warning(
    quick_desk: Desk, likeness: Likeness
) -> None:
    hostile = replace(LAMPS, title="Lamps \x1b[31m at \u202e bus stops")
    keep(quick_desk, hostile)
    [again] = keep(quick_desk, hostile if likeness is Likeness.SAME else COPY)
    assert told(again)["duplicate"].isprintable()
    assert again.known is (likeness is Likeness.SAME)
    with quick_desk.store.read() as tx:
        assert tx._connection.scalars(select(item_bands.c.band)).all()
