"""`bulletin subscribers`: the list of people."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from bulletin.cli.context import keys, nation, pairs, services
from bulletin.cli.output import CLI_ACTOR, As, AsJson, document, notice, people, say, table
from bulletin.errors import InvalidInput, Refused
from bulletin.models.people import ImportResult, Subscriber, SubscriberDraft, SubscriberKind
from bulletin.pipeline.enrol import FOR_A_NEW_HOLDER
from bulletin.roster import check_address, open_roster

_NAMED = 10

app = typer.Typer()


@app.command("import")
def import_subscribers(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file with headings.")],
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="What a heading means; repeatable."),
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Import the good rows although some are bad.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen only.")] = False,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Bring in a list. With a bad row nothing is imported, unless --partial.

    Example: bulletin subscribers import staff.csv --map "Job title=roles" --dry-run
    """
    columns = pairs(mapping or [], '"Job title=roles"')
    try:
        source = path.open("rb")
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from error
    with source, services() as made:
        result = made.enrolment.import_subscribers(
            open_roster(source), mapping=columns, partial=partial, dry_run=dry_run, actor=actor
        )
    if as_json:
        document(asdict(result))
    else:
        _tell_import(result, partial=partial, dry_run=dry_run)
    if result.rejected and not partial:
        notice(
            f"Error: {len(result.rejected)} of {result.read} rows cannot be used, "
            "so nothing was imported. Mend them, or import the others with --partial."
        )
        raise typer.Exit(1)


@app.command("export")
def export(
    out: Annotated[Path | None, typer.Option("--out", help="A file; else stdout.")] = None,
) -> None:
    """Write everybody as CSV, safe to open in a spreadsheet.

    Example: bulletin subscribers export --out everybody.csv
    """
    with services() as made:
        if out is None:
            made.enrolment.export(sys.stdout)
            return
        try:
            with out.open("w", encoding="utf-8", newline="") as target:
                written = made.enrolment.export(target)
        except OSError as error:
            raise Refused(f"{out} cannot be written: {error.strerror}.") from error
    say(f"{people(written)} written to {out}")


@app.command("add")
def add(
    email: Annotated[str, typer.Argument(help="The address.")],
    roles: Annotated[str, typer.Option(help="Role keys with commas between.")],
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    organisation: Annotated[str, typer.Option(help="The school or other body.")] = "",
    in_nation: Annotated[str, typer.Option("--nation", help="England, Wales ...")] = "",
    kind: Annotated[
        SubscriberKind | None, typer.Option(help="What the address belongs to.")
    ] = None,
    consent: Annotated[str, typer.Option(help="Why we may write to them.")] = "",
    new_holder: Annotated[
        bool,
        typer.Option("--new-holder", help="Somebody moved away from it; this is somebody else."),
    ] = False,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Add one person, or update them.

    Example: bulletin subscribers add dsl@school.example --roles dsl --kind corporate
    """
    chosen = tuple(sorted(set(keys(roles) or ())))
    with services() as made:
        known = {role.key for role in made.enrolment.roles()}
        wrong = [key for key in chosen if key not in known]
        if wrong or not chosen:
            raise InvalidInput(f"--roles needs some of: {', '.join(sorted(known))}.")
        draft = SubscriberDraft(
            email=check_address(email),
            roles=chosen,
            name=name,
            organisation=organisation,
            nation=nation(in_nation) if in_nation else None,
            kind=kind,
            consent_basis=consent,
        )
        person = made.enrolment.add(draft, actor, new_holder=new_holder)
    if as_json:
        document(_person_document(person))
    else:
        say(f"{person.email} is on the list as {', '.join(sorted(person.roles))}.")


@app.command("show")
def show(
    email: Annotated[str, typer.Argument(help="An address that they have or had.")],
    everything: Annotated[
        bool,
        typer.Option("--all", help="All that is held, as for an access request (UK GDPR art. 15)."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show one person, or with --all every row that is held about an address.

    Example: bulletin subscribers show dsl@school.example --all --json
    """
    with services() as made:
        if everything:
            _show_everything(made.enrolment.holdings(email), as_json)
            return
        person, suppressed, history = made.enrolment.show(email)
    if as_json:
        held = {"suppressed": suppressed.value if suppressed else None, "consents": history}
        document(_person_document(person) | held)
        return
    rows = [(name, value) for name, value in _person_document(person).items() if value]
    table(("what", "value"), [*rows, ("suppressed", suppressed.value if suppressed else "no")])
    for line in history:
        say(line)


@app.command("forget")
def forget(
    email: Annotated[str, typer.Argument(help="An address that they have or had.")],
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Erase a person for good, with every address they had; no later import brings them back.

    Example: bulletin subscribers forget former@school.example
    """
    with services() as made:
        made.enrolment.forget(email, actor)
    if as_json:
        document({"forgotten": True})
    else:
        say("Erased. Only a keyed hash is kept, so that no import brings the address back.")


def _show_everything(held: Mapping[str, Sequence[Mapping[str, Any]]], as_json: bool) -> None:
    if as_json:
        document(held)
        return
    for section, rows in held.items():
        for row in rows:
            table(("what", "value"), row.items(), title=section.replace("_", " "))


def _person_document(person: Subscriber) -> dict[str, Any]:
    return {
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "roles": sorted(person.roles),
        "organisation": person.organisation,
        "urn": person.urn,
        "nation": person.nation,
        "phase": person.phase,
        "local_authority": person.local_authority,
        "kind": person.kind,
        "consent_basis": person.consent_basis,
        "consent_date": person.consent_date.isoformat() if person.consent_date else None,
        "paused_until": person.paused_until.isoformat() if person.paused_until else None,
    }


def _tell_import(result: ImportResult, *, partial: bool, dry_run: bool) -> None:
    if result.rejected:
        table(
            ("row", "field", "value", "reason"),
            ((bad.row, bad.field, bad.value, bad.reason) for bad in result.rejected[:50]),
        )
    if result.rejected and not partial:
        return
    say(
        f"{result.read} rows {'would be' if dry_run else 'were'} read: "
        f"{result.created} created, {result.updated} updated, {result.unchanged} unchanged, "
        f"{result.suppressed} suppressed and left out, {len(result.rejected)} rejected."
    )
    if result.moved_away:
        notice(_moved_away(result.moved_away))
    if result.unused_columns:
        notice(
            f"Nothing is read from: {', '.join(result.unused_columns)}. If that matters, say what "
            "it is with --map COLUMN=FIELD."
        )
    if result.consent_stated:
        notice(
            f"For {people(result.consent_stated)} the list says neither a kind nor a consent "
            "basis. By importing it you state that they asked for the bulletin or that it is "
            "their duty; that is what is recorded."
        )


def _moved_away(addresses: Sequence[str]) -> str:
    more = len(addresses) - _NAMED
    named = ", ".join(addresses[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"Left as they are, because somebody moved away from them: {named}. {FOR_A_NEW_HOLDER}"
