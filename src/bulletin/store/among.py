"""Many values for one statement, handed over as one: it stays short, and is prepared once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine


def among(
    connection: Connection, values: Iterable[int | str], kind: TypeEngine[Any]
) -> Select[tuple[Any]]:
    """Values that a column may be `in_`. kind: their type, as the column's.

    With some thousands of them a plain `in_` is slow to write, and longer than what drivers
    remember as prepared.
    """
    listed = list(values)
    if connection.dialect.name == "sqlite":
        return select(func.json_each(json.dumps(listed)).table_valued("value").c.value)
    return select(func.unnest(literal(listed, ARRAY(kind))).column_valued("value"))
