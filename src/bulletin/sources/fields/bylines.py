"""Bylines: "X published on this website DATE by NAME" taken apart, and whose name is whose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bulletin.sources.fields.dates import FoundDate, Incomplete, find_date, find_incomplete

_WROTE: Final = (
    r"(?:written|reported|posted|shared|added|sent|submitted|compiled|contributed|prepared)"
)
BY: Final = re.compile(
    rf"(?:(?:(?:message|text|story|post|item|update|article|report)\s(?:was\s)?)?{_WROTE}\s|words\s)?by:?\s+",
    re.IGNORECASE,
)
OPENING: Final = re.compile(
    rf"(?:{BY.pattern}|(?:(?:first|originally|last)\s)?(?:written|posted|published|added|shared|"
    r"uploaded|issued|released)\b)",
    re.IGNORECASE,
)
_STATED: Final = re.compile(
    r"\b(?:(?:first|originally|last)\s)?(?:(?:published|posted|added|shared|uploaded|issued|released)\b"
    r"|(?:put|placed|listed|went|appeared)(?:\s(?:up|live|out))?(?=\s(?:on|to|in|at)\s(?:this|our|the|their)\s))"
    r"(?:\s(?:online|here)\b)?"
    r"(?:\s(?:on|to|in|at|via)\s(?:this|our|the|their)\s(?:web\s?)?(?:site|page|blog)\b)?"
    r"(?:\son\b(?!\s(?:this|our|the)\b))?:?",
    re.IGNORECASE,
)
_PUBLISHER: Final = re.compile(
    r"\A(?:(?:first|originally)\s)?(?:published|issued|released|shared):?\sby:?\s", re.IGNORECASE
)
_SEEN: Final = re.compile(
    r"[.,;|]?\s\(?(?:first|originally)\s(?:seen|published|posted|appeared|reported|shared)\s"
    r"(?:at|in|on|by):?\s(?=(?-i:[A-Z]))(?!\w{3,9}\.?\s\d)",
    re.IGNORECASE,
)
# Words that point to where the reader is, or when: nobody's name.
_DEICTIC: Final = re.compile(
    r"(?:(?:at|in|on|to|via)\s)?(?:here|now|today|(?:this|our)\s(?:web\s?)?(?:blog|page|site))\Z",
    re.IGNORECASE,
)
_NAME_ENDS: Final = re.compile(r"(?<=[a-z]{3})(?<!\bProf)(?<!\bCllr)(?<!\bMiss)\.\s+(?=[A-Z])")
_FROM: Final = re.compile(
    r"\A(?:from|via|courtesy\sof|with\sthanks\sto|credit)\s?:?\s+(?=(?-i:[A-Z]))", re.IGNORECASE
)
_UPDATED: Final = re.compile(
    r"(?:\A|[\s|•·–—;.,(-]{1,3})(?:(?:last|page|date)\s){0,2}(?:updated|reviewed|modified|amended|edited)"
    r"(?:\son)?:?\s",
    re.IGNORECASE,
)
_ORGANISATION: Final = re.compile(
    r"\b(?i:academy|agency|alliance|assembly|association|authority|board|bureau|campaign|cent(?:re|er)|"
    r"charity|church|club|college|commission(?:er)?|committee|company|consortium|council|department|"
    r"chronicle|circle|clinic|coalition|collective|confederation|constabulary|diocese|echo|"
    r"federation|forum|foundation|fund|gazette|government|group|health|helpline|herald|hospital|hub|"
    r"initiative|inspectorate|institut(?:e|ion)|journal|judiciary|learning|"
    r"library|league|magazine|ministry|network|news|office|ombudsman|organisation|panel|parliament|"
    r"partnership|partners|police|press|project|regulator|school|schools|secretariat|services?|society|team|"
    r"trust|union|university|unit)\b|\b[A-Z]{2,}[A-Za-z]*\b"
    r"|\b(?!(?:Mc|De|Di|Du|La|Le)[A-Z][a-z])[A-Z][a-z]?[A-Z][A-Za-z]*\b",
)
_TIME_TO_READ: Final = re.compile(
    r"\b\d{1,3}[\s-]?min(?:ute)?s?\b(?:\s(?:read|to\sread))?|\breading\stime\b|\b\d{2,5}\swords\b",
    re.IGNORECASE,
)
# What a blog says beside a date: how many answered, under which words the post is found.
_ASIDE: Final = re.compile(
    r"[\s|•·–—-]{1,3}((?:(?:no|\d{1,5})\s(?:comments?|likes|replies|views)|(?:add|leave|post)\sa\s(?:comment|reply)"
    r"|comments?:\s?\d{1,5})(?!\w)|tags?:\s[^|•·]{1,80})",
    re.IGNORECASE,
)
_STYLED: Final = re.compile(
    r"(?:dr|mr|mrs|ms|miss|mx|prof(?:essor)?|sir|dame|lord|lady|rev(?:erend)?|cllr|councillor)\.?\s[A-Z]",
    re.IGNORECASE,
)
_PERSON: Final = re.compile(
    r"[^\W\d_][\w’'.-]*(?:\s(?:(?:de|van|von|der|la|al|bin|ap)\s)?[^\W\d_][\w’'.-]*){1,3}"
)
_JOB: Final = re.compile(
    r"\b(?:adviser|advisor|blogger|caseworker|chair|chief|columnist|consultant|coordinator|correspondent|"
    r"counsellor|deputy|director|dsl|editor|governor|head|head\s?teacher|inspector|journalist|lawyer|"
    r"lead|leader|manager|minister|nurse|officer|principal|professor|psychologist|reporter|researcher|"
    r"secretary|senior|social\sworker|solicitor|specialist|teacher|trainer|writer)\b",
    re.IGNORECASE,
)
_CLOCK: Final = (
    r"(?:(?:at|from)\s)?(?:\d{1,2}(?:[:.]\d{2}){0,2}\s?(?:[ap]\.?m\b\.?|noon|midnight|hrs)?"
    r"|noon|mid(?:day|night))"
)
# What stands beside a date and is a kind of news, a section or a length, not somebody's name.
_KIND: Final = re.compile(
    r"(?:(?:latest|press|news|school|our|my|the)\s)?(?:announcement|article|blog|bulletin|case\sstudy|"
    r"comment|consultation|event|feature|guidance|home|insight|media|news(?:letter)?|notice|online|"
    r"opinion|policy\spaper|publication|release|report|research(?:\sreport)?|resource|statement|story|"
    r"stories|update|video|webinar)s?(?:\s(?:post|release|article|story))?\Z"
    rf"|{_CLOCK}(?:(?:\s?[-–—]\s?|\s(?:to|till|until)\s){_CLOCK})?(?:\s(?:GMT|BST|UTC))?\Z"
    rf"|(?:to|till|until)\s{_CLOCK}\Z|all\sday\Z"
    r"|(?:(?:no|\d{1,5})\s(?:comments?|likes|replies|shares|views)|(?:leave|add)\sa\s(?:comment|reply))\Z"
    r"|.{0,40}\b(?:min(?:ute)?s?|words?)\b(?:\sread)?\Z|[^A-Za-z]*\Z",
    re.IGNORECASE,
)
_PLACE_OF_WORK: Final = re.compile(
    r",\s*|\s\((?=[^()]+\)?\Z)|\s(?:for|of|at|from|on\sbehalf\sof)\s(?:the\s)?(?=[A-Z])"
)
_OTHER_LABEL: Final = re.compile(r"[^:]{1,30}:\s")
_ADDRESS: Final = re.compile(
    r"[(<\[]?\b(?:https?://|www\.)([\w.-]{1,253})[^\s)>\]]*[)>\]]?", re.IGNORECASE
)
OPENS_DATE: Final = re.compile(
    r"\b(?:published|posted|shared|added|issued|released)\s(?:at|in|on|to)\s(?:this|our|the)\s(?:web\s?)?(?:site|page|blog)"
    r"(?:\son)?\Z|,\s(?:first\s)?(?:published|posted|issued|released)(?:\son)?\Z",
    re.IGNORECASE,
)
# Where a post is filed, among the pieces of its byline.
_FILED: Final = re.compile(
    r"(?:(?-i:in|under)|filed\sunder)\s+(?=(?-i:[A-Z]))"
    r"|(?:in|category|categories|topic|theme|section|subject|posted\sin|filed\s(?:under|in))\s?:\s?(?=\S)",
    re.IGNORECASE,
)
# What a blog keeps for machines right before the date for people.
_STAMP: Final = re.compile(
    r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?\s?(?=[A-Z0-9])"
)
_MAX_BETWEEN: Final = 4  # words: "Updated by the team on 3 May 2026"
EDGES: Final = " ,;|•·–—-:()"
_DATE_MARK, _WORD_MARK = "\x1f", "\x1e"


@dataclass(frozen=True, slots=True)
class Byline:
    """What a byline says, "" or None where it says nothing.

    rest:    what is neither a name nor a date.
    unclear: words in place of the date that name no day.
    """

    source: str = ""
    author: str = ""
    topic: str = ""
    rest: str = ""
    dated: FoundDate | None = None
    unclear: str = ""


def is_update(text: str) -> bool:
    """Whether a line says when a page was changed, which is not when it was published."""
    changed = _UPDATED.match(text) if len(text) < 160 else None
    found = find_date(text[changed.end() :]) if changed else None
    between = text[changed.end() :][: found.start] if changed and found else ""
    return found is not None and between.count(" ") < _MAX_BETWEEN and "(" not in between


def dates_something(text: str) -> bool:
    """Whether a line only gives a day for something: "Closing date: 3 May 2026", "Updated ..."."""
    label, colon, value = text[:160].partition(":")
    if colon and label.count(" ") < 6:
        found = find_date(value)
        if found and not value[: found.start].strip(" ,-–") and len(value) - found.end < 30:
            return True
    return is_update(text)


def holds_update(text: str) -> bool:
    """Whether a line says, beside other things, when a page was changed."""
    return _UPDATED.search(text) is not None


def is_organisation(name: str) -> bool:
    """Whether a name is one of a body rather than of a person, by its own words."""
    return bool(_ORGANISATION.search(name.title() if name.islower() else name))


def is_body(name: str) -> bool:
    """Whether a name without a label is a body's: by its words, or by its article."""
    return is_organisation(name) or name.startswith("The ")


