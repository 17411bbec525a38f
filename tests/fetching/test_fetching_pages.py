"""A whole answer in time, or the reason why there is none."""

from __future__ import annotations

import gzip
import random
import threading
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import Unreachable
from bulletin.fetching import Pace, WebClient
from bulletin.fetching.unpacking import unpacked
from bulletin.models.web import FOR_FEEDS, Page
from local_site import Site

Make = Callable[..., WebClient]
NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def test_a_page_comes_with_its_status_its_headers_and_its_bytes(client: Make, local: Site) -> None:
    local.says("/feed", "<rss/>", Content_Type="text/xml; charset='ISO-8859-1'", ETag='"one"')
    page = client().get(local.url("/feed"), {"If-None-Match": '"none"'})
    assert (page.status, page.body, page.url) == (200, b"<rss/>", local.url("/feed"))
    assert (page.headers["etag"], page.charset, page.moved) == ('"one"', "iso-8859-1", "")
    asked = local.asked[0].headers
    assert asked["User-Agent"] == "Bulletin (tests)"
    assert asked["If-None-Match"] == '"none"'


def test_a_page_says_whether_everybody_can_follow(client: Make, local: Site) -> None:
    """What an installation may ask in a network of its own is not for all readers."""
    local.leads("/in", "/news")
    local.says("/news", "News")
    assert client().get(local.url("/in")).inside
    assert client().head(local.url("/news")).inside


@pytest.mark.parametrize("status", [204, 304, 403, 404, 410, 500])
def test_any_status_is_an_answer(client: Make, local: Site, status: int) -> None:
    local.says("/", status=status)
    assert client().get(local.url()).status == status


def test_a_head_brings_no_body(client: Make, local: Site) -> None:
    local.says("/", "News")
    page = client().head(local.url())
    assert (page.status, page.body) == (200, b"")
    assert [asked.method for asked in local.asked] == ["HEAD"]


def test_redirects_are_followed_and_only_lasting_ones_move_an_address(
    client: Make, local: Site
) -> None:
    local.leads("/old", "/newer", 301)
    local.leads("/newer", local.url("/newest"), 308)
    local.leads("/newest", "/today", 302)
    local.leads("/elsewhere", "/old", 307)
    local.says("/today", "News")
    page = client().get(local.url("/old"))
    assert (page.url, page.moved, page.body) == (local.url("/today"), local.url("/newest"), b"News")
    assert client().get(local.url("/elsewhere")).moved == ""


def test_a_circle_of_redirects_is_named(client: Make, local: Site) -> None:
    local.leads("/a", "/b")
    local.leads("/b", "/a#again")
    with pytest.raises(Unreachable, match=r"round in a circle: .*/a -> .*/b -> .*/a"):
        client().get(local.url("/a"))
    assert len(local.asked) == 2


def test_the_sixth_redirect_is_one_too_many(client: Make, local: Site) -> None:
    for number in range(9):
        local.leads(f"/{number}", f"/{number + 1}")
    local.says("/5", "News")
    assert client().get(local.url("/0")).body == b"News"
    local.leads("/5", "/6")
    with pytest.raises(Unreachable, match="more than 5 times"):
        client().get(local.url("/0"))
    assert local.asked[-1].path == "/5"


@pytest.mark.parametrize(
    ("location", "asked"),
    [("/café?q=ü".encode(), "/caf%C3%A9?q=%C3%BC"), (b"/caf\xe9", "/caf%E9"),
     ("/中 文".encode(), "/%E4%B8%AD%20%E6%96%87")],
)  # fmt: skip
def test_a_redirect_is_followed_in_the_bytes_that_browsers_ask_for(
    client: Make, local: Site, location: bytes, asked: str
) -> None:
    local.leads("/", location.decode("latin-1"))
    client().get(local.url())
    assert local.asked[-1].path == asked


@pytest.mark.parametrize("location", ["http://[::1", "/a\x01b", "https://"])
def test_a_redirect_to_no_address_is_said(client: Make, local: Site, location: str) -> None:
    local.leads("/", location)
    with pytest.raises(Exception, match=r"no (web )?address") as said:
        client().get(local.url())
    assert str(said.value).isprintable()


