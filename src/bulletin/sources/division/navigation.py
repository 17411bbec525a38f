"""Navigation: menus, breadcrumbs, lists of contents, running heads and lists of other pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from bulletin.sources.division import boilerplate
from bulletin.sources.fields import actions, details
from bulletin.sources.text.lines import Kind, Line
from bulletin.sources.text.looks import Look, is_heading, is_sentence, look

NAVIGATION: Final = "Navigation of the website."
CONTENTS: Final = "A list of contents."
RUNNING_HEAD: Final = "A heading or number that every page repeats."
RELATED: Final = "A list of other pages of the website."

_MENU_WORDS: Final = frozenset({
    "home", "about", "about us", "who we are", "what we do", "our work", "contact", "contact us",
    "news", "blog", "events", "menu", "search", "login", "log in", "sign in", "sign up",
    "register", "my account", "account", "shop", "basket", "cart", "donate", "jobs", "careers",
    "vacancies", "help", "faq", "faqs", "resources", "training", "courses", "services",
    "publications", "topics", "sitemap", "site map", "a-z", "accessibility", "privacy", "cookies",
    "terms", "terms and conditions", "english", "cymraeg", "gaeilge", "home page", "homepage",
    "support us", "get involved", "membership", "join us", "join", "members", "media", "press",
    "gallery", "policies", "parents", "staff", "governors", "library", "archive", "subscribe",
    "newsletter", "newsletters", "latest news", "skip to content", "close", "back", "more",
    "all news", "view all", "see all",
})  # fmt: skip
_SURE_WORDS: Final = frozenset({
    "home", "about", "about us", "contact", "contact us", "menu", "search", "login", "log in",
    "sign in", "my account", "site map", "sitemap", "basket", "homepage", "home page", "donate",
})  # fmt: skip
_PARTS: Final = re.compile(r"\s?[|•·]\s?|\s[/>»›–-]\s|\s{2,}|\t")
# What the patterns cut at: few lines have any of it, and to look for that takes no time.
_SIGNS: Final = ("|", "•", "·", "/", ">", "»", "›", "–", "-", "  ", "\t")
_CRUMB_SIGNS: Final = (">", "»", "›", "→", "/")
_CRUMBS: Final = re.compile(r"\s?[>»›→]\s?|\s/\s")
_HERE: Final = re.compile(r"you\sare\s(?:here|in)\s?:?\s?", re.IGNORECASE)
_CONTENTS: Final = re.compile(
    r"(?:table\sof\s)?contents\b|(?:also\s)?(?:in|inside)\sthis\s(?:issue|edition|bulletin|newsletter|week|"
    r"month|round-?up|e-?mail|update|digest|number)|(?:what(?:’|')?s\s)?inside\b|what(?:’|')?s\sin\sthis|"
    r"on\sthis\spage|jump\sto|quick\slinks|at\sa\sglance|this\s(?:week|month|issue)(?:\sin\sbrief)?\W*\Z|"
    r"(?:main\s)?headlines\W*\Z|index\W*\Z",
    re.IGNORECASE,
)
_RELATED: Final = re.compile(
    r"(?:(?:see|read)\salso|related(?:\s(?:articles?|posts?|stories|story|news|content|pages?|items|topics?|reading))?|"
    r"you\s(?:may|might)\salso\s(?:like|enjoy|be\sinterested\sin|find\suseful)|"
    r"(?:more|other|similar|further|recommended|popular|recent|trending|featured)\s(?:stories|articles|news|posts|pages|"
    r"items|like\sthis|on\sthis(?:\s(?:topic|subject))?|in\sthis\s(?:section|series|topic))(?:\s.{1,40})?|"
    r"more\sfrom\s.{2,40}|(?:most|widely)\s(?:read|viewed|popular|shared)|read\snext|up\snext|next\sup|"
    r"recommended(?:\sfor\syou)?|trending(?:\snow)?|also\s(?:in\sthe\snews|of\sinterest|on\sthis\ssite)|"
    r"people\salso\s(?:read|viewed|liked)|elsewhere\son\s(?:this|our)\s(?:web)?site|in\sthis\ssection|"
    r"don(?:’|')t\smiss)\s?[:.…]{0,3}\Z",
    re.IGNORECASE,
)
_BETWEEN_WORDS: Final = re.compile(r"\W+")
_LEADER: Final = re.compile(r"[\s.…·_]{2,}(?:page\s)?\d{1,3}\Z|\s+\d{1,3}\Z|^\d{1,3}[.)]?\s+")
_PAGE: Final = re.compile(
    r"(?P<head>.{0,80}?)[\s|,–—-]*\b(?:page|pg\.?|p\.)\s?(?P<number>\d{1,3})(?:\s?(?:of|/)\s?\d{1,3})?"
    r"(?P<tail>\W{0,3})\Z",
    re.IGNORECASE,
)
_BARE_PAGE: Final = re.compile(r"\W{0,3}(\d{1,3})\W{0,3}\Z")
# What browsers print above and below every page: the time and the title, the address and "2/5".
_PRINTED: Final = re.compile(
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4},?\s\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]m)?(?:\s.{1,150})?\Z"
    r"|(?:https?://|www\.|file:)\S{1,300}\s{1,4}(?:page\s)?\d{1,3}\s?(?:/|of)\s?\d{1,3}\Z",
    re.IGNORECASE,
)
_FILED: Final = re.compile(r"In\s[\"“][^\"“”]{1,60}[\"”]|Similar\sposts?", re.IGNORECASE)
_LINES_OF_POST: Final = 2
_TITLE: Final = 22  # words
_TOP: Final = 40
_MAX_LISTED: Final = 30
_LONGEST: Final = 400
_LONGEST_ENTRY: Final = 300  # characters


def menus(lines: Sequence[Line]) -> dict[int, str]:
    """Menus, one entry to a line or all in one, and breadcrumbs."""
    found = {at: NAVIGATION for at, line in enumerate(lines) if _is_trail(line) or _is_bar(line)}
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and _is_entry(lines[end], glued=end > start):
            end += 1
        words = [_word(lines[at]) for at in range(start, end)]
        known = sum(word in _MENU_WORDS for word in words)
        if known >= 2 and known * 2 >= len(words) and not _SURE_WORDS.isdisjoint(words):
            found |= dict.fromkeys(range(start, end), NAVIGATION)
        start = max(end, start + 1)
    return found


def _is_entry(line: Line, *, glued: bool) -> bool:
    short = line.words <= 3 and line.text[-1:] not in ".:;,?!" and not line.mark.startswith("h")
    return short and line.kind in {Kind.TEXT, Kind.BULLET} and not (glued and line.gap > 1)


def _word(line: Line) -> str:
    return line.text.strip(" >»›+▾▼").lower()


def _is_bar(line: Line) -> bool:
    """ "Home | About us | Contact"."""
    if len(line.text) > 300 or is_sentence(line):
        return False
    if not any(sign in line.text for sign in _SIGNS):
        return False
    parts = [part.strip().lower() for part in _PARTS.split(line.text) if part.strip()]
    known = sum(part in _MENU_WORDS for part in parts)
    return len(parts) >= 3 and known * 2 >= len(parts) and not _SURE_WORDS.isdisjoint(parts)


def _is_trail(line: Line) -> bool:
    """ "Home > News > Safeguarding"."""
    if len(line.text) > 200 or line.mark.startswith("h") or line.kind is Kind.QUOTE:
        return False
    if not any(sign in line.text for sign in _CRUMB_SIGNS):
        return False
    here = _HERE.match(line.text)
    parts = [part.strip() for part in _CRUMBS.split(line.text[here.end() if here else 0 :])]
    if len(parts) < 2 or not all(parts[:-1]):
        return False
    return bool(here) or parts[0].lower() in _SURE_WORDS


def contents(lines: Sequence[Line]) -> dict[int, str]:
    """Lists, at the top, of the headings that come again below with their text."""
    keys = ["" if _is_field(line) else _entry_key(line) for line in lines]
    last = {key: at for at, key in enumerate(keys) if key}
    found: dict[int, str] = {}
    run: list[int] = []
    for at in range(min(len(lines), _TOP) + 1):
        if at < len(lines) and at < _TOP and _comes_again(keys, last, at):
            run.append(at)
            continue
        if len(run) >= 2:
            found |= dict.fromkeys(run, CONTENTS)
        run = []
    headings = [at - 1 for at in found if at and at - 1 not in found]
    over = {at: CONTENTS for at in headings if _CONTENTS.match(lines[at].text)}
    return found | over


def _is_field(line: Line) -> bool:
    """Whether a line is a date or "Source: X", which comes again because other items have it."""
    found = details.parse(line.text)
    told = found is not None and (found.named or not (found.source or found.author))
    return told or boilerplate.is_field(line.text)


def _comes_again(keys: Sequence[str], last: dict[str, int], at: int) -> bool:
    again = last.get(keys[at], -1) if keys[at] else -1
    if again <= at + 1:
        return False
    after = keys[at + 1 : at + 2]
    return not after or not after[0] or keys[again + 1 : again + 2] != after


def _entry_key(line: Line) -> str:
    if line.words > 25 or len(line.text) > _LONGEST_ENTRY:
        return ""
    if line.text[-1:] in ".;" or line.kind is Kind.RULE:
        return ""
    return _BETWEEN_WORDS.sub(" ", _LEADER.sub("", line.text)).strip().casefold()


def running_heads(lines: Sequence[Line]) -> dict[int, str]:
    """ "Bulletin, page 3", and what stands beside each number of a page."""
    printed = [at for at, line in enumerate(lines) if _PRINTED.match(line.text[:_LONGEST])]
    footed = any(lines[at].text[-1].isdigit() and "/" in lines[at].text[-8:] for at in printed)
    numbers = _page_numbers(lines) | (set(printed) if footed else set())
    beside = Counter(
        _entry_key(lines[near]) for at in numbers for near in _beside(lines, at, numbers)
    )
    heads = {
        near: RUNNING_HEAD
        for at in numbers
        for near in _beside(lines, at, numbers)
        if beside[_entry_key(lines[near])] >= 2
    }
    return dict.fromkeys(numbers, RUNNING_HEAD) | heads


def _beside(lines: Sequence[Line], at: int, numbers: set[int]) -> list[int]:
    near = [one for one in (at - 1, at + 1) if 0 <= one < len(lines) and one not in numbers]
    return [one for one in near if _entry_key(lines[one]) and not is_sentence(lines[one])]


def _page_numbers(lines: Sequence[Line]) -> set[int]:
    named: dict[str, list[int]] = {}
    bare: list[tuple[int, int]] = []
    for at, line in enumerate(lines):
        if len(line.text) > 120 or line.kind in {Kind.BULLET, Kind.QUOTE}:
            continue
        if page := _PAGE.match(line.text):
            named.setdefault(page["head"].casefold().strip(), []).append(at)
        elif number := _BARE_PAGE.match(line.text):
            bare.append((int(number[1]), at))
    found = {at for head, places in named.items() if len(places) > 1 or not head for at in places}
    steps = [one[0] - two[0] for one, two in zip(bare[1:], bare, strict=False)]
    counts_on = len(bare) >= 2 and all(step == 1 for step in steps)
    return found | ({at for _, at in bare} if counts_on else set())


def related(lines: Sequence[Line]) -> dict[int, str]:
    """ "See also" and "You may also like" with the titles below them, but no outside addresses."""
    found: dict[int, str] = {}
    for at, line in enumerate(lines):
        if at in found or line.words > 8 or not _RELATED.match(line.text):
            continue
        end = _posts_end(lines, at + 1) or _listed_end(lines, at + 1)
        if end == at + 1 < len(lines) and is_sentence(lines[end]):
            continue  # a heading over text of the item
        if not any(run.bare for place in range(at, end) for run in lines[place].runs):
            found |= dict.fromkeys(range(at, end), RELATED)
    return found


def _posts_end(lines: Sequence[Line], start: int) -> int:
    """The end of a list of other posts, each with its date and where it is filed; 0 if it is none.

    That is how the plug-in of WordPress lists them: TITLE, DATE, In "CATEGORY" or "Similar post".
    """
    end = 0
    for at in range(start, min(len(lines), start + _MAX_LISTED)):
        line = lines[at]
        if _FILED.fullmatch(line.text[:_LONGEST]):
            end = at + 1
        elif at - max(end, start) > _LINES_OF_POST or (is_sentence(line) and line.words > _TITLE):
            break
    return end


def _listed_end(lines: Sequence[Line], start: int) -> int:
    """The end of a list of titles: bullets, or glued lines that no text follows."""
    end = start
    listed = start < len(lines) and lines[start].kind in {Kind.BULLET, Kind.NUMBERED}
    while end < min(len(lines), start + _MAX_LISTED):
        line = lines[end]
        if listed != (line.kind in {Kind.BULLET, Kind.NUMBERED}) or (
            is_sentence(line) and not listed
        ):
            break
        if not listed and (
            line.gap or line.mark or not _may_be_listed(line) or _has_text(lines, end)
        ):
            break
        end += 1
    return end


def _may_be_listed(line: Line) -> bool:
    return is_heading(line) or actions.is_action(line)


def _has_text(lines: Sequence[Line], at: int) -> bool:
    """Whether text or details stand right below a line, so that it is a title of its own."""
    if at + 1 >= len(lines) or lines[at + 1].gap > 1:
        return False
    below = lines[at + 1]
    text = is_sentence(below) or look(below) is Look.DETAILS
    return text and not boilerplate.furniture(below)
