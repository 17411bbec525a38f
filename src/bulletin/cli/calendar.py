"""`bulletin calendar`: when issues are due, and when schools have term."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bulletin.cli.context import nation, services
from bulletin.cli.output import CLI_ACTOR, As, AsJson, document, say, table
from bulletin.errors import InvalidInput, Refused
from bulletin.pipeline.calendar.rhythm_words import in_words
from bulletin.pipeline.clock import spoken

app = typer.Typer()


@app.command("next")
def next_dates(
    count: Annotated[int, typer.Option(min=1, max=30, help="How many dates.")] = 3,
    as_json: AsJson = False,
) -> None:
    """Say when the next issues are due, by the rhythm that is set on the desk.

    Example: bulletin calendar next --count 5
    """
    with services() as made:
        rhythm = made.calendars.rhythm()
        if rhythm is None:
            raise Refused("There is no rhythm yet. Set it on the desk, under Calendar.")
        turns = made.calendars.next_turns(rhythm, count)
        zone = made.settings.zone
    if as_json:
        rows = [
            {"at": turn.at.isoformat(), "regular": turn.regular.isoformat(), "sure": turn.is_sure}
            for turn in turns
        ]
        document({"rhythm": in_words(rhythm), "dates": rows})
        return
    say(in_words(rhythm))
    for turn in turns:
        unsure = "" if turn.is_sure else " (no term dates are known for then)"
        say(f"  {spoken(turn.at, zone)}, UK time{unsure}")


@app.command("terms")
def terms(as_json: AsJson = False) -> None:
    """List the school terms that are known.

    Example: bulletin calendar terms
    """
    with services() as made:
        found = made.keeping_terms.listed()
    if as_json:
        document({"terms": [asdict(term) for term in found]})
    elif not found:
        say("No term is known yet. Bring some in with: bulletin calendar import-terms FILE")
    else:
        rows = [(term.id, term.place, term.name, term.first, term.last) for term in found]
        table(("id", "where", "term", "first day", "last day"), rows)


@app.command("import-terms")
def import_terms(
    path: Annotated[str, typer.Argument(metavar="FILE", help="A .csv or .ics file; - for stdin.")],
    for_nation: Annotated[
        str, typer.Option("--nation", help="Of rows that name none, and of .ics files.")
    ] = "",
    authority: Annotated[
        str, typer.Option(help="The local authority of rows that name none.")
    ] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Instead of what is kept for the same places.")
    ] = False,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Keep the school terms of a list: all of them, or none if a row cannot be used.

    Example: bulletin calendar import-terms terms.csv --replace
    """
    where = nation(for_nation) if for_nation else None
    with services() as made:
        text = _text(path)
        read = made.keeping_terms.bring_in(text, where, authority, actor, replacing=replace)
    if as_json:
        troubles = [asdict(trouble) for trouble in read.troubles]
        document({"kept": len(read.terms), "rejected": troubles})
    elif read.troubles:
        rows = [(trouble.row, trouble.reason) for trouble in read.troubles]
        table(("row", "why it cannot be used"), rows)
    else:
        say(f"{len(read.terms)} terms kept.")
    if read.troubles:
        raise Refused("Nothing was kept. Mend these rows and repeat it.")


def _text(path: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is not UTF-8 text. Save it as CSV UTF-8.") from error
