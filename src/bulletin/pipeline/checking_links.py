"""Checking links: every page that an issue links to is looked at, once and politely."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bulletin.errors import AddressPrivate, AddressRefused, Unreachable
from bulletin.models.checks import LinkCheck, Verdict
from bulletin.models.web import Page, Web
from bulletin.pipeline.draft import content_of
from bulletin.preflight import is_page, is_silent, judged, read_texts
from bulletin.store.store import Store

SITES_AT_ONCE = 8
# After so many silences in a row a site is taken to be away: its other pages are not waited for.
SILENCES = 2
KEEP_LOOKS = timedelta(days=30)
_AWAY = "It was not asked: its site had not answered for other links."
_WORKED = frozenset({Verdict.FINE, Verdict.MOVED})
# The site wants a password, or to be left alone: GET would be told the same.
_FINAL = frozenset({401, 407, 429})


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at an issue's links came to.

    links:   how many pages it links to.
    known:   how many of these were found to work lately, and were left in peace.
    found:   of all others, how many turned out so.
    silent:  how many of those gave no answer at all.
    unasked: how many of the silent were not asked, because their site had not answered before.
    """

    links: int
    known: int
    found: Mapping[Verdict, int]
    silent: int
    unasked: int


class LinkChecking:
    """Follows the links of issues and puts down what is found.

    web:       asks pages, at most one a second of each site.
    links_for: for how long it counts that a link works. One that did not is looked at each time.
    """

    def __init__(self, store: Store, web: Web, *, links_for: timedelta) -> None:
        self._store = store
        self._web = web
        self._links_for = links_for

    def look(
        self,
        reference: str,
        seen: Callable[[LinkCheck, int], None],
        stop: threading.Event | None = None,
    ) -> Looked:
        """Look at each page that an issue links to, unless it is known to work.

        seen: told of each look as it is done, by one thread at a time, and how many there are.
        Interrupted, or told to stop, it ends with the pages in hand, and what was found stays.
        """
        pages, known = self._to_look_at(reference)
        sites = _by_site(page for page in pages if page not in known)
        total = len(pages) - len(known)
        lock, checks = threading.Lock(), list[LinkCheck]()

        def found(check: LinkCheck) -> None:
            with lock:
                with self._store.write() as tx:
                    tx.link_checks.keep(check)
                checks.append(check)
                seen(check, total)

        self._each_site(sites, found, stop or threading.Event())
        return Looked(
            len(pages),
            len(known),
            Counter(check.verdict for check in checks),
            silent=sum(map(is_silent, checks)),
            unasked=sum(check.detail == _AWAY for check in checks),
        )

    def _to_look_at(self, reference: str) -> tuple[tuple[str, ...], frozenset[str]]:
        """The pages of an issue, and those of them that are known to work."""
        now = self._store.clock()
        with self._store.write() as tx:
            pages = read_texts(content_of(tx, tx.issues.get(reference))).pages()
            checks = tx.link_checks.found(pages, now - self._links_for)
            tx.link_checks.forget(now - KEEP_LOOKS)
        return pages, frozenset(url for url, check in checks.items() if check.verdict in _WORKED)

    def _each_site(
        self,
        sites: list[list[str]],
        found: Callable[[LinkCheck], None],
        stop: threading.Event,
    ) -> None:
        pool = ThreadPoolExecutor(SITES_AT_ONCE, thread_name_prefix="links")
        try:
            for done in [pool.submit(self._site, site, found, stop) for site in sites]:
                done.result()
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)

    def _site(
        self, pages: Iterable[str], found: Callable[[LinkCheck], None], stop: threading.Event
    ) -> None:
        silences = 0
        for page in pages:
            if stop.is_set():
                return
            if silences < SILENCES:
                check = look_at(self._web, page, self._store.clock())
                silences = silences + 1 if is_silent(check) else 0
            else:
                check = LinkCheck(page, Verdict.FAILED, self._store.clock(), detail=_AWAY)
            found(check)


def look_at(web: Web, url: str, now: datetime) -> LinkCheck:
    """Ask for a page as gently as can be, and judge the answer.

    HEAD tells whether there is a document, without loading it. Some servers do not take HEAD, or
    answer it wrongly; and only the words of a web page tell that it is an error page.
    """
    try:
        return judged(url, _answer(web, url), now)
    except AddressPrivate as refusal:
        return LinkCheck(url, Verdict.UNSAFE, now, detail=str(refusal))
    except AddressRefused as refusal:
        return LinkCheck(url, Verdict.REFUSED, now, detail=str(refusal))
    except Unreachable as silence:
        # Who asks to be left alone is there.
        asked = silence.retry_after is not None
        verdict = Verdict.REFUSED if asked else Verdict.FAILED
        return LinkCheck(url, verdict, now, detail=str(silence))


def _answer(web: Web, url: str) -> Page:
    try:
        head = web.head(url)
    except Unreachable as silence:
        if silence.retry_after is not None:
            raise
        return web.get(url)
    if head.status in _FINAL or (head.status < 400 and not is_page(head)):
        return head
    try:
        return web.get(url)
    except Unreachable:
        if head.status < 400:
            return head  # it is there, and too large or too slow to be read
        raise


def _by_site(pages: Iterable[str]) -> list[list[str]]:
    """The pages of each host together: one thread asks them one after the other."""
    sites: defaultdict[str, list[str]] = defaultdict(list)
    for page in pages:
        sites[urlsplit(page).hostname or ""].append(page)
    return sorted(sites.values(), key=len, reverse=True)
