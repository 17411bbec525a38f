"""A small IMAP server on 127.0.0.1 that keeps one mailbox, and misbehaves when it is told to."""

from __future__ import annotations

import base64
import re
import socket
import ssl
import threading
from collections.abc import Callable, Sequence

Answer = Callable[[socket.socket, str], None]


class ImapServer:
    """One mailbox of messages; serves one client after another.

    plain:  offer AUTH=PLAIN, otherwise only LOGIN.
    script: what to do with a connection and a command's tag, by the command's first words.
    """

    def __init__(
        self,
        messages: Sequence[bytes] = (),
        *,
        context: ssl.SSLContext | None = None,
        plain: bool = True,
        script: dict[str, Answer] | None = None,
    ) -> None:
        self.messages = list(messages)
        self.seen: set[int] = set()
        self.numbering = 1
        self.commands: list[str] = []
        self._context = context
        self._plain = plain
        self.script = script or {}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def url(self, *, scheme: str = "imap", password: str = "pass%20word") -> str:
        return f"{scheme}://bounces:{password}@127.0.0.1:{self.port}/INBOX"

    def __enter__(self) -> ImapServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.settimeout(10)
            try:
                if self._context is not None:
                    connection = self._context.wrap_socket(connection, server_side=True)
                self._talk(connection)
            except (OSError, EOFError):
                pass
            finally:
                connection.close()

    def _talk(self, connection: socket.socket) -> None:
        if "greeting" in self.script:
            self.script["greeting"](connection, "")
            return
        offered = "IMAP4rev1 AUTH=PLAIN" if self._plain else "IMAP4rev1"
        connection.sendall(f"* OK [CAPABILITY {offered}] ready\r\n".encode())
        reader = connection.makefile("rb")
        while line := reader.readline().decode():
            tag, _, command = line.strip().partition(" ")
            self.commands.append(command)
            scripted = next((a for w, a in self.script.items() if command.startswith(w)), None)
            if scripted is not None:
                scripted(connection, tag)
                return
            if command.upper().startswith("AUTHENTICATE PLAIN"):
                connection.sendall(b"+ \r\n")
                self.commands.append(base64.b64decode(reader.readline()).decode())
            connection.sendall(self._answer(command) + f"{tag} OK done\r\n".encode())
            if command == "LOGOUT":
                return

    def _answer(self, command: str) -> bytes:
        if command == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1" + b" AUTH=PLAIN" * self._plain + b"\r\n"
        if command.startswith("SELECT"):
            numbering = f"* OK [UIDVALIDITY {self.numbering}] numbers are valid\r\n"
            return f"* {len(self.messages)} EXISTS\r\n{numbering}".encode()
        if command.startswith("UID SEARCH"):
            first, last = map(int, command.split()[2].split(":"))
            assert last <= len(self.messages), f"{command} asks for more than there is"
            unseen = [str(n) for n in range(first, last + 1) if n not in self.seen]
            return f"* SEARCH {' '.join(unseen)}\r\n".encode()
        if command.startswith("UID FETCH"):
            return self._fetched(command)
        if command.startswith("UID STORE"):
            self.seen |= {int(uid) for uid in command.split()[2].split(",")}
        return b""

    def _fetched(self, command: str) -> bytes:
        uid = int(command.split()[2])
        asked = re.search(r"BODY\.PEEK\[\]<0\.(\d+)>", command)
        assert asked is not None, f"{command} would mark it as seen, or fetch all of it"
        if uid > len(self.messages):
            return b""
        part = self.messages[uid - 1][: int(asked[1])]
        return b"* %d FETCH (UID %d BODY[]<0> {%d}\r\n%b)\r\n" % (uid, uid, len(part), part)