def test_a_body_without_end_is_cut_off(client: Make, local: Site) -> None:
    sent = 0
    over = threading.Event()

    def endless(request: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        request.send_response(200)
        request.send_header("Content-Length", str(5_000_000_000))
        request.end_headers()
        try:
            while sent < 5_000_000_000:
                sent += request.wfile.write(b"x" * 65_536)
        finally:
            over.set()

    local.does("/", endless)
    with pytest.raises(Unreachable, match="larger than 1 MB"):
        client(most=1_000_000).get(local.url())
    assert over.wait(10)
    assert sent < 20_000_000


def test_a_body_in_crumbs_is_cut_off(
    client: Make, local: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crumbs(request: BaseHTTPRequestHandler) -> None:
        request.protocol_version = "HTTP/1.1"
        request.send_response(200)
        request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        request.wfile.write(b"1\r\nx\r\n" * 200 + b"0\r\n\r\n")

    local.does("/", crumbs)
    assert client().get(local.url()).body == b"x" * 200
    monkeypatch.setattr("bulletin.fetching.client._PIECES", 100)
    with pytest.raises(Unreachable, match="in more pieces"):
        client().get(local.url())


@pytest.mark.parametrize(
    ("packed", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("X-GZIP", gzip.compress)],
)
def test_a_bomb_is_counted_unpacked(
    client: Make, local: Site, packed: str, pack: Callable[[bytes], bytes]
) -> None:
    bomb = pack(bytes(30_000_000))
    assert len(bomb) < 40_000
    local.says("/", bomb, Content_Encoding=packed)
    with pytest.raises(Unreachable, match="larger than 1 MB"):
        client(most=1_000_000).get(local.url())


def test_what_is_packed_is_unpacked(client: Make, local: Site) -> None:
    local.says("/gzip", gzip.compress(b"News"), Content_Encoding="gzip")
    local.says("/deflate", zlib.compress(b"News"), Content_Encoding="deflate")
    assert client().get(local.url("/gzip")).body == b"News"
    assert client().get(local.url("/deflate")).body == b"News"
    assert local.asked[0].headers["Accept-Encoding"] == "gzip, deflate"


def bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS = [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", bare)]


@pytest.mark.parametrize(("packed", "pack"), PACKERS)
def test_what_breaks_off_while_packed_is_no_answer(
    client: Make, local: Site, packed: str, pack: Callable[[bytes], bytes]
) -> None:
    whole = pack(random.Random(1).randbytes(50_000))
    for end in (1, 20, 25_000, len(whole) - 1):
        local.says("/", whole[:end], Content_Encoding=packed)
        with pytest.raises(Unreachable, match="broke off in the middle of a packed answer"):
            client().get(local.url())


@given(st.binary(max_size=2000), st.integers(1, 500), st.sampled_from(PACKERS))
def test_what_is_packed_comes_out_however_it_was_cut(
    data: bytes, size: int, packed: tuple[str, Callable[[bytes], bytes]]
) -> None:
    coding, pack = packed
    whole = pack(data)
    pieces = [whole[start : start + size] for start in range(0, len(whole), size)]
    assert b"".join(unpacked([*pieces, b"what follows"], coding)) == data


@pytest.mark.parametrize(("packed", "pack"), PACKERS)
@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 65_700, 131_072, 200_000])
def test_what_is_packed_comes_out_whole_in_pieces(
    packed: str, pack: Callable[[bytes], bytes], size: int
) -> None:
    pieces = list(unpacked([pack(bytes(size))], packed))
    assert b"".join(pieces) == bytes(size)
    assert max(map(len, pieces)) <= 65_536


def test_an_empty_body_needs_no_unpacking(client: Make, local: Site) -> None:
    local.says("/", b"", Content_Encoding="gzip")
    assert client().get(local.url()).body == b""


@pytest.mark.parametrize("packed", ["br", "zstd", "gzip, gzip", "gzip, " * 40 + "gzip"])
def test_what_was_not_asked_for_is_not_unpacked(client: Make, local: Site, packed: str) -> None:
    local.says("/", b"x", Content_Encoding=packed)
    with pytest.raises(Unreachable, match="is packed as"):
        client().get(local.url())


def test_an_answer_that_cannot_be_unpacked_is_said(client: Make, local: Site) -> None:
    local.says("/", b"no gzip at all", Content_Encoding="gzip")
    with pytest.raises(Unreachable, match="cannot be unpacked"):
        client().get(local.url())


@pytest.mark.parametrize("kind", ["image/png", "VIDEO/mp4", "application/pdf"])
def test_of_what_nothing_reads_only_the_headers_come(client: Make, local: Site, kind: str) -> None:
    local.says("/", b"x" * 2000, Content_Type=kind)
    page = client(most=1000).get(local.url())
    assert (page.status, page.body) == (200, b"")


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nX-", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_byte_at_a_time_is_no_way_round_the_clock(
    client: Make, local: Site, start: bytes
) -> None:
    """Every byte comes well within a second of the last; it is the sum that counts."""

    def drip(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(start)
        while True:
            request.wfile.write(b"x")

    local.does("/", drip)
    seconds = count(step=3)
    with pytest.raises(Unreachable, match="No whole answer came within 20 seconds"):
        client(clock=lambda: float(next(seconds))).get(local.url())


def test_silence_ends_when_the_time_is_up(client: Make, local: Site) -> None:
    over = threading.Event()
    local.does("/", lambda _request: over.wait(20) and None)
    try:
        with pytest.raises(Unreachable, match="in time"):
            client(seconds=0.1).get(local.url())
    finally:
        over.set()


def test_the_time_for_an_answer_holds_for_its_redirects_together(client: Make, local: Site) -> None:
    for number in range(5):
        local.leads(f"/{number}", f"/{number + 1}")
    local.says("/5", "News")
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += 0.4
        return now

    with pytest.raises(Unreachable, match="No whole answer came within 8 seconds"):
        client(clock=clock, seconds=8.0).get(local.url("/0"))


def test_pages_and_links_are_asked_for_as_a_browser_does_and_feeds_as_a_reader_of_feeds_does(
    client: Make, local: Site
) -> None:
    local.says("/", "News")
    client().get(local.url())
    client().head(local.url())
    client().get(local.url(), FOR_FEEDS)
    page, link, feed = (asked.headers["Accept"] for asked in local.asked)
    assert page == link
    assert page.startswith("text/html")
    assert "rss" not in page
    assert feed.startswith("application/atom+xml, application/rss+xml")
    assert "text/html;q=" in feed
    assert 1 < len(local.asked) < 6


@pytest.mark.parametrize(
    "noise",
    [b"", b"\x00\xff" * 50, b"SSH-2.0-Server\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx",
     b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
     b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 40_000,
     b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n"],
)  # fmt: skip
def test_what_is_not_http_is_said_and_nothing_breaks(
    client: Make, local: Site, noise: bytes
) -> None:
    local.does("/", lambda request: request.wfile.write(noise) and None)
    with pytest.raises(Unreachable, match=r"^http://127\.0\.0\.1:\d+/ "):
        client().get(local.url())


def test_a_closed_door_is_said(client: Make, local: Site) -> None:
    url = local.url()
    local.close()
    with pytest.raises(Unreachable, match="could not be connected to"):
        client().get(url)


def test_no_cookie_is_kept(client: Make, local: Site) -> None:
    local.says("/", "News", Set_Cookie="seen=1")
    asking = client()
    asking.get(local.url())
    asking.get(local.url())
    assert "Cookie" not in local.asked[1].headers


def test_what_a_server_called_its_version_goes_back_byte_for_byte(
    client: Make, local: Site
) -> None:
    local.says("/", "News", ETag='"\xe9"')
    asking = client()
    tag = asking.get(local.url()).headers["etag"]
    asking.get(local.url(), {"If-None-Match": tag})
    assert local.asked[1].headers["If-None-Match"] == '"\xe9"'


class Wait:
    """A clock that runs only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_a_host_is_asked_once_a_second_and_others_do_not_wait_for_it() -> None:
    clock = Wait()
    pace = Pace(clock=clock, sleep=clock.sleep)
    for host in ("a.example", "b.example", "a.example", "a.example", "b.example"):
        pace.wait(host)
    assert clock.slept == [1.0, 1.0]


def test_threads_share_the_pace() -> None:
    booked: list[float] = []
    pace = Pace(clock=lambda: 100.0, sleep=booked.append)
    threads = [threading.Thread(target=pace.wait, args=("a.example",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(booked) == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]


@pytest.mark.parametrize(("status", "held"), [(429, True), (503, True), (200, False)])
def test_a_host_that_asks_to_be_left_alone_is(
    client: Make, local: Site, status: int, held: bool
) -> None:
    local.says("/busy", status=status, Retry_After="300")
    clock = Wait()
    asking = client(pace=Pace(0, clock=clock, sleep=clock.sleep))
    assert asking.get(local.url("/busy")).status == status
    if held:
        with pytest.raises(Unreachable, match="left alone for another 300 seconds") as said:
            asking.get(local.url("/busy"))
        assert said.value.retry_after == 300
        clock.now += 300
    assert asking.get(local.url("/busy")).status == status
    assert len(local.asked) == 2


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120.0), ("Mon, 30 Nov 2026 12:02:00 GMT", 120.0),
     ("Mon, 30 Nov 2026 11:00:00 GMT", 0.0), ("soon", None), ("", None), ("-5", None),
     ("Mon, 30 Nov 2026 12:02:00 -0000", None), ("Mon, 30 Nov 2026 12:02:" + "9" * 40, None),
     ("9" * 400, 999_999_999.0)],
)  # fmt: skip
def test_retry_after_is_read_as_seconds_or_a_moment(header: str, seconds: float | None) -> None:
    assert Page("", 503, {"retry-after": header}).retry_after(NOON) == seconds


@given(st.text())
def test_no_retry_after_breaks_anything(header: str) -> None:
    found = Page("", 503, {"retry-after": header}).retry_after(NOON)
    assert found is None or found >= 0
