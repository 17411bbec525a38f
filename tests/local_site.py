"""A web site on 127.0.0.1 whose pages a test writes, and which remembers what it was asked."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]


class Site:
    """Answers with what `says` and `does` were told; anything else is a 404."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self._answers: dict[str, Answer] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._scheme = "http"
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
            self._scheme = "https"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def port(self) -> int:
        return self._server.server_port

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{self._scheme}://{host}:{self.port}{path}"

    def says(self, path: str, body: str | bytes = b"", status: int = 200, **headers: str) -> None:
        """Answer so at a path; a header's name is written with underscores."""
        data = body.encode() if isinstance(body, str) else body

        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(status)
            for name, value in headers.items():
                request.send_header(name.replace("_", "-"), value)
            request.send_header("Content-Length", str(len(data)))
            request.end_headers()
            if request.command == "GET" and status != 304:
                request.wfile.write(data)

        self.does(path, answer)

    def leads(self, path: str, to: str, status: int = 302) -> None:
        """Redirect from a path."""
        self.says(path, status=status, Location=to)

    def does(self, path: str, answer: Answer) -> None:
        """Leave the answer at a path to a function."""
        self._answers[path] = answer

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # the server's name for it
                site.asked.append(Asked(self.command, self.path, dict(self.headers)))
                answer = site._answers.get(self.path.partition("?")[0])
                with suppress(OSError):  # whoever asked may have heard enough
                    if answer is None:
                        self.send_error(404)
                    else:
                        answer(self)

            def do_HEAD(self) -> None:
                self.do_GET()

            def log_message(self, *_words: object) -> None:
                pass

        return Handler


@contextmanager
def site(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    made = Site(tls)
    try:
        yield made
    finally:
        made.close()
