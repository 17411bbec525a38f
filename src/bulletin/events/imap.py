"""The bounce mailbox on an IMAP server (RFC 3501), over verified TLS.

Messages are read without marking them (BODY.PEEK), in pieces of a bounded size, and marked as seen
once they are on record.
"""

from __future__ import annotations

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
from urllib.parse import unquote, urlsplit

from bulletin.errors import BulletinError, Misconfigured
from bulletin.events.inbox import Piece
from bulletin.events.messages import MOST_READ
from bulletin.models.lines import in_one_line
from bulletin.models.servers import is_this_machine

TIMEOUT = 30.0
MOST_SECONDS = 50.0
"""How long one look into the mailbox may take, whatever the server does: less than whoever stops
us waits."""

MOST_ANSWER = MOST_READ + 2_000_000
"""Bytes that one answer may hold: the beginning of a message, or a list of the unseen."""

_ENOUGH = 20.0  # seconds after which a look leaves the rest to the next
_AT_ONCE = 10  # messages, as somebody may say stop meanwhile
_MOST_AT_A_LOOK = 1000
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
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError as error:
        raise Misconfigured("BULLETIN_BOUNCE_IMAP_URL has a port that is not a number.") from error
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
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
        port=port or (993 if tls else 143),
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
        try:
            self._client = _connected(server, context)
        except (OSError, imaplib.IMAP4.error) as error:
            raise self._trouble(error) from error
        try:
            self._sign_in()
            self._ask("select", f'"{server.mailbox}"')
        except MailboxUnavailable:
            self.close()
            raise

    def _sign_in(self) -> None:
        name, password = self._server.username, self._server.password
        if "AUTH=PLAIN" in self._client.capabilities:
            proof = f"\0{name}\0{password}".encode()  # RFC 4616
            self._ask("authenticate", "PLAIN", lambda _challenge: proof)
        else:
            # The library quotes a password by itself, and takes a user name as it is.
            quoted = name.replace("\\", "\\\\").replace('"', '\\"')
            self._ask("login", f'"{quoted}"', password)

    def batches(self) -> Iterator[list[Piece]]:
        """Oldest first; no more at a look than can be dealt with before the next."""
        enough = time.monotonic() + _ENOUGH
        found = b" ".join(line for line in self._ask("uid", "SEARCH", "UNSEEN") if line).split()
        uids = [uid.decode() for uid in found[:_MOST_AT_A_LOOK] if uid.isdigit()]
        for start in range(0, len(uids), _AT_ONCE):
            if time.monotonic() > enough:
                return
            pieces = (self._read(uid) for uid in uids[start : start + _AT_ONCE])
            yield [piece for piece in pieces if piece is not None]

    def _read(self, uid: str) -> Piece | None:
        for part in self._ask("uid", "FETCH", uid, f"(UID BODY.PEEK[]<0.{MOST_READ}>)"):
            if isinstance(part, tuple) and isinstance(part[-1], bytes):
                return Piece(uid, part[-1][:MOST_READ])
        return None  # somebody has deleted it meanwhile

    def put_away(self, pieces: Sequence[Piece]) -> None:
        if pieces:
            uids = ",".join(piece.reference for piece in pieces)
            self._ask("uid", "STORE", uids, "+FLAGS.SILENT", r"(\Seen)")

    def close(self) -> None:
        with suppress(OSError, imaplib.IMAP4.error):
            self._client.logout()
        with suppress(OSError):
            self._client.shutdown()

    def _ask(self, command: str, *words: object) -> list[Any]:
        """What the server answers to a command of the library's."""
        self._client.allow()
        try:
            status, answer = getattr(self._client, command)(*words)
        except (OSError, ValueError, imaplib.IMAP4.error) as error:
            raise self._trouble(error) from error
        if status != "OK":
            raise self._trouble(answer[0] if answer else b"")
        found: list[Any] = answer
        return found

    def _trouble(self, said: object) -> MailboxUnavailable:
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        if isinstance(said, UnicodeError):
            words = "its user name or password has letters that the server cannot take"
        if self._server.password:
            words = words.replace(self._server.password, "(password)")
        shown = in_one_line(words).rstrip(".") or "no reason given"
        return MailboxUnavailable(f"The mailbox {self._server} cannot be read: {shown}.")


class _Client(imaplib.IMAP4):
    """The library's client, bounded: in what an answer may hold, and in how long all may take."""

    _left = MOST_ANSWER
    _watch: threading.Timer | None = None

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        super().open(host, port, timeout)
        # A server that sends one byte now and then would never meet the socket's own timeout.
        self._watch = threading.Timer(MOST_SECONDS, self._cut)
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


def _connected(server: ImapServer, context: ssl.SSLContext | None) -> _Client:
    if not server.tls:
        return _Client(server.host, server.port, TIMEOUT)
    verified = context or ssl.create_default_context()
    return _SecureClient(server.host, server.port, ssl_context=verified, timeout=TIMEOUT)
