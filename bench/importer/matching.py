"""Which found item is which labelled one."""

from __future__ import annotations

from bench.importer.labels import Wanted
from bench.importer.wording import label, says
from rapidfuzz import fuzz

from bulletin.models.items import ItemDraft

ALIKE = 0.5
TITLE = 0.4  # what a title weighs; the text weighs the rest

Pair = tuple[Wanted, ItemDraft | None]


def aligned(wanted: tuple[Wanted, ...], found: tuple[ItemDraft, ...]) -> list[Pair]:
    """Each labelled item with the found one that is it; the best such pairing in one order.

    Longest common subsequence with likeness for weight: items come in the order of the text.
    """
    best = [[0.0] * (len(found) + 1) for _ in range(len(wanted) + 1)]
    for row in range(len(wanted) - 1, -1, -1):
        for column in range(len(found) - 1, -1, -1):
            together = _likeness(wanted[row], found[column]) + best[row + 1][column + 1]
            best[row][column] = max(together, best[row + 1][column], best[row][column + 1])
    return _walked(wanted, found, best)


def _walked(
    wanted: tuple[Wanted, ...], found: tuple[ItemDraft, ...], best: list[list[float]]
) -> list[Pair]:
    pairs: list[Pair] = []
    row = column = 0
    while row < len(wanted):
        if column < len(found) and best[row][column] == best[row][column + 1]:
            column += 1
        elif best[row][column] == best[row + 1][column]:
            pairs.append((wanted[row], None))
            row += 1
        else:
            pairs.append((wanted[row], found[column]))
            row, column = row + 1, column + 1
    return pairs


def _likeness(wanted: Wanted, draft: ItemDraft) -> float:
    """0 for two different items, else 0.5 to 1."""
    links = (f"{one.label} {one.title} {one.url or ''}" for one in draft.actions)
    told = "\n".join((draft.title, draft.body, *links))
    proofs = [*wanted.contains, *(one.title or one.url or "" for one in wanted.actions)]
    proofs = [proof for proof in proofs if proof]
    text = sum(says(told, proof) for proof in proofs) / len(proofs) if proofs else 1.0
    if not wanted.title:
        return text if text >= ALIKE else 0.0
    titles = (fuzz.ratio(label(str(one)), label(draft.title)) for one in wanted.fields["title"])
    alike = TITLE * max(titles) / 100 + (1 - TITLE) * text
    return alike if alike >= ALIKE else 0.0
