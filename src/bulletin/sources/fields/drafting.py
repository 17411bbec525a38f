"""Drafting: the lines of one item -> its draft, with every doubt about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from bulletin.models.items import Action, Dropped, ItemDraft, ItemWarning
from bulletin.sources.division import boilerplate
from bulletin.sources.fields import actions, bylines, citations, details, scope, tracking, undated
from bulletin.sources.fields.actions import HEADS_LINKS, Outcome
from bulletin.sources.fields.dates import find_yearless
from bulletin.sources.fields.deadlines import find_deadline
from bulletin.sources.fields.details import Details
from bulletin.sources.fields.doubts import lost_links, second
from bulletin.sources.text import inline, joining, lines, markdown, wording
from bulletin.sources.text.inline import Run
from bulletin.sources.text.lines import Kind, Line
from bulletin.sources.text.looks import Look, is_heading, look
from bulletin.sources.text.markdown import Block

BESIDE: Final = "Part of a line of details that has no place in an item."
UPDATED: Final = "When the page was changed; that is not when it was published."
SECOND: Final = "Another source, date or title; the first one stands."
TRUNCATED: Final = "The text breaks off (“…”). Open the page it is from, and finish it."
_NOTHING_SAID: Final = (
    "Nothing was found but what stands in the fields. Write the text, or reject the item."
)
_UNSOURCED: Final = "The text names no source. Put it in if you know it."
_CUT_SHORT: Final = re.compile(r"(?:…|\.\.\.|[\[(](?:…|\.\.\.)[\])])\s?\Z")
NUMBER: Final = re.compile(r"\(?\d{1,3}[.)]\s+")
_HELD: Final = re.compile(r"(?:times?|venue|location|place|where)\s?:\s?\S", re.IGNORECASE)
_DAY: Final = re.compile(r"dates?\s?:", re.IGNORECASE)
_LINKS: Final = re.compile(
    r"(?:(?:useful|related|key|quick|relevant|all)\s)?(?:links?|resources?|downloads?|documents?|actions?|"
    r"read\smore|find\sout\smore|(?:further|more|additional)\s(?:information|reading|details|resources)|"
    r"see\salso|references|sources)\s?:?\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Drafted:
    """An item, and what was left out of its text."""

    item: ItemDraft
    dropped: tuple[Dropped, ...] = ()


def draft(
    written: Sequence[Line],
    *,
    known: Details | None = None,
    unsure: str = "",
    beside: Outcome | None = None,
) -> Drafted:
    """Draft an item from its lines.

    known:  what stands beside the text (columns of a table, a topic heading); it wins.
    unsure: why these lines may not be one item, for the warning `unsure_boundary`.
    beside: actions that stand beside the text, and the doubts about them.
    """
    work = _Work(known or Details())
    work.take(written)
    if beside:
        work.add(beside)
    return work.finished(unsure)


class _Work:
    """A draft while its lines are read, one after the other."""

    def __init__(self, known: Details) -> None:
        self._details = known
        self._blocks: list[Block] = []
        self._actions: list[Action] = []
        self._warnings: list[ItemWarning] = []
        self._dropped: list[Dropped] = []
        self._said: list[str] = []
        self._held = False
        self._diary: frozenset[str] = frozenset()

    def take(self, written: Sequence[Line]) -> None:
        kept = joining.labelled(self._without_furniture(written))
        news = [part for line in kept for part in _parted(line)]
        self._held = any(_HELD.match(line.text) for line in news)
        self._diary = details.diary([line.text for line in news])
        rest = list(joining.joined(self._take_head(news)))
        end = _tail(rest)
        self._said += [inline.words_only(line.runs) or line.text for line in rest]
        for index, line in enumerate(rest):
            if index and _is_update_below(rest[index - 1], line):
                self._dropped.append(Dropped(line.raw or line.text, UPDATED))
            else:
                last = index == len(rest) - 1
                signed = last and _is_signature(line, rest[index - 1 : index])
                plain = replace(line, kind=Kind.TEXT) if signed else line
                self._take(plain, last=last, ends=index >= end, closes=index + 1 >= end)

    def add(self, outcome: Outcome) -> None:
        self._actions += outcome.actions
        self._warnings += outcome.warnings
        self._dropped += outcome.dropped

    def _without_furniture(self, written: Sequence[Line]) -> Iterator[Line]:
        for line in written:
            reason = boilerplate.furniture(line)
            if reason:
                self._dropped.append(Dropped(line.raw or line.text, reason))
            elif line.kind is not Kind.RULE:
                yield line

    def _take_head(self, written: list[Line]) -> list[Line]:
        """Title and the details around it."""
        rest = self._take_details(written)
        if rest and not self._details.title and look(rest[0]) is Look.HEADING:
            self._take_title(rest[0])
            return self._take_details(rest[1:])
        if rest and rest[0].text == self._details.title:
            return self._take_details(rest[1:])
        return rest

    def _take_details(self, written: list[Line]) -> list[Line]:
        rest = joining.with_source_told(written) if self._details.title else written
        for index, line in enumerate(rest):
            plain = line.kind is not Kind.BULLET and not line.mark.startswith("h")
            found = self._details_of(line) if plain else None
            if found:
                self._add_details(line, found)
            elif index and _is_update_below(rest[index - 1], line):
                self._dropped.append(Dropped(line.raw or line.text, UPDATED))
            else:
                return rest[index:]
        return []

    def _take_title(self, line: Line) -> None:
        linked = inline.links(line.runs)
        words = inline.words_only(line.runs) or line.text
        number = NUMBER.match(words)
        title = self._without_citation(words[number.end() :] if number else words)
        self._details = replace(self._details, title=title.rstrip(" :|") or title)
        for run in linked:
            found = actions.for_link(run, self._details.title if len(linked) == 1 else run.text)
            self.add(found)

    def _without_citation(self, title: str) -> str:
        """The title without the "(X, 3 May 2026)" that ends it, which says where it is from."""
        cited = citations.of_title(title)
        if not cited:
            return title
        self._details = self._details.merged(cited[1])
        return cited[0]

    def _add_details(self, line: Line, found: Details) -> None:
        """Keep what a line of details says; what has no place in an item is shown as dropped."""
        if citations.is_bare(line.text) and found.rest:
            self._details = self._details.merged(replace(found, rest=""))
            self._add_block(line)
            return
        if _DAY.match(line.text) and next(find_yearless(found.unclear), None):
            self._details = self._details.merged(replace(found, rest=""))
            self._add_block(line)
            return
        if found.summary:
            start = line.text.index(found.summary)
            self.add(_beside(line.with_runs(inline.part(line.runs, 0, start)), found))
            self._take(line.with_runs(inline.part(line.runs, start, len(line.text))), last=False)
        elif found.link:
            self._take(line, last=False)
        elif _is_news(found.rest):
            self._add_block(line.with_runs(inline.parse(found.rest.lstrip(" .,;"))))
        else:
            self.add(_beside(line, found))
        if self._details.contradicts(found):
            self._dropped.append(Dropped(line.raw or line.text, SECOND))
            self._warnings += second(self._details, found)
        self._details = replace(self._details.merged(found), rest="")

    def _details_of(self, line: Line) -> Details | None:
        """The details in a line. Beside a venue or an hour, "Date:" is the day of an event."""
        held = _DAY.match(line.text) and (self._held or details.gives_hours(line.text))
        return None if held or line.text in self._diary else details.parse(line.text)

    def _take(self, line: Line, *, last: bool, ends: bool = False, closes: bool = False) -> None:
        """Take a line below the head.

        last: no line is below it. ends: it stands among the actions at the end. closes: it is the
        last of the text, above these.
        """
        found = self._details_of(line)
        ending = last or (ends and self._says_first(found))
        if found and _belongs(found, line, last=ending) and not (found.link or found.summary):
            self._add_details(line, found)
            return
        line = self._without_tail(line, last=last or closes)
        outcome = actions.examine(line)
        if ends and not outcome.actions:
            outcome = actions.at_end(line) or outcome
        if outcome.actions and last_noun(line) and not last:
            outcome = Outcome(kept=line.runs)
        self.add(outcome)
        if outcome.kept:
            self._add_block(line.with_runs(outcome.kept))

    def _says_first(self, found: Details | None) -> bool:
        """Whether details are the first to say of an item where it is from and when."""
        known = self._details.source or self._details.published
        return found is not None and not known and bool(found.source and found.published)

    def _without_tail(self, line: Line, *, last: bool) -> Line:
        """The line without the "Source: X" that ends it, which becomes the item's source."""
        open_yet = last and not (self._details.source or self._details.published)
        cited = citations.at_end(line.text) if open_yet else None
        cut = cited or citations.tail(line.text)
        found = details.parse(cut[1]) if cut else None
        if not cut or not found or self._details.contradicts(found):
            return line
        self._add_details(lines.make(inline.parse(cut[1])), found)
        return line.with_runs(inline.part(line.runs, 0, len(cut[0])))

    def _add_block(self, line: Line) -> None:
        marked = bool(line.mark) and is_heading(line)
        self._blocks.append(Block(line.kind, line.runs, line.depth, line.marker, marked))

    def finished(self, unsure: str) -> Drafted:
        self._drop_link_headings()
        self._take_source_of_link()
        text = "\n".join((self._details.title, *map(_plain, self._blocks)))
        said = "\n".join((self._details.title, *self._said))
        asked = find_deadline(said, published=self._details.published)
        self._warnings += asked.warnings
        item = ItemDraft(
            title=self._details.title,
            topic=self._details.topic,
            body=markdown.body(self._blocks),
            source=self._details.source,
            published=self._details.published,
            author=self._details.author,
            actions=actions.named_after(
                _without_repeats(self._actions, self._details.title), self._details.title
            ),
            nations=scope.nations(text),
            roles=scope.roles(text),
            deadline=asked.deadline,
        )
        item = replace(item, warnings=self._doubts(item, unsure))
        return Drafted(item, tuple(_once(self._dropped)))

    def _take_source_of_link(self) -> None:
        """ "Read the advice: TITLE (X, 3 May 2026)", if it is the one link and no other is said."""
        known = self._details.source or self._details.published
        cited = citations.of_title(self._actions[0].title) if len(self._actions) == 1 else None
        if cited and cited[1].published and not known:
            self._actions = [replace(self._actions[0], title=cited[0])]
            self._details = self._details.merged(replace(cited[1], rest=""))

    def _drop_link_headings(self) -> None:
        """ "Useful links:" over nothing but links has no more to say once these are actions."""
        while self._actions and self._blocks and _heads_links(self._blocks[-1]):
            self._dropped.append(Dropped(_plain(self._blocks.pop()), HEADS_LINKS))

    def _doubts(self, item: ItemDraft, unsure: str) -> tuple[ItemWarning, ...]:
        doubts = []
        if not item.title:
            doubts.append(ItemWarning("no_heading", "No heading was found. Give the item a title."))
        if not item.body and not item.actions:
            doubts.append(ItemWarning("no_text", _NOTHING_SAID))
        if self._blocks and _CUT_SHORT.search(_plain(self._blocks[-1])):
            doubts.append(ItemWarning("truncated", TRUNCATED))
        if unsure:
            doubts.append(ItemWarning("unsure_boundary", unsure))
        if not item.source:
            doubts.append(ItemWarning("no_source", _UNSOURCED))
        if item.published is None:
            said = "\n".join(map(_plain, self._blocks))
            doubts.append(undated.doubt(self._details, said))
        doubts.extend(dict.fromkeys((*self._details.doubts, *self._warnings)))
        return (*doubts, *lost_links(item, doubts))


