"""Links that count clicks: led to what they hold, else kept with a doubt."""

from __future__ import annotations

import pytest

from bulletin.sources.fields.addresses import inspect

PAGE = "https://keyhole.example/doors?page=2"
HELD = "https%3A%2F%2Fkeyhole.example%2Fdoors%3Fpage%3D2"


@pytest.mark.parametrize(
    "written",
    [
        f"https://click.mail.example/?u={HELD}",
        f"https://mail.example/redirect?url={HELD}&id=7",
        f"https://links.mail.example/a/b?target={HELD}",
        f"https://abc.r.eu-west-1.awstrack.me/CL0/{HELD}/1/0102-0000/x=12",
        f"https://protect.mimecast.com/s/abc?dest={HELD}",
    ],
)
def test_the_address_that_a_counting_link_holds_takes_its_place(written: str) -> None:
    found = inspect(written)
    assert found.url == PAGE
    assert found.warnings == ()
    assert found.dropped


@pytest.mark.parametrize(
    "written",
    ["https://trust.us1.list-manage.com/track/click?u=7f&id=9&e=1",
     "https://u1.ct.sendgrid.net/ls/click?upn=u001.abc", "https://bit.ly/3abcDEF",
     "https://click.mail.example/ls/click?upn=abc"],
)  # fmt: skip
def test_a_link_that_keeps_its_target_to_itself_is_kept_with_a_doubt(written: str) -> None:
    found = inspect(written)
    assert found.url == written
    assert [warning.code for warning in found.warnings] == ["tracked_link"]


@pytest.mark.parametrize(
    "written",
    ["https://keyhole.example/share?url=" + HELD, "https://keyhole.example/login?to=/doors",
     "https://keyhole.example/clicks-of-a-lock", "https://links.keyhole.example/doors",
     "https://keyhole.example/out-of-school", "https://notbit.ly.example/a"],
)  # fmt: skip
def test_other_links_stay_as_they_are(written: str) -> None:
    found = inspect(written)
    assert (found.url, found.warnings) == (written, ())
