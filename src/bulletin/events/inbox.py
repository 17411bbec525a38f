"""Where reports lie: a file, a Maildir, or (in `imap.py`) a mailbox on a server."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from mailbox import mbox
from pathlib import Path
from typing import Protocol

from bulletin.errors import InvalidInput
from bulletin.events.messages import MOST_READ

AT_ONCE = 50
"""Messages that are read, recorded and then put away together."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A message, so far as it is read. reference: what its inbox knows it by."""

    reference: str
    data: bytes


class Inbox(Protocol):
    """Messages that wait. Used by one thread at a time."""

    def batches(self) -> Iterator[list[Piece]]:
        """A few messages at a time, until none waits."""
        ...

    def put_away(self, pieces: Sequence[Piece]) -> None:
        """These are on record now, and need not be shown again."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


def open_path(path: Path) -> Inbox:
    """A Maildir, or a file with one message or, as mbox, with many. Raises InvalidInput."""
    try:
        if (path / "new").is_dir():
            return MaildirInbox(path)
        if path.is_dir():
            raise InvalidInput(f"{path} is a folder but no Maildir: it has no folder 'new' in it.")
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from error
    return FileInbox(path)


def read_file(path: Path) -> bytes:
    """The beginning of a file that holds one message. Raises InvalidInput."""
    try:
        if not path.is_file():
            raise InvalidInput(f"There is no file {path}.")
        with path.open("rb") as file:
            return file.read(MOST_READ)
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from error


class FileInbox:
    """A file with a message, or an mbox. It is left as it is: twice recorded counts once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def batches(self) -> Iterator[list[Piece]]:
        """Raises InvalidInput if the file cannot be read."""
        first = read_file(self._path)
        if not first.startswith(b"From "):
            yield [Piece(str(self._path), first)]
            return
        box = mbox(self._path, create=False)
        try:
            batch: list[Piece] = []
            for key in box.iterkeys():
                batch.append(Piece(f"{self._path} {key}", box.get_file(key).read(MOST_READ)))
                if len(batch) == AT_ONCE:
                    yield batch
                    batch = []
            if batch:
                yield batch
        finally:
            box.close()

    def put_away(self, pieces: Sequence[Piece]) -> None:
        """Nothing: the file is somebody else's."""

    def close(self) -> None:
        """Nothing is held open."""


class MaildirInbox:
    """What is new in a Maildir. What is put away goes to `cur`, marked as seen."""

    def __init__(self, path: Path) -> None:
        self._new, self._cur = path / "new", path / "cur"

    def batches(self) -> Iterator[list[Piece]]:
        """Oldest first. Raises InvalidInput if the folder cannot be read."""
        try:
            names = sorted(entry.name for entry in os.scandir(self._new) if _is_message(entry))
        except OSError as error:
            raise InvalidInput(f"{self._new} cannot be read: {error.strerror}.") from error
        for start in range(0, len(names), AT_ONCE):
            found = (self._read(name) for name in names[start : start + AT_ONCE])
            yield [piece for piece in found if piece is not None]

    def _read(self, name: str) -> Piece | None:
        try:
            with (self._new / name).open("rb") as file:
                return Piece(name, file.read(MOST_READ))
        except OSError:
            return None  # another program has taken it meanwhile

    def put_away(self, pieces: Sequence[Piece]) -> None:
        """Raises InvalidInput if there is no `cur` to move them to, or it is not ours."""
        try:
            self._cur.mkdir(exist_ok=True)
            for piece in pieces:
                seen = piece.reference.partition(":")[0] + ":2,S"
                with suppress(FileNotFoundError):
                    (self._new / piece.reference).rename(self._cur / seen)
        except OSError as error:
            raise InvalidInput(
                f"Messages cannot be moved to {self._cur}: {error.strerror}. They are on record."
            ) from error

    def close(self) -> None:
        """Nothing is held open."""


def _is_message(entry: os.DirEntry[str]) -> bool:
    # Not through a link, and nothing that would keep its reader waiting.
    return not entry.name.startswith(".") and stat.S_ISREG(
        entry.stat(follow_symlinks=False).st_mode
    )
