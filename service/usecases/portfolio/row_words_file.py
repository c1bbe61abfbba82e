"""Writing what is told of the rows of a batch, as `row_words` reads it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import orjson
import pyarrow as pa

from service.bulk.batch_engine import told_columns
from service.bulk.outputs import placed_when_whole
from service.domain.text import SPOKEN, Text
from service.usecases.portfolio.company_table import TableBatch
from service.usecases.portfolio.faults import FaultLog


@dataclass(frozen=True)
class _RowWordsFile:
    """A line for each row of which anything is told: its number, and the words by language."""

    file: BinaryIO

    def write(self, batch: TableBatch, answers: pa.RecordBatch) -> None:
        columns_by_language = {
            language: [answers.column(name).to_pylist() for name in told_columns(language)]
            for language in SPOKEN
        }
        for place, number in enumerate(batch.numbers):
            words = {
                language: [c[place] for c in columns]
                for language, columns in columns_by_language.items()
            }
            if any(map(any, words.values())):
                self.file.write(orjson.dumps({"row": number, **words}) + b"\n")

    def finish(self, log: FaultLog, notes: Sequence[Text]) -> None:
        """Nothing: all is told row by row."""


@contextmanager
def write_row_words(path: Path) -> Iterator[_RowWordsFile]:
    """The file, written batch by batch; none is left where not all could be."""
    with placed_when_whole(path) as beside, beside.open("wb") as file:
        yield _RowWordsFile(file)
