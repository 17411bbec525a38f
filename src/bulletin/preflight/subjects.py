"""Words that make of a capitalised pair a subject, an office or a body, and no person's name."""

from __future__ import annotations

import re

# Two capitals beside a class that are no initials.
NOT_INITIALS = frozenset(
    {
        "AI", "AM", "BM", "CP", "DT", "EU", "GP", "HE", "HT", "IT", "KS", "LA", "MS", "NI",
        "OK", "PD", "PE", "PM", "PP", "RE", "RS", "SW", "TA", "TV", "UK", "US", "VR"
    }
)  # fmt: skip
# Whom they stand before is no pupil.
TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "dr", "sir", "dame", "lord", "lady", "professor", "minister"}
)
# Names that end as nouns do.
_NAMES_LIKE_NOUNS = frozenset(
    {
        "abigal", "amity", "ayers", "bashir", "bilal", "browning", "chambers", "chantal",
        "charity", "chastity", "clarence", "clive", "constance", "cortez", "cunning", "davies",
        "davison", "faisal", "felicity", "fielding", "florence", "golding", "harding",
        "humphries", "iqbal", "jamal", "jefferies", "kamal", "king", "laurence", "lawrence",
        "manning", "manson", "mital", "myers", "olive", "percival", "peters", "powers",
        "prudence", "rogers", "sal", "sanders", "saunders", "sellers", "serenity", "spence",
        "summers", "temperance", "terrance", "trinity", "unity", "val", "verity", "walters",
        "withers"
    }
)  # fmt: skip
_SUBJECT_WORDS = frozenset(
    {
        "autumn", "beginning", "coordinator", "east", "end", "half", "manager", "north", "south",
        "start", "west",
        "a", "about", "academy", "action", "adult", "advice", "age", "all", "alliance", "anti",
        "april", "arena", "association", "attendance", "august", "authority", "award",
        "awareness", "bank", "be", "better", "black", "board", "body", "book", "boy", "boys",
        "britain", "british", "bullying", "care", "carer", "carers", "case", "centre",
        "chapter", "charity", "chief", "child", "childhood", "childline", "children",
        "christmas", "church", "citizenship", "city", "class", "clinic", "club", "college",
        "commission", "commissioner", "committee", "community", "company", "conference",
        "consultation", "council", "county", "course", "crime", "curriculum", "dame", "data",
        "date", "day", "december", "department", "digital", "dr", "drama", "drug", "drugs",
        "early", "easter", "emotional", "england", "english", "every", "exam", "exams",
        "family", "february", "film", "finance", "first", "forum", "foundation", "framework",
        "free", "friday", "friend", "friendly", "from", "fund", "gcse", "girl", "girls",
        "government", "great", "greater", "group", "guide", "guides", "handbook", "harm",
        "hate", "head", "health", "help", "history", "holiday", "home", "house", "hub", "human",
        "in", "institute", "internet", "ireland", "isle", "january", "july", "june", "key",
        "kids", "kingdom", "lady", "language", "law", "lead", "leader", "learn", "level",
        "life", "link", "literacy", "loan", "loans", "local", "look", "lord", "lost", "maths",
        "may", "meet", "mental", "mind", "minds", "minister", "ministry", "miss", "missing",
        "model", "monday", "money", "monitor", "mr", "mrs", "ms", "music", "national",
        "network", "new", "news", "northern", "november", "nurse", "nursery", "october",
        "office", "officer", "online", "open", "our", "outdoor", "paper", "parent", "parents",
        "part", "personal", "physical", "plan", "play", "police", "policy", "post", "premium",
        "press", "primary", "prison", "professor", "programme", "project", "protect",
        "protection", "pupil", "pupils", "quiz", "race", "read", "record", "records",
        "referral", "register", "relationship", "relationships", "release", "report",
        "resource", "respect", "review", "road", "route", "routes", "rse", "rshe", "safe",
        "safeguarding", "safer", "safety", "saturday", "say", "scheme", "school", "schools",
        "science", "scotland", "secondary", "section", "senco", "send", "september", "service",
        "sex", "sexual", "sheet", "sir", "skills", "social", "society", "space", "spaces",
        "spring", "staff", "stage", "stand", "standards", "state", "stay", "street", "student",
        "students", "study", "summer", "sunday", "support", "survey", "system", "systems",
        "teacher", "team", "teen", "term", "test", "the", "thursday", "time", "together",
        "toolkit", "top", "training", "trust", "tuesday", "tutor", "uk", "union", "unit",
        "united", "university", "video", "voice", "wales", "week", "welcome", "welfare", "well",
        "what", "when", "who", "why", "winter", "with", "women", "work", "world", "year",
        "young", "your", "youth"
    }
)  # fmt: skip
_SUBJECT = re.compile(
    r"(?:tion|sion|ment|ness|ship|ology|ics|ance|ence|ity|ism|ation|ers|ing|ies|ful|ous|ive|al"
    r"|tic)\Z"
)


def is_subject(word: str) -> bool:
    """Whether a word, in lower case, is rather of a subject or a body than of a person's name."""
    if word in _NAMES_LIKE_NOUNS:
        return False
    bare = word.removesuffix("'s")
    return bare in _SUBJECT_WORDS or (len(bare) > 5 and _SUBJECT.search(bare) is not None)
