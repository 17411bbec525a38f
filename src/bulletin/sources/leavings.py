"""Leavings: which of the things that were left out an editor may want to see."""

from __future__ import annotations

from typing import Final

from bulletin.models.items import Dropped
from bulletin.sources import (
    actions,
    boilerplate,
    clearing,
    feed,
    furniture,
    letters,
    mail,
    navigation,
    rows,
    tracking,
)

_PLAIN: Final = frozenset({
    actions.HEADS_LINKS, boilerplate.SHARE, boilerplate.REPEATED, boilerplate.FURNITURE,
    boilerplate.COOKIES, boilerplate.MEMBERS, boilerplate.PICTURE, boilerplate.CROSS_REFERENCE,
    clearing.EMPTY, feed.ADVERTISED, feed.AGAIN, furniture.HIDDEN, furniture.NAVIGATION,
    furniture.PICTURE, furniture.HEADER, furniture.FOOTER, furniture.RELATED, furniture.COMMENTS,
    furniture.FORM, letters.GREETING, mail.HEADERS, navigation.NAVIGATION, navigation.CONTENTS,
    navigation.RUNNING_HEAD, navigation.RELATED, rows.HEADINGS, rows.TOPIC, tracking.TRACKED,
    tracking.WRAPPED,
})  # fmt: skip


def is_plain(dropped: Dropped) -> bool:
    """Whether it is what every website has around its news, or is still there in another form."""
    return dropped.reason in _PLAIN