def _parted(line: Line) -> Iterator[Line]:
    """A line, or the details that begin its paragraph and the news after them."""
    end = citations.head_end(line.text) if line.kind is Kind.TEXT and not line.mark else 0
    rest = inline.part(line.runs, end + 1, len(line.text)) if end else ()
    yield line.with_runs(inline.part(line.runs, 0, end)) if end else line
    if rest:
        yield replace(line.with_runs(rest), gap=1)


def _tail(written: Sequence[Line]) -> int:
    """Where the lines begin, at the end of an item, that are nothing but actions and details."""
    end = len(written)
    while end > 1 and _is_tail(written[end - 1]):
        end -= 1
    return end


def _is_tail(line: Line) -> bool:
    told = actions.is_action(line) or actions.at_end(line) is not None
    return told or details.parse(line.text) is not None


def _once(dropped: Iterable[Dropped]) -> Iterator[Dropped]:
    """What was dropped, with each tracker named once however many links have it."""
    seen: set[Dropped] = set()
    for one in dropped:
        if one.reason not in {tracking.TRACKED, tracking.WRAPPED} or one not in seen:
            yield one
        seen.add(one)


def _is_update_below(above: Line, line: Line) -> bool:
    """Whether a line tells, right below when a page was published, when it was changed."""
    below = not line.gap and line.kind is Kind.TEXT and details.parse(above.text) is not None
    return below and bylines.is_update(line.text)


