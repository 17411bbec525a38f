"""Layouts: which column of a table holds what, by its headings and by what stands in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final

from bulletin.sources.fields import actions, bylines, citations, details
from bulletin.sources.fields.dates import find_date
from bulletin.sources.tables.columns import Column, columns, told_column, with_days_of_events
from bulletin.sources.tables.grids import Cell, plain
from bulletin.sources.text import inline
from bulletin.sources.text.looks import is_sentence

Layout = list[Column | None]
Row = tuple[Cell, ...]
_SHORT: Final = 120  # characters: a longer cell is no heading by itself
_MAX_HEADING: Final = 6  # words
_TOP: Final = 6
_SAMPLE: Final = 50
_TELLING: Final = 6  # words of a sentence
_MOST: Final = 0.6
_HALF: Final = 0.5
_OTHER_WORDS: Final = 2  # beside a date: "Published on 3 May 2026"
_MAX_NAME: Final = 8  # words


def heading_row(rows: Sequence[Row]) -> int | None:
    """Where the row of headings stands, if there is one at the top."""
    for index, row in enumerate(rows[:_TOP]):
        texts = [plain(cell) for cell in row]
        if sum(map(bool, texts)) < 2:
            continue
        return index if columns(texts) or _heads(row, rows[index + 1 :]) else None
    return None


def named(row: Row, below: Sequence[Row]) -> Layout:
    """The columns that a row of headings names, each but once (text may have several)."""
    names = [plain(cell) for cell in row]
    found: Layout = [told_column(name) if name else None for name in names]
    for index, known in enumerate(found):
        cells = [cells[index] for cells in below[:_SAMPLE] if index < len(cells) and cells[index]]
        if known is Column.MORE and cells and all(map(_is_link, cells)):
            found[index] = Column.LINK  # "Where" over addresses is no place
    return with_days_of_events(found, names)


def layout(names: Layout | None, rows: Sequence[Row], nameless: Collection[int] = ()) -> Layout:
    """What each column holds: as it is called, else as its cells look.

    nameless: the columns that have no heading where others have theirs.
    """
    width = max(map(len, rows), default=0)
    found: Layout = [*(names or ()), *[None] * (width - len(names or ()))]
    sample = [row for row in rows if sum(map(bool, row)) > 1][:_SAMPLE]
    if not sample:
        return found
    if names is None:
        _place(found, sample, Column.PUBLISHED, _is_date)
        _place(found, sample, Column.DETAILS, _is_details)
    else:
        _place(found, sample, Column.PUBLISHED, _is_date, nameless)
        _place(found, sample, Column.SOURCE, _is_body, nameless)
    _place(found, sample, Column.LINK, _is_link)
    found = _with_text(found, sample)
    return _with_title(found, sample) if names else _with_headings(found, sample)


def _heads(row: Row, below: Sequence[Row]) -> bool:
    """Whether short cells without any news stand over cells of text, and say what these are."""
    texts = [plain(cell) for cell in row if cell]
    if any(len(text.split()) > _MAX_HEADING or text[-1] in ".!;" for text in texts):
        return False
    if any(find_date(text) for text in texts) or any(_targets(cell) for cell in row):
        return False
    marks = all(line.mark for cell in row for line in cell)
    plainer = any(not line.mark for next_row in below[:1] for cell in next_row for line in cell)
    known = sum(told_column(text) is not None for text in texts)
    longest = max((len(plain(cell)) for next_row in below[:5] for cell in next_row), default=0)
    return (known * 2 >= len(texts) or (marks and plainer)) and longest > _SHORT / 2


def _targets(cell: Cell) -> bool:
    return any(run.target for line in cell for run in line.runs)


def _place(
    found: Layout,
    sample: Sequence[Row],
    column: Column,
    fits: Callable[[Cell], bool],
    among: Collection[int] | None = None,
) -> None:
    """Give a column its name if it is missing and the cells of one column (`among` some) fit it."""
    if column in found:
        return
    for index in range(len(found)) if among is None else among:
        known = found[index]
        cells = [row[index] for row in sample if index < len(row) and row[index]]
        if known is None and cells and sum(map(fits, cells)) >= _MOST * len(cells):
            found[index] = column
            return


def _is_date(cell: Cell) -> bool:
    text = plain(cell)
    found = find_date(text)
    return found is not None and len((text[: found.start] + text[found.end :]).split()) <= (
        _OTHER_WORDS
    )


def _is_body(cell: Cell) -> bool:
    text = plain(cell)
    return _is_name(text) and bool(bylines.is_organisation(text))


def _is_details(cell: Cell) -> bool:
    """Whether a cell holds a date and a name beside it, such as a source, and nothing else."""
    if any(line.words > _MAX_NAME or is_sentence(line) for line in cell):
        return False
    return find_date(plain(cell)) is not None and len(plain(cell)) <= _SHORT


def _is_link(cell: Cell) -> bool:
    return all(
        actions.is_action(line) or (_targets((line,)) and not is_sentence(line)) for line in cell
    )


def _with_text(found: Layout, rows: Sequence[Row]) -> Layout:
    """With the column that holds the news, if none is called so: the one with whole texts."""
    if Column.TEXT in found:
        return found
    lengths = {
        index: sum(len(plain(row[index])) for row in rows if index < len(row))
        for index, known in enumerate(found)
        if known in {None, Column.TITLE, Column.TOPIC}
    }
    longest = max(lengths, key=lambda index: lengths[index], default=None)
    if longest is None:
        return found
    cells = [row[longest] for row in rows if longest < len(row) and row[longest]]
    whole = sum(map(_tells, cells)) >= _MOST * max(len(cells), 1)
    long = lengths[longest] > _SHORT * len(rows)
    lined = any(len(cell) > 1 for cell in cells) or _are_sentences(found, cells)
    if found[longest] and not (long or (whole and lined)):
        return found
    if found[longest] is None and not whole and lengths[longest] <= _SHORT / 4 * len(rows):
        return found
    placed = list(found)
    placed[longest] = Column.TEXT
    return placed


def _are_sentences(found: Layout, cells: Sequence[Cell]) -> bool:
    """Whether cells beside a topic end with a stop: "News" stands over news, not over titles."""
    stops = sum(plain(cell).endswith(".") for cell in cells)
    return Column.TOPIC in found and stops >= _MOST * len(cells)


def _with_title(found: Layout, rows: Sequence[Row]) -> Layout:
    """With a title, if no column is called so: the first before the text whose cells all differ."""
    if {Column.TITLE, Column.TOPIC} & set(found) or Column.TEXT not in found:
        return found
    for index in range(found.index(Column.TEXT)):
        texts = [plain(row[index]) for row in rows if index < len(row)]
        told = all(text[:1].isupper() and len(text) <= _SHORT for text in texts)
        if found[index] is None and told and len(set(texts)) == len(texts):
            return [*found[:index], Column.TITLE, *found[index + 1 :]]
    return found


def is_news(rows: Sequence[Row]) -> bool:
    """Whether whole texts stand in one column of a table, and something short beside them."""
    head = heading_row(rows)
    below = [row for row in rows[0 if head is None else head + 1 :] if sum(map(bool, row)) > 1]
    width = max(map(len, below), default=0)
    columns_of = [[row[at] for row in below if at < len(row) and row[at]] for at in range(width)]
    told = [sum(map(_tells, cells)) >= _MOST * max(len(below), 1) for cells in columns_of]
    return len(below) >= 2 and sum(told) == 1


def _tells(cell: Cell) -> bool:
    return any(is_sentence(line) and line.words >= _TELLING for line in cell)


def _with_headings(found: Layout, rows: Sequence[Row]) -> Layout:
    """Without names: the source is where organisations stand, the title where all differ."""
    placed = list(found)
    free = [index for index, known in enumerate(placed) if known is None]
    values = {index: [plain(row[index]) for row in rows if index < len(row)] for index in free}
    short = [i for i in free if all(len(text) <= _SHORT for text in values[i]) and any(values[i])]
    if Column.LINK not in placed and not short:
        return [one or Column.LINK for one in placed]
    known = {Column.SOURCE, Column.DETAILS} & set(placed)
    source = None if known else _column_of_names(values, short)
    if source is not None:
        placed[source] = Column.SOURCE
        short.remove(source)
    titles = sorted(short, key=lambda i: (-len(set(values[i])), i))
    if titles:
        placed[titles[0]] = Column.TITLE
    rest = [i for i in titles[1:] if titles and i < titles[0]]
    if rest:
        placed[rest[0]] = Column.TOPIC
    return placed


def _column_of_names(values: dict[int, list[str]], short: Sequence[int]) -> int | None:
    """The column in which most cells are the names of bodies, rather than titles that name one."""
    rated = [
        (_share(values[i], bylines.is_organisation), -len(set(values[i])), -i)
        for i in short
        if len(short) > 1 and _share(values[i], _is_name) >= _MOST
    ]
    share, _, index = max(rated, default=(0.0, 0, 0))
    return -index if share >= _HALF else None


def _is_name(text: str) -> bool:
    """Whether every word of weight has a capital, as in a name and hardly in a title."""
    words = [word for word in text.split() if len(word) > 3]
    return len(text.split()) <= _MAX_NAME and all(word[:1].isupper() for word in words)


def _share(texts: Sequence[str], fits: Callable[[str], object]) -> float:
    filled = [text for text in texts if text]
    return sum(bool(fits(text)) for text in filled) / len(filled) if filled else 0.0


def states_details(cell: Cell) -> bool:
    """Whether a cell says where and when its news was published."""
    return any(
        found is not None and found.named
        for line in cell
        for part in glued(line.text)
        if (found := details.parse(part))
    )


def glued(text: str) -> list[str]:
    """A heading with its details in the same line, taken apart; otherwise the line itself."""
    pieces = citations.glued(text)
    heading, label, tail = text.partition(" Source: ")
    title = (
        len(heading) <= _SHORT * 2
        and heading[-1:] not in ".;,"
        and not inline.links(inline.parse(heading))
    )
    if len(pieces) > 1 or not label or not title or len(tail) > _SHORT:
        return pieces
    return [heading, f"Source: {tail}"]
