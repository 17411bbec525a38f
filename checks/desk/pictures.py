"""Pictures of every page of the desk, to be judged by eye: docs/desk/NAME.png.

    python checks/desk/pictures.py [--all] [NAME...]

With names, only those pages. --all: each of them dark and as on a phone, too, of which docs/desk/
shows a few. Each page is also asked by axe-core in all four looks (light and dark, 320 and
1280 px): what it finds is printed, and the exit code is 1 then. Needs Chromium on PATH.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / place) for place in ("web/desk", "web", ".")]

from at_desk import COOKIE, a_user  # noqa: E402  # found by the path above
from every_state import APPROVER, EveryState, installed  # noqa: E402  # the same
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402  # the same
from served import serving  # noqa: E402  # the same
from test_desk_accessible import wrong_inside  # noqa: E402  # the same

from bulletin.models.people import UserRole  # noqa: E402  # the same
from looked_over import NARROW, WIDE, Look  # noqa: E402  # the same

FOLDER = ROOT / "docs" / "desk"
LOOKS = (Look("light", WIDE), Look("dark", WIDE), Look("dark", NARROW), Look("light", NARROW))
_TALLEST = 1000  # px: more of a long page shows nothing new
_PHONE = 375  # px
_DARK_TOO = {"today", "compose", "approve"}
_PHONE_TOO = {"today", "inbox", "compose", "approve", "sending"}


def pages(state: EveryState) -> dict[str, str]:
    """What to photograph: name -> address."""
    number = {name: issue.id for name, issue in state.issues.items()}
    return {
        "today": "/app",
        "inbox": "/app/inbox",
        "paste": "/app/inbox/paste",
        "paste-found": f"/app/inbox/paste/{state.paste}",
        "item": f"/app/items/{state.crowded}",
        "item-edit": f"/app/items/{state.items[0]}/edit",
        "sources": "/app/sources",
        "issues": "/app/issues",
        "issue-new": "/app/issues/new",
        "compose": f"/app/issues/{number['draft']}/compose",
        "compose-words": f"/app/issues/{number['draft']}/compose/words",
        "preview": f"/app/issues/{number['draft']}/preview",
        "who-gets-what": f"/app/issues/{number['draft']}/preview/readers",
        "check": f"/app/issues/{number['draft']}/check",
        "approve": f"/app/issues/{number['in_review']}/approve",
        "comments": f"/app/issues/{number['in_review']}/comments",
        "schedule": f"/app/issues/{number['approved']}/schedule",
        "scheduled": f"/app/issues/{number['scheduled']}/schedule",
        "sending": f"/app/issues/{number['sending']}/sending",
        "sent": f"/app/issues/{number['sent']}/sending",
        "report": f"/app/issues/{number['sent']}/report",
        "reports": "/app/reports",
        "calendar": "/app/calendar",
        "people": "/app/people",
        "person": f"/app/people/{state.reader}",
        "import-columns": f"/app/people/import/{state.rosters['waiting']}/columns",
        "import-rows": f"/app/people/import/{state.rosters['waiting']}/rows",
        "segment": f"/app/people/segments/{state.segment}",
        "settings": "/app/settings",
        "users": "/app/settings/users",
        "help": "/app/help",
        "keys": "/app/help/keys",
    }


def main() -> None:
    everything, wanted = "--all" in sys.argv, {name for name in sys.argv[1:] if name[:2] != "--"}
    FOLDER.mkdir(exist_ok=True)
    program = shutil.which("chromium") or shutil.which("google-chrome")
    wrong = 0
    with installation() as (state, address), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        page = signed_in(browser, state, address)
        for name, path in pages(state).items():
            if wanted and name not in wanted:
                continue
            page.goto(path)
            page.wait_for_load_state("networkidle")
            photograph(page, name, everything=everything)
            found = wrong_inside(page, LOOKS)
            wrong += len(found)
            print(name, *found, sep="\n  ")
        browser.close()
    sys.exit(bool(wrong))


@contextmanager
def installation() -> Iterator[tuple[EveryState, str]]:
    """A running desk over an installation in which everything has happened."""
    with tempfile.TemporaryDirectory() as folder:
        state = installed(Path(folder), crowd=9)
        services = state.services
        with serving(services) as address:
            yield state, address
        services.close()


def signed_in(browser: Browser, state: EveryState, address: str) -> Page:
    context = browser.new_context(base_url=address, reduced_motion="reduce", locale="en-GB")
    user = a_user(state.services, UserRole.APPROVER, APPROVER)
    state.services.managing_users.give_role(user.id, UserRole.ADMIN, APPROVER)
    state.services.managing_users.rename(user, "Ruth Sample")
    token = state.services.sessions.open(user)
    context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
    return context.new_page()


def photograph(page: Page, name: str, *, everything: bool) -> None:
    """Wide and light; where it is asked for, also dark, and as on a phone."""
    take(page, name, "light", WIDE)
    if everything or name in _DARK_TOO:
        take(page, f"{name}-dark", "dark", WIDE)
    if everything or name in _PHONE_TOO:
        take(page, f"{name}-phone", "light", _PHONE)


def take(page: Page, name: str, scheme: Literal["light", "dark"], width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    height = min(page.evaluate("document.documentElement.scrollHeight"), _TALLEST)
    page.screenshot(
        path=FOLDER / f"{name}.png", full_page=True,
        clip={"x": 0, "y": 0, "width": width, "height": height},
    )  # fmt: skip


if __name__ == "__main__":
    main()
