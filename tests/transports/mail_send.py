"""A stand-in for SendGrid's Mail Send: it records what it is asked and answers as it is told.

It reads a request as the provider does: each personalization is a message, its substitutions go
raw into subject, text and HTML, and its headers take the place of the message's.
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from consigned import ABOUT, Arrived

KEY = "SG.a-key-that-nobody-may-see"


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def personalizations(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.json["personalizations"]
        return found

    @property
    def addresses(self) -> list[str]:
        return [to["email"] for each in self.personalizations for to in each["to"]]


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; or, if `wire` is given, these bytes and no more."""

    status: int = 202
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    wire: bytes | None = None


class Silence:
    """No answer at all. reset: the connection dies; else nothing ever comes."""

    def __init__(self, *, reset: bool = False) -> None:
        self.reset = reset


Script = Callable[[Request], Answer | Silence]


def accepting(_request: Request) -> Answer:
    return Answer(headers={"X-Message-Id": "msg-1"})


def always(answer: Answer | Silence) -> Script:
    return lambda _request: answer


def refusal(status: int, *errors: tuple[str | None, str], **headers: str) -> Answer:
    """A status with (field, message) pairs as SendGrid words them."""
    listed = [{"field": where, "message": what, "help": None} for where, what in errors]
    return Answer(status, headers, json.dumps({"errors": listed}).encode())


class MailSend:
    """Listens on a free port of 127.0.0.1 while it is entered.

    tls:   to speak https.
    keeps: whether a connection stays open after an answer, for as long as nobody closes it.
    """

    def __init__(
        self,
        script: Script = accepting,
        tls: ssl.SSLContext | None = None,
        *,
        keeps: bool = False,
    ) -> None:
        self.requests: list[Request] = []
        self.connections: list[socket.socket] = []
        self._keeps = keeps
        self._over = threading.Event()
        self._scheme = "https" if tls else "http"
        self._server = _Server(("127.0.0.1", 0), self._handler(script))
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}"

    def arrived(self) -> list[Arrived]:
        bodies = [request.json for request in self.requests]
        return [arrived(body, each) for body in bodies for each in body["personalizations"]]

    def addresses(self) -> list[str]:
        return [address for request in self.requests for address in request.addresses]

    def __enter__(self) -> MailSend:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.hang_up()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def hang_up(self) -> None:
        """Close every connection that is open, without a word."""
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _handler(self, script: Script) -> type[BaseHTTPRequestHandler]:
        requests, over, connections = self.requests, self._over, self.connections
        keeps = self._keeps

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1" if keeps else "HTTP/1.0"

            def setup(self) -> None:
                super().setup()
                connections.append(self.connection)

            def _handle(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                request = Request(
                    self.command, self.path, dict(self.headers), self.rfile.read(length)
                )
                requests.append(request)
                self.close_connection = not keeps
                _perform(self, script(request), over)

            do_POST = do_GET = _handle  # noqa: N815  # the standard library's names

            def log_message(self, *_: object) -> None:
                """Tests read `requests` instead."""

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def handle_error(self, *_: object) -> None:
        """A client that refuses our certificate, or leaves, is what some tests are about."""


def _perform(handler: BaseHTTPRequestHandler, act: Answer | Silence, over: threading.Event) -> None:
    if isinstance(act, Silence):
        handler.close_connection = True
        if act.reset:
            now = struct.pack("ii", 1, 0)
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
        else:
            over.wait(20)
    elif act.wire is not None:
        handler.close_connection = True
        handler.wfile.write(act.wire)
    else:
        handler.send_response(act.status)
        for name, value in {**act.headers, "Content-Length": str(len(act.body))}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(act.body)


def arrived(request: Mapping[str, Any], personalization: Mapping[str, Any]) -> Arrived:
    """What the reader of one personalization finds."""

    def filled(text: str) -> str:
        for tag, value in personalization["substitutions"].items():
            text = text.replace(tag, value)
        return text

    text, html = (part["value"] for part in request["content"])
    headers = personalization.get("headers") or request.get("headers", {})
    return Arrived(
        recipients=tuple(to["email"] for to in personalization["to"]),
        subject=filled(request["subject"]),
        text=filled(text),
        html=filled(html),
        about={name: headers[name] for name in ABOUT if name in headers},
    )