def _is_signature(line: Line, above: Sequence[Line]) -> bool:
    """Whether "— NAME, DATE" ends the text, rather than a list of dashes."""
    if line.kind is not Kind.BULLET or line.raw[:1] not in {"–", "—", "-"}:
        return False
    found = details.parse(line.text)
    alone = all(one.kind is not Kind.BULLET for one in above)
    return alone and found is not None and bool(found.published and found.source)


def _is_news(rest: str) -> bool:
    """Whether what stands behind the details of a line is a sentence of its own."""
    return rest.count(" ") >= 3 and rest.rstrip().endswith((".", "!", "?"))


def _beside(line: Line, found: Details) -> Outcome:
    """What stands in a line of details besides them: a page to open, or what is no news."""
    links = inline.links(line.runs)
    opened = [_opened(run, found.rest) for run in links]
    named = {run.text.strip() for run in links}
    rest = (found.rest, "" if opened else found.link)
    dropped = tuple(Dropped(said, BESIDE) for said in rest if said and said not in named)
    return Outcome.of((Outcome(dropped=dropped), *opened))


def _opened(run: Run, rest: str) -> Outcome:
    """A link in a line of details: by its words if these are no source, date or author."""
    words = run.text.strip()
    return actions.named_by_link(words, run) if words and words in rest else of_source(run)


