"""Findings for a person: the same advice about several items is given once."""

from __future__ import annotations

from collections.abc import Iterable

from bulletin.models.checks import Finding, Level


def in_short(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in their order; what is the same of several items stands with its first."""
    alike: dict[tuple[str, Level, str] | int, list[Finding]] = {}
    for place, finding in enumerate(findings):
        key = (finding.code, finding.level, finding.several) if finding.several else place
        alike.setdefault(key, []).append(finding)
    return [_together(each) for each in alike.values()]


def _together(findings: list[Finding]) -> Finding:
    """One finding for several that differ in their items alone."""
    first = findings[0]
    numbers = list(dict.fromkeys(str(finding.item_id) for finding in findings))
    if len(numbers) == 1:
        return first
    end = "" if first.several.endswith((".", "?", "!")) else "."
    message = f"Items {', '.join(numbers[:-1])} and {numbers[-1]} {first.several}{end}"
    return Finding(first.code, first.level, message)
