"""What editors call a copy is called one, and what they call other news is not."""

from __future__ import annotations

import pytest
from labelled_pairs import DIFFERENT, Pair, judged, labelled, strangers

from bulletin.models.items import Likeness
from bulletin.repeats import Shelf, bands_of, traits_of

PAIRS = labelled()
COPIES = {Likeness.SAME.value, Likeness.COPY.value}


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair.learnt], ids=str)
def test_a_pair_is_judged_as_an_editor_labelled_it(pair: Pair) -> None:
    assert judged(pair) == pair.label


def test_nothing_is_called_a_copy_that_an_editor_calls_other_news() -> None:
    called = [str(pair) for pair in PAIRS if judged(pair) in COPIES and pair.label not in COPIES]
    assert called == []


def test_of_a_hundred_copies_ninety_five_are_found() -> None:
    copies = [pair for pair in PAIRS if pair.label in COPIES]
    assert len(copies) > 40
    assert sum(judged(pair) in COPIES for pair in copies) / len(copies) >= 0.95


def test_every_newer_version_is_told_from_a_copy() -> None:
    updates = [pair for pair in PAIRS if pair.label == Likeness.UPDATE]
    assert [judged(pair) for pair in updates] == ["update"] * len(updates)


def test_news_of_other_subjects_is_never_alike() -> None:
    alike = [(pair.names, pair.new.title) for pair in strangers() if judged(pair) != DIFFERENT]
    assert alike == []


def test_what_is_alike_is_found_among_all_items_by_its_bands() -> None:
    alike = [pair for pair in PAIRS if judged(pair) not in {DIFFERENT, Likeness.RELATED}]
    shelf, missed = Shelf(), list[Pair]()
    for key, draft in enumerate(dict.fromkeys(pair.old for pair in PAIRS)):
        traits = traits_of(draft)
        shelf.put(key, traits, bands_of([traits])[0])
    for pair in alike:
        traits = traits_of(pair.new)
        if shelf.like(traits, bands_of([traits])[0]) is None:
            missed.append(pair)
    assert [str(pair) for pair in missed if pair.learnt] == []
    assert len(missed) / len(alike) < 0.02
