"""What every command needs: the services behind it, closed when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from bulletin.errors import InvalidInput
from bulletin.models.issues import Audience
from bulletin.models.items import Nation
from bulletin.models.nations import nations_named
from bulletin.settings import load_settings
from bulletin.wiring import Services


@contextmanager
def services() -> Iterator[Services]:
    """The services for one command, from the settings of this folder and environment."""
    made = Services(load_settings())
    try:
        yield made
    finally:
        made.close()


def keys(text: str | None) -> list[str] | None:
    """`dsl,governor` as a list; "all" or "" is the empty list, which means everybody."""
    if text is None:
        return None
    parts = [part.strip() for part in text.replace(";", ",").split(",")]
    return [part for part in parts if part and part != "all"]


def nations(text: str) -> tuple[Nation, ...]:
    """`England,Wales` as nations, each once; `UK` is its four. Raises InvalidInput otherwise."""
    found = ((name, nations_named(name)) for name in keys(text) or ())
    return tuple(
        dict.fromkeys(
            one for name, several in found for one in several or _none(name, *Nation, "UK")
        )
    )


def nation(name: str) -> Nation:
    """One nation by its name, whatever its case. Raises InvalidInput."""
    found = nations_named(name)
    if len(found) > 1:
        raise InvalidInput(f"'{name}' is {len(found)} nations. Name one: {', '.join(found)}.")
    return found[0] if found else _none(name, *Nation)


def _none(name: str, *known: str) -> NoReturn:
    raise InvalidInput(f"'{name}' is no nation here. Choose from: {', '.join(known)}.")


def pairs(entries: list[str], what: str) -> dict[str, str]:
    """`["a=b", ...]` as a mapping. Raises InvalidInput for an entry without `=`."""
    found: dict[str, str] = {}
    for entry in entries:
        name, equals, value = entry.partition("=")
        if not equals or not name.strip():
            raise InvalidInput(f"'{entry}' should look like {what}.")
        found[name.strip()] = value.strip()
    return found


def audience(include: list[str], exclude: list[str]) -> Audience | None:
    """The audience that was named, or None if none was."""
    return Audience(tuple(include), tuple(exclude)) if include or exclude else None
