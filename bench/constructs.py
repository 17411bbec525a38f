"""Whatever the importer looks for, over and over: texts in which one construct is all there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

WORDS = (
    "a", "Word ", "WORD ", "word word word. ", "A. ", "a b c, ", "new? ", "the Keyhole said ",
    "Source: ", "Source: Keyhole ", "(Source: Keyhole, 3 May 2026) ", "Published: 3 May 2026 ",
    "Source: Keyhole published on this website 3 May 2026 by Jo Example ", "By Jo Example | ",
    "12 March 2026 ", "3/4/2026 ", "Monday 8 June 2026, ", "10am to 11.30am ", "Deadline: ",
    "deadline ", "by 3 May 2026 ", "which closes on ", "Read the report: Title ", "Read more ",
    "read the ", "can be found here and ", "The report can be found at ", "See also: X > Y ",
    "Facebook | X | Email ", "Welcome to our newsletter. ", "© 2026 Keyhole ", "Unsubscribe ",
    "Wales and Scotland, ", "schools in England ", "for: dsls, governors. ", "Ring 0123 456 789. ",
    "Title: a ", "Q: ", "Step 1 ", "pages 3 and 4 ", "[1] ", "Kind regards ", "Page 3 of 9 ",
)  # fmt: skip
MARKS = (
    "1 ", "1. ", "(1) ", "- ", "• ", "> ", "# Head ", "**a** ", "_a_ ", "*a ", "**", "__", '"',
    '""', "'", "“a” ", "(", ")", "((", "(a) ", "[", "](", "[a](b) ", "[a](", "<", "< ", "<!--",
    "{", "\\", "`", "~", "=", "-", "—", "…", ".", ". ", ",", ":", "|", "x | ", "\t", "a\t", "a,b,",
    'a,"b",', "a;b;", "&", "&#", "&amp; ", "&lt;p&gt; ", "â€™ ", "é", "e\u0301", "\u00a0", "\u200b",
    "🏴", "http://", "http:/", "http://–", "https://x.example/a ", "www.x.example/b ",
    "<https://x.example/a> ",
    "https://x.example/?utm_source=b&", "mailto:a@x.example ", "a@x.example ", "a/", "%20",
    "-----\n", "Title\n=====\n", "Share this:\nFacebook\nX\nPrint\n", "Source\nKeyhole\n", "\n",
)  # fmt: skip
TAGS = (
    "<p", "<p>", "<p>a b", "<b>a</b> c ", "<i>a</i>", "<br>", "a<br>", "<hr>", "<a href=x>",
    "<a href='/x'>Read more</a> ", "<img src=x alt='word'>", "<a href=x><img alt='Download'></a>",
    "<ul><li>a", "<li>a", "<h2>Head of it</h2><p>b c d.</p>", "<blockquote>", "<td>a", "<tr><td>a",
    "<tr><td>Source: Keyhole<td>It was said.", "<table><tr><td>a<td>b</table>", "<div class=share>",
    "<article><h2>Head</h2><p>b c.</p></article>", "<p hidden>a</p>", "<del>a</del>", "<!---->",
    "<p style='font-size:0'>a</p>", "<time datetime='2026-05-03'>2 days ago</time>", "a=b ",
    "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.</span>a</p>",
    "<header>a</header>", "<form>", "<font>", "<script>a</script>", "</p>", "&#8217;",
    "<div></b>", "<ul><li>", "<table><tr><td>", "<span><div></span>", "<b title='</b>'><p>a",
    "<textarea><b></textarea>", "<svg><b>", "<script>a<b</script>", "<style>", "<b></b>",
)  # fmt: skip

Make = Callable[[int], str]


def texts() -> Iterator[tuple[str, Make]]:
    """A name for each text, and what makes it at a length in characters."""
    for piece in (*WORDS, *MARKS):
        yield f"{piece!r} in one line", _filled(piece)
        yield f"{piece!r} in lines", _filled(f"{piece}\n")
        yield f"{piece!r} twenty in a line", _filled(f"{piece * 20}\n")
        yield f"{piece!r} under headings", _filled(f"Heading of it\n\n{piece * 5} and more.\n\n")
    for piece in (*WORDS, *MARKS, *TAGS):
        yield f"{piece!r} in a page", _filled(piece, "<h2>Head</h2><p>")
    for piece in MARKS:
        yield f"{piece!r} in a tag", _filled(piece, "<h2>Head</h2><p>a</p><p ")
        yield f"{piece!r} in a value", _filled(piece, "<h2>Head</h2><p>a</p><a href='x", "'>b</a>")


def _filled(piece: str, above: str = "", below: str = "") -> Make:
    def make(length: int) -> str:
        room = length - len(above) - len(below)
        return f"{above}{(piece * (room // len(piece) + 1))[:room]}{below}"

    return make
