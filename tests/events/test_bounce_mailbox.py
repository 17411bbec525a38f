"""The bounce mailbox on an IMAP server: read in bounds, marked once recorded, never in clear."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from pathlib import Path
from traceback import format_exception

import pytest
from returned import gone, reply
from scripted_imap import ImapServer

from bulletin.errors import Misconfigured
from bulletin.events import imap
from bulletin.events.imap import ImapInbox, MailboxUnavailable, imap_server
from bulletin.events.messages import MOST_READ
from certificates import SelfSigned


def pieces(inbox: ImapInbox) -> list[bytes]:
    return [piece.data for batch in inbox.batches() for piece in batch]


def read_all(server: ImapServer) -> list[bytes]:
    inbox = ImapInbox(imap_server(server.url()))
    try:
        return pieces(inbox)
    finally:
        inbox.close()


@pytest.mark.parametrize("plain", [True, False])
def test_unseen_messages_are_read_and_marked_only_when_they_are_put_away(plain: bool) -> None:
    with ImapServer([gone(), reply()], plain=plain) as server:
        inbox = ImapInbox(imap_server(server.url()))
        assert pieces(inbox) == [gone(), reply()]
        assert server.seen == set()
        (batch,) = inbox.batches()
        inbox.put_away(batch)
        assert server.seen == {1, 2}
        assert pieces(inbox) == []
        inbox.close()
    proofs = {True: "\0bounces\0pass word", False: 'LOGIN "bounces" "pass word"'}
    assert proofs[plain] in server.commands
    assert server.commands[-1] == "LOGOUT"


def test_a_name_with_quotes_says_no_more_than_a_name() -> None:
    with ImapServer(plain=False) as server:
        name = 'a"b\\c'.replace('"', "%22").replace("\\", "%5C")
        inbox = ImapInbox(imap_server(server.url().replace("bounces", name)))
        inbox.close()
    assert server.commands[1] == 'LOGIN "a\\"b\\\\c" "pass word"'


def test_of_a_huge_message_only_the_beginning_is_fetched() -> None:
    with ImapServer([gone() + b"x" * 3 * MOST_READ]) as server:
        inbox = ImapInbox(imap_server(server.url()))
        (data,) = pieces(inbox)
        inbox.close()
    assert len(data) == MOST_READ


def test_many_messages_come_a_few_at_a_time() -> None:
    with ImapServer([gone()] * 24) as server:
        inbox = ImapInbox(imap_server(server.url()))
        assert [len(batch) for batch in inbox.batches()] == [10, 10, 4]
        inbox.close()


def test_tls_is_verified(tmp_path: Path) -> None:
    certificate = SelfSigned(tmp_path)
    with ImapServer([gone()], context=certificate.server()) as server:
        wanted = imap_server(server.url(scheme="imaps"))
        inbox = ImapInbox(wanted, certificate.trusting())
        assert pieces(inbox) == [gone()]
        inbox.close()
        with pytest.raises(MailboxUnavailable, match=r"certificate verify failed"):
            ImapInbox(wanted)


@pytest.mark.parametrize(
    "url",
    [
        "imap://bounces:password@mail.school.example/INBOX",
        "https://bounces:password@mail.school.example/INBOX",
        "imaps://mail.school.example/INBOX",
        "imaps://bounces:password@mail.school.example:many/INBOX",
        "imaps://bounces:password@/INBOX",
        "imaps://bounces:password@mail.school.example/IN%22BOX",
        "imaps://bounces:pass%0D%0Aword@mail.school.example/INBOX",
        "imaps://bounces:password@\u2100.com/",
        "imaps://bounces:password@[::1/",
        "imaps://bounces:password@..//",
        f"imaps://bounces:password@{'x' * 64}.example/",
    ],
)
def test_a_mailbox_that_cannot_be_read_safely_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(Misconfigured, match="BULLETIN_BOUNCE_IMAP_URL") as refused:
        imap_server(url)
    said = "".join(format_exception(refused.value)).replace("user:password@", "")
    assert "bounces" not in str(refused.value)
    assert "password@" not in said


def test_what_an_address_of_a_mailbox_means() -> None:
    found = imap_server("imaps://b%40school.example:p%2Fw@mail.school.example/Bounces%20in")
    assert (found.username, found.password, found.port) == ("b@school.example", "p/w", 993)
    assert (found.mailbox, found.tls) == ("Bounces in", True)
    assert "p/w" not in repr(found) + str(found)
    assert imap_server("imaps://b:p@mail.school.example").mailbox == "INBOX"


def _says(words: bytes) -> Callable[[socket.socket, str], None]:
    return lambda connection, _tag: connection.sendall(words)


def _says_to(words: str) -> Callable[[socket.socket, str], None]:
    return lambda connection, tag: connection.sendall(words.format(tag=tag).encode("latin-1"))


def _drips(connection: socket.socket, _tag: str) -> None:
    while True:
        connection.sendall(b"* \r\n" * 2000)


@pytest.mark.parametrize(
    "script",
    [
        {"greeting": _says(b"")},
        {"greeting": _says(b"220 smtp.example ESMTP\r\n")},
        {"greeting": _says(b"\xff\xfe\0\r\n")},
        {"CAPABILITY": _says(b"* BYE no\r\n")},
        {"greeting": _says(b"* OK [CAPABILITY IMAP4rev1 \xff\xfe] hi\r\n")},
        {"CAPABILITY": _says_to("* CAPABILITY IMAP4rev1 \xff\xfe\r\n{tag} OK\r\n")},
        {"SELECT": _says_to("{tag} OK\r\n")},
        {"SELECT": _says_to("* 99999999999 EXISTS\r\n{tag} OK\r\n")},
        {"UID SEARCH": _says_to("* SEARCH {{2}}\r\n12\r\n{tag} OK\r\n")},
        {"AUTHENTICATE": _says(b"+ \r\nnonsense\r\n")},
        {"SELECT": _says(b"")},
        {"UID SEARCH": _says(b"* SEARCH 1 2 x (\r\n")},
        {"UID FETCH": _says(b"* 1 FETCH (UID 1 BODY[]<0> {99999999999}\r\nabc")},
        {"UID FETCH": _says(b"* 1 FETCH (UID 1 BODY[]<0> {50}\r\nabc")},
        {"UID FETCH": _drips},
    ],
    ids=["hangs up", "no IMAP", "garbage", "goodbye", "greeted in other letters",
         "offers other letters", "no count", "no such count", "a list by length", "nonsense",
         "dies", "half a list", "claims too much", "half a message", "never ends"],
)  # fmt: skip
def test_a_server_that_misbehaves_is_survived_and_said(script: dict[str, object]) -> None:
    said = r"The mailbox INBOX of bounces .* cannot be"
    served = ImapServer([gone()], script=script)  # type: ignore[arg-type]  # as in _says
    with served as server, pytest.raises(MailboxUnavailable, match=said):
        read_all(server)


def test_a_server_that_takes_for_ever_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """It meets no timeout of the socket's, since something comes now and then."""
    monkeypatch.setattr(imap, "MOST_SECONDS", 0.2)

    def trickles(connection: socket.socket, _tag: str) -> None:
        connection.settimeout(0.02)
        while True:
            connection.sendall(b"*")
            try:
                if not connection.recv(1):
                    return
            except TimeoutError:
                continue

    served = ImapServer([gone()], script={"SELECT": trickles})
    with served as server, pytest.raises(MailboxUnavailable):
        ImapInbox(imap_server(server.url()))


