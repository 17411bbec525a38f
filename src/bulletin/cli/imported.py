"""What an import tells a person: its items, the doubts about them, and what was left out."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from bulletin.cli.item_documents import doubts, heading, how_doubts_end, named, numbers, shortened
from bulletin.cli.output import clutter, notice, say, table
from bulletin.models.items import Dropped, ItemWarning, Reading
from bulletin.pipeline.collect import Collected, unknown_columns
from bulletin.sources.division.leavings import is_plain
from bulletin.sources.tables.naming import FIELDS

_ONLY_IN_THE_TABLE = frozenset({"no_source", "no_date"})
_MOST_LEFT = 12  # lines about what was left out
_SHORT = 100

Doubted = dict[str, list[tuple[int, Collected, ItemWarning]]]


def tell_import(
    reading: Reading, collected: Sequence[Collected], *, dry_run: bool, dropped: bool
) -> None:
    """Tell what was brought in. dropped: all that was left out, with its reason."""
    counted = [
        (position if dry_run else each.id, each) for position, each in enumerate(collected, start=1)
    ]
    _tell_items(counted)
    doubted = _by_code(counted)
    for line in _doubt_lines(doubted, "Number" if dry_run else "Item"):
        notice(line)
    new = [
        (number, code)
        for code, entries in sorted(doubted.items())
        for number, each, _ in entries
        if not each.known
    ]
    if new:
        number, code = new[0]
        notice(how_doubts_end("ITEM" if dry_run else number, code))
    _tell_columns(collected)
    _tell_left(reading.dropped, everything=dropped)
    known = sum(each.known for each in collected)
    verb = "would be imported" if dry_run else "imported"
    say(
        f"{len(collected) - known} {verb}{_alike(collected)}, {known} known already, "
        f"{clutter(len(reading.dropped))} left out."
    )


def _tell_columns(collected: Sequence[Collected]) -> None:
    """Name the columns that nothing is known of, and how to say what they hold."""
    columns = unknown_columns(each.draft for each in collected)
    if columns:
        listed = ", ".join(f"'{column}'" for column in columns)
        notice(
            f"Columns in no field: {listed}. To say what one holds, or several: "
            f"--map {shlex.quote(f'{columns[0]}=author')}. Fields: {', '.join(FIELDS)}."
        )


def _tell_items(counted: Sequence[tuple[int, Collected]]) -> None:
    table(
        ("", "title", "source", "published", "actions", "doubts"),
        (
            (
                number,
                heading(each.draft),
                each.draft.source,
                each.draft.published,
                len(each.draft.actions),
                doubts(each.draft),
            )
            for number, each in counted
        ),
    )


def _by_code(counted: Sequence[tuple[int, Collected]]) -> Doubted:
    """The doubts of each code, one for each item. Some are told well enough by the table."""
    found: Doubted = {}
    for number, each in counted:
        first = {warning.code: warning for warning in reversed(each.draft.warnings)}
        for code, warning in first.items():
            if code not in _ONLY_IN_THE_TABLE:
                found.setdefault(code, []).append((number, each, warning))
    return found


def _doubt_lines(doubted: Doubted, noun: str) -> list[str]:
    lines = []
    for code, entries in sorted(doubted.items()):
        number, each, warning = entries[0]
        if len(entries) == 1:
            lines.append(f"{named(number, each.draft, noun)}: {warning.message} ({code})")
            continue
        alike = len({other.message for *_, other in entries}) == 1
        example = "" if alike else f"for example {named(number, each.draft, noun.lower())}: "
        which = numbers([number for number, *_ in entries])
        lines.append(f"{noun}s {which} ({code}): {example}{warning.message}")
    return lines


def _tell_left(dropped: Sequence[Dropped], *, everything: bool) -> None:
    """What was left out: all of it, or what may be news, a line each."""
    shown = [one for one in dropped if everything or not is_plain(one)]
    if not shown:
        return
    say("Left out:")
    for one in shown if everything else shown[:_MOST_LEFT]:
        say(f"  {shortened(one.text, _SHORT)}  ({one.reason.rstrip('.')})")
    if not everything and len(shown) > _MOST_LEFT:
        say(f"  and {len(shown) - _MOST_LEFT} more: --dropped shows all")


def _alike(collected: Sequence[Collected]) -> str:
    """How many of what is new look like copies or newer versions, in brackets."""
    codes = [
        warning.code for each in collected if not each.known for warning in each.draft.warnings
    ]
    copies, versions = codes.count("duplicate"), codes.count("updates")
    told = [
        f"{copies} like another item" if copies else "",
        f"{versions} like a newer version of one" if versions else "",
    ]
    said = ", ".join(filter(None, told))
    return f" ({said})" if said else ""
