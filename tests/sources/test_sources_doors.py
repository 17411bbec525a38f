"""Doors: the same news is the same items, whatever it came in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import newsletters
import pytest

from bulletin.models.items import ItemDraft
from bulletin.sources import read

DOORS: dict[str, Callable[[], bytes | str]] = {
    "a page": newsletters.as_html,
    "a browser's clipboard": newsletters.as_clipboard,
    "Word's clipboard": newsletters.as_word_html,
    "a mail": newsletters.as_mail,
    "a mail of plain text": lambda: newsletters.as_mail(html=False),
    "a Word document": newsletters.as_docx,
    "a table of text": lambda: newsletters.as_separated("\t"),
    "comma-separated values": lambda: newsletters.as_separated(","),
    "a table of a page": newsletters.as_html_table,
    "a table of Word": newsletters.as_docx_table,
    "a spreadsheet": newsletters.as_spreadsheet,
}


def items(data: bytes | str) -> list[ItemDraft]:
    # Where an item begins is less sure in plain text, and is said there alone.
    return [
        replace(item, warnings=tuple(w for w in item.warnings if w.code != "unsure_boundary"))
        for item in read(data).items
    ]


def test_the_newsletter_is_understood_as_text() -> None:
    found = items(newsletters.as_text())

    assert [item.title for item in found] == [news.title for news in newsletters.NEWS]
    assert [item.source for item in found] == [news.source for news in newsletters.NEWS]
    assert [item.author for item in found] == [news.author for news in newsletters.NEWS]
    urls = [[action.url for action in item.actions] for item in found]
    assert urls == [[address for _, address in news.links] for news in newsletters.NEWS]
    assert not any(item.warnings for item in found)


@pytest.mark.parametrize("door", DOORS)
def test_the_same_news_gives_the_same_items_through_every_door(door: str) -> None:
    assert items(DOORS[door]()) == items(newsletters.as_text())
