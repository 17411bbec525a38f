"""Nations by the names that people write."""

from __future__ import annotations

from bulletin.models.items import Nation

_NAMES = {
    Nation.ENGLAND: ("eng", "gb-eng", "lloegr"),
    Nation.WALES: ("wls", "gb-wls", "cymru"),
    Nation.SCOTLAND: ("sct", "gb-sct", "alba"),
    Nation.NORTHERN_IRELAND: ("ni", "nir", "gb-nir", "n ireland", "n. ireland"),
    Nation.ISLE_OF_MAN: ("iom", "im", "ellan vannin"),
    Nation.JERSEY: ("je",),
    Nation.GUERNSEY: ("gg",),
}
_BY_NAME = {
    name: nation for nation, names in _NAMES.items() for name in (nation.value.casefold(), *names)
}
UK = (Nation.ENGLAND, Nation.WALES, Nation.SCOTLAND, Nation.NORTHERN_IRELAND)
_KINGDOM = frozenset({"uk", "gb-ukm", "united kingdom"})


def nations_named(text: str) -> tuple[Nation, ...]:
    """The nations that a name or code means: one, the four of the "UK", or none."""
    if " ".join(text.casefold().split()) in _KINGDOM:
        return UK
    found = nation_named(text)
    return (found,) if found else ()


def nation_named(text: str) -> Nation | None:
    """The nation that a name or code means ("England", "eng", "Cymru"), or None."""
    return _BY_NAME.get(" ".join(text.casefold().replace("_", " ").split()))
