"""How long each page of the desk takes on the server: `python bench/desk.py [TIMES]`.

Ten thousand items, two hundred issues and a million copies in SQLite; every page that the routes
list, as an admin asks for it. Goal: 95 of 100 answers within 100 ms. CPU is what an answer takes
of this process, which with SQLite is all there is.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute

from bulletin.models.people import UserRole
from bulletin.web.app import create_app
from bulletin.web.deferred import Deferred
from bulletin.web.desk.access import Access
from bulletin.web.warming import warm
from bulletin.wiring import Services
from parts import house, machine
from parts.settled import ISSUES, settle

GOAL_MS = 100
_LAST = {"draft": ISSUES, "in review": ISSUES - 1, "being sent": ISSUES - 2, "sent": ISSUES - 3}


def paths(app: FastAPI) -> Iterator[str]:
    """Every address of the desk that is only looked at."""
    for path, route in _routes(app.routes, ""):
        if path.startswith("/app") and "GET" in (route.methods or ()):
            yield path


def _routes(routes: Iterable[BaseRoute], prefix: str) -> Iterator[tuple[str, APIRoute]]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield prefix + route.path, route
        elif isinstance(route, Deferred):
            yield from _routes(route.router.routes, prefix)
        elif included := getattr(route, "original_router", None):
            context = getattr(route, "include_context", None)
            yield from _routes(included.routes, prefix + getattr(context, "prefix", ""))


def filled(path: str) -> Iterator[tuple[str, str]]:
    """(what it is called, the address) with numbers of things that there are."""
    if "/issues/{" in path:
        for name, number in _LAST.items():
            yield f"{path} ({name})", _numbered(path, number)
    else:
        yield path, _numbered(path, 1)


def _numbered(path: str, number: int) -> str:
    parts = path.split("/")
    return "/".join(str(number) if part.startswith("{") else part for part in parts)


def is_page(client: TestClient, address: str) -> bool:
    """Whether this shows something: no file of a whole list, and nothing that leads elsewhere."""
    with client.stream("GET", address, follow_redirects=False) as answer:
        return answer.status_code == 200 and "csv" not in answer.headers["content-type"]


def measure(client: TestClient, address: str, times: int) -> tuple[list[float], list[float]]:
    """The milliseconds by the clock and of CPU of each answer."""
    took, cpu = [], []
    for _ in range(times):
        began, used = perf_counter(), process_time()
        client.get(address)
        took.append((perf_counter() - began) * 1000)
        cpu.append((process_time() - used) * 1000)
    return took, cpu


def rows(services: Services, times: int) -> Iterator[tuple[str, ...]]:
    app = create_app(services)
    warm(app, services)  # as `bulletin serve` does
    with TestClient(app, base_url="http://127.0.0.1") as client:
        admin = next(one for one in services.enrolment.users() if one.role is UserRole.ADMIN)
        client.cookies.set(Access(services).cookie, services.sessions.open(admin))
        for path in sorted(paths(app)):
            for name, address in filled(path):
                if is_page(client, address):
                    took, cpu = measure(client, address, times)
                    slow = quantiles(took, n=20)[-1]
                    yield (
                        name, f"{median(took):.0f}", f"{slow:.0f}", f"{median(cpu):.0f}",
                        f"{slow / GOAL_MS:.2f}",
                    )  # fmt: skip


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    warnings.simplefilter("ignore")
    print(machine.describe())
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        public = "http://127.0.0.1:8025"
        with house.services(database_url=url, public_url=public) as services:
            services.store.prepare()
            settle(services)
            headings = ("page", "median ms", "95 % ms", "CPU ms", f"of {GOAL_MS} ms")
            machine.table(headings, list(rows(services, times)))


if __name__ == "__main__":
    main()