def is_name(words: str) -> bool:
    """Whether words can be a person's name: two to four, each with a capital."""
    capitals = sum(word[:1].isupper() for word in words.split())
    return bool(_PERSON.fullmatch(words)) and words[:1].isupper() and capitals >= 2


def is_kind(words: str) -> bool:
    """Whether words beside a date name what was published ("Press release"), not who did it."""
    return bool(_KIND.match(words.strip(EDGES)))


def take_apart(text: str, *, labelled: bool = False, vague: bool = True) -> Byline:
    """ "X published on this website DATE by NAME | Y" -> its source, date and author.

    labelled: the text is the value of a label that names its first part ("Source: ...").
    vague:    take "March 2026" and the like for what stands in place of a date.
    """
    text, updated = _without_update(_STAMP.sub("", text))
    asides = _ASIDE.findall(text)
    text = _ASIDE.sub(_WORD_MARK, text)
    found = find_date(text)
    said: FoundDate | Incomplete | None = found or (find_incomplete(text) if vague else None)
    if said:
        text = f"{text[: said.start].rstrip(' ,(')}{_DATE_MARK}{text[said.end :].lstrip(')')}"
    marked = _PUBLISHER.sub(f"{_WORD_MARK}Source: ", text)
    marked = _SEEN.sub(f"{_WORD_MARK}Source: ", marked)
    marked = _STATED.sub(_WORD_MARK, marked) if said or not labelled else text
    unclear = said.said if isinstance(said, Incomplete) else ""
    timed = bool(asides) or _TIME_TO_READ.search(text) is not None
    parts = _Parts(labelled=labelled, blog=timed, rest=[*filter(None, (updated,)), *asides])
    for piece in _cut(marked, labelled=labelled, dated=said is not None):
        parts.add(piece)
    return parts.byline(found, unclear)


