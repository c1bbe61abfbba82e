"""A workbook is read only where its cells reach as far as a table does, however that is written."""

import time
import zipfile
from pathlib import Path

import pytest

from service.domain.errors import ErrorCode, Refused
from service.intake import sheet_extent
from service.intake.grids import open_grids

_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = f"""<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/></Types>"""
_ROOT = f"""<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
_BOOK = f"""<workbook xmlns="{_SPACE}" xmlns:r="{_OFFICE}">
<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"""
_ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def sheet(rows: str) -> str:
    return f'<worksheet xmlns="{_SPACE}"><sheetData>{_ROW}{rows}</sheetData></worksheet>'


def workbook(folder: Path, content: str, part: str = "worksheets/sheet1.xml") -> Path:
    """A workbook of one sheet, written as it stands."""
    names = f"""<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="{part}"/></Relationships>"""
    path = folder / "table.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("[Content_Types].xml", _TYPES)
        packed.writestr("_rels/.rels", _ROOT)
        packed.writestr("xl/workbook.xml", _BOOK)
        packed.writestr("xl/_rels/workbook.xml.rels", names)
        packed.writestr(f"xl/{part}", content)
    return path


def test_a_sheet_is_read(tmp_path: Path) -> None:
    """The same, but for what the others are refused for."""
    (grid,) = open_grids(workbook(tmp_path, sheet("")))
    assert grid.head == [["name"]]


_RUN = f"<r><t>{'x' * 2_000}</t></r>"
REACHING = {
    "a text without end": sheet(f'<row r="2"><c t="str"><v>{"x" * 4_000_000}</v></c></row>'),
    "a text in a thousand fonts": sheet(
        f'<row r="2"><c t="inlineStr"><is>{_RUN * 1_000}</is></c></row>'
    ),
    "as usual": sheet(FAR),
    "single quotes": sheet(FAR.replace('"', "'")),
    "blanks": sheet(FAR.replace("r=", "r = ")),
    "small letters": sheet(FAR.replace("XFD", "xfd")),
    "a character by its number": sheet(FAR.replace("XFD", "&#88;FD")),
    "no letters of a column": sheet('<row r="2"><c r="ZZZZZZZ1"><v>1</v></c></row>'),
    "a row with a sign": sheet('<row r="+4000000000"><c><v>1</v></c></row>'),
    "more rows than a sheet has": sheet('<row r="1048576"/><row/>'),
    "a row of many digits": sheet('<row r="99999999999999999999"/>'),
    "another root": sheet(FAR).replace("worksheet", "chartsheet"),
    "within another root": f"<a>{sheet(FAR)}</a>",
    "an entity": f'<!DOCTYPE a [<!ENTITY e "1">]>{sheet(FAR.replace("<v>1", "<v>&e;"))}',
}


@pytest.mark.parametrize("content", REACHING.values(), ids=REACHING)
@pytest.mark.parametrize("part", ["worksheets/sheet1.xml", "other.bin"])
def test_one_that_reaches_too_far_is_refused(tmp_path: Path, content: str, part: str) -> None:
    """Its reader would ask for half a terabyte, and the process would end."""
    with pytest.raises(Refused) as caught:
        list(open_grids(workbook(tmp_path, content, part)))
    assert caught.value.code is ErrorCode.TOO_LARGE


def test_one_that_takes_too_long_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However small its parts: by the processor's time that reading it takes, told in words."""
    monkeypatch.setattr(sheet_extent, "MAX_SECONDS", 0.0)
    with pytest.raises(Refused, match="seconds") as caught:
        list(open_grids(workbook(tmp_path, sheet("<row><c/></row>" * 100_000))))
    assert caught.value.code is ErrorCode.TOO_LARGE


