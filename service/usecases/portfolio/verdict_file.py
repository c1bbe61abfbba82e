"""Every verdict of a table in one file: a line for each programme in force of each company, with
what it rests on. The workbook of the answers holds the first so many of the same lines."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from service.bulk.batch_engine import WARNINGS, Plan
from service.bulk.inputs import read_batches
from service.bulk.outputs import Writer, placed_when_whole, writer_for
from service.bulk.plain_workbook import new_workbook
from service.bulk.workbooks import ListSheet
from service.domain.errors import Refused
from service.domain.evaluation.evaluator import Status
from service.domain.facts.vocabulary import Vocabulary
from service.domain.text import Text, grouped
from service.domain.wording import sheet_heads
from service.domain.wording.clause_words import clause_words
from service.domain.wording.labels import STATUS
from service.usecases.portfolio.company_table import TableBatch
from service.usecases.portfolio.own_columns import joining_columns
from service.usecases.portfolio.result_workbook import given_column, identity_column
from service.usecases.portfolio.verdicts import VerdictLines, Verdicts, status_places

FORMATS = (".csv", ".jsonl", ".parquet")
# So many lines are read by a person; more than fit a few sheets are for a machine.
MAX_SHEET_LINES = 1_000_000
_TEXT = pa.dictionary(pa.int32(), pa.string())
_PROGRAMME, _STATUS, _PROGRAMME_WORDS = "programme", "status", "programme_words"
_SHEET = Text("逐项判断", "Verdicts")
_TOO_MANY = Text(
    "共 {count} 行，多于工作簿能供阅读的 {most} 行：请指定一个支持事项或结论，或取 CSV",
    "{count} lines are more than the {most} that a workbook is read for: name a programme or a"
    " status, or take CSV",
)
# What a person is shown of a line behind the row and whose it is, in which column of the file it
# stands; own columns come before the programme.
_SHOWN = (
    *((sheet_heads.PROGRAMME, _PROGRAMME_WORDS), (sheet_heads.STATUS, "status_words")),
    *((sheet_heads.RULED_BY, "why"), (sheet_heads.OF_COMPANY, "stated")),
    *((sheet_heads.NOT_STATED, "not_stated"), (sheet_heads.ONE_SHORT, "one_short")),
    (sheet_heads.CLAUSE, "clause"),
)
_LINE = (
    *((_PROGRAMME, _TEXT), (_STATUS, _TEXT), ("programme_words", _TEXT)),
    *(("status_words", _TEXT), ("why", _TEXT), ("stated", pa.string())),
    *(("not_stated", _TEXT), ("one_short", _TEXT), ("clause", _TEXT), (WARNINGS, _TEXT)),
)


class VerdictFile:
    """Written batch by batch, as the answers are."""

    def __init__(self, writer: Writer, schema: pa.Schema, plan: Plan, given: pa.Schema) -> None:
        """`given`: the table's columns; `schema`: `verdict_schema` of it."""
        self._writer, self._schema = writer, schema
        self._verdicts = Verdicts(plan, given)
        self._programmes = list(plan.catalogue.programmes.values())
        catalogue, language = plan.catalogue, plan.language
        self._own = _own_columns(plan, given)
        self._identity = sheet_heads.identity_heads(catalogue.vocabulary)
        self._ids = pa.array([p.id for p in self._programmes])
        self._names = pa.array(
            [catalogue.list_name(p.id).in_language(language) for p in self._programmes]
        )
        clauses = (clause_words(catalogue.measures[p.measure], p.article) for p in self._programmes)
        self._clauses = pa.array([c.in_language(language) for c in clauses])
        self._codes = pa.array([s.value for s in Status])
        self._words = pa.array([STATUS[s].in_language(language) for s in Status])

    def write(self, batch: TableBatch, answers: pa.RecordBatch) -> None:
        """The companies of a batch and their answers, of Detail.STATUSES or more."""
        numbers = batch.numbers or range(1, batch.rows.num_rows + 1)
        who = [
            pa.array(numbers, pa.int64()),
            *(identity_column(batch, fact).cast(pa.string()) for fact in self._identity),
            *(given_column(batch, name).cast(pa.string()) for name in self._own),
        ]
        statuses = status_places(answers, self._programmes)
        warned = answers.column(WARNINGS).dictionary_encode()
        for part, found in self._verdicts.parts(batch.rows, statuses):
            taken = part.stop - part.start
            self._write(
                [c.slice(part.start, taken) for c in who],
                found,
                statuses[:, part],
                warned.slice(part.start, taken),
            )

    def _write(
        self,
        who: list[pa.Array],
        lines: VerdictLines,
        statuses: NDArray[np.int8],
        warned: pa.DictionaryArray,
    ) -> None:
        rows = pa.array(lines.rows)
        places = pa.array(lines.programmes, pa.int32())
        statuses_of_lines = pa.array(statuses[lines.programmes, lines.rows], pa.int32())

        def named(ids: pa.Array, words: pa.Array) -> pa.DictionaryArray:
            return pa.DictionaryArray.from_arrays(ids, words)

        columns = [
            *(column.take(rows) for column in who),
            *(named(places, self._ids), named(statuses_of_lines, self._codes)),
            *(named(places, self._names), named(statuses_of_lines, self._words)),
            *(lines.why, lines.observed, lines.missing, lines.sole_obstacle),
            named(places, self._clauses),
            warned.take(rows),
        ]
        held = zip(columns, self._schema, strict=True)
        self._writer.write(pa.record_batch([c.cast(f.type) for c, f in held], schema=self._schema))

    def finish(self, *_: object) -> None:
        """Nothing: faults and notes stand beside."""


