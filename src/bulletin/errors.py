"""The exception tree: sorted by what a person has to do, not by where it arose.

BulletinError               a sentence for a person; the CLI exits 1 with it
+-- InvalidInput            what was handed in is wrong: mend it and try again
|   +-- WrongFields         some fields of a form are wrong, each in its own way
+-- NotFound                nothing has that id, slug, name or address
+-- Refused                 it would break a promise (state, approval, preflight)
|   +-- Conflict            somebody else changed it first
|   +-- TooMany             more was asked for than is allowed in this time
|   +-- AddressRefused      a web address that must not be asked (requirement 65)
|       +-- AddressPrivate  one that leads into this network, or to nothing public
+-- Unreachable             a web address gave no usable answer
+-- Misconfigured           a setting is missing or wrong
+-- StoreError              the database cannot be used
|   +-- SchemaOutdated      run `bulletin db upgrade`
|   +-- SchemaTooNew        this Bulletin is older than the database
|   +-- StoreFull           no room left on the disk
|   +-- StoreUnavailable    it does not answer for now, or others have it locked: try again
+-- RenderingError          a template or its content could not be compiled
+-- TransportError          nothing of the consignment was accepted
    +-- TransportUnavailable    try again later (host unreachable, throttled)
    +-- TransportBlocked        a person must act first (401, wrong certificate)
    +-- TransportStopped        we told it to stop before everything was handed over
"""

from __future__ import annotations

from collections.abc import Mapping


class BulletinError(Exception):
    """Anything we can explain. `str(error)` is a sentence that says what to do.

    command: which command does that, as a phrase ("See: bulletin issue list"); "" if there is
    none. The pages have buttons for it, so the command line alone says it.
    """

    def __init__(self, said: str = "", *, command: str = "") -> None:
        super().__init__(said)
        self.command = command

    @property
    def in_full(self) -> str:
        """What it says, with the command."""
        return f"{self} {self.command}".strip()


class InvalidInput(BulletinError):
    """What was handed in is wrong: the sentence names the field, row or line."""


class WrongFields(InvalidInput):
    """Fields of a form are wrong. `fields` has a sentence for each that is, by its name."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


class NotFound(BulletinError):
    """Nothing has that id, slug, name or address."""


class Refused(BulletinError):
    """The thing asked for would break a promise, so it was not done."""


class Conflict(Refused):
    """Somebody else changed it since it was read."""


class TooMany(Refused):
    """More was asked for than is allowed; `retry_after` is in how many seconds to try again."""

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class AddressRefused(Refused):
    """A web address that must not be asked, such as one of this network."""


class AddressPrivate(AddressRefused):
    """A web address that leads into this network, or to nothing that the public can reach."""


class Unreachable(BulletinError):
    """A web address gave no whole answer in time, or one that was too large.

    `retry_after` is the number of seconds the other side asked us to wait, if it said.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Misconfigured(BulletinError):
    """A setting is missing or wrong."""


class StoreError(BulletinError):
    """The database cannot be used."""


class SchemaOutdated(StoreError):
    """The database is older than this Bulletin."""


class SchemaTooNew(StoreError):
    """The database was written by a newer Bulletin."""


class StoreFull(StoreError):
    """The disk under the database is full."""


class StoreUnavailable(StoreError):
    """The database does not answer for now; the same may well work in a moment."""


class RenderingError(BulletinError):
    """A template or its content could not be compiled."""


class TransportError(BulletinError):
    """Provably nothing of the consignment was accepted."""


class TransportUnavailable(TransportError):
    """The transport cannot be reached for now.

    `retry_after` is the number of seconds the other side asked us to wait, if it said.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TransportBlocked(TransportError):
    """The transport refuses us until a person mends something (credentials, certificate)."""


class TransportStopped(TransportError):
    """The transport was told to stop: what has no receipt was not handed over."""
