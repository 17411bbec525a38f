"""What is worked out once is kept, as far as it is light enough."""

from __future__ import annotations

import pytest

from bulletin.pipeline.recollection import Recollection


def test_a_value_is_worked_out_once() -> None:
    kept = Recollection[str, object](10)
    first = kept.get("a", 1, object)
    assert kept.get("a", 1, object) is first


def test_what_was_not_used_for_longest_goes_first() -> None:
    kept = Recollection[str, object](2)
    a, b = kept.get("a", 1, object), kept.get("b", 1, object)
    kept.get("a", 1, object)
    kept.get("c", 1, object)
    assert kept.get("a", 1, object) is a
    assert kept.get("b", 1, object) is not b


def test_what_is_too_heavy_by_itself_pushes_nothing_out() -> None:
    kept = Recollection[str, object](2)
    a = kept.get("a", 1, object)
    heavy = kept.get("heavy", 3, object)
    assert kept.get("heavy", 3, object) is not heavy
    assert kept.get("a", 1, object) is a


def test_a_failure_is_not_kept() -> None:
    kept = Recollection[str, str](2)

    def fails() -> str:
        raise KeyError("gone")

    with pytest.raises(KeyError):
        kept.get("a", 1, fails)
    assert kept.get("a", 1, lambda: "back") == "back"
