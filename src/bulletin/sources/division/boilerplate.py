"""Boilerplate: repeated blocks and page furniture, which are no news, and where they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from bulletin.sources.division import sharing
from bulletin.sources.fields import actions
from bulletin.sources.text.lines import Kind, Line
from bulletin.sources.text.looks import Look

SHARE: Final = "Share buttons of the website."
REPEATED: Final = "A block that the website repeats after its items."
FURNITURE: Final = "Page furniture, not news."
COOKIES: Final = "A notice about cookies."
MEMBERS: Final = "A line for members of the website only."
PICTURE: Final = "The caption or credit of a picture."
CROSS_REFERENCE: Final = "A cross-reference within the website."

_FURNITURE: Final = re.compile(
    r"(?:(?:back|return|go|jump)\s(?:to\s)?(?:the\s)?(?:top|home|news)\b|skip\s(?:to|navigation)\b|"
    r"(?:top|start)\sof\s(?:the\s)?(?:page|form)|end\sof\sform|"
    r"©|\(c\)\s|copyright\b|all\srights\sreserved|unsubscribe\b|to\sunsubscribe|click\shere\sto\sunsub|"
    r"you(?:\sare|\shave|['’]re|\swere)\s(?:receiv|getting\sthis|subscribed|sent\sthis)|(?:why\s(?:did|am)\si\s|you\s)?"
    r"(?:receiv(?:ed?|ing)|get(?:ting)?|got)\sthis\s(?:e-?mail|because|message|newsletter|bulletin|digest|update|mailing)\b|"
    r"this\s(?:e-?mail|newsletter|message)\s(?:was|has\sbeen)\ssent|"
    r"(?:view|read|see|open)\s(?:it|this|the)?\s?(?:e-?mail|newsletter|bulletin|message|issue|version)?\s?"
    r"(?:in|online|with|as\sa)\b.{0,20}(?:browser|web\s?page|online)|(?:trouble|problems?|difficult\w+|can(?:’|')?t|"
    r"having\s(?:trouble|problems|difficulty))\s(?:viewing|reading|seeing)\sthis|"
    r"privacy\s(?:policy|notice|statement)\b|(?:manage\s)?cookies?\s(?:policy|settings|notice|preferences)|terms\s(?:and|&|of)\s|"
    r"(?:update|manage|change)\s(?:your\s|my\s)?(?:subscription|preferences|e-?mail\spref|details)|forward\s(?:this\s)?to\sa\s|"
    r"(?:leave|add|post|write)\sa\s(?:comment|reply)|(?:no|\d{1,4})\s(?:comments?|replies|responses|likes|shares|views)\Z|"
    r"(?:comments?|replies|likes|shares|views)\s?(?:\(\d{1,6}\)|:\s?\d{1,6})\Z|comments?\s(?:off|closed|are)\b|"
    r"(?:tags?|tagged|categories|labels|keywords)\s?:|(?:filed\s(?:under|in)(?!\s?:)|posted\s(?:in|under)(?!\s?:)|tagged(?:\s(?:with|as))?)\b|"
    r"(?:previous|next|older|newer)\s(?:posts?|articles?|page|entry|entries|item|story|news)s?\b|(?:«|»|←|→|<|>)\s?(?:previous|next|"
    r"older|newer)|(?:previous|next|older|newer)\s?:\s.{1,80}\Z|printer.friendly|print\s(?:this|page)\b|e-?mail\sthis\b|(?:follow|find|like|join)\sus\son\b|follow\sus\b|"
    r"powered\sby\s|site\s?map\Z|"
    r"permalink\Z|\[?\s?permalink|accessibility\sstatement|log\s?in\Z|sign\sin\Z|advertise?ment\Z|sponsored(?:\scontent)?\Z|"
    r"was\sthis\s(?:page|article|e-?mail|newsletter|message|helpful|useful|information)|(?:did\syou\s)?f(?:i|ou)nd\sthis\s(?:page\s|article\s)?(?:helpful|useful)|"
    r"rate\sthis\b|report\sa\sproblem|search\Z|menu\Z|home\Z|(?:toggle|main|site)\s(?:navigation|menu)|"
    r"save\s(?:this\b|to\s(?:my\s)?(?:favou?rites|reading\slist|bookmarks))|page\s\d+\sof\s\d+\Z|(?:load|show)\smore\b|"
    r"(?:read|show)\sless\Z|(?:scroll|swipe)\s(?:down|up|for)\b|listen\sto\sthis\s(?:article|page|story)|"
    r"(?:estimated\s)?(?:reading|read)\stime\b|(?:about\s|approx\.?\s)?(?:\d{1,2}|a|one|two|three)[\s-]min(?:ute)?s?[\s-]?(?:\sto)?\s?read\b|"
    r"translate\s(?:this\s)?page|select\slanguage|enable\sjavascript|please\s(?:enable|turn\son)\sjava|loading\b\W*\Z|"
    r"image\sremoved|\[?(?:image|cid|logo)\s?[:\]]|add\sus\sto\syour\s(?:address\sbook|safe)|(?:.{2,60}\sis\sa\s)?registered\scharity\b|"
    r"(?:sign\sup|subscribe)\s(?:to|for)\s(?:our|the)\s(?:\w+\s){0,2}(?:e-?)?(?:newsletter|bulletin|mailing\slist|e-?mails?|"
    r"updates|alerts)\W*\Z|(?:«\s|<\s|prev\w*\s)?(?:\d{1,3}\s){2,20}(?:…\s|\.{3}\s)?(?:\d{1,3}\s)?(?:next|last|»|>)|\d{2,12}(?:…|\.{3})\d{0,4}\s?(?:next|last|older|»|>)|"
    r"our\s(?:mailing|postal)\saddress|want\sto\s(?:change\show|unsubscribe|stop)\b|you\scan\s(?:update|change|manage|"
    r"unsubscribe)\b.{0,60}(?:preferences|subscription|list|any\stime|here)\W*\Z|\W{0,3}ends\W{0,3}\Z|"
    r"(?:for\simmediate\s)release\W{0,2}\Z|"
    r"(?:registered\s(?:in|office)|company\s(?:no|number|reg)|charity\s(?:no|number|reg))\b)",
    re.IGNORECASE,
)
_COOKIES: Final = re.compile(
    r"(?:(?:we|this\s(?:web)?site|our\s(?:web)?site)\s(?:and\sour\spartners\s)?uses?\s(?:\w+\s){0,2}cookies\b|"
    r"(?:accept|reject|allow|decline|manage)\s(?:all|essential|additional|optional|only\s\w+|my|your|non-essential)?\s?cookies\b|"
    r"(?:by\s(?:continuing|using\sthis\ssite).{0,80}cookies\b)|cookies\son\s(?:this|our)\b)",
    re.IGNORECASE,
)
_MEMBERS: Final = re.compile(
    r"(?:this\s(?:content|article|page|post|item|resource|story|section|news|area|information)\sis\s(?:only\s)?(?:available\s|free\s|"
    r"restricted\s|reserved\s|exclusive\s|open\s)?(?:only\s)?(?:for|to)\s(?:our\s|registered\s|paying\s|logged.in\s)?(?:members|subscribers|users)\b|"
    r"(?:for\s)?(?:members|subscribers)(?:['’])?[\s-]only\b|(?:only\s)?(?:available\sto|for)\s(?:members|subscribers)(?:\sonly)?\W*\Z|"
    r"(?:already|not(?:\syet)?|are\syou)\sa\s(?:member|subscriber)\b|"
    r"(?:(?:please\s)?(?:log|sign)\s?(?:in|up|on)|register|join(?:\sus)?|subscribe|become\sa\smember|upgrade)\b.{0,40}\s"
    r"to\s(?:(?:read|view|see|access|continue|unlock)\b.{0,60}|comment|post|reply)\W*\Z|"
    r"you\s(?:must|need\sto)\sbe\s(?:logged|signed)\sin\b|log\sin\s(?:or|to)\b|🔒|"
    r"become\s(?:a\smember|a\ssubscriber)\b|join\s(?:now|today)\W*\Z)",
    re.IGNORECASE,
)
_PICTURE: Final = re.compile(
    r"(?:(?:(?:main|lead|header|cover|file|stock|library)\s)?(?:photo(?:graph)?s?|image|picture|pic|caption|illustration|cartoon|credit)"
    r"(?:\s(?:credit|courtesy|by|source|copyright))?\s?:\s?\S|(?:photo(?:graph)?s?|image|picture|illustration)\s(?:credit|courtesy\sof|by|©|copyright)\b|"
    r"(?:getty(?:\simages)?|shutterstock|istock|alamy|unsplash|pa\s(?:media|wire)|adobe\sstock)\b.{0,40}\Z|\[(?:image|photo|picture)\b)",
    re.IGNORECASE,
)
_KINDS: Final = (
    (_COOKIES, COOKIES),
    (_MEMBERS, MEMBERS),
    (_PICTURE, PICTURE),
    (_FURNITURE, FURNITURE),
)
_CROSS: Final = re.compile(
    r"(?:(?:see|read|find|view)\s(?:also|more|related)|also|related)\s(?:on|in|at|from)\b"
    r"|see\salso\b.{0,120}\s[>»›]\s|related\s(?:pages?|content|topics?)\b"
    r"|more\s(?:on|in|from)\b.{0,120}\s[>»›]\s",
    re.IGNORECASE,
)
_RELEASE: Final = re.compile(r"(?:press|news|media)\srelease\W{0,2}\Z", re.IGNORECASE)
# Where whoever gets a newsletter leaves its list.
_LEAVING: Final = re.compile(
    r"/(?:un-?subscribe|opt-?out|email-?preferences|subscription-?preferences)\b", re.IGNORECASE
)
# "Who is it for: governors" may be said of every item, and is said of each.
_FIELD: Final = re.compile(
    r"(?:who|whom|what|when|where|how|why|which|audience|for|aimed|suitable|relevant|role|phase|age|key\sstage|"
    r"year\sgroup|nation|country|applies|region|deadline|closing|due|do\sby|reply|respond|return|book\sby|apply|"
    r"action|next\sstep|cost|price|fee|venue|location|place|date|time|duration|length|speaker|format|language|"
    r"status|priority|type)s?\b[^:]{0,30}:\s\S",
    re.IGNORECASE,
)
_ABOUT_AUTHOR: Final = re.compile(
    r"(?:about|more\sabout)\s(?:the|our|this)\s(?:author|writer)s?\b", re.IGNORECASE
)
_OF_AUTHOR: Final = 4  # lines
_BAR: Final = re.compile(r"\s?[|•·]\s?")
_REGISTERED: Final = re.compile(
    r"(?:registered\s)?(?:company|charity)\s(?:no|number|reg)\b|registered\s(?:in\s|office|charity)",
    re.IGNORECASE,
)
_LEAST_OF_BAR: Final = 2
_MAX_WORDS: Final = 40
_MAX_BLOCK: Final = 30
_BLOCK_WORDS: Final = 7
_LAST_WORDS: Final = 12


def furniture(line: Line) -> str:
    """Why a line is no news by itself, or ""."""
    if len(line.text) > 300:
        return ""
    if _CROSS.match(line.text) and not any(run.bare for run in line.runs):
        return CROSS_REFERENCE if len(line.text) < 160 and line.text[-1] != "." else ""
    if line.words > _MAX_WORDS:
        return ""
    if line.words <= _BLOCK_WORDS and _LEAVING.search(" ".join(filter(None, _targets(line)))):
        return FURNITURE
    if _RELEASE.match(line.text) and not any(_targets(line)):
        return FURNITURE
    return _named_by(line) or (FURNITURE if _is_bar(line.text) else "")


def _named_by(line: Line) -> str:
    """Why the words of a line are no news. "Log in to the audit: https://..." says where to go."""
    reason = _named(line.text)
    return "" if reason == MEMBERS and any(run.bare for run in line.runs) else reason


def _targets(line: Line) -> Iterator[str | None]:
    return (run.target for run in line.runs)


def _is_bar(text: str) -> bool:
    """Whether a line is a row of buttons, most of which are known: "Rate this | Share | X"."""
    parts = [part for part in _BAR.split(text) if part.strip()] if _BAR.search(text) else []
    if len(parts) < _LEAST_OF_BAR or max(part.count(" ") for part in parts) > _BLOCK_WORDS:
        return False
    known = sum(bool(_named(part.strip()) or sharing.is_service(part)) for part in parts)
    return known * 2 > len(parts) or any(_REGISTERED.match(part.strip()) for part in parts)


# Clearing, chunks and drafting each ask about every line; a text has no more lines than this.
@lru_cache(maxsize=20_000)
def _named(text: str) -> str:
    return next((reason for words, reason in _KINDS if words.match(text)), "")


def is_field(text: str) -> bool:
    """Whether a line says for whom, when, where or for how much its item is: "Cost: free"."""
    return _FIELD.match(text) is not None


def blocks(lines: Sequence[Line], looked: Sequence[Look]) -> list[tuple[int, int, str]]:
    """Where blocks of boilerplate stand: start, end and reason, in order and apart."""
    keys = [_key(line, look) for line, look in zip(lines, looked, strict=True)]
    authors = _authors(lines)
    shared = {start: authors.get(end, end) for start, end in sharing.blocks(lines).items()}
    shared = _grown(lines, keys, shared)
    repeated = _repeated(keys) | _last_lines(lines, looked) | authors
    found: list[tuple[int, int, str]] = []
    position = 0
    while position < len(lines):
        end, reason = shared.get(position, 0), SHARE
        if not end:
            end, reason = repeated.get(position, 0), REPEATED
        if end:
            found.append((position, end, reason))
        position = end or position + 1
    return found


def _authors(lines: Sequence[Line]) -> dict[int, int]:
    """Blocks about whoever wrote a post, which a website puts below each: start and end."""
    found: dict[int, int] = {}
    for start, line in enumerate(lines):
        end = start
        if line.words <= _LAST_WORDS and _ABOUT_AUTHOR.match(line.text):
            end += 1
            while end < min(len(lines), start + _OF_AUTHOR) and not lines[end].gap:
                end += 1
        found |= {start: end} if end > start else {}
    return found if len(found) > 1 else {}


def _grown(lines: Sequence[Line], keys: Sequence[str], shared: dict[int, int]) -> dict[int, int]:
    """Share blocks with the lines that follow most of them alike: services that we do not know."""
    for _ in range(_MAX_BLOCK):
        after = {start: _glued_key(lines, keys, end) for start, end in shared.items()}
        alike = Counter(after.values())
        enough = max(2, 0.6 * len(shared))
        longer = {start for start, key in after.items() if key and alike[key] >= enough}
        if not longer:
            break
        shared = {start: end + (start in longer) for start, end in shared.items()}
    return shared


def _glued_key(lines: Sequence[Line], keys: Sequence[str], index: int) -> str:
    return keys[index] if index < len(lines) and not lines[index].gap else ""


def _repeated(keys: list[str]) -> dict[int, int]:
    """Learn what recurs: at each start of a repeated block, its end.

    A block is two or more short lines, none of them an action or a detail, that stand together
    three times (or, from three lines on, twice).
    """
    pairs = Counter((one, two) for one, two in pairwise(keys) if one and two)
    found: dict[int, int] = {}
    start = 0
    while start < len(keys) - 1:
        end = _repeated_end(keys, pairs, start)
        if end:
            found[start] = end
        start = end or start + 1
    return _enough(keys, found)


def _repeated_end(keys: list[str], pairs: Counter[tuple[str, str]], start: int) -> int:
    end = start + 1
    limit = min(len(keys), start + _MAX_BLOCK)
    while end < limit and pairs[keys[end - 1], keys[end]] > 1:
        end += 1
    return end if end > start + 1 else 0


def _last_lines(lines: Sequence[Line], looked: Sequence[Look]) -> dict[int, int]:
    """A short line that ends every item ("Back to top"): it recurs, and no heading follows it."""
    places: dict[str, list[int]] = {}
    for index, (line, look) in enumerate(zip(lines, looked, strict=True)):
        if key := _key(line, look, _LAST_WORDS):
            places.setdefault(key, []).append(index)
    headed = max((at for at, look in enumerate(looked) if _names_text(looked, at, look)), default=0)
    return {
        index: index + 1
        for found in places.values()
        if len(found) >= 3 and found[-1] >= headed and found[0] > 1
        if all(_closes(lines, place) for place in found) and not _heads_parts(looked, found)
        for index in found
    }


def _heads_parts(looked: Sequence[Look], places: Sequence[int]) -> bool:
    """Whether text stands under most of these lines: "What to do" is a part of every item."""
    headings = [place for place in places if looked[place] is Look.HEADING]
    texts = ([Look.PROSE], [Look.LIST])
    over = sum(looked[place + 1 : place + 2] in texts for place in headings)
    return over * 2 > len(places)


def _names_text(looked: Sequence[Look], at: int, look: Look) -> bool:
    below = looked[at + 1 : at + 2]
    return look is Look.HEADING and below not in ([], [Look.HEADING], [Look.RULE])


def _closes(lines: Sequence[Line], index: int) -> bool:
    return index + 1 == len(lines) or lines[index + 1].gap > 0 or bool(lines[index + 1].mark)


def _enough(keys: list[str], found: dict[int, int]) -> dict[int, int]:
    contents = Counter(tuple(keys[start:end]) for start, end in found.items())
    return {
        start: end
        for start, end in found.items()
        if contents[tuple(keys[start:end])] >= (3 if end - start == 2 else 2)
    }


def _key(line: Line, found: Look, most: int = _BLOCK_WORDS) -> str:
    """The line for comparison, or "" if it can be no part of a repeated block."""
    text = line.text
    if line.kind is Kind.RULE or line.mark or line.words > most or text[-1:] in ".;,":
        return ""
    told = found in {Look.ACTION, Look.DETAILS} or is_field(text)
    told = told or actions.at_end(line) is not None
    return "" if told else text.casefold()
