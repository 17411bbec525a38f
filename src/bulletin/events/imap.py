"""The bounce mailbox on an IMAP server (RFC 3501), over verified TLS.

Messages are read without marking them (BODY.PEEK), in pieces of a bounded size, and marked as seen
once they are on record, over a new connection if the first is gone by then.
"""

from __future__ import annotations

import base64
import imaplib
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from bulletin.errors import BulletinError, Misconfigured
from bulletin.events.inbox import Piece
from bulletin.events.messages import MOST_READ
from bulletin.models.lines import in_one_line
from bulletin.models.servers import is_this_machine, taken_apart

TIMEOUT = 30.0
MOST_SECONDS = 50.0
"""How long one look into the mailbox may take, whatever the server does: less than whoever stops
us waits."""

MOST_ANSWER = MOST_READ + 2_000_000
"""Bytes that one answer may hold: the beginning of a message, or a list of the unseen."""

_MARKING = 10.0  # seconds more for a new connection that only marks what is on record
_ENOUGH = 20.0  # seconds after which a look leaves the rest to the next
_AT_ONCE = 10  # messages, as somebody may say stop meanwhile
_MOST_AT_A_LOOK = 1000
_MOST_AT_A_SEARCH = 50_000  # numbers of up to ten digits: the library takes 1,000,000 bytes a line
_LONGEST_NUMBER = 10
# What the library raises for answers that it was not made for is listed nowhere.
_BROKEN = (OSError, ValueError, TypeError, LookupError, AttributeError, imaplib.IMAP4.error)
_PLAIN_NAME = re.compile(r"[^\x00-\x1f\x7f\"\\]{1,200}")


class MailboxUnavailable(BulletinError):
    """The bounce mailbox cannot be read for now."""


@dataclass(frozen=True, slots=True)
class ImapServer:
    """A mailbox. Its password stays out of reprs and so out of logs."""

    host: str
    port: int
    tls: bool
    username: str
    password: str = field(repr=False)
    mailbox: str = "INBOX"

    def __str__(self) -> str:
        return f"{self.mailbox} of {self.username} at {self.host}:{self.port}"


def imap_server(url: str) -> ImapServer:
    """Take `imaps://user:password@host/INBOX` apart. Raises Misconfigured."""
    parts = taken_apart(url, {"imap", "imaps"})
    if parts is None or not parts.hostname or not parts.username:
        raise Misconfigured(
            "BULLETIN_BOUNCE_IMAP_URL must look like imaps://user:password@mail.school.example/INBOX"
        )
    tls = parts.scheme == "imaps"
    if not tls and not is_this_machine(parts.hostname):
        raise Misconfigured(
            "BULLETIN_BOUNCE_IMAP_URL says imap://, so the password would cross the network in "
            "clear. Write imaps://"
        )
    mailbox = unquote(parts.path.strip("/")) or "INBOX"
    username, password = unquote(parts.username), unquote(parts.password or "")
    if not _PLAIN_NAME.fullmatch(mailbox) or not (username + password).isprintable():
        raise Misconfigured(
            "BULLETIN_BOUNCE_IMAP_URL holds a quote or a control character where none can be."
        )
    return ImapServer(
        host=parts.hostname,
        port=parts.port or (993 if tls else 143),
        tls=tls,
        username=username,
        password=password,
        mailbox=mailbox,
    )


