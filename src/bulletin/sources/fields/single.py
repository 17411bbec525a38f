"""Single actions: a line or sentence that as a whole asks the reader to open something."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bulletin.models.items import Action
from bulletin.sources.fields.addresses import inspect, is_address_of
from bulletin.sources.fields.outcomes import (
    CONTACT,
    CONTACTS,
    READ_MORE,
    SENTENCE_END,
    Outcome,
    for_link,
    label_and_title,
    linked,
    lost,
    named_by_link,
    now,
)
from bulletin.sources.fields.pointers import pointer
from bulletin.sources.text import inline, wording
from bulletin.sources.text.inline import Run
from bulletin.sources.text.lines import Kind, Line

WITHOUT_PLACE: Final = re.compile(r"\s(?:at|on|from|via|here|by visiting|:|below)\Z")
_CONTACT_SHOWN: Final = re.compile(r"[\w.+-]{1,64}@\w|\d{4}")
_MID_PHRASE: Final = re.compile(
    r"\b(?:the|a|an|this|our|your|their|its|to|of|for|with|in|on|at|from|and|or|by|about)\Z",
    re.IGNORECASE,
)
_HERE: Final = re.compile(r"\s?[:–—-]?\s?\bhere\Z", re.IGNORECASE)
_PLEASE: Final = re.compile(r"please\s", re.IGNORECASE)
# What pages say of a file beside its link: "Word, 31KB".
_FILE: Final = re.compile(
    r"[\s,–-]{1,3}[(\[]?((?:(?:pdf|word|excel|powerpoint|docx?|xlsx?|pptx?|odt|ods|zip|csv|html)\b[\s,]{0,2})?"
    r"\d{1,4}(?:\.\d{1,2})?\s?(?:[km]i?b|bytes))[)\]]?",
    re.IGNORECASE,
)
_BRACKETS: Final = "()[]<>{} "
SHORT: Final = 600


def whole(line: Line) -> Outcome | None:
    """The action that a line is as a whole, or None."""
    found, words = inline.links(line.runs), inline.words_only(line.runs)
    text = wording.without_arrows(words)
    if found and not text.strip(_BRACKETS):
        return Outcome.of(map(for_link, found))
    if len(words) > SHORT or len(found) > 1 or not text:
        return None
    if found:
        return _linked_line(line, found[0], words, text)
    return None if line.mark else _without_address(line, text)


def _linked_line(line: Line, run: Run, words: str, text: str) -> Outcome | None:
    if run.bare:
        return None if _goes_on(line, run) else _beside_address(text, words, run)
    if is_address_of(run.text, run.target or ""):
        shown = replace(run, bare=True)
        words = inline.words_only(shown if one == run else one for one in line.runs)
        text = wording.without_arrows(words)
        return _beside_address(text, words, shown) if text else for_link(shown)
    if inspect(run.target or "").is_contact and not _names_contact(run, words):
        return None
    if inline.tidy(run.text) == words:
        return named_by_link(text, run)
    if file := _FILE.fullmatch(words.removeprefix(inline.tidy(run.text))):
        return named_by_link(f"{inline.tidy(run.text)} ({file[1]})", run)
    return _beside_address(text, words, run) or _ending(line, run)


def _goes_on(line: Line, run: Run) -> bool:
    """Whether a sentence goes on after its address: "See URL for the list"."""
    after = inline.plain(line.runs[line.runs.index(run) + 1 :]).strip()
    return any(map(str.isalnum, after)) and after[0] not in "([:–—-"


def _names_contact(run: Run, words: str) -> bool:
    """ "Email the team" as a link of its own; a mailbox or number that is shown is content."""
    shown = inline.tidy(run.text) == words and CONTACTS.match(words) is not None
    return shown and not _CONTACT_SHOWN.search(words)


def _ending(line: Line, run: Run) -> Outcome | None:
    """ "Read our report, [TITLE].": a request that ends with what it is about."""
    if line.kind in {Kind.BULLET, Kind.NUMBERED} or run.bare:
        return None
    text = line.text.rstrip(" .!")
    shown = run.text.strip(" .!")
    if not shown or not text.endswith(shown) or not text[:1].isupper():
        return None
    lead = text[: -len(shown)].rstrip()
    ask = lead.rstrip(" ,:–-")
    if not ask or ask.count(" ") > 6 or not wording.is_led_by_verb(ask) or "," in ask:
        return None
    if shown[:1].isupper() and not _MID_PHRASE.search(ask):
        return linked(ask, shown.strip("“”‘’\"'"), run)
    return linked(text, "", run) if lead == ask else None


def _beside_address(text: str, words: str, run: Run) -> Outcome | None:
    parts = label_and_title(text, linked=True)
    if parts:
        return linked(*parts, run)
    if SENTENCE_END.search(words) or pointer(words):
        return None
    bare = WITHOUT_PLACE.sub("", text.rstrip(" !"))
    if wording.is_bare_label(bare) or wording.is_noun_label(bare):
        return linked(bare, "", run)
    if run.bare and bare.lower() == "more":
        return linked("Read more", "", run)
    named = wording.is_address_label(text) or wording.is_vague(bare)
    return _called(text, run) if named else _led(text, words, run)


def _led(text: str, words: str, run: Run) -> Outcome | None:
    """What a verb leads to, or the name that stands before its address."""
    colon = words.rstrip(" .").endswith(":")
    asks = wording.is_request(text) if colon else run.bare and wording.is_led_by_verb(text)
    if (asks or (colon and wording.is_label(text))) and not CONTACT.search(text):
        asked = text if colon else WITHOUT_PLACE.sub("", text.rstrip(" !"))
        return linked(asked, "", run) if colon or text.count(" ") >= 1 else None
    begins = text[:1].isupper() or text[:1].isdigit()
    named = run.bare and begins and (colon or words[-1] not in ".?!") and text.count(" ") < 20
    return linked(text, "", run) if named and (colon or not _mid_sentence(words)) else None


def _called(name: str, run: Run) -> Outcome:
    """An address after a bare noun: "Guidance" is what it leads to, "Link" says nothing."""
    if not wording.is_vague(name):
        return linked(name, "", run)
    opened = for_link(run)
    return replace(opened, dropped=(now(name, opened.actions[0].label),))


def _mid_sentence(words: str) -> bool:
    last = words.rsplit(" ", 1)[-1].lower()
    return last in {"at", "on", "from", "via", "to", "in", "see", "visit", "the", "is", "or", "and"}


def _placed(text: str) -> tuple[str, str] | None:
    """ "Where to find it: the link on our page"."""
    label, colon, value = text.partition(": ")
    return (label, value) if colon and wording.is_place(label, value) else None


def _lost_label(text: str) -> str:
    """The label of "Read more: here" or "Please click here", whose link is gone; else ""."""
    plain = _PLEASE.sub("", text)
    bare = _HERE.sub("", plain)
    if bare == text or not bare or not wording.is_vague(bare):
        return ""
    return READ_MORE if bare.lower().startswith("click") else f"{bare[0].upper()}{bare[1:]}"


def _without_address(line: Line, text: str) -> Outcome | None:
    parts = label_and_title(text, linked=False) or _placed(text)
    if line.kind in {Kind.BULLET, Kind.NUMBERED}:
        parts = parts if parts and wording.is_bare_label(parts[0]) else None
        return lost(*parts) if parts else None
    if parts:
        return lost(*parts)
    if label := _lost_label(text):
        return Outcome((Action(label),), dropped=() if label == text else (now(text, label),))
    sentence = line.text.rstrip()[-1:] in {".", "?", "!"} and not line.text.endswith("...")
    named = text.endswith(" here") and wording.is_noun_label(text.removesuffix(" here"))
    if sentence or not (named or wording.is_bare_label(text)):
        return None
    bare = _HERE.sub("", text)
    said = () if bare == text or wording.is_vague(text) else (now(text, bare),)
    return Outcome((Action(bare if said else text),), dropped=said)
