"""A library of made-up items: words as often as in any language, and facts to sift them by."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from bulletin.models.items import Action, ItemDraft, ItemState, ItemWarning, Nation
from bulletin.models.roles import DEFAULT_ROLES
from bulletin.store.drafts import derived_from, values_of
from bulletin.store.store import Store
from bulletin.store.tables import item_roles, items

COMMON = (
    "school", "schools", "children", "safeguarding", "guidance", "staff", "report", "online",
    "review", "pupils", "training", "consultation", "parents", "support", "new", "the", "of",
)  # fmt: skip
_AT_ONCE = 2000
_NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


class Writer:
    """Writes items, the same at every run."""

    def __init__(self) -> None:
        self._chance = random.Random(2026)
        self._words = list(dict.fromkeys(self._word() for _ in range(40_000)))
        weights = (1 / (rank + 10) for rank in range(len(self._words)))
        self._weights = list(itertools.accumulate(weights))

    def _word(self) -> str:
        syllables = self._chance.randint(2, 5)
        return "".join(
            self._chance.choice("bcdfghlmnprstvw") + self._chance.choice("aeiou")
            for _ in range(syllables)
        )

    def rare(self) -> str:
        """A word that few items have."""
        return self._words[-1]

    def text(self, words: int) -> str:
        chosen = self._chance.choices(self._words, cum_weights=self._weights, k=words)
        for place in range(0, words, 12):
            chosen[place] = self._chance.choice(COMMON)
        return " ".join(chosen).capitalize()

    def item(self, number: int) -> ItemDraft:
        chance = self._chance
        doubts = (ItemWarning("no_date", "The text gives no date."),) if number % 5 == 0 else ()
        return ItemDraft(
            title=self.text(9),
            topic=f"Topic {chance.randint(1, 12)}",
            body="\n\n".join(self.text(chance.randint(20, 60)) for _ in range(2)),
            source=f"Example Board {chance.randint(1, 60)}",
            published=None if doubts else date(2016, 1, 1) + timedelta(days=number // 27),
            author="Sam Example",
            actions=(Action("Read more", self.text(6), f"https://board.example/{number}"),),
            nations=tuple(chance.sample(tuple(Nation), chance.choice((0, 1, 1, 2)))),
            warnings=doubts,
        )


def fill(store: Store, count: int) -> Writer:
    """Put so many items into an empty library."""
    writer = Writer()
    for start in range(1, count + 1, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, count + 1))
        with store.write() as tx:
            connection = tx._connection  # noqa: SLF001  # many rows at once, as nobody else needs
            connection.execute(insert(items), list(_rows(writer, numbers)))
            shown = [
                {"item_id": number, "role_key": DEFAULT_ROLES[number % 7].key}
                for number in numbers
                if number % 3 == 0
            ]
            connection.execute(insert(item_roles), shown)
    return writer


def _rows(writer: Writer, numbers: range) -> Iterator[dict[str, Any]]:
    states = (ItemState.CANDIDATE, ItemState.KEPT, ItemState.USED, ItemState.REJECTED)
    for number in numbers:
        draft = writer.item(number)
        yield (
            values_of(draft)
            | derived_from(draft)
            | {
                "id": number,
                "state": states[number % 10 // 3 if number % 10 < 9 else 3],
                "source_id": number % 4 or None,
                "created_at": _NOW,
                "updated_at": _NOW,
            }
        )
