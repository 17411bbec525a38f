"""`bulletin items`: from a pasted newsfeed to the library."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from bulletin.cli.context import services
from bulletin.cli.item_documents import doubts, draft_document, heading
from bulletin.cli.output import CLI_ACTOR, As, AsJson, clutter, document, notice, say, table
from bulletin.errors import InvalidInput
from bulletin.models.items import Reading
from bulletin.pipeline.collect import Collected, foreseen
from bulletin.sources import SourceFormat, read
from bulletin.wiring import Services

_MOST_BYTES: Final = 30_000_000  # more than any source may have: what is larger is refused as such

app = typer.Typer(no_args_is_help=True, help="Bring news in and look at the library.")


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
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Turn a newsfeed of any kind into items.

    Example: bulletin items import november.docx --dry-run
    """
    with services() as made:
        reading = _reading(made, path, source_format)
        if dry_run:
            known = made.has_library()
            collected = made.collecting.preview(reading) if known else foreseen(reading)
        else:
            collected = made.collecting.keep(reading, actor)
    if as_json:
        document(_import_document(reading, collected, dry_run=dry_run))
    else:
        _tell(reading, collected, dry_run=dry_run)


def _reading(made: Services, path: str, source_format: SourceFormat) -> Reading:
    if path.lower().startswith(("http://", "https://")):
        return made.visiting.news_at(path, source_format)
    data = sys.stdin.buffer.read(_MOST_BYTES) if path == "-" else _file(path)
    return read(data, source_format)


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


def _tell(reading: Reading, collected: list[Collected], *, dry_run: bool) -> None:
    table(
        ("", "title", "source", "published", "actions", "doubts"),
        (
            (
                position if dry_run else each.id,
                heading(each.draft),
                each.draft.source,
                each.draft.published,
                len(each.draft.actions),
                doubts(each.draft),
            )
            for position, each in enumerate(collected, start=1)
        ),
    )
    for each in collected:
        for warning in each.draft.warnings:
            if warning.code not in {"no_source", "no_date"}:
                notice(f"{heading(each.draft)[:50]}: {warning.message}")
    known = sum(each.known for each in collected)
    verb = "would be imported" if dry_run else "imported"
    say(
        f"{len(collected) - known} {verb}{_alike(collected)}, {known} known already, "
        f"{clutter(len(reading.dropped))} left out."
    )


def _alike(collected: list[Collected]) -> str:
    """How many of what is new look like copies or newer versions, in brackets."""
    codes = [
        warning.code for each in collected if not each.known for warning in each.draft.warnings
    ]
    copies, versions = codes.count("duplicate"), codes.count("updates")
    told = [
        f"{copies} like another item" if copies else "",
        f"{versions} like a newer version of one" if versions else "",
    ]
    said = ", ".join(filter(None, told))
    return f" ({said})" if said else ""
