"""The bundled example: the first thing a visitor sees."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from bulletin.composition import compose
from bulletin.models.checks import Circumstances
from bulletin.models.editions import ReaderKind
from bulletin.models.issues import IssueContent, PlacedItem, Sender, Topic
from bulletin.models.items import ItemContent, Nation, Note, Reading
from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.models.roles import DEFAULT_ROLES
from bulletin.pipeline.example import EXAMPLE, Placing, annotated, example_issue
from bulletin.preflight import Examined, Rendered, read_texts, run_checks
from bulletin.rendering import Cutter, Renderer
from bulletin.roster import open_roster, read_roster
from bulletin.sources import SourceFormat, read

SENDER = Sender(
    name="Fernhill Safeguarding Partnership",
    email="bulletin@school.example",
    reply_to="bulletin@school.example",
    postal_address="1 Example Street, Fernhill",
    list_id="bulletin.school.example",
)


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read((EXAMPLE / "newsfeed.txt").read_bytes(), SourceFormat.TEXT)


@pytest.fixture(scope="module")
def content(reading: Reading) -> IssueContent:
    example = example_issue()
    topics: dict[str, list[PlacedItem]] = {}
    for placing in example.placings:
        topics.setdefault(placing.options.topic or "", []).append(placed(reading, placing))
    return IssueContent(
        title=example.title,
        topics=tuple(
            Topic(key, title, tuple(items)) for key, (title, items) in enumerate(topics.items(), 1)
        ),
        **example.rest,
    )


def placed(reading: Reading, placing: Placing) -> PlacedItem:
    draft = annotated(placing, ItemContent(reading.items[placing.item - 1])).draft
    options = placing.options
    return PlacedItem(
        id=placing.item,
        title=draft.title,
        body=draft.body,
        source=draft.source,
        published=draft.published,
        actions=draft.actions,
        nations=draft.nations,
        roles=frozenset(options.roles or ()),
        notes=tuple(Note(role, text) for role, text in (options.notes or {}).items()),
        only_nations=frozenset(options.only_nations or ()),
        deadline=draft.deadline,
        content_note=draft.content_note,
    )


@pytest.fixture(scope="module")
def people() -> list[SubscriberDraft]:
    with (EXAMPLE / "subscribers.csv").open("rb") as stream:
        rows = list(read_roster(open_roster(stream), roles=DEFAULT_ROLES))
    good = [row for row in rows if isinstance(row, SubscriberDraft)]
    assert len(good) == len(rows) == 40
    return good


def test_the_newsfeed_has_something_to_clean_and_loses_nothing(reading: Reading) -> None:
    assert len(reading.items) == 10
    assert all(item.source and item.published and item.actions for item in reading.items)
    assert all(action.url for item in reading.items for action in item.actions)
    assert not any(item.warnings for item in reading.items)
    assert len(reading.dropped) == 11  # a banner, and share buttons after every item


def test_every_item_is_placed_once(reading: Reading) -> None:
    placings = [placing.item for placing in example_issue().placings]
    assert sorted(placings) == list(range(1, len(reading.items) + 1))


def test_the_issue_passes_preflight_without_a_word(content: IssueContent) -> None:
    html = Cutter(Renderer().compile(content, SENDER)).whole().html
    day = date(2026, 12, 1)
    around = Circumstances(today=day, goes_out=day, stale_after=120)
    rendered = Rendered(len(html.encode()))
    assert run_checks(Examined(content, SENDER, rendered, around, read_texts(content))) == []


def test_the_people_show_what_a_list_can_hold(people: list[SubscriberDraft]) -> None:
    roles = Counter(role for person in people for role in person.roles)
    assert set(roles) == {
        "dsl", "deputy_dsl", "headteacher", "governor", "senco", "social_worker", "trustee",
    }  # fmt: skip
    assert sum(len(person.roles) > 1 for person in people) >= 5
    assert {person.nation for person in people} == {
        Nation.ENGLAND, Nation.WALES, Nation.SCOTLAND, Nation.NORTHERN_IRELAND,
    }  # fmt: skip
    assert all(person.email.endswith(".example") for person in people)


def test_two_people_may_not_be_written_to_and_one_has_nothing_to_read(
    people: list[SubscriberDraft], content: IssueContent
) -> None:
    private = [person for person in people if person.kind is SubscriberKind.INDIVIDUAL]
    assert sum(not person.consent_basis for person in private) == 2
    kinds = [ReaderKind(frozenset(person.roles), person.nation) for person in people]
    nothing = [kind for kind in kinds if compose(content, kind).items == 0]
    assert nothing == [ReaderKind(frozenset({"trustee"}), Nation.ENGLAND)]


def test_readers_of_different_roles_and_nations_see_different_issues(
    people: list[SubscriberDraft], content: IssueContent
) -> None:
    editions = {
        compose(content, ReaderKind(frozenset(person.roles), person.nation)).visible
        for person in people
    }
    assert len(editions) >= 12
