"""Sentences: actions within running text, and what of it stays as news."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bulletin.models.items import Action, Dropped, ItemWarning
from bulletin.sources.fields.addresses import Address, inspect
from bulletin.sources.fields.dates import find_date
from bulletin.sources.fields.outcomes import (
    SENTENCE_END,
    Outcome,
    acted,
    for_link,
    label_and_title,
    linked,
    lost,
    named_by_link,
    now,
)
from bulletin.sources.fields.pointers import Pointer, pointer, points
from bulletin.sources.fields.single import WITHOUT_PLACE, whole
from bulletin.sources.text import inline, wording
from bulletin.sources.text.inline import Run, Runs
from bulletin.sources.text.lines import Kind, Line

_MOST: Final = 4  # links that one sentence points to
_JOINT: Final = re.compile(r"\A[\s,;–—-]*(?:(?:and|or)\b)?\s*(?:also\s)?", re.IGNORECASE)
_JOINT_AFTER: Final = re.compile(r"[\s,;]*(?:\b(?:and|or))?[\s.,;]*\Z", re.IGNORECASE)


def by_sentence(line: Line) -> Outcome:
    """The actions that stand in running text, and the text without them."""
    text = line.text
    within = _within_links(line.runs)
    ends = (stop.end() for stop in SENTENCE_END.finditer(text))
    stops = [*(end for end in ends if end not in within), len(text)]
    alone = len(stops) == 1
    if not inline.links(line.runs):
        # Without any link only the end of a text can have lost one.
        last = inline.part(line.runs, 0 if alone else stops[-2], len(text))
        if not _of_sentence(line.with_runs(last), last=True, alone=alone).actions:
            return Outcome(kept=line.runs)
    ends_at = len(stops) - 1
    return Outcome.of(
        _of_sentence(line.with_runs(one), last=at == ends_at, alone=alone)
        for at, one in enumerate(inline.cut(line.runs, stops))
    )


def _within_links(runs: Runs) -> set[int]:
    """The offsets inside the text of a link: what ends a sentence there does not cut the link."""
    found: set[int] = set()
    start = 0
    for run in runs:
        if run.target is not None:
            found.update(range(start + 1, start + len(run.text)))
        start += len(run.text)
    return found


def _of_sentence(line: Line, *, last: bool, alone: bool) -> Outcome:
    found = inline.links(line.runs)
    words = inline.words_only(line.runs)
    asked = None if alone else _asked(line, words, found, last=last)
    if asked:
        return asked
    if len(found) == 1 and (found[0].bare or points(words) or wording.is_vague(found[0].text)):
        pointed = _pointed(line.runs, words, found[0])
        if pointed:
            return pointed
    if len(found) > 1:
        each = _each_pointed(line.runs, found)
        if each:
            return each
    if not found and last and points(words):
        lost = pointer(words)
        if lost:
            return _from_pointer(lost, None, Address(None), line.text)
    return _tailed(line.runs, found) or (_inline(line.runs) if found else Outcome(kept=line.runs))


def _asked(line: Line, words: str, found: list[Run], *, last: bool) -> Outcome | None:
    """A sentence of a paragraph that is an action by itself: "Read the report: TITLE"."""
    text = wording.without_arrows(words)
    if not found:
        ends = last and wording.is_vague(text) and wording.is_led_by_verb(text)
        parts = label_and_title(text, linked=False) if last else None
        return Outcome((Action(text),)) if ends else (lost(*parts) if parts else None)
    if len(found) > 1 or inspect(found[0].target or "").is_contact:
        return None
    run, label = found[0], text.partition(":")[0]
    leads = words.endswith(":") and wording.is_address_label(label)
    by_label = ":" in words and (wording.is_label(label) or leads)
    named = inline.tidy(run.text).strip(" .") == text and wording.is_led_by_verb(text)
    return whole(replace(line, kind=Kind.TEXT)) if by_label or named else None


def _tailed(runs: Runs, found: list[Run]) -> Outcome | None:
    """A sentence with "Read more" after its end, which is no part of it."""
    run = found[-1] if found else None
    if run is None or run.bare or run != runs[-1] or len(runs) < 2:
        return None
    text = wording.without_arrows(run.text)
    if not (text[:1].isupper() and wording.is_bare_label(text) and wording.is_vague(text)):
        return None
    before = inline.trim(runs[:-1])
    rest = _inline(before) if inline.links(before) else Outcome(kept=before)
    return Outcome.of((rest, named_by_link(text, run)))


def _pointed(runs: Runs, words: str, run: Run) -> Outcome | None:
    address = inspect(run.target or "")
    at_end = inline.plain(runs).rstrip(" .)").endswith(run.text.rstrip(" .)"))
    found = pointer(words, address.host) if at_end or not run.bare else None
    if found:
        return _from_pointer(found, run, address, inline.plain(runs))
    label = WITHOUT_PLACE.sub("", words.strip(" .:()<>"))
    if run.bare and at_end and address.url and wording.is_bare_label(label):
        return linked(label, "", run)
    asked = inline.tidy(words.replace(run.text, "", 1)).strip(" .!")
    if not run.bare and wording.is_vague(run.text) and _asks_by(asked):
        return linked(asked, "", run)
    spoken = inline.plain(_with_host(runs, address.host)).strip(" .:!")
    if run.bare and address.url and wording.is_led_by_verb(spoken):
        return acted(Action(spoken, "", address.url), address)
    return None


def _asks_by(text: str) -> bool:
    """ "Register by 3 May 2027": a request with its deadline and nothing else."""
    found = find_date(text)
    verb, _, rest = text.partition(" ")
    short = wording.is_led_by_verb(verb) and text.count(" ") < 9
    return short and found is not None and rest.startswith(("by ", "before ", "no later "))


def _each_pointed(runs: Runs, found: list[Run]) -> Outcome | None:
    """ "The guide can be found here and the slides here": an action for each link, or None."""
    if len(found) > _MOST or not all(run.bare or wording.is_vague(run.text) for run in found):
        return None
    pieces = _up_to_links(runs, found) or _from_links_on(runs, found)
    first = pointer(pieces[0]) if pieces else None
    if not first or first.kept:
        return None
    verb = first.label.partition(" ")[0]
    labels = [first.label]
    for piece in pieces[1:]:
        other = pointer(piece) or pointer(f"{WITHOUT_PLACE.sub('', piece)} can be found here")
        if not other or other.kept:
            return None
        found_again = other.label.startswith("Find ") and not pointer(piece)
        labels.append(f"{verb} {other.label[5:]}" if found_again else other.label)
    addresses = [inspect(run.target or "") for run in found]
    said = now(inline.plain(runs), "”, “".join(labels))
    opened = [
        acted(Action(label, "", address.url), address)
        for label, address in zip(labels, addresses, strict=True)
    ]
    return Outcome.of((*opened, Outcome(dropped=(said,))))


def _up_to_links(runs: Runs, found: list[Run]) -> list[str]:
    """The sentence cut after each link, if nothing follows the last."""
    ends = _edges(runs, after=True)
    *pieces, rest = [
        inline.words_only(piece) for piece in inline.cut(runs, [*ends, len(inline.plain(runs))])
    ]
    if rest.strip(" .!)") or len(pieces) != len(found):
        return []
    return [_JOINT.sub("", piece, count=1) for piece in pieces]


def _from_links_on(runs: Runs, found: list[Run]) -> list[str]:
    """The sentence cut before each link, with what leads to the first before each."""
    starts = _edges(runs, after=False)
    lead, *pieces = [
        inline.words_only(piece) for piece in inline.cut(runs, [*starts, len(inline.plain(runs))])
    ]
    if len(pieces) != len(found) or not lead:
        return []
    return [f"{lead} {_JOINT_AFTER.sub('', piece)}" for piece in pieces]


def _edges(runs: Runs, *, after: bool) -> list[int]:
    """The offsets at which links end, or begin."""
    edges, at = [], 0
    for run in runs:
        if run.target is not None:
            edges.append(at + len(run.text) * after)
        at += len(run.text)
    return edges


def _from_pointer(found: Pointer, run: Run | None, address: Address, sentence: str) -> Outcome:
    wordy = sentence.replace(run.text, "") if run and run.bare else sentence
    said = inline.tidy(wordy).removeprefix(found.kept.removesuffix(".")).strip(" ,.:")
    same = WITHOUT_PLACE.sub("", said).lower() == found.label.lower()
    dropped = () if same else (now(said, found.label),)
    kept = (Run(found.kept),) if found.kept else ()
    return acted(Action(found.label, "", address.url), address, *dropped, kept=kept)


def _inline(runs: Runs) -> Outcome:
    """A sentence that stays as it is: a bare address gives way to its host and an action."""
    kept: list[Run] = []
    opened: list[Action] = []
    warnings: list[ItemWarning] = []
    dropped: list[Dropped] = []
    for run in runs:
        address = inspect(run.target) if run.target is not None else None
        if address is None:
            kept.append(run)
            continue
        warnings += address.doubts_at("" if run.bare else run.text)
        dropped += address.dropped
        if run.bare and address.url and _is_glued(kept):
            before, space, word = kept[-1].text.rpartition(" ")
            kept[-1:] = [kept[-1].saying(before + space), Run(word, address.url)]
        elif run.bare:
            opened += for_link(run).actions
            kept.append(Run(address.host or run.text))
        else:
            kept.append(replace(run, target=address.url))
    return Outcome(tuple(opened), tuple(kept), tuple(warnings), tuple(dropped))


def _is_glued(before: Sequence[Run]) -> bool:
    """Whether words end right before an address: "our website<https://...>", as mail has links."""
    return bool(before) and before[-1].target is None and before[-1].text[-1:].isalnum()


def _with_host(runs: Runs, host: str) -> Runs:
    """The runs with a host for each address, but where this is behind the words of its link."""
    return tuple(
        run if not run.bare else Run("" if _is_glued(runs[max(at - 1, 0) : at]) else host)
        for at, run in enumerate(runs)
    )
