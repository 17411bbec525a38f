"""`bulletin issue`: compose an issue, look at it, and have it approved."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from bulletin.cli.context import keys, nation, nations, pairs, services
from bulletin.cli.output import (
    CLI_ACTOR,
    MOST,
    As,
    AsJson,
    copies,
    document,
    notice,
    people,
    say,
    table,
)
from bulletin.errors import InvalidInput, Refused
from bulletin.models.checks import Level
from bulletin.models.editions import ReaderKind
from bulletin.models.issues import Issue, IssueContent, IssueState, Visibility
from bulletin.pipeline.approve import Proof
from bulletin.pipeline.clock import spoken
from bulletin.pipeline.draft import PlacingOptions
from bulletin.store.planning import ForecastRow
from bulletin.wiring import Services

app = typer.Typer(no_args_is_help=True, help="Compose, check, approve and send an issue.")

ItemIds = Annotated[
    list[int], typer.Argument(min=1, max=MOST, metavar="ITEM...", help="Ids of items.")
]
Ref = Annotated[str, typer.Argument(metavar="ISSUE", help="The issue's id or slug.")]


@app.command("new")
def new(
    title: Annotated[str, typer.Argument(help="For example: 'Safeguarding Bulletin, December'.")],
    subject: Annotated[str | None, typer.Option(help="The mail's subject; else the title.")] = None,
    standfirst: Annotated[str | None, typer.Option(help="A sentence under the title.")] = None,
    intro: Annotated[
        str | None, typer.Option(help="Opening words, Markdown; {{first_name}} is filled in.")
    ] = None,
    closing: Annotated[str | None, typer.Option(help="Closing words, Markdown.")] = None,
    public: Annotated[bool, typer.Option("--public", help="Show it in the web archive.")] = False,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Start an issue.

    Example: bulletin issue new "Safeguarding Bulletin, December 2026" --public
    """
    texts = _given(subject=subject, standfirst=standfirst, intro=intro, closing=closing)
    visibility = Visibility.PUBLIC if public else Visibility.PRIVATE
    with services() as made:
        issue = made.drafting.new(title, texts, visibility, actor)
    _report(issue, as_json, f"Issue {issue.id} started: {issue.slug}")


