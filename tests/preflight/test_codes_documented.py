"""Every code that preflight can give is explained to whoever meets it."""

from __future__ import annotations

import re
from pathlib import Path

import bulletin.preflight

GIVEN = re.compile(
    r'(?:advisory|blocking|about|\()\(?\s*"([a-z]+_[a-z_0-9]+|capitals|helpline|shortened)"'
)
DOCS = Path(__file__).parents[2] / "docs" / "using.md"


def test_every_code_stands_in_the_table() -> None:
    folder = Path(bulletin.preflight.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    given = set(GIVEN.findall(code)) - {"no_heading"}
    section = DOCS.read_text(encoding="utf-8").partition("### Checks before it goes out")[2]
    explained = set(re.findall(r"`([a-z_]+)`", section.partition("\n## ")[0]))
    assert len(given) > 30
    assert given - explained == set()
