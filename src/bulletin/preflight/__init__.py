"""Preflight: what to mend or consider in an issue before it goes out. Pure."""

from __future__ import annotations

from bulletin.models.checks import Finding, Level
from bulletin.preflight.addresses import page_of
from bulletin.preflight.answers import is_page, is_silent, judged
from bulletin.preflight.doubts import DOUBT_CHECKS
from bulletin.preflight.examined import Check, Examined, Rendered
from bulletin.preflight.followed import FOLLOWED_CHECKS
from bulletin.preflight.issue import (
    ISSUE_CHECKS,
    MAX_HTML_BYTES,
    risky_words,
    without_fake_reply,
)
from bulletin.preflight.items import ITEM_CHECKS
from bulletin.preflight.links import LINK_CHECKS
from bulletin.preflight.pupils import PUPIL_CHECKS
from bulletin.preflight.reading import READING_CHECKS
from bulletin.preflight.repeated import REPEAT_CHECKS
from bulletin.preflight.summary import in_short
from bulletin.preflight.texts import Texts, read_texts
from bulletin.preflight.timing import TIMING_CHECKS
from bulletin.preflight.wording import WORDING_CHECKS

__all__ = [
    "CHECKS",
    "MAX_HTML_BYTES",
    "Check",
    "Examined",
    "Rendered",
    "Texts",
    "examine",
    "in_short",
    "is_page",
    "is_silent",
    "judged",
    "page_of",
    "read_texts",
    "risky_words",
    "run_checks",
    "without_fake_reply",
]

CHECKS: tuple[Check, ...] = (
    *ISSUE_CHECKS,
    *LINK_CHECKS,
    *FOLLOWED_CHECKS,
    *ITEM_CHECKS,
    *TIMING_CHECKS,
    *REPEAT_CHECKS,
    *DOUBT_CHECKS,
    *READING_CHECKS,
    *PUPIL_CHECKS,
    *WORDING_CHECKS,
)


def run_checks(examined: Examined, checks: tuple[Check, ...] = CHECKS) -> list[Finding]:
    """Everything that the checks find, what blocks first and otherwise in the order of reading."""
    return examine(examined, checks)[0]


def examine(
    examined: Examined, checks: tuple[Check, ...] = CHECKS
) -> tuple[list[Finding], list[Check]]:
    """The same, and the checks that found nothing."""
    found = [(check, list(check(examined))) for check in checks]
    findings = [finding for _, each in found for finding in each]
    passed = [check for check, each in found if not each]
    return sorted(findings, key=lambda finding: finding.level is not Level.BLOCKING), passed
