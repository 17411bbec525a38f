"""What is worked out once is kept, as far as it is light enough."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bulletin.pipeline.recollection import Recollection


class Work:
    """Makes values of keys, and remembers for which it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, keys: Sequence[str]) -> list[str]:
        self.asked.append(list(keys))
        return [key.upper() for key in keys]


def test_only_what_is_not_kept_is_worked_out_and_all_of_it_at_once() -> None:
    kept, work = Recollection[str, str](len, 10), Work()
    kept.of(["a"], work)
    assert kept.of(["b", "a", "c", "b"], work) == ["B", "A", "C", "B"]
    assert kept.of(["c", "b", "a"], work) == ["C", "B", "A"]
    assert work.asked == [["a"], ["b", "c"]]


def test_what_was_not_used_for_longest_goes_first() -> None:
    kept, work = Recollection[str, str](len, 2), Work()
    kept.of(["a", "b"], work)
    kept.of(["a"], work)
    kept.of(["c"], work)
    kept.of(["a", "b"], work)
    assert work.asked == [["a", "b"], ["c"], ["b"]]


def test_what_is_too_heavy_by_itself_pushes_nothing_out() -> None:
    kept, work = Recollection[str, str](len, 2), Work()
    kept.of(["a"], work)
    assert kept.of(["heavy", "a"], work) == ["HEAVY", "A"]
    kept.of(["heavy", "a"], work)
    assert work.asked == [["a"], ["heavy"], ["heavy"]]


def test_a_failure_is_not_kept() -> None:
    kept = Recollection[str, str](len, 2)

    def fails(_: Sequence[str]) -> list[str]:
        raise KeyError("gone")

    with pytest.raises(KeyError):
        kept.of(["a"], fails)
    assert kept.of(["a"], Work()) == ["A"]
