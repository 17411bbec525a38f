"""How we speak to a reader: their first name, and the roles they hold in a phrase."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bulletin.models.people import Role


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_TITLES = _words("""
    mr mrs ms miss mx dr doctor prof professor sir dame lady lord rev revd reverend fr father
    sr sister br brother canon rabbi imam cllr councillor capt captain col major
""")
_AFTER_A_NAME = _words("""
    phd ma msc ba bsc bed med pgce mbe obe cbe dl jp qts npqh frsa esq jr sr jnr snr ii iii
""")
# A shared mailbox has no first name, and two people have two.
_NOT_A_PERSON = _words("""
    the school office team admin administrator administration reception safeguarding dsl ddsl
    head headteacher principal governor governors chair clerk senco academy college primary
    secondary infant junior nursery trust council department staff enquiries info lead
    designated deputy social worker and & +
""")
_PARTICLES = _words("van von de der den di da del della du la le el al bin ap ab mac st")
_JOINTS = re.compile("['’-]")
_WORD_START = re.compile(r"(?:^|(?<=['’-]))[^\W\d_]")


def first_name(full: str) -> str:
    """The name to greet somebody by, out of a full name; "" when we cannot be sure.

    Titles go ("Dr Siân Morgan" gives "Siân"), "MORGAN, Sian" is turned round, capitals are
    calmed. Initials, two people, offices and "Mrs Morgan" give "".
    """
    words, turned = _given_names(unicodedata.normalize("NFC", full))
    if any(_bare(word) in _NOT_A_PERSON for word in words):
        return ""
    named = _without_titles(words)
    only_a_surname = len(named) == 1 and len(words) > 1 and not turned
    if not named or only_a_surname:
        return ""
    return _calm(named[0]) if _is_name(named[0]) else ""


def _given_names(full: str) -> tuple[list[str], bool]:
    """The words that start with the given name, and whether they stood behind the surname."""
    before, *after = [part.split() for part in full.split(",")]
    letters = [word for part in after for word in part]
    if not after or (letters and all(_bare(word) in _AFTER_A_NAME for word in letters)):
        return before, False
    shouted = all(word.isupper() for word in before)
    is_surname = len(before) == 1 or shouted or (before and _bare(before[0]) in _PARTICLES)
    return (after[0], True) if is_surname and len(after) == 1 else ([], False)


def _without_titles(words: list[str]) -> list[str]:
    named = list(words)
    while named and _bare(named[0]) in _TITLES:
        del named[0]
    return named


def _bare(word: str) -> str:
    return word.casefold().replace(".", "").strip("()")


def _is_name(word: str) -> bool:
    initials = len(word) < 2 or (len(word) == 2 and word.isupper())
    return not initials and len(word) <= 40 and all(map(_is_letters, _JOINTS.split(word)))


def _is_letters(part: str) -> bool:
    """Letters with their marks: Devanagari writes vowels as marks."""
    return part.isalpha() or (
        part[:1].isalpha()
        and all(char.isalpha() or unicodedata.category(char) in {"Mn", "Mc"} for char in part)
    )


def _calm(word: str) -> str:
    if not (word.isupper() or word.islower()):
        return word
    return _WORD_START.sub(lambda found: found[0].upper(), word.lower())


def role_phrase(roles: Sequence[Role]) -> str:
    """The roles in running text, in the order given: "a headteacher and a governor".

    Without any role: "a reader".
    """
    *most, last = [f"{_article(role.name)} {role.name}" for role in roles] or ["a reader"]
    return f"{', '.join(most)} and {last}" if most else last


_VOWEL_SOUND = re.compile(r"[aeiou]|ho(?:n|ur)|heir", re.IGNORECASE)
_CONSONANT_SOUND = re.compile(r"eu|uni(?!n)|us[aeiu]|once?\b|one\b", re.IGNORECASE)
_SPELT_OUT = re.compile(r"[B-DF-HJ-NP-TV-Z]{2,}\b")  # no vowel to say it by: HR, NHS


def _article(name: str) -> str:
    if _SPELT_OUT.match(name):
        return "an" if name[0] in "FHLMNRSX" else "a"
    if _CONSONANT_SOUND.match(name):
        return "a"
    return "an" if _VOWEL_SOUND.match(name) else "a"
