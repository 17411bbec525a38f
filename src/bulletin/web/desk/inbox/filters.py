"""What the list of items is narrowed to, as its address has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from bulletin.models.items import ItemState, Nation
from bulletin.models.library import LibraryQuery
from bulletin.web.desk.inbox.asked import whole
from bulletin.web.desk.inbox.slices import SIZE

_MOST_WORDS: Final = 100
_NARROWING: Final = (
    "q", "topic", "source", "nation", "role", "paste", "watched", "from", "to", "doubts", "twins",
)  # fmt: skip
_DOUBTS: Final = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Filters:
    """Each is text as the address has it, "" for what does not matter; page counts from 1."""

    state: str = ItemState.CANDIDATE.value
    q: str = ""
    topic: str = ""
    source: str = ""
    nation: str = ""
    role: str = ""
    paste: str = ""
    watched: str = ""
    from_: str = ""
    to: str = ""
    doubts: str = ""
    twins: str = ""
    issue: str = ""
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything but the state is asked for."""
        return any(getattr(self, _field(name)) for name in _NARROWING)

    @property
    def opened(self) -> bool:
        """Whether the filters are to be seen: words and a paste stand above the list anyway."""
        return any(getattr(self, _field(name)) for name in _NARROWING if name not in {"q", "paste"})

    def query(self) -> LibraryQuery:
        """What is asked of the library."""
        return LibraryQuery(
            words=self.q,
            states=frozenset({ItemState(self.state)} if self.state != "all" else ()),
            topic=self.topic or None,
            source=self.source or None,
            nation=Nation(self.nation) if self.nation else None,
            role=self.role or None,
            watched=whole(self.watched) or None,
            paste=whole(self.paste) or None,
            published_from=date.fromisoformat(self.from_) if self.from_ else None,
            published_to=date.fromisoformat(self.to) if self.to else None,
            doubts=_DOUBTS.get(self.doubts),
            duplicates=bool(self.twins),
            limit=SIZE,
            offset=(self.page - 1) * SIZE,
        )

    def kept(self) -> list[tuple[str, str]]:
        """What a form has to carry so that the list stays as it is, but for the issue."""
        values = [(name, getattr(self, _field(name))) for name in ("state", *_NARROWING)]
        return [(name, value) for name, value in values if value]

    def address(self, **changes: object) -> str:
        """The list's address with these filters. changes: other values; "" takes one away.

        Any change but that of `item` begins with the first page, unless it names one.
        """
        values: dict[str, object] = {
            name: getattr(self, _field(name)) for name in ("state", *_NARROWING, "issue")
        }
        if values["state"] == ItemState.CANDIDATE.value:
            values["state"] = ""
        if changes.keys() <= {"item"} and self.page > 1:
            values["page"] = self.page
        values |= changes
        found = urlencode({name: value for name, value in values.items() if value})
        return f"/app/inbox?{found}" if found else "/app/inbox"


def filters_of(query: QueryParams) -> Filters:
    """What an address asks for; what it says wrongly is left out."""
    said: dict[str, Any] = {}
    for name, check in _CHECKS.items():
        value = query.get(name, "").replace("\0", "").strip()[:_MOST_WORDS]
        if value and check(value):
            said[_field(name)] = value
    return Filters(**said, page=max(min(whole(query.get("page", "")), 10**6), 1))


def _field(name: str) -> str:
    return "from_" if name == "from" else name


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _anything(_text: str) -> bool:
    return True


_CHECKS: Final[dict[str, Callable[[str], bool]]] = {
    "state": lambda text: text in {"all", *ItemState},
    "q": _anything,
    "topic": _anything,
    "source": _anything,
    "nation": lambda text: text in set(Nation),
    "role": lambda text: text.isidentifier(),
    "paste": lambda text: bool(whole(text)),
    "watched": lambda text: bool(whole(text)),
    "from": _is_day,
    "to": _is_day,
    "doubts": lambda text: text in _DOUBTS,
    "twins": _anything,
    "issue": lambda text: bool(whole(text)),
}
