"""Letters: what mail wraps around news: forwarded heads, greetings, signatures, disclaimers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bulletin.sources.fields import bylines
from bulletin.sources.text.lines import Kind, Line
from bulletin.sources.text.looks import Look, is_heading, is_sentence

HEAD: Final = "The head of a forwarded message."
GREETING: Final = "A greeting."
SIGNATURE: Final = "The end of a letter and who signed it."
INTRODUCTION: Final = "An introduction above the first item."
NOTE: Final = "A note of whoever forwarded the message."
CAUTION: Final = "A notice of the mail program."
OLDER: Final = "An older message, quoted below the letter."

_FIELD: Final = re.compile(
    r"\W{0,3}(?:from|sent|to|cc|bcc|date|subject|reply-to|importance|attachments?)\s?:\W{0,2}(?=\S|\Z)",
    re.IGNORECASE,
)
_FORWARDED: Final = re.compile(
    r"\W{0,12}(?:begin\sforwarded\smessage|(?:forwarded|original)\s(?:message|e-?mail)|forwarded\sfrom\b.{0,60}|"
    r"forwarded(?:\smany\stimes)?)\W{0,12}\Z"
    r"|on\s.{6,80}\swrote:\Z",
    re.IGNORECASE,
)
_GREETING: Final = re.compile(
    r"(?:dear|hello|hi|hiya|hey|greetings|good\s(?:morning|afternoon|evening|day)|morning|afternoon)\b"
    r"[^.?:]{0,50}[,!–—-]?\Z",
    re.IGNORECASE,
)
_SIGN_OFF: Final = re.compile(
    r"(?:(?:with\s)?(?:(?:very|our|my)\s){0,2}(?:kind(?:est)?|best|warm(?:est)?|many)\s(?:regards|wishes|thanks)(?:\s(?:for|on)\s.{3,40})?|regards|"
    r"yours(?:\s(?:sincerely|faithfully|truly|ever))?|sincerely|in\ssolidarity|cheers|thanks|thank\syou|"
    r"many\sthanks|all\sthe\sbest|best|with\s(?:thanks|best\swishes|kind\sregards)|take\scare|stay\ssafe|"
    r"(?:have|enjoy)\s(?:a|an|the|your)\s(?:\w+\s){0,3}(?:weekend|week|break|holidays?|half[\s-]term|summer|easter|christmas|"
    r"day|afternoon|evening|term|rest)|(?:until|see\syou)\s(?:next\s\w+|then|soon)|bye(?:\sfor\snow)?)"
    r"(?:\s(?:and\s.{2,30}|again|all|everyone|everybody))?\s?[,.!]?\Z",
    re.IGNORECASE,
)
_SENT_FROM: Final = re.compile(r"(?:sent\sfrom|get\soutlook\sfor)\smy?\b.{0,40}\Z", re.IGNORECASE)
_LEGAL: Final = re.compile(
    r"(?:this|the\s(?:information|contents?)\s(?:in|of)\sthis|any\sviews?\b.{0,30}\sin\sthis)\s?"
    r"(?:e-?mail|message|communication|transmission)\b.{0,80}\b(?:confidential|privileged|intended|solely)"
    r"|if\syou\s(?:are\snot\sthe\s(?:intended|named)|have\sreceived\sthis\s(?:e-?mail|message)\sin\serror)"
    r"|(?:please\s)?(?:consider|think\sof)\sthe\senvironment\sbefore",
    re.IGNORECASE,
)
_CAUTION: Final = re.compile(
    r"\W{0,3}(?:(?:caution|warning|important|external(?:\se-?mail)?|notice)\b\W{0,3})?\s?(?:this|the)\s(?:e-?mail|message)\s"
    r"(?:(?:has|was|is)\s)?(?:been\s)?(?:came|comes|originat(?:ed|es)|sent|received|from)\b.{0,30}\b(?:outside|external)\b",
    re.IGNORECASE,
)
_WROTE: Final = re.compile(r"on\s.{6,120}\swrote:\Z", re.IGNORECASE)
_MAX_SIGNATURE: Final = 15
_MAX_NAMES: Final = 4
_MAX_INTRODUCTION: Final = 90  # words
_HEADINGS: Final = 3
_MOST_WORDS: Final = 11
_MAX_SIGN_OFF: Final = 6  # words


def heads(lines: Sequence[Line]) -> dict[int, str]:
    """Heads of forwarded messages, wherever they stand, and the greetings at the top."""
    above = _heads_of(lines)
    return above | _greetings(lines, above)


def _heads_of(lines: Sequence[Line]) -> dict[int, str]:
    """Heads of messages, what mail programs say below them, and notes between two of them."""
    found = {at: HEAD for at, line in enumerate(lines) if _FORWARDED.match(line.text[:200])}
    found |= _older(lines)
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and _FIELD.match(lines[end].text):
            end += 1
        names = {lines[at].text.partition(":")[0].strip(" *>").lower() for at in range(start, end)}
        if len(names) >= 3 and "from" in names and names & {"to", "sent", "subject"}:
            found |= dict.fromkeys(range(start, end), HEAD) | _note(lines, found, start)
        start = max(end, start + 1)
    return found | {at: CAUTION for at, line in enumerate(lines) if _CAUTION.match(line.text[:200])}


def _note(lines: Sequence[Line], above: dict[int, str], start: int) -> dict[int, str]:
    """What stands between two heads of messages, if it is a few words and no heading over text."""
    first = max((at for at in above if at < start), default=start) + 1
    between = range(first, start)
    short = sum(lines[at].words for at in between) <= _MAX_INTRODUCTION
    links = any(run.target for at in between for run in lines[at].runs)
    return dict.fromkeys(between, NOTE) if above and short and not links else {}


def _older(lines: Sequence[Line]) -> dict[int, str]:
    """ "On DAY, X wrote:" over quoted lines that end the text: what the letter answers."""
    end = start = len(lines)
    while start and lines[start - 1].kind is Kind.QUOTE:
        start -= 1
    if start in {0, end} or not _WROTE.match(lines[start - 1].text[:200]):
        return {}
    return dict.fromkeys(range(start, end), OLDER)


def _greetings(lines: Sequence[Line], above: dict[int, str]) -> dict[int, str]:
    """Greetings before the first running text, or right below the head of a message."""
    found: dict[int, str] = {}
    for at, line in enumerate(lines):
        if _GREETING.match(line.text[:100]) and line.words <= 8 and not line.mark:
            if (line.text[-1] in ",!" or line.words <= 3) and at + 1 < len(lines):
                found[at] = GREETING
        elif at not in above and is_sentence(line) and line.words > 8:
            break
    return found


def introductions(lines: Sequence[Line], looked: Sequence[Look]) -> dict[int, str]:
    """What a letter says between its greeting and the first of several headings over text."""
    greetings = sorted(_greetings(lines, _heads_of(lines)))
    heads = [at for at in range(len(lines) - 1) if _names_text(lines, looked, at)]
    if not greetings or len(heads) < _HEADINGS:
        return {}
    start = end = greetings[-1] + 1
    while end < len(lines) and looked[end] is Look.PROSE and not lines[end].mark:
        end += 1
    short = sum(lines[at].words for at in range(start, end)) <= _MAX_INTRODUCTION
    headed = looked[end : end + 1] == [Look.HEADING]
    return dict.fromkeys(range(start, end), INTRODUCTION) if headed and short else {}


def _names_text(lines: Sequence[Line], looked: Sequence[Look], at: int) -> bool:
    apart = lines[at].gap > 0 or bool(lines[at].mark)
    return apart and looked[at] is Look.HEADING and looked[at + 1] is not Look.HEADING


def signatures(lines: Sequence[Line]) -> dict[int, str]:
    """ "Kind regards" with the names below it: to the end of the text, or only these."""
    last = max((at for at, line in enumerate(lines) if _speaks(line)), default=-1)
    found = {at: SIGNATURE for at, line in enumerate(lines) if _is_legal(line)}
    for at, line in enumerate(lines):
        ends = at > last and len(lines) - at <= _MAX_SIGNATURE
        signed = _signs_off(line) or (ends and _is_signed(lines, at))
        if at == 0 or not signed or _heads(lines, at):
            continue
        end = len(lines) if ends else _names_end(lines, at)
        found |= {
            place: SIGNATURE for place in range(at, end) if lines[place].kind is not Kind.RULE
        }
    return found


def _signs_off(line: Line) -> bool:
    plain = line.kind is Kind.TEXT and not line.marker and not line.mark
    return plain and line.words <= _MOST_WORDS and bool(_SIGN_OFF.match(line.text))


def _is_signed(lines: Sequence[Line], at: int) -> bool:
    """Whether any short line with a comma stands over a name: the end of a letter, in any words."""
    line, below = lines[at], lines[at + 1 : at + 2]
    plain = line.kind is Kind.TEXT and not line.mark and line.text.endswith((",", "!"))
    if not plain or line.words > _MAX_SIGN_OFF or not below or below[0].kind is not Kind.TEXT:
        return False
    return bool(line.gap) and below[0].words <= 3 and bylines.is_name(below[0].text)


def _heads(lines: Sequence[Line], at: int) -> bool:
    """Whether news stands right under a line, so that "Thank you" is its heading."""
    return at + 1 < len(lines) and not lines[at + 1].gap and _speaks(lines[at + 1])


def _is_legal(line: Line) -> bool:
    return bool(_LEGAL.match(line.text[:300]) or _SENT_FROM.match(line.text[:100]))


def _speaks(line: Line) -> bool:
    """Whether a line is news, which no signature holds."""
    return is_sentence(line) and line.words >= 6 and not _is_legal(line)


def _names_end(lines: Sequence[Line], start: int) -> int:
    """The end of the names that are glued to the end of a letter amid other text."""
    end = start + 1
    while end < min(len(lines), start + 1 + _MAX_NAMES) and not lines[end].gap:
        if not is_heading(lines[end]) or lines[end].words > 6 or lines[end].mark:
            break
        end += 1
    return end
