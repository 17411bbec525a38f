"""`bulletin items`: from a pasted newsfeed to the library."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from bulletin.cli.context import pairs, services
from bulletin.cli.imported import tell_import
from bulletin.cli.item_documents import draft_document
from bulletin.cli.output import CLI_ACTOR, As, AsJson, document
from bulletin.errors import InvalidInput
from bulletin.models.items import Reading
from bulletin.pipeline.collect import Collected, foreseen
from bulletin.sources import SourceFormat, read
from bulletin.wiring import Services

_MOST_BYTES: Final = 30_000_000  # more than any source may have: what is larger is refused as such

app = typer.Typer()


@app.command("import")
def import_items(
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH|URL|-",
            help="A text, page, table, feed, .docx, .xlsx or .eml; a web address; - for stdin.",
        ),
    ],
    source_format: Annotated[
        SourceFormat, typer.Option("--format", help="What it is, if it is not recognised.")
    ] = SourceFormat.AUTO,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be imported; keep nothing.")
    ] = False,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="What a heading means; repeatable."),
    ] = None,
    dropped: Annotated[
        bool, typer.Option("--dropped", help="Show all that was left out, and why.")
    ] = False,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Turn a newsfeed of any kind into items.

    Example: bulletin items import november.docx --dry-run
    """
    columns = pairs(mapping or [], '"Who from=source"')
    with services() as made:
        reading = _reading(made, path, source_format, columns)
        if dry_run:
            known = made.has_library()
            collected = made.collecting.preview(reading) if known else foreseen(reading)
        else:
            collected = made.collecting.keep(reading, actor)
    if as_json:
        document(_import_document(reading, collected, dry_run=dry_run))
    else:
        tell_import(reading, collected, dry_run=dry_run, dropped=dropped)


def _reading(
    made: Services, path: str, source_format: SourceFormat, columns: Mapping[str, str]
) -> Reading:
    if path.lower().startswith(("http://", "https://")):
        return made.visiting.news_at(path, source_format, columns=columns)
    data = sys.stdin.buffer.read(_MOST_BYTES) if path == "-" else _file(path)
    return read(data, source_format, columns=columns)


def _file(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(_MOST_BYTES)
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from error


def _import_document(
    reading: Reading, collected: list[Collected], *, dry_run: bool
) -> dict[str, Any]:
    found = [
        ({} if dry_run else {"id": each.id}) | draft_document(each.draft) for each in collected
    ]
    return {"items": found, "dropped": [asdict(dropped) for dropped in reading.dropped]}
