"""Checks that no child can be recognised (requirement 46).

A name alone says nothing: authors, ministers and bodies have names, too. It counts beside what only
pupils have: a class, an age that is called one, or a year group with a deed (`deeds`); and unless
its words are those of a subject, an office or a body (`subjects`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bulletin.models.checks import Finding
from bulletin.preflight.deeds import is_followed_by_a_deed, is_of_a_pupil
from bulletin.preflight.examined import Check, Examined, advisory
from bulletin.preflight.numbers import childs_number
from bulletin.preflight.subjects import NOT_INITIALS, TITLES, is_subject

_DAY = (
    r"(?:[0-9]{1,2}[./-][0-9]{1,2}[./-](?:20)?[0-9]{2}|20[0-9]{2}-[0-9]{2}-[0-9]{2}"
    r"|[0-9]{1,2}(?:st|nd|rd|th)?\s(?:of\s)?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6},?\s20[0-9]{2})(?![0-9])"
)
# Of all who were born between two days, or since one, nobody is recognised.
_OF_MANY = (
    r"(?!\W{0,3}(?:(?:to|and|or|until|till|[-–—])\W{0,3}(?:the\s)?"
    r"(?:[0-9]|after|before|later|earlier|onwards?)|onwards?|inclusive|after|before))"
)
_BIRTH = re.compile(
    rf"\b(?:date of birth|d\.?o\.?b\b\.?|born)(?:\s(?:is|was|on))?[\s:*_(]{{0,6}}{_DAY}{_OF_MANY}",
    re.IGNORECASE,
)
_WORD = r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ'’]{1,20}(?:[-'’]?[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]{1,20})?"
_NAME = rf"(?P<name>{_WORD}(?:(?:[ \t]{_WORD}){{1,2}}|[ \t][A-Z]\b\.?))"
_YEAR = r"(?:Year|year|Yr|yr|Y)[ \t]?(?:1[0-3]|[1-9])[A-Z]?\b"
_CLASS = r"(?:1[0-3]|[1-9])[A-Z]\b"
_AGE = r"(?:1[0-8]|[3-9])"
# What makes of somebody beside a year group or a class an adult, and of a subject a lesson.
_NOT_OF_STAFF = (
    r"(?!['’]?s?[ \t/&-]{1,3}(?:(?:form|class|pastoral|progress)[ \t])?(?:tutor|teacher|leader?"
    r"|head|coordinator|co-ordinator|manager|mentor|parent|parents|assistant|lessons?|resources?|pack"
    r"|curriculum|unit|scheme|assembl|activit|workshop|and[ \t](?:above|up|over)|to[ \t]\d|[0-9])"
    r"|\+|[-–/]\d)"
)
_PUPIL = (
    rf"(?:[Pp]upils|[Ss]tudents|pupil|student|schoolboy|schoolgirl|child|boy|girl|{_AGE}-year-old"
    rf"(?:[ \t](?:pupil|student|boy|girl|child|schoolboy|schoolgirl))?)"
)
_PLACE = rf"(?:{_YEAR}|(?:class|form)[ \t]{_CLASS}|{_CLASS}){_NOT_OF_STAFF}"
_AT = r"(?:,|[ \t]?\(|[ \t](?:of|in|from))[ \t]?(?:(?:in|from|of|a)[ \t])?"
# Whatever is looked for but a name after "pupil" has one.
_DIGIT = re.compile(r"[0-9]")
_AFTER_PUPIL = re.compile(rf"(?<![\w-]){_PUPIL},?[ \t](?:(?:called|named)[ \t])?{_NAME}")
_BEFORE_YEAR = re.compile(rf"{_NAME}{_AT}{_PLACE}")
# Books and lessons are for a year, or in it; only people are of it, or are somebody in it.
_OF_YEAR = re.compile(
    rf"{_NAME}(?:[ \t]of|,?[ \t](?:and[ \t])?(?:who|she|he)[ \t](?:is|was)(?:[ \t]now)?"
    rf"[ \t](?:in|an?))[ \t]{_PLACE}"
)
# A bare number in brackets or between commas counts reviews and lessons, too. Of "aged 11 to 18"
# it is everybody.
_BEFORE_AGE = re.compile(
    rf"{_NAME}(?:(?:,[ \t]|[ \t]\()aged?|[ \t]aged|,?[ \t]who[ \t](?:is|was)(?:[ \t]aged)?)"
    rf"[ \t]{_AGE}(?![\w+%]|[ \t]?(?:[-–—/]|to|or)[ \t]?[0-9]"
    r"|[ \t](?:and|or)[ \t](?:over|above|under|up|older|younger))"
)
# Of Leeds, or with a deed, it is the age of somebody.
_AGE_OF_SOMEBODY = re.compile(
    rf"{_NAME}(?:,[ \t]{_AGE},|[ \t]\({_AGE}\))(?P<place>[ \t](?:of|from)[ \t][A-ZÀ-ÖØ-Þ])?"
)
_DOTTED = re.compile(
    rf"(?<![\w.])(?:[A-Z]\.[ \t]?){{2,3}}(?:,|\(|in\b|of\b|from\b)?[ \t]?\(?{_PLACE}"
)
_BARE = re.compile(
    rf"(?<![\w.])(?P<letters>[A-Z]{{2}})(?:[ \t]\(|,?[ \t](?:in|of|from)[ \t])"
    rf"{_CLASS}{_NOT_OF_STAFF}"
)


def no_pupil_is_named(examined: Examined) -> Iterator[Finding]:
    """Requirement 46: no children's data."""
    for text in examined.texts:
        if what := _identifies(text.plain):
            message = (
                f"There seems to be {what} in {text.where}: no child may be recognisable. Take it "
                "out, unless it stands in a public report that needs it."
            )
            yield advisory("pupil_data", message, text.item_id, field=text.field)


