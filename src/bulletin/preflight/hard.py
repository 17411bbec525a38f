"""Subjects that readers may have met themselves."""

from __future__ import annotations

import re
from bisect import bisect_left

_HARD = re.compile(
    r"\b(?:suicid\w+|t(?:akes?|aken|aking|ook) (?:his|her|their) own li(?:fe|ves)|self[- ]harm\w*"
    r"|sexual (?:abuse|assault|violence|exploitation)|rape[ds]?|murder\w*|manslaughter|infanticide"
    r"|homicides?|killed|stabb\w+|stillb(?:irths?|orn)|(?:cot|crib) deaths?|sextortion"
    r"|miscarriages?(?! of justice)|genital mutilation|domestic (?:abuse|violence|homicides?)"
    r"|eating disorders?)\b",
    re.IGNORECASE,
)
_AGE = (
    r"(?:[0-9]|1[0-7]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|fifteen|sixteen|seventeen)"
)
_CHILD = re.compile(
    r"\b(?:child(?:ren|hood)?|bab(?:y|ies)|infants?|infancy|newborns?|toddlers?|boys?|girls?|teens?"
    r"|teenagers?|schoolboys?|schoolgirls?|pupils?|students?|youngsters?|young (?:person|people)"
    rf"|sons?|daughters?|siblings?|[0-9a-z]{{1,9}}[ -](?:day|week|month)s?[ -]old"
    rf"|{_AGE}[ -]years?[ -]old|aged? {_AGE})\b",
    re.IGNORECASE,
)
# "Died down", "a dead end", "to die for" and "a deadline" are nobody's death.
_DEATH = re.compile(
    r"\b(?:(?:died?|dies|dying)"
    r"(?![ -](?:down|out(?! of)|away(?! from)|to\b|cast|breed|arts?|languages?))"
    r"|dead(?![ -](?:ends?|lines?|links?|heat|locks?|weight|zones?|spots?|wood|pan|air|batter"
    r"|of night|on\b|sea\b))|deaths?(?! (?:knell|row|by powerpoint))|drown(?:ed|ing|ings)"
    r"|passed away|fatal(?:ly|ity|ities)?|mortality|lost (?:his|her|their) li(?:fe|ves)"
    r"|(?:loss of|lost) (?:a|her|his|their) (?:child|baby|son|daughter))\b",
    re.IGNORECASE,
)
# How many characters may lie between them: two or three sentences of one paragraph.
_NEAR = 200


def hard_subject(text: str) -> str:
    """The first hard subject that a text speaks of, as a phrase, or ""."""
    if found := _HARD.search(text):
        return " ".join(found[0].lower().split())
    return "a child's death" if any(map(_tells_of_a_childs_death, text.split("\n"))) else ""


def _tells_of_a_childs_death(paragraph: str) -> bool:
    """Whether somebody young and a death stand near each other, in whatever order."""
    deaths = [found.start() for found in _DEATH.finditer(paragraph)]
    if not deaths:
        return False
    young = [found.start() for found in _CHILD.finditer(paragraph)]
    return any(_is_near(death, young) for death in deaths)


def _is_near(place: int, places: list[int]) -> bool:
    """Whether one of these places, in order, is near."""
    after = bisect_left(places, place - _NEAR)
    return after < len(places) and places[after] <= place + _NEAR