def _own_columns(plan: Plan, given: pa.Schema) -> list[str]:
    facts = plan.catalogue.vocabulary.facts
    return joining_columns(n for n in given.names if n not in facts)


def _verdict_schema(plan: Plan, given: pa.Schema) -> pa.Schema:
    """Whose line it is, then the line."""
    identity = sheet_heads.identity_heads(plan.catalogue.vocabulary)
    whose = ((name, pa.string()) for name in (*identity, *_own_columns(plan, given)))
    return pa.schema([("row", pa.int64()), *whose, *_LINE])


@contextmanager
def open_verdict_file(target: Path, plan: Plan, given: pa.Schema) -> Iterator[VerdictFile]:
    """In the format that the name ends in, put in place when it is whole. Raises Refused."""
    schema = _verdict_schema(plan, given)
    with writer_for(target, schema) as writer:
        yield VerdictFile(writer, schema, plan, given)


def select_verdicts(
    source: Path,
    target: Path,
    programme: str | None,
    status: str | None,
    language: str,
    vocabulary: Vocabulary,
) -> None:
    """A file of verdicts in another format, all or those of a programme or with a status. Raises
    Refused where a workbook would have too many lines."""
    schema, batches = read_batches(source)
    parts = (_of(batch, programme, status) for batch in batches)
    if target.suffix == ".xlsx":
        with placed_when_whole(target) as beside:
            _write_sheet(beside, schema, parts, language, sheet_heads.identity_heads(vocabulary))
        return
    with writer_for(target, schema) as writer:
        for part in parts:
            writer.write(part)


def _of(batch: pa.RecordBatch, programme: str | None, status: str | None) -> pa.RecordBatch:
    for name, wanted in ((_PROGRAMME, programme), (_STATUS, status)):
        if wanted is not None:
            batch = batch.filter(pc.equal(batch.column(name).cast(pa.string()), wanted))
    return batch


def _write_sheet(
    path: Path,
    schema: pa.Schema,
    parts: Iterator[pa.RecordBatch],
    language: str,
    identity: Mapping[str, sheet_heads.Head],
) -> None:
    whose = ((sheet_heads.ROW, "row"), *((head, name) for name, head in identity.items()))
    shown = [(head, name) for head, name in (*whose, *_SHOWN) if name in schema.names]
    names = [name for _, name in shown]
    heads = [(head.in_language(language), width) for (head, width), _ in shown]
    own = [n for n in schema.names if n not in {*names, *(name for name, _ in _LINE)}]
    behind = names.index(_PROGRAMME_WORDS)
    names[behind:behind], heads[behind:behind] = own, [(name, 16) for name in own]
    count = 0
    with new_workbook(path) as book:
        sheet = ListSheet(book, _SHEET.in_language(language), heads)
        for part in parts:
            count += part.num_rows
            if count > MAX_SHEET_LINES:
                continue  # counted to its end, for the refusal
            sheet.add_columns([part.column(name) for name in names])
        sheet.close()
    if count > MAX_SHEET_LINES:
        raise Refused(_TOO_MANY.format(count=grouped(count), most=grouped(MAX_SHEET_LINES)))
