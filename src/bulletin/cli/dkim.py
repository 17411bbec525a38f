"""`bulletin dkim`: keys to sign copies with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bulletin.cli.context import services
from bulletin.cli.output import AsJson, document, say
from bulletin.pipeline.authentication import domain_of
from bulletin.pipeline.signing import make_key

app = typer.Typer()


@app.command("new")
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the private key goes.")],
    ed25519: Annotated[
        bool, typer.Option("--ed25519", help="The short kind, for a second signature.")
    ] = False,
    selector: Annotated[
        str, typer.Option(metavar="NAME", help="Its name in the DNS; a new one for a new key.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Make a private key, and say what to publish in the DNS for it.

    Only you may read the file, and no file is ever written over.

    Example: bulletin dkim new dkim.pem --selector autumn2026
    """
    with services() as made:
        setting = "DKIM_ED25519" if ed25519 else "DKIM"
        set_already = getattr(made.settings, f"{setting.lower()}_selector")
        address = made.settings.from_email
    chosen = selector or set_already or ("bulletin-ed25519" if ed25519 else "bulletin")
    key = make_key(file, chosen, ed25519=ed25519)
    name = key.name(domain_of(address) if address else "YOUR-DOMAIN")
    if as_json:
        document({"file": str(file), "selector": chosen, "name": name, "record": key.record})
        return
    say(f"The private key is in {file}. Publish this TXT record in the DNS:")
    say(f"  name   {name}\n  value  {key.record}")
    say("Some DNS forms take values in pieces of 255 characters: simply cut it there.")
    say(f"Then put into .env:\n  BULLETIN_{setting}_KEY={file}")
    say(f"  BULLETIN_{setting}_SELECTOR={chosen}")
    say("and look whether it is right: bulletin doctor")
