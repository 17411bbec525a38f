"""`bulletin issue add`, `remove`, `move` and `move-topic`: what stands in an issue, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from bulletin.cli.context import keys, nations, pairs, services
from bulletin.cli.issue import Ref, report, tell_lost_approval
from bulletin.cli.item_documents import numbers
from bulletin.cli.library import ItemIds
from bulletin.cli.output import CLI_ACTOR, MOST, As, AsJson
from bulletin.models.issues import Issue, IssueContent, PlacedItem
from bulletin.pipeline.arranging import Place
from bulletin.pipeline.draft import PlacingOptions
from bulletin.wiring import Services

app = typer.Typer()

Position = Annotated[
    int | None, typer.Option("--to", min=1, max=MOST, metavar="NUMBER", help="1 is the first.")
]
Standings = Mapping[int, tuple[str, PlacedItem]]


@app.command("add")
def add(
    ref: Ref,
    items: ItemIds,
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
        only_nations=None if for_nations is None else frozenset(nations(for_nations)),
    )
    with services() as made:
        before, stood = made.drafting.issues(), _standings(made, ref)
        issue = made.drafting.place(ref, items, options, actor)
        tell_lost_approval(made, before)
        stand = _standings(made, ref)
    report(issue, as_json, _placed(issue.slug, items, stood, stand))


@app.command("remove")
def remove(
    ref: Ref,
    items: ItemIds,
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
    report(issue, as_json, f"Taken out of {issue.slug}: {_counted(items)}")


@app.command("move")
def move(
    ref: Ref,
    item: Annotated[int, typer.Argument(min=1, max=MOST, metavar="ITEM", help="The item's id.")],
    to: Position = None,
    before: Annotated[
        int | None,
        typer.Option(min=1, max=MOST, metavar="ITEM", help="Before this item, under its heading."),
    ] = None,
    after: Annotated[
        int | None,
        typer.Option(min=1, max=MOST, metavar="ITEM", help="After this item, under its heading."),
    ] = None,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Let an item stand elsewhere in an issue: at a place under its heading, or beside another.

    Example: bulletin issue move december 7 --before 4
    """
    with services() as made:
        was = made.drafting.issue(ref)
        issue = made.drafting.move(ref, item, Place(to, before, after), actor)
        tell_lost_approval(made, [was])
        _, content = made.drafting.content(ref)
    report(issue, as_json, _standing(issue, content, item))


@app.command("move-topic")
def move_topic(
    ref: Ref,
    topic: Annotated[str, typer.Argument(metavar="TOPIC", help="The heading, as it stands there.")],
    to: Position = None,
    before: Annotated[str | None, typer.Option(metavar="TOPIC", help="Before this one.")] = None,
    after: Annotated[str | None, typer.Option(metavar="TOPIC", help="After this one.")] = None,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Let a heading, with all items under it, stand elsewhere in an issue.

    Example: bulletin issue move-topic december "Online safety" --to 1
    """
    with services() as made:
        was = made.drafting.issue(ref)
        issue = made.drafting.move_topic(ref, topic, Place(to, before, after), actor)
        tell_lost_approval(made, [was])
        _, content = made.drafting.content(ref)
    order = ", ".join(f"'{each.title}'" for each in content.topics)
    report(issue, as_json, f"The topics of {issue.slug}: {order}")


def _standings(made: Services, ref: str) -> Standings:
    """The items of an issue by their ids, each with its heading."""
    _, content = made.drafting.content(ref)
    return {item.id: (topic.title, item) for topic in content.topics for item in topic.items}


def _placed(slug: str, items: Sequence[int], stood: Standings, stand: Standings) -> str:
    """What became of items that were to be placed: some may have stood there before."""
    said = {
        "Placed in {}: {}": [one for one in items if one not in stood],
        "In {} already, and changed there: {}": [
            one for one in items if one in stood and stood[one] != stand[one]
        ],
        "In {} already, where it stood: {}": [one for one in items if stood.get(one) == stand[one]],
    }
    return "\n".join(form.format(slug, _counted(ids)) for form, ids in said.items() if ids)


def _counted(items: Sequence[int]) -> str:
    """Items by their numbers: "item 4", "items 4, 7 and 9"."""
    found = list(dict.fromkeys(items))
    return f"{'item' if len(found) == 1 else 'items'} {numbers(found)}"


def _standing(issue: Issue, content: IssueContent, item_id: int) -> str:
    """Where an item stands in an issue."""
    for topic in content.topics:
        order = [item.id for item in topic.items]
        if item_id in order:
            at = f"number {order.index(item_id) + 1} of {len(order)}"
            return f"Item {item_id} is {at} under '{topic.title}' in {issue.slug}."
    return f"Item {item_id} is not in {issue.slug}."
