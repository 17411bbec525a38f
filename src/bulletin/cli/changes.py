"""What an edit changed of an item, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bulletin.pipeline.differences import Difference, Kind, Passage

_SHORT = 80  # what is no longer is quoted whole
_AROUND = 3  # words of a longer text that are quoted with what changed


def shown_change(change: Difference) -> str:
    """What changed in one field, in one line: "Title: 'Lunch' is now 'Late lunch'"."""
    said = _listed(change.passages) if change.listed else _written(change.passages)
    name = change.field.capitalize()
    return f"{name}: {'; '.join(said) or 'in another order'}"


def _listed(entries: Sequence[Passage]) -> list[str]:
    gone = [one.text for one in entries if one.kind is Kind.GONE]
    new = [one.text for one in entries if one.kind is Kind.NEW]
    if len(gone) == len(new) == 1:
        return [_said(gone[0], new[0])]
    return [*(_said(text, "") for text in gone), *(_said("", text) for text in new)]


def _written(passages: Sequence[Passage]) -> list[str]:
    """Both texts whole if they are short, else what was exchanged, with some words around it."""
    old, new = _without(passages, Kind.NEW), _without(passages, Kind.GONE)
    if max(len(old), len(new)) <= _SHORT or not (old and new):
        return [_said(old, new)]
    return [_said(*pair) for pair in _exchanged(passages)]


def _exchanged(passages: Sequence[Passage]) -> Iterator[tuple[str, str]]:
    """Of each place that changed what stood there and what stands there now."""
    left: list[str] = []
    gone = new = ""
    for passage in (*passages, Passage(Kind.SAME, "")):
        if passage.kind is Kind.GONE:
            gone += passage.text
        elif passage.kind is Kind.NEW:
            new += passage.text
        else:
            words = passage.text.split()
            if gone or new:
                right = words[:_AROUND]
                yield " ".join((*left, gone, *right)), " ".join((*left, new, *right))
            left, gone, new = words[-_AROUND:], "", ""


def _said(old: str, new: str) -> str:
    was, now = (" ".join(text.split()) for text in (old, new))
    if was and now:
        return f"'{was}' is now '{now}'" if was != now else f"'{was}' has other spaces or lines"
    return f"'{now}' is new" if now else f"'{was}' is gone"


def _without(passages: Sequence[Passage], kind: Kind) -> str:
    return "".join(passage.text for passage in passages if passage.kind is not kind).strip()
