"""What was found at a link is kept until it is looked at again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from stored import NOON

from bulletin.models.checks import LinkCheck, Verdict

if TYPE_CHECKING:
    from bulletin.store.store import Store

CHECK = LinkCheck(
    "https://guidance.example/a", Verdict.MOVED, NOON, 200, "https://guidance.example/b", "moved"
)


def test_the_newest_look_counts_and_comes_back_whole(store: Store) -> None:
    with store.write() as tx:
        tx.link_checks.keep(replace(CHECK, verdict=Verdict.FAILED, status=None))
        tx.link_checks.keep(CHECK)
    with store.read() as tx:
        assert tx.link_checks.found([CHECK.url, "https://other.example/"], NOON) == {
            CHECK.url: CHECK
        }
        assert tx.link_checks.found([], NOON) == {}


def test_an_old_look_does_not_count_and_is_forgotten(store: Store) -> None:
    with store.write() as tx:
        tx.link_checks.keep(CHECK)
    later = NOON + timedelta(seconds=1)
    with store.write() as tx:
        assert tx.link_checks.found([CHECK.url], later) == {}
        assert tx.link_checks.forget(NOON) == 0
        assert tx.link_checks.forget(later) == 1
        assert tx.link_checks.found([CHECK.url], NOON) == {}
