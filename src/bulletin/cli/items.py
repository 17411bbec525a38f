"""`bulletin items`: from a pasted newsfeed to the library."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from bulletin.cli.context import keys, pairs, services
from bulletin.cli.issue import tell_lost_approval
from bulletin.cli.output import CLI_ACTOR, MOST, As, AsJson, clutter, document, notice, say, table
from bulletin.errors import InvalidInput
from bulletin.models.items import Item, ItemDraft, ItemState, Reading
from bulletin.pipeline.collect import Collected
from bulletin.pipeline.revise import retitled, with_addresses, with_deadline
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
            if made.has_library():
                reading = made.collecting.preview(reading)
            collected = [Collected(0, draft, known=False) for draft in reading.items]
        else:
            collected = made.collecting.keep(reading, actor)
    if as_json:
        document(_import_document(reading, collected, dry_run=dry_run))
    else:
        _tell(reading, collected, dry_run=dry_run)


@app.command("list")
def list_items(
    state: Annotated[ItemState | None, typer.Option(help="Only items in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many at most.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List the library, newest first.

    Example: bulletin items list --state candidate
    """
    with services() as made:
        found = made.collecting.items(state, limit)
    if as_json:
        document({"items": [_item_document(item) for item in found]})
    elif not found:
        say("The library is empty. Bring news in: bulletin items import FILE")
    else:
        table(
            ("id", "state", "title", "source", "published", "for", "doubts"),
            (
                (
                    item.id,
                    item.state.value,
                    _heading(item.draft),
                    item.draft.source,
                    item.draft.published,
                    ", ".join(sorted(item.roles)) or "everybody",
                    ", ".join(sorted({warning.code for warning in item.draft.warnings})),
                )
                for item in found
            ),
        )


@app.command("show")
def show(
    item_id: Annotated[int, typer.Argument(min=1, max=MOST, metavar="ITEM", help="The item's id.")],
    as_json: AsJson = False,
) -> None:
    """Show one item whole.

    Example: bulletin items show 12
    """
    with services() as made:
        item = made.collecting.item(item_id)
    if as_json:
        document(_item_document(item))
        return
    draft = item.draft
    say(_heading(draft))
    say(f"Item {item.id}, {item.state.value}, for {', '.join(sorted(item.roles)) or 'everybody'}")
    facts = (draft.topic, draft.source, draft.published, draft.author, ", ".join(draft.nations))
    say(" | ".join(str(fact) for fact in facts if fact))
    if draft.deadline:
        say(f"{draft.deadline.says} {draft.deadline.on}")
    if draft.content_note:
        say(f"Before it stands: {draft.content_note}")
    say(f"\n{draft.body}\n")
    for number, action in enumerate(draft.actions, start=1):
        named = f"{action.label}: {action.title}" if action.title else action.label
        say(f"{number}. {named}\n   {action.url or '(no address)'}")
    for note in item.notes:
        say(f"What this means for {note.role}: {note.text}")
    for warning in draft.warnings:
        say(f"Doubt ({warning.code}): {warning.message}")


@app.command("edit")
def edit(
    item_id: Annotated[int, typer.Argument(min=1, max=MOST, metavar="ITEM", help="The item's id.")],
    title: Annotated[str | None, typer.Option(help="A new title.")] = None,
    topic: Annotated[str | None, typer.Option(help="A new topic.")] = None,
    body: Annotated[str | None, typer.Option(help="A new body, in Markdown.")] = None,
    source: Annotated[str | None, typer.Option(help="Where the news comes from.")] = None,
    deadline: Annotated[
        str | None, typer.Option(help="'Respond by 2026-12-18', or a date alone; '' for none.")
    ] = None,
    content_note: Annotated[
        str | None, typer.Option(help="A gentle line before a hard subject; '' for none.")
    ] = None,
    roles: Annotated[
        str | None, typer.Option(help="Who sees it: role keys with commas between, or all.")
    ] = None,
    link: Annotated[
        list[str] | None,
        typer.Option(metavar="NUMBER=ADDRESS", help="The address of an action; may be repeated."),
    ] = None,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Mend an item. Issues that hold it need their approval again.

    Example: bulletin items edit 12 --deadline "Respond by 2026-12-18" --roles dsl,governor
    """
    links = _links(link or [])
    texts = {"title": title, "topic": topic, "body": body, "source": source,
             "content_note": content_note}  # fmt: skip

    def change(draft: ItemDraft) -> ItemDraft:
        changed = with_addresses(retitled(draft, **texts), links)
        return changed if deadline is None else with_deadline(changed, deadline)

    given = [*texts.values(), deadline, roles]
    if not links and all(value is None for value in given):
        raise InvalidInput("Say what to change, for example --title 'New title'.")
    with services() as made:
        before = made.drafting.issues()
        item = made.drafting.revise_item(item_id, change, actor, keys(roles))
        tell_lost_approval(made, before)
    if as_json:
        document(_item_document(item))
    else:
        say(f"Item {item.id} changed: {_heading(item.draft)}")


def _links(entries: list[str]) -> dict[int, str]:
    found = pairs(entries, "1=https://guidance.example/report")
    for number in found:
        if not (number.isascii() and number.isdigit() and len(number) < 6):
            raise InvalidInput(f"'{number}' is no action's number; actions count from 1.")
    return {int(number): address for number, address in found.items()}


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


def _heading(draft: ItemDraft) -> str:
    return draft.title or f"(no title) {draft.body[:60]}"


def _draft_document(draft: ItemDraft) -> dict[str, Any]:
    return {
        "topic": draft.topic,
        "title": draft.title,
        "body": draft.body,
        "source": draft.source,
        "published": draft.published.isoformat() if draft.published else None,
        "author": draft.author,
        "deadline": draft.deadline.on.isoformat() if draft.deadline else None,
        "deadline_says": draft.deadline.says if draft.deadline else "",
        "content_note": draft.content_note,
        "actions": [asdict(action) for action in draft.actions],
        "nations": list(draft.nations),
        "roles": list(draft.roles),
        "warnings": [asdict(warning) for warning in draft.warnings],
        "duplicate_of": draft.duplicate_of,
    }


def _item_document(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "state": item.state.value,
        **_draft_document(item.draft),
        "roles": sorted(item.roles),
        "proposed_roles": list(item.draft.roles),
        "notes": {note.role: note.text for note in item.notes},
        "issues": list(item.issues),
        "version": item.version,
    }


def _import_document(
    reading: Reading, collected: list[Collected], *, dry_run: bool
) -> dict[str, Any]:
    found = [
        ({} if dry_run else {"id": each.id}) | _draft_document(each.draft) for each in collected
    ]
    return {"items": found, "dropped": [asdict(dropped) for dropped in reading.dropped]}


def _tell(reading: Reading, collected: list[Collected], *, dry_run: bool) -> None:
    table(
        ("", "title", "source", "published", "actions", "doubts"),
        (
            (
                position if dry_run else each.id,
                _heading(each.draft),
                each.draft.source,
                each.draft.published,
                len(each.draft.actions),
                ", ".join(sorted({warning.code for warning in each.draft.warnings})),
            )
            for position, each in enumerate(collected, start=1)
        ),
    )
    for each in collected:
        for warning in each.draft.warnings:
            if warning.code not in {"no_source", "no_date"}:
                notice(f"{_heading(each.draft)[:50]}: {warning.message}")
    known = sum(each.known for each in collected)
    verb = "would be imported" if dry_run else "imported"
    say(
        f"{len(collected) - known} {verb}, {known} in the library already, "
        f"{clutter(len(reading.dropped))} left out."
    )