class ImapInbox:
    """The messages of a mailbox that nobody has seen. Connects when it is made.

    context: how TLS is verified; the machine's own authorities if not given.
    Raises MailboxUnavailable, from every method, with a sentence that says why.
    """

    def __init__(self, server: ImapServer, context: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._context = context
        self._connect(MOST_SECONDS)

    def _connect(self, seconds: float) -> None:
        try:
            self._client = _connected(self._server, self._context, seconds)
        except _BROKEN as error:
            raise self._trouble(error) from error
        try:
            self._sign_in()
            self._held = self._select()
            self._numbering = self._client.response("UIDVALIDITY")
        except MailboxUnavailable:
            self.close()
            raise

    def _sign_in(self) -> None:
        if "AUTH=PLAIN" in self._client.capabilities:
            self._ask("authenticate", "PLAIN", lambda _challenge: self._proof())
        else:
            # The library quotes a password by itself, and takes a user name as it is.
            self._ask("login", f'"{_quoted(self._server.username)}"', self._server.password)

    def _select(self) -> int:
        """How many messages the mailbox holds."""
        held = self._ask("select", f'"{self._server.mailbox}"')[-1]
        if not isinstance(held, bytes) or len(held) > _LONGEST_NUMBER:
            raise self._trouble("it does not say how many messages it holds")
        return int(held)

    def batches(self) -> Iterator[list[Piece]]:
        """Oldest first; no more at a look than can be dealt with before the next."""
        enough = time.monotonic() + _ENOUGH
        batch: list[Piece] = []
        for uid in self._unseen():
            if time.monotonic() > enough:
                break
            if (piece := self._read(uid)) is not None:
                batch.append(piece)
            if len(batch) == _AT_ONCE:
                yield batch
                batch = []
        if batch:
            yield batch

    def _unseen(self) -> list[str]:
        """The numbers of unseen messages, enough for a look."""
        found: set[int] = set()
        for first in range(1, self._held + 1, _MOST_AT_A_SEARCH):
            last = min(first + _MOST_AT_A_SEARCH - 1, self._held)
            for line in self._ask("uid", "SEARCH", f"{first}:{last}", "UNSEEN"):
                if not isinstance(line, bytes | None):
                    raise self._trouble("its list of new messages cannot be read")
                words = (line or b"").split()
                found |= {int(n) for n in words if n.isdigit() and len(n) <= _LONGEST_NUMBER}
            if len(found) >= _MOST_AT_A_LOOK:
                break
        return [str(uid) for uid in sorted(found)[:_MOST_AT_A_LOOK]]

    def _read(self, uid: str) -> Piece | None:
        for part in self._ask("uid", "FETCH", uid, f"(UID BODY.PEEK[]<0.{MOST_READ}>)"):
            if isinstance(part, tuple) and isinstance(part[-1], bytes):
                return Piece(uid, part[-1][:MOST_READ])
        return None  # somebody has deleted it meanwhile

    def put_away(self, pieces: Sequence[Piece]) -> None:
        if not pieces:
            return
        try:
            self._mark(pieces)
        except MailboxUnavailable:
            # They are on record: whatever broke the connection, the next look is for the others.
            numbering = self._numbering
            self._hang_up()
            self._connect(_MARKING)
            if self._numbering != numbering:
                raise
            self._mark(pieces)

    def _mark(self, pieces: Sequence[Piece]) -> None:
        uids = ",".join(piece.reference for piece in pieces)
        self._ask("uid", "STORE", uids, "+FLAGS.SILENT", r"(\Seen)")

    def close(self) -> None:
        with suppress(*_BROKEN):
            self._client.logout()
        self._hang_up()

    def _hang_up(self) -> None:
        with suppress(OSError):
            self._client.shutdown()

    def _ask(self, command: str, *words: object) -> list[Any]:
        """What the server answers to a command of the library's."""
        self._client.allow()
        try:
            status, answer = getattr(self._client, command)(*words)
        except _BROKEN as error:
            raise self._trouble(error) from error
        if status != "OK":
            raise self._trouble(answer[0] if answer else b"")
        found: list[Any] = answer
        return found

    def _trouble(self, said: object) -> MailboxUnavailable:
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        if isinstance(said, UnicodeEncodeError):
            words = "its user name or password has letters that the server cannot take"
        elif isinstance(said, UnicodeDecodeError):
            words = "the server's answer is no text"
        elif isinstance(said, bytes | imaplib.IMAP4.error) and self._holds_password(words):
            words = "the server's answer is left out here, as the password is in it"
        shown = in_one_line(words).rstrip(".") or "no reason given"
        return MailboxUnavailable(f"The mailbox {self._server} cannot be read: {shown}.")

    def _holds_password(self, words: str) -> bool:
        password = self._server.password
        proof = base64.b64encode(self._proof()).decode()
        as_bytes = repr(password.encode())[2:-1]  # as the library quotes what it does not expect
        told = (password, _quoted(password), as_bytes, proof)
        return bool(password) and any(each in words for each in told)

    def _proof(self) -> bytes:
        return f"\0{self._server.username}\0{self._server.password}".encode()  # RFC 4616


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


class _Client(imaplib.IMAP4):
    """The library's client, bounded: in what an answer may hold, and in how long all may take."""

    _left = MOST_ANSWER
    _watch: threading.Timer | None = None

    def __init__(self, *where: Any, seconds: float, **how: Any) -> None:
        self._seconds = seconds
        super().__init__(*where, **how)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        super().open(host, port, timeout)
        # A server that sends one byte now and then would never meet the socket's own timeout.
        self._watch = threading.Timer(self._seconds, self._cut)
        self._watch.daemon = True
        self._watch.start()

    def _cut(self) -> None:
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def shutdown(self) -> None:
        """Let go of the connection, in whatever state it is."""
        if self._watch is not None:
            self._watch.cancel()
        super().shutdown()

    def allow(self) -> None:
        """Let the next answer be as long as any may be."""
        self._left = MOST_ANSWER

    def read(self, size: int) -> bytes:
        self._spend(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._spend(len(line))
        return line

    def _spend(self, octets: int) -> None:
        self._left -= octets
        if self._left < 0:
            raise self.abort("the server's answer is longer than any should be")


class _SecureClient(_Client, imaplib.IMAP4_SSL):  # type: ignore[misc]  # ports differ by default
    """The same, over TLS from the first byte (RFC 8314)."""


def _connected(server: ImapServer, context: ssl.SSLContext | None, seconds: float) -> _Client:
    where = (server.host, server.port)
    if not server.tls:
        return _Client(*where, timeout=TIMEOUT, seconds=seconds)
    verified = context or ssl.create_default_context()
    return _SecureClient(*where, ssl_context=verified, timeout=TIMEOUT, seconds=seconds)
