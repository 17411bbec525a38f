"""Every page of the desk, with everything in it that can be long, many or wrong, in a real browser.

axe-core finds nothing, light and dark, narrow and wide; nothing scrolls sideways; no page breaks
its own policy or writes an error to the console; each has a title and one h1 (WCAG 2.2 AA).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from at_desk import COOKIE, a_user
from doors_listed import doors_of
from every_state import EveryState, installed
from playwright.sync_api import APIResponse, Browser, BrowserContext, ConsoleMessage, Page
from served import serving

from bulletin.models.people import UserRole
from bulletin.web.app import create_app
from bulletin.wiring import Services
from looked_over import BY_LOOK, NARROW, WIDE, Look, sideways, wrong_with

LONG = " " + "w" * 5_000
CROWD = 200
# In which states an issue is looked at, by what follows its number; below that, in the first.
STATES: Mapping[str, tuple[str, ...]] = {
    "compose": ("draft", "sent"),
    "check": ("draft", "sent"),
    "approve": ("draft", "in_review", "approved"),
    "schedule": ("draft", "approved", "scheduled", "missed"),
    "sending": ("draft", "sending", "paused", "cancelled", "sent"),
    "sending/cancel": ("paused",),
    "report": ("sent", "cancelled"),
    "correct": ("sent",),
    "failed": ("sent",),
    "missed": ("sent",),
    "uncertain": ("sent",),
}
BEFORE_SIGNING_IN = (
    "/app/sign-in", "/app/forgotten", "/app/first/", "/app/invited/", "/app/reset/",
)  # fmt: skip
_WATCH = """window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));"""
# Of many things of one kind the first few are asked about, and all of them have been laid out.
_THIN_OUT = """() => {
  for (const parent of document.querySelectorAll("ul, ol, tbody, dl, select, main div")) {
    const seen = new Map();
    for (const child of [...parent.children]) {
      const kind = `${child.tagName} ${child.className}`;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
      if (seen.get(kind) > 6) child.remove();
    }
  }
}"""
# Both schemes and both widths. The other two pairs show the same colours in the same places as one
# of these; checks/desk/pictures.py asks about all four, which takes twice as long.
LOOKS = (Look("light", WIDE), Look("dark", NARROW, BY_LOOK))


@dataclass
class Site:
    """A running desk in which everything has happened, and two pages: signed in, and not."""

    services: Services
    state: EveryState
    inside: Page
    outside: Page
    said: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, said: ConsoleMessage) -> None:
        # Of a page that says what went wrong, the browser says the same.
        if said.type == "error" and not said.text.startswith("Failed to load resource"):
            self.said.append(said.text)

    def addresses(self) -> list[str]:
        """Where to find what every GET route of the desk answers, in its different states."""
        doors = doors_of(create_app(self.services), "/app")
        paths = [door.path for door in doors if door.method == "GET"]
        return [address for path in paths for address in self._filled(path)]

    def page_for(self, address: str) -> Page:
        return self.outside if address.startswith(BEFORE_SIGNING_IN) else self.inside

    def _filled(self, path: str) -> list[str]:
        if path.startswith("/app/issues/{number}"):
            draft = self.state.issues["draft"]
            below = path.removeprefix("/app/issues/{number}").strip("/")
            states = STATES.get(below) or STATES.get(below.partition("/")[0], ("draft",))[:1]
            numbers = [self.state.issues[state].id for state in states]
            item = self.services.drafting.content(str(draft.id))[1].topics[0].items[0].id
            return [path.format(number=number, item=item) for number in numbers]
        for start, values in self._values().items():
            if path.startswith(start):
                return [path.format(number=one, token=one, place=one) for one in values]
        if "{" in path:
            pytest.fail(f"Say in `Site._values` what to look at for the page {path}.")
        return [path]

    def _values(self) -> dict[str, list[object]]:
        state = self.state
        return {
            "/app/today/checks/{": [state.issues["draft"].id],
            "/app/inbox/paste/{": [state.paste],
            "/app/items/{": [state.items[0], state.crowded],
            "/app/sources/{": [state.source],
            "/app/people/import/{": [state.rosters["waiting"], state.rosters["done"]],
            "/app/people/segments/{": [state.segment],
            "/app/people/{": [state.reader],
            "/app/reports/organisations/{": [1],
            "/app/settings/users/{": [1],
            "/app/first/{": ["used"],
            "/app/invited/{": [state.invitation],
            "/app/reset/{": [state.reset],
        }


@pytest.fixture(scope="module")
def site(
    prepared_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("desk")
    shutil.copy(prepared_sqlite, folder / "bulletin.db")
    state = installed(folder, long=LONG, crowd=CROWD)
    services = state.services
    token = services.sessions.open(a_user(services, UserRole.ADMIN, "office@school.example"))
    with serving(services) as address:
        inside, outside = _context(chromium, address), _context(chromium, address)
        inside.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        made = Site(services, state, inside.new_page(), outside.new_page())
        made.watch(made.inside)
        made.watch(made.outside)
        yield made
        inside.close()
        outside.close()
    services.close()


def _context(browser: Browser, address: str) -> BrowserContext:
    context = browser.new_context(base_url=address, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    context.add_init_script(_WATCH)
    return context


def wrong_inside(page: Page, looks: Iterable[Look] = LOOKS) -> list[str]:
    """What is wrong with the page that is open, in each look."""
    found = [*sideways(page, WIDE), *sideways(page, NARROW)]
    page.evaluate(_THIN_OUT)
    return found + wrong_with(page, looks)


def wrong_around(page: Page) -> list[str]:
    """What is wrong with its frame: title, headings, policy."""
    found = [f"policy: {one}" for one in page.evaluate("window.violations")]
    headings = page.locator("h1").count()
    if headings != 1:
        found.append(f"{headings} h1")
    if not page.title().partition(" - ")[0].strip():
        found.append("no title")
    return found


def is_page(answer: APIResponse) -> bool:
    """Whether this is a whole page of the desk: no fragment, no file, no mail in its frame."""
    policy = answer.headers.get("content-security-policy", "")
    is_html = "text/html" in answer.headers.get("content-type", "")
    return is_html and "sandbox" not in policy and "<html" in answer.text()


def test_nothing_is_wrong_with_any_page(site: Site) -> None:
    wrong: dict[str, list[str]] = {}
    seen: set[str] = set()
    for address in site.addresses():
        page = site.page_for(address)
        answer = page.request.get(address)
        if not is_page(answer):
            assert answer.ok, address
            continue
        page.goto(address)
        if page.url in seen:
            continue
        seen.add(page.url)
        found = wrong_around(page) + wrong_inside(page) + site.said
        site.said.clear()
        if found:
            wrong[address] = found
    assert wrong == {}
    assert len(seen) > 20
