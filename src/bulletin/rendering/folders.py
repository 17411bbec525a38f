"""Where templates are: in a theme first, then among ours."""

from __future__ import annotations

from pathlib import Path

import bulletin

KINDS = ("email", "pages")
"""The folders of our templates: what is mailed, and the texts of the site. A theme is one flat
folder of files with the same names."""


def template_folders(kind: str, theme: Path | None = None) -> list[Path]:
    """The folders in which to look for templates of a kind, in this order."""
    return [*([theme] if theme else []), _ours(kind)]


def our_templates() -> list[Path]:
    """All our templates. Their names differ."""
    return [path for kind in KINDS for path in sorted(_ours(kind).iterdir()) if path.is_file()]


def _ours(kind: str) -> Path:
    """Of the installed wheel, or of the working copy it is installed from."""
    package = Path(bulletin.__file__).parent
    packaged = package / "templates" / kind
    return packaged if packaged.is_dir() else package.parents[1] / "templates" / kind
