"""Realistic issues to test and measure with. All of it is made up, and the same for each seed.

An item has about 91 words and 1.4 links; two in five have a note. Some have no title, lists,
links in the text, roles or nations.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from bulletin.models.issues import Helpline, IssueContent, PlacedItem, Sender, Topic
from bulletin.models.items import Action, Deadline, Nation, Note

ROLE_KEYS = (
    "dsl",
    "deputy_dsl",
    "headteacher",
    "governor",
    "safeguarding_governor",
    "chair",
    "trustee",
    "senco",
    "designated_teacher",
    "social_worker",
    "lado",
    "virtual_head",
    "mat_safeguarding_lead",
)

SENDER = Sender(
    name="Oakshire Safeguarding Partnership",
    email="bulletin@school.example",
    reply_to="safeguarding@school.example",
    postal_address="County Hall, 1 Example Street, Oakshire OA1 1AA",
    list_id="bulletin.school.example",
)

_TOPICS = (
    "Statutory guidance",
    "Online safety",
    "Safer recruitment",
    "Attendance and missing education",
    "Mental health",
    "Prevent duty",
    "Special educational needs",
    "Early help and families",
    "Domestic abuse",
    "Governance",
    "Children in care",
    "Training and events",
)
_SUBJECTS = (
    "the yearly filtering review",
    "part-time timetables",
    "low-level concerns",
    "private fostering",
    "children missing education",
    "supply staff checks",
    "online searches of candidates",
    "young carers",
    "image sharing between pupils",
    "the single central record",
    "sharing records when a child moves",
    "home visits in the holidays",
    "listening to quieter children",
    "AI chat apps",
    "self-harm first response",
    "school transport drivers",
    "safer touch in physical education",
    "hate incidents outside the gate",
    "family hubs",
    "link governor visits",
)
_TITLES = (
    "New advice on {}",
    "A shorter template for {}",
    "Checklist published: {}",
    "Consultation opens on {}",
    "What inspectors ask about {}",
    "Lessons from three reviews of {}",
    "Free webinar: {}",
    "Changes this term to {}",
)
_SOURCES = (
    "National Guidance Office (example)",
    "Oakshire Council",
    "Children's Safety Alliance (example)",
    "Schools Inspection Digest (example)",
    "Governors' Network (example)",
)
_SENTENCES = (
    "The revised advice takes effect at the start of next term and replaces the older leaflet.",
    "It asks each school to name one person who keeps the record and one who checks it.",
    "Most of the changes are about wording, but the section on record keeping is new.",
    "Schools that already review their practice every year will find little extra to do.",
    "Three short case studies show how a primary, a secondary and a special school went about it.",
    "The authors spoke to over two hundred pupils, who said that being believed mattered most.",
    "A one-page summary for staff rooms can be printed in black and white.",
    "Where a child may be at immediate risk, ring the police and children’s social care first.",
    "Delays often began with a message that nobody was sure they should answer.",
    "The webinar lasts forty minutes, and a recording will be there for those who teach that day.",
    "Local partners will collect questions until the end of the month and answer them together.",
    "Good practice is to talk it through with the deputy and to write the decision down.",
    "Several schools noticed that short absences on the same weekday were the earliest sign.",
    "The template works in any word processor and has a column for what happened next.",
    "Parents told the reviewers that they would rather be rung than be sent a letter.",
    "Nothing in the paper changes the threshold for a referral.",
    "A translated version in Welsh (“Diogelu plant”) and a large-print version will follow.",
    "Questions from governors in the pilot were mostly about training and about cover.",
    "The form can be filled in on a telephone, and it saves what has been typed so far.",
    "Staff new to the role may like to read the worked example before the guidance itself.",
    "Trusts with schools in more than one area should check which arrangements apply to each.",
    "The figures come from a sample of forty schools, so read them with some care.",
)
_NOTES = (
    "Put this on the agenda of your next safeguarding meeting and note who will act.",
    "Compare the checklist with your own procedure, and write down any gap that you find.",
    "Ask for a short report each term; you do not need names to see whether it works.",
    "Let new staff know before the end of the month, in person if you can.",
    "**Two things to do:** update the policy, and tell the office where it is kept.",
)
_LABELS = ("Read the advice", "Download the checklist", "Book a place", "Answer the consultation")


def example_issue(
    items: int = 30, topics: int = 10, seed: int = 0, *, greet: bool = True, blocks: bool = False
) -> IssueContent:
    """An issue with this many items, dealt out in order over this many topics (12 at most).

    blocks: also deadlines, content notes and helplines, which not every issue has.
    """
    issue = _issue(items, topics, seed, greet=greet)
    return _with_blocks(issue) if blocks else issue


def _with_blocks(issue: IssueContent) -> IssueContent:
    return replace(
        issue,
        topics=tuple(
            replace(topic, items=tuple(map(_annotated, topic.items))) for topic in issue.topics
        ),
        helplines=(
            Helpline("Oakshire duty team (example)", "01632 960 123", "Day and night"),
            Helpline("Quiet Line (example)", "", "", "https://quietline.example/talk?to=us&now=1"),
        ),
    )


def _annotated(item: PlacedItem) -> PlacedItem:
    says = ("Closes", "Respond by", "In force from")[item.id % 3]
    return replace(
        item,
        deadline=Deadline(date(2026, 12, item.id % 28 + 1), says) if item.id % 6 == 2 else None,
        content_note="A gentle note: this item describes harm to a child." * (item.id % 10 == 4),
    )


def _issue(items: int, topics: int, seed: int, *, greet: bool) -> IssueContent:
    chance = random.Random(seed)
    placed = [_item(number, chance) for number in range(1, items + 1)]
    return IssueContent(
        title="Safeguarding Bulletin",
        subject="Safeguarding Bulletin, December: what changes in January",
        dateline="Issue 42, December 2026",
        standfirst="New advice before the holidays, two consultations, and where to book training.",
        intro=("Dear {{first_name}},\n\n" if greet else "")
        + "This month is mostly about records: who keeps them, who reads them, and what happens "
        "when a child moves.\n\nThank you to all who wrote in about *part-time timetables*.",
        closing="Have a restful break.\n\n*The bulletin team*",
        topics=tuple(
            Topic(
                key=number + 1,
                title=_TOPICS[number],
                items=tuple(placed[items * number // topics : items * (number + 1) // topics]),
            )
            for number in range(topics)
        ),
    )


def _item(number: int, chance: random.Random) -> PlacedItem:
    title = chance.choice(_TITLES).format(chance.choice(_SUBJECTS))
    return PlacedItem(
        id=number,
        title="" if number % 13 == 0 else title,
        body=_body(number, chance),
        source=chance.choice(_SOURCES),
        published=date(2026, 11, 1) + timedelta(days=chance.randrange(27)),
        actions=_actions(number, title, chance),
        nations=(Nation.ENGLAND, Nation.WALES)[: chance.choice((0, 1, 1, 2))],
        roles=frozenset(chance.sample(ROLE_KEYS, 3)) if number % 4 == 0 else frozenset(),
        only_nations=frozenset({Nation.ENGLAND}) if number % 7 == 0 else frozenset(),
        notes=_notes(chance) if number % 5 in {1, 3} else (),
    )


def _body(number: int, chance: random.Random) -> str:
    """About 91 words in two or three blocks; now and then a list, or a link in the text."""
    sentences = chance.sample(_SENTENCES, 6)
    if number % 6 == 0:
        points = "\n".join(f"- {sentence}" for sentence in sentences[2:5])
        return f"{' '.join(sentences[:2])}\n\n{points}\n\n{sentences[5]}"
    if number % 10 == 4:
        address = f"https://www.guidance.example/topics/{number}"
        sentences[1] += f" See the [collected questions and answers]({address}) for more."
    return f"{' '.join(sentences[:3])}\n\n{' '.join(sentences[3:])}"


def _actions(number: int, title: str, chance: random.Random) -> tuple[Action, ...]:
    slug = "-".join(title.lower().replace(":", "").split()[:5])
    labels = chance.sample(_LABELS, 2 if number % 5 in {2, 4} else 1)
    return tuple(
        Action(
            label=label,
            title="the recording and slides" if place else "",
            url=None if number % 17 == 0 else f"https://www.guidance.example/{place}/{slug}",
        )
        for place, label in enumerate(labels)
    )


def _notes(chance: random.Random) -> tuple[Note, ...]:
    roles = chance.sample(ROLE_KEYS, chance.choice((1, 1, 2)))
    return tuple(
        Note(role=role, text=text)
        for role, text in zip(roles, chance.sample(_NOTES, len(roles)), strict=True)
    )
