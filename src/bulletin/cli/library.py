"""`bulletin items`: look at the library, and sort what is in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any

import typer

from bulletin.cli.changes import shown_change
from bulletin.cli.context import nation, services
from bulletin.cli.item_documents import (
    audience,
    doubts,
    heading,
    item_document,
    marked,
    show_item,
)
from bulletin.cli.output import CLI_ACTOR, MOST, As, AsJson, document, notice, say, table
from bulletin.models.items import Item, ItemState
from bulletin.models.library import Hit, LibraryPage, LibraryQuery
from bulletin.pipeline.clock import spoken
from bulletin.pipeline.history import Step
from bulletin.pipeline.standing import Parted
from bulletin.pipeline.written_days import written_day

app = typer.Typer()

ItemId = Annotated[int, typer.Argument(min=1, max=MOST, metavar="ITEM", help="The item's id.")]
ItemIds = Annotated[
    list[int], typer.Argument(min=1, max=MOST, metavar="ITEM...", help="Ids of items.")
]
_MOST_AT_ONCE = 100_000


@app.command("list")
def list_items(
    search: Annotated[
        str,
        typer.Option(help='Words that it has; "side by side", -without; the last may be begun.'),
    ] = "",
    state: Annotated[
        list[ItemState] | None, typer.Option(help="Only items in this state; may be repeated.")
    ] = None,
    topic: Annotated[str | None, typer.Option(help="Part of the topic; '' for none.")] = None,
    source: Annotated[str | None, typer.Option(help="Part of the source; '' for none.")] = None,
    in_nation: Annotated[
        str | None, typer.Option("--nation", help="The text says that it is for this nation.")
    ] = None,
    role: Annotated[
        str | None, typer.Option(help="This role sees it, or the text speaks to it.")
    ] = None,
    used: Annotated[
        bool | None, typer.Option("--used/--unused", help="Whether it stands in an issue.")
    ] = None,
    issue: Annotated[str | None, typer.Option(metavar="ISSUE", help="It is in this one.")] = None,
    published_from: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Published on that day or later.")
    ] = None,
    published_to: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="On that day or earlier.")
    ] = None,
    doubtful: Annotated[
        bool | None, typer.Option("--doubts/--no-doubts", help="Whether it carries doubts.")
    ] = None,
    watched: Annotated[
        str | None,
        typer.Option(metavar="SOURCE", help="This watched source brought it: its number or name."),
    ] = None,
    duplicates: Annotated[
        bool, typer.Option("--duplicates", help="Only what looks like a copy of another.")
    ] = False,
    limit: Annotated[
        int, typer.Option(min=1, max=_MOST_AT_ONCE, metavar="NUMBER", help="How many.")
    ] = 100,
    page: Annotated[
        int, typer.Option(min=1, max=10**9, metavar="NUMBER", help="Which of the pages.")
    ] = 1,
    as_json: AsJson = False,
) -> None:
    """List the library: the newest first, or what fits the words of a search best.

    Example: bulletin items list --search "online harm -survey" --nation Wales --unused
    """
    query = LibraryQuery(
        words=search,
        states=frozenset(state or ()),
        topic=topic,
        source=source,
        nation=None if in_nation is None else nation(in_nation),
        role=role,
        used=used,
        published_from=None if published_from is None else written_day(published_from),
        published_to=None if published_to is None else written_day(published_to),
        doubts=doubtful,
        duplicates=duplicates,
        limit=limit,
        offset=(page - 1) * limit,
    )
    with services() as made:
        found = made.library.search(query, issue=issue, watched=watched)
    if as_json:
        document({"items": [_hit_document(hit) for hit in found.hits]})
    else:
        _tell_page(query, found, narrowed=bool(issue or watched))


@app.command("show")
def show(
    item_id: ItemId,
    lines: Annotated[
        bool, typer.Option("--lines", help="Number the lines of the body, for `items split`.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show one item whole.

    Example: bulletin items show 12
    """
    with services() as made:
        item = made.library.item(item_id)
    if as_json:
        document(item_document(item))
    else:
        show_item(item, lines=lines)


@app.command("keep")
def keep(items: ItemIds, as_json: AsJson = False, actor: As = CLI_ACTOR) -> None:
    """Keep items: candidates that you may want to use, or rejected ones after all.

    Example: bulletin items keep 12 15
    """
    with services() as made:
        found = made.library.keep(items, actor)
    _report(found.items, as_json)
    _tell_parted(found.parted)


