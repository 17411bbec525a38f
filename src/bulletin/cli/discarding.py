"""`bulletin issue delete`: a draft that nobody wants."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bulletin.cli.context import services
from bulletin.cli.issue import Ref, app
from bulletin.cli.output import CLI_ACTOR, As, AsJson, document, say
from bulletin.errors import Refused
from bulletin.pipeline.discarding import Discard


@app.command("delete")
def delete(
    ref: Ref,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Delete a draft that was never approved. Its items stay in the library.

    Example: bulletin issue delete december --yes
    """
    with services() as made:
        found = made.discarding.look(ref)
        if found.why_not:
            raise Refused(found.why_not)
        if not yes:
            _ask(found)
        gone = made.discarding.discard(ref, actor)
    if as_json:
        document({"id": gone.issue.id, "slug": gone.issue.slug, "items": gone.items})
    else:
        say(f"Issue {gone.issue.slug} is deleted.{_items(gone)}")


def _ask(found: Discard) -> None:
    question = f"'{found.issue.title}' goes for good, with its words, order, comments and versions."
    if not sys.stdin.isatty():
        raise Refused(f"{question} Repeat it with --yes if that is right.")
    if not typer.confirm(f"{question} Go on?", err=True):
        raise Refused("Nothing was changed.")


def _items(gone: Discard) -> str:
    if not gone.items:
        return ""
    left = "Its item is" if gone.items == 1 else f"Its {gone.items} items are"
    return f" {left} in the library still."