def test_a_slow_server_is_left_with_thanks_and_the_rest_waits_for_the_next_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(imap, "_ENOUGH", -1.0)
    with ImapServer([gone()]) as server:
        assert read_all(server) == []


def test_a_look_ends_before_whoever_stops_us_loses_patience() -> None:
    units = Path(__file__).parents[2] / "deploy" / "systemd"
    said = [unit.read_text() for unit in units.glob("*.service")]
    patience = [int(n) for text in said for n in re.findall(r"TimeoutStopSec=(\d+)", text)]
    assert patience
    assert min(patience) >= imap.MOST_SECONDS + imap._MARKING + 30


@pytest.mark.parametrize(
    ("password", "words", "said"),
    [
        ("a", "bounces may not sign in with a", "is left out here, as the password is in it"),
        ("pass%20word", "no pass word of ours", "is left out here, as the password is in it"),
        ("pass%22word", 'no "pass\\"word" of ours', "is left out here, as the password is in it"),
        ("pass", "AGJvdW5jZXMAcGFzcw== is wrong", "is left out here, as the password is in it"),
        ("pass", "bounces may not sign in", "cannot be read: bounces may not sign in."),
    ],
)
def test_a_refused_login_is_said_without_the_password(password: str, words: str, said: str) -> None:
    """Putting something else in its place would show where a short one was."""

    def refuses(connection: socket.socket, tag: str) -> None:
        connection.sendall(b"+ \r\n")
        connection.recv(1000)
        connection.sendall(f"{tag} NO {words}\r\n".encode())

    with (
        ImapServer(script={"AUTHENTICATE": refuses}) as server,
        pytest.raises(MailboxUnavailable, match=re.escape(said)),
    ):
        ImapInbox(imap_server(server.url(password=password)))


def test_a_mailbox_may_hold_more_than_one_answer_can_name() -> None:
    """The library takes no line of more than 1,000,000 bytes: 150,000 numbers are more."""
    with ImapServer([gone()] * 150_000) as server:
        server.seen |= set(range(1, 149_999))
        inbox = ImapInbox(imap_server(server.url()))
        assert [[piece.reference for piece in batch] for batch in inbox.batches()] == [
            ["149999", "150000"]
        ]
        server.seen.clear()
        assert [piece.reference for piece in next(inbox.batches())][:2] == ["1", "2"]
        inbox.close()


def _breaks_off_once(server: ImapServer, numbering: int) -> None:
    def breaks(_connection: socket.socket, _tag: str) -> None:
        server.script.clear()
        server.numbering = numbering

    server.script["UID STORE"] = breaks


def test_a_connection_that_is_gone_is_made_anew_to_mark_what_is_on_record() -> None:
    """Otherwise the next look would begin with the same messages, for good."""
    with ImapServer([gone()] * 12) as server:
        _breaks_off_once(server, numbering=1)
        inbox = ImapInbox(imap_server(server.url()))
        for batch in inbox.batches():
            inbox.put_away(batch)
        inbox.close()
    assert server.seen == set(range(1, 13))


def test_nothing_is_marked_by_numbers_that_mean_other_messages_by_now() -> None:
    """RFC 3501 section 2.3.1.1."""
    with ImapServer([gone()]) as server:
        _breaks_off_once(server, numbering=2)
        inbox = ImapInbox(imap_server(server.url()))
        (batch,) = inbox.batches()
        with pytest.raises(MailboxUnavailable):
            inbox.put_away(batch)
        inbox.close()
    assert server.seen == set()


def test_nobody_there_is_said() -> None:
    with ImapServer() as server:
        url = server.url()
    with pytest.raises(MailboxUnavailable, match="refused"):
        ImapInbox(imap_server(url))
