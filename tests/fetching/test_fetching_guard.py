"""Only public addresses are asked, whatever a name leads to and however it is written."""

from __future__ import annotations

import threading
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bulletin.errors import AddressRefused, BulletinError, Unreachable
from bulletin.fetching import WebClient
from bulletin.fetching.guard import Guard, read_address
from bulletin.fetching.networks import wrong_with
from certificates import SelfSigned
from local_site import Site, site

Make = Callable[..., WebClient]

REFUSED = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "2002:7f00:1::",
    "2002:808:808::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "100::1",
    "fc00::1",
    "fd00::1",
    "fd00:ec2::254",
    "fd00:c1::a9fe:a9fe",
    "fd00:42::42",
    "::ffff:168.63.129.16",
    "64:ff9b::a83f:8110",
    "fd20:ce::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
PUBLIC = ["8.8.8.8", "151.101.0.81", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert wrong_with(ip_address(address), []) != ""


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_asked(address: str) -> None:
    assert wrong_with(ip_address(address), []) == ""


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "::ffff:169.254.169.254", "0.0.0.0", "224.0.0.1", "255.255.255.255",
     "100.100.100.200", "168.63.129.16", "::ffff:168.63.129.16", "192.0.0.192", "fe80::1",
     "fd00:ec2::254", "fd00:42::42", "ff02::1", "::"],
)  # fmt: skip
def test_no_setting_opens_what_machines_ask_about_themselves(address: str) -> None:
    everything = [ip_network("0.0.0.0/0"), ip_network("::/0")]
    assert wrong_with(ip_address(address), everything) != ""


