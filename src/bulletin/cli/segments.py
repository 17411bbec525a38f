"""`bulletin segments`: named rules that pick subscribers."""

from __future__ import annotations

from typing import Annotated

import typer

from bulletin.cli.context import services
from bulletin.cli.output import CLI_ACTOR, As, AsJson, document, people, say, table

app = typer.Typer()
Name = Annotated[str, typer.Argument(help="The segment's name.")]


@app.command("add")
def add(
    name: Name,
    where: Annotated[str, typer.Option(metavar="EXPR", help="The rule, see the example.")],
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Name a segment.

    Example: bulletin segments add "Welsh leads" --where "role = dsl and nation = Wales"
    """
    with services() as made:
        number, _ = made.enrolment.add_segment(name, where, actor)
        picked = made.enrolment.count(name)
        rule = made.enrolment.describe_segment(name)
    if as_json:
        document({"id": number, "name": name, "where": rule, "people": picked})
    else:
        say(f"Segment '{name}' picks {people(picked)}: {rule}")


@app.command("list")
def list_segments(as_json: AsJson = False) -> None:
    """List the segments with the people in each.

    Example: bulletin segments list
    """
    with services() as made:
        found = made.enrolment.segments()
    if as_json:
        rows = [
            {"id": number, "name": name, "where": rule, "people": picked}
            for number, name, rule, picked in found
        ]
        document({"segments": rows})
    elif not found:
        say("There is no segment yet; an issue then goes to everybody.")
    else:
        table(("id", "name", "rule", "people"), found)


@app.command("count")
def count(name: Name, as_json: AsJson = False) -> None:
    """Say how many people a segment picks, before consent and suppressions.

    Example: bulletin segments count "Welsh leads"
    """
    with services() as made:
        picked = made.enrolment.count(name)
    if as_json:
        document({"name": name, "people": picked})
    else:
        say(f"{picked}")


@app.command("show")
def show(name: Name, as_json: AsJson = False) -> None:
    """Show a segment's rule.

    Example: bulletin segments show "Welsh leads"
    """
    with services() as made:
        rule = made.enrolment.describe_segment(name)
        picked = made.enrolment.count(name)
    if as_json:
        document({"name": name, "where": rule, "people": picked})
    else:
        say(f"{name}: {rule} ({people(picked)})")
