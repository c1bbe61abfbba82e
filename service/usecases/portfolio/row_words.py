"""What is told of the rows of a batch, in every language that is spoken: the answers have it in the
one that the batch was sent in. Read by what answers requests, so no library of columns is needed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import orjson


class RowWords(NamedTuple):
    """What is wrong with a row, and what should be looked at again."""

    error: str | None
    warnings: str | None


def read_row_words(path: Path, language: str) -> Mapping[int, RowWords]:
    """By their numbers the rows of which anything is told, in one language."""
    with path.open("rb") as file:
        lines = map(orjson.loads, file)
        return {line["row"]: RowWords(*line[language]) for line in lines}
