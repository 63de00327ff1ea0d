"""PDF: text in reading order with pages, furniture left out, tables kept out of sentences; what is broken fails by itself."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import Any

import pytest

from made_forms import FIRST, SECOND, THIRD, TITLE, pdf
from tadmor.errors import Empty, InputError
from tadmor.gather import gather, pdf_worker
from tadmor.gather import pdf as pdf_module
from tadmor.gather.pdf import read_pdf
from tadmor.gather.pdf_layout import Word, mirrored, ordered, right_edge, segments
from tadmor.model import Failure, Report
from tadmor.record import report_from_record, report_to_record

LINES = [
    "On Tuesday shells fell on the market of",
    "the town, and twelve people were killed,",
    "a doctor at the hospital of Marun said.",
    "The army denied that it had fired at all.",
    "Rescue workers said that the road to the",
    "north was closed by the fighting around",
    "the bridge. Families left on foot.",
]
OTHER = [
    "Rebels captured the village of Tell Asfar",
    "near the river on Monday, residents told",
    "reporters. The governor said that talks",
    "would begin before the end of the month.",
    "Two convoys of food reached the town on",
    "Wednesday, the first since the spring,",
    "the relief office said in its bulletin.",
]


def said(report: Report, kind: str | None = None) -> list[str]:
    return [report.text[p.start : p.end] for p in report.passages if kind is None or p.kind == kind]


def column(x: float, y: float, lines: list[str]) -> list[tuple[float, float, str]]:
    return [(x, y + 14 * i, line) for i, line in enumerate(lines)]


def test_columns_are_read_one_after_the_other_between_what_spans_them() -> None:
    # The file has the lines row by row across both columns: its own order is not that of reading.
    rows = [cell for pair in zip(column(56, 160, LINES), column(320, 163, OTHER), strict=True) for cell in pair]
    last = (
        56.0,
        290.0,
        "Both sides said that they would keep to the truce, which the relief office had asked them for on Sunday.",
    )
    report = read_pdf(pdf([[(56, 80, f"# {TITLE}"), (56, 110, "13 December 2016"), *rows, last]]))
    assert report.title == TITLE
    assert (report.published, report.published_basis) == ("2016-12-13", "dateline")
    folded = " ".join(report.text.split())
    places = [folded.index(s) for s in (" ".join(LINES), " ".join(OTHER), last[2])]
    assert places == sorted(places)


def test_a_paragraph_goes_on_over_columns_and_pages_and_has_the_page_on_which_it_begins() -> None:
    first = ["The governor told reporters on Thursday that the", "road would be opened again when the last of the"]
    second = ["mines had been taken away, which would take until", "the middle of the month. Nobody was hurt."]
    third = ["A second convoy arrived in the evening, he said."]
    pages = [column(56, 700, first), column(56, 90, second) + column(56, 150, third)]
    report = read_pdf(pdf(pages))
    assert said(report) == [" ".join(first + second), *third]
    assert [p.page for p in report.passages] == [1, 2]
    again = report_from_record(report_to_record(report))
    assert [p.page for p in again.passages] == [1, 2]


def test_headers_footers_and_numbers_of_pages_are_left_out() -> None:
    pages = []
    for n in range(1, 5):
        body = column(56, 120, [f"{line} {n}" if i == 6 else line for i, line in enumerate(LINES)])
        head = [(56.0, 40.0, "Northern Relief Office | Situation report no. 12"), (470.0, 40.0, f"{n} December 2016")]
        pages.append([*head, *body, (56.0, 815.0, "www.relief.example"), (500.0, 815.0, f"Page {n} of 4")])
    report = read_pdf(pdf(pages))
    assert "Relief Office" not in report.text
    assert "relief.example" not in report.text
    assert "Page" not in report.text
    assert report.text.count("a doctor at the hospital") == 4
    assert report.metadata["pages"] == "4"


def drawn_table(grid: bool) -> bytes:
    from reportlab.lib import colors
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

    style = getSampleStyleSheet()["BodyText"]
    table = Table(
        [["District", "Killed", "Wounded"], ["Marun", "12", "30"], ["Tell Asfar", "4", "11"], ["Bir Qasim", "0", "7"]]
    )
    if grid:
        table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)]))
    out = io.BytesIO()
    flow: list[Any] = [Paragraph(FIRST, style), table, Paragraph(THIRD, style)]
    SimpleDocTemplate(out, invariant=1).build(flow)
    return out.getvalue()


@pytest.mark.parametrize("grid", [True, False])
def test_a_table_stays_in_the_text_and_is_no_passage(grid: bool) -> None:
    report = read_pdf(drawn_table(grid))
    assert "District\tKilled\tWounded\nMarun\t12\t30\nTell Asfar\t4\t11\nBir Qasim\t0\t7" in report.text
    assert said(report) == [FIRST, THIRD]


def test_words_parted_at_the_end_of_a_line_are_one_word_and_names_keep_their_hyphen() -> None:
    lines = [
        "The govern-",
        "ment said that Al-",
        "Marun was quiet, and that the govern-",
        "ment would stay. Al-Marun lies in the north of the well-",
        "known valley.",
    ]
    report = read_pdf(pdf([column(56, 100, lines)]))
    assert said(report) == [
        "The government said that Al-Marun was quiet, and that the government would stay. "
        "Al-Marun lies in the north of the wellknown valley."
    ]


def test_headings_are_told_by_their_look() -> None:
    lines = [
        (56.0, 80.0, f"# {TITLE}"),
        (56.0, 130.0, "**Situation overview**"),
        (56.0, 150.0, FIRST),
        (56.0, 190.0, SECOND),
    ]
    report = read_pdf(pdf([lines]))
    assert said(report, "subhead") == ["Situation overview"]
    assert said(report, "headline") == [TITLE]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turned_pages_are_read_and_writing_across_them_is_not(turn: int) -> None:
    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    drawn = canvas.Canvas(out, pagesize=(595, 842))
    drawn.setPageRotation(turn)
    drawn.translate(*{0: (0, 0), 90: (595, 0), 180: (595, 842), 270: (0, 842)}[turn])
    drawn.rotate(turn)
    drawn.setFont("Helvetica", 11)
    drawn.drawString(60, 400, "Shells killed twelve people in the town of Marun")
    drawn.drawString(60, 386, "on Tuesday, a doctor at the hospital said.")
    drawn.rotate(45)
    drawn.drawString(400, 60, "CONFIDENTIAL")
    drawn.save()
    assert said(read_pdf(out.getvalue())) == [FIRST]


@pytest.mark.parametrize(
    ("creator", "day"), [("A word processor", "2000-01-01"), ("Mozilla/5.0 Chrome/120", None), ("Desk Scanner 3", None)]
)
def test_the_day_of_making_is_a_date_unless_it_was_printed_or_scanned(creator: str, day: str | None) -> None:
    report = read_pdf(pdf([[(56, 100, FIRST)]], creator=creator))
    assert report.published == day


def test_the_title_of_the_properties_counts_when_the_text_begins_with_it() -> None:
    assert read_pdf(pdf([[(56, 100, TITLE), (56, 130, FIRST)]], title=TITLE)).title == TITLE
    assert read_pdf(pdf([[(56, 100, FIRST)]], title="Microsoft Word - draft 7.doc")).title == ""


def test_broken_files_fail_with_their_reason(tmp_path: Path) -> None:
    good = pdf([[(56, 100, FIRST)]])
    blank = pdf([[]])
    cases = {
        b"": "empty",
        b"%PDF-1.7 and nothing else": "damaged",
        good[:60]: "damaged",
        blank: "OCR",
        b"\x89PNG" + good[20:]: "",
    }
    for data, says in cases.items():
        (tmp_path / "x.pdf").write_bytes(data)
        for item in gather([tmp_path / "x.pdf"]):
            if says:
                assert isinstance(item, Failure)
                assert says in item.error


def test_a_password_is_told_of() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    drawn = canvas.Canvas(out, encrypt=StandardEncryption("secret", strength=128))
    drawn.drawString(60, 400, FIRST)
    drawn.save()
    with pytest.raises(InputError, match="password"):
        read_pdf(out.getvalue())


def stream_pdf(content: bytes, length: int) -> bytes:
    """A page whose content stream is given packed, with no library between."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (length, content),
    ]
    out, places = b"%PDF-1.4\n", []
    for i, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (i, body)
    table = b"".join(b"%010d 00000 n \n" % p for p in places)
    return out + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(out),
    )


