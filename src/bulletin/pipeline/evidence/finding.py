"""Which organisation somebody means. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.fuzz import WRatio
from rapidfuzz.utils import default_process

from bulletin.errors import NotFound, Refused
from bulletin.models.evidence import Organisation

_SUGGESTIONS = 5
_ALIKE = 80  # of 100: "Oak Scool" finds Oak School, "Elm" does not


def find(reference: str, organisations: Sequence[Organisation]) -> Organisation:
    """The organisation of that name, URN or id; `id:7` and `urn:100001` say which is meant.

    Case and spacing of a name do not matter, the rest does: a report of the wrong school is worse
    than none. Raises Refused if several fit, with their ids, and NotFound with similar names.
    """
    wanted = _plain(reference)
    found = [each for each in organisations if wanted in _handles(each)]
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(
            f"{len(found)} organisations answer to '{reference}': {_listed(found)}. "
            "Say which by its id, such as "
            f"id:{found[0].id}."
        )
    names = {each.id: each.name for each in organisations}
    close = process.extract(
        reference, names, scorer=WRatio, processor=default_process,
        limit=_SUGGESTIONS, score_cutoff=_ALIKE,
    )  # fmt: skip
    alike = {number for _, _, number in close}
    similar = [each for each in organisations if each.id in alike]
    hint = f" Similar: {_listed(similar)}." if similar else ""
    raise NotFound(f"There is no organisation '{reference}'.{hint}")


def number_in(reference: str) -> int | None:
    """The number that a reference such as `id:7` says, or None."""
    found = re.fullmatch(r"id:([0-9]{1,15})", _plain(reference), re.ASCII)
    return int(found[1]) if found else None


def _handles(organisation: Organisation) -> set[str]:
    handles = {_plain(organisation.name), str(organisation.id), f"id:{organisation.id}"}
    if organisation.urn:
        handles |= {organisation.urn.casefold(), f"urn:{organisation.urn.casefold()}"}
    return handles


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _listed(organisations: Iterable[Organisation]) -> str:
    return "; ".join(
        f"{each.name} (id:{each.id}{f', URN {each.urn}' if each.urn else ''})"
        for each in organisations
    )
