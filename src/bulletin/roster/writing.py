"""A list of subscribers as CSV that a spreadsheet can open without running any of it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import TextIO

from bulletin.models.people import Subscriber
from bulletin.models.spreadsheets import neutral
from bulletin.roster.headings import FIELDS


def write_roster(rows: Iterable[Subscriber], out: TextIO) -> int:
    """Write people as a CSV file that an import reads back the same. Returns how many.

    out: opened with newline="".
    """
    writer = csv.writer(out)  # CRLF (RFC 4180), or a lone CR in a cell would stay unquoted
    writer.writerow(FIELDS)
    people = 0
    for people, row in enumerate(rows, start=1):  # noqa: B007  # the last number is the answer
        writer.writerow(map(neutral, _cells(row)))
    return people


def _cells(person: Subscriber) -> Iterator[str]:
    yield person.email
    yield person.name
    yield ";".join(sorted(person.roles))
    yield person.organisation
    yield person.urn
    yield person.nation.value if person.nation else ""
    yield person.phase
    yield person.local_authority
    yield person.kind.value if person.kind else ""
    yield person.consent_basis
    yield person.consent_date.isoformat() if person.consent_date else ""