@app.command("reject")
def reject(
    items: ItemIds,
    because: Annotated[str, typer.Option(help="Why, for those who ask later.")] = "",
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Put items aside. They are not offered again, and can be restored.

    Example: bulletin items reject 13 14 --because "not for schools"
    """
    with services() as made:
        found = made.library.reject(items, because, actor)
    _report(found, as_json)


@app.command("restore")
def restore(items: ItemIds, as_json: AsJson = False, actor: As = CLI_ACTOR) -> None:
    """Take back that items were rejected.

    Example: bulletin items restore 13
    """
    with services() as made:
        found = made.library.restore(items, actor)
    _report(found.items, as_json)
    _tell_parted(found.parted)


@app.command("history")
def history(item_id: ItemId, as_json: AsJson = False) -> None:
    """Show who changed what in an item, oldest first.

    Example: bulletin items history 12
    """
    with services() as made:
        steps = made.library.history(item_id)
        zone = made.settings.zone
    if as_json:
        document({"id": item_id, "history": [_step_document(step) for step in steps]})
        return
    for step in steps:
        number = f"version {step.version}: " if step.version else ""
        by = f" by {step.by}" if step.by else ""
        say(f"{spoken(step.at, zone)}  {number}{step.what}{by}")
        for change in step.changes:
            say(f"    {shown_change(change)}")


def _tell_page(query: LibraryQuery, found: LibraryPage, *, narrowed: bool) -> None:
    if found.hits:
        _tell_hits(found.hits, copies=query.duplicates)
    else:
        say(_nothing(query, found, narrowed=narrowed))
    counted = f"{len(found.hits):,} of {found.total:,} items"
    if found.hits and query.offset + len(found.hits) < found.total:
        notice(f"{counted}; --page {query.offset // query.limit + 2} shows more.")
    elif found.hits and query.offset:
        notice(f"{counted}; this is the last page.")


def _tell_hits(hits: tuple[Hit, ...], *, copies: bool) -> None:
    searched = any(hit.passage for hit in hits)
    table(
        ("id", "state", "title", "source", "published", "for", "doubts",
         *(("copy of",) if copies else ()), *(("found",) if searched else ())),
        (
            (
                hit.item.id,
                hit.item.state.value,
                marked(hit.title) or heading(hit.item.draft),
                hit.item.draft.source,
                hit.item.draft.published,
                audience(hit.item),
                doubts(hit.item.draft),
                *((hit.item.draft.duplicate_of,) if copies else ()),
                *((marked(hit.passage),) if searched else ()),
            )
            for hit in hits
        ),
    )  # fmt: skip


def _nothing(query: LibraryQuery, found: LibraryPage, *, narrowed: bool) -> str:
    if found.total:
        items = "is only 1 item" if found.total == 1 else f"are only {found.total:,} items"
        return f"There {items}: this page is empty."
    if not narrowed and query == LibraryQuery(limit=query.limit, offset=query.offset):
        return "The library is empty. Bring news in: bulletin items import FILE"
    return "No item fits all of that."


def _hit_document(hit: Hit) -> dict[str, Any]:
    found = {"found": marked(hit.passage)} if hit.passage else {}
    return item_document(hit.item) | found


def _report(found: list[Item], as_json: bool) -> None:
    if as_json:
        document({"items": [item_document(item) for item in found]})
        return
    for item in found:
        state = "a candidate" if item.state is ItemState.CANDIDATE else item.state.value
        say(f"Item {item.id} is {state}: {heading(item.draft)}")


def _tell_parted(found: Iterable[Parted]) -> None:
    """Say of what a join or split had put aside who has its text, and where it stood."""
    for one in found:
        notice(
            f"Item {one.other} still has the text of item {one.item}. To part them, as item "
            f"{one.other} was before: bulletin items revert {one.other} --to {one.version}"
        )
        for slug in one.missed:
            notice(
                f"Item {one.item} stood in {slug}, and does so again when they are parted. "
                f"To have both there as they are: bulletin issue add {slug} {one.item}"
            )


def _step_document(step: Step) -> dict[str, Any]:
    return {
        "at": step.at.isoformat(),
        "by": step.by,
        "what": step.what,
        "version": step.version,
        "changes": [asdict(change) for change in step.changes],
    }
