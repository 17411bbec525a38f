"""`bulletin items`: change what items say."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bulletin.cli.changes import shown_change
from bulletin.cli.context import keys, nations, pairs, services
from bulletin.cli.issue import tell_lost_approval
from bulletin.cli.item_documents import heading, item_document, stands
from bulletin.cli.library import ItemId
from bulletin.cli.output import CLI_ACTOR, MOST, As, AsJson, document, notice, say
from bulletin.errors import InvalidInput
from bulletin.models.items import Action, Item
from bulletin.pipeline.revise import NOTHING, ItemChanges, changed
from bulletin.wiring import Services

app = typer.Typer()

_MOST = 2_000_000  # bytes of a body
_LINK = "Read the report|Title|https://guidance.example/report"


@app.command("edit")
def edit(
    item_id: ItemId,
    title: Annotated[str | None, typer.Option(help="A new title.")] = None,
    topic: Annotated[str | None, typer.Option(help="A new topic.")] = None,
    body: Annotated[str | None, typer.Option(help="A new body, in Markdown.")] = None,
    body_file: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="A file with the new body; - for what is piped in."),
    ] = None,
    source: Annotated[str | None, typer.Option(help="Where the news comes from.")] = None,
    author: Annotated[str | None, typer.Option(help="Who wrote it.")] = None,
    published: Annotated[
        str | None,
        typer.Option(
            "--date", help="When it was published: 2026-12-18 or 18/12/2026; '' for none."
        ),
    ] = None,
    deadline: Annotated[
        str | None, typer.Option(help="'Respond by 2026-12-18', or a date alone; '' for none.")
    ] = None,
    in_nation: Annotated[
        list[str] | None,
        typer.Option("--nation", help="The nations it is about, with commas between; '' for none."),
    ] = None,
    content_note: Annotated[
        str | None, typer.Option(help="A gentle line before a hard subject; '' for none.")
    ] = None,
    roles: Annotated[
        str | None, typer.Option(help="Who sees it: role keys with commas between, or all.")
    ] = None,
    note: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ROLE=TEXT", help="'What this means for you'; '' for none; may be repeated."
        ),
    ] = None,
    link: Annotated[
        list[str] | None,
        typer.Option(metavar="NUMBER=ADDRESS", help="The address of an action; may be repeated."),
    ] = None,
    add_link: Annotated[
        list[str] | None,
        typer.Option(metavar="'LABEL|TITLE|ADDRESS'", help="One more action; may be repeated."),
    ] = None,
    drop_link: Annotated[
        list[int] | None,
        typer.Option(min=1, metavar="NUMBER", help="Take an action away; may be repeated."),
    ] = None,
    settle: Annotated[
        list[str] | None,
        typer.Option(metavar="DOUBT", help="You looked: a doubt has no grounds; may be repeated."),
    ] = None,
    if_version: Annotated[
        int | None,
        typer.Option(min=1, max=MOST, metavar="VERSION", help="Only if it still is at this one."),
    ] = None,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Mend an item. Doubts that this answers end; issues that hold it need approval again.

    Example: bulletin items edit 12 --deadline "Respond by 2026-12-18" --roles dsl,governor
    """
    changes = ItemChanges(
        title=title,
        topic=topic,
        body=_body(body, body_file),
        source=source,
        author=author,
        content_note=content_note,
        published=published,
        deadline=deadline,
        nations=None if in_nation is None else nations(",".join(in_nation)),
        roles=keys(roles),
        notes=pairs(note or [], "dsl=Check your filtering this week."),
        addresses=_addresses(link or []),
        added=tuple(map(_action, add_link or [])),
        dropped=frozenset(drop_link or []),
        settled=frozenset(settle or []),
    )
    if changes == NOTHING:
        raise InvalidInput("Say what to change, for example --title 'New title'.")
    with services() as made, _telling_issues(made, item_id):
        before = made.library.item(item_id)
        item = made.editing.revise(
            item_id,
            partial(changed, changes=changes),
            actor,
            expected_version=if_version,
            for_readers=changes.roles is not None,
        )
        _report_edit(made, item, as_json, before)


