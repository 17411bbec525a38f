"""What each check makes sure of, in words: said of those that found nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from bulletin.preflight import (
    doubts,
    followed,
    issue,
    items,
    links,
    pupils,
    reading,
    repeated,
    timing,
    wording,
)
from bulletin.preflight.examined import Check

ASSURES: Final[Mapping[Check, str]] = {
    issue.has_items: "The issue has items",
    issue.has_subject: "It has a subject",
    issue.has_title: "It has a title",
    issue.names_its_sender: "It says who writes, with a postal address",
    issue.is_no_fake_reply: "The subject does not pretend to be an answer",
    issue.fits_into_a_mailbox: "It is short enough that no mail program cuts it off",
    issue.shows_how_it_was_shortened: "Nothing was shortened to fit",
    issue.has_an_opening_line: "It has an opening line for the list of messages",
    issue.names_helplines: "Every helpline can be reached",
    issue.passes_school_filters: "The subject has no words that school filters stop",
    links.links_lead_somewhere: "Every link has an address that can be opened",
    links.links_are_not_lost: "No link has lost its address",
    links.links_say_where_they_lead: "Links say where they lead",
    links.same_words_lead_to_the_same_place: "The same words lead to the same page",
    links.links_do_not_track: "No link tells where readers come from",
    followed.links_were_followed: "The pages behind the links work",
    items.items_have_titles: "Every item has a title",
    items.items_say_something: "Every item has a text or a link",
    items.items_name_their_source: "Every item names its source",
    items.items_are_dated: "Every item says when it was published",
    items.items_name_their_nation: "Every item says which nation it is about",
    items.items_have_their_readers: "Somebody has said who each item is for",
    items.items_are_real: "No item is a made-up sample",
    items.items_reach_somebody: "Somebody in the audience gets each item",
    items.notes_reach_their_readers: "Every note is for somebody who sees its item",
    items.distressing_items_are_announced: "Distressing subjects have a gentle note before them",
    timing.items_are_fresh: "No item is old, or from the future",
    timing.deadlines_can_be_met: "Every deadline can be met",
    repeated.items_are_new: "Readers have not had any of it before",
    repeated.items_are_the_newest: "Every item is its newest version",
    doubts.doubts_are_settled: "No doubt of an import is open",
    reading.items_are_not_too_long: "No item is very long",
    reading.titles_are_not_shouted: "No title is in capitals",
    reading.topics_are_headings: "Every topic reads like a heading",
    reading.nothing_is_said_twice: "No paragraph stands there twice",
    reading.nothing_is_promised_that_is_not_there: "No text points to a picture or file",
    pupils.no_pupil_is_named: "No child can be recognised",
    wording.merge_fields_are_known: "Every merge field is one that is filled in",
}
"""For each check, in the order in which they are made."""


def assured(passed: Iterable[Check], *, unchecked: int) -> tuple[str, ...]:
    """What is known to be in order. unchecked: how many links nobody has looked at lately."""
    unknown = {followed.links_were_followed} if unchecked else set()
    return tuple(ASSURES[check] for check in passed if check not in unknown)