def test_a_small_file_has_less_time_than_a_large_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four hundred kilobytes that unpack to a gigabyte of nested elements took half a minute."""
    monkeypatch.setattr(sheet_extent, "SECONDS_OF_SMALL", 0.1)
    path = workbook(tmp_path, "")
    nested = sheet("<a>" * 20_000_000)
    packed = with_parts(path, {"xl/worksheets/sheet1.xml": nested})
    began = time.thread_time()
    with pytest.raises(Refused, match="seconds"):
        list(open_grids(packed))
    assert time.thread_time() - began < 2


BROKEN = {
    "a prefix of nothing": sheet("<z:a/>" + FAR),
    "an attribute twice": sheet('<row r="2" r="2"/>' + FAR),
    "a control character": sheet('<row r="2"><c r="A2"><v>\x01</v></c></row>' + FAR),
    "a comment in a comment": sheet("<!-- a -- b -->" + FAR),
    "an end without a beginning": sheet("</x>" + FAR),
    "an unknown entity": sheet("<t>&nbsp;</t>"),
    "an open ampersand": sheet("<t>a & b</t>"),
    "text before it": "a" + sheet(FAR),
    "a blank before its declaration": ' <?xml version="1.0"?>' + sheet(FAR),
    "a second declaration": '<?xml version="1.0"?><?xml version="1.0"?>' + sheet(FAR),
    "a root before it": "<a/>" + sheet(FAR),
    "a prefix of its root": sheet(FAR).replace(" xmlns", " a").replace("worksheet", "q:worksheet"),
    "an encoding nobody has": '<?xml version="1.0" encoding="none"?>' + sheet(FAR),
    "no end": sheet("")[:-5],
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("part", ["worksheets/sheet1.xml", "other.bin", "Worksheets\\SHEET1.xml"])
def test_one_that_is_no_xml_is_refused(tmp_path: Path, content: str, part: str) -> None:
    """Its reader takes much of it for a sheet, behind which anything may stand."""
    with pytest.raises(Refused) as caught:
        list(open_grids(workbook(tmp_path, content, part)))
    assert caught.value.code is ErrorCode.BAD_REQUEST


@pytest.mark.parametrize("count", ["4294967295", "+4294967295", "99999999999999999999"])
def test_more_texts_than_there_are_bytes_are_refused(tmp_path: Path, count: str) -> None:
    """Room would be made for them."""
    path = workbook(tmp_path, sheet('<row r="2"><c r="A2" t="s"><v>0</v></c></row>'))
    with zipfile.ZipFile(path, "a") as packed:
        texts = f'<sst xmlns="{_SPACE}" uniqueCount="{count}"><si><t>x</t></si></sst>'
        packed.writestr("xl/sharedStrings.xml", texts)
    with pytest.raises(Refused, match="too large"):
        list(open_grids(path))


def test_the_longest_text_of_a_cell_is_read(tmp_path: Path) -> None:
    """Of letters that take most bytes."""
    text = "&#x4e2d;" * 32_767
    (grid,) = open_grids(
        workbook(tmp_path, sheet(f'<row r="2"><c t="str"><v>{text}</v></c></row>'))
    )
    assert grid.head[1] == ["中" * 32_767]


def with_parts(path: Path, parts: dict[str, str]) -> Path:
    """A workbook in which these parts stand for those of the same name."""
    other = path.with_name("other.xlsx")
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as now:
        for name in before.namelist():
            if name not in parts:
                now.writestr(name, before.read(name))
        for name, content in parts.items():
            now.writestr(name, content)
    return other


def _book_of(sheets: int) -> str:
    listed = [f'<sheet name="S{i}" sheetId="{i}" r:id="r1"/>' for i in range(1, sheets + 1)]
    return _BOOK.replace('<sheet name="S" sheetId="1" r:id="r1"/>', "".join(listed))


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/workbook.xml": _book_of(20_000)},
        {"xl/workbook.xml": _book_of(2)},
        {"xl/workbook.xml": _book_of(2).replace(_OFFICE, "urn:other")},
        {"xl/workbook.xml": _BOOK + " " * 5_000_000},
        {f"xl/media/{i}.xml": "" for i in range(10_001)},
    ],
    ids=["sheets", "one part of two sheets", "by another name", "names", "parts"],
)
def test_more_sheets_or_parts_than_a_workbook_has_are_refused(
    tmp_path: Path, parts: dict[str, str]
) -> None:
    """Half a megabyte kept its reader at work for minutes: a part is read for each sheet that
    names it."""
    path = with_parts(workbook(tmp_path, sheet("")), parts)
    began = time.process_time()
    with pytest.raises(Refused):
        list(open_grids(path))
    assert time.process_time() - began < 2


def test_a_picture_is_no_sheet_and_need_not_be_one(tmp_path: Path) -> None:
    path = workbook(tmp_path, sheet(""))
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("xl/media/image1.png", b"\x89PNG\r\n\x1a\n<<<>>>")
        packed.writestr("xl/drawings/vmlDrawing1.vml", "<xml><br></xml>")
    (grid,) = open_grids(path)
    assert grid.head == [["name"]]


def test_first_lines_without_end_are_refused(tmp_path: Path) -> None:
    """What parts the cells is looked for in them, a character at a time."""
    path = tmp_path / "table.csv"
    path.write_text("name\n" + "x" * 9_000_000, encoding="ascii")
    with pytest.raises(Refused, match="are longer than"):
        list(open_grids(path))


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"),
        (b"\xef\xbb\xbf\n<html>", "HTML"),
        ("企业名称,注册地".encode(), "no .xlsx workbook"),
        (b"", "no .xlsx workbook"),
    ],
)
def test_a_file_that_is_something_else_is_called_what_it_is(
    tmp_path: Path, start: bytes, told: str
) -> None:
    path = tmp_path / "in.xlsx"
    path.write_bytes(start)
    with pytest.raises(Refused) as refused:
        sheet_extent.check_extent(path)
    assert told in refused.value.reason.en
