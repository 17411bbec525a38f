"""Labelled items against found ones: which belong together, and which fields are right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.importer.labels import OWN_FIELDS, Example, Wanted, WantedAction
from bench.importer.wording import label, plain, says
from rapidfuzz import fuzz

from bulletin.errors import BulletinError
from bulletin.models.items import Action, ItemDraft, Reading
from bulletin.sources import read

FIELDS = (
    "title", "topic", "body", "source", "author", "published",
    "deadline", "links", "actions", "nations", "roles", "warnings",
)  # fmt: skip
ALIKE = 0.5
BODY_LINK = re.compile(r"\]\(<?([^()\s<>]+)>?\)")
# Doubts that cost an editor's time when they are raised for nothing.
JUDGED_DOUBTS = frozenset(
    {"no_heading", "lost_link", "repaired_link", "unsure_boundary", "truncated"}
)


@dataclass(frozen=True, slots=True)
class Miss:
    """Something that is not as it was labelled, for whoever mends the reader."""

    layout: str
    item: str
    field: str
    wanted: object
    found: object


@dataclass(frozen=True, slots=True)
class Count:
    """How many of how many. An empty count is perfect."""

    right: int = 0
    of: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.right + other.right, self.of + other.of)

    @property
    def share(self) -> float:
        return self.right / self.of if self.of else 1.0


@dataclass(frozen=True, slots=True)
class Score:
    """What became of one example. counts: found, true, cruft and every field."""

    layout: str
    digest: str
    counts: dict[str, Count]
    misses: tuple[Miss, ...]


def score(example: Example) -> Score:
    """Read an example and compare it with its labels. A refused one has found nothing."""
    try:
        reading = read(example.data)
    except BulletinError as refused:
        return _compared(example, Reading(()), (Miss(example.layout, "", "read", "", refused),))
    return _compared(example, reading, ())


def _compared(example: Example, reading: Reading, misses: tuple[Miss, ...]) -> Score:
    pairs = aligned(example.items, reading.items)
    found = [one for _, one in pairs if one is not None]
    missed = [*misses, *_unmatched(example, reading, found)]
    counts = {
        "found": Count(len(found), len(example.items)),
        "true": Count(len(found), len(reading.items)),
    }
    for name in FIELDS:
        wrong = [
            Miss(example.layout, wanted.title or wanted.contains[0], name, *difference)
            for wanted, draft in pairs
            if draft is not None and (difference := _difference(name, wanted, draft, example))
        ]
        counts[name] = Count(len(found) - len(wrong), len(example.items))
        missed += wrong
    cruft = list(_cruft(example, reading))
    of = len(example.cruft) + len(example.absent)
    counts["cruft"] = Count(of - len({one.item for one in cruft}), of)
    return Score(example.layout, example.digest, counts, (*missed, *cruft))


def aligned(
    wanted: tuple[Wanted, ...], found: tuple[ItemDraft, ...]
) -> list[tuple[Wanted, ItemDraft | None]]:
    """Each labelled item with the found one that is it; the best such pairing in one order.

    Longest common subsequence with likeness for weight: items come in the order of the text.
    """
    likeness = [[_likeness(one, draft) for draft in found] for one in wanted]
    best = [[0.0] * (len(found) + 1) for _ in range(len(wanted) + 1)]
    for row in range(len(wanted) - 1, -1, -1):
        for column in range(len(found) - 1, -1, -1):
            together = likeness[row][column] + best[row + 1][column + 1]
            best[row][column] = max(together, best[row + 1][column], best[row][column + 1])
    return _walked(wanted, found, best)


def _walked(
    wanted: tuple[Wanted, ...],
    found: tuple[ItemDraft, ...],
    best: list[list[float]],
) -> list[tuple[Wanted, ItemDraft | None]]:
    pairs: list[tuple[Wanted, ItemDraft | None]] = []
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
    told = "\n".join((draft.title, draft.body, *(_words(action) for action in draft.actions)))
    proofs = [*wanted.contains, *(one.title or one.url or "" for one in wanted.actions)]
    proofs = [proof for proof in proofs if proof]
    text = sum(says(told, proof) for proof in proofs) / len(proofs) if proofs else 1.0
    if not wanted.title:
        return text if text >= ALIKE else 0.0
    titles = (fuzz.ratio(label(str(one)), label(draft.title)) for one in wanted.fields["title"])
    alike = 0.4 * max(titles) / 100 + 0.6 * text
    return alike if alike >= ALIKE else 0.0


def _difference(
    name: str, wanted: Wanted, draft: ItemDraft, example: Example
) -> tuple[object, object] | None:
    """What was wanted and what was found, or None where they agree."""
    if name == "body":
        return _body(wanted, draft, example)
    if name == "links":
        return _links(wanted, draft)
    if name == "actions":
        return _actions(wanted, draft)
    if name == "warnings":
        return _warnings(wanted, draft)
    right = {_comparable(value) for value in wanted.fields[name]}
    found = _comparable(_value(name, draft))
    return None if found in right else (wanted.fields[name][0], _value(name, draft))


def _value(name: str, draft: ItemDraft) -> Any:
    if name == "deadline":
        return draft.deadline and draft.deadline.on.isoformat()
    value = getattr(draft, name)
    if name == "published":
        return value and value.isoformat()
    return [str(one) for one in value] if isinstance(value, tuple) else value


def _comparable(value: Any) -> object:
    if isinstance(value, list):
        return tuple(sorted(label(one) for one in value))
    return label(value or "")


def _body(wanted: Wanted, draft: ItemDraft, example: Example) -> tuple[object, object] | None:
    others = {one for item in example.items for one in item.contains} - set(wanted.contains)
    actions = {f"{one.label}: {one.title}" for one in wanted.actions if one.label and one.title}
    lost = [one for one in wanted.contains if not says(draft.body, one)]
    extra = [one for one in (*wanted.lacks, *others, *actions) if says(draft.body, one)]
    return (lost, [f"not: {one}" for one in extra] or draft.body) if lost or extra else None


def _links(wanted: Wanted, draft: ItemDraft) -> tuple[object, object] | None:
    found = {action.url for action in draft.actions if action.url}
    found |= set(BODY_LINK.findall(draft.body))
    expected = {action.url for action in wanted.actions if action.url} | wanted.inline
    return None if found == expected else (sorted(expected), sorted(found))


def _actions(wanted: Wanted, draft: ItemDraft) -> tuple[object, object] | None:
    found = [action for action in draft.actions if action.url not in wanted.inline]
    same = len(found) == len(wanted.actions) and all(map(_same, wanted.actions, found))
    return None if same else (wanted.actions, found)


def _same(wanted: WantedAction, found: Action) -> bool:
    return (
        wanted.url == found.url
        and (wanted.label is None or label(wanted.label) == label(found.label))
        and (wanted.title is None or label(wanted.title) == label(found.title))
        and (wanted.text is None or plain(wanted.text) in plain(f"{found.label} {found.title}"))
    )


def _warnings(wanted: Wanted, draft: ItemDraft) -> tuple[object, object] | None:
    codes = {warning.code for warning in draft.warnings}
    required = wanted.warnings | {
        code
        for code, field, nothing in (("no_source", "source", ""), ("no_date", "published", None))
        if all((value or "") == (nothing or "") for value in wanted.fields[field])
    }
    needless = (codes & JUDGED_DOUBTS) - required - wanted.may_warn
    if required <= codes and not needless:
        return None
    return (sorted(required), sorted(codes))


def _unmatched(example: Example, reading: Reading, found: list[ItemDraft]) -> Iterator[Miss]:
    matched = {id(one) for one in found}
    for wanted, draft in aligned(example.items, reading.items):
        if draft is None:
            yield Miss(example.layout, wanted.title or wanted.contains[0], "found", "", "nothing")
    for draft in reading.items:
        if id(draft) not in matched:
            yield Miss(example.layout, draft.title, "true", "no such item", draft.body[:120])


def _cruft(example: Example, reading: Reading) -> Iterator[Miss]:
    kept = plain("\n".join(_text(draft) for draft in reading.items))
    dropped = plain(" ".join(one.text for one in reading.dropped))
    for phrase in (*example.cruft, *example.absent):
        if plain(phrase) in kept:
            yield Miss(example.layout, phrase, "cruft", "in no item", "in an item")
        elif phrase in example.cruft and plain(phrase) not in dropped:
            yield Miss(example.layout, phrase, "cruft", "among the dropped", "nowhere")


def _text(draft: ItemDraft) -> str:
    links = BODY_LINK.findall(draft.body)
    own = [str(getattr(draft, name) or "") for name in OWN_FIELDS & {"title", "topic", "source"}]
    return "\n".join((*own, draft.author, draft.body, *links, *map(_words, draft.actions)))


def _words(action: Action) -> str:
    return f"{action.label}: {action.title} {action.url or ''}"
