"""Feeds: each entry is exactly one item, with what the feed says of it and nothing else."""

from __future__ import annotations

import json
from datetime import date

import pytest

from bulletin.errors import InvalidInput
from bulletin.models.items import Action, ItemDraft
from bulletin.sources import SourceFormat, read

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Keyhole &amp;amp; Co</title><link>https://keyhole.example/</link>
<description>All about doors</description>
<item><title>Doors &amp;amp; keys</title><link>https://keyhole.example/doors</link>
<guid isPermaLink="false">k-1</guid><pubDate>Thu, 28 Mar 2024 23:30:00 -0500</pubDate>
<dc:creator>Jo Example</dc:creator><category>Doors</category>
<description>Doors should be shut &amp;hellip;</description>
<content:encoded><![CDATA[<p>Schools should <b>shut</b> doors.&nbsp;They may not.</p>
<ul><li>one</li><li>two</li></ul><h3>Background</h3><p>It is an old rule.</p>
<p><a href="/r.pdf">Read the report</a></p>
<p>The post <a href="https://keyhole.example/doors">Doors</a> appeared first on
<a href="https://keyhole.example">Keyhole</a>.</p>]]></content:encoded></item>
<item><title>Windows</title><link>https://keyhole.example/windows</link>
<author>ada@keyhole.example (Ada Example)</author><category>a</category><category>b</category>
<description>&lt;p&gt;Windows stay open because the air is bad [&amp;#8230;]&lt;/p&gt;
&lt;p&gt;&lt;a href="https://keyhole.example/windows"&gt;Read more&lt;/a&gt;&lt;/p&gt;</description>
</item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Keyhole</title>
<updated>2026-05-04T08:00:00Z</updated>
<entry><id>tag:1</id><title type="html">Doors &lt;em&gt;and&lt;/em&gt; keys</title>
<link href="https://keyhole.example/doors"/><published>2026-05-03T23:30:00-05:00</published>
<updated>2026-05-09T00:00:00Z</updated><author><name>Jo Example</name></author>
<author><name>Sam Specimen</name></author><category term="x" label="Doors"/>
<content type="html">&lt;p&gt;Doors are shut at nine.&lt;/p&gt;</content></entry>
<entry><id>tag:2</id><title>Windows</title><link href="https://keyhole.example/windows"/>
<updated>2026-05-02T12:00:00Z</updated><summary>Windows stay open.</summary>
<source><title>Glass Gazette</title></source></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://keyhole.example/"><title>Keyhole</title></channel>
<item rdf:about="https://keyhole.example/doors"><title>Doors</title>
<link>https://keyhole.example/doors</link><dc:date>2026-05-03T08:00:00+01:00</dc:date>
<description>Doors are shut at nine.</description></item></rdf:RDF>"""
JSON = json.dumps({
    "version": "https://jsonfeed.org/version/1.1", "title": "Keyhole", "description": "Of doors",
    "items": [
        {"id": 7, "url": "https://keyhole.example/doors", "title": "Doors",
         "content_html": "<p>Doors are <i>shut</i> at nine.</p>", "tags": ["Doors"],
         "date_published": "2026-05-03T08:00:00+01:00", "authors": [{"name": "Jo Example"}]},
        {"id": "8", "url": "https://keyhole.example/x", "title": "Windows",
         "content_text": "Windows stay open.\n\nAll day long.",
         "date_modified": "2026-05-02T08:00:00Z",
         "attachments": [{"url": "https://keyhole.example/talk.mp3", "mime_type": "audio/mpeg"}]},
        "no object",
    ],
})  # fmt: skip


def items(feed: str | bytes) -> list[ItemDraft]:
    return list(read(feed).items)


def codes(item: ItemDraft) -> set[str]:
    return {warning.code for warning in item.warnings}


def test_an_entry_of_rss_is_one_item_with_all_that_it_says() -> None:
    doors, _ = items(RSS.encode())

    assert doors.title == "Doors & keys"
    assert doors.body == (
        "Schools should **shut** doors. They may not.\n\n- one\n- two\n\n**Background**\n\n"
        "It is an old rule."
    )
    assert (doors.source, doors.author, doors.topic) == ("Keyhole & Co", "Jo Example", "Doors")
    assert doors.actions == (
        Action("Read the report", "", "https://keyhole.example/r.pdf"),
        Action("Read more", "Doors & keys", "https://keyhole.example/doors"),
    )
    assert doors.warnings == ()


def test_the_date_is_that_of_the_feeds_own_zone() -> None:
    assert items(RSS)[0].published == date(2024, 3, 28)
    assert items(ATOM)[0].published == date(2026, 5, 3)


def test_what_a_feed_adds_to_its_entries_is_dropped_with_reasons() -> None:
    reading = read(RSS)

    dropped = {one.text: one.reason for one in reading.dropped}
    assert "The post Doors appeared first on Keyhole." in dropped
    assert {"Read more", "All about doors"} <= set(dropped)
    assert "appeared" not in repr(reading.items)


def test_an_excerpt_that_breaks_off_carries_a_doubt() -> None:
    _, windows = items(RSS)

    assert windows.body == "Windows stay open because the air is bad…"
    assert "truncated" in codes(windows)
    assert (windows.author, windows.published) == ("Ada Example", None)


def test_what_a_feed_adds_to_the_end_of_a_paragraph_is_dropped_as_well() -> None:
    added = "The post <a href='https://d.example/1'>Doors</a> appeared first on Keyhole."
    text = f"Doors stay open because the air [&#8230;] {added}".replace("<", "&lt;")
    entry = f"<item><title>Doors</title><description>{text}</description></item>"
    reading = read(f"<rss version='2.0'><channel><title>Key</title>{entry}</channel></rss>")

    assert reading.items[0].body == "Doors stay open because the air…"
    assert "truncated" in codes(reading.items[0])
    assert [one.text for one in reading.dropped] == ["The post Doors appeared first on Keyhole."]


def test_the_first_category_of_an_entry_is_its_topic_and_the_others_are_said() -> None:
    reading = read(RSS)

    assert [item.topic for item in reading.items] == ["Doors", "a"]
    assert "b" in {one.text for one in reading.dropped if one.reason.startswith("Further categ")}


def test_atom_gives_several_authors_and_the_source_that_an_entry_was_taken_from() -> None:
    doors, windows = items(ATOM)

    assert (doors.title, doors.author, doors.topic) == (
        "Doors and keys", "Jo Example, Sam Specimen", "Doors",
    )  # fmt: skip
    assert (doors.source, windows.source) == ("Keyhole", "Glass Gazette")


def test_a_date_of_change_stands_in_for_that_of_publication_with_a_doubt() -> None:
    doors, windows = items(ATOM)

    assert windows.published == date(2026, 5, 2)
    assert "unsure_date" in codes(windows)
    assert "unsure_date" not in codes(doors)


def test_rdf_is_read_and_its_date_is_no_change() -> None:
    (doors,) = items(RDF)

    assert (doors.title, doors.published) == ("Doors", date(2026, 5, 3))
    assert "unsure_date" not in codes(doors)


def test_a_json_feed_is_read_like_any_other() -> None:
    reading = read(JSON)
    doors, windows = reading.items

    assert (doors.body, doors.author, doors.topic) == (
        "Doors are *shut* at nine.", "Jo Example", "Doors",
    )  # fmt: skip
    assert windows.body == "Windows stay open.\n\nAll day long."
    assert "https://keyhole.example/talk.mp3" in {action.url for action in windows.actions}
    assert "unsure_date" in codes(windows)
    assert (reading.title, reading.origins) == ("Keyhole", ("7", "8"))


def test_entries_are_known_by_what_the_feed_calls_them() -> None:
    assert read(RSS).origins == ("k-1", "https://keyhole.example/windows")


@pytest.mark.parametrize(
    ("damage", "title"),
    [
        ("Doors & keys", "Doors & keys"),
        ("Doors &nbsp;&mdash; keys", "Doors — keys"),
        ("Doors &keys;", "Doors &keys;"),
        ("Doors <b>and</i> keys", "Doors and keys"),
        ("Doors\x0b\x01 and keys", "Doors and keys"),
    ],
)
def test_small_faults_of_a_feeds_xml_are_mended(damage: str, title: str) -> None:
    item = f"<item><title>{damage}</title><description>Shut them.</description></item>"
    (found,) = items(f"<rss version='2.0'><channel><title>K</title>{item}</channel></rss>")
    assert found.title == title


def test_a_feed_in_another_charset_is_read_by_what_it_declares() -> None:
    feed = (
        "<?xml version='1.0' encoding='ISO-8859-1'?><rss version='2.0'><channel><title>Café</title>"
    )
    end = "<item><title>Crème</title></item></channel></rss>"
    (found,) = items((feed + end).encode("latin-1"))
    assert (found.title, found.source) == ("Crème", "Café")


def test_of_a_feed_only_the_newest_thousand_entries_are_read_and_the_others_named() -> None:
    entries = "".join(f"<item><title>Number {n}</title></item>" for n in range(1003))
    reading = read(f"<rss version='2.0'><channel><title>K</title>{entries}</channel></rss>")

    assert len(reading.items) == 1000
    assert [one.text for one in reading.dropped][-1] == "Number 1002"


def test_of_older_entries_a_thousand_are_named_and_the_others_counted() -> None:
    entries = [{"id": str(n), "title": f"Number {n}"} for n in range(2100)]
    reading = read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": entries}))

    assert len(reading.items) == 1000
    assert [one.text for one in reading.dropped][-2:] == ["Number 1999", "100 more entries"]


def test_of_a_feed_no_more_lines_are_read_than_of_a_newsfeed() -> None:
    entry = {"title": "Doors", "content_text": "\n" * 6000}
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [entry] * 4}
    reading = read(json.dumps(feed))

    assert len(reading.items) == 3
    assert [one.text for one in reading.dropped] == ["Doors"]


def test_spaces_without_end_are_gone_through_once() -> None:
    spaces = "\n" * 100_000 + " \n" * 50_000
    entry = f"<entry><content type='xhtml'>{spaces}<div>Doors are shut.</div></content></entry>"
    (found,) = items(f"{ATOM.partition('<entry>')[0]}{entry}</feed>")
    assert found.body == "Doors are shut."


def test_names_with_marks_of_html_are_plain() -> None:
    feed = json.loads(JSON)
    feed["items"][0] |= {
        "title": "Doors<br>&amp; <b>keys</b>", "authors": [{"name": "<i>Jo</i> Example"}],
        "tags": ["<b>Rooms</b>"],
    }  # fmt: skip
    doors = items(json.dumps(feed))[0]
    assert (doors.title, doors.author, doors.topic) == ("Doors & keys", "Jo Example", "Rooms")


def test_places_on_a_map_are_not_read() -> None:
    place = "<georss:polygon>" + "1 2 " * 50_000 + "</georss:polygon>"
    (found,) = items(f"<rss><channel><item><title>Doors</title>{place}</item></channel></rss>")
    assert (found.title, found.body) == ("Doors", "")


def test_what_no_item_has_a_place_for_is_named() -> None:
    spaces = "xmlns:i='urn:itunes' xmlns:d='urn:dcterms' xmlns:p='urn:podcast'"
    entry = (
        "<title>Doors</title><i:keywords>locks, keys</i:keywords><d:audience>Carers</d:audience>"
        "<p:transcript url='https://keyhole.example/a.vtt' type='text/vtt'/>"
    )
    feed = f"<rss {spaces} version='2.0'><channel><item>{entry}</item></channel></rss>"
    assert {one.text: one.reason for one in read(feed).dropped} == {
        "locks, keys": "Words for search engines.",
        "Carers": "Whom the feed names as readers of its entries.",
        "https://keyhole.example/a.vtt": "The text of a recording, where the feed has it.",
    }


def authors(number: int) -> str:
    return "".join(f"<author><name>Author {n}</name></author>" for n in range(number))


def test_of_a_crowd_of_authors_a_hundred_are_read_and_the_others_named() -> None:
    feed = ATOM.replace("</entry>", f"{authors(101)}</entry>", 1)
    names = [{"name": f"Author {n}"} for n in range(101)]
    other = json.loads(JSON)
    other["items"][0]["authors"] = names

    for written in (feed, json.dumps(other)):
        reading = read(written)
        assert reading.items[0].author.count(", ") == 99
        assert any("Author 100" in one.text for one in reading.dropped)


def test_categories_beyond_twenty_are_named_and_not_read() -> None:
    many = "".join(f"<category>Number {n}</category>" for n in range(50))
    reading = read(f"<rss><channel><item><title>Doors</title>{many}</item></channel></rss>")
    assert [item.title for item in reading.items] == ["Doors"]
    assert any("Number 49" in one.text for one in reading.dropped)


def test_files_beyond_twenty_are_named_and_not_read() -> None:
    files = "".join(f"<enclosure url='https://keyhole.example/{n}.pdf'/>" for n in range(21))
    reading = read(f"<rss><channel><item><title>Doors</title>{files}</item></channel></rss>")

    assert len(reading.items[0].actions) == 20
    assert "https://keyhole.example/20.pdf" in [one.text for one in reading.dropped]


def test_a_prefix_that_a_feed_does_not_declare_means_what_it_means_elsewhere() -> None:
    item = "<dc:creator>Jo Example</dc:creator><other:thing other:x='1'>A</other:thing>"
    (found,) = items(f"<rss><channel><item><title>Doors</title>{item}</item></channel></rss>")
    assert found.author == "Jo Example"


@pytest.mark.parametrize(
    "text",
    ["<html><body>Doors</body></html>", "Doors are shut.", '{"items": []', "<x></x>",
     '{"version": "https://jsonfeed.org/version/1.1"}',
     '{"version": "https://jsonfeed.org/version/1.1", "items": ' + "[" * 100_000],
)  # fmt: skip
def test_what_is_no_feed_is_refused_when_a_feed_is_asked_for(text: str) -> None:
    with pytest.raises(InvalidInput, match="feed"):
        read(text, SourceFormat.FEED)


def test_an_empty_feed_has_no_items_and_keeps_its_name() -> None:
    reading = read("<rss version='2.0'><channel><title>Keyhole</title></channel></rss>")
    assert (reading.items, reading.title) == ((), "Keyhole")


def test_characters_that_steer_or_cannot_be_written_reach_no_item() -> None:
    """A JSON feed writes any character as an escape; RSS and pages write some as entities."""
    evil = "Do\ud800ors\u202e \x1bopen"
    entry = {
        "id": "1",
        "title": evil,
        "content_text": f"{evil} wide again.",
        "tags": [evil],
        "url": "https://a.example",
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Keys", "items": [entry]}
    (item,) = read(json.dumps(feed).encode(), SourceFormat.FEED).items
    assert (item.title, item.topic) == ("Doors open", "Doors open")
    assert item.body == "Doors open wide again."
    (item,) = read("Doors &#8238;open\n\nThey were shut for a week, and now they are open.").items
    assert item.title == "Doors open"
