"""Line-ups: several actions in one line or cell, and where one ends and the next begins."""

from __future__ import annotations

import re
from itertools import accumulate, islice, pairwise
from typing import Final

from bulletin.sources.text import inline, wording
from bulletin.sources.text.inline import Run, Runs

_SEPARATOR: Final = re.compile(r"\s[|•·/]\s|;\s")
_COLON: Final = re.compile(r":(?!//)")
_CAPITAL: Final = re.compile(r"(?<![^\s(])[A-Z]")
_JOINT: Final = re.compile(r"[\s,;|/•·&]*(?:\b(?:and|or)\b)?[\s,;|/•·&]*\Z", re.IGNORECASE)
_END: Final = re.compile(r"[\s.,;|]*\Z")
_REACH: Final = 110
_MOST: Final = 20


def pieces(runs: Runs) -> list[Runs]:
    """The runs cut at bars and semicolons, and before each further "Label: ". One piece if none."""
    text = inline.plain(runs)
    colons = [found.start() for found in islice(_COLON.finditer(text), _MOST)]
    labels = {at for above, colon in pairwise(colons) if (at := _label_start(text, above, colon))}
    ends = _link_ends(runs)
    cuts = {(at, at) for at in labels} | {
        (found.start(), found.end())
        for found in _SEPARATOR.finditer(text)
        # A title may hold a bar or stroke of its own: "One form / Un ffurflen".
        if found.end() in labels or found[0].strip() not in "/;" or found.start() in ends
    }
    found: list[Runs] = []
    start = 0
    for end, following in sorted(cuts)[:_MOST]:
        found.append(inline.part(runs, start, end))
        start = following
    found.append(inline.part(runs, start, len(text)))
    return [piece for piece in found if piece]


def _link_ends(runs: Runs) -> set[int]:
    """Where in the text of the runs links end."""
    ends = accumulate(len(run.text) for run in runs)
    return {end for run, end in zip(runs, ends, strict=True) if run.target is not None}


def _label_start(text: str, above: int, colon: int) -> int:
    """Where a label that ends at a colon begins, or 0. The one above has its title in between."""
    for capital in _CAPITAL.finditer(text, max(colon - _REACH, 1), colon):
        label, title = text[capital.start() : colon], text[above + 1 : capital.start()].strip()
        asks = title and wording.is_led_by_verb(label) and label.partition(" ")[2][:1].islower()
        if asks or wording.is_label(label):
            return capital.start()
    return 0


def row(runs: Runs) -> tuple[str, list[Run]] | None:
    """What stands before links in a row and the links, if nothing else is between and after them.

    "Read more: [A], [B] and [C]" gives "Read more:" and three links.
    """
    at = [index for index, run in enumerate(runs) if run.target is not None]
    if len(at) < 2:
        return None
    between = [inline.plain(runs[one + 1 : other]) for one, other in pairwise(at)]
    if not all(map(_JOINT.match, between)) or not _END.match(inline.plain(runs[at[-1] + 1 :])):
        return None
    return inline.plain(runs[: at[0]]).strip(), [runs[index] for index in at]
