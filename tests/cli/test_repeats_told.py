"""What an import says of news that comes again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

FEED = """Lamps at bus stops

Exampleshire puts lamps at all 64 bus stops that pupils use early. Schools say which comes first.

Name a stop: https://exampleshire.example/lamps
"""
COPY = FEED.replace("Lamps at bus stops", "Light for the way to school")
NEWER = FEED.replace("64", "71")


def test_an_import_counts_copies_and_newer_versions(
    bulletin: Callable[..., Any], tmp_path: Path
) -> None:
    for name, text in (("feed", FEED), ("copy", COPY), ("newer", NEWER)):
        (tmp_path / f"{name}.txt").write_text(text)
    first = bulletin("items", "import", "feed.txt", "--json").json["items"][0]["id"]
    told = [bulletin("items", "import", f"{name}.txt", "--dry-run") for name in ("copy", "newer")]
    assert "1 would be imported (1 like another item)" in told[0].out
    assert f"This looks like item {first}" in told[0].err
    assert "1 would be imported (1 like a newer version of one)" in told[1].out
    assert "71 in the place of 64" in told[1].err
    assert "0 imported, 1 known already" in bulletin("items", "import", "feed.txt").out


def test_a_program_reads_what_an_item_repeats(bulletin: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "feed.txt").write_text(FEED)
    (tmp_path / "newer.txt").write_text(NEWER)
    [first] = bulletin("items", "import", "feed.txt", "--json").json["items"]
    [newer] = bulletin("items", "import", "newer.txt", "--json").json["items"]
    assert (first["duplicate_of"], first["updates"]) == (None, None)
    assert (newer["duplicate_of"], newer["updates"]) == (None, first["id"])
    assert bulletin("items", "show", str(newer["id"]), "--json").json["updates"] == first["id"]


def test_a_dry_run_without_a_library_tells_of_repeats_within_the_text(
    bulletin: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "bulletin.db").unlink()
    (tmp_path / "feed.txt").write_text(f"{FEED}\n\n{COPY}")
    found = bulletin("items", "import", "feed.txt", "--dry-run", "--json").json["items"]
    said = [
        warning["message"] for warning in found[1]["warnings"] if warning["code"] == "duplicate"
    ]
    assert ["number 1 of this text" in message for message in said] == [True]
    assert not (tmp_path / "bulletin.db").exists()
