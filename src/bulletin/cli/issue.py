"""`bulletin issue`: compose an issue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated, Any, cast

import typer

from bulletin.cli.context import services
from bulletin.cli.output import CLI_ACTOR, As, AsJson, document, notice, say, table
from bulletin.errors import InvalidInput
from bulletin.models.issues import (
    Helpline,
    Issue,
    IssueContent,
    IssueState,
    Length,
    Visibility,
)
from bulletin.pipeline.clock import spoken
from bulletin.pipeline.draft import IssueChanges, slug_of
from bulletin.wiring import Services

app = typer.Typer()

Ref = Annotated[str, typer.Argument(metavar="ISSUE", help="The issue's id or slug.")]


class LengthChoice(StrEnum):
    """How much of an issue the email holds."""

    AUTO = "auto"
    FULL = Length.FULL.value
    TOPICS = Length.TOPICS.value
    EXCERPTS = Length.EXCERPTS.value


Dateline = Annotated[str | None, typer.Option(help="Above the title, for example 'December 2026'.")]
Helplines = Annotated[
    list[str] | None,
    typer.Option(
        metavar="'NAME; TELEPHONE; HOURS; ADDRESS'",
        help="Somebody to turn to; may be repeated, replaces all, 'none' for none.",
    ),
]
Diary = Annotated[
    bool | None, typer.Option("--diary/--no-diary", help="Collect deadlines at the top.")
]
LENGTH = typer.Option(help="auto shortens only what would be too long for a mailbox.")


@app.command("new")
def new(
    title: Annotated[str, typer.Argument(help="For example: 'Safeguarding Bulletin, December'.")],
    subject: Annotated[str | None, typer.Option(help="The mail's subject; else the title.")] = None,
    standfirst: Annotated[str | None, typer.Option(help="A sentence under the title.")] = None,
    intro: Annotated[
        str | None, typer.Option(help="Opening words, Markdown; {{first_name}} is filled in.")
    ] = None,
    closing: Annotated[str | None, typer.Option(help="Closing words, Markdown.")] = None,
    dateline: Dateline = None,
    helpline: Helplines = None,
    diary: Diary = None,
    length: Annotated[LengthChoice | None, LENGTH] = None,
    public: Annotated[bool, typer.Option("--public", help="Show it in the web archive.")] = False,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Start an issue.

    Example: bulletin issue new "Safeguarding Bulletin, December 2026" --public
    """
    changes = _changes(
        {"subject": subject, "standfirst": standfirst, "intro": intro, "closing": closing,
         "dateline": dateline},
        helpline, diary, length,
    )  # fmt: skip
    visibility = Visibility.PUBLIC if public else Visibility.PRIVATE
    with services() as made:
        issue = made.drafting.new(title, changes, visibility, actor)
    report(issue, as_json, f"Issue {issue.id} started: {issue.slug}")
    if issue.slug != (wanted := slug_of(title)):
        notice(f"There is an issue {wanted} already, so this one is called {issue.slug}.")


