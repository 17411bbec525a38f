"""`bulletin issue publish|unpublish`: who may read an issue on the web. Joined to `issue`."""

from __future__ import annotations

import typer

from bulletin.cli.context import services
from bulletin.cli.issue import Ref, issue_document
from bulletin.cli.output import CLI_ACTOR, As, AsJson, document, say
from bulletin.models.issues import Issue, IssueState

app = typer.Typer()


@app.command("publish")
def publish(ref: Ref, as_json: AsJson = False, actor: As = CLI_ACTOR) -> None:
    """Let everybody read an issue on the web. Its approval stays.

    Example: bulletin issue publish december
    """
    with services() as made:
        issue = made.publishing.publish(ref, actor)
        address = f"{made.settings.public_url}/issues/{issue.slug}"
    _tell(as_json, issue_document(issue), f"Issue {issue.slug} is public {_when(issue)}: {address}")


@app.command("unpublish")
def unpublish(ref: Ref, as_json: AsJson = False, actor: As = CLI_ACTOR) -> None:
    """Take an issue off the web. The links in readers' own copies still show it to them.

    Example: bulletin issue unpublish december
    """
    with services() as made:
        issue = made.publishing.unpublish(ref, actor)
    said = f"Issue {issue.slug} is private. Caches may show it for another minute."
    _tell(as_json, issue_document(issue), said)


def _when(issue: Issue) -> str:
    if issue.state is IssueState.CANCELLED:
        return "but cancelled, so nobody sees it"
    return "now" if issue.started_at else "as soon as it goes out"


def _tell(as_json: bool, found: dict[str, object], sentence: str) -> None:
    if as_json:
        document(found)
    else:
        say(sentence)
