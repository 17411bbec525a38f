"""Documents: what Word and Excel keep beside the words, and what an editor sees of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import bombs
import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from newsletters import add_link, saved
from openpyxl import Workbook
from openpyxl.comments import Comment

from bulletin.errors import InvalidInput
from bulletin.models.items import Action, ItemDraft, Reading
from bulletin.sources import SourceFormat, read

W = nsdecls("w")
MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
COMPATIBLE = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def document(write: Callable[[Any], None]) -> Reading:
    """A document with one heading and what a test writes under it."""
    made = Document()
    made.add_heading("Doors", 1)
    write(made)
    return read(saved(made))


def only(reading: Reading) -> ItemDraft:
    (item,) = reading.items
    return item


def inserted(made: Any, xml: str) -> None:
    """Word's own XML as a paragraph of the document."""
    element = parse_xml(f"<w:p {W}>{xml}</w:p>")
    made.element.body.insert_element_before(element, "w:sectPr")


def run(text: str, looks: str = "") -> str:
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def dropped(reading: Reading) -> dict[str, str]:
    return {one.text: one.reason for one in reading.dropped}


def test_bold_italics_and_line_breaks_are_kept_and_switched_off_by_their_values() -> None:
    def write(made: Any) -> None:
        inserted(made, run("Shut ", '<w:b w:val="0"/>') + run("all", "<w:b/>") + run(" doors "))
        inserted(made, run("at nine", "<w:i/>") + "<w:r><w:br/></w:r>" + run("and at ten."))

    assert only(document(write)).body == "Shut **all** doors\n\n*at nine*\n\nand at ten."


def test_styles_that_are_bold_or_headings_count_as_such() -> None:
    def write(made: Any) -> None:
        inserted(
            made,
            f'<w:r><w:rPr><w:rStyle w:val="Strong"/></w:rPr><w:t>Shut</w:t></w:r>{run(" them.")}',
        )
        made.add_heading("Background", 2)
        made.add_paragraph("It is an old rule.")

    assert only(document(write)).body == "**Shut** them.\n\n**Background**\n\nIt is an old rule."


def test_a_level_of_the_outline_makes_a_heading_of_any_style() -> None:
    made = Document()
    for title in ("Doors", "Keys"):
        inserted(made, f'<w:pPr><w:outlineLvl w:val="0"/></w:pPr>{run(title)}')
        made.add_paragraph(f"{title} are kept safe.")
    assert [item.title for item in read(saved(made)).items] == ["Doors", "Keys"]


def test_lists_nest_number_and_begin_anew_as_word_shows_them() -> None:
    def write(made: Any) -> None:
        made.add_paragraph("Schools are asked to:")
        for text, style in (("ring", "List Number"), ("knock", "List Number"),
                            ("gently", "List Bullet 2"), ("wait", "List Number")):  # fmt: skip
            made.add_paragraph(text, style=style)

    assert only(document(write)).body == (
        "Schools are asked to:\n\n1. ring\n2. knock\n\n   - gently\n\n3. wait"
    )


def test_links_are_found_in_elements_and_in_fields() -> None:
    def write(made: Any) -> None:
        made.add_paragraph("Doors are shut.")
        add_link(made.add_paragraph(), "Read the report", "https://keyhole.example/report")
        field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
        instruction = 'HYPERLINK "https://keyhole.example/guide" \\o "x"'
        inserted(
            made,
            field.format("begin")
            + f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
            + field.format("separate")
            + run("Download the guidance")
            + field.format("end"),
        )
        simple = 'HYPERLINK "https://keyhole.example/film"'
        inserted(made, f"<w:fldSimple w:instr='{simple}'>{run('Watch the film')}</w:fldSimple>")

    item = only(document(write))
    assert item.body == "Doors are shut."
    assert item.actions == (
        Action("Read the report", "", "https://keyhole.example/report"),
        Action("Download the guidance", "", "https://keyhole.example/guide"),
        Action("Watch the film", "", "https://keyhole.example/film"),
    )


def test_changes_are_read_as_if_they_were_accepted() -> None:
    def write(made: Any) -> None:
        author = 'w:id="1" w:author="Ada" w:date="2026-05-03T08:00:00Z"'
        inserted(
            made,
            run("Doors are ") + f"<w:ins {author}>{run('shut')}</w:ins>"
            f"<w:del {author}><w:r><w:delText>open</w:delText></w:r></w:del>" + run(" at nine."),
        )

    reading = document(write)
    assert only(reading).body == "Doors are shut at nine."
    assert "tracked changes" in dropped(reading)["open"]


def test_hidden_and_crossed_out_text_and_comments_are_no_news() -> None:
    def write(made: Any) -> None:
        made.add_paragraph("Doors are shut.")
        inserted(made, run("secret", "<w:vanish/>") + run("gone", "<w:strike/>"))
        made.add_comment(made.paragraphs[1].runs, "Is that so?", author="Ada")
        made.sections[0].footer.paragraphs[0].text = "Page 1 of 7"

    reading = document(write)
    assert only(reading).body == "Doors are shut."
    assert {"secret", "gone", "Is that so?", "Page 1 of 7"} <= set(dropped(reading))


