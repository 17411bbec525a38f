"""Sharing: the share buttons of websites, which a copied text holds as names of services."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bulletin.sources.text.lines import Line

_SERVICES: Final = (
    "facebook", "twitter", "x", "x twitter", "linkedin", "linked in", "whatsapp", "email",
    "e-mail", "mail", "print", "pinterest", "reddit", "tumblr", "telegram", "pocket", "mastodon",
    "bluesky", "threads", "skype", "rss", "google", "google buzz", "google plus", "google+",
    "google bookmarks", "google reader", "google classroom", "stumbleupon", "delicious",
    "del.icio.us", "digg", "yahoo!", "yahoo! buzz", "yahoo buzz", "yahoo mail", "myspace",
    "technorati", "messenger", "facebook messenger", "copy link", "copy", "link", "more", "pdf",
    "instapaper", "evernote", "xing", "vk", "buffer", "flipboard", "hacker news", "line",
    "wechat", "weibo", "snapchat", "sms", "text", "gmail", "outlook", "slack", "teams",
    "microsoft teams", "nextdoor", "livejournal", "friendfeed", "newsvine", "mixx", "instagram",
    "youtube", "tiktok", "viber", "signal", "addthis", "sharethis", "bookmark", "favourites",
    "favorites", "add to favorites", "add to favourites", "tweet", "pin", "pin it", "like",
    "save", "permalink", "quora", "share", "post", "send", "forward", "flip", "yammer", "shares",
    "twitter/x", "x (twitter)", "x (formerly twitter)", "linked-in", "whats app", "messages",
    "copy url", "share link", "facebook share", "netvibes", "squidoo", "furl", "spurl", "fark",
)  # fmt: skip
_NAMES: Final = frozenset(_SERVICES)
_UTILITIES: Final = frozenset(
    {"print", "email", "e-mail", "rss", "copy link", "pdf", "permalink", "pocket", "digg",
     "stumbleupon", "del.icio.us", "delicious", "save", "bookmark", "tweet", "share", "pin", "like"}
)  # fmt: skip
_BAR: Final = 3  # services that stand in one line with nothing else
_SERVICE: Final = "|".join(sorted(map(re.escape, _SERVICES), key=len, reverse=True))
_PREFIX: Final = (
    r"(?:click\s(?:here\s)?to\s|press\sto\s)?(?:share|tweet|pin|post|send|print|email|e-mail|save)?\s?"
    r"(?:this\s?(?:page|post|article|item|link)?\s?)?(?:(?:on|via|to|by|with|in|into)\s)?(?:a\s)?"
)
_SUFFIX: Final = (
    r"(?:\s?\((?:opens?\sin\s(?:a\s)?new\s(?:window|tab)|\d{1,6})\)|\sfriend|\s\d{1,6})?"
)
_ONE_SERVICE: Final = re.compile(
    rf"{_PREFIX}(?P<name>{_SERVICE}){_SUFFIX}\Z"
    r"|click\sto\s(?:share|e-?mail|print|tweet|pin|post)\b.{0,60}\Z"
    r"|(?:print|save|share|bookmark|e-?mail|like|tweet|pin|send|post|download)\sthis"
    r"(?:\s(?:page|article|post|story|item|news|to))?\Z"
    r"|(?:e-?mail|send|tell|recommend)\b.{0,20}\b(?:friend|colleague)\Z"
    # No IGNORECASE: lower case is looked at, in which alternatives are ruled out much faster.
)
_FOREIGN_SERVICE: Final = re.compile(rf"[^\x00-\x7f ]\S*(?:\s\S+)?\s(?:{_SERVICE})\Z")
# Names without a space between, as a page that lost its breaks has them: "FacebookXEmail".
_ONE_GLUED: Final = (
    r"(?:click\sto\s(?:share|e-?mail|print|tweet|pin|post)\b[^()]{0,60}\(opens\s[^()]{0,30}\)\s?"
    rf"|{_PREFIX}(?:{_SERVICE}){_SUFFIX}"
    rf"|[^\x00-\x7f]\S{{0,30}}(?:\s\S{{1,30}})?\s(?:{_SERVICE}))"
)
_GLUED: Final = re.compile(
    rf"(?P<head>(?:share|spread|bookmark|like)\b(?:\s\w{{1,10}}){{0,4}}\s?(?:[:!]|\.\.\.|…)\s?)?(?P<names>{_ONE_GLUED}++)"
    r"(?P<loading>(?:like\sthis:?\s?)?likeloading(?:\.\.\.|…)?)?"
)
_FIRST_GLUED: Final = re.compile(_ONE_GLUED)
# Where something else ends and a name may begin.
_JOINT: Final = re.compile(r"\A|(?<=[a-z.!?”’)…])(?=[A-Z])")
_NETWORKS: Final = ("facebook", "twitter", "linkedin", "whatsapp", "pinterest")
_KNOWN: Final = (*_NETWORKS, "e-mail", "email", "google", "tweet")
_LONGEST: Final = 10_000  # characters of a line
_BETWEEN: Final = re.compile(r"\s?[|•·,/]\s?|\s-\s|\s{2,}")
_HEADER: Final = re.compile(
    r"(?:please\s)?(?:share|spread|bookmark|tell)\b(?:\s(?:and\senjoy|this|it|on|via|the|with|by|to|now|"
    r"page|post|article|news|story|item|love|word|your|a|friends?|colleagues?|others|social|media|link|"
    r"us|our|in|using)){0,6}\s?[:!.]{0,3}\Z|like\sthis:?\Z|share\sthis\W|social\sshare\W{0,2}\Z",
    re.IGNORECASE,
)
_HEADER_ON_LINE: Final = re.compile(
    r"share(?:\s(?:this|on|via|it|and\senjoy)(?:\s(?:page|post|article|story|on|via|with)){0,3})?"
    r"(?:\s?:\s?|\s)(?=\S)",
    re.IGNORECASE,
)
_LOADING: Final = re.compile(
    r"like(?:\sthis)?:?\s?(?:like\s?)?loading(?:\.\.\.|…)?\Z|like\sloading", re.IGNORECASE
)


def blocks(lines: Sequence[Line]) -> dict[int, int]:
    """Where share buttons stand: at each start, the end."""
    services = [_services(line) for line in lines]
    ends = _ends(services)
    found = _bare_runs(lines, services, ends)
    for start, line in enumerate(lines):
        announced = _heads(line) and ends[start + 1] > start + 1
        if announced or _holds_services(line) or _LOADING.match(line.text):
            found[start] = ends[start + 1]
    return found


def glued(text: str) -> tuple[int, int] | None:
    """Where names of services stand without a space between, with what heads them; else None."""
    lowered = text.replace("İ", "I").lower()  # letter for letter
    if len(text) > _LONGEST or not any(name in lowered for name in _KNOWN):
        return None
    at = 0
    for joint in _JOINT.finditer(text):
        if joint.start() < at or not (found := _GLUED.match(lowered, joint.start())):
            continue
        if _is_bar_of_names(found):
            return found.span()
        at = found.end()
    return None


def _is_bar_of_names(found: re.Match[str]) -> bool:
    """Whether names without a space between can be nothing but buttons."""
    names = found["names"]
    count = sum(1 for _ in _FIRST_GLUED.finditer(names))
    clicks = "(opens" in names or sum(one in names for one in _NETWORKS) > 1
    return count >= _BAR or (count > 1 and (clicks or found["head"] is not None))


def is_bar(line: Line) -> bool:
    """Whether a line has names of share services, and nothing else."""
    return _services(line) > 0


def is_service(text: str) -> bool:
    """Whether a text is the name of a share button and nothing else."""
    return _ONE_SERVICE.match(text.strip().lower()) is not None


def _ends(services: list[int]) -> list[int]:
    """For each line, where the services that begin there end (itself, if none do)."""
    ends = list(range(len(services) + 1))
    for start in range(len(services) - 1, -1, -1):
        if services[start]:
            ends[start] = ends[start + 1]
    return ends


def _services(line: Line) -> int:
    """How many share services a line names, if it names nothing else."""
    text = line.text.strip(" :;|•·").lower()
    if not text or len(text) > 300:
        return 0
    if _ONE_SERVICE.match(text) or _FOREIGN_SERVICE.match(text) or _LOADING.match(text):
        return 1
    count = 0
    for part in _parts(text):
        if not _ONE_SERVICE.match(part):
            return _spaced_services(text)
        count += 1
    return count if count > 1 else _spaced_services(text)


def _parts(text: str) -> Iterator[str]:
    """What stands between bars and commas, one at a time: the first of a sentence is enough."""
    start = 0
    for gap in _BETWEEN.finditer(text):
        if start < gap.start():
            yield text[start : gap.start()]
        start = gap.end()
    if start < len(text):
        yield text[start:]


def _spaced_services(text: str) -> int:
    """ "Facebook Twitter LinkedIn Email": names with spaces between, or with nothing between."""
    run_on = _GLUED.fullmatch(text)
    if run_on and _is_bar_of_names(run_on):
        return _BAR
    words, count, at = text.split(), 0, 0
    while at < len(words):
        for size in (3, 2, 1):
            if " ".join(words[at : at + size]) in _NAMES and at + size <= len(words):
                at, count = at + size, count + 1
                break
        else:
            return 0
    return count if count > 1 else 0


def _heads(line: Line) -> bool:
    return len(line.text) <= 100 and _HEADER.match(line.text) is not None


def _holds_services(line: Line) -> bool:
    """ "Share: Facebook | X | Email", heading and names in one line."""
    start = _HEADER_ON_LINE.match(line.text) if len(line.text) < 300 else None
    return start is not None and _names_services(line.text[start.end() :].lower())


def _names_services(text: str) -> bool:
    parts = [part for part in _BETWEEN.split(text.strip()) if part]
    return bool(parts) and (
        all(_ONE_SERVICE.match(part) for part in parts) or _spaced_services(text) > 0
    )


def _bare_runs(lines: Sequence[Line], services: list[int], ends: list[int]) -> dict[int, int]:
    """Share blocks without a heading: names in a row that no sentence announces as a list."""
    found: dict[int, int] = {}
    start = 0
    while start < len(lines):
        end = ends[start]
        if end > start and _is_share_run(lines, services, start, end):
            found[start] = end
        start = max(end, start + 1)
    return found


def _is_share_run(lines: Sequence[Line], services: list[int], start: int, end: int) -> bool:
    names = {word for line in lines[start:end] for word in line.text.lower().split()}
    announced = start > 0 and lines[start - 1].text.endswith(":")
    enough = sum(services[start:end]) >= 3
    bar = any(services[at] >= _BAR for at in range(start, end))
    return enough and not announced and (bar or bool(names & _UTILITIES))
