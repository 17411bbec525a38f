"""A mail server that reads copies and forgets them, in the clear or after STARTTLS.

python smtp_count.py [CERTIFICATE KEY]

Postfix's smtp-sink knows no TLS, and a ratio is fair only where both sides meet the same server.
Each connection has a process of its own, so that this server is not what is measured.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import sys

_END = b"\r\n.\r\n"
_PIECE = 262_144


def main() -> None:
    context = None
    if len(sys.argv) > 1:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
    listener = socket.create_server(("127.0.0.1", 0), backlog=100)
    print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            try:
                Conversation(connection, context).hold()
            except OSError:
                os._exit(1)
            os._exit(0)
        connection.close()


class Conversation:
    """One connection, from the greeting to its end."""

    def __init__(self, connection: socket.socket, context: ssl.SSLContext | None) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = connection
        self._context = context
        self._waiting = b""

    def hold(self) -> None:
        self._socket.sendall(b"220 sink.example\r\n")
        while line := self._line():
            verb = line[:4].upper()
            if verb == b"DATA":
                self._socket.sendall(b"354 Go on\r\n")
                self._message()
            if verb == b"STAR" and self._context is not None:
                self._socket.sendall(b"220 Go on\r\n")
                self._socket = self._context.wrap_socket(self._socket, server_side=True)
            elif verb == b"EHLO":
                offer = b"250-STARTTLS\r\n" if self._context is not None else b""
                self._socket.sendall(
                    b"250-sink.example\r\n" + offer + b"250-8BITMIME\r\n250 PIPELINING\r\n"
                )
            elif verb == b"QUIT":
                self._socket.sendall(b"221 Bye\r\n")
                return
            else:
                self._socket.sendall(b"250 OK\r\n")

    def _line(self) -> bytes:
        while (end := self._waiting.find(b"\r\n")) < 0:
            piece = self._socket.recv(_PIECE)
            if not piece:
                return b""
            self._waiting += piece
        line, self._waiting = self._waiting[:end], self._waiting[end + 2 :]
        return line

    def _message(self) -> None:
        held, seen = bytearray(self._waiting), 0
        while (end := held.find(_END, max(0, seen - 4))) < 0:
            seen = len(held)
            piece = self._socket.recv(_PIECE)
            if not piece:
                raise ConnectionResetError
            held += piece
        self._waiting = bytes(held[end + len(_END) :])


if __name__ == "__main__":
    main()
