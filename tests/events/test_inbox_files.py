"""Reports in files and folders: nothing is lost, and nothing is read that is no message."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from returned import gone, reply

from bulletin.errors import InvalidInput
from bulletin.events.inbox import Inbox, open_path, read_file
from bulletin.events.messages import MOST_READ


def everything(inbox: Inbox) -> list[bytes]:
    return [piece.data for batch in inbox.batches() for piece in batch]


def maildir(folder: Path, **messages: bytes) -> Path:
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    for name, message in messages.items():
        (folder / "new" / name).write_bytes(message)
    return folder


def test_new_messages_go_to_cur_once_they_are_put_away(tmp_path: Path) -> None:
    box = maildir(tmp_path / "Maildir", a=gone(), b=reply())
    inbox = open_path(box)
    (batch,) = inbox.batches()
    assert sorted(path.name for path in (box / "new").iterdir()) == ["a", "b"]
    inbox.put_away(batch)
    assert list((box / "new").iterdir()) == []
    assert sorted(path.name for path in (box / "cur").iterdir()) == ["a:2,S", "b:2,S"]
    assert everything(inbox) == []


def test_what_another_program_took_meanwhile_is_nobodys_loss(tmp_path: Path) -> None:
    box = maildir(tmp_path / "Maildir", a=gone(), b=reply())
    inbox = open_path(box)
    batches = list(inbox.batches())
    (box / "new" / "a").unlink()
    inbox.put_away(batches[0])
    assert [path.name for path in (box / "cur").iterdir()] == ["b:2,S"]


def test_links_pipes_and_hidden_files_are_no_messages(tmp_path: Path) -> None:
    box = maildir(tmp_path / "Maildir", a=gone(), **{".hidden": reply()})
    (tmp_path / "secret").write_bytes(b"Subject: secret\n\n")
    (box / "new" / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(box / "new" / "pipe")
    assert everything(open_path(box)) == [gone()]


def test_a_file_holds_one_message_or_as_mbox_many(tmp_path: Path) -> None:
    one = tmp_path / "one.eml"
    one.write_bytes(gone())
    assert everything(open_path(one)) == [gone()]
    many = tmp_path / "many.mbox"
    separator = b"From MAILER-DAEMON Tue Dec  1 08:00:00 2026\n"
    plain = gone().replace(b"\r\n", b"\n")
    many.write_bytes((separator + plain + b"\n") * 120)
    before = many.read_bytes()
    inbox = open_path(many)
    assert [len(batch) for batch in inbox.batches()] == [50, 50, 20]
    assert everything(inbox)[119].strip() == plain.strip()
    inbox.put_away(next(inbox.batches()))
    assert many.read_bytes() == before


def test_no_more_of_a_file_is_read_than_a_report_takes(tmp_path: Path) -> None:
    huge = tmp_path / "huge.eml"
    huge.write_bytes(b"a" * 3 * MOST_READ)
    assert len(read_file(huge)) == MOST_READ


@pytest.mark.parametrize(
    ("name", "said"),
    [("nothing", "There is no file"), ("folder", "no Maildir: it has no folder 'new'")],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InvalidInput, match=said):
        everything(open_path(tmp_path / name))