def test_a_bomb_costs_only_its_own_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_module, "_SECONDS", 2.0)
    packer = zlib.compressobj(9)
    content = b"".join(packer.compress(b"BT /F1 9 Tf (a) Tj ET\n" * 50_000) for _ in range(40)) + packer.flush()
    bomb = stream_pdf(content, len(content))
    assert len(bomb) < 200_000
    try:
        report = read_pdf(bomb)
    except InputError:
        return
    assert len(report.text) < 1_000_000


def test_what_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text("import sys, time\nprint('{\"pages\": 2}', flush=True)\ntime.sleep(60)\n")
    monkeypatch.setattr(pdf_module, "_WORKER", worker)
    monkeypatch.setattr(pdf_module, "_SECONDS", 0.5)
    with pytest.raises(InputError, match="page 1 of 2"):
        read_pdf(pdf([[(56, 100, FIRST)]]))
    worker.write_text("import os\nos.abort()\n")
    with pytest.raises(InputError, match="taken apart"):
        read_pdf(pdf([[(56, 100, FIRST)]]))


def test_prose_over_the_whole_width_is_one_column() -> None:
    full = [Word("word", 56 + 26 * i, 80 + 26 * i, 100 + 14 * r, 12, False) for r in range(5) for i in range(18)]
    blocks = ordered(segments(full))
    assert [b.kind for b in blocks] == ["text"]
    assert len(blocks[0].lines) == 5