def of_source(run: Run) -> Outcome:
    """The link of a source: a page of it is where the news is, its home page is not."""
    found = actions.for_link(run)
    if any(action.url and urlsplit(action.url).path.strip("/") for action in found.actions):
        return found
    return Outcome(dropped=(Dropped(run.target or "", BESIDE),))


def last_noun(line: Line) -> bool:
    """ "Further information" without an address: a link at the end, a sub-heading elsewhere."""
    return not inline.links(line.runs) and wording.is_noun_label(wording.without_arrows(line.text))


def _belongs(found: Details, line: Line, *, last: bool) -> bool:
    """Whether details below the head are the item's: they say so, or stand last by themselves."""
    if line.kind is not Kind.TEXT or citations.is_bare(line.text):
        return line.kind is Kind.TEXT and last
    return found.named or last


def _heads_links(block: Block) -> bool:
    return block.kind is Kind.TEXT and bool(_LINKS.match(_plain(block)))


def _plain(block: Block) -> str:
    return inline.plain(block.runs)


def _without_repeats(written: Iterable[Action], title: str) -> tuple[Action, ...]:
    """An address that is only opened goes where another action with a better label leads there."""
    found = [actions.opening(action, title) for action in written]

    def only_opens(action: Action) -> bool:
        return actions.says_no_more(action) and action.title in {"", title}

    labelled = {action.url for action in found if not only_opens(action)}
    opened = {a.url: a for a in reversed(found) if only_opens(a) and a.url not in labelled}
    kept = (a for a in found if not only_opens(a) or a is opened.get(a.url))
    return tuple(dict.fromkeys(kept))
