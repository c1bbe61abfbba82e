"""What is told of the rows of a batch, in every language that is spoken: the answers have it in the
one that the batch was sent in."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

import orjson
import pyarrow as pa

from service.bulk.batch_engine import told_columns
from service.bulk.outputs import placed_when_whole
from service.domain.text import SPOKEN, Text
from service.usecases.portfolio.company_table import TableBatch
from service.usecases.portfolio.faults import FaultLog


class RowWords(NamedTuple):
    """What is wrong with a row, and what should be looked at again."""

    error: str | None
    warnings: str | None


@dataclass(frozen=True)
class _RowWordsFile:
    """A line for each row of which anything is told: its number, and the words by language."""

    file: BinaryIO

    def write(self, batch: TableBatch, answers: pa.RecordBatch) -> None:
        told = {
            language: [answers.column(name).to_pylist() for name in told_columns(language)]
            for language in SPOKEN
        }
        for place, number in enumerate(batch.numbers):
            words = {language: [c[place] for c in columns] for language, columns in told.items()}
            if any(map(any, words.values())):
                self.file.write(orjson.dumps({"row": number, **words}) + b"\n")

    def finish(self, log: FaultLog, notes: Sequence[Text]) -> None:
        """Nothing: all is told row by row."""


@contextmanager
def write_row_words(path: Path) -> Iterator[_RowWordsFile]:
    """The file, written batch by batch; none is left where not all could be."""
    with placed_when_whole(path) as beside, beside.open("wb") as file:
        yield _RowWordsFile(file)


def read_row_words(path: Path, language: str) -> Mapping[int, RowWords]:
    """By their numbers the rows of which anything is told, in one language."""
    with path.open("rb") as file:
        lines = map(orjson.loads, file)
        return {line["row"]: RowWords(*line[language]) for line in lines}
