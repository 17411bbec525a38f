"""An issue that would be cut off by a mailbox is shortened in steps that the editor sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulletin.errors import Refused
from bulletin.models.editions import ReaderKind
from bulletin.models.issues import Length, Visibility
from bulletin.models.items import ItemDraft
from bulletin.pipeline.addressing import Addressing
from bulletin.pipeline.draft import PlacingOptions
from bulletin.pipeline.fit import fitted
from bulletin.pipeline.freeze import thaw
from bulletin.pipeline.preview import Previewing
from bulletin.pipeline.showing.galley import Galleys
from bulletin.preflight import MAX_HTML_BYTES
from bulletin.rendering import Renderer
from bulletin.tokens import TokenSigner
from example_issue import SENDER, example_issue

if TYPE_CHECKING:
    from desks import Desk

RENDERER = Renderer()
SENTENCE = "The revised advice takes effect at the start of next term. "


@pytest.mark.parametrize(
    ("items", "length"),
    [(30, Length.FULL), (40, Length.FULL), (50, Length.TOPICS), (58, Length.EXCERPTS)],
)
def test_an_issue_is_as_long_as_a_mailbox_takes_it(items: int, length: Length) -> None:
    """Requirement 50a."""
    fit = fitted(RENDERER, example_issue(items, 12), SENDER, None)
    assert fit.content.length is length
    assert fit.html_bytes <= MAX_HTML_BYTES
    assert fit.html_bytes < fit.printable_bytes < fit.html_bytes * 1.1


@pytest.mark.parametrize("wanted", Length)
def test_an_editor_may_choose_the_length(wanted: Length) -> None:
    assert fitted(RENDERER, example_issue(3, 1), SENDER, wanted).content.length is wanted


def long_issue(desk: Desk, items: int, words: int) -> str:
    desk.enrol(("dsl@school.example", "dsl"))
    with desk.store.write() as tx:
        ids = [
            tx.items.add(
                ItemDraft(f"Item {n}", body=SENTENCE * words, source="Board"), desk.clock()
            )
            for n in range(items)
        ]
    issue = desk.drafting.new("December", {}, Visibility.PRIVATE, "test")
    desk.drafting.place(issue.slug, ids, PlacingOptions(), "test")
    return issue.slug


def test_what_was_shortened_is_said_and_frozen_with_the_approval(quick_desk: Desk) -> None:
    slug = long_issue(quick_desk, items=40, words=40)
    proof = quick_desk.approval.preflight(slug)
    assert "shortened" in {finding.code for finding in proof.findings}
    assert not proof.blocking
    quick_desk.approval.approve(slug, "test")
    with quick_desk.store.read() as tx:
        content, _ = thaw(tx.issues.snapshot(tx.issues.get(slug)))
    assert content.length is Length.EXCERPTS
    assert content.topics[0].items[0].body == SENTENCE * 40  # whole, for the web


def test_a_preview_shows_the_issue_as_short_as_it_will_be(quick_desk: Desk) -> None:
    slug = long_issue(quick_desk, items=40, words=40)
    addressing = Addressing(TokenSigner("secret"), "https://bulletin.school.example", [])
    galleys = Galleys(quick_desk.store, RENDERER, lambda: SENDER)
    previewing = Previewing(quick_desk.store, galleys, lambda: addressing)
    preview = previewing.edition(slug, ReaderKind(frozenset({"dsl"})))
    assert "Read on the web: Item 3" in preview.content.text


def test_an_issue_that_is_to_stay_whole_is_refused_instead_of_cut_off(quick_desk: Desk) -> None:
    slug = long_issue(quick_desk, items=40, words=40)
    quick_desk.drafting.edit(slug, {"length": Length.FULL}, "test")
    with pytest.raises(Refused, match="let the size decide"):
        quick_desk.approval.approve(slug, "test")