class _Parts:
    """The pieces of one byline, while they are given their meaning.

    blog: it counts words, minutes or comments, beside which blogs name whoever wrote the post.
    """

    def __init__(self, *, labelled: bool, blog: bool, rest: list[str]) -> None:
        self._labelled = labelled
        self._blog = blog
        self._rest = rest
        self._source = self._author = self._topic = ""

    def add(self, piece: str) -> None:
        by = BY.match(piece)
        if by:
            self._add_author(piece[by.end() :])
        elif filed := _FILED.match(piece):
            self._keep("_topic", piece[filed.end() :])
        else:
            self._add_source(piece)

    def _add_author(self, written: str) -> None:
        written, *beyond = _NAME_ENDS.split(written.strip(), maxsplit=1)
        self._rest += beyond
        name, _, filed = re.sub(r"\s+on\Z", "", written).partition(" in ")
        if filed:
            self._keep("_topic", filed)
        cut = _PLACE_OF_WORK.search(name)
        if cut and is_organisation(name[: cut.start()]):
            cut = None
        person, place = (name[: cut.start()], name[cut.end() :]) if cut else (name, "")
        known = self._source or self._labelled
        if not known and not place and is_organisation(person):
            self._source = person.removeprefix("the ")
            return
        if person[:1].islower():  # "by admin"
            self._rest.append(name)
            return
        self._keep("_author", person.strip())
        places = [one.strip() for one in place.strip(" ()").split(",") if one.strip()]
        works_for = next((one for one in places if not (known or _JOB.search(one))), "")
        self._source = self._source or works_for
        self._rest += [one for one in places if one != works_for]

    def _add_source(self, piece: str) -> None:
        named = piece.startswith("Source: ") or (self._labelled and not self._source)
        name = _name(_FROM.sub("", piece))
        other = is_kind(name) or _OTHER_LABEL.match(name)
        if _DEICTIC.match(name) or (other and not named):
            self._rest.append(name)
        elif not named and self._is_writer(name):
            self._add_author(name)
        elif not named and self._is_second(name):
            body, person = (name, self._source) if is_body(name) else (self._source, name)
            self._source, self._author = body, person
        elif not named and self._blog and _JOB.search(name) and not is_organisation(name):
            self._rest.append(name)  # "Guest writer" is nobody's name
        elif not named and self._is_filed(name):
            self._keep("_topic", name)
        else:
            self._keep("_source", name)

    def _is_second(self, name: str) -> bool:
        """Whether of two names without a label one is a body's, so that the other wrote."""
        if self._author or not self._source or is_body(name) == is_body(self._source):
            return False
        return is_name(self._source if is_body(name) else name)

    def _is_filed(self, name: str) -> bool:
        """Whether a name without a label is where a blog files the post, whose writer is told."""
        told = " " not in name or (bool(self._author) and not is_name(name))
        return self._blog and told and not is_organisation(name)

    def _is_writer(self, name: str) -> bool:
        """Whether a name without "by" is a person's: a title, a job or a time to read says so."""
        person, _, job = name.partition(",")
        if is_organisation(person) or self._author:
            return False
        told = self._blog or _STYLED.match(person) or _JOB.search(job) or is_organisation(job)
        return bool(told) and is_name(person)

    def _keep(self, name: str, value: str) -> None:
        if getattr(self, name) and value:
            self._rest.append(value)
        else:
            setattr(self, name, value)

    def byline(self, dated: FoundDate | None, unclear: str) -> Byline:
        rest = " ".join(filter(None, self._rest))
        return Byline(self._source, self._author, self._topic, rest, dated, unclear)


