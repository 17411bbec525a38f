"""Warming: what the first to ask for a page would wait for is made ready before."""

from __future__ import annotations

import gc

from fastapi import FastAPI

from bulletin.web.deferred import Deferred


def warm(app: FastAPI) -> None:
    """Make all routes and templates; some two seconds, in a thread of its own beside requests.

    What is there then stays until the end: looking through it for garbage, which stops every
    request for a tenth of a second, is left out from now on (`gc.freeze`). So this is for a
    process that does nothing else than serve.
    """
    for route in app.routes:
        if isinstance(route, Deferred):
            route.prepare()
    app.state.desk.compile_templates()
    gc.collect()
    gc.freeze()
