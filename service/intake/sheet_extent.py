"""How far the cells of a workbook reach, found out before anything makes room for them; and what
the reader of workbooks does not tell of them (errors, words beside numbers, what is hidden).

The reader of workbooks allocates by the outermost cell, so one cell in the last row and column
would ask for all memory. Every part that is a sheet by its content is parsed, whatever its name; as
the reader takes much for a sheet that is no XML, every part that the workbook names has to be XML
from its beginning to its end.
"""

import posixpath
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.parsers import expat

from service.domain.errors import ErrorCode, Refused
from service.domain.text import Text
from service.intake.grid import instead_of_table
from service.intake.number_formats import NumberWords, formats_of
from service.intake.sheet_signs import MAX_TEXT_BYTES, Extent, SheetSigns, UnsafeSheet

# A workbook may unpack to so many bytes, and a sheet claim so many columns and cells; rows are the
# format's own bound, which calamine, the reader, does not hold.
MAX_UNPACKED = 1 << 30
# Pictures are parts as well; what names the parts and the sheets is read whole.
MAX_PARTS, MAX_SHEETS, MAX_NAMES_BYTES = 10_000, 1_000, 1 << 22
# Of a processor's time, for all parts: half a million rows of twenty cells take half of it. A small
# file that unpacks to much is given fewer: a megabyte of a table takes one second.
MAX_SECONDS, SECONDS_OF_SMALL, SECONDS_OF_MEGABYTE = 60.0, 8.0, 2.0
_NAMES = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_READ_ALWAYS = ("xl/workbook.xml", "xl/sharedStrings.xml", _STYLES, _NAMES)
_BLOCK = 1 << 20
_TOO_LONG = Text(
    "读取工作簿用时太长，请分成几个文件，或另存为 CSV",
    "reading the workbook takes too many seconds: split it into several files, or save it as CSV",
)
_NO_WORKBOOK = Text(
    "这不是 .xlsx 工作簿，或已损坏：请用表格软件打开，另存为 .xlsx；是文本的，文件名应以 .csv 结尾",
    "this is no .xlsx workbook, or a damaged one: open it in a spreadsheet and save it as .xlsx; a"
    " text's name must end in .csv",
)


def check_extent(path: Path) -> Mapping[str, SheetSigns]:
    """What the reader of workbooks does not tell, by the name of the sheet. Raises Refused for what
    is no workbook, unpacks to too much, or has cells too far out."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = [e for e in packed.infolist() if not e.is_dir()]
            if len(parts) > MAX_PARTS or sum(e.file_size for e in parts) > MAX_UNPACKED:
                raise UnsafeSheet
            deadline = time.thread_time() + _seconds_for(path.stat().st_size)
            named, sheets = _named_parts(packed), _sheets(packed)
            has_styles = any(part.filename == _STYLES for part in parts)
            formats = _formats(packed) if has_styles else {}
            signs = {
                part.filename: _check_part(
                    packed, part, formats, deadline, is_named=_last_part(part.filename) in named
                )
                for part in parts
            }
            return _by_sheet(sheets, {part: found for part, found in signs.items() if found})
    except UnsafeSheet as error:
        raise Refused(error.reason, ErrorCode.TOO_LARGE) from None
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        LookupError,
        ValueError,
    ):
        raise Refused(_no_workbook(path), ErrorCode.BAD_REQUEST) from None


def _seconds_for(size: int) -> float:
    return min(MAX_SECONDS, SECONDS_OF_SMALL + SECONDS_OF_MEGABYTE * size / 1e6)


def _no_workbook(path: Path) -> Text:
    """Why a file is none, as far as its beginning tells."""
    with path.open("rb") as file:
        return instead_of_table(file.read(64)) or _NO_WORKBOOK


def _formats(packed: zipfile.ZipFile) -> Mapping[str, NumberWords]:
    with packed.open(_STYLES) as styles:
        return formats_of(styles)


def _by_sheet(
    sheets: Mapping[str, str], signs: Mapping[str, SheetSigns]
) -> Mapping[str, SheetSigns]:
    """The signs of each sheet by its name, instead of by its part of the file. Raises ValueError
    where a part has no name."""
    if not signs.keys() <= sheets.keys():
        raise ValueError("a sheet without a name")
    return {sheets[part]: found for part, found in signs.items()}


def _sheets(packed: zipfile.ZipFile) -> Mapping[str, str]:
    """The sheets' names by their parts: each would be read as often as a sheet names it. Raises
    UnsafeSheet, ValueError."""
    targets = {
        rel["Id"]: posixpath.normpath(posixpath.join("/xl", rel["Target"])).lstrip("/")
        for rel in _elements(packed, _NAMES, "Relationship")
        if "Id" in rel and "Target" in rel
    }
    listed = _elements(packed, "xl/workbook.xml", "sheet")
    if len(listed) > MAX_SHEETS:
        raise UnsafeSheet
    named = [(part, sheet["name"]) for sheet in listed if (part := targets.get(_relation(sheet)))]
    if len(dict(named)) < len(named):
        raise ValueError("a part of two sheets")
    return dict(named)


def _relation(sheet: Mapping[str, str]) -> str:
    """The relation that leads to a sheet's part, whatever its namespace is called."""
    return next((value for name, value in sheet.items() if name.rpartition(" ")[2] == "id"), "")


