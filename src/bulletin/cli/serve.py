"""`bulletin serve`: the web pages, the clock and the sender, in one process."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated, Any

import structlog
import typer
import uvicorn

from bulletin.cli.background import mailbox, working
from bulletin.cli.context import services
from bulletin.cli.output import notice
from bulletin.cli.watching import tell_pretence
from bulletin.errors import Refused
from bulletin.settings import TransportName
from bulletin.wiring import Services
from bulletin.worker import Worker, sending

_LAST_ANSWERS = 10  # seconds for the pages that are being shown when it is told to stop
_FIRST_ANSWERS = 5.0  # seconds for those that somebody waits for when it starts

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for any.")]


def serving(
    create_app: Callable[[Services], Any], warm: Callable[[Any, Services], None]
) -> Callable[..., None]:
    """The command, for a web application that it is given: this layer knows none.

    warm: makes ready what the application makes when it is first asked for.
    """

    def serve(host: Host = "127.0.0.1", port: Port = 8025) -> None:
        """Show the web pages, start scheduled issues on time, and send.

        Ctrl-C finishes the copies in hand and ends; a second one ends at once.

        Example: bulletin serve --port 8025
        """
        with services() as made:
            made.store.ping()
            made.check_theme()
            proxies = made.settings.trusted_proxy
            app = create_app(made)
            config = uvicorn.Config(
                app,
                log_level="warning",
                server_header=False,
                timeout_graceful_shutdown=_LAST_ANSWERS,
                proxy_headers=bool(proxies),
                forwarded_allow_ips=proxies or None,
            )
            with _listening(host, port) as listener, _soon(partial(warm, app, made)):
                _run(made, config, listener)

    return serve


@contextmanager
def _soon(warm: Callable[[], None]) -> Iterator[None]:
    """Warm up a moment from now, unless it has ended by then."""
    timer = threading.Timer(_FIRST_ANSWERS, warm)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _senders(made: Services) -> list[Worker]:
    log = structlog.get_logger("bulletin")
    if doubtful := made.correspondence.recover(alone=True):
        log.warning("letters may or may not have left before the last end", letters=doubtful)
    settled = sending(made.delivery, lambda copies: log.info("settled", copies=copies))
    # Letters have a thread of their own: a confirmation cannot wait behind ten thousand copies.
    return [Worker("sending", settled), Worker("letters", made.correspondence.send)]


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise Refused(
            f"Port {port} of {host} cannot be used: {error.strerror}. Try --port {port + 1}."
        ) from error


def _run(made: Services, config: uvicorn.Config, listener: socket.socket) -> None:
    workers = [] if made.is_distributed else [*_senders(made), *mailbox(made)]
    host, port = listener.getsockname()[:2]
    here = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    notice(f"Bulletin is at {here}. Ctrl-C ends it.")
    if made.settings.transport is TransportName.OUTBOX:
        notice(f"Copies go to the outbox, nothing is mailed: {here}/outbox")
    tell_pretence(made)
    _tell_first_link(made, here)
    if made.is_distributed:
        notice("It sends nothing itself: `bulletin worker` does (BULLETIN_ENGINE=distributed).")
    notice(f"Readers' links lead to {made.settings.public_url} (BULLETIN_PUBLIC_URL).")
    server = uvicorn.Server(config)
    _heed_signals(server)
    with working(made, workers):
        server.run(sockets=[listener])


def _tell_first_link(made: Services, here: str) -> None:
    """Where the first account is made; only who can read this may. By https, cookies need https."""
    public = made.settings.public_url
    link = made.accounts.first_link(public if public.startswith("https://") else here)
    if link is not None:
        notice(f"Nobody can sign in yet. Make the first account within a day: {link}")


def _heed_signals(server: uvicorn.Server) -> None:
    """Let the first signal end the server, before it runs and while it does, and the second end
    this process at once. While uvicorn runs it hears them itself, and raises them again when it
    has ended."""
    told: list[int] = []

    def heed(number: int, _frame: object) -> None:
        if told:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        told.append(number)
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, heed)
