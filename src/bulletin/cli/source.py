"""`bulletin source`: addresses that are looked at for news."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import typer

from bulletin.cli.context import nations, services
from bulletin.cli.output import CLI_ACTOR, As, AsJson, document, notice, say, table
from bulletin.errors import InvalidInput
from bulletin.models.sources import SourceDefaults, SourceState, WatchedSource
from bulletin.pipeline.clock import spoken
from bulletin.pipeline.looking import Look
from bulletin.pipeline.watching import Listed, Round, Wanted, minutes
from bulletin.wiring import Services

app = typer.Typer()
Source = Annotated[str, typer.Argument(metavar="SOURCE", help="Its number, name or address.")]
Name = Annotated[str | None, typer.Option(help="What it is called in lists.")]
DefaultSource = Annotated[
    str | None, typer.Option("--source", help="The source of items that name none; '' for none.")
]
DefaultTopic = Annotated[
    str | None, typer.Option("--topic", help="The topic of items that have none; '' for none.")
]
DefaultNation = Annotated[
    str | None,
    typer.Option(
        "--nation",
        help="The nations of items that name none, with commas between; '' for none.",
    ),
]
_ADD_ONE: Final = "Add one: bulletin source add https://guidance.example/news.atom"
_HEADINGS: Final = (
    "", "name", "address", "last seen", "last news", "candidates", "next look", "trouble"
)  # fmt: skip
Every = Annotated[str | None, typer.Option(metavar="60m", help="How often: 30m, 2h, 1d.")]


@app.command("add")
def add(
    url: Annotated[str, typer.Argument(help="The address of a feed, or of a page with news.")],
    name: Name = None,
    source: DefaultSource = None,
    nation_names: DefaultNation = None,
    topic: DefaultTopic = None,
    every: Every = None,
    page: Annotated[
        bool, typer.Option("--page", help="Watch the page itself, even if it names a feed.")
    ] = False,
    only_new: Annotated[
        bool, typer.Option("--only-new", help="Leave what it holds today; bring what comes.")
    ] = False,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Watch an address: its news goes to the candidates, now and as it comes.

    Of a page that names a feed, the feed is watched.

    Example: bulletin source add https://guidance.example/news.atom --nation England --every 2h
    """
    wanted = Wanted(
        name=name or "",
        defaults=_defaults(SourceDefaults(), source, topic, nation_names),
        every_minutes=minutes(every) if every else None,
        page_itself=page,
        only_new=only_new,
    )
    with services() as made:
        look = made.watching.add(url, wanted, actor)
        zone = made.settings.zone
    if as_json:
        document(_looked_document(look))
        return
    _tell(look)
    say(
        f"Source {look.source.id} is looked at every {_pace(look.source.every_minutes)} while "
        f"`bulletin serve` runs. Next: {_when(look.source.due_at, zone)}."
    )


@app.command("list")
def list_sources(as_json: AsJson = False) -> None:
    """List what is watched: when it was last seen, what waits, and what failed.

    Example: bulletin source list
    """
    with services() as made:
        listed = made.watching.sources()
        zone = made.settings.zone
    if as_json:
        document({"sources": [_document(each) for each in listed]})
    elif not listed:
        say(f"No source is watched. {_ADD_ONE}")
    else:
        table(_HEADINGS, (_row(each, zone) for each in listed))


@app.command("show")
def show(source: Source, as_json: AsJson = False) -> None:
    """Show one source whole.

    Example: bulletin source show 3
    """
    with services() as made:
        listed = made.watching.source(source)
        zone = made.settings.zone
    if as_json:
        document(_document(listed))
        return
    found = listed.source
    say(f"{found.name}\n{found.url}")
    say(f"Source {found.id}, a {found.kind.value}, {found.state.value}, looked at every "
        f"{_pace(found.every_minutes)}")  # fmt: skip
    for what, value in _facts(listed, zone).items():
        if value:
            say(f"{what}: {value}")


@app.command("edit")
def edit(
    source: Source,
    url: Annotated[str | None, typer.Option(help="Its new address, looked at first.")] = None,
    name: Name = None,
    item_source: DefaultSource = None,
    nation_names: DefaultNation = None,
    topic: DefaultTopic = None,
    every: Every = None,
    as_json: AsJson = False,
    actor: As = CLI_ACTOR,
) -> None:
    """Change how a source is watched. Items that it has brought stay as they are.

    Example: bulletin source edit 3 --every 2h --topic "Online safety"
    """
    given = (item_source, topic, nation_names)
    if all(value is None for value in (url, name, every, *given)):
        raise InvalidInput("Say what to change, for example --every 2h.")
    with services() as made:
        before = made.watching.source(source).source.defaults
        look = made.watching.edit(
            source,
            actor,
            url=url,
            name=name,
            defaults=_defaults(before, *given) if any(v is not None for v in given) else None,
            every_minutes=minutes(every) if every is not None else None,
        )
        _tell_changed(made, look.source, f"Source {look.source.id} changed.", as_json=as_json)
    if url is not None and not as_json:
        _tell(look)


@app.command("pause")
def pause(source: Source, as_json: AsJson = False, actor: As = CLI_ACTOR) -> None:
    """Look at a source no more, until it is resumed.

    Example: bulletin source pause 3
    """
    with services() as made:
        paused = made.watching.pause(source, actor)
        _tell_changed(made, paused, f"{paused.name} is paused.", as_json=as_json)


