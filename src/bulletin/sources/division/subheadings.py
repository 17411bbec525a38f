"""Sub-headings: headings that name a part of an item, in words that fit any subject."""

from __future__ import annotations

import re
from typing import Final

# What follows in an item, as headings within it call it.
_PARTS: Final = re.compile(
    r"(?:(?:the\s)?(?:background|overview|summary|introduction|conclusions?|context|purpose|aims?|scope|evidence|"
    r"law|detail)|next\ssteps|notes?(?:\s(?:to|for)\s.{3,30})?|contacts?(?:\sus|\sdetails)?|links?|resources?|"
    r"recommendations?|actions?(?:\s(?:needed|required|points?|for\s.{3,30}))?|findings?|references?|sources?|"
    r"timelines?|timetable|implications?(?:\sfor\s.{3,30})?|in\sbrief|at\sa\sglance|support(?:\savailable)?|"
    r"(?:any\s)?questions|dates?|times?|venue|costs?|fees?|eligibility|deadlines?|training\savailable|changes|"
    r"downloads?|documents?|case\sstud(?:y|ies)|getting\s(?:help|support|in\stouch|started)|"
    r"get\s(?:help|support|in\stouch|involved)|need\s(?:help|support|advice)\b.{0,20}|"
    r"what\s(?:it|this|that)\s(?:all\s)?means(?:\s(?:for|to)\s.{3,40})?|"
    r"advice\s(?:for|to)\s(?:schools|staff|parents|families|leaders|settings|governors|professionals))\W*",
    re.IGNORECASE,
)
_OPENERS: Final = frozenset({
    "contact", "contacts",
    "about", "additional", "further", "how", "important", "key", "main", "more", "next", "other",
    "related", "supporting", "useful", "what", "what's", "when", "where", "who", "why",
})  # fmt: skip
_GENERAL: Final = _OPENERS | frozenset({
    "bulletin", "digest", "me", "newsletter", "team", "update",
    "a", "action", "actions", "advice", "affected", "and", "apply", "are", "as", "at", "attend",
    "author", "authors", "available", "be", "been", "benefits", "book", "by", "can", "change",
    "changed", "changes",
    "changing", "children", "concern", "concerns", "consider", "contact", "contacts", "cost",
    "costs", "dates", "decided", "decides", "details", "did", "do", "documents", "does",
    "eligible", "expect", "expected", "facts", "families", "figures", "find", "findings", "for",
    "found", "from", "get", "got", "governors", "guidance", "had", "happen", "happened",
    "happening", "happens", "has", "have", "headteachers", "help", "helps", "i", "if", "in",
    "included", "info", "information", "involved", "is", "it", "its", "join", "know", "law",
    "leaders", "learn", "learned", "learning", "learnt", "links", "long", "look", "matter",
    "matters", "mean", "means", "messages", "much", "must", "need", "needed", "needs", "new",
    "not", "now", "of", "offer", "offers", "on", "our", "out", "parents", "part", "participate",
    "pay", "pays", "plan", "planned", "points", "practice", "professionals", "questions", "read",
    "reading", "recommendations", "refer", "register", "report", "required", "research",
    "resources", "respond", "review", "running", "said", "say", "says", "school", "schools",
    "see", "services", "settings", "should", "sign", "staff", "started", "starts", "steps",
    "still", "study", "support", "survey", "take", "teachers", "that", "the", "themes", "there",
    "they", "think", "this", "to", "up", "us", "use", "was", "we", "were", "will", "with", "work",
    "works", "you", "your",
})  # fmt: skip
_MAX_WORDS: Final = 8


def is_subheading(text: str) -> bool:
    """Whether a heading names a part of an item: "Key dates", "What schools need to do".

    It says what follows in words that fit any subject, so that it can be no item's title.
    """
    words = re.findall(r"[a-z']+", text.lower().replace("’", "'"))
    if not 0 < len(words) <= _MAX_WORDS:
        return False
    opens = words[0] in _OPENERS and len(words) > 1 and _GENERAL.issuperset(words)
    return opens or bool(_PARTS.fullmatch(text))


def names_part(text: str) -> bool:
    """Whether a heading is nothing but the usual name of a part: "Next steps", "Contacts"."""
    return bool(_PARTS.fullmatch(text))