@app.command("edit")
def edit(
    ref: Ref,
    title: Annotated[str | None, typer.Option(help="A new title.")] = None,
    subject: Annotated[str | None, typer.Option(help="A new subject.")] = None,
    standfirst: Annotated[str | None, typer.Option(help="A sentence under the title.")] = None,
    intro: Annotated[str | None, typer.Option(help="Opening words, Markdown.")] = None,
    closing: Annotated[str | None, typer.Option(help="Closing words, Markdown.")] = None,
    dateline: Dateline = None,
    helpline: Helplines = None,
    diary: Diary = None,
    length: Annotated[LengthChoice | None, LENGTH] = None,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Change an issue's own words. An approved issue needs its approval again.

    Example: bulletin issue edit december --subject "What changed this month"
    """
    changes = _changes(
        {"title": title, "subject": subject, "standfirst": standfirst, "intro": intro,
         "closing": closing, "dateline": dateline},
        helpline, diary, length,
    )  # fmt: skip
    if not changes:
        raise InvalidInput("Say what to change, for example --subject 'New subject'.")
    with services() as made:
        before = made.drafting.issue(ref)
        issue = made.drafting.edit(ref, changes, actor)
        tell_lost_approval(made, [before])
    report(issue, as_json, f"Issue {issue.slug} changed.")


@app.command("list")
def list_issues(
    everything: Annotated[bool, typer.Option("--all", help="Rehearsals, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the issues, newest first.

    Example: bulletin issue list
    """
    with services() as made:
        found = made.drafting.issues(rehearsals=everything)
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
        wrong = made.drafting.issue(str(issue.corrects_issue_id or issue.id))
    if as_json:
        document(issue_document(issue) | {"topics": _topics_document(content)})
        return
    say(f"{issue.title}\n{issue.slug}, {issue.state.value}. {issue.state_reason}".rstrip())
    if issue.corrects_issue_id is not None:
        say(f"Corrects item {issue.corrects_item_id} of {wrong.slug}, for those who had it.")
    for topic in content.topics:
        say(f"\n{topic.title}")
        for item in topic.items:
            who = ", ".join(sorted(item.roles)) or "everybody"
            where = f"; only {', '.join(sorted(item.only_nations))}" if item.only_nations else ""
            say(f"  {item.id}. {item.title or item.body[:60]}  [{who}{where}]")


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
        "dateline": issue.dateline,
        "helplines": [asdict(helpline) for helpline in issue.helplines],
        "diary": issue.diary,
        "length": issue.length.value if issue.length else LengthChoice.AUTO.value,
        "scheduled_at": issue.scheduled_at.isoformat() if issue.scheduled_at else None,
        "missed_at": issue.missed_at.isoformat() if issue.missed_at else None,
        "segments": list(issue.audience.include),
        "excluded_segments": list(issue.audience.exclude),
        "hash": issue.approved_hash,
        "corrects_issue": issue.corrects_issue_id,
        "corrects_item": issue.corrects_item_id,
        "rehearsal_of": issue.rehearsal_of,
    }


def tell_lost_approval(made: Services, before: Iterable[Issue]) -> None:
    """Say which issues were approved, or sent for it, before a change, and are drafts now."""
    for old in before:
        if old.state is IssueState.DRAFT:
            continue
        if made.drafting.issue(str(old.id)).state is IssueState.DRAFT:
            at = old.scheduled_at
            time = f" and its time, {spoken(at, made.settings.zone)}, is taken away" if at else ""
            notice(f"Issue {old.slug} is a draft again{time}: approve it anew.")


def report(issue: Issue, as_json: bool, sentence: str) -> None:
    """Print an issue after a change: as a document, or as a sentence."""
    if as_json:
        document(issue_document(issue))
    else:
        say(sentence)


def _changes(
    texts: Mapping[str, str | None],
    entries: list[str] | None,
    diary: bool | None,
    length: LengthChoice | None,
) -> IssueChanges:
    """What was given on the command line; nothing else changes."""
    changes: dict[str, Any] = {name: text for name, text in texts.items() if text is not None}
    if entries is not None:
        changes["helplines"] = tuple(map(_helpline, filter(_is_given, entries)))
    if diary is not None:
        changes["diary"] = diary
    if length is not None:
        changes["length"] = None if length is LengthChoice.AUTO else Length(length.value)
    return cast("IssueChanges", changes)


def _is_given(entry: str) -> bool:
    return entry.strip() not in {"", "none"}


def _helpline(entry: str) -> Helpline:
    """`Name; telephone; hours; address`, of which only the name is needed."""
    parts = [part.strip() for part in entry.split(";")]
    if len(parts) > 4:
        raise InvalidInput(f"'{entry}' should look like 'Name; telephone; hours; address'.")
    name, phone, hours, url = [*parts, "", "", ""][:4]
    return Helpline(name, phone, hours, url or None)


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
