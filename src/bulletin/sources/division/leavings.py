"""Leavings: which of the things that were left out an editor may want to see."""

from __future__ import annotations

from typing import Final

from bulletin.models.items import Dropped
from bulletin.sources.division import boilerplate, clearing, letters, navigation
from bulletin.sources.fields import actions, tracking
from bulletin.sources.formats import feed, furniture, mail
from bulletin.sources.tables import rows

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
