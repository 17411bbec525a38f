"""`bulletin serve`: the web pages, the clock and the sender, in one process."""

from __future__ import annotations

from typing import Annotated

import structlog
import typer
import uvicorn

from bulletin.cli.context import services
from bulletin.cli.output import notice
from bulletin.errors import Refused
from bulletin.scheduler import Clock
from bulletin.web.app import create_app
from bulletin.worker import SendingThread


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for any.")] = 8025,
) -> None:
    """Show the web pages, start scheduled issues on time, and send.

    Ctrl-C finishes the copies in hand and ends.

    Example: bulletin serve --port 8025
    """
    log = structlog.get_logger("bulletin")
    with services() as made:
        made.store.ping()
        sender = SendingThread(made.delivery, lambda copies: log.info("settled", copies=copies))
        clock = Clock(made.planning)
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(made), host=host, port=port, log_level="warning", server_header=False
            )
        )
        notice(
            f"Bulletin is at http://{host}:{port} (Ctrl-C ends it). Readers' links lead to "
            f"{made.settings.public_url}."
        )
        clock.start()
        sender.start()
        try:
            server.run()
        except SystemExit as failed:  # uvicorn exits by itself when it cannot listen
            raise Refused(f"Port {port} of {host} cannot be used; try --port 0.") from failed
        finally:
            clock.stop()
            sender.stop()