@app.command("edit")
def edit(
    ref: Ref,
    title: Annotated[str | None, typer.Option(help="A new title.")] = None,
    subject: Annotated[str | None, typer.Option(help="A new subject.")] = None,
    standfirst: Annotated[str | None, typer.Option(help="A sentence under the title.")] = None,
    intro: Annotated[str | None, typer.Option(help="Opening words, Markdown.")] = None,
    closing: Annotated[str | None, typer.Option(help="Closing words, Markdown.")] = None,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Change an issue's own words. An approved issue needs its approval again.

    Example: bulletin issue edit december --subject "What changed this month"
    """
    texts = _given(
        title=title, subject=subject, standfirst=standfirst, intro=intro, closing=closing
    )
    if not texts:
        raise InvalidInput("Say what to change, for example --subject 'New subject'.")
    with services() as made:
        before = made.drafting.issue(ref)
        issue = made.drafting.edit(ref, texts, actor)
        tell_lost_approval(made, [before])
    _report(issue, as_json, f"Issue {issue.slug} changed.")


@app.command("add")
def add(
    ref: Ref,
    items: Annotated[
        list[int], typer.Argument(min=1, max=MOST, metavar="ITEM...", help="Ids of items.")
    ],
    topic: Annotated[
        str | None, typer.Option(help="The heading they stand under; else each item's own topic.")
    ] = None,
    roles: Annotated[
        str | None,
        typer.Option(help="Who sees them, in every issue: role keys with commas between, or all."),
    ] = None,
    for_nations: Annotated[
        str | None, typer.Option("--nations", help="Only for readers in these nations.")
    ] = None,
    note: Annotated[
        list[str] | None,
        typer.Option(metavar="ROLE=TEXT", help="'What this means for you'; may be repeated."),
    ] = None,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Put items at the end of an issue, in the order given.

    Example: bulletin issue add december 4 7 --topic "Online safety" --roles dsl,governor
    """
    options = PlacingOptions(
        topic=topic,
        roles=keys(roles),
        notes=pairs(note or [], "dsl=Check your filtering this week."),
        only_nations=None if for_nations is None else nations(for_nations),
    )
    with services() as made:
        before = made.drafting.issues()
        issue = made.drafting.place(ref, items, options, actor)
        tell_lost_approval(made, before)
    _report(issue, as_json, f"Placed in {issue.slug}: item {', '.join(map(str, items))}")


@app.command("remove")
def remove(
    ref: Ref,
    items: Annotated[
        list[int], typer.Argument(min=1, max=MOST, metavar="ITEM...", help="Ids of items.")
    ],
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Take items out of an issue; they stay in the library.

    Example: bulletin issue remove december 7
    """
    with services() as made:
        before = made.drafting.issue(ref)
        issue = made.drafting.remove(ref, items, actor)
        tell_lost_approval(made, [before])
    _report(issue, as_json, f"Taken out of {issue.slug}: item {', '.join(map(str, items))}")


@app.command("list")
def list_issues(as_json: AsJson = False) -> None:
    """List the issues, newest first.

    Example: bulletin issue list
    """
    with services() as made:
        found = made.drafting.issues()
        zone = made.settings.zone
    if as_json:
        document({"issues": [issue_document(issue) for issue in found]})
    elif not found:
        say('There is no issue yet. Start one: bulletin issue new "Title"')
    else:
        table(
            ("id", "slug", "state", "scheduled", "note"),
            (
                (
                    issue.id,
                    issue.slug,
                    issue.state.value,
                    spoken(issue.scheduled_at, zone) if issue.scheduled_at else "",
                    issue.state_reason,
                )
                for issue in found
            ),
        )


@app.command("show")
def show(ref: Ref, as_json: AsJson = False) -> None:
    """Show what stands in an issue, and who sees it.

    Example: bulletin issue show december
    """
    with services() as made:
        issue, content = made.drafting.content(ref)
    if as_json:
        document(issue_document(issue) | {"topics": _topics_document(content)})
        return
    say(f"{issue.title}\n{issue.slug}, {issue.state.value}. {issue.state_reason}".rstrip())
    for topic in content.topics:
        say(f"\n{topic.title}")
        for item in topic.items:
            who = ", ".join(sorted(item.roles)) or "everybody"
            where = f"; only {', '.join(sorted(item.only_nations))}" if item.only_nations else ""
            say(f"  {item.id}. {item.title or item.body[:60]}  [{who}{where}]")


@app.command("preflight")
def preflight(ref: Ref, as_json: AsJson = False) -> None:
    """Check an issue, and count who would get which edition.

    Example: bulletin issue preflight december
    """
    with services() as made:
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
        say(f"{items}, {facts['html_bytes'] / 1000:.1f} KB of HTML. Written:")
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
    """Freeze an issue as it stands: exactly this will go out.

    Example: bulletin issue approve december --as head@school.example
    """
    with services() as made:
        issue = made.approval.approve(ref, actor, override)
    said = (
        f"Issue {issue.slug} is approved and frozen. Fingerprint {(issue.approved_hash or '')[:12]}"
    )
    _report(issue, as_json, said)


def issue_document(issue: Issue) -> dict[str, Any]:
    """An issue for a program: times in UTC."""
    return {
        "id": issue.id,
        "slug": issue.slug,
        "title": issue.title,
        "subject": issue.subject,
        "state": issue.state.value,
        "state_reason": issue.state_reason,
        "visibility": issue.visibility.value,
        "scheduled_at": issue.scheduled_at.isoformat() if issue.scheduled_at else None,
        "missed_at": issue.missed_at.isoformat() if issue.missed_at else None,
        "segments": list(issue.audience.include),
        "excluded_segments": list(issue.audience.exclude),
        "hash": issue.approved_hash,
    }


def tell_lost_approval(made: Services, before: Iterable[Issue]) -> None:
    """Say which issues were approved or scheduled before a change, and are drafts now."""
    for old in before:
        if old.state in {IssueState.DRAFT, IssueState.IN_REVIEW}:
            continue
        if made.drafting.issue(str(old.id)).state is IssueState.DRAFT:
            at = old.scheduled_at
            time = f" and its time, {spoken(at, made.settings.zone)}, is taken away" if at else ""
            notice(f"Issue {old.slug} is a draft again{time}: approve it anew.")


def _report(issue: Issue, as_json: bool, sentence: str) -> None:
    if as_json:
        document(issue_document(issue))
    else:
        say(sentence)


def _given(**texts: str | None) -> dict[str, str]:
    return {name: value for name, value in texts.items() if value is not None}


def _write(out: Path, files: dict[str, bytes]) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (out / name).write_bytes(data)
    except OSError as error:
        raise Refused(f"{out} cannot be written: {error.strerror}.") from error


def _topics_document(content: IssueContent) -> list[dict[str, Any]]:
    return [
        {
            "title": topic.title,
            "items": [
                {
                    "id": item.id,
                    "title": item.title,
                    "roles": sorted(item.roles),
                    "only_nations": sorted(item.only_nations),
                    "notes": {note.role: note.text for note in item.notes},
                }
                for item in topic.items
            ],
        }
        for topic in content.topics
    ]


def _preflight_document(proof: Proof, forecast: list[ForecastRow]) -> dict[str, Any]:
    return {
        "issue": proof.issue.slug,
        "html_bytes": proof.html_bytes,
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
    advisory = len(proof.findings) - len(proof.blocking)
    say(
        f"{proof.issue.title}: {len(proof.blocking)} to fix, {advisory} to consider. "
        f"{proof.html_bytes / 1000:.1f} KB of HTML."
    )
    for finding in proof.findings:
        mark = "FIX     " if finding.level is Level.BLOCKING else "consider"
        say(f"  {mark}  {finding.message}")
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
    going = sum(row.people for row in forecast if not row.reason)
    left_out = sum(row.people for row in forecast if row.reason)
    say(f"{copies(going)}; {people(left_out)} excluded.")
