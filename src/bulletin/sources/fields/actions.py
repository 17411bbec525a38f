"""Actions: what a line asks the reader to open, and what of the line stays as news."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Final

from bulletin.models.items import Dropped
from bulletin.sources.fields import lineup
from bulletin.sources.fields.addresses import inspect
from bulletin.sources.fields.outcomes import (
    Outcome,
    for_link,
    label_and_title,
    linked,
    lost,
    named_after,
    named_by_link,
    opening,
    says_no_more,
)
from bulletin.sources.fields.sentences import by_sentence
from bulletin.sources.fields.single import SHORT, whole
from bulletin.sources.text import inline, wording
from bulletin.sources.text.inline import Runs
from bulletin.sources.text.lines import Kind, Line

__all__ = [
    "Outcome",
    "examine",
    "for_link",
    "is_action",
    "named_after",
    "named_by_link",
    "opening",
    "says_no_more",
]

HEADS_LINKS: Final = "A heading over links; the links are kept."
_FEW: Final = 3
_LONG: Final = 10_000  # no paragraph of news: its text is kept as it is
_ASIDE: Final = re.compile(
    r"\s?[(\[](?:(?:this\s)?(?:link\s)?(?:will\s)?opens?\sin\s(?:a\s)?new\s(?:window|tab)|new\s(?:window|tab)|"
    r"(?:link\sis\s)?external(?:\s(?:link|web\s?site))?)[)\]]",
    re.IGNORECASE,
)


def examine(line: Line) -> Outcome:
    """Take the actions out of a line of an item."""
    if len(line.text) > _LONG:
        return Outcome(kept=_unlinked(line.runs))
    runs, shed = _without_asides(line.runs)
    if not runs:
        return Outcome(dropped=shed)
    line = line.with_runs(runs)
    found = _alone(line) or by_sentence(line)
    return replace(found, dropped=(*found.dropped, *shed)) if shed else found


def is_action(line: Line) -> bool:
    """Whether a line is nothing but actions."""
    if len(line.text) > SHORT:
        return False
    runs, _ = _without_asides(line.runs)
    return bool(runs) and _alone(line.with_runs(runs)) is not None


def at_end(line: Line) -> Outcome | None:
    """The lost link of a line that is one only where it ends its item, or None.

    "Survey results: TITLE" or, with room above it, "Share your views" and "Further information".
    """
    if line.kind is Kind.QUOTE or inline.links(line.runs):
        return None
    label, colon, title = line.text.partition(": ")
    if colon:
        short = len(title) <= SHORT and title[:1].isupper()
        named = short and wording.is_published_label(label.strip())
        fits = named and label_and_title(f"Read: {title}", linked=False) is not None
        return lost(label.strip(), title.strip()) if fits else None
    apart = line.gap > 0 and line.kind is Kind.TEXT and not line.mark
    return lost(line.text, "") if apart and wording.is_asked(line.text) else None


def _alone(line: Line) -> Outcome | None:
    """The actions of a line that is nothing else: one, or several in a row."""
    return _found_alone(line) if len(line.text) <= SHORT else None


# Looks ask about every line before it is drafted; a text has no more lines than this.
@lru_cache(maxsize=20_000)
def _found_alone(line: Line) -> Outcome | None:
    return _row(line) or _several(line) or whole(line)


def _row(line: Line) -> Outcome | None:
    found = lineup.row(line.runs)
    if not found:
        return None
    lead, links = found
    label = wording.without_arrows(lead)
    if not label:
        alone = all(not inspect(run.target or "").is_contact for run in links)
        return Outcome.of(named_by_link(run.text.strip(), run) for run in links) if alone else None
    if lead.endswith(":") and (wording.is_label(label) or wording.is_noun_label(label)):
        return Outcome.of(linked(label, run.text.strip(), run) for run in links)
    if lead.endswith(":") and label.count(" ") < _FEW:
        opened = Outcome.of(named_by_link(run.text.strip(), run) for run in links)
        return replace(opened, dropped=(*opened.dropped, Dropped(lead, HEADS_LINKS)))
    return None


def _several(line: Line) -> Outcome | None:
    parts = lineup.pieces(line.runs)
    if len(parts) < 2:
        return None
    found = [whole(line.with_runs(part)) for part in parts]
    return Outcome.of(one for one in found if one) if all(found) else None


def _without_asides(runs: Runs) -> tuple[Runs, tuple[Dropped, ...]]:
    """The runs without "(opens in a new window)", which says how a page behaved."""
    gone = [
        match[0].strip()
        for run in runs
        if "(" in run.text or "[" in run.text
        for match in _ASIDE.finditer(run.text)
    ]
    if not gone:
        return runs, ()
    kept = inline.merge(replace(run, text=_ASIDE.sub("", run.text)) for run in runs)
    return kept, tuple(Dropped(text, "How the page opens a link.") for text in dict.fromkeys(gone))


def _unlinked(runs: Runs) -> Runs:
    return tuple(replace(run, target=None, bare=False) for run in runs)
