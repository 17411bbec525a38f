"""Which passwords are guessed first: short ones, and what everybody thinks of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

SHORTEST: Final = 12
"""Characters."""

_FEWEST_DIFFERENT: Final = 5
# What the commonest long passwords are made of, in every list of leaked ones, and what is on
# everybody's mind who works here.
# fmt: off
_COMMON: Final = (
    "administrator", "admin", "password", "passwort", "passwd", "passw0rd", "parola", "welcome",
    "letmein", "login", "secret", "qwertyuiop", "qwertyui", "qwerty", "qwertz", "azerty",
    "asdfghjkl", "asdfgh", "zxcvbnm", "zxcvbn", "1q2w3e4r5t", "1q2w3e4r", "1q2w3e", "qazwsxedc",
    "qazwsx", "q1w2e3r4", "abcdefghijkl", "abcdefgh", "abcdef", "abc123", "abcd", "abc", "iloveyou",
    "iloveu", "trustno", "football", "baseball", "basketball", "cricket", "rugby", "liverpool",
    "arsenal", "chelsea", "everton", "tottenham", "manchester", "united", "london", "england",
    "scotland", "wales", "ireland", "britain", "princess", "sunshine", "superman", "batman",
    "starwars", "pokemon", "dragon", "monkey", "master", "shadow", "killer", "freedom", "whatever",
    "computer", "internet", "samsung", "google", "facebook", "instagram", "linkedin", "microsoft",
    "windows", "office", "summer", "autumn", "winter", "spring", "january", "february", "march",
    "april", "june", "july", "august", "september", "october", "november", "december", "monday",
    "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "christmas", "charlie",
    "jessica", "jennifer", "michael", "michelle", "daniel", "thomas", "george", "ashley", "jordan",
    "hunter", "changeme", "change", "default", "please", "hello", "goodbye", "testing", "test1",
    "test", "guest", "user", "demo", "temp", "safeguarding", "safeguard", "bulletin", "newsletter",
    "education", "teacher", "headteacher", "school", "college", "academy", "governor", "dsl",
    "kcsie", "correcthorsebatterystaple", "correct", "horse", "battery", "staple", "letme",
    "thisis", "mypassword", "my", "the", "and", "for", "you", "i", "is", "a", "me", "in", "4ever",
    "forever", "ever", "love",
)
# fmt: on
_LETTERS_FOR: Final = str.maketrans("@4301!5$7", "aaeoiisst")
_SEQUENCES: Final = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
)
_SMALL: Final = frozenset({"i", "a", "is", "me", "my", "in", "the", "and", "for", "you"})


def weakness(password: str, known: Iterable[str] = ()) -> str:
    """Why a password would be guessed, as a sentence that says what to do; "" if it would not.

    known: words that guessers know of this person, such as their name and address.
    """
    if len(password) < SHORTEST:
        return f"Choose a password of {SHORTEST} characters or more. Three or four words are good."
    folded = password.casefold()
    if len(set(folded)) < _FEWEST_DIFFERENT or _is_repeated(folded) or _is_sequence(folded):
        return "Choose a password that does not repeat itself. Three or four words are good."
    own = [part for text in known for part in re.split(r"[^\w]+", text.casefold()) if len(part) > 2]
    if not _left_over(folded, own) or not _left_over(folded.translate(_LETTERS_FOR), own):
        return (
            "Choose a password that nobody would try: this one is made of figures, of words that "
            "are in every list of passwords, or of your name or address."
        )
    return ""


def _left_over(text: str, own: Iterable[str]) -> bool:
    """Whether enough stands in a password beside common words, figures and signs."""
    words = sorted({*own, *(word for word in _COMMON if word not in _SMALL)}, key=len)
    for word in reversed(words):
        text = text.replace(word, " ")
    pieces = [piece for piece in re.split(r"[\W\d_]+", text) if piece not in _SMALL]
    return sum(len(piece) for piece in pieces) > 3


def _is_repeated(text: str) -> bool:
    """Whether it is a short piece again and again."""
    return any(
        text == (text[:size] * len(text))[: len(text)] for size in range(1, len(text) // 2 + 1)
    )


def _is_sequence(text: str) -> bool:
    """Whether it runs along the keyboard, the alphabet or the digits."""
    runs = [sequence * 2 for sequence in _SEQUENCES]
    return any(text in run or text in run[::-1] for run in runs)