def test_text_boxes_are_read_once_and_pictures_only_named() -> None:
    written = f"<w:txbxContent><w:p>{run('Keys are kept safe.')}</w:p></w:txbxContent>"
    box = (
        f"<w:r><mc:AlternateContent {COMPATIBLE}>"
        '<mc:Choice Requires="wps"><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/'
        'drawingml/2006/wordprocessingDrawing"><wp:docPr id="1" name="x" descr="A door"/>'
        f"{written}</wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict>{written}</w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )

    def write(made: Any) -> None:
        inserted(made, run("Doors are shut.") + box)

    reading = document(write)
    assert only(reading).body == "Doors are shut.\n\nKeys are kept safe."
    assert dropped(reading)["A door"] == "The text of a picture."


def test_the_words_of_a_diagram_and_that_there_is_more_than_was_read_are_named() -> None:
    def write(made: Any) -> None:
        made.add_paragraph("Doors are shut.")
        inserted(
            made,
            "<w:r><w:drawing><c:chart xmlns:c='urn:c'/></w:drawing></w:r>"
            "<w:r><w:object><o:OLEObject xmlns:o='urn:o'/></w:object></w:r>" * 2,
        )
        made.element.body.insert_element_before(parse_xml(f"<w:altChunk {W}/>"), "w:sectPr")

    made = Document()
    write(made)
    data = saved(made)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/diagramData"
    relation = f'<Relationship Id="rId99" Type="{kind}" Target="diagrams/data1.xml"/>'
    links = bombs.part(data, "word/_rels/document.xml.rels").decode()
    reading = read(
        bombs.repacked(
            data,
            {
                "word/_rels/document.xml.rels": links.replace(
                    "</Relationships>", f"{relation}</Relationships>"
                ).encode(),
                "word/diagrams/data1.xml": b"<d><p><t>First</t></p><p><t>then</t></p></d>",
            },
        )
    )
    assert only(reading).body == "Doors are shut."
    left = dropped(reading)
    assert left["First then"] == "The text of a picture."
    assert {
        text for text, reason in left.items() if reason.startswith("What it says was not read.")
    } == {"2 times a chart", "2 times a file of another program", "A part in another format"}


def test_formulas_and_what_is_written_once_more_for_older_programs_are_read_once() -> None:
    formula = f"<m:oMath {MATH}><m:num><m:r><m:t>visits</m:t></m:r></m:num></m:oMath>"
    choices = (
        f"<mc:AlternateContent {COMPATIBLE}><mc:Choice>{run(' a day')}</mc:Choice>"
        f"<mc:Fallback>{run(' a day')}</mc:Fallback></mc:AlternateContent>"
    )

    def write(made: Any) -> None:
        inserted(made, run("Count ") + formula + choices)

    assert only(document(write)).body == "Count visits a day"


def test_a_footnote_stands_after_the_paragraph_that_calls_it() -> None:
    made = Document()
    made.add_heading("Doors", 1)
    inserted(made, run("Doors are shut.") + '<w:r><w:footnoteReference w:id="2"/></w:r>')
    made.add_paragraph("Keys are kept safe.")
    notes = (
        f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        f'<w:footnote w:id="2"><w:p>{run("Since 2019.")}</w:p></w:footnote></w:footnotes>'
    )
    relation = (
        b'<Relationship Id="rIdNotes" Target="footnotes.xml" Type="http://schemas.openxmlformats.org/'
        b'officeDocument/2006/relationships/footnotes"/></Relationships>'
    )
    data = saved(made)
    relations = bombs.part(data, "word/_rels/document.xml.rels")
    changed = {
        "word/footnotes.xml": notes.encode(),
        "word/_rels/document.xml.rels": relations.replace(b"</Relationships>", relation),
    }
    item = only(read(bombs.repacked(data, changed)))
    assert item.body == "Doors are shut.\n\nSince 2019.\n\nKeys are kept safe."


def test_a_table_that_only_lays_a_page_out_is_read_as_text() -> None:
    made = Document()
    grid = made.add_table(rows=1, cols=1)
    cell = grid.cell(0, 0)
    cell.paragraphs[0].style = made.styles["Heading 1"]
    cell.paragraphs[0].text = "Doors"
    cell.add_paragraph("Doors are shut at nine.")
    assert only(read(saved(made))).body == "Doors are shut at nine."


def test_a_line_drawn_between_items_divides_them() -> None:
    made = Document()
    for title in ("Doors", "Keys"):
        made.add_paragraph(title)
        made.add_paragraph(f"{title} are kept safe by day and by night.")
        border = '<w:pBdr><w:bottom w:val="single" w:sz="6"/></w:pBdr>'
        inserted(made, f"<w:pPr>{border}</w:pPr>")
    assert [item.title for item in read(saved(made)).items] == ["Doors", "Keys"]


def test_a_contents_list_made_by_word_is_dropped() -> None:
    made = Document()
    made.styles.add_style("toc 1", 1)
    for title in ("Doors", "Keys"):
        made.add_paragraph(f"{title}\t1", style="toc 1")
    for title in ("Doors", "Keys"):
        made.add_heading(title, 1)
        made.add_paragraph(f"{title} are kept safe.")
    reading = read(saved(made))
    assert [item.title for item in reading.items] == ["Doors", "Keys"]
    assert "A list of contents." in dropped(reading).values()


def workbook(*rows: tuple[Any, ...]) -> tuple[Workbook, Any]:
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    return book, sheet


HEADINGS = ("Title", "Summary", "Date", "Link")


def test_dates_numbers_and_both_kinds_of_links_of_a_spreadsheet_are_understood() -> None:
    book, sheet = workbook(
        HEADINGS,
        ("Doors", "Doors are shut at nine.", datetime(2026, 5, 3), "Read the report"),  # noqa: DTZ001
        ("Keys", "Keys are kept safe.", date(2026, 5, 2), None),
        (2026, "A year of doors.", "1 May 2026", "https://keyhole.example/year"),
    )
    sheet["D2"].hyperlink = "https://keyhole.example/report"
    sheet["D3"] = '=HYPERLINK("https://keyhole.example/keys", "Read the guidance")'
    doors, keys, year = read(saved(book)).items

    assert (doors.published, keys.published, year.published) == (
        date(2026, 5, 3), date(2026, 5, 2), date(2026, 5, 1),
    )  # fmt: skip
    assert doors.actions == (Action("Read the report", "", "https://keyhole.example/report"),)
    assert keys.actions == (Action("Read the guidance", "", "https://keyhole.example/keys"),)
    assert (year.title, year.actions[0].url) == ("2026", "https://keyhole.example/year")


def test_what_is_hidden_in_a_spreadsheet_is_left_out_and_named() -> None:
    book, sheet = workbook(
        HEADINGS, ("Doors", "Doors are shut.", None, None), ("Keys", "Keys are kept.", None, None)
    )
    sheet.row_dimensions[3].hidden = True
    away = book.create_sheet("Old")
    away.append(("Windows", "Windows stay open."))
    away.sheet_state = "hidden"
    reading = read(saved(book))

    assert [item.title for item in reading.items] == ["Doors"]
    hidden = [one.text for one in reading.dropped if one.reason == "Hidden in the spreadsheet."]
    assert hidden == ["Keys | Keys are kept.", "Windows | Windows stay open."]


def test_what_was_noted_beside_a_cell_is_no_news_and_is_named() -> None:
    book, sheet = workbook(HEADINGS, ("Doors", "Doors are shut.", None, None))
    sheet["A2"].comment = Comment("Ask Sam first.", "Kim")
    assert dropped(read(saved(book)))["Ask Sam first."] == "A comment in the spreadsheet."


def test_what_is_written_over_a_sheet_is_no_news_and_is_named() -> None:
    book, _ = workbook(("Title", "Source"), ("Doors", "Keyhole"))
    box = (
        b"<wsDr><sp><txBody><p><r><t>Ask</t></r></p><p><r><t>Sam.</t></r></p></txBody></sp></wsDr>"
    )
    data = bombs.repacked(saved(book), {"xl/drawings/drawing1.xml": box})
    assert dropped(read(data))["Ask Sam."] == "The text of a picture."


def test_every_sheet_is_read_and_what_stands_above_its_headings_is_a_banner() -> None:
    book, sheet = workbook(
        ("Keyhole weekly",), (), HEADINGS, ("Doors", "Doors are shut.", None, None)
    )
    second = book.create_sheet("More")
    second.append(HEADINGS)
    second.append(("Keys", "Keys are kept safe.", None, None))
    assert sheet.max_row == 4
    reading = read(saved(book))

    assert [item.title for item in reading.items] == ["Doors", "Keys"]
    assert "Keyhole weekly" in dropped(reading)


def test_a_merged_cell_and_a_link_over_a_whole_sheet_take_no_room() -> None:
    book, sheet = workbook(HEADINGS, ("Doors", "Doors are shut.", None, None))
    data = saved(book)
    page = bombs.part(data, "xl/worksheets/sheet1.xml")
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A4:XFD1048576"/></mergeCells>'
    changed = {"xl/worksheets/sheet1.xml": page.replace(b"</sheetData>", merged)}
    assert sheet.max_row == 2
    assert [item.title for item in read(bombs.repacked(data, changed)).items] == ["Doors"]


@pytest.mark.parametrize("asked", [SourceFormat.TEXT, SourceFormat.MAIL, SourceFormat.FEED])
def test_a_document_is_not_read_as_what_it_is_not(asked: SourceFormat) -> None:
    with pytest.raises(InvalidInput, match="This is a Word document"):
        read(saved(Document()), asked)


def test_a_spreadsheet_is_no_word_document() -> None:
    with pytest.raises(InvalidInput, match="This is a spreadsheet"):
        read(saved(Workbook()), SourceFormat.DOCX)


def test_text_is_no_word_document() -> None:
    with pytest.raises(InvalidInput, match="no Word document"):
        read("Doors are shut.", SourceFormat.DOCX)
