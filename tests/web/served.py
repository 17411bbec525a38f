"""The application behind a real server, for a real browser."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from bulletin.web.app import create_app
from bulletin.wiring import Services


@contextmanager
def serving(services: Services, port: int = 0) -> Iterator[str]:
    """Run the application on a port of 127.0.0.1, else a free one; yields its address."""
    config = uvicorn.Config(create_app(services), host="127.0.0.1", port=port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
