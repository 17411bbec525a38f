"""Listing: all issues in pages, and what a new one can take over from the one before."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bulletin.models.days import spoken_month
from bulletin.models.issues import Issue, Visibility
from bulletin.pipeline.clock import day_in
from bulletin.pipeline.composing.sections import sections_of
from bulletin.pipeline.draft import Drafting, IssueChanges
from bulletin.store.store import Store

PAGE = 50


@dataclass(frozen=True, slots=True)
class ListedIssue:
    """An issue and how many items stand in it."""

    issue: Issue
    items: int


@dataclass(frozen=True, slots=True)
class IssuesPage:
    """Some of the issues, newest first. number: of the page, from 1; total: of all issues."""

    rows: tuple[ListedIssue, ...]
    number: int
    total: int

    @property
    def first(self) -> int:
        """What number among all issues the first row has."""
        return (self.number - 1) * PAGE + 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """How a new issue may begin. last: the newest issue, whose texts it can take over."""

    title: str
    dateline: str
    last: Issue | None


class Listing:
    """The list of issues. zone: where the readers are, for the month that a title names.

    name: of the bulletin.
    """

    def __init__(self, store: Store, drafting: Drafting, zone: ZoneInfo, name: str) -> None:
        self._store = store
        self._drafting = drafting
        self._zone = zone
        self._name = name

    def page(self, number: int) -> IssuesPage:
        """A page of 50; one beyond the last is the last. Rehearsals are left out."""
        with self._store.read() as tx:
            total = tx.issues.count()
            number = min(max(1, number), max(1, -(-total // PAGE)))
            found = tx.issues.some(PAGE, (number - 1) * PAGE)
            sizes = tx.issues.sizes([issue.id for issue in found])
        rows = tuple(ListedIssue(issue, sizes.get(issue.id, 0)) for issue in found)
        return IssuesPage(rows, number, total)

    def suggestion(self) -> Suggestion:
        """A title and dateline for this month, or for the next if this month has its issue."""
        with self._store.read() as tx:
            newest = tx.issues.some(1, 0)
        day = day_in(self._zone, self._store.clock())
        month = spoken_month(day)
        if newest and newest[0].dateline == month:
            month = spoken_month(day, later=1)
        return Suggestion(f"{self._name}, {month}", month, newest[0] if newest else None)

    def begin(self, title: str, dateline: str, actor: str, *, take_over: bool) -> Issue:
        """Start an issue, hidden from the archive until somebody shows it.

        take_over: with the opening and closing words, helplines, visibility and topics of the
        newest one. Raises InvalidInput for a title without letters, or of several lines.
        """
        last = self.suggestion().last if take_over else None
        texts = IssueChanges(dateline=dateline.strip())
        visibility = Visibility.PRIVATE
        if last is not None:
            texts["intro"], texts["closing"] = last.intro, last.closing
            texts["helplines"], texts["diary"] = last.helplines, last.diary
            visibility = last.visibility
        issue = self._drafting.new(title.strip(), texts, visibility, actor)
        if last is not None:
            with self._store.write() as tx:
                order, headings = tx.issues.placements(last.id), tx.composing.headings(last.id)
                titles = [section.title for section in sections_of(order, headings)]
                tx.composing.set_headings(issue.id, titles)
        return issue
