"""What the cells of a row mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from rapidfuzz import process

from bulletin.errors import InvalidInput
from bulletin.models.items import Nation
from bulletin.models.nations import nation_named
from bulletin.models.people import Role, SubscriberDraft, SubscriberKind
from bulletin.models.spreadsheets import restored
from bulletin.roster.addresses import check_address
from bulletin.roster.headings import FIELDS, loose

_LIMITS = {"name": 200, "organisation": 200, "phase": 80, "local_authority": 120,
           "consent_basis": 500}  # fmt: skip
_SHORT = min(_LIMITS.values())
# Controls, line and paragraph separators, and the characters that turn text round on a screen.
_UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_SEPARATORS = (re.compile(r"[;|]"), re.compile(r"[/,&+]|\band\b", re.IGNORECASE))
_ASIDE = re.compile(r"\([^)]*\)")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_UK_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_URN = re.compile(r"[0-9]{6}")
_VALUES_KEPT = 10_000  # lists repeat themselves: a few roles, schools, dates


class BadCell(Exception):
    """A cell that cannot be used, and why, as a phrase."""

    def __init__(self, field: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.value = value
        self.reason = reason


class Cells:
    """Turns the cells of a row into a draft. roles: all that exist."""

    def __init__(self, roles: Sequence[Role]) -> None:
        self._keys = tuple(role.key for role in roles)
        self._spellings: dict[str, str] = {}
        for role in roles:
            for spelling in (role.key, role.name, role.short, *role.aliases):
                self._spellings.setdefault(loose(spelling), role.key)
        self._roles = lru_cache(_VALUES_KEPT)(self._roles_in)
        self._nation = lru_cache(_VALUES_KEPT)(_nation)
        self._date = lru_cache(_VALUES_KEPT)(_date)

    def draft(self, cells: Sequence[str]) -> SubscriberDraft:
        """cells: one per field, in the order of FIELDS. Raises BadCell for the first bad one."""
        (
            email, name, roles, organisation, urn, nation,
            phase, local_authority, kind, consent_basis, consent_date,
        ) = self._clean(cells)  # fmt: skip
        return SubscriberDraft(
            email=_email(email),
            roles=self._roles(roles),
            name=name,
            organisation=organisation,
            urn=_urn(urn),
            nation=self._nation(nation) if nation else None,
            phase=phase,
            local_authority=local_authority,
            kind=_kind(kind) if kind else None,
            consent_basis=consent_basis,
            consent_date=self._date(consent_date) if consent_date else None,
        )

    def _clean(self, cells: Sequence[str]) -> list[str]:
        cleaned = [cell.strip() for cell in cells]
        joined = "".join(cleaned)
        if not joined.isascii():
            cleaned = [unicodedata.normalize("NFC", cell) for cell in cleaned]
        if "'" in joined:
            cleaned = [restored(cell) for cell in cleaned]
        if _UNWANTED.search(joined) or max(map(len, cleaned)) > _SHORT:
            for field, cell in zip(FIELDS, cleaned, strict=True):
                _check(field, cell)
        return cleaned

    def _roles_in(self, cell: str) -> tuple[str, ...]:
        found = {key for part in _SEPARATORS[0].split(cell) for key in self._held(part.strip())}
        if not found:
            raise BadCell("roles", cell, f"a role is needed, such as {self._keys[0]}")
        return tuple(key for key in self._keys if key in found)

    def _held(self, part: str) -> set[str]:
        """The roles in one part; a spelling that is known as a whole is never taken apart."""
        whole = self._named(part)
        if whole or not part:
            return {whole} if whole else set()
        pieces = [piece.strip() for piece in _SEPARATORS[1].split(part) if piece.strip()]
        return {self._named(piece) or self._unknown(piece) for piece in pieces}

    def _named(self, text: str) -> str:
        for spelling in (text, _ASIDE.sub("", text), text.rstrip("sS")):
            if key := self._spellings.get(loose(spelling)):
                return key
        return ""

    def _unknown(self, piece: str) -> str:
        nearest = process.extractOne(loose(piece), self._spellings.keys(), score_cutoff=60)
        hint = (
            f"nearest is {self._spellings[nearest[0]]}"
            if nearest
            else f"there are {', '.join(self._keys)}"
        )
        raise BadCell("roles", piece, f"no such role; {hint}")


def _check(field: str, cell: str) -> None:
    if "\n" in cell or "\r" in cell:
        raise BadCell(field, cell, "a line break in it: is a quotation mark left open?")
    if _UNWANTED.search(cell):
        raise BadCell(field, cell, "a control character in it")
    limit = _LIMITS.get(field)
    if limit and len(cell) > limit:
        raise BadCell(field, cell, f"longer than {limit} characters")


def _email(cell: str) -> str:
    if not cell:
        raise BadCell("email", cell, "an address is needed")
    try:
        return check_address(cell)
    except InvalidInput as error:
        several = cell.count("@") > 1
        reason = "one bare address per row" if several else str(error).rstrip(".")
        raise BadCell("email", cell, reason) from error


def _urn(cell: str) -> str:
    if cell and _URN.fullmatch(cell) is None:
        raise BadCell("urn", cell, "a URN is six digits")
    return cell


def _nation(cell: str) -> Nation:
    nation = nation_named(cell)
    if nation is None:
        known = ", ".join(nation.value for nation in Nation)
        raise BadCell("nation", cell, f"no such nation; there are {known}")
    return nation


def _kind(cell: str) -> SubscriberKind:
    try:
        return SubscriberKind(cell.casefold())
    except ValueError as error:
        raise BadCell("kind", cell, "must be corporate, individual or empty") from error


def _date(cell: str) -> date:
    try:
        if found := _ISO_DATE.fullmatch(cell):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _UK_DATE.fullmatch(cell):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError as error:
        raise BadCell("consent_date", cell, "no such day in the calendar") from error
    raise BadCell("consent_date", cell, "write it as 2026-09-01 or 01/09/2026")
