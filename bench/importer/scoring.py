"""One example read, and how much of it is as it was labelled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.importer.judging import FIELDS, body_links, difference, said
from bench.importer.labels import Example, Wanted
from bench.importer.matching import Pair, aligned
from bench.importer.wording import plain

from bulletin.errors import BulletinError
from bulletin.models.items import ItemDraft, Reading
from bulletin.sources import read


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
    """What became of one example.

    counts: found, true, cruft and every field. said: each field, of the items that have something
    in it, since what most items lack is easily left empty.
    """

    layout: str
    digest: str
    counts: dict[str, Count]
    said: dict[str, Count]
    misses: tuple[Miss, ...]


def score(example: Example) -> Score:
    """Read an example and compare it with its labels. A refused one has found nothing."""
    try:
        reading = read(example.data)
    except BulletinError as refused:
        return _compared(example, Reading(()), [Miss(example.layout, "", "read", "", refused)])
    return _compared(example, reading, [])


def _compared(example: Example, reading: Reading, misses: list[Miss]) -> Score:
    pairs = aligned(example.items, reading.items)
    found = [draft for _, draft in pairs if draft is not None]
    counts = {
        "found": Count(len(found), len(pairs)),
        "true": Count(len(found), len(reading.items)),
    }
    telling = {}
    misses += _unmatched(example, reading, pairs)
    for name in FIELDS:
        wrong = [_miss(name, *pair, example) for pair in pairs]
        misses += [miss for miss in wrong if miss and miss.found is not None]
        counts[name] = _count(wrong)
        telling[name] = _count(
            [miss for miss, (one, _) in zip(wrong, pairs, strict=True) if said(name, one)]
        )
    cruft = list(_cruft(example, reading))
    of = len(example.cruft) + len(example.absent)
    counts["cruft"] = Count(of - len(cruft), of)
    return Score(example.layout, example.digest, counts, telling, (*misses, *cruft))


def _count(wrong: list[Miss | None]) -> Count:
    return Count(wrong.count(None), len(wrong))


def _miss(name: str, wanted: Wanted, draft: ItemDraft | None, example: Example) -> Miss | None:
    """What is wrong with a field; `found` is None where the whole item was not found."""
    if draft is None:
        return Miss(example.layout, wanted.name, name, "", None)
    if differs := difference(name, wanted, draft, example):
        expected, found = differs
        return Miss(example.layout, wanted.name, name, expected, found or "nothing")
    return None


def _unmatched(example: Example, reading: Reading, pairs: list[Pair]) -> Iterator[Miss]:
    matched = {id(draft) for _, draft in pairs}
    for wanted, draft in pairs:
        if draft is None:
            yield Miss(example.layout, wanted.name, "found", "an item", "nothing")
    for draft in reading.items:
        if id(draft) not in matched:
            yield Miss(example.layout, draft.title, "true", "no such item", draft.body)


def _cruft(example: Example, reading: Reading) -> Iterator[Miss]:
    kept = plain("\n".join(map(_text, reading.items)))
    dropped = plain(" ".join(one.text for one in reading.dropped))
    for phrase in (*example.cruft, *example.absent):
        if plain(phrase) in kept:
            yield Miss(example.layout, phrase, "cruft", "in no item", "in an item")
        elif phrase in example.cruft and plain(phrase) not in dropped:
            yield Miss(example.layout, phrase, "cruft", "among the dropped", "nowhere")


def _text(draft: ItemDraft) -> str:
    actions = (f"{one.label}: {one.title} {one.url or ''}" for one in draft.actions)
    own = (draft.title, draft.topic, draft.source, draft.author, draft.body)
    return "\n".join((*own, *actions, *body_links(draft)))