@app.command("split")
def split(
    item_id: ItemId,
    line: Annotated[
        int,
        typer.Option(
            "--at",
            min=1,
            max=MOST,
            metavar="LINE",
            help="Its first line; see `items show --lines`.",
        ),
    ],
    title: Annotated[str, typer.Option(help="The new item's title; else a line in bold.")] = "",
    link: Annotated[
        list[int] | None,
        typer.Option(min=1, metavar="NUMBER", help="An action that goes along; may be repeated."),
    ] = None,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Make two items of one: the text from a line of the body on becomes an item of its own.

    Example: bulletin items split 12 --at 5 --title "The other news"
    """
    links = frozenset(link or [])
    with services() as made, _telling_issues(made, item_id):
        whole = made.library.item(item_id)
        old, new = made.editing.split(item_id, line, actor, title=title, links=links)
    if as_json:
        document({"items": [item_document(old), item_document(new)]})
    else:
        say(f"Item {old.id}: {heading(old.draft)}\nItem {new.id} is new: {heading(new.draft)}")
    for half in (old, new):
        _tell_new_doubts(half, whole)


@app.command("join")
def join(
    item_id: ItemId,
    other_id: Annotated[
        int, typer.Argument(min=1, max=MOST, metavar="OTHER", help="The item to add to it.")
    ],
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Make one item of two: the other is added to the end of the first, and then rejected.

    Example: bulletin items join 12 13
    """
    with services() as made, _telling_issues(made, item_id):
        item = made.editing.join(item_id, other_id, actor)
    _report(item, as_json, f"Item {item.id} holds item {other_id}, too: {heading(item.draft)}")


@app.command("revert")
def revert(
    item_id: ItemId,
    version: Annotated[
        int,
        typer.Option(
            "--to", min=1, max=MOST, metavar="VERSION", help="A version; see `items history`."
        ),
    ],
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Let an item say again what it said in an earlier version. Splits and joins are undone.

    Example: bulletin items revert 12 --to 3
    """
    with services() as made, _telling_issues(made, item_id):
        before = made.library.item(item_id)
        done = made.editing.revert(item_id, version, actor)
        _report_edit(made, done.item, as_json, before)
    for followed in done.followed:
        notice(f"Item {followed.id} is {stands(followed)} now: {heading(followed.draft)}")
    for other, why in done.left_alone:
        notice(f"Item {other} stays as it is, since {why}. See: bulletin items show {other}")
    for other, slug in done.elsewhere:
        notice(
            f"Item {other} is back and stood in issue {slug}, which does not have it now: "
            f"bulletin issue add {slug} {other}, if the issue can still change."
        )


@contextmanager
def _telling_issues(made: Services, item_id: int) -> Iterator[None]:
    """Say what a change of an item did to issues: under which heading it stands, what is void."""
    issues, item = made.drafting.issues(), made.library.item(item_id)
    stood = made.drafting.headings(item_id)
    yield
    topic = made.library.item(item_id).draft.topic
    for slug, heading_now in made.drafting.headings(item_id).items():
        if stood.get(slug) not in {None, heading_now}:
            notice(f"In {slug} it stands under '{heading_now}' now.")
        elif topic not in {item.draft.topic, heading_now}:
            again = f"bulletin issue add {slug} {item_id} --topic {shlex.quote(topic)}"
            notice(
                f"In {slug} it still stands under '{heading_now}', which was chosen there. "
                f"To change that, too: {again}"
            )
    tell_lost_approval(made, issues)


def _report_edit(made: Services, item: Item, as_json: bool, before: Item) -> None:
    """Say what an edit changed. before: the item as it was."""
    if as_json:
        document(item_document(item))
    elif item.version == before.version:
        say(f"Item {item.id} says that already: {heading(item.draft)}")
    else:
        say(f"Item {item.id} is at version {item.version}: {heading(item.draft)}")
        for change in made.library.last_changes(item.id):
            say(f"    {shown_change(change)}")
    _tell_new_doubts(item, before)


def _tell_new_doubts(item: Item, before: Item) -> None:
    """Say what is doubtful about an item that was not about another, or itself, before."""
    for doubt in item.draft.warnings:
        if doubt not in before.draft.warnings:
            notice(f"Item {item.id}: {doubt.message} ({doubt.code})")


def _body(body: str | None, path: str | None) -> str | None:
    """The new body, from the command line or a file."""
    if path is None:
        return body
    if body is not None:
        raise InvalidInput("Give --body or --body-file, not both.")
    try:
        data = sys.stdin.buffer.read(_MOST) if path == "-" else _file(path)
        return data.decode("utf-8-sig").replace("\r\n", "\n").strip("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path} cannot be read as text (UTF-8): {error}.") from error


def _file(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(_MOST)


def _report(item: Item, as_json: bool, sentence: str) -> None:
    if as_json:
        document(item_document(item))
    else:
        say(sentence)


def _addresses(entries: list[str]) -> dict[int, str]:
    found = pairs(entries, "1=https://guidance.example/report")
    for number in found:
        if not (number.isascii() and number.isdigit() and len(number) < 6):
            raise InvalidInput(f"'{number}' is no action's number; actions count from 1.")
    return {int(number): address for number, address in found.items()}


def _action(entry: str) -> Action:
    """`LABEL|TITLE|ADDRESS`; the title may be left empty, or out."""
    parts = [part.strip() for part in entry.split("|")]
    if not 2 <= len(parts) <= 3:
        raise InvalidInput(f"'{entry}' should look like '{_LINK}'.")
    return Action(parts[0], parts[1] if len(parts) == 3 else "", parts[-1])
