"""A workbook whose cells stay what they are: text never becomes a formula, a link or a number.

Apart from the lists of `workbooks`, so that an empty table is made without the library of columns.
"""

from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZipFile

# Of zlib's nine degrees: half the time of its usual one, for a file an eighth larger.
PACKING = 4
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def new_workbook(target: Path | BinaryIO, *, streamed: bool = True) -> Any:
    """`streamed`: its sheets are written through to the disk, each from top to bottom; else they
    stay in memory until the end."""
    # Imported late: whoever only answers writes no workbook.
    import xlsxwriter.workbook  # noqa: PLC0415

    # It has no option for how hard it packs.
    xlsxwriter.workbook.ZipFile = partial(ZipFile, compresslevel=PACKING)

    options: dict[str, Any] = {**_PLAIN, "constant_memory": streamed, "in_memory": not streamed}
    return xlsxwriter.workbook.Workbook(
        str(target) if isinstance(target, Path) else target, options
    )