def _without_update(text: str) -> tuple[str, str]:
    """The text without "Last updated DATE", if another date is left in it."""
    found = _UPDATED.search(text)
    day = find_date(text[found.end() :]) if found else None
    if not found or not day or day.start or not find_date(text[: found.start()]):
        return text, ""
    end = found.end() + day.end
    return f"{text[: found.start()]} | {text[end:]}", text[found.start() : end].strip(f"{EDGES}.")


def _cut(text: str, *, labelled: bool, dated: bool) -> list[str]:
    separators = r"[|\x1e\x1f]"
    if dated or not labelled:
        # A label names one source, however many bodies it is: "Source: X / Y, DATE".
        dashes = "–—-" if labelled else "–—/-"
        separators = rf"[|•·\x1e\x1f]|\s[{dashes}]\s|,\s(?=by\s)"
    pieces = [piece.strip(" ,;|•·:/") for piece in re.split(separators, text, flags=re.IGNORECASE)]
    return [piece for piece in pieces if piece.strip(f"{EDGES}.")]


def _name(piece: str) -> str:
    """A name as it stands in a piece of a byline; an address gives its host if it stands alone."""
    piece = re.sub(r"\ASource:\s|\s+on\Z", "", piece)
    hosts = _ADDRESS.findall(piece)
    piece = _ADDRESS.sub("", piece).strip() or next(iter(hosts), "")
    opened = piece.count("(") > piece.count(")")
    closed = piece.count(")") > piece.count("(")
    piece = piece.strip(" ,;|•·–—-:" + "(" * opened + ")" * closed)
    return piece.removesuffix(".") if "." not in piece[:-1] else piece
