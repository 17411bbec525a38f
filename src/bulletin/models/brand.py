"""The brand: a name, a logo and two colours, from which every other colour is mixed."""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass
from functools import cached_property

DEFAULT_COLOUR = "#0b4f4a"
DEFAULT_LINK_COLOUR = "#0b625a"
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3 (requirement 48)

_WHITE = "#ffffff"
NIGHT = "#14191b"  # the page in dark mode
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture above the title. width, height: as shown, in pixels.

    path, url: where it is served, on our pages and for mail programs.
    """

    path: str
    url: str
    width: int
    height: int


@dataclass(frozen=True)
class Palette:
    """The colours of the email, mixed from two, so that any legible pair gives a legible page.

    brand: the band behind the title, headings. link: links. Both as `legible` gives them.
    """

    brand: str = DEFAULT_COLOUR
    link: str = DEFAULT_LINK_COLOUR

    @cached_property
    def bar(self) -> str:
        """The rule above a topic."""
        return _lightened(self.link, by=0.08, saturation=1)

    @cached_property
    def tint(self) -> str:
        """Behind the contents and the notes."""
        return mix(self.brand, _WHITE, 0.93)

    @cached_property
    def eyebrow(self) -> str:
        """Small type on the band: light, and still a little of its colour."""
        return _readable(self.brand, on=self.brand, least=6)

    @cached_property
    def dark_heading(self) -> str:
        return _readable(self.brand, on=NIGHT, least=11)

    @cached_property
    def dark_link(self) -> str:
        return _readable(self.link, on=NIGHT, least=9)

    @cached_property
    def dark_bar(self) -> str:
        return _readable(self.link, on=NIGHT, least=6)

    @cached_property
    def dark_tint(self) -> str:
        return mix(NIGHT, self.dark_heading, 0.1)


@dataclass(frozen=True, slots=True)
class Brand:
    """How the bulletin looks. footer: a line of the sender's own at the end of every copy."""

    palette: Palette = Palette()
    logo: Logo | None = None
    footer: str = ""


def legible(colour: str) -> str:
    """A colour as `#rrggbb` in lower case. Raises ValueError if it is none, or too pale.

    It stands on white and on tints, so it is judged on the darkest tint that there can be.
    """
    value = colour.strip().lower()
    if not _COLOUR.fullmatch(value):
        raise ValueError("must be a colour such as #0b4f4a")
    found = contrast(value, Palette(brand="#000000").tint)
    if found < LEAST_CONTRAST:
        raise ValueError(
            f"{value} has a contrast of {found:.1f}:1 with the page behind it; people with low "
            f"vision need {LEAST_CONTRAST}:1, so choose a darker one"
        )
    return value


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2, contrast ratio)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """`one` with a share of `other` in it, 0 to 1."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _readable(colour: str, *, on: str, least: float) -> str:
    """A lighter and paler colour of the same hue, with at least this contrast on a dark one.

    White, if no lighter one reaches it.
    """
    steps = (_lightened(colour, by=step / 50, saturation=0.6) for step in range(51))
    return next((found for found in steps if contrast(found, on) >= least), _WHITE)


def _lightened(colour: str, *, by: float, saturation: float) -> str:
    red, green, blue = (channel / 255 for channel in _channels(colour))
    hue, lightness, saturated = colorsys.rgb_to_hls(red, green, blue)
    lighter = colorsys.hls_to_rgb(hue, min(1.0, lightness + by), saturated * saturation)
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in lighter)


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        value = channel / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
