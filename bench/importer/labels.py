"""The labelled examples: what a careful person finds in each file (see README.md)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.importer.word import document

EXAMPLES = Path(__file__).parent / "examples"
LABELS = ".labels.json"
WORD = ".docx.md"
OWN_FIELDS = frozenset(
    {"title", "topic", "source", "author", "published", "deadline", "nations", "roles"}
)

MORE = frozenset({"contains", "lacks", "actions", "inline", "may_link", "warnings", "may_warn"})


@dataclass(frozen=True, slots=True)
class WantedAction:
    """An action that must be found; what is None is not judged. `text`: words of label or title."""

    url: str | None
    label: str | None = None
    title: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """One labelled item. `fields`: name -> the values that are right, the best one first."""

    fields: dict[str, tuple[Any, ...]]
    contains: tuple[str, ...]
    lacks: tuple[str, ...]
    actions: tuple[WantedAction, ...]
    inline: frozenset[str]
    may_link: frozenset[str]
    warnings: frozenset[str]
    may_warn: frozenset[str]

    @property
    def title(self) -> str:
        return str(self.fields["title"][0])

    @property
    def name(self) -> str:
        """What to call it in a list: its title or how it begins."""
        return self.title or self.contains[0]


@dataclass(frozen=True, slots=True)
class Example:
    """One file in one layout. digest: changes with the file and with its labels."""

    layout: str
    data: bytes
    digest: str
    items: tuple[Wanted, ...]
    cruft: tuple[str, ...]
    absent: tuple[str, ...]


def examples(folder: Path = EXAMPLES) -> Iterator[Example]:
    """Every labelled example of a folder, by name. Raises ValueError for an unknown label."""
    for path in sorted(folder.glob(f"*{LABELS}")):
        name = path.name.removesuffix(LABELS)
        (source,) = (one for one in folder.glob(f"{name}.*") if one != path)
        yield _example(path.read_bytes(), source)


def _example(labels: bytes, source: Path) -> Example:
    written = source.read_bytes()
    said = json.loads(labels)
    _known(said, {"layout", "items", "cruft", "absent"})
    return Example(
        layout=said["layout"],
        data=document(written.decode()) if source.name.endswith(WORD) else written,
        digest=hashlib.sha256(written + labels).hexdigest()[:16],
        items=tuple(_wanted(item) for item in said["items"]),
        cruft=tuple(said.get("cruft", ())),
        absent=tuple(said.get("absent", ())),
    )


def _wanted(said: dict[str, Any]) -> Wanted:
    _known(said, OWN_FIELDS | MORE)
    titles = _choices(said["title"])
    # One heading is the title; whether it also names the topic can be read both ways.
    missing: dict[str, Any] = {"topic": {"any": ["", *titles]}, "nations": [], "roles": []}
    fields = {name: _choices(said.get(name, missing.get(name))) for name in OWN_FIELDS}
    return Wanted(
        fields=fields,
        contains=tuple(said.get("contains", ())),
        lacks=tuple(said.get("lacks", ())),
        actions=tuple(WantedAction(**action) for action in said.get("actions", ())),
        inline=frozenset(said.get("inline", ())),
        may_link=frozenset(said.get("may_link", ())),
        warnings=frozenset(said.get("warnings", ())),
        may_warn=frozenset(said.get("may_warn", ())),
    )


def _choices(value: Any) -> tuple[Any, ...]:
    return tuple(value["any"]) if isinstance(value, dict) else (value,)


def _known(said: dict[str, Any], names: set[str] | frozenset[str]) -> None:
    if unknown := set(said) - names:
        raise ValueError(f"a label that nobody reads: {', '.join(sorted(unknown))}")
