"""The words of links: what readers do with them and what they lead to."""

from __future__ import annotations

import re
from typing import Final

_READING: Final = (
    "read|download|view|watch|listen|access|see|visit|explore|browse|open|find|consult|hear|order|"
    "book|print|discover"
)
_DOING: Final = (
    "get|register|sign|apply|join|complete|take|respond|learn|check|go|click|follow|try|submit|"
    "subscribe|enrol|request|buy|catch|attend|continue|use|look"
)
_NOUNS: Final = (
    "act|advice|agenda|alert|analysis|announcement|annex|app|article|audit|bill|blog|book|booklet|"
    "briefing|brochure|bulletin|calendar|card|chapter|chart|checklist|circular|clip|code|conference|consultation|copies|copy|course|"
    "dashboard|data|database|detail|diagram|directories|directory|document|draft|entry|episode|evaluation|event|evidence|exercise|factsheet|faq|"
    "file|film|finding|flowchart|form|forum|framework|game|glossary|guidance|guide|handbook|here|hub|infographic|information|"
    "inquiry|interview|invitation|kit|leaflet|lesson|letter|link|list|manual|map|material|meeting|minutes|"
    "module|more|news|newsletter|note|notice|online|pack|page|paper|pdf|petition|place|plan|podcast|pointer|policy|"
    "poll|post|poster|presentation|procedure|programme|protocol|publication|questions|quiz|recording|"
    "register|regulation|release|report|research|resource|response|review|rules|ruling|schedule|session|"
    "site|slide|speech|standard|statement|statistic|story|strategy|study|summary|survey|template|"
    "terms|text|timetable|tips|tool|toolkit|training|transcript|update|version|video|webinar|"
    "webpage|website|worksheet|workshop"
)
VERB: Final = f"(?:{_READING}|{_DOING})"
NOUN: Final = f"(?:{_NOUNS}|policies|strategies|summaries|inquiries|studies|stories|entries)s?"
DETERMINER: Final = "(?:the|a|an|our|their|this|your|its|both|all)"
# What readers are invited to do. Most are nouns too, so each needs an object: "Share your views".
_INVITED: Final = (
    r"(?:apply|book|compare|contribute|donate|enter|give|host|meet|nominate|order|pledge|register|report|"
    r"reserve|save|send|share|start|stream|study|submit|support|test|volunteer|vote)"
    r"\s(?:the|a|an|our|your|it|for|to|in|at|free|now|here|online|evidence|copies|feedback)\b[^:]{0,50}"
    r"|have\syour\ssay|get\sinvolved|meet\sthe\s[^:]{1,40}"
)
# Any verb, if it is about something that is published: "Unpack the findings".
_NO_VERB: Final = (
    r"(?!(?:about|after|around|at|before|behind|beyond|both|by|during|for|from|how|in|inside|into|of|on|over|"
    r"since|through|to|under|using|what|when|where|which|who|why|with|within|\w+ing|\w+ed|is|are|was|has|does|"
    r"all|across|against|and|or|but|if|as|than|meanwhile)\b)"
)
_ANY_VERB: Final = (
    rf"{_NO_VERB}[a-z]{{3,12}}(?:\s(?:into|out|up|through|back))?\s(?:the|this|our)\s"
    r"(?:[\w’'-]+\s){0,4}"
)
_REQUEST: Final = re.compile(
    rf"{_NO_VERB}[a-z]{{2,12}}(?:\s(?:in|into|out|up|through|back|on|for|to))?\s(?-i:the|an?|your|our|this|it|its)(?:\s\w|\Z)"
    r"[^:]{0,80}|(?:ask|reply|answer|talk|speak|start|tell|donate|contribute|enter)\s(?:for|to|in)\b[^:]{0,80}",
    re.IGNORECASE,
)
_NOUN_LABELS: Final = (
    r"(?:the\s)?(?:full|complete|original|whole|latest|more|further|additional)\s"
    r"(?:news\s)?(?:article|story|report|guidance|document|text|information|info|details|reading|"
    r"statement|publication|paper|findings|review|press\srelease)"
)
_LINK_LABELS: Final = (
    rf"(?:links?(?:\sto\s.{{1,60}})?|web\s?site|web|web\s?page|web\saddress|url|more|available\s"
    rf"(?:at|from|here)|online|source\slink|{NOUN})"
)
_LED_BY_VERB: Final = re.compile(rf"(?:to\s)?{VERB}\b[^:]{{0,90}}", re.IGNORECASE)
_COLON_LABEL: Final = re.compile(
    rf"(?!(?:watch|look)\s(?:out|after)\b)(?:{VERB}(?:\s(?:out|on|up|in|to|at))?(?:\s(?:more|here|now|further|online))?(?:\s(?:about|on|at)\b"
    rf"[^:]{{0,60}})?|{VERB}\s(?:[^:]{{0,60}}\s)?{NOUN}\b[^:]{{0,40}}"
    rf"|(?:{_READING})\s{DETERMINER}\s[^:]{{1,50}}|{_INVITED}|{_ANY_VERB}{NOUN}\b[^:]{{0,20}}"
    rf"|{_NOUN_LABELS}|see\salso)",
    re.IGNORECASE,
)
_ADDRESS_LABEL: Final = re.compile(rf"{_LINK_LABELS}\Z", re.IGNORECASE)
_BARE_LABEL: Final = re.compile(
    rf"{VERB}(?:\s(?:out|on|up|in|to|at|back|through|part\sin))?(?:"
    rf"\s{DETERMINER}(?:\s[\w’'&/-]+){{0,5}}?\s{NOUN}"
    rf"(?:\s(?:on|from|about|by|for|in|of|to|here|online|now)\b.{{0,60}})?"
    rf"|(?:\s[\w’'&-]+){{0,2}}\s(?:{NOUN}|now|reading)|)(?:\s?\([^()]{{1,30}}\))?\Z",
    re.IGNORECASE,
)
# "Read more about X": a link's text that says what it is about.
_MORE_ABOUT: Final = re.compile(
    r"(?:read|find\sout|learn|see|discover|hear|get|view)\s(?:more|further|all)"
    r"(?:\s(?:information|details|detail|news))?\s(?:about|on|in|from|of)\s(?!here\b)[^.?!]{2,90}\Z"
    r"|continue\sreading\s[^.?!]{2,120}\Z",
    re.IGNORECASE,
)
# Verbs that are no nouns, so that a link's text which begins with one asks for something.
_ORDERS: Final = re.compile(
    r"(?:add|apply|arrange|ask|become|bring|build|choose|claim|collect|compare|create|deliver|describe|"
    r"fill|get|give|hear|help|invite|join|keep|learn|let|meet|nominate|pick|prepare|propose|put|recommend|"
    r"refer|remind|ring|see|select|send|speak|suggest|take|teach|tell|think|write)\s[a-z]",
)
# What readers are asked for in a line of its own, at the end of an item.
_ASKED: Final = re.compile(
    r"(?!(?:like|print|save|send|share)\s(?:it|this)\b)"
    rf"(?:{VERB}|add|arrange|become|choose|contribute|create|donate|give|have|help|invite|meet|nominate|pledge|"
    r"refer|report|save|send|share|support|tell|test|volunteer|vote)"
    r"(?:\s(?:again|back|for|in|into|on|out|part|through|to|up))?"
    r"\s(?:an?|free|here|how|in\sfull|it|now|on\sdemand|online|our|the|this|what|why|your)\b[^:.?!]{0,60}"
    r"|take\spart",
    re.IGNORECASE,
)
_IN_BRACKETS: Final = re.compile(r"\s?\([^()]{1,30}\)\Z")
_BARE_NOUNS: Final = re.compile(rf"(?:{_NOUN_LABELS}|links?\sto\s.{{1,60}})\Z", re.IGNORECASE)
# "Survey results: TITLE": what is published, before what it is called.
_PUBLISHED: Final = re.compile(
    r"(?:[A-Z][\w’'-]*\s)?(?:[\w’'-]+\s){0,2}?(?:article|blog|briefing|checklist|factsheet|film|findings|guidance|guide|"
    r"handbook|infographic|leaflet|pack|paper|podcast|poster|presentation|press\srelease|recording|report|research|"
    r"resource|results|slides|statistics|study|summary|template|toolkit|transcript|video)s?\Z",
    re.IGNORECASE,
)
# "Where to find it: the members' page": where a link stood.
_PLACE: Final = re.compile(
    r"where\s(?:to|(?:you|schools|i)\scan|can\s(?:i|you))\s(?:book|download|find|get|order|read|see|watch)\s"
    r"(?:it|them|this|more|out\smore|(?:the\s)?[\w-]{2,20})\Z|(?:links?|web\s?site|web\saddress|url)\Z",
    re.IGNORECASE,
)
_HAS_LINK: Final = re.compile(
    r"\b(?:link|page|web\s?page|web\s?site|site|online|here|portal|hub|intranet)\b", re.IGNORECASE
)
_VAGUE: Final = re.compile(
    r"(?:please\s)?(?:(?:follow|use|click(?:\son)?|see|go\sto|visit)\s(?:this|the)\s(?:link|page|website)(?:\sbelow)?)\Z"
    r"|(?:(?:click|read|find|see|view|go|look|download|visit|open|learn|find\sout)\s)?"
    r"(?:here|more|this(?:\s(?:link|page))?|(?:the\s)?link|website|web|now|online|url|page|"
    r"on|reading|(?:more|further|full)\s(?:information|info|details)|details|information)\Z"
    r"|(?:read|download|view|open|visit|watch|listen|continue|continue\sreading|click)\Z",
    re.IGNORECASE,
)
_ARROWS: Final = " \t→►▶»›>→‣⇒…:.-–—|"