def test_a_document_without_words_outside_its_table_is_empty() -> None:
    cells = [
        [("District", "Killed", "Hurt"), ("Marun", "12", "30"), ("Tell Asfar", "4", "11"), ("Bir Qasim", "0", "7")]
    ]
    lines = [
        (56.0 + 150 * c, 100.0 + 14 * r, text)
        for table in cells
        for r, row in enumerate(table)
        for c, text in enumerate(row)
    ]
    with pytest.raises(Empty, match="tables"):
        read_pdf(pdf([lines]))


def test_figures_contents_notes_and_what_a_browser_prints() -> None:
    figures = [(56.0 + 130 * i, 150.0, n) for i, n in enumerate(("4,500", "12", "30"))]
    figures += [(56.0 + 130 * i, 164.0, n) for i, n in enumerate(("people displaced", "people killed", "people hurt"))]
    contents = column(56, 220, ["Overview" + " ." * 40 + " 1", "Displacement" + " ." * 38 + " 2"])
    printed = [(56.0, 30.0, "12/14/2016, 10:08 AM"), (56.0, 820.0, "https://relief.example/report?id=7")]
    report = read_pdf(pdf([[*printed, (56, 110, FIRST), *figures, *contents, (56, 300, THIRD)]]))
    assert said(report) == [FIRST, THIRD]
    assert "4,500\t12\t30\npeople displaced\tpeople killed\tpeople hurt" in report.text
    assert "10:08" not in report.text
    assert "https" not in report.text


def test_marks_of_footnotes_are_no_numbers_and_notes_come_last() -> None:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    style = getSampleStyleSheet()["BodyText"]
    out = io.BytesIO()
    marked = f"{FIRST}<super size=6>12</super> {SECOND} It holds 40 km<super size=6>2</super> of land."
    note = "<font size=7>12 Interview with two health workers.</font>"
    SimpleDocTemplate(out, invariant=1).build(
        [Paragraph(marked, style), Paragraph(THIRD, style), Paragraph(note, style)]
    )
    report = read_pdf(out.getvalue())
    assert said(report)[0] == f"{FIRST} {SECOND} It holds 40 km 2 of land."
    assert said(report)[-1].startswith("12 Interview")


ARABIC = ("قتل", "اثنا", "عشر", "في", "معرون")


def test_a_page_written_from_the_right_is_read_from_the_right() -> None:
    def line(words: tuple[str, ...], right: float, y: float) -> list[Word]:
        return [Word(w, right - 40 * (i + 1), right - 40 * i - 5, y, 12, False) for i, w in enumerate(words)]

    words = [
        w
        for r in range(4)
        for w in line(ARABIC, 500, 100 + 14 * r) + line((*ARABIC[:3], "Relief", "Office"), 250, 106 + 14 * r)
    ]
    edge = right_edge(words)
    assert edge == 495
    blocks = ordered(segments(mirrored(words, edge)))
    assert [b.lines[0].text for b in blocks] == [" ".join(ARABIC), " ".join((*ARABIC[:3], "Office", "Relief"))]
    assert right_edge([Word("word", 0, 10, 0, 12, False)]) is None


def test_a_word_written_from_the_right_is_put_in_the_order_of_reading() -> None:
    for order in (1, -1):
        word = pdf_worker._Word(10, 12, 100, 12, 0)
        places = list(enumerate(reversed("معرون")))[::order]
        for place, letter in places:
            word.add(letter, 10 + 5 * place, 14 + 5 * place)
        assert word.told()[:3] == ["معرون", 10, 34]


def test_columns_whose_lines_stand_at_other_heights() -> None:
    rows = column(56, 160, LINES) + column(320, 167, OTHER)
    report = read_pdf(pdf([sorted(rows, key=lambda r: r[1])]))
    assert " ".join(LINES) in " ".join(report.text.split())
