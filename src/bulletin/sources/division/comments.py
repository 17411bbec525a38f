"""Comments: what somebody wrote in the margin of a document, which Word puts below its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bulletin.sources.text.lines import Line

COMMENT: Final = "A comment in the margin of the document."
_COMMENT: Final = re.compile(r"\[[A-Z]{1,4}\d{1,3}\](?=\s?[^\W_])")


def below(lines: Sequence[Line]) -> dict[int, str]:
    """The comments under a text, each behind the mark ("[AB1]") that stands in it."""
    return dict.fromkeys(_marks(lines), COMMENT)


def without_marks(line: Line, marks: re.Pattern[str]) -> Line:
    """The line without the marks of comments."""
    if not marks.search(line.text):
        return line
    return line.with_runs(tuple(run.saying(marks.sub("", run.text)) for run in line.runs))


def pattern(lines: Sequence[Line]) -> re.Pattern[str] | None:
    """The marks of the comments under a text, or None if it has none."""
    marks = sorted(set(_marks(lines).values()))
    return re.compile(r"\s?(?:" + "|".join(map(re.escape, marks)) + ")") if marks else None


def _marks(lines: Sequence[Line]) -> dict[int, str]:
    marks = {at: mark[0] for at, line in enumerate(lines) if (mark := _COMMENT.match(line.text))}
    above = "\n".join(line.text for line in lines[: min(marks)]) if marks else ""
    return {at: mark for at, mark in marks.items() if mark in above}
