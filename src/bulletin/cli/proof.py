"""`bulletin issue preflight`, `render` and `approve`: looking at an issue before it goes out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bulletin.cli.context import keys, nation, services
from bulletin.cli.issue import Ref, report
from bulletin.cli.item_documents import how_doubts_end
from bulletin.cli.links import follow_links
from bulletin.cli.output import CLI_ACTOR, As, AsJson, copies, document, notice, people, say, table
from bulletin.errors import InvalidInput, Refused
from bulletin.models.checks import Level
from bulletin.models.editions import ReaderKind
from bulletin.pipeline.approve import SomebodyElse
from bulletin.pipeline.reviewing.proving import Proof
from bulletin.preflight import in_short
from bulletin.store.planning import ForecastRow

app = typer.Typer()


@app.command("preflight")
def preflight(
    ref: Ref,
    links: Annotated[bool, typer.Option("--links", help="Open every link, and say how.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check an issue, and count who would get which edition.

    Nothing is fetched without --links; what was found at a link counts for a day (a setting).

    Example: bulletin issue preflight december --links
    """
    with services() as made:
        if links:
            follow_links(made, ref)
        proof = made.approval.preflight(ref)
        forecast = made.planning.forecast(ref)
    if as_json:
        document(_preflight_document(proof, forecast))
    else:
        _tell_preflight(proof, forecast)
    if proof.blocking:
        raise typer.Exit(1)


@app.command("render")
def render(
    ref: Ref,
    out: Annotated[Path, typer.Option("--out", help="A folder for the three files.")],
    roles: Annotated[str, typer.Option(help="Whose edition: role keys with commas between.")] = "",
    for_nation: Annotated[str, typer.Option("--nation", help="Of a reader in this nation.")] = "",
    as_json: AsJson = False,
) -> None:
    """Write a reader's edition as edition.html, edition.txt and edition.eml.

    Example: bulletin issue render december --roles dsl,governor --out preview
    """
    wanted = frozenset(keys(roles) or ())
    with services() as made:
        unknown = wanted - {role.key for role in made.enrolment.roles()}
        if unknown:
            known = ", ".join(role.key for role in made.enrolment.roles())
            raise InvalidInput(f"There is no role '{min(unknown)}'. The roles are: {known}.")
        kind = ReaderKind(wanted, nation(for_nation) if for_nation else None)
        preview = made.previewing.edition(ref, kind)
    files = {
        "edition.html": preview.content.html.encode(),
        "edition.txt": preview.content.text.encode(),
        "edition.eml": preview.message,
    }
    _write(out, files)
    facts: dict[str, Any] = {
        "issue": preview.issue.slug,
        "subject": preview.content.subject,
        "items": preview.items,
        "html_bytes": len(files["edition.html"]),
        "message_bytes": len(files["edition.eml"]),
        "files": [str(out / name) for name in files],
    }
    if as_json:
        document(facts)
    else:
        if not preview.items:
            notice("Nothing of the issue is for such a reader: they get no copy.")
        items = "1 item" if preview.items == 1 else f"{preview.items} items"
        say(f"{items}, {_kilobytes(facts['html_bytes'])} of HTML. Written:")
        for name in files:
            say(f"  {out / name}")


