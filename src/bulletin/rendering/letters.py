"""Letters: the few words to one person that belong to no issue, as HTML and as text.

Nothing that a visitor typed stands in a letter (requirement 71): whoever fills in somebody
else's address must not be able to write to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bulletin.models.accounts import LINK_LASTS, LinkPurpose
from bulletin.models.brand import Brand
from bulletin.models.editions import EditionContent
from bulletin.models.issues import Sender
from bulletin.models.requests import CONFIRM_WITHIN, KEEP_LETTERS, LetterKind
from bulletin.rendering.cleaning import line
from bulletin.rendering.templates import Templates

HTML, TEXT = LETTER_TEMPLATES = ("letter.html", "letter.txt")


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter says. {name} is the bulletin's own."""

    subject: str
    title: str
    before: str
    link: str
    after: str


_INVITED_FOR = LINK_LASTS[LinkPurpose.INVITATION].days
_RESET_FOR = LINK_LASTS[LinkPurpose.RESET].seconds // 3600
_UNTIL = f"The link works for {CONFIRM_WITHIN.days} days."
WORDS: Mapping[LetterKind, Words] = {
    LetterKind.CONFIRM_JOIN: Words(
        subject="Confirm that you want the bulletin from {name}",
        title="One step is left",
        before="Somebody, most likely you, asked for the bulletin from {name} to be sent to this "
        "address. To get it, open this page and press the button on it:",
        link="Confirm that you want it",
        after=f"{_UNTIL} If it was not you, do nothing: you are on no list, and nothing is sent "
        "unless that button is pressed.",
    ),
    LetterKind.CONFIRM_ADDRESS: Words(
        subject="Confirm your new address for the bulletin from {name}",
        title="Is this your new address?",
        before="Somebody who gets the bulletin from {name}, most likely you, asked for it to come "
        "to this address from now on. To agree, open this page and press the button on it:",
        link="Confirm your new address",
        after=f"{_UNTIL} If it was not you, do nothing: nothing changes.",
    ),
    LetterKind.CONFIRM_ERASURE: Words(
        subject="Confirm that you want to be erased at {name}",
        title="Do you want to be erased?",
        before="Somebody who has a copy of your bulletin from {name}, most likely you, asked for "
        "you to be erased. If you want that, open this page and press the button on it. It cannot "
        "be undone:",
        link="See what goes, and erase me",
        after=f"{_UNTIL} If it was not you, do nothing: nothing is erased.",
    ),
    LetterKind.MOVED_AWAY: Words(
        subject="Your bulletin from {name} goes to another address now",
        title="Your bulletin goes to another address",
        before="Somebody who has a copy of your bulletin from {name}, most likely you, had it "
        "sent to another address, which confirmed it. If that was you, do nothing. If it was not "
        "you, open this page and press the button on it:",
        link="It was not me",
        after=f"The link works once, and for {KEEP_LETTERS.days} days. Until that button is "
        "pressed, the bulletin goes to the other address and no more to this one.",
    ),
    LetterKind.ALREADY_ON_LIST: Words(
        subject="You get the bulletin from {name} already",
        title="You get this bulletin already",
        before="Somebody, most likely you, asked for the bulletin from {name} to be sent to this "
        "address. It comes here already, so there is nothing to confirm. To change what you get:",
        link="See and change your preferences",
        after="If it was not you, do nothing: nothing has changed.",
    ),
    LetterKind.INVITATION: Words(
        subject="You are invited to work on {name}",
        title="You are invited",
        before="An admin of {name} made an account for you, so that you can work on the bulletin "
        "with them. To choose a password and sign in, open this page:",
        link="Choose a password",
        after=f"The link works once, and for {_INVITED_FOR} days. If you do not know what this is "
        "about, do nothing: nothing is sent to you.",
    ),
    LetterKind.RESET_PASSWORD: Words(
        subject="Choose a new password for {name}",
        title="Choose a new password",
        before="Somebody, most likely you, asked for a new password for your account at {name}. To "
        "choose one, open this page:",
        link="Choose a new password",
        after=f"The link works once, and for {_RESET_FOR} hours. If it was not you, do nothing: "
        "your password stays as it is.",
    ),
}


class Stationery:
    """Lays letters out. Safe to share between threads.

    theme: a folder whose letter.html and letter.txt go before ours; either may be missing there.
    Every letter is tried at once: raises RenderingError if a template cannot be used.
    """

    def __init__(self, brand: Brand | None = None, theme: Path | None = None) -> None:
        self._templates = Templates(theme, {"palette": (brand or Brand()).palette})
        for kind in LetterKind:
            self._prove(kind)

    def write(self, kind: LetterKind, url: str, sender: Sender) -> EditionContent:
        """A finished letter. url: where its one link leads."""
        words = WORDS[kind]
        values = {
            "title": words.title,
            "before": words.before.format(name=sender.name),
            "link": words.link,
            "url": url,
            "after": words.after,
            "sender": sender,
        }
        return EditionContent(
            subject=line(words.subject.format(name=sender.name)),
            html=self._templates.markup(HTML, **values),
            text=self._templates.plain(TEXT, **values),
        )

    def _prove(self, kind: LetterKind) -> None:
        url = "https://bulletin.school.example/example"
        sender = Sender(
            "Name", "a@school.example", "reply@school.example", "Address", "list.example"
        )
        letter = self.write(kind, url, sender)
        for name, content in ((HTML, letter.html), (TEXT, letter.text)):
            for expression, value in (("url", url), ("sender.reply_to", sender.reply_to)):
                if value not in content:
                    raise self._templates.unusable(name, f"{{{{ {expression} }}}} has to be in it.")
