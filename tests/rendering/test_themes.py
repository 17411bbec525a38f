"""Brand and theme: what an organisation may change, and what is refused with file and line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rendered import one, tree

from bulletin.errors import Misconfigured, RenderingError
from bulletin.models.brand import NIGHT, Brand, Logo, Palette, contrast, legible
from bulletin.models.issues import PlacedItem
from bulletin.rendering import (
    Cutter,
    Renderer,
    checked_renderer,
    copy_templates,
    read_logo,
    unused_files,
)
from example_issue import SENDER

ISSUE = one(PlacedItem(id=1, title="An item", body="Words."))


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    """A theme of our own templates in which one text is replaced."""
    copy_templates(folder)
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def html(renderer: Renderer) -> str:
    return Cutter(renderer.compile(ISSUE, SENDER)).whole().html


def test_the_copied_templates_are_a_theme_that_changes_nothing(tmp_path: Path) -> None:
    copy_templates(tmp_path / "theme")
    assert html(checked_renderer(Brand(), tmp_path / "theme")) == html(Renderer())


def test_a_theme_may_hold_only_what_it_changes(tmp_path: Path) -> None:
    changed(tmp_path, "edition.mjml", "In this issue", "Inside")
    (tmp_path / "edition.txt").unlink()
    (tmp_path / "inline.css").unlink()
    assert ">Inside</h2>" in html(checked_renderer(Brand(), tmp_path))


def test_templates_are_never_copied_over_somebodys_work(tmp_path: Path) -> None:
    (tmp_path / "inline.css").write_text("/* mine */")
    with pytest.raises(RenderingError, match=r"inline\.css is there already"):
        copy_templates(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["inline.css"]


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("edition.mjml", "issue.title }}</mj-", "issue.titel }}</mj-", "did you mean 'title'?"),
        ("edition.mjml", "<h2>In this", "<h4>In this", "</h2> closes nothing"),
        ("edition.mjml", "<h1>{{ issue.title }}</h1>", "<h1>{{ issue.title }}", "<h1> is open"),
        ("edition.mjml", "{% if issue.intro.html %}", "{% if issue.intro.html", "end of statement"),
        ("edition.txt", "{{ item.body.text }}", "{{ item.body.text|wrp }}", "wrp"),
        ("inline.css", ".logo {", ".logo { margin }\n.x {", "margin"),
        ("inline.css", "{{ palette.brand }}", "{{ palette.brnd }}", "brnd"),
    ],
)  # fmt: skip
def test_a_broken_theme_is_refused_with_file_and_line(
    tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    theme = changed(tmp_path, name, old, new)
    text = (theme / name).read_text(encoding="utf-8")
    line = text[: text.index(new)].count("\n") + 1
    with pytest.raises(RenderingError) as refused:
        checked_renderer(Brand(), theme)
    said_line = re.match(rf"{re.escape(str(theme / name))}, line (\d+): ", str(refused.value))
    assert said_line, str(refused.value)
    assert abs(int(said_line[1]) - line) <= 1
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("edition.mjml", "<mj-spacer", "<mj-spacr", "no MJML component <mj-spacr>"),
        ("edition.mjml", "{{ issue.unsubscribe_url }}", "#", "issue.unsubscribe_url"),
        ("edition.txt", "{{ issue.unsubscribe_url }}", "", "issue.unsubscribe_url"),
        ("edition.mjml", "{{ mark(item.key, end=True) }}", "", "edition.mjml: The compiled"),
        ("inline.css", "/*", '@import "https://elsewhere.example/";\n/*', "elsewhere"),
    ],
)  # fmt: skip
def test_a_theme_that_would_harm_readers_is_refused(
    tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    """Requirements 28 and 36: nobody may lose the way out."""
    with pytest.raises(RenderingError, match=re.escape(said)):
        checked_renderer(Brand(), changed(tmp_path, name, old, new))


def test_a_misspelt_file_of_a_theme_is_told(tmp_path: Path) -> None:
    copy_templates(tmp_path)
    (tmp_path / "edition.mjml").rename(tmp_path / "editon.mjml")
    assert [path.name for path in unused_files(tmp_path)] == ["editon.mjml"]


def test_a_theme_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RenderingError, match="no folder"):
        checked_renderer(Brand(), tmp_path / "nowhere")


colours = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@given(colours, colours)
def test_every_colour_that_is_accepted_gives_a_legible_page(brand: str, link: str) -> None:
    """Requirement 48: 4.5:1 for text, light and dark."""
    try:
        palette = Palette(legible(brand), legible(link))
    except ValueError as refused:
        assert "contrast" in str(refused)  # noqa: PT017  # a pale colour, and said so
        return
    for on in ("#ffffff", palette.tint):
        assert contrast(palette.brand, on) >= 4.5
        assert contrast(palette.link, on) >= 4.5
    assert contrast(palette.eyebrow, palette.brand) >= 4.5
    assert contrast("#ffffff", palette.brand) >= 4.5
    for dark in (palette.dark_heading, palette.dark_link):
        assert contrast(dark, NIGHT) >= 7
        assert contrast(dark, palette.dark_tint) >= 4.5


@pytest.mark.parametrize(("colour", "said"), [("teal", "#0b4f4a"), ("#77aaaa", "2.2:1")])
def test_a_pale_colour_is_refused_with_its_contrast(colour: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        legible(colour)


def test_the_brands_colours_and_footer_reach_the_email() -> None:
    brand = Brand(Palette("#5b1a6e", "#7a1f3d"), footer="Registered charity 0000000")
    page = html(Renderer(brand))
    assert "#5b1a6e" in page
    assert "#7a1f3d" in page
    assert Palette().brand not in page
    assert "Registered charity 0000000" in page


def test_a_logo_is_an_image_with_the_senders_name_for_alternative() -> None:
    """Requirements 47 and 50c: readable with images off."""
    brand = Brand(
        logo=Logo("/brand/logo.png", "https://bulletin.school.example/brand/logo.png", 120, 40)
    )
    (image,) = tree(html(Renderer(brand))).xpath("//img")
    assert image.get("alt") == SENDER.name
    assert image.get("src") == "https://bulletin.school.example/brand/logo.png"
    assert (image.get("width"), image.get("height")) == ("120", "40")


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000001e0000000a008060000000a1b2c3d0000000049454e44ae426082"
)


def test_a_logo_is_measured_and_shown_small_enough(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(PNG)
    logo = read_logo(path)
    assert (logo.media_type, logo.width, logo.height) == ("image/png", 240, 80)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<svg onload='alert(1)'/>", "no PNG or JPEG"),
        (b"\x89PNG\r\n\x1a\n", "no PNG or JPEG"),
        (PNG + b"\0" * 300_000, "200 KB"),
    ],
)
def test_a_logo_that_mail_programs_would_not_show_is_refused(
    tmp_path: Path, data: bytes, said: str
) -> None:
    """Requirement 59: SVG is refused, whatever it is called."""
    path = tmp_path / "logo.png"
    path.write_bytes(data)
    with pytest.raises(Misconfigured, match=said):
        read_logo(path)


def test_a_logo_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="is no file"):
        read_logo(tmp_path / "logo.png")