def _identifies(text: str) -> str:
    """What in a text a child could be recognised by, as a phrase, or ""."""
    if name := _named(_AFTER_PUPIL, text):
        return f"a pupil's name ('{name}')"
    if not _DIGIT.search(text):
        return ""
    if number := childs_number(text):
        return number
    if _BIRTH.search(text):
        return "a date of birth"
    if name := (
        _named(_BEFORE_YEAR, text, _is_of_a_pupil)
        or _named(_OF_YEAR, text)
        or _named(_BEFORE_AGE, text)
        or _named(_AGE_OF_SOMEBODY, text, _is_aged)
    ):
        return f"a pupil's name ('{name}')"
    bare = any(found["letters"] not in NOT_INITIALS for found in _BARE.finditer(text))
    return "a pupil's initials" if bare or _DOTTED.search(text) else ""


def _named(
    pattern: re.Pattern[str],
    text: str,
    counts: Callable[[re.Match[str]], bool] = bool,
) -> str:
    """The first name that a pattern finds, that counts and may be a person's, or ""."""
    names = (_personal(found["name"]) for found in pattern.finditer(text) if counts(found))
    return next(filter(None, names), "")


def _is_of_a_pupil(found: re.Match[str]) -> bool:
    """Whether a name with its year group is no book or lesson; only pupils have a class."""
    in_a_class = found[0][-1].isalpha()
    return in_a_class or is_of_a_pupil(found.string, found.start(), found.end())


def _is_aged(found: re.Match[str]) -> bool:
    """Whether a number after a name is an age, and not how many of something there are."""
    return bool(found["place"]) or is_followed_by_a_deed(found.string, found.end())


def _personal(name: str) -> str:
    """The name, if its words may be a person's; "" for those of subjects, offices and bodies."""
    words = name.split()
    if words[0].lower() in TITLES:
        return ""
    if len(words) > 2 and is_subject(words[0].lower()):
        words = words[1:]  # "Pupil" or "Yesterday" at the beginning of a sentence
    return "" if any(is_subject(word.replace("’", "'").lower()) for word in words) else name


PUPIL_CHECKS: tuple[Check, ...] = (no_pupil_is_named,)
