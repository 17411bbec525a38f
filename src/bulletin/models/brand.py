"""The brand: a name, a logo and two colours, from which every other colour is mixed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

DEFAULT_COLOUR = "#0b4f4a"
DEFAULT_LINK_COLOUR = "#0b625a"
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3 (requirement 48)

_WHITE = "#ffffff"
_NIGHT = "#14191b"  # the page in dark mode
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture above the title. url: where it is served; width, height: as shown, in pixels."""

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
        return mix(self.link, _WHITE, 0.15)

    @cached_property
    def tint(self) -> str:
        """Behind the contents and the notes."""
        return mix(self.brand, _WHITE, 0.93)

    @cached_property
    def eyebrow(self) -> str:
        """Small type on the band: light, and still a little of its colour."""
        return _until(_WHITE, self.brand, away_from=self.brand, least=5.5, start=0.25)

    @cached_property
    def dark_heading(self) -> str:
        return _until(self.brand, _WHITE, away_from=_NIGHT, least=11)

    @cached_property
    def dark_link(self) -> str:
        return _until(self.link, _WHITE, away_from=_NIGHT, least=8.5)

    @cached_property
    def dark_bar(self) -> str:
        return _until(self.link, _WHITE, away_from=_NIGHT, least=5)

    @cached_property
    def dark_tint(self) -> str:
        return mix(_NIGHT, self.brand, 0.18)


@dataclass(frozen=True, slots=True)
class Brand:
    """How the bulletin looks. footer: a line of the sender's own at the end of every copy."""

    palette: Palette = Palette()
    logo: Logo | None = None
    footer: str = ""


def legible(colour: str) -> str:
    """A colour as `#rrggbb` in lower case. Raises ValueError if it is none, or too pale.

    It stands on white and on its own tint, and white stands on it, so 4.5:1 decides for all.
    """
    value = colour.strip().lower()
    if not _COLOUR.fullmatch(value):
        raise ValueError("must be a colour such as #0b4f4a")
    found = min(contrast(value, _WHITE), contrast(value, Palette(brand=value).tint))
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


def _until(one: str, other: str, *, away_from: str, least: float, start: float = 0.0) -> str:
    """Move from `start` of `other` in `one` until the contrast is enough.

    Towards white it mixes more in; from white it takes out.
    """
    rising = other == _WHITE
    steps = range(101)
    for step in steps:
        share = start + (1 - start) * step / 100 if rising else start * (1 - step / 100)
        found = mix(one, other, share)
        if contrast(found, away_from) >= least:
            return found
    return _WHITE


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        value = channel / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
