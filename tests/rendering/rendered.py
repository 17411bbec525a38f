"""Short ways to a rendered edition, and random issues, for the tests in this folder."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st
from lxml import etree

from bulletin.models.editions import EditionContent, ReaderKind
from bulletin.models.issues import Helpline, IssueContent, Length, PlacedItem, Topic
from bulletin.models.items import Action, Deadline, Nation, Note
from bulletin.rendering import Cutter, Renderer
from example_issue import ROLE_KEYS, SENDER

RENDERER = Renderer()


def whole(issue: IssueContent) -> EditionContent:
    """The edition of a reader who sees everything."""
    return Cutter(RENDERER.compile(issue, SENDER)).whole()


def one(item: PlacedItem, topic: str = "A topic") -> IssueContent:
    """An issue of one item."""
    return IssueContent(
        title="Bulletin", subject="Bulletin", topics=(Topic(key=1, title=topic, items=(item,)),)
    )


def body(markdown: str) -> EditionContent:
    """The edition of an issue whose one item has this body."""
    return whole(one(PlacedItem(id=1, title="An item", body=markdown)))


def tree(html: str) -> etree._Element:
    return etree.fromstring(html.encode(), etree.HTMLParser(encoding="utf-8"))


def words(html: str) -> str:
    """All that is shown of an HTML page, its blocks apart, on one line."""
    return " ".join(" ".join(tree(html).find("body").itertext(etree.Element)).split())


_text = st.text(st.characters(codec="utf-8"), max_size=30)
_markdown = st.lists(
    st.sampled_from(
        ["Plain text.", "**bold**", "- a point", "- another", "1. first", "> said", "# A heading",
         "[a link](https://a.example/x?y=1&z=2)", "", "", "line one  \nline two", "<b>html</b>",
         "BLT0role0BLT", "{{first_name}}", "{{ 7*7 }}", "it’s “quoted” & <so> on"]
    ) | _text,
    max_size=5,
).map("\n".join)  # fmt: skip
_roles = st.frozensets(st.sampled_from(ROLE_KEYS[:4]), max_size=2)
_nations = st.sampled_from(list(Nation)[:3])
_actions = st.builds(
    Action,
    _text,
    _text,
    st.sampled_from([None, "https://a.example/b c", "javascript:x", "mailto:a@b.example"]),
)
_deadlines = st.builds(Deadline, st.dates(date(2020, 1, 1), date(2030, 1, 1)), _text)
_helplines = st.builds(
    Helpline, _text, _text | st.just("01632 960 001"), _text,
    st.sampled_from([None, "https://help.example/a b", "javascript:x"]),
)  # fmt: skip
_notes = st.builds(Note, st.sampled_from(ROLE_KEYS[:4]), _markdown)


@st.composite
def issues(draw: st.DrawFn) -> IssueContent:
    """Issues of up to six items with everything that an editor may write into them."""
    lengths = draw(st.lists(st.integers(0, 3), max_size=2))
    number = iter(range(1, 100))
    topics = tuple(
        Topic(key, draw(_text), tuple(_item(draw, next(number)) for _ in range(length)))
        for key, length in enumerate(lengths)
    )
    return IssueContent(
        title=draw(_text), subject=draw(_text), topics=topics, standfirst=draw(_text),
        intro=draw(_markdown), closing=draw(_markdown), dateline=draw(_text),
        helplines=tuple(draw(st.lists(_helplines, max_size=2))), diary=draw(st.booleans()),
        length=draw(st.sampled_from(Length)),
    )  # fmt: skip


def _item(draw: st.DrawFn, number: int) -> PlacedItem:
    return PlacedItem(
        id=number,
        title=draw(_text),
        body=draw(_markdown),
        source=draw(_text),
        published=draw(st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))),
        actions=tuple(draw(st.lists(_actions, max_size=2))),
        nations=tuple(draw(st.lists(_nations, max_size=2, unique=True))),
        roles=draw(_roles),
        notes=tuple(draw(st.lists(_notes, max_size=2))),
        only_nations=draw(st.frozensets(_nations, max_size=1)),
        deadline=draw(st.none() | _deadlines),
        content_note=draw(_text),
    )


kinds = st.builds(ReaderKind, _roles, st.none() | _nations)
