"""What two people type is merged field by field, and each change can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.models.items import ItemDraft
from bulletin.models.people import UserRole
from bulletin.pipeline.composing.merging import merged, next_stamp, stamp_of
from bulletin.pipeline.composing.presence import FORGOTTEN_AFTER, Presences
from bulletin.pipeline.composing.undoing import Stride, line_of
from bulletin.pipeline.composing.writing import Clashing, Typed, Writing
from bulletin.pipeline.editing import Editing
from bulletin.pipeline.library import Library
from bulletin.store.database import Database
from bulletin.store.store import Store

texts = st.dictionaries(st.sampled_from("abc"), st.text(max_size=3), min_size=3)


@given(texts, texts, texts)
def test_what_only_one_of_two_changed_is_kept_and_only_what_both_did_is_asked(
    shown: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    merge = merged(stamp_of(shown), mine, theirs, {})
    clashing = {clash.field for clash in merge.clashes}
    for name in "abc":
        if mine[name] == shown[name]:
            assert merge.values[name] == theirs[name]
        elif theirs[name] in {shown[name], mine[name]}:
            assert merge.values[name] == mine[name]
        else:
            assert name in clashing
            assert merge.values[name] == mine[name]  # typing is never thrown away
            continue
        assert name not in clashing


def test_what_came_along_from_somebody_else_is_not_put_back_by_the_next_save() -> None:
    shown = {"a": "old", "b": "old"}
    first = merged(stamp_of(shown), {"a": "mine", "b": "old"}, {"a": "old", "b": "theirs"}, {})
    stamp = next_stamp(stamp_of(shown), {"a": "mine", "b": "old"})
    again = merged(stamp, {"a": "mine too", "b": "old"}, first.values, {})
    assert again.values == {"a": "mine too", "b": "theirs"}
    assert not again.clashes


@pytest.mark.parametrize("stamp", ["", "nonsense", "[]", "{", '"x"'])
def test_a_stamp_that_is_none_overwrites_nothing_without_asking(stamp: str) -> None:
    merge = merged(stamp, {"a": "mine"}, {"a": "theirs"}, {})
    assert [clash.theirs for clash in merge.clashes] == ["theirs"]


def test_taking_back_and_doing_again_step_along_one_line() -> None:
    changes = [Stride("1", "2"), Stride("2", "3")]
    assert line_of(changes, "3").back == "2"
    back = [*changes, Stride("3", "2", goes_back=True)]
    assert (line_of(back, "2").back, line_of(back, "2").forth) == ("1", "3")
    further = [*back, Stride("2", "1", goes_back=True)]
    assert (line_of(further, "1").back, line_of(further, "1").forth) == (None, "2")
    changed = [*further, Stride("1", "4")]
    assert (line_of(changed, "4").back, line_of(changed, "4").forth) == ("1", None)


def test_a_change_off_the_record_is_never_taken_back_by_mistake() -> None:
    assert line_of([Stride("1", "2")], "something else").back is None
    assert line_of([Stride("1", "2"), Stride("5", "6")], "6").back == "5"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(sqlite_database: str, clock: Clock) -> Store:
    return Store(Database(sqlite_database), clock)


def test_saves_of_one_sitting_are_one_version_and_somebody_elses_is_another(
    store: Store, clock: Clock
) -> None:
    with store.write() as tx:
        item = tx.items.add(ItemDraft("Start"), clock())
    writing = Writing(store)

    def save(title: str, who: str, after: timedelta = timedelta(seconds=2)) -> None:
        clock.now += after
        stamp = writing.sheet(item).stamp
        writing.save(item, Typed({"title": title}, stamp), who)

    for title in ("S", "St", "Sta"):
        save(title, "ann")
    save("Bob's", "bob")
    save("Ann's", "ann")
    save("Ann's later", "ann", timedelta(minutes=11))
    with store.read() as tx:
        before = [step.before.draft.title for step in tx.item_versions.of(item)]
    assert before == ["Start", "Sta", "Bob's", "Ann's"]
    assert Library(store).history(item)[-1].version == Library(store).item(item).version


def test_a_split_is_taken_back_though_saves_around_it_are_one_version(
    store: Store, clock: Clock
) -> None:
    with store.write() as tx:
        item = tx.items.add(ItemDraft("Two", body="First\n\nSecond"), clock())
    writing, editing = Writing(store), Editing(store)
    for body in ("First.\n\nSecond", "First..\n\nSecond"):
        clock.now += timedelta(seconds=2)
        writing.save(item, Typed({"body": body}, writing.sheet(item).stamp), "ann")
    clock.now += timedelta(seconds=2)
    _, new = editing.split(item, 3, "ann")
    clock.now += timedelta(seconds=2)
    writing.save(item, Typed({"body": "First!"}, writing.sheet(item).stamp), "ann")
    reverted = editing.revert(item, 1, "ann")
    assert reverted.item.draft.body == "First\n\nSecond"
    assert [one.id for one in reverted.followed] == [new.id]


def test_a_clash_names_who_wrote_the_other_text(store: Store, clock: Clock) -> None:
    with store.write() as tx:
        item = tx.items.add(ItemDraft("Start"), clock())
    writing = Writing(store)
    stamp = writing.sheet(item).stamp
    writing.save(item, Typed({"title": "Bob's"}, stamp), "bob@school.example")
    with pytest.raises(Clashing, match=r"bob@school\.example changed this"):
        writing.save(item, Typed({"title": "Ann's"}, stamp), "ann@school.example")


def test_who_was_not_seen_for_two_minutes_has_gone(store: Store, clock: Clock) -> None:
    with store.write() as tx:
        ann = tx.users.add("ann@school.example", UserRole.EDITOR, "", clock())
        bob = tx.users.add("bob@school.example", UserRole.EDITOR, "", clock())
    presences = Presences(store)
    presences.note(ann, ["issue:1", "item:7"])
    assert [one.subject for one in presences.note(bob, ["issue:1"], ["item:7"])] == [
        "issue:1", "item:7",
    ]  # fmt: skip
    clock.now += FORGOTTEN_AFTER + timedelta(seconds=1)
    assert presences.note(bob, ["issue:1"], ["item:7"]) == []
