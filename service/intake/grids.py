"""Tables that people made, as cells of text: CSV in their encodings, sheets of a workbook.

Nothing is decided here about what a cell means. A grid shows its first rows, so that somebody can
find the header, and then streams the rest in batches with the number of each row.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from service.intake.csv_grid import CsvGrid
from service.intake.grid import Grid, refused
from service.intake.sheet_extent import check_extent
from service.intake.sheet_grid import SheetGrid
from service.intake.sheet_signs import SheetSigns

FORMATS = (".csv", ".xlsx")


def open_grids(path: Path) -> Iterator[Grid]:
    """The sheets of a workbook that hold something, those that are hidden last, or the one table of
    a CSV file. Raises Refused."""
    if path.suffix.lower() == ".csv":
        yield CsvGrid(path)
        return
    signs = check_extent(path)
    with _as_refused(path):
        book = CalamineWorkbook.from_path(str(path))
        hidden = {m.name: m.visible != SheetVisibleEnum.Visible for m in book.sheets_metadata}
    for name in sorted(hidden, key=lambda name: hidden[name]):
        with _as_refused(path):
            sheet = book.get_sheet_by_name(name)
        if sheet.start is not None:
            yield SheetGrid(sheet, signs.get(name) or SheetSigns(), is_hidden=hidden[name])


@contextmanager
def _as_refused(path: Path) -> Iterator[None]:
    """Turn what the reader of workbooks cannot read into Refused."""
    try:
        yield
    except (CalamineError, OSError) as error:
        raise refused(
            f"无法读取 {path.name}：{error}", f"{path.name} cannot be read: {error}"
        ) from None
