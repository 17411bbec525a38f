"""`bulletin theme`: templates of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bulletin.cli.context import services
from bulletin.cli.output import AsJson, document, notice, say
from bulletin.rendering import copy_templates, unused_files

app = typer.Typer()


@app.command("init")
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
    as_json: AsJson = False,
) -> None:
    """Copy the templates into a folder, to be changed there. Delete those you leave as they are.

    Example: bulletin theme init theme
    """
    files = copy_templates(folder)
    if as_json:
        document({"folder": str(folder), "files": [path.name for path in files]})
        return
    say(f"{len(files)} templates are in {folder}:")
    for path in files:
        say(f"  {path.name}")
    say(f"Use them: BULLETIN_THEME_DIR={folder}\nCheck them: bulletin theme check")


@app.command("check")
def check(as_json: AsJson = False) -> None:
    """Try the theme, the logo and the colours on an issue that uses every part of them.

    Example: bulletin theme check
    """
    with services() as made:
        made.check_theme()
        theme = made.settings.theme_dir
    unused = [path.name for path in unused_files(theme)] if theme else []
    if as_json:
        document({"theme": str(theme) if theme else None, "ok": True, "unused": unused})
        return
    say(
        f"The templates in {theme} work." if theme else "No theme is set: these are Bulletin's own."
    )
    for name in unused:
        notice(f"{name} is not used: no template has that name.")
