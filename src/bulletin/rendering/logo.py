"""The logo: a picture file, and the size it is shown at."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import imagesize

from bulletin.errors import Misconfigured

# What every mail program shows. SVG is left out: it can hold scripts (requirement 59), and
# Outlook shows none.
_KINDS = {b"\x89PNG\r\n\x1a\n": ("image/png", "png"), b"\xff\xd8\xff": ("image/jpeg", "jpg")}
_WIDEST, _HIGHEST = 240, 80
_MOST_BYTES = 200_000
_MOST_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True)
class LogoFile:
    """A checked picture. width and height are pixels on the page, at most 240 by 80."""

    data: bytes
    media_type: str
    suffix: str
    width: int
    height: int


def read_logo(path: Path) -> LogoFile:
    """Read and measure a logo; a large one is shown smaller, so that it is sharp.

    Raises Misconfigured for what mail programs would not show.
    """
    try:
        if not path.is_file():
            raise Misconfigured(f"BULLETIN_LOGO: {path} is no file.")
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise Misconfigured(f"BULLETIN_LOGO: {path} cannot be read: {error.strerror}.") from error
    kind = next((kind for start, kind in _KINDS.items() if data.startswith(start)), None)
    width, height = imagesize.get(BytesIO(data)) if kind else (-1, -1)
    if kind is None or width < 1 or height < 1:
        raise Misconfigured(
            f"BULLETIN_LOGO: {path} is no PNG or JPEG picture; mail programs show only those."
        )
    if len(data) > _MOST_BYTES or width * height > _MOST_PIXELS:
        raise Misconfigured(
            f"BULLETIN_LOGO: {path} is too large; every reader loads it, so make it smaller than "
            f"{_MOST_BYTES // 1000} KB and {_MOST_PIXELS // 1_000_000} million pixels."
        )
    scale = min(1.0, _WIDEST / width, _HIGHEST / height)
    return LogoFile(data, *kind, max(1, round(width * scale)), max(1, round(height * scale)))