def is_label(text: str) -> bool:
    """Whether it may stand before a colon and a title: "Read the report (PDF)"."""
    return len(text) <= 110 and text.count(" ") < 12 and bool(_COLON_LABEL.fullmatch(text))


def is_led_by_verb(text: str) -> bool:
    """Whether it tells the reader to do something; enough if an address stands beside it."""
    return len(text) <= 110 and text.count(" ") < 14 and bool(_LED_BY_VERB.fullmatch(text))


def is_request(text: str) -> bool:
    """Whether a link's own text asks for something: "Share the survey", with any verb at all."""
    short = len(text) <= 110 and text.count(" ") < 14
    return is_led_by_verb(text) or (short and bool(_REQUEST.fullmatch(text) or _is_order(text)))


def _is_order(text: str) -> bool:
    return text[:1].isupper() and bool(_ORDERS.match(f"{text[:1].lower()}{text[1:]}"))


def is_address_label(text: str) -> bool:
    """Whether it may stand before an address: "Link", "Full report"."""
    return len(text) <= 80 and bool(_ADDRESS_LABEL.match(text) or _BARE_NOUNS.match(text))


def is_bare_label(text: str) -> bool:
    """Whether it is a link's text by itself: "Download the guidance"."""
    return len(text) <= 110 and bool(_BARE_LABEL.match(text) or _MORE_ABOUT.match(text))


