"""The XML of a feed, mended and cut to what is read of it, before the library goes through it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from lxml import etree

from bulletin.errors import InvalidInput
from bulletin.models.items import Dropped
from bulletin.sources.formats.feed import CROWD, MAX_AUTHORS, MAX_ENTRIES, MAX_TOPICS

_MAX_NODES: Final = 60_000  # elements and attributes; a thousand entries have about 20,000
_MAX_ATTRIBUTES: Final = 50
_MAX_PREFIXES: Final = 100
_MAX_BASE: Final = 500  # characters of an address that others are joined to
_BASE_WITHIN: Final = 3  # elements: a feed, its channel, an entry
_PREFIX: Final = re.compile(rb"\sxmlns:([^\s=]{1,100})=")
_ROOT: Final = re.compile(rb"<[^\s/>]+")
_ENTRIES: Final = frozenset({"item", "entry"})
_AUTHORS: Final = frozenset({
    "author", "creator", "contributor", "publisher", "owner", "managingeditor", "webmaster",
})  # fmt: skip
_TOPICS: Final = frozenset({"category", "subject"})
# How many of a kind an entry may have. The library compares each category with each, and takes
# for one each word that search engines are told.
_FEW: Final = (
    dict.fromkeys(_AUTHORS, MAX_AUTHORS)
    | dict.fromkeys(_TOPICS, MAX_TOPICS)
    | {"keywords": 0, "tags": 0, "content": 20}
)
_BESIDE: Final = {
    "keywords": "Words for search engines.",
    "tags": "Words for search engines.",
    "audience": "Whom the feed names as readers of its entries.",
    "transcript": "The text of a recording, where the feed has it.",
}
_ENDLESS: Final = re.compile(r"[\w.+-]{65}")
_PLACES: Final = re.compile("georss|opengis", re.IGNORECASE)  # which nothing here reads
_GAP: Final = re.compile(rb"\n[ \t\n]+\n")


@dataclass(frozen=True, slots=True)
class Bounded:
    """A feed's XML, well-formed.

    older: what those entries are called that are not in it.
    left:  who else wrote an entry, what else it is filed under.
    """

    document: bytes
    older: tuple[str, ...]
    left: tuple[Dropped, ...]


def bounded(document: bytes) -> Bounded:
    """A feed with its faults mended, and no more entries, authors and topics than are read.

    Raises InvalidInput for what is no XML at all, and for what was built to do harm (requirement
    74). What it declares has to have been looked at before.
    """
    root = _tree(document)
    survey = _Survey()
    survey.walk(root)
    older = tuple(_name(one) for one in survey.older)
    left = tuple(
        Dropped(told, reason)
        for reason, found in ((CROWD, survey.crowd), *survey.beside.items())
        if (told := ", ".join(dict.fromkeys(filter(None, map(_said, found)))))
    )
    for one in (*survey.older, *survey.crowd, *survey.surplus):
        parent = one.getparent()
        if parent is not None:
            parent.remove(one)
    if sum(1 + len(one.attrib) for one in root.iter()) > _MAX_NODES:
        raise intricate()
    return Bounded(_written(root, survey.prefixes), older, left)


def intricate() -> InvalidInput:
    return InvalidInput("This feed is built too intricately. Copy the news from its website.")


def damaged() -> InvalidInput:
    return InvalidInput("This feed is damaged. Copy the news from its website, and paste it.")


def _tree(document: bytes) -> etree._Element:
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, encoding="utf-8",
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise damaged()
    return root


class _Survey:
    """Goes through a feed, and notes what is too much.

    older:    entries behind the newest.
    crowd:    authors and topics behind the first.
    surplus:  what else of a kind is not read.
    beside:   what says something of an entry that no item has a place for, by what it is.
    prefixes: those that nothing declares.
    """

    def __init__(self) -> None:
        self.older: list[etree._Element] = []
        self.crowd: list[etree._Element] = []
        self.surplus: list[etree._Element] = []
        self.beside: dict[str, list[etree._Element]] = {why: [] for why in _BESIDE.values()}
        self.prefixes: set[str] = set()
        self._entries = 0
        self._kinds: Counter[str] = Counter()

    def walk(self, root: etree._Element) -> None:
        """Raises InvalidInput for what is in no feed."""
        depth = 0
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "end":
                depth -= 1
                continue
            self._look(element, depth)
            depth += 1

    def _look(self, element: etree._Element, depth: int) -> None:
        if len(element.attrib) > _MAX_ATTRIBUTES:
            raise intricate()
        for name in element.attrib:
            self._note_prefix(str(name))
            if _local(str(name)) == "base":
                _check_base(element, name, depth)
        self._note_prefix(str(element.tag))
        kind = _local(str(element.tag))
        if kind in _BESIDE:
            self.beside[_BESIDE[kind]].append(element)
        self._count(element, kind)

    def _count(self, element: etree._Element, kind: str) -> None:
        if _PLACES.search(str(element.tag)):
            self.surplus.append(element)
        elif kind in _ENTRIES:
            self._kinds.clear()
            self._entries += 1
            if self._entries > MAX_ENTRIES:
                self.older.append(element)
        elif kind in _FEW:
            self._kinds[kind] += 1
            if self._kinds[kind] > _FEW[kind]:
                (self.crowd if kind in _AUTHORS | _TOPICS else self.surplus).append(element)
            elif kind in _AUTHORS and _ENDLESS.search("".join(element.itertext())):
                raise intricate()

    def _note_prefix(self, name: str) -> None:
        if ":" in name and not name.startswith("{"):
            self.prefixes.add(name.partition(":")[0])


def _check_base(element: etree._Element, name: str | bytes, depth: int) -> None:
    """The library joins it to all bases around it, and each address to that."""
    if len(element.attrib[name]) > _MAX_BASE:
        raise intricate()
    if depth > _BASE_WITHIN:
        del element.attrib[name]


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2].lower()


def _name(entry: etree._Element) -> str:
    return next((one.text for one in entry if _local(str(one.tag)) == "title" and one.text), "")


def _said(element: etree._Element) -> str:
    told = " ".join(" ".join(element.itertext()).split())
    return told or next(filter(None, map(element.get, ("label", "term", "url"))), "")


def _written(root: etree._Element, prefixes: set[str]) -> bytes:
    """The document again, with what it left undeclared."""
    declared = "".join(f' xmlns:{prefix}="urn:{prefix}"' for prefix in sorted(prefixes))
    document = etree.tostring(root, encoding="utf-8", xml_declaration=False)
    document = _GAP.sub(b"\n\n", document)  # the library takes them off one by one
    document = _ROOT.sub(lambda found: found[0] + declared.encode(), document, count=1)
    if len({found[1] for found in _PREFIX.finditer(document)}) > _MAX_PREFIXES:
        raise intricate()
    try:
        # What the library cannot parse it reads by regular expressions, in quadratic time.
        expat.ParserCreate(namespace_separator=" ").Parse(document, True)
    except expat.ExpatError as error:
        raise damaged() from error
    return document
