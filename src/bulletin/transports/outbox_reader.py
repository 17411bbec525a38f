"""Reading the outbox back, for the page that shows it."""

from __future__ import annotations

import heapq
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from itertools import islice
from pathlib import Path

from bulletin.transports.outbox import file_name

_KEY = re.compile(r"(letter)?([0-9]{1,20})")
# As the outbox names them; a mail program adds its flags after a colon.
_FILE = re.compile(r"(?:letter)?[0-9]{12,20}\.bulletin(?::.*)?")
_PADDING = re.compile(r"(?<![0-9])0+(?=[0-9])")


@dataclass(frozen=True, slots=True)
class Summary:
    """A line of the list. `key` names the copy in addresses."""

    key: str
    to: str
    subject: str


@dataclass(frozen=True, slots=True)
class Mail:
    """One copy, decoded. headers: (name, value) as they stand in the file, in order."""

    to: str
    subject: str
    html: str
    text: str
    headers: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the outbox, and how many copies there are in all."""

    mails: Sequence[Summary]
    total: int


class OutboxReader:
    """Looks into an outbox, changing nothing. A folder that is not there is an empty one."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def page(self, number: int, size: int) -> Listing:
        """Letters before copies, the newest of each first; `number` counts from 1.

        Reads only the page's own headers.
        """
        names = self._names()
        newest = heapq.nlargest(number * size, names)
        chosen = islice(newest, (number - 1) * size, None)
        return Listing([self._summary(name) for name in chosen], len(names))

    def read(self, key: str) -> Mail | None:
        """One copy by its key; None for any key that names no file of ours."""
        found = _KEY.fullmatch(key)
        if found is None:
            return None
        name = file_name(-int(found[2]) if found[1] else int(found[2]))
        for folder in ("new", "cur"):
            for path in (self._directory / folder).glob(f"{name}*"):
                return _mail(path.read_bytes())
        return None

    def _names(self) -> list[str]:
        found: list[str] = []
        for folder in ("new", "cur"):
            path = self._directory / folder
            if path.is_dir():
                with os.scandir(path) as entries:
                    names = [entry.name for entry in entries]
                found += [f"{name}/{folder}" for name in names if _FILE.fullmatch(name)]
        return found

    def _summary(self, name: str) -> Summary:
        file, _, folder = name.rpartition("/")
        with (self._directory / folder / file).open("rb") as source:
            message = BytesParser(policy=default).parse(source, headersonly=True)
        return Summary(
            _PADDING.sub("", file.split(".")[0]), str(message["To"]), str(message["Subject"])
        )


def _mail(raw: bytes) -> Mail:
    message: EmailMessage = BytesParser(EmailMessage, policy=default).parsebytes(raw)
    return Mail(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        html=_part(message, "html"),
        text=_part(message, "plain"),
        headers=[(name, str(value)) for name, value in message.items()],
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return "" if part is None else str(part.get_content())
