"""The outbox: copies written to a Maildir on this machine instead of being mailed."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

from bulletin.errors import InvalidInput, TransportBlocked, TransportStopped
from bulletin.models.deliveries import Consignment, Copy, Outcome, Receipt

_FULL = {errno.ENOSPC, errno.EDQUOT}


class OutboxTransport:
    """Writes each copy as one file: into tmp/, then renamed into new/, so whole or not at all.

    A file is named after its delivery or letter, so one that is written twice replaces itself.
    """

    name = "outbox"
    window = 100

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def send(self, consignment: Consignment) -> Iterator[Receipt]:
        """See Transport. Raises TransportBlocked if the folder cannot be written."""
        self._make_folders()
        for copy in consignment.copies:
            try:
                message = consignment.mime(copy)
            except InvalidInput as error:
                yield Receipt(copy.delivery_id, Outcome.FAILED, str(error))
                continue
            if not consignment.go_on():
                raise TransportStopped("Sending was stopped.")
            self._write(copy, message)
            yield Receipt(copy.delivery_id, Outcome.SUBMITTED)

    def _make_folders(self) -> None:
        try:
            for name in ("tmp", "new", "cur"):
                (self._directory / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _blocked(self._directory, error) from error

    def _write(self, copy: Copy, message: bytes) -> None:
        name = file_name(copy.delivery_id)
        written = self._directory / "tmp" / name
        try:
            with written.open("wb") as file:
                file.write(message)
                file.flush()
                os.fsync(file.fileno())
            written.replace(self._directory / "new" / name)
        except OSError as error:
            written.unlink(missing_ok=True)
            raise _blocked(self._directory, error) from error

    def close(self) -> None:
        """Nothing is kept open between consignments."""


def file_name(delivery_id: int) -> str:
    """What a copy's file is called. A letter has a negative number and a prefix of its own."""
    return f"{'letter' if delivery_id < 0 else ''}{abs(delivery_id):012}.bulletin"


def _blocked(directory: Path, error: OSError) -> TransportBlocked:
    if error.errno in _FULL:
        return TransportBlocked(f"The disk under the outbox {directory} is full. Make room.")
    return TransportBlocked(f"The outbox {directory} cannot be written: {error.strerror}.")