def test_a_network_of_ones_own_is_opened_and_no_other() -> None:
    intranet = [ip_network("10.1.2.0/24"), ip_network("fd12:3456::/32")]
    assert wrong_with(ip_address("10.1.2.7"), intranet) == ""
    assert wrong_with(ip_address("::ffff:10.1.2.7"), intranet) == ""
    assert wrong_with(ip_address("fd12:3456::7"), intranet) == ""
    assert wrong_with(ip_address("10.1.3.7"), intranet) != ""


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_is_judged_alike_however_ipv6_wraps_it(number: int) -> None:
    bare = wrong_with(IPv4Address(number), [])
    for prefix in ("::ffff:0:0", "64:ff9b::"):
        wrapped = IPv6Address(int(IPv6Address(prefix)) | number)
        assert wrong_with(wrapped, []) == bare


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433/", "http://0x7f.1/", "http://0x7f000001/", "http://0177.0.0.1/",
        "http://127.1/", "http://news.example.127/", "http://1.2.3.4.5/", "http://256.1.1.1/",
        "http://127.0.0.1\\@news.example/", "http://news.example\\.school.example/",
        "http://%31%32%37.0.0.1/", "http://１２７.0.0.1/", "http://ⓛocalhost/",
        "http://[::1%25eth0]/", "http://[::1", "http://news..example/", "http://a b.example/",
        "http://", "http:news.example", "//news.example/", "news.example", "", "http://x:99999999/",
        "ftp://news.example/", "file:///etc/passwd", "gopher://news.example/", "javascript:1",
        "http://news.example/\r\nHost: other.example", "http://news.example/" + "x" * 3000,
        "http://dsl:secret@news.example/", "http://dsl@news.example/", "http://\ud800.example/",
    ],
)  # fmt: skip
def test_what_is_written_to_mislead_is_no_address(url: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        read_address(url)
    assert "secret" not in str(refused.value)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("text", ["news.example", "guidance.example/news?a=b", "news.example:8000"])
def test_of_a_site_without_its_scheme_the_whole_address_is_offered(text: str) -> None:
    with pytest.raises(AddressRefused, match="Did you mean https://") as refused:
        read_address(text)
    assert str(refused.value).endswith(f" Did you mean https://{text}?")


@pytest.mark.parametrize("text", ["news", "ftp://news.example/", "a.b@news.example", "127.1", ""])
def test_nothing_is_offered_for_what_is_no_site(text: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        read_address(text)
    assert "Did you mean" not in str(refused.value)


@given(st.text() | st.from_regex(r"https?://[^/]{0,30}/.{0,20}"))
@example("http://a:-1/")
@example("http://[v1.x]/")
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        url = read_address(text)
    except AddressRefused:
        return
    assert url.scheme in {"http", "https"}
    assert url.raw_host


def test_an_address_is_asked_without_its_fragment_and_the_dot_of_its_host() -> None:
    assert str(read_address("HTTPS://News.Example./a?b=1#c")) == "https://news.example/a?b=1"
    assert str(read_address("http://bücher.example/ä")) == "http://xn--bcher-kva.example/%C3%A4"


@pytest.mark.parametrize(
    "answers",
    [
        ["169.254.169.254"], ["::ffff:127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"], ["fe80::1%eth0"],
        ["8.8.8.8", "10.0.0.1"], ["2606:4700::1111", "::1"], ["gibberish"],
    ],
)  # fmt: skip
def test_a_name_that_leads_to_one_forbidden_address_is_refused_by_name_and_address(
    client: Make, answers: list[str]
) -> None:
    asking = client(private=[], resolve=lambda _host, _port: answers)
    with pytest.raises(AddressRefused, match=r"news\.example is not asked: it leads to") as refused:
        asking.get("http://news.example/")
    assert answers[-1] in str(refused.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://[::1]/", "http://[::ffff:7f00:1]/", "http://127.0.0.1./",
            "http://127。0。0。1/", "http://169.254.169.254/latest/meta-data/"]
)  # fmt: skip
def test_a_forbidden_address_is_refused_without_being_looked_up(client: Make, url: str) -> None:
    def never(_host: str, _port: int) -> list[str]:
        pytest.fail("it was looked up")

    with pytest.raises(AddressRefused, match="is not asked"):
        client(private=[], resolve=never).get(url)


def test_a_name_is_looked_up_once_so_it_cannot_lead_elsewhere_afterwards(
    client: Make, local: Site
) -> None:
    local.says("/", "News")
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    asked: list[tuple[str, int]] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return answers[len(asked) - 1]

    asking = client(resolve=rebinding)
    assert asking.get(local.url(host="news.example")).body == b"News"
    assert asked == [("news.example", local.port)]
    assert local.asked[0].headers["Host"] == f"news.example:{local.port}"
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
        asking.get(local.url(host="news.example"))


def test_the_next_address_of_a_host_is_tried_when_one_does_not_answer(
    client: Make, local: Site
) -> None:
    local.says("/", "News")
    asking = client(
        private=[ip_network("127.0.0.0/8")], resolve=lambda *_: ["127.0.0.9", "127.0.0.1"]
    )
    assert asking.get(local.url(host="news.example")).status == 200


def test_every_redirect_is_judged_as_the_first_address_was(client: Make, local: Site) -> None:
    for number, target in enumerate(
        ["http://169.254.169.254/latest/", "http://intranet.example/", "file:///etc/passwd",
         "http://dsl:secret@127.0.0.1/", "//10.0.0.1/", "http://0x7f.1/"]
    ):  # fmt: skip
        local.leads(f"/{number}", target)
        asking = client(resolve=lambda host, _port: ["10.9.8.7"])
        with pytest.raises(AddressRefused):
            asking.get(local.url(f"/{number}"))
        with pytest.raises(AddressRefused):
            asking.head(local.url(f"/{number}"))


def test_ports_are_those_of_web_pages_unless_the_network_is_ones_own() -> None:
    guard = Guard([ip_network("10.1.2.0/24")], lambda *_: ["8.8.8.8"])
    for port in (80, 443, 8000, 8080, 8999):
        assert guard.addresses("news.example", port, 1) == ["8.8.8.8"]
    for port in (0, 22, 25, 6379, 7999, 9000, 65535):
        with pytest.raises(AddressRefused, match=f"at port {port}"):
            guard.addresses("news.example", port, 1)
    assert guard.addresses("10.1.2.3", 3000, 1) == ["10.1.2.3"]
    with pytest.raises(AddressRefused, match="at port 25"):
        guard.addresses("10.1.2.3", 25, 1)


def test_a_name_that_leads_nowhere_or_takes_too_long_is_said(client: Make) -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise OSError("Name or service not known")

    with pytest.raises(Unreachable, match=r"No site has the name nowhere\.example"):
        client(resolve=unknown).get("http://nowhere.example/")
    with pytest.raises(Unreachable, match="leads nowhere"):
        client(resolve=lambda *_: []).get("http://nowhere.example/")


def test_nobody_waits_for_a_look_up_that_takes_longer_than_the_answer_may(client: Make) -> None:
    let_go = threading.Event()

    def slow(_host: str, _port: int) -> list[str]:
        let_go.wait(20)
        return ["127.0.0.1"]

    try:
        with pytest.raises(Unreachable, match="not found in time"):
            client(resolve=slow, seconds=0.05).get("http://slow.example/")
    finally:
        let_go.set()


def test_a_certificate_must_be_for_the_name_that_was_asked(client: Make, tmp_path: Path) -> None:
    ours = SelfSigned(tmp_path, "news.example")
    with site(ours.server()) as secure:
        secure.says("/", "News")
        asking = client(context=ours.trusting(), resolve=lambda *_: ["127.0.0.1"])
        assert asking.get(secure.url(host="news.example")).body == b"News"
        with pytest.raises(Unreachable, match="certificate"):
            asking.get(secure.url(host="other.example"))


def test_a_way_from_https_to_http_is_not_gone(client: Make, local: Site, tmp_path: Path) -> None:
    ours = SelfSigned(tmp_path, "news.example")
    with site(ours.server()) as secure:
        secure.leads("/", local.url("/plain"))
        asking = client(context=ours.trusting(), resolve=lambda *_: ["127.0.0.1"])
        with pytest.raises(AddressRefused, match="from https to"):
            asking.get(secure.url(host="news.example"))
    assert local.asked == []


def test_no_proxy_of_the_environment_comes_between(
    client: Make, local: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url())
        local.says("/", "News")
        assert client().get(local.url()).body == b"News"
        assert proxy.asked == []


def test_every_refusal_is_a_sentence_for_a_person(client: Make) -> None:
    with pytest.raises(BulletinError) as refused:
        client(private=[]).get("http://10.1.2.3/")
    assert "BULLETIN_FETCH_PRIVATE" in str(refused.value)


@pytest.mark.parametrize(
    ("address", "public"),
    [("9.9.9.9", True), ("2620:fe::fe", True), ("127.0.0.1", False), ("::ffff:10.0.0.1", False)],
)
def test_what_may_be_asked_here_is_told_from_what_everybody_may_ask(
    address: str, public: bool
) -> None:
    allowed = Guard([ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8")], lambda *_: [address])
    assert allowed.addresses("news.example", 80, 1) == [address]
    assert allowed.is_public(address) is public