@app.command("resume")
def resume(source: Source, as_json: AsJson = False, actor: As = CLI_ACTOR) -> None:
    """Look at a paused source again.

    Example: bulletin source resume 3
    """
    with services() as made:
        resumed = made.watching.resume(source, actor)
        _tell_changed(made, resumed, f"{resumed.name} is looked at again.", as_json=as_json)


@app.command("remove")
def remove(source: Source, as_json: AsJson = False, actor: As = CLI_ACTOR) -> None:
    """Watch a source no more. Its items stay in the library.

    Example: bulletin source remove 3
    """
    with services() as made:
        removed = made.watching.remove(source, actor)
    if as_json:
        document({"id": removed.id, "removed": True})
    else:
        say(f"{removed.name} is watched no more. Its items stay.")


@app.command("poll")
def poll(
    source: Annotated[
        str | None, typer.Argument(metavar="[SOURCE]", help="Only this one; else all not paused.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Look at sources now, whenever their turn is.

    Example: bulletin source poll 3
    """
    with services() as made:
        watching = made.watching
        done = watching.look_at_all() if source is None else Round((watching.look(source),))
    if as_json:
        document({"sources": [_looked_document(look) for look in done.looks]})
    else:
        for look in done.looks:
            _tell(look)
        if left_out := _left_out(done):
            say(left_out)
    if any(look.source.trouble for look in done.looks):
        raise typer.Exit(1)


def _left_out(done: Round) -> str:
    """Which sources were not looked at, if any, and why."""
    if not (done.looks or done.paused or done.missed):
        return f"No source is watched. {_ADD_ONE}"
    said = []
    if done.paused and not done.looks:
        said.append(f"{_sources(done.paused)} paused. See: bulletin source list")
    if done.missed:
        said.append(f"{_sources(done.missed)} being looked at just now by somebody else.")
    return "\n".join(said)


def _sources(count: int) -> str:
    return "1 source is" if count == 1 else f"{count:,} sources are"


def _defaults(
    before: SourceDefaults, source: str | None, topic: str | None, nation_names: str | None
) -> SourceDefaults:
    return replace(
        before,
        source=before.source if source is None else source.strip(),
        topic=before.topic if topic is None else topic.strip(),
        nations=before.nations if nation_names is None else nations(nation_names),
    )


def _tell(look: Look) -> None:
    for remark in look.remarks:
        say(remark)
    if look.source.trouble:
        notice(f"{look.source.name}: {look.source.trouble}")
        return
    known, revised = len(look.brought.collected) - look.new, len(look.brought.revised)
    said = [f"{look.new:,} new" if look.new else "nothing new"]
    said += [f"{revised:,} changed"] if revised else []
    said += [f"{known:,} in the library already"] if known else []
    say(f"{look.source.name}: {', '.join(said)}")


def _tell_changed(made: Services, source: WatchedSource, said: str, *, as_json: bool) -> None:
    if as_json:
        document(_document(made.watching.source(str(source.id))))
    else:
        say(said)


def _looked_document(look: Look) -> dict[str, Any]:
    collected = look.brought.collected
    return _source_document(look.source) | {
        "new": look.new,
        "known": len(collected) - look.new,
        "items": [each.id for each in collected if not each.known],
        "revised": list(look.brought.revised),
        "remarks": list(look.remarks),
    }


def _row(listed: Listed, zone: ZoneInfo) -> tuple[object, ...]:
    source = listed.source
    return (
        source.id,
        source.name,
        source.url,
        _when(source.seen_at, zone),
        _when(source.brought_at, zone),
        listed.candidates,
        _next(source, zone),
        _trouble(source, zone),
    )


def _document(listed: Listed) -> dict[str, Any]:
    return _source_document(listed.source) | {"candidates": listed.candidates}


def _source_document(source: WatchedSource) -> dict[str, Any]:
    moments = ("added_at", "seen_at", "brought_at", "tried_at", "failing_since")
    return {
        "id": source.id,
        "name": source.name,
        "url": source.url,
        "kind": source.kind.value,
        "state": source.state.value,
        "every_minutes": source.every_minutes,
        "defaults": {
            "source": source.defaults.source,
            "topic": source.defaults.topic,
            "nations": list(source.defaults.nations),
        },
        **{name: _iso(getattr(source, name)) for name in moments},
        "next_look": _iso(source.due_at) if source.state is SourceState.ACTIVE else None,
        "failures": source.failures,
        "trouble": source.trouble,
    }


def _facts(listed: Listed, zone: ZoneInfo) -> dict[str, str]:
    source, defaults = listed.source, listed.source.defaults
    return {
        "Last seen": _when(source.seen_at, zone),
        "Last news": _when(source.brought_at, zone),
        "Next look": _next(source, zone),
        "Candidates that wait": str(listed.candidates),
        "Items that name no source get": defaults.source,
        "Items without a topic get": defaults.topic,
        "Items that name no nation get": ", ".join(defaults.nations),
        "Trouble": _trouble(source, zone),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _when(moment: datetime | None, zone: ZoneInfo) -> str:
    return spoken(moment, zone) if moment else ""


def _next(source: WatchedSource, zone: ZoneInfo) -> str:
    return "paused" if source.state is SourceState.PAUSED else _when(source.due_at, zone)


def _trouble(source: WatchedSource, zone: ZoneInfo) -> str:
    if not source.trouble:
        return ""
    return f"since {_when(source.failing_since, zone)}: {source.trouble}"


def _pace(every: int) -> str:
    if every % (24 * 60) == 0:
        return "day" if every == 24 * 60 else f"{every // (24 * 60)} days"
    if every % 60 == 0:
        return "hour" if every == 60 else f"{every // 60} hours"
    return f"{every} minutes"
