"""Checks of what an import left open and nobody has settled since."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.models.checks import Finding, Verdict
from bulletin.models.issues import PlacedItem
from bulletin.preflight.addresses import page_of
from bulletin.preflight.examined import Check, Examined, about

# Other checks say these of any item, wherever it is from.
_SAID_ELSEWHERE = frozenset(
    {"no_heading", "no_text", "no_source", "no_date", "duplicate", "updates", "private_link"}
)
_LOST = frozenset({"lost_link", "broken_link", "unsafe_link"})


def doubts_are_settled(examined: Examined) -> Iterator[Finding]:
    for item in examined.items():
        for doubt in examined.around.doubts.get(item.id, ()):
            if not _is_settled(doubt.code, item, examined):
                yield about(
                    "import_doubt",
                    item,
                    f"still has a doubt of its import: {doubt.message}",
                    f"still have a doubt of their import: {doubt.message}",
                )


def _is_settled(code: str, item: PlacedItem, examined: Examined) -> bool:
    if code == "repaired_link":
        return _all_work(item, examined)
    if code in _LOST:
        return any(action.url is None for action in item.actions)  # "link_lost" says it
    return code in _SAID_ELSEWHERE


def _all_work(item: PlacedItem, examined: Examined) -> bool:
    """Whether every link of an item was opened, and works."""
    links = examined.around.links
    checks = [
        links.get(page)
        for link in examined.links
        if link.item_id == item.id and (page := page_of(link.url))
    ]
    return all(check and check.verdict in {Verdict.FINE, Verdict.MOVED} for check in checks)


DOUBT_CHECKS: tuple[Check, ...] = (doubts_are_settled,)
