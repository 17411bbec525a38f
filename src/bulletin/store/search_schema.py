"""What the library is searched by, which only SQL can make: an index of the words of items.

SQLite: an FTS5 table `item_words` over the rows of `items`, and a table `item_facts` of what items
are sifted by, so that their texts need not be read for it. Triggers keep both up to date.
PostgreSQL: a generated column `items.words` with a GIN index. Its dictionary knows no stop words,
and its text is folded beforehand (accents off, punctuation apart), so that both find the same.
"""

from __future__ import annotations

from sqlalchemy import Connection

from bulletin.store import jobs_schema

# The columns of `items` whose words are found, the weightiest first.
COLUMNS = ("title", "topic", "source", "author", "action_words", "body")
TABLE = "item_words"
FACTS = "item_facts"
CONFIGURATION = "bulletin"


def is_ours(name: str | None, kind: str, parents: object) -> bool:
    """Whether our own tables describe a thing (Alembic's `include_name`)."""
    if kind == "table" and (name or "").startswith((TABLE, FACTS)):
        return False
    if (kind, name) in {("index", "ix_items_words"), ("column", "words")}:
        return False
    return jobs_schema.is_ours(name, kind, parents)


def make(connection: Connection) -> None:
    """Make the index over the items that there are, in the transaction that is open."""
    statements = _SQLITE if connection.dialect.name == "sqlite" else _postgresql()
    for statement in statements:
        connection.exec_driver_sql(statement)


_SQLITE = (
    """UPDATE items SET doubts = json_array_length(warnings), action_words = coalesce((
        SELECT group_concat(
            json_extract(value, '$.label') || ' ' || json_extract(value, '$.title'), ' ')
        FROM json_each(items.actions)), '')""",
    """CREATE VIRTUAL TABLE item_words USING fts5(
        title, topic, source, author, action_words, body,
        content='items', content_rowid='id',
        tokenize='porter unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER item_words_insert AFTER INSERT ON items BEGIN
        INSERT INTO item_words (rowid, title, topic, source, author, action_words, body)
        VALUES (new.id, new.title, new.topic, new.source, new.author, new.action_words, new.body);
        END""",
    """CREATE TRIGGER item_words_delete AFTER DELETE ON items BEGIN
        INSERT INTO item_words
            (item_words, rowid, title, topic, source, author, action_words, body)
        VALUES ('delete', old.id, old.title, old.topic, old.source, old.author,
            old.action_words, old.body);
        END""",
    """CREATE TRIGGER item_words_update
        AFTER UPDATE OF title, topic, source, author, action_words, body ON items BEGIN
        INSERT INTO item_words
            (item_words, rowid, title, topic, source, author, action_words, body)
        VALUES ('delete', old.id, old.title, old.topic, old.source, old.author,
            old.action_words, old.body);
        INSERT INTO item_words (rowid, title, topic, source, author, action_words, body)
        VALUES (new.id, new.title, new.topic, new.source, new.author, new.action_words, new.body);
        END""",
    "INSERT INTO item_words (item_words) VALUES ('rebuild')",
    """CREATE TABLE item_facts (
        id INTEGER NOT NULL PRIMARY KEY, state, topic, source, published, nations,
        proposed_roles, source_id, doubts, duplicate_of)""",
    """INSERT INTO item_facts SELECT id, state, topic, source, published, nations,
        proposed_roles, source_id, doubts, duplicate_of FROM items""",
    """CREATE TRIGGER item_facts_insert AFTER INSERT ON items BEGIN
        INSERT INTO item_facts VALUES (new.id, new.state, new.topic, new.source, new.published,
            new.nations, new.proposed_roles, new.source_id, new.doubts, new.duplicate_of);
        END""",
    """CREATE TRIGGER item_facts_delete AFTER DELETE ON items BEGIN
        DELETE FROM item_facts WHERE id = old.id;
        END""",
    """CREATE TRIGGER item_facts_update
        AFTER UPDATE OF state, topic, source, published, nations, proposed_roles, source_id,
            doubts, duplicate_of ON items BEGIN
        UPDATE item_facts SET state = new.state, topic = new.topic, source = new.source,
            published = new.published, nations = new.nations,
            proposed_roles = new.proposed_roles, source_id = new.source_id,
            doubts = new.doubts, duplicate_of = new.duplicate_of
        WHERE id = new.id;
        END""",
)


def _postgresql() -> tuple[str, ...]:
    weighed = " || ".join(
        f"setweight(to_tsvector('bulletin', {_folded(name)}), '{weight}')"
        for name, weight in zip(COLUMNS, "ABCCBD", strict=True)
    )
    return (
        """UPDATE items SET doubts = json_array_length(warnings), action_words = coalesce((
            SELECT string_agg((action->>'label') || ' ' || (action->>'title'), ' ')
            FROM json_array_elements(items.actions) AS action), '')""",
        "CREATE TEXT SEARCH DICTIONARY bulletin_stem (TEMPLATE = snowball, LANGUAGE = english)",
        "CREATE TEXT SEARCH CONFIGURATION bulletin (COPY = english)",
        """ALTER TEXT SEARCH CONFIGURATION bulletin
            ALTER MAPPING REPLACE english_stem WITH bulletin_stem""",
        f"ALTER TABLE items ADD COLUMN words tsvector GENERATED ALWAYS AS ({weighed}) STORED",
        "CREATE INDEX ix_items_words ON items USING gin (words)",
    )


# What keeps words apart and is no white space. In a database without a locale PostgreSQL takes all
# beyond ASCII for letters, so signs are named: Latin, general, arrows and symbols, CJK, pictures.
_BETWEEN = (
    "[!-/:-@\\[-`{-~\\u0080-\\u00BF\\u2000-\\u206F\\u2190-\\u2BFF\\u3000-\\u303F"
    "\\U0001F000-\\U0001FAFF]+"
)
_MOST = 40_000


def _folded(column: str) -> str:
    # A tsvector holds a megabyte at most, and an item beyond it could not be kept at all: six
    # columns of so many letters have up to 0.96 MB. Taking letters apart makes more of them.
    shortened = f"left(normalize(left({column}, {_MOST}), NFKD), {_MOST})"
    plain = f"regexp_replace({shortened}, '[\\u0300-\\u036F]+', '', 'g')"
    return f"regexp_replace({plain}, '{_BETWEEN}', ' ', 'g')"
