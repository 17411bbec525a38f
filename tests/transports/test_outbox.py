"""The outbox: copies in a Maildir that any mail program can open, and the page that lists them."""

from __future__ import annotations

import errno
import mailbox
import os
from pathlib import Path

import pytest
from consigned import as_mail, as_meant, consignment, copy_for, letter, only, outcomes, readers

from bulletin.errors import TransportBlocked
from bulletin.models.deliveries import Outcome
from bulletin.transports.outbox import OutboxTransport
from bulletin.transports.outbox_reader import OutboxReader


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "outbox"


def files(folder: Path, name: str) -> list[str]:
    return sorted(path.name for path in (folder / name).iterdir())


def test_any_mail_program_can_read_it(folder: Path) -> None:
    handed = readers(3)
    outcomes(OutboxTransport(folder), handed)
    found = mailbox.Maildir(folder, factory=None, create=False)
    raws = [found.get_bytes(key) for key in sorted(found.keys())]
    for raw, copy in zip(raws, handed.copies, strict=True):
        assert as_mail(raw, [copy.address]) == as_meant(copy)
    assert raws == [handed.mime(copy) for copy in handed.copies]
    assert files(folder, "tmp") == []


def test_the_same_delivery_twice_is_one_file(folder: Path) -> None:
    """So whoever runs a trial again after a crash sees each reader once."""
    outcomes(OutboxTransport(folder), readers(2))
    outcomes(OutboxTransport(folder), readers(2))
    assert len(files(folder, "new")) == 2


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "The disk under the outbox .* is full"),
        (errno.EDQUOT, "The disk under the outbox .* is full"),
        (errno.EIO, "The outbox .* cannot be written: Input/output error"),
    ],
)
def test_a_disk_that_fails_leaves_no_half_a_copy(
    folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    """The first copy is safe, the second is nowhere, the third was not tried."""
    fsync = os.fsync
    synced: list[int] = []

    def failing(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == 2:
            raise OSError(number, os.strerror(number))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", failing)
    sending = OutboxTransport(folder).send(readers(3))
    assert next(sending).outcome is Outcome.SUBMITTED
    with pytest.raises(TransportBlocked, match=sentence) as raised:
        next(sending)
    assert str(folder) in str(raised.value)
    assert files(folder, "new") == ["000000000001.bulletin"]
    assert files(folder, "tmp") == []


def test_a_copy_is_on_the_disk_before_it_counts_as_handed_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    states: list[tuple[list[str], list[str]]] = []
    monkeypatch.setattr(
        os, "fsync", lambda _: states.append((files(folder, "tmp"), files(folder, "new")))
    )
    only(OutboxTransport(folder), readers(1))
    assert states == [(["000000000001.bulletin"], [])]
    assert files(folder, "new") == ["000000000001.bulletin"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "outbox"
    in_the_way.write_text("a file, not a folder")
    with pytest.raises(TransportBlocked, match=f"The outbox {in_the_way} cannot be written"):
        only(OutboxTransport(in_the_way), readers(1))


def test_the_list_shows_the_newest_first_page_by_page(folder: Path) -> None:
    outcomes(OutboxTransport(folder), readers(25))
    reader = OutboxReader(folder)
    pages = [reader.page(number, 10) for number in (1, 2, 3, 4)]
    assert [[int(mail.key) for mail in page.mails] for page in pages] == [
        list(range(25, 15, -1)), list(range(15, 5, -1)), list(range(5, 0, -1)), [],
    ]  # fmt: skip
    assert {page.total for page in pages} == {25}
    newest = pages[0].mails[0]
    assert (newest.to, newest.subject) == (
        "Reader 25 <reader25@school.example>",
        "December for Reader 25",
    )


def test_a_copy_is_shown_decoded_with_its_headers_in_order(folder: Path) -> None:
    copy = copy_for(7, name="Siân O'Brien & <b>")
    outcomes(OutboxTransport(folder), consignment([copy]))
    mail = OutboxReader(folder).read("7")
    assert mail is not None
    assert mail.to == '"Siân O\'Brien & <b>" <reader7@school.example>'
    assert mail.subject == "December for Siân O'Brien & <b>"
    assert "full_name: Siân O'Brien & <b>" in mail.text
    assert "full_name: Siân O&#x27;Brien &amp; &lt;b&gt;" in mail.html
    names = [name for name, _ in mail.headers]
    assert names[0] == "Date"
    assert ("List-Unsubscribe", f"<{copy.list_unsubscribe}>") in mail.headers
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "key",
    ["", "0", "8", "../7", "..", "%2e%2e", "7/../7", "7\n", " 7", "+7", "-7", "7.bulletin", "*",
     "?", "[7]", "７", "٧", "7\0", "9" * 20, "9" * 21, "9" * 100_000, "0x7", "7e0"],
)  # fmt: skip
def test_a_key_that_is_none_opens_nothing(folder: Path, key: str) -> None:
    outcomes(OutboxTransport(folder), readers(1, start=7))
    (folder / "secret.txt").write_text("not a copy")
    assert OutboxReader(folder).read(key) is None


def test_the_keys_of_the_list_open_the_copies(folder: Path) -> None:
    outcomes(OutboxTransport(folder), readers(3))
    reader = OutboxReader(folder)
    for line in reader.page(1, 10).mails:
        mail = reader.read(line.key)
        assert mail is not None
        assert (mail.to, mail.subject) == (line.to, line.subject)


def test_a_copy_that_a_mail_program_has_shown_is_still_there(folder: Path) -> None:
    """Mail programs move what they have shown to cur/ and add flags to its name."""
    outcomes(OutboxTransport(folder), readers(2))
    name = "000000000001.bulletin"
    (folder / "new" / name).rename(folder / "cur" / f"{name}:2,S")
    reader = OutboxReader(folder)
    assert [line.key for line in reader.page(1, 10).mails] == ["2", "1"]
    assert reader.read("1") is not None


@pytest.mark.parametrize("name", ["notes.txt", ".hidden", "1700000000.M1P2.host", "x.bulletin"])
def test_other_files_in_the_folder_are_not_copies(folder: Path, name: str) -> None:
    outcomes(OutboxTransport(folder), readers(1))
    (folder / "new" / name).write_text("not a copy")
    listing = OutboxReader(folder).page(1, 10)
    assert [line.key for line in listing.mails] == ["1"]
    assert listing.total == 1


def test_an_outbox_that_is_not_there_is_empty_and_is_not_made(folder: Path) -> None:
    reader = OutboxReader(folder)
    assert reader.page(1, 10).total == 0
    assert reader.read("1") is None
    assert not folder.exists()


def test_letters_and_copies_with_the_same_number_are_two_files(folder: Path) -> None:
    outcomes(OutboxTransport(folder), readers(2))
    for number in (1, 2):
        only(OutboxTransport(folder), letter(number))
    reader = OutboxReader(folder)
    listing = reader.page(1, 10)
    assert [mail.key for mail in listing.mails] == ["letter2", "letter1", "2", "1"]
    assert listing.total == 4
    found = {mail.key: mail.subject for mail in listing.mails}
    assert found["letter1"] == "One step is left"
    assert found["1"] == "December for Reader 1"
    for mail in listing.mails:
        opened = reader.read(mail.key)
        assert opened is not None
        assert opened.subject == mail.subject


@pytest.mark.parametrize("key", ["letter", "letter9", "letter-1", "letter1/", "LETTER1", "etter1"])
def test_a_key_that_is_no_letters_opens_nothing(folder: Path, key: str) -> None:
    only(OutboxTransport(folder), letter(1))
    assert OutboxReader(folder).read(key) is None
