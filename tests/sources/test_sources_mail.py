"""Mail: a newsletter that somebody received becomes the items in it."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import InvalidInput
from bulletin.models.items import Action, Reading
from bulletin.sources import SourceFormat, read

TWO = """<html><body><div style="display:none;max-height:0px">What the inbox shows</div>
<table width="100%"><tr><td style="font-size:0px"><div style="font-size:13px">
<p><a href="https://keyhole.example/v">View this email in your browser</a></p></div></td></tr>
<tr><td style="font-size:0px;padding:0"><div style="font-size:16px"><h2>Snow days</h2>
<p>Schools should <b>ring</b> first.</p><p><a href="https://eur01.safelinks.protection.outlook.com/\
?url=https%3A%2F%2Fkeyhole.example%2Fsnow&amp;data=05">Read the guidance</a></p>
</div></td></tr><tr><td><h2>Minibus drivers</h2><p>Drivers need a check.</p>
<a href="https://keyhole.example/bus"><img src="cid:1" alt="Read the report"></a>
<a href="https://keyhole.example/photo"><img src="cid:2" alt="A bus in the snow"></a></td></tr>
<tr><td><p>You are receiving this because you signed up.</p>
<p><a href="https://keyhole.example/u">Unsubscribe</a></p><p>1 Example Street</p></td></tr></table>
</body></html>"""
WORDS = "Snow days\n\nSchools should ring first.\n\nMinibus drivers\n\nDrivers need a check.\n"


def mail(text: str = WORDS, html: str = "", **headers: str) -> EmailMessage:
    made = EmailMessage()
    given = {"From": "Keyhole <news@keyhole.example>", "Subject": "Keyhole weekly",
             "Date": "Thu, 28 Mar 2024 23:30:00 +0000", "Message-ID": "<1@k.example>"}  # fmt: skip
    for name, value in (given | headers).items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    return made


def dropped(reading: Reading) -> dict[str, str]:
    return {one.text: one.reason for one in reading.dropped}


def test_the_html_of_a_mail_is_read_without_what_surrounds_its_news() -> None:
    reading = read(mail(html=TWO).as_bytes())

    snow, bus = reading.items
    assert (snow.title, snow.body) == ("Snow days", "Schools should **ring** first.")
    assert (bus.title, bus.body) == ("Minibus drivers", "Drivers need a check.")
    gone = dropped(reading)
    assert gone["What the inbox shows"] == "Hidden in the page."
    assert {"Unsubscribe", "1 Example Street"} <= set(gone)
    assert any("browser" in text for text in gone)


def test_a_layout_with_no_size_of_type_hides_nothing() -> None:
    text = "<h2 style='font-size:20px'>Doors</h2><p style='font-size:16px'>Doors are shut.</p>"
    shown = f"<table><tr><td style='font-size:0'>{text}</td></tr></table>"
    hidden = shown.replace("<h2", "<div style='font-size:0'>Three doors</div><h2")
    assert [item.title for item in read(hidden).items] == ["Doors"]
    assert "Three doors" in dropped(read(hidden))


def test_the_wrapper_that_a_mail_system_put_around_a_link_is_taken_off() -> None:
    snow = read(mail(html=TWO).as_bytes()).items[0]
    assert snow.actions == (Action("Read the guidance", "", "https://keyhole.example/snow"),)


def test_a_button_that_is_a_picture_is_an_action_and_other_pictures_are_none() -> None:
    reading = read(mail(html=TWO).as_bytes())

    assert reading.items[1].actions == (
        Action("Read the report", "", "https://keyhole.example/bus"),
    )
    assert "A bus in the snow https://keyhole.example/photo" in dropped(reading)


def test_who_sent_a_mail_and_when_says_nothing_of_its_news() -> None:
    reading = read(mail(html=TWO).as_bytes())

    assert {(item.source, item.published) for item in reading.items} == {("", None)}
    assert any("news@keyhole.example" in text for text in dropped(reading))


def test_a_mail_of_pictures_is_read_by_its_text() -> None:
    page = '<html><body><img src="cid:1" alt="Our news"></body></html>'
    assert [item.title for item in read(mail(html=page).as_bytes()).items] == [
        "Snow days", "Minibus drivers",
    ]  # fmt: skip


def test_flowing_text_is_made_whole() -> None:
    flowed = (
        "From: a@keyhole.example\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8; format=flowed\n\n"
        "Snow days\n\nSchools should \nring first, and then \nvisit.\nThey may also write.\n"
    )
    (item,) = read(flowed).items
    assert item.body == "Schools should ring first, and then visit.\n\nThey may also write."


def test_flowing_quotes_stay_in_their_depth_and_lines_are_joined_as_the_mail_says() -> None:
    flowed = (
        "From: a@keyhole.example\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; format=flowed; delsp=yes\n\n"
        "Doors\n\nDoors are sh \nut at nine.\n-- \nAda\n"
    )
    assert "Doors are shut at nine." in read(flowed).items[0].body


def test_one_piece_of_news_without_a_heading_is_called_what_the_mail_is() -> None:
    (item,) = read(
        mail("schools should ring first.\n", Subject="Fwd: RE: Snow days").as_bytes()
    ).items

    assert item.title == "Snow days"
    assert "no_heading" not in {warning.code for warning in item.warnings}


def test_mails_that_were_passed_on_as_files_are_read_each() -> None:
    outer = mail("Have a look at these.\n\nAda\n", Subject="Two newsletters")
    outer.add_attachment(mail("Doors\n\nDoors are shut at nine.\n", Subject="One"))
    outer.add_attachment(mail("Keys\n\nKeys are kept safe.\n", Subject="Two"))
    reading = read(outer.as_bytes())

    assert [item.title for item in reading.items] == ["Doors", "Keys"]
    assert any("Have a look" in text for text in dropped(reading))


def test_files_that_came_with_a_mail_are_named() -> None:
    made = mail()
    made.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="Prüfung.pdf")
    assert "import it by itself" in dropped(read(made.as_bytes()))["Prüfung.pdf"]


def test_no_mail_that_was_passed_on_is_lost() -> None:
    outer = mail("Have a look.\n")
    outer.add_attachment(mail("Doors\n\nDoors are shut at nine.\n"))
    picture = b"--q\nContent-Type: image/png\n\nx\n"
    outer.set_boundary("q")
    data = outer.as_bytes().replace(b"--q\n", picture * 400 + b"--q\n", 1)
    assert [item.title for item in read(data).items] == ["Doors"]


def test_a_digest_of_many_mails_with_two_wordings_each_is_read() -> None:
    outer = mail("See these.")
    for number in range(45):
        outer.add_attachment(mail(f"Gate {number} is shut.", f"<p>Gate {number} is shut.</p>"))
    assert len(read(outer.as_bytes()).items) == 45


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-8", "iso-8859-15"])
def test_a_mail_is_read_in_the_charset_that_it_names(charset: str) -> None:
    made = EmailMessage()
    made["From"], made["Message-ID"] = "a@keyhole.example", "<1@k.example>"
    made.set_content("Crème\n\nCafés close at nine.\n", charset=charset, cte="quoted-printable")
    (item,) = read(made.as_bytes()).items
    assert (item.title, item.body) == ("Crème", "Cafés close at nine.")


def test_a_page_saved_as_one_file_is_read_with_the_address_that_it_had() -> None:
    saved = (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://keyhole.example/news/\n"
        "Subject: Keyhole\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; type="text/html"; boundary="x"\n\n--x\n'
        "Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n"
        "Content-Location: https://keyhole.example/news/\n\n"
        "<html><body><h2>Doors</h2><p>Doors are shut at nine.</p>"
        '<p><a href=3D"report.pdf">Read the report</a></p></body></html>\n--x--\n'
    )
    (item,) = read(saved).items
    assert item.actions == (
        Action("Read the report", "", "https://keyhole.example/news/report.pdf"),
    )


def test_text_that_begins_like_a_mail_is_no_mail() -> None:
    pasted = (
        "From: Ada Example\nSent: 3 May 2026\nSubject: News\n\nDoors\n\nDoors are shut at nine."
    )
    assert "Doors are shut at nine." in [item.body for item in read(pasted).items]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"Doors are shut.", "no mail"),
        (b"From: a@b.example\nMIME-Version: 1.0\n\n", "no text in this mail"),
        (mail("\n").as_bytes(), "no text in this mail"),
    ],
)
def test_what_is_no_mail_is_refused_with_what_to_do(data: bytes, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read(data, SourceFormat.MAIL)


PIECES = (
    b"From: a@b.example", b"MIME-Version: 1.0", b"Content-Type: multipart/mixed; boundary=x",
    b"Content-Type: text/html; charset=idna", b"Content-Type: text/plain; format=flowed",
    b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: x-uuencode", b"--x",
    b"--x--", b"", b"begin 644 a", b"Doors are shut.", b"<b>Doors</b>", b"\xff\xfe\x00",
    b"Subject: =?utf-8?q?=ff?= =?x?b?a?=", b"Content-Type: message/rfc822", b" folded",
    b"Content-Disposition: attachment; filename*=x''%ff", b"RG9vcnM=", b">> quoted ",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_any_mail_is_read_or_refused(lines: list[bytes]) -> None:
    try:
        read(b"\n".join([b"From: a@b.example", b"Message-ID: <1@b.example>", *lines]))
    except InvalidInput as error:
        refusal = str(error)
        assert refusal.endswith(".")
