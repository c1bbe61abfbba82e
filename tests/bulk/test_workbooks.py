"""Workbooks: the cells hold what was to be written, as text or as a number, and nothing else."""

import io
import re
import zipfile
import zlib
from pathlib import Path

import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

from service.bulk import workbooks
from service.bulk.plain_workbook import PACKING, new_workbook
from service.bulk.workbooks import MAX_TEXT, CellFormat, ListSheet

TEXTS = [
    "<r>a & b</r>", "=1+1", "a<b>&\"'", "http://x.cn", " spaced ", "two\nlines", "_x0041_",
    "007", "1.50", "\x01", "中文", None, "-", "+1", "@x", "<r><t>X</t></r>",
]  # fmt: skip


def saved(columns: list[pa.Array]) -> io.BytesIO:
    target = io.BytesIO()
    with new_workbook(target) as book:
        sheet = ListSheet(book, "list", [(f"c{i}", 10) for i in range(len(columns))])
        sheet.add_columns(columns)
        sheet.close()
    return target


def lines_of(target: io.BytesIO) -> list[list[object]]:
    target.seek(0)
    sheet = CalamineWorkbook.from_filelike(target).get_sheet_by_index(0)
    return [list(row) for row in sheet.to_python()[1:]]


def sheet_of(target: io.BytesIO) -> str:
    with zipfile.ZipFile(target) as packed:
        return packed.read("xl/worksheets/sheet1.xml").decode()


def test_any_text_comes_back_as_it_was() -> None:
    """Formulas, links, numbers and XML in a name are text like any other."""
    target = saved([pa.array(TEXTS), pa.array(range(len(TEXTS)))])
    assert [text or None for text, _ in lines_of(target)] == TEXTS
    assert [number for _, number in lines_of(target)] == list(range(len(TEXTS)))
    assert "<f>" not in sheet_of(target)


def test_amounts_are_written_to_the_last_digit() -> None:
    amounts = pa.array(["12345678901234.56", None, "0.01"]).cast(pa.decimal128(38, 2))
    sheet = sheet_of(saved([amounts]))
    assert "<v>12345678901234.56</v>" in sheet
    assert "<v>0.01</v>" in sheet
    assert sheet.count("<v>") == 2


def test_a_text_that_no_cell_holds_is_cut_visibly_and_named() -> None:
    target = io.BytesIO()
    with new_workbook(target) as book:
        sheet = ListSheet(book, "list", [("a", 10), ("b", 10)])
        sheet.add(["x" * MAX_TEXT, 1], ["y" * (MAX_TEXT + 1), 2])
        assert sheet.cut == ["list!A3"]
    assert lines_of(target) == [["x" * MAX_TEXT, 1], ["y" * (MAX_TEXT - 1) + "…", 2]]


def test_a_list_longer_than_a_sheet_goes_on_in_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(workbooks, "SHEET_ROWS", 4)
    with new_workbook(tmp_path / "long.xlsx") as book:
        sheet = ListSheet(book, "list", [("n", 10)])
        sheet.add_columns([pa.array(range(8))])
        sheet.close()
    read = CalamineWorkbook.from_path(str(tmp_path / "long.xlsx"))
    assert read.sheet_names == ["list", "list (2)", "list (3)"]
    rows = [row for name in read.sheet_names for row in read.get_sheet_by_name(name).to_python()]
    assert [row[0] for row in rows if row[0] != "n"] == list(range(8))


def test_formats_and_notes_mark_single_cells() -> None:
    target = io.BytesIO()
    with new_workbook(target) as book:
        marked = book.add_format({"bg_color": "#F8D7D3"})
        sheet = ListSheet(book, "list", [("a", 10)])
        sheet.sheet.write_comment(2, 0, "wrong")
        mask = pa.array([False, True, False])
        sheet.add_columns([pa.array(["x", "y", "z"])], {0: CellFormat(marked, mask)})
        sheet.close()
    found = re.findall(r'<c r="A([234])"( s="[0-9]+")?', sheet_of(target))
    assert [(row, bool(style)) for row, style in found] == [("2", False), ("3", True), ("4", False)]
    with zipfile.ZipFile(target) as packed:
        assert 'ref="A3"' in packed.read("xl/comments1.xml").decode()


def test_a_workbook_is_packed_no_harder_than_it_is_worth() -> None:
    """Packing is a tenth of all that a batch's workbook takes."""
    target = saved([pa.array([f"{i} {i * i % 977}" for i in range(5_000)])])
    packer = zlib.compressobj(PACKING, zlib.DEFLATED, -15)
    expected = len(packer.compress(sheet_of(target).encode()) + packer.flush())
    with zipfile.ZipFile(target) as packed:
        assert packed.getinfo("xl/worksheets/sheet1.xml").compress_size == expected
