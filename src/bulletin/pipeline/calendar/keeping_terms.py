"""Keeping terms: school terms are brought in, by nation or local authority, and taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bulletin.models.items import Nation
from bulletin.models.terms import Term, TermDraft
from bulletin.pipeline.calendar.term_files import ReadTerms, a_term, check_apart, read_terms
from bulletin.store.store import Store, Transaction


class KeepingTerms:
    """The terms of this installation. Every change is put on record."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def listed(self) -> list[Term]:
        """All of them, by nation, authority and first day."""
        with self._store.read() as tx:
            return tx.calendar.terms()

    def add(self, row: Mapping[str, str], actor: str) -> TermDraft:
        """Keep one term: nation, authority, name, first and last day as somebody wrote them.

        Raises InvalidInput, also if it overlaps another of the same place.
        """
        draft = a_term(row, None, "")
        with self._store.write() as tx:
            self._keep(tx, [draft], actor, removed=0)
        return draft

    def bring_in(
        self, text: str, nation: Nation | None, authority: str, actor: str, *, replacing: bool
    ) -> ReadTerms:
        """Keep the terms of a table or calendar file: all of them, or none if a row is wrong.

        nation, authority: of rows that do not say. replacing: instead of what the places in it
        had before. Raises InvalidInput for a text that cannot be read at all, and for terms that
        overlap those that are kept.
        """
        read = read_terms(text, nation, authority)
        if read.troubles:
            return read
        with self._store.write() as tx:
            places = {(term.nation, term.authority) for term in read.terms} if replacing else set()
            removed = sum(tx.calendar.remove_terms_of(*place) for place in places)
            self._keep(tx, read.terms, actor, removed=removed)
        return read

    def remove(self, term_id: int, actor: str) -> Term:
        """Take one out. Raises NotFound."""
        with self._store.write() as tx:
            term = tx.calendar.remove_term(term_id)
            self._record(tx, actor, added=0, removed=1)
        return term

    def _keep(
        self, tx: Transaction, drafts: Sequence[TermDraft], actor: str, *, removed: int
    ) -> None:
        check_apart(tx.calendar.terms(), drafts)
        tx.calendar.add_terms(drafts)
        self._record(tx, actor, added=len(drafts), removed=removed)

    def _record(self, tx: Transaction, actor: str, **counts: int) -> None:
        tx.audit.record(actor, "calendar.terms", "calendar", self._store.clock(), **counts)
