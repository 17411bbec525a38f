"""Every code that preflight can give is explained to whoever meets it."""

from __future__ import annotations

import re
from pathlib import Path

import bulletin.preflight
from bulletin.pipeline.settling import _ANSWERED

GIVEN = re.compile(
    r'(?:advisory|blocking|about|\()\(?\s*"([a-z]+_[a-z_0-9]+|capitals|helpline|shortened)"'
)
DOCS = Path(__file__).parents[2] / "docs" / "using.md"


DOUBT = re.compile(r'ItemWarning\(\s*"([a-z_]+)"')


def listed_in(section: str) -> list[str]:
    """The codes in the first column of a section's tables."""
    first = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return re.findall(r"`([a-z_]+)`", " ".join(first))


def test_every_doubt_of_an_import_has_its_line() -> None:
    folder = Path(bulletin.preflight.__file__).parents[1]
    code = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    given = set(DOUBT.findall(code)) | set(_ANSWERED)
    section = DOCS.read_text(encoding="utf-8").partition("\n## 1. ")[2].partition("\n## 2. ")[0]
    listed = listed_in(section)
    assert len(given) > 15
    assert given - set(listed) == set()
    assert len(listed) == len(set(listed))


def test_every_code_stands_in_the_table() -> None:
    folder = Path(bulletin.preflight.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    given = set(GIVEN.findall(code)) - {"no_heading"}
    section = DOCS.read_text(encoding="utf-8").partition("### Checks before it goes out")[2]
    section = section.partition("\n## ")[0]
    explained = set(re.findall(r"`([a-z_]+)`", section))
    assert len(given) > 30
    assert given - explained == set()
    listed = listed_in(section)
    assert len(listed) == len(set(listed))
