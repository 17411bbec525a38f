"""Warming: what the first to ask for a page would wait for is made ready before."""

from __future__ import annotations

import gc
from contextlib import suppress

from fastapi import FastAPI

from bulletin.errors import BulletinError
from bulletin.web.deferred import Deferred
from bulletin.wiring import Services


def warm(app: FastAPI, services: Services) -> None:
    """Make all routes and templates, and load what checks an issue.

    Takes some two seconds, in a thread of its own beside requests; changes nothing.

    What is there then stays until the end: looking through it for garbage, which stops every
    request for a tenth of a second, is left out from now on (`gc.freeze`). So this is for a
    process that does nothing else than serve.
    """
    for route in app.routes:
        if isinstance(route, Deferred):
            route.prepare()
    app.state.desk.compile_templates()
    with suppress(BulletinError):  # whoever looks at that issue is told
        _look(services)
    gc.collect()
    gc.freeze()


def _look(services: Services) -> None:
    """Check the issue that somebody is most likely at work on, as its page does."""
    if issues := services.inbox.choices().issues:
        reference = str(issues[0].id)
        services.approval.preflight(reference)
        services.proofreading.sheet(reference, None)
