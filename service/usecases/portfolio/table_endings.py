"""Which files of companies are read, by how their names end.

The service asks this of whatever is sent: nothing that reads a table is loaded for it.
"""

from pathlib import Path

from service.domain.text import Text, enumerated
from service.rendering.texts import read_texts

_WORDS = read_texts(__file__)

SUFFIXES = (".csv", ".xlsx", ".parquet", ".jsonl")
# How tables of other programs, and of earlier versions, end.
_OTHER_SHEETS = frozenset(
    (".xls", ".xlsb", ".xlsm", ".xlt", ".xltx", ".et", ".ett", ".ods", ".fods", ".numbers", ".mht")
)


def refused_ending(name: str) -> Text:
    """Why a file whose name ends otherwise than a table's is not read. What another program of
    sheets wrote is no workbook under another name."""
    if Path(name).suffix.lower() in _OTHER_SHEETS:
        return _WORDS["other_sheets"]
    return _WORDS["endings"].format(all=enumerated(SUFFIXES))