@app.command("approve")
def approve(
    ref: Ref,
    override: Annotated[
        str, typer.Option(metavar="REASON", help="Approve although a check blocks; recorded.")
    ] = "",
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Freeze an issue as it stands: exactly this will go out. One that was sent for approval is
    approved as it was sent.

    Example: bulletin issue approve december --as head@school.example
    """
    with services() as made:
        try:
            issue = made.approval.approve(ref, actor, override)
        except SomebodyElse as error:
            hint = "Add --as THEIR-EMAIL, or set BULLETIN_SELF_APPROVAL=true."
            raise Refused(f"{error} {hint}") from error
    said = (
        f"Issue {issue.slug} is approved and frozen. Fingerprint {(issue.approved_hash or '')[:12]}"
    )
    report(issue, as_json, said)


@app.command("submit")
def submit(
    ref: Ref,
    remark: Annotated[
        str, typer.Option(metavar="TEXT", help="What the approver should know.")
    ] = "",
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Send an issue for approval. It is frozen as it stands; any edit ends that.

    Example: bulletin issue submit december --as editor@school.example
    """
    with services() as made:
        review = made.approval.ask(ref, actor, remark)
        issue = made.drafting.issue(ref)
    said = f"Issue {issue.slug} waits for approval as version {review.number}."
    report(issue, as_json, said)


@app.command("return")
def give_back(
    ref: Ref,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="What has to change.")],
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Return an issue that was sent for approval: it is a draft again, which says why.

    Example: bulletin issue return december --reason "Item 7 needs a date"
    """
    with services() as made:
        issue = made.approval.give_back(ref, actor, reason)
    report(issue, as_json, f"Issue {issue.slug} is a draft again.")


def _write(out: Path, files: dict[str, bytes]) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (out / name).write_bytes(data)
    except OSError as error:
        raise Refused(f"{out} cannot be written: {error.strerror}.") from error


def _kilobytes(size: int) -> str:
    return f"{size / 1000:.1f} KB"


def _preflight_document(proof: Proof, forecast: list[ForecastRow]) -> dict[str, Any]:
    return {
        "issue": proof.issue.slug,
        "html_bytes": proof.fit.html_bytes,
        "printable_bytes": proof.fit.printable_bytes,
        "length": proof.fit.content.length.value,
        "links": {"all": proof.links, "unchecked": proof.unchecked},
        "findings": [
            {
                "code": finding.code,
                "level": finding.level.value,
                "message": finding.message,
                "item": finding.item_id,
            }
            for finding in proof.findings
        ],
        "editions": [
            {
                "edition": row.edition,
                "roles": sorted(row.kind.roles),
                "nation": row.kind.nation,
                "items": row.items,
                "people": row.people,
                "excluded": row.reason or None,
            }
            for row in forecast
        ],
    }


def _tell_preflight(proof: Proof, forecast: list[ForecastRow]) -> None:
    findings = in_short(proof.findings)
    to_fix = sum(finding.level is Level.BLOCKING for finding in findings)
    say(
        f"{proof.issue.title}: {to_fix} to fix, {len(findings) - to_fix} to consider. "
        f"{_kilobytes(proof.fit.html_bytes)} of HTML, "
        f"{_kilobytes(proof.fit.printable_bytes)} as it travels."
    )
    for finding in findings:
        mark = "FIX     " if finding.level is Level.BLOCKING else "consider"
        say(f"  {mark}  {finding.message.removesuffix('.')} ({finding.code})")
    if any(finding.code == "import_doubt" for finding in findings):
        say(how_doubts_end("ITEM", "DOUBT"))
    if proof.unchecked:
        say(
            f"{proof.unchecked} of {proof.links} links were not opened lately. "
            f"To look: bulletin issue preflight {proof.issue.slug} --links"
        )
    tell_forecast(forecast)


def tell_forecast(forecast: list[ForecastRow]) -> None:
    """The table of who would get what, and who nothing and why."""
    if not forecast:
        say("Nobody is on the list yet. Bring people in: bulletin subscribers import FILE")
        return
    table(
        ("roles", "nation", "edition", "items", "people", "excluded"),
        (
            (
                ", ".join(sorted(row.kind.roles)),
                row.kind.nation or "not known",
                row.edition if not row.reason else "",
                row.items,
                row.people,
                row.reason.replace("_", " "),
            )
            for row in forecast
        ),
    )
    say(
        "An edition is what readers of these roles, in this nation, see of the issue. "
        "Rows with the same number get the same."
    )
    going = sum(row.people for row in forecast if not row.reason)
    left_out = sum(row.people for row in forecast if row.reason)
    say(f"{copies(going)}; {people(left_out)} excluded.")
