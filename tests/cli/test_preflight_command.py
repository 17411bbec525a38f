"""`bulletin issue preflight`: with --links it opens them, on a site of this machine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local_site import Site, site

if TYPE_CHECKING:
    from conftest import Command


NAMES = ("Corridors", "Kitchens", "Libraries")


def issue_linking_to(bulletin: Command, tmp_path: Path, *urls: str) -> None:
    """An issue of one item, whose only text is a link to each address."""
    news = tmp_path / "news.txt"
    news.write_text("Corridors\n\nSource: Example Board published on 1 November 2026\n\nLight.\n")
    bulletin("items", "import", str(news))
    links = " ".join(f"[Report {n}](<{url}>)" for n, url in enumerate(urls))
    bulletin("items", "edit", "1", "--body", links)
    bulletin("issue", "new", "December")
    assert bulletin("issue", "add", "december", "1").code == 0


def codes(found: Any) -> dict[str, str]:
    """Code and level of what was found about links."""
    return {
        finding["code"]: finding["level"]
        for finding in found["findings"]
        if finding["code"].startswith("link_")
    }


def told(local: Site) -> None:
    local.says("/fine", "<title>Corridors</title>", content_type="text/html")
    local.says("/soft", "<title>Page not found</title>", content_type="text/html")
    local.leads("/old", "/fine", 301)
    local.leads("/deep/page", "/")
    local.says("/", "<title>Home</title>", content_type="text/html")
    local.says("/secret", status=403)
    local.says("/fault", status=500)
    local.leads("/circle", "/circle")


def test_links_are_opened_only_when_asked_and_then_count(
    bulletin: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BULLETIN_FETCH_PRIVATE", "127.0.0.1")
    monkeypatch.setattr("bulletin.fetching.client.Pace", lambda: _NO_PACE)
    with site() as local:
        told(local)
        paths = ["/fine#part", "/soft", "/old", "/deep/page", "/secret", "/fault", "/circle", "/x"]
        issue_linking_to(bulletin, tmp_path, *map(local.url, paths))

        before = bulletin("issue", "preflight", "december", "--json")
        assert before.json["links"] == {"all": 8, "unchecked": 8}
        assert codes(before.json) == {"link_private": "blocking"}
        assert local.asked == []
        said = bulletin("issue", "preflight", "december").out
        assert "8 of 8 links were not opened lately" in said

        opened = bulletin("issue", "preflight", "december", "--links", "--json")
        assert opened.code == 1
        assert opened.json["links"] == {"all": 8, "unchecked": 0}
        assert codes(opened.json) == {
            "link_private": "blocking",
            "link_gone": "blocking",
            "link_not_found": "advisory",
            "link_moved": "advisory",
            "link_refused": "advisory",
            "link_unanswered": "advisory",
        }
        assert (
            "8 looked at: 1 works, 1 is gone, 1 has moved, 3 are doubtful, 1 answers with a fault, "
            "1 gave no answer.\n"
        ) in opened.err
        messages = " ".join(finding["message"] for finding in opened.json["findings"])
        assert f"has moved for good to {local.url('/fine')}" in messages
        assert "leads to the home page" in messages

        again = bulletin("issue", "preflight", "december", "--links")
        assert "2 links worked when last looked at" in again.err
        assert "6 looked at: 1 is gone, 3 are doubtful" in again.err
        assert "Find where it is now, or take the link out (link_gone)\n" in again.out

        asked = len(local.asked)
        refused = bulletin("issue", "approve", "december")
        assert refused.code == 1
        assert "the page is gone" in refused.err
        assert len(local.asked) == asked


def test_an_address_of_this_network_is_refused_with_the_reason(
    bulletin: Command, tmp_path: Path
) -> None:
    """Requirement 65."""
    addresses = ("http://169.254.169.254/latest", "http://[::ffff:127.0.0.1]/", "http://10.0.0.1/")
    issue_linking_to(bulletin, tmp_path, *addresses)
    opened = bulletin("issue", "preflight", "december", "--links", "--json")
    assert opened.code == 1
    assert codes(opened.json) == {"link_private": "blocking"}
    assert "leads where readers cannot follow" in opened.json["findings"][0]["message"]


def test_an_issue_without_links_says_so(bulletin: Command, tmp_path: Path) -> None:
    issue_linking_to(bulletin, tmp_path)
    bulletin("items", "edit", "1", "--body", "No link at all.")
    opened = bulletin("issue", "preflight", "december", "--links", "--json")
    assert opened.json["links"] == {"all": 0, "unchecked": 0}
    assert "links to no web page" in opened.err


def test_the_same_advice_is_one_line_for_a_person_and_one_finding_each_for_a_program(
    bulletin: Command, tmp_path: Path
) -> None:
    news = tmp_path / "news.txt"
    news.write_text(
        "\n\n".join(f"{name}\n\nSource: Board\n\n{name} need light.\n" for name in NAMES)
    )
    bulletin("items", "import", str(news))
    bulletin("issue", "new", "December")
    bulletin("issue", "add", "december", "1", "2", "3")
    said = bulletin("issue", "preflight", "december").out
    assert "  consider  Items 1, 2 and 3 do not say which nation they are about" in said
    assert "(item_nation)\n" in said
    counted = re.search(r": (\d+) to fix, (\d+) to consider", said)
    assert counted
    assert [int(each) for each in counted.groups()] == [
        said.count("  FIX "),
        said.count("  consid"),
    ]
    found = bulletin("issue", "preflight", "december", "--json").json["findings"]
    assert [each["item"] for each in found if each["code"] == "item_nation"] == [1, 2, 3]


class _NoPace:
    """Lets every request go at once."""

    def wait(self, host: str) -> None:
        pass

    def hold(self, host: str, seconds: float) -> None:
        pass


_NO_PACE = _NoPace()
