"""`bulletin db` and `bulletin doctor`: keeping an installation well."""

from __future__ import annotations

from dataclasses import asdict

import typer

from bulletin.cli.context import services
from bulletin.cli.output import AsJson, document, say
from bulletin.wiring.diagnosis import examine

db = typer.Typer()


@db.command("upgrade")
def upgrade(as_json: AsJson = False) -> None:
    """Bring the database to this version's schema. Make a backup first.

    Example: bulletin db upgrade
    """
    with services() as made:
        before, after = made.bare_store.upgrade()
        made.collecting.catch_up()
    if as_json:
        document({"before": before, "after": after})
    elif before == after:
        say(f"The database is at {after} already.")
    else:
        say(f"The database went from {before or 'empty'} to {after}.")


def doctor(as_json: AsJson = False) -> None:
    """Check the settings, the database and the transport; send nothing.

    Example: bulletin doctor
    """
    with services() as made:
        found = list(examine(made, outside=True))
    wrong = sum(each.level == "wrong" for each in found)
    if as_json:
        document({"checks": [asdict(each) for each in found], "wrong": wrong})
    else:
        for each in found:
            say(f"{each.level:<6} {each.what}: {each.said}")
        say("All is well." if not wrong else f"{wrong} to mend.")
    if wrong:
        raise typer.Exit(1)