def _named_parts(packed: zipfile.ZipFile) -> frozenset[str]:
    """What the workbook may be read from, by the last part of the names: how folders and letters
    are taken is the reader's affair. Raises ValueError."""
    targets = (rel.get("Target", "") for rel in _elements(packed, _NAMES, "Relationship"))
    return frozenset(map(_last_part, (*_READ_ALWAYS, *targets)))


def _last_part(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].casefold()


def _elements(packed: zipfile.ZipFile, part: str, tag: str) -> list[dict[str, str]]:
    """The attributes of a part's elements of one name. Raises UnsafeSheet, ValueError."""
    elements: list[dict[str, str]] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, attributes: (
        elements.append(attributes) if name.rpartition(" ")[2] == tag else None
    )
    try:
        if packed.getinfo(part).file_size > MAX_NAMES_BYTES:
            raise UnsafeSheet
        parser.Parse(packed.read(part), True)
    except (KeyError, expat.ExpatError):
        raise ValueError(part) from None
    return elements


def _check_part(
    packed: zipfile.ZipFile,
    part: zipfile.ZipInfo,
    formats: Mapping[str, NumberWords],
    deadline: float,
    *,
    is_named: bool,
) -> SheetSigns:
    """Parses a part as far as it is a sheet; one that the workbook names to its end. Another that
    is no XML is no sheet either. `deadline`: by this thread's processor time. Raises UnsafeSheet,
    ValueError."""
    parser = expat.ParserCreate(namespace_separator=" ")
    extent = Extent(parser, part.file_size, formats)
    parser.StartElementHandler = extent.start
    parser.EntityDeclHandler = extent.entity
    unpacked = elements = last_element = 0
    with packed.open(part) as file:
        try:
            while block := file.read(_BLOCK):
                unpacked += len(block)
                if unpacked > MAX_UNPACKED or unpacked - last_element > MAX_TEXT_BYTES + _BLOCK:
                    raise UnsafeSheet
                if time.thread_time() > deadline:
                    raise UnsafeSheet(_TOO_LONG)
                parser.Parse(block)
                if extent.elements > elements:
                    elements, last_element = extent.elements, unpacked
                if extent.has_root and not (extent.is_sheet or is_named):
                    return SheetSigns()
            parser.Parse(b"", True)
        except expat.ExpatError:
            if is_named or extent.is_sheet:
                raise ValueError(part.filename) from None
            return SheetSigns()
    return extent.signs if extent.is_sheet else SheetSigns()
