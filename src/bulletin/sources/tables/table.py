"""Tables: one item in each row, in columns that a heading names or that their content tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bulletin.models.items import Action, Dropped, ItemDraft, Reading
from bulletin.sources.division import boilerplate, boundaries, leads
from bulletin.sources.division.pages import Page
from bulletin.sources.fields import actions, details, scope
from bulletin.sources.fields.actions import Outcome
from bulletin.sources.fields.dates import find_date
from bulletin.sources.fields.details import Details
from bulletin.sources.fields.drafting import Drafted, draft, of_source
from bulletin.sources.formats import markup
from bulletin.sources.tables import figures, grids, layouts, outside, rows
from bulletin.sources.tables.cells import Cells, sorted_cells, taken_apart
from bulletin.sources.tables.columns import Column, columns
from bulletin.sources.tables.grids import Grid, plain
from bulletin.sources.tables.layouts import Layout, Row
from bulletin.sources.tables.rows import Record
from bulletin.sources.tables.tagged import tagged_grid
from bulletin.sources.tables.unsaid import unsaid
from bulletin.sources.text import inline
from bulletin.sources.text.inline import Run
from bulletin.sources.text.joining import joined
from bulletin.sources.text.lines import Line, of_text
from bulletin.sources.text.looks import Look, look, looks

_SEVERAL: Final = "Its cell holds several items: look whether the links are at the right one."

_NO_NAMES: Row = ()
__all__ = ["Grid", "is_news_table", "read_grid", "row_count", "text_grid"]


def text_grid(text: str, *, certain: bool = False) -> Grid | None:
    """The table in a text, or None: see `grids`. Its cells may stand in tags and have no tabs."""
    return grids.text_grid(text, certain=certain) or tagged_grid(text)


def row_count(grid: Grid) -> int:
    """How many rows a table has below its headings."""
    head = layouts.heading_row(grid.rows)
    return len(grid.rows) - (0 if head is None else head + 1)


def read_grid(grid: Grid) -> Reading:
    """The items of a table, between those of the text around it, if that is news."""
    head = layouts.heading_row(grid.rows)
    start = 0 if head is None else head + 1
    end = len(grid.rows) - outside.closing(grid.rows[start:])
    names = _NO_NAMES if head is None else grid.rows[head]
    below = grid.rows[start:end]
    heading = grid.rows[: start - 1] if start else ()
    above = outside.read((*of_text("\n".join(grid.above)), *outside.lines(heading)))
    last = outside.read((*outside.lines(grid.rows[end:]), *of_text("\n".join(grid.below))))
    heads = (Dropped(" | ".join(map(plain, names)), rows.HEADINGS),) if names else ()
    unsure = {at - start: at + 1 for at in grid.unsure}
    found = _read_rows(below, names, unsure)
    return Reading(
        (*above.items, *found.items, *last.items),
        (*above.dropped, *heads, *found.dropped, *last.dropped),
    )


def _read_rows(below: Sequence[Row], names: Row, unsure: Mapping[int, int]) -> Reading:
    """The items of the rows under the headings of a table, if it has any.

    unsure: the places of rows that had too many cells, with the number of each in its table.
    """
    titles = [plain(cell) for cell in names]
    width = max(map(len, below), default=0)
    nameless = [at for at in range(width) if not "".join(titles[at : at + 1])]
    layout = layouts.layout(layouts.named(names, below) if names else None, below, nameless)
    records, left = rows.records(below, layout, names, unsure)
    if Column.TEXT in layout and not {Column.TITLE, Column.TOPIC} & set(layout):
        records = _with_leads(records, layout.index(Column.TEXT))
    drafted = [one for record in records for one in _items(record, layout, titles)]
    dropped = [gone for one in drafted for gone in one.dropped]
    return Reading(tuple(one.item for one in drafted), (*dropped, *left))


def _with_leads(records: list[Record], at: int) -> list[Record]:
    """The records, with the words that begin each text ("Vapes. Three ...") as its heading."""
    texts = {n: one.cells[at] for n, one in enumerate(records) if one.cells[at]}
    first = [cell[0] for cell in texts.values()]
    split = leads.leads(first, looks(first))
    for place, (number, cell) in enumerate(texts.items()):
        if place in split:
            cells = records[number].cells
            led = (*split[place], *cell[1:])
            records[number] = replace(records[number], cells=(*cells[:at], led, *cells[at + 1 :]))
    return records


def is_news_table(table: markup.Table, around: int = 0) -> bool:
    """Whether a table of a page has items in its rows, not figures or layout.

    around: how many letters of running text the page has; figures amid more than they are belong
    to what they stand in.
    """
    if any(_lays_out(row) for row in table.rows):
        return False
    if around > sum(len(plain(cell)) for row in table.rows for cell in row) and figures.are_all(
        table.rows
    ):
        return False
    top = [row for row in table.rows if sum(map(bool, row)) > 1][:1]
    if top and columns([plain(cell) for cell in top[0]]):
        return True
    sourced = sum(any(map(layouts.states_details, row)) for row in table.rows)
    return sourced * 2 >= len(table.rows) or layouts.is_news(table.rows)


def _lays_out(row: Row) -> bool:
    """Whether several cells of a row each have a heading over text: columns of a page."""
    headed = [cell for cell in row if len(cell) > 1 and cell[0].mark.startswith("h")]
    return len(headed) > 1


def _items(record: Record, layout: Layout, titles: Sequence[str]) -> list[Drafted]:
    """The item of a row, or several if its cell of text holds as many."""
    cells = sorted_cells(record.cells, layout, titles)
    text = taken_apart((*cells.of.get(Column.TEXT, ()), *cells.of.get(Column.MORE, ())))
    known = _known(cells, text, record.topic)
    pieces = _pieces(text)
    beside = Outcome.of((_titles_link(cells, known), _links(cells), cells.aside))
    unsure, shared = record.unsure, known
    if len(pieces) > 1:
        unsure, shared = _SEVERAL, replace(known, title="")
    drafted = [
        _completed(
            draft(piece, known=shared, beside=None if index else beside, unsure=unsure),
            cells,
            shared,
        )
        for index, piece in enumerate(pieces)
    ]
    left = unsaid(cells, drafted)
    return [*drafted[:-1], replace(drafted[-1], dropped=(*drafted[-1].dropped, *left))]


def _pieces(text: list[Line]) -> list[list[Line]]:
    """The lines of each item in a cell: several only if headings with details prove it."""
    starts = boundaries.certain(Page.of(text)) if len(text) > 1 else None
    if not starts or len(starts.at) < 2 or starts.at[0] != 0:
        return [text]
    ends = (*starts.at[1:], len(text))
    return [text[start:end] for start, end in zip(starts.at, ends, strict=True)]


def _known(cells: Cells, text: list[Line], above: str) -> Details:
    """What the columns beside the text say. A topic is the title where nothing else is."""
    topic, title = cells.words(Column.TOPIC), cells.words(Column.TITLE)
    found = find_date(cells.words(Column.PUBLISHED))
    about = _about(cells)
    return Details(
        topic=topic or above,
        title=title or ("" if _has_heading(text) else topic),
        source=about.source,
        published=found.day if found else about.published,
        author=cells.words(Column.AUTHOR) or about.author,
        unclear=cells.unclear,
    )


def _about(cells: Cells) -> Details:
    """Source and date of the column of sources, which may hold both."""
    written = [*cells.of.get(Column.SOURCE, ()), *cells.of.get(Column.DETAILS, ())]
    text = ", ".join(inline.words_only(line.runs) for line in written)
    if not find_date(text):
        return Details(source=text)
    return details.parse(f"Source: {text}") or Details(source=text)


def _has_heading(text: Sequence[Line]) -> bool:
    return len(text) > 1 and look(text[0]) is Look.HEADING


def _titles_link(cells: Cells, known: Details) -> Outcome:
    """Where the title and the source lead to: a title to the news, a source perhaps home."""
    titled = [run for line in cells.of.get(Column.TITLE, ()) for run in inline.links(line.runs)]
    about = (*cells.of.get(Column.SOURCE, ()), *cells.of.get(Column.DETAILS, ()))
    led = [of_source(run) for line in about for run in inline.links(line.runs)]
    return Outcome.of((*(actions.for_link(run, known.title) for run in titled), *led))


def _links(cells: Cells) -> Outcome:
    """The actions of the link column: here every line is one, whatever its words."""
    label = cells.words(Column.LABEL)
    outcome = Outcome.of(_link(line, label) for line in joined(cells.of.get(Column.LINK, ())))
    return replace(outcome, actions=outcome.actions or ((Action(label),) if label else ()))


def _link(line: Line, label: str) -> Outcome:
    if reason := boilerplate.furniture(line):
        return Outcome(dropped=(Dropped(line.text, reason),))
    outcome = actions.examine(line)
    if outcome.actions and not outcome.kept:
        bare = not inline.words_only(line.runs) and len(outcome.actions) == 1
        if bare and label:
            return replace(outcome, actions=(replace(outcome.actions[0], label=label),))
        return outcome
    run = next(iter(inline.links(line.runs)), None)
    words = inline.words_only(line.runs) or line.text
    if run is None and "." in words and " " not in words:
        run = Run(words, words)
    return actions.named_by_link(label or words, run)


def _completed(drafted: Drafted, cells: Cells, known: Details) -> Drafted:
    item = _with_title(drafted.item, known)
    where, whom = cells.words(Column.NATIONS), cells.words(Column.ROLES)
    nations = scope.nations(f"Nations: {where}") if where else ()
    roles = scope.roles(f"Audience: {whom}") if whom else ()
    named = Column.TITLE in cells.of or Column.TOPIC in cells.of
    return Drafted(
        replace(
            item,
            topic=item.topic or ("" if named else item.title),
            nations=nations or item.nations,
            roles=roles or item.roles,
        ),
        drafted.dropped,
    )


def _with_title(item: ItemDraft, known: Details) -> ItemDraft:
    """A topic stands for a title that neither column nor text has."""
    if item.title or not known.topic:
        return item
    doubts = tuple(doubt for doubt in item.warnings if doubt.code != "no_heading")
    return replace(item, title=known.topic, warnings=doubts)