def is_noun_label(text: str) -> bool:
    """ "Full report", "Further information": a link's text, or a sub-heading."""
    return len(text) <= 80 and bool(_BARE_NOUNS.match(text))


def is_asked(text: str) -> bool:
    """Whether a line that ends an item was a link: "Share your views", "Further information"."""
    short = len(text) <= 80 and text.count(" ") < 10
    return short and bool(_ASKED.fullmatch(text) or is_noun_label(_IN_BRACKETS.sub("", text)))


def is_published_label(text: str) -> bool:
    """ "Survey results", "Press release": what a title after a colon may be."""
    return len(text) <= 50 and text[:1].isupper() and bool(_PUBLISHED.match(text))


def is_place(label: str, value: str) -> bool:
    """Whether a label asks where something is, and its value names a page that has the link."""
    short = len(label) <= 60 and len(value) <= 110
    return short and bool(_PLACE.match(label) and _HAS_LINK.search(value))


def is_vague(label: str) -> bool:
    """Whether a label says nothing by itself (requirement 49)."""
    return bool(_VAGUE.match(label))


def without_arrows(text: str) -> str:
    """A link's text without the arrows around it, or the square brackets."""
    bare = text.strip(_ARROWS)
    return bare[1:-1].strip(_ARROWS) if bare[:1] == "[" and bare[-1] == "]" else bare
