"""The companies of a table as rows of cells for machines, so that nobody reads the table again."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from service.bulk.cells import faulty_rows
from service.bulk.outputs import Writer, writer_for
from service.domain.facts.vocabulary import Vocabulary
from service.domain.text import Text
from service.usecases.portfolio.company_table import TableBatch
from service.usecases.portfolio.faults import FaultLog
from service.usecases.portfolio.own_columns import joining_columns
from service.usecases.portfolio.result_workbook import given_column

ROW, FAULTY = "row", "faulty"
# Before the header of a column of the sender's own.
OWN = "own."


@dataclass(frozen=True)
class _TableRows:
    """A row for each company: its number in the table, whether any of its cells is faulty, and its
    `facts`; the sender's `own` columns by which rows are joined with other lists."""

    writer: Writer
    schema: pa.Schema
    facts: Sequence[str]
    own: Sequence[str]

    def add(self, batch: TableBatch) -> None:
        """The rows of a batch, whose faults are those of all its cells."""
        columns = [
            pa.array(batch.numbers, pa.int64()),
            pa.array(faulty_rows(batch.faults, batch.rows.num_rows)),
            *(batch.rows.column(name).cast(pa.string()) for name in self.facts),
            *(given_column(batch, name).cast(pa.string()) for name in self.own),
        ]
        self.writer.write(pa.record_batch(columns, schema=self.schema))

    def write(self, batch: TableBatch, _answers: pa.RecordBatch) -> None:
        self.add(batch)

    def finish(self, log: FaultLog, notes: Sequence[Text]) -> None:
        """Nothing: the faults stand in the rows."""


@contextmanager
def write_table_rows(path: Path, given: pa.Schema, vocabulary: Vocabulary) -> Iterator[_TableRows]:
    """The file for a table with the columns `given`; none is left where not all was written."""
    facts = [name for name in given.names if name in vocabulary.facts]
    own = joining_columns(name for name in given.names if name not in vocabulary.facts)
    named = ((name, pa.string()) for name in (*facts, *(f"{OWN}{name}" for name in own)))
    schema = pa.schema([(ROW, pa.int64()), (FAULTY, pa.bool_()), *named])
    with writer_for(path, schema) as writer:
        yield _TableRows(writer, schema, facts, own)
