"""Tables as files that a spreadsheet opens: written as they are read, nothing in them a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from fastapi.responses import StreamingResponse

from bulletin.models.spreadsheets import neutral

_ROWS_A_PIECE = 500


def spreadsheet(
    name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingResponse:
    """A CSV file of this name; nobody keeps it. UTF-8 with a mark, as Excel wants it."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.csv"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(
        _lines(heads, rows), media_type="text/csv; charset=utf-8", headers=headers
    )


def _lines(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """In CRLF (RFC 4180). Cells that a spreadsheet would run are neutral (requirement 62)."""
    yield b"\xef\xbb\xbf" + _written([heads])
    left = iter(rows)
    # Each piece is a turn of the server's: a row by itself would cost more than to write it.
    while piece := _written(islice(left, _ROWS_A_PIECE)):
        yield piece


def _written(rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([neutral(str(cell)) for cell in row] for row in rows)
    return out.getvalue().encode(errors="replace")
