"""Closings: how a newsletter, a page or a list of alerts speaks of itself below its last item.

Such lines would be news anywhere else ("You can reuse anything here"), so only those count that
stand at the very end, with nothing below them but their like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from bulletin.sources.division import sharing
from bulletin.sources.text.lines import Kind, Line
from bulletin.sources.text.looks import is_sentence

_OURS: Final = r"(?:our|this|these|my|your|the)\s(?:\w+\s){0,3}"
_LETTER: Final = (
    r"(?:newsletters?|bulletins?|digests?|round-?ups?|mailings?|mailing\slists?|e-?mails?|alerts?|updates?|"
    r"messages?|notifications?|posts?|subscriptions?|preferences|settings|blog|magazine|list)"
)
_CLOSING: Final = re.compile(
    rf"(?:.{{0,120}}\b)?(?:sign\sup|subscribe|unsubscribe|opt\sout)\s(?:\w+\s){{0,2}}(?:to|for|from)?\s?(?:get\s|receive\s)?"
    rf"(?:{_OURS}|new\s|more\s|future\s){_LETTER}\b"
    rf"|you(?:\sare|['’]re)\sreading\b|you\s(?:asked|signed\sup|subscribed|opted|registered)\b"
    rf"|(?:to\s)?(?:change|manage|update|choose|control|edit|stop|cancel|pause)\s(?:how\soften\b|which\b|what\b|"
    rf"{_OURS}{_LETTER}\b).{{0,120}}"
    r"|(?:is|was|did)\s(?:this|there)\b.{0,40}\b(?:page|newsletter|bulletin|e-?mail|message)\b.{0,30}\?"
    r"|(?:how\s(?:did\swe\sdo|can\swe\simprove)|help\sus\s(?:to\s)?improve|tell\sus\swhat\syou\sthink\sof)\b.{0,80}"
    r"|(?:yes|no|yes\s?[/|]?\sno)\W*\Z"
    r"|(?:view|see|read|browse|load)\s(?:all|our\sother|older|more|past|previous)\s(?:of\sour\s|our\s)?(?:\w+\s)?"
    r"(?:news|posts|articles|stories|items|alerts|issues|editions|updates|events)\b.{0,20}\Z"
    r"|(?:(?:back|previous|past|earlier|older)\s(?:issues|editions|numbers|bulletins|newsletters))\b.{0,80}"
    r"|(?:please\s)?(?:like|follow|find|join|connect\swith|tweet)\b.{0,50}\bon\s(?:x|twitter|facebook|instagram|linkedin|"
    r"bluesky|mastodon|threads|youtube|tiktok|social\smedia)\b.{0,80}|like\s(?:&|and)\sfollow\b.{0,80}"
    r"|.{0,60}\bnever\sask\s(?:you\s)?for\s(?:your|a)\s(?:password|pin|bank|card)\b"
    r"|(?:leave|write|give)\s(?:us\s)?a\s(?:review|rating)\b|rate\s(?:and\sreview\s)?us\b|rate\sand\sreview\b"
    r"|(?:printed|produced|compiled|edited|designed|distributed|collected|put\stogether|curated|typeset|circulated)"
    r"\s(?:and\s\w+\s)?(?:by|on\sbehalf\sof|for)\b[^.]{2,100}(?:\.\s[^.]{2,60})?\.?\Z"
    r"|not\sfor\s(?:onward\s|further\s|wider\s)?(?:circulation|distribution|publication|sharing)\b.{0,60}\Z"
    r"|(?:if\syou(?:['’]d|\swould|\sdo\snot)?\s(?:like|want|wish|prefer)\s|to\s)(?:to\s|not\sto\s)?"
    rf"(?:stop|no\slonger|join|leave)\s(?:get(?:ting)?|receiv(?:e|ing))?\s?{_OURS}{_LETTER}\b.{{0,120}}"
    r"|to\s(?:join|leave)\b.{0,30}\b(?:mailing\s|distribution\s)?list\b.{0,80}"
    r"|(?:please\s)?(?:only\s)?(?:print\b|think\sbefore\syou\sprint).{0,60}\b(?:print|only\sif|need\sto|have\sto)\b.{0,30}"
    r"|(?:please\s)?(?:do\snot|don['’]t)\sreply\b|(?:reply|respond)\sto\sthis\s(?:message|e-?mail|alert)\b"
    r"|this\s(?:inbox|mailbox|address|e-?mail\saddress)\sis\s(?:not|un)\b"
    r"|(?:please\s)?(?:feel\sfree\sto\s)?(?:forward|pass|share|send)\s(?:this|the)\s"
    rf"{_LETTER}\b.{{0,80}}"
    rf"|you\s(?:can|may|are\s(?:free|welcome)\sto)\s(?:re-?use|copy|share|forward|reprint|reproduce|use)\s(?:anything|everything|"
    rf"any\sof|this\s|these\s|all\sof|our\s).{{0,80}}"
    r"|(?:the\s|our\s)?next\s(?:issue|edition|number|bulletin|newsletter|round-?up|digest)\b.{0,80}"
    r"|(?:that(?:['’]s|\sis)\s(?:all|it)\b|until\snext\s|see\syou\s(?:next|soon|again)|back\s(?:next|soon|in)\b).{0,60}\Z"
    r"|(?:thank\s?you|thanks)\sfor\s(?:reading|subscribing|listening|watching)\b.{0,80}"
    rf"|(?:to\s(?:send|submit|suggest|contribute|advertise|place)|(?:got|have)\s(?:a|an|any|some)\s(?:story|item|news|idea|"
    rf"feedback|comments?|suggestions?)|(?:comments|feedback|suggestions|contributions|items|ideas))\b.{{0,60}}\b"
    rf"(?:{_OURS}|next\s){_LETTER}\b.{{0,80}}"
    r"|(?:the\s)?(?:views|opinions)\b.{0,60}\bnot\s(?:necessarily|those)\b"
    r"|.{2,60}\s(?:is|are|cannot\sbe|accepts?\sno)\s(?:not\s|held\s|un)?(?:responsible|responsibility|liable|liability)\b"
    r".{0,60}\b(?:content|external|websites?|sites|links|accuracy)\b"
    r"|(?:whil(?:e|st)|although)\s(?:every|all)\s(?:effort|care)\b",
    re.IGNORECASE,
)  # fmt: skip
_MAX_LENGTH: Final = 300
_MAX_BETWEEN: Final = 4
_SHORT: Final = 8  # words
_BANNER: Final = 3  # lines


def start(lines: Sequence[Line], known: Callable[[Line], str]) -> int:
    """Where the closing lines at the end of a text begin; the number of lines if there are none.

    known: the reason why a line is no news wherever it stands, or "".
    """
    mastheads = {line.text.casefold() for line in lines[:_BANNER] if 2 <= line.words <= _SHORT}
    found, between = len(lines), 0
    for at in range(len(lines) - 1, 0, -1):
        line = lines[at]
        begins, comma, _ = line.text.partition(",")
        sender = bool(comma) and at > _BANNER and begins.casefold() in mastheads
        sender = sender and not is_sentence(line)
        below = at + 1 == found < len(lines)
        ours = sender or sharing.is_bar(line) or (below and _is_postal(line))
        if known(line) or closes(line) or ours:
            found, between = at, 0
        elif line.kind is Kind.RULE:
            continue
        elif is_sentence(line) or line.words > _SHORT or between == _MAX_BETWEEN:
            break
        else:
            between += 1
    return found


def closes(line: Line) -> bool:
    """Whether a line may be one of those that a newsletter ends with."""
    headed = line.mark.startswith(("h", "underline"))
    return not headed and len(line.text) <= _MAX_LENGTH and bool(_CLOSING.match(line.text))


def _is_postal(line: Line) -> bool:
    """Whether names and places stand in a row, as in the address of whoever sends the letter."""
    parts = [part.strip() for part in line.text.rstrip(".").split(",")]
    plain = not any(run.target for run in line.runs) and line.kind is Kind.TEXT
    named = all(part[:1].isupper() or part[:1].isdigit() for part in parts)
    return plain and len(parts) >= 3 and named and max(part.count(" ") for part in parts) < 5
