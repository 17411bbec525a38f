"""What preflight knows beside the issue: what readers had, who reads, what is in doubt."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bulletin.errors import Refused
from bulletin.models.checks import Finding, Level
from bulletin.models.issues import Visibility
from bulletin.models.items import Action, Deadline, ItemDraft, ItemState, ItemWarning, Nation
from bulletin.pipeline.correct import Correcting
from bulletin.pipeline.draft import PlacingOptions

if TYPE_CHECKING:
    from desks import Desk

LAMPS = ItemDraft(
    title="More light in school corridors",
    body="Pupils of 40 schools walked their corridors with a map and marked where they do not like "
    "to be. Most marks were where lamps were missing. The institute sets out what schools did.",
    source="Example Institute",
    published=date(2026, 11, 3),
    actions=(Action("Read the report", "Light", "https://guidance.example/light"),),
    nations=(Nation.ENGLAND,),
)
OTHER = replace(
    LAMPS,
    title="A new form for concerns",
    body="The board has tested a single form for recording a concern with ten of its schools, and "
    "gives it away from January. It asks for the child's own words first.",
    actions=(Action("Get the form", "", "https://forms.example/concern"),),
)


def place(desk: Desk, title: str, *drafts: ItemDraft) -> str:
    """An issue of these items, kept anew for it."""
    with desk.store.write() as tx:
        ids = [tx.items.add(draft, desk.clock()) for draft in drafts]
    issue = desk.drafting.new(title, {}, Visibility.PRIVATE, "test")
    desk.drafting.place(issue.slug, ids, PlacingOptions(), "test")
    return issue.slug


def send(desk: Desk, reference: str) -> None:
    desk.approval.approve(reference, "test")
    desk.planning.start(reference, None, "test")
    desk.clock.now += timedelta(days=1)


def found(desk: Desk, reference: str, *codes: str) -> list[Finding]:
    findings = desk.approval.preflight(reference).findings
    return [finding for finding in findings if finding.code in codes]


REPEATS = ("item_repeated", "item_doubled", "item_updated")


def test_what_readers_had_in_the_last_three_issues_is_recognised(desk: Desk) -> None:
    desk.enrol(("reader@school.example", "dsl"))
    send(desk, place(desk, "September", LAMPS))
    again = replace(LAMPS, title="Corridors: what pupils say about lamps")
    reference = place(desk, "October", again, OTHER)
    (finding,) = found(desk, reference, *REPEATS)
    assert finding.code == "item_repeated"
    assert (
        "item 1 ('More light in school corridors') in 'September' of 30 November 2026"
        in finding.message
    )


def test_what_readers_had_longer_ago_is_let_go(quick_desk: Desk) -> None:
    quick_desk.enrol(("reader@school.example", "dsl"))
    send(quick_desk, place(quick_desk, "July", LAMPS))
    fillers = ("Swimming lessons resume", "Governors elected in spring", "Kitchens inspected")
    for number, filler in enumerate(fillers):
        draft = ItemDraft(filler, body=f"{filler} by the county of Exampleton. " * 3)
        send(quick_desk, place(quick_desk, f"Issue {number}", draft))
    assert found(quick_desk, place(quick_desk, "December", LAMPS), *REPEATS) == []


def test_what_was_only_prepared_counts_for_nothing(quick_desk: Desk) -> None:
    place(quick_desk, "September", LAMPS)
    assert found(quick_desk, place(quick_desk, "October", LAMPS), *REPEATS) == []


def test_two_items_of_one_issue_that_say_the_same_are_found(quick_desk: Desk) -> None:
    twin = replace(LAMPS, title="Lamps", source="Another Board")
    (finding,) = found(quick_desk, place(quick_desk, "October", LAMPS, OTHER, twin), *REPEATS)
    assert finding.code == "item_doubled"
    assert "item 1 ('More light in school corridors') in this issue" in finding.message


def test_a_correction_may_repeat_what_it_corrects(quick_desk: Desk) -> None:
    quick_desk.enrol(("reader@school.example", "dsl"))
    send(quick_desk, place(quick_desk, "September", LAMPS))
    correction = Correcting(quick_desk.store, ZoneInfo("Europe/London")).correct(
        "september", 1, "test"
    )
    assert found(quick_desk, correction.slug, *REPEATS, "item_unseen") == []


def test_an_item_for_nobody_in_the_audience_is_named_once_there_are_readers(desk: Desk) -> None:
    reference = place(desk, "October", LAMPS)
    desk.drafting.place(reference, [1], PlacingOptions(roles=["lado"]), "test")
    assert found(desk, reference, "item_unseen") == []
    desk.enrol(("reader@school.example", "dsl"))
    (finding,) = found(desk, reference, "item_unseen")
    assert finding.item_id == 1
    desk.enrol(("other@school.example", "lado", "dsl"))
    assert found(desk, reference, "item_unseen") == []


def test_days_are_those_of_the_readers_and_of_the_day_it_goes_out(quick_desk: Desk) -> None:
    quick_desk.clock.now = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # 1 July in London
    quick_desk.enrol(("reader@school.example", "dsl"))
    due = replace(LAMPS, deadline=Deadline(date(2026, 6, 30), "Respond by"), published=None)
    reference = place(quick_desk, "July", due)
    (finding,) = found(quick_desk, reference, "deadline_passed")
    assert "30 June 2026, has passed" in finding.message


def test_an_issue_with_a_time_is_judged_by_its_day(quick_desk: Desk) -> None:
    quick_desk.enrol(("reader@school.example", "dsl"))
    due = replace(LAMPS, deadline=Deadline(date(2026, 12, 8), "Respond by"))
    reference = place(quick_desk, "December", due)
    assert found(quick_desk, reference, "deadline_passed", "deadline_soon") == []
    quick_desk.approval.approve(reference, "test")
    at = datetime(2026, 12, 9, 7, 30, tzinfo=UTC)
    quick_desk.planning.schedule(reference, at, None, "test")
    (finding,) = found(quick_desk, reference, "deadline_passed")
    assert "passes before 9 December 2026" in finding.message


def test_doubts_stay_until_they_are_settled(quick_desk: Desk) -> None:
    doubt = ItemWarning("unsure_boundary", "It is not clear where this ends.")
    reference = place(quick_desk, "October", replace(LAMPS, warnings=(doubt,)))
    (finding,) = found(quick_desk, reference, "import_doubt")
    assert "It is not clear where this ends" in finding.message


def newer(desk: Desk, reference: str) -> list[tuple[int | None, Level]]:
    findings = found(desk, reference, "newer_version")
    return [(finding.item_id, finding.level) for finding in findings]


def keep(desk: Desk, updates: int, title: str) -> int:
    """A newer version of an item, in words of its own, as a watched source may bring it."""
    draft = ItemDraft(title, body=f"{title} by the county of Exampleton.", updates=updates)
    with desk.store.write() as tx:
        return tx.items.add(draft, desk.clock())


def decide(desk: Desk, item_id: int, state: ItemState) -> None:
    with desk.store.write() as tx:
        tx.items.set_state([item_id], state, desk.clock())


def test_a_newer_version_in_the_library_keeps_an_issue_back_until_somebody_decides(
    desk: Desk,
) -> None:
    reference = place(desk, "October", LAMPS, OTHER)
    assert newer(desk, reference) == []
    version = keep(desk, 1, "Lamps counted")
    assert newer(desk, reference) == [(1, Level.BLOCKING)]
    with pytest.raises(Refused, match="newer version of item 1"):
        desk.approval.approve(reference, "test")
    decide(desk, version, ItemState.REJECTED)
    assert newer(desk, reference) == []
    desk.approval.approve(reference, "test")


def test_the_newest_is_found_behind_a_rejected_version(quick_desk: Desk) -> None:
    reference = place(quick_desk, "October", LAMPS)
    second = keep(quick_desk, 1, "Lamps counted")
    keep(quick_desk, second, "Lamps bought")
    assert len(newer(quick_desk, reference)) == 2
    decide(quick_desk, second, ItemState.REJECTED)
    assert newer(quick_desk, reference) == [(1, Level.BLOCKING)]


def test_versions_in_a_circle_are_walked_once(quick_desk: Desk) -> None:
    reference = place(quick_desk, "October", LAMPS)
    second = keep(quick_desk, 1, "Lamps counted")
    with quick_desk.store.write() as tx:
        item = tx.items.get(1)
        content = replace(item.content, draft=replace(item.draft, updates=second))
        tx.items.revise(item, content, quick_desk.clock())
    assert newer(quick_desk, reference) == [(1, Level.BLOCKING)]


def test_the_newer_version_in_the_place_of_the_older_one_is_fine(quick_desk: Desk) -> None:
    reference = place(quick_desk, "October", LAMPS)
    version = keep(quick_desk, 1, "Lamps counted")
    quick_desk.drafting.place(reference, [version], PlacingOptions(), "test")
    assert newer(quick_desk, reference) == [(1, Level.ADVISORY)]
    quick_desk.drafting.remove(reference, [1], "test")
    assert newer(quick_desk, reference) == []
