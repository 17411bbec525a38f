"""Merging: two people change the same thing, field by field. Pure.

Whoever opens a form gets a stamp of it: a short hash of each field as it was shown. When they save,
the stamp tells what they changed and what somebody else did. Only where both changed one field
differently is there anything to choose.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

_DIGITS = 16  # 64 bits: two texts of one field that share them do not come about by chance
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people changed, each in another way."""

    field: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merge:
    """What comes of two people's changes.

    values:   all fields, with mine where both changed one.
    clashes:  the fields in which that is not enough.
    received: names of fields that somebody else changed and I did not.
    """

    values: Values
    clashes: tuple[Clash, ...]
    received: tuple[str, ...]


def stamp_of(values: Values) -> str:
    """What a form carries to say what it was filled with."""
    return json.dumps({name: _hash(value) for name, value in values.items()})


def next_stamp(stamp: str, typed: Values) -> str:
    """What a form carries after a save: the texts that stand in it now, as they were typed."""
    return json.dumps({**_shown(stamp), **{name: _hash(value) for name, value in typed.items()}})


def merged(stamp: str, mine: Values, theirs: Values, choices: Mapping[str, str]) -> Merge:
    """mine: what was typed; theirs: what there is now.

    choices: "mine" or "theirs" by the name of a field, where somebody has chosen already; "ask"
        where they were shown both and have not.
    """
    shown = _shown(stamp)
    values, clashes, received = dict(theirs), [], []
    for name, theirs_now in theirs.items():
        typed = mine.get(name, theirs_now)
        i_changed = shown.get(name) != _hash(typed)
        they_changed = shown.get(name) != _hash(theirs_now)
        if choices.get(name) == "theirs" or typed == theirs_now or not i_changed:
            if they_changed and not i_changed:
                received.append(name)
            continue
        values[name] = typed
        if choices.get(name) == "ask" or (they_changed and choices.get(name) != "mine"):
            clashes.append(Clash(name, typed, theirs_now))
    return Merge(values, tuple(clashes), tuple(received))


def _shown(stamp: str) -> Mapping[str, str]:
    """A stamp as it came back. What is none says that everything was changed by both."""
    try:
        found = json.loads(stamp or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
