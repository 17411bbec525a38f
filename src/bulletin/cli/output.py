"""What a person or a program sees of a command: tables and sentences, or one JSON document."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bulletin.models.lines import harmless

AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else there.")
]
As = Annotated[str, typer.Option("--as", metavar="EMAIL", help="Who does this, for the record.")]
CLI_ACTOR = "command line"
MOST = 2**63 - 1  # the largest number a database keeps


def people(count: int) -> str:
    """A number of people, in words that fit it."""
    return f"{count:,} {'person' if count == 1 else 'people'}"


def copies(count: int) -> str:
    """A number of copies, in words that fit it."""
    return f"{count:,} {'copy' if count == 1 else 'copies'}"


def clutter(count: int) -> str:
    """A number of things that were left out of a paste, in words that fit it."""
    return f"{count:,} {'piece' if count == 1 else 'pieces'} of clutter"


def say(text: str = "") -> None:
    """A line for a person, on stdout."""
    _console().print(harmless(text), markup=False, highlight=False, soft_wrap=True)


def notice(text: str) -> None:
    """A line beside the result, on stderr."""
    Console(stderr=True).print(harmless(text), markup=False, highlight=False, soft_wrap=True)


def document(value: Any) -> None:
    """One JSON document on stdout."""
    json.dump(value, sys.stdout, indent=2, ensure_ascii=False, default=str)
    sys.stdout.write("\n")


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
    """A table for a person; cells are text, never markup."""
    grid = Table(title=title or None, title_justify="left", title_style="bold", header_style="bold")
    for heading in headings:
        grid.add_column(heading, overflow="fold")
    for row in rows:
        grid.add_row(*(_cell(value) for value in row))
    _console().print(grid)


def _cell(value: object) -> Text:
    return Text("" if value is None else harmless(str(value)))


def _console() -> Console:
    # Away from a terminal a table must not be squeezed into 80 columns.
    return Console(width=None if sys.stdout.isatty() else 140)
