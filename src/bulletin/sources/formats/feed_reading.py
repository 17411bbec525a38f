"""The door for feeds alone."""

from __future__ import annotations

from bulletin.models.items import Reading
from bulletin.sources import recognising
from bulletin.sources.formats.decoding import refuse_written_links
from bulletin.sources.formats.feed import read_entries
from bulletin.sources.formats.feed_json import read_json


def read_feed(text: str, url: str = "") -> Reading:
    """The items of RSS, Atom or a JSON feed, one for each entry.

    url: where it came from. Raises InvalidInput for what is no feed, and for one built to do harm.
    """
    refuse_written_links(text)
    if recognising.is_json_feed(text):
        return read_entries(read_json(text))
    # Slow to load: who reads no feed should not wait for what reads one.
    from bulletin.sources.formats.feed_xml import read_xml  # noqa: PLC0415  # slow to load

    return read_entries(read_xml(text, url))
