"""A file of companies against the whole catalogue, however many they are."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from service import __version__
from service.bulk.batch_engine import (
    WARNINGS,
    BatchEngine,
    Detail,
    Plan,
    RowWarner,
    answer_all,
    told_columns,
)
from service.bulk.cells import faulty_rows
from service.bulk.outputs import Writer, placed_when_whole, writer_for
from service.bulk.row_facts import RowReader
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.evaluation.claimed_certificates import with_contested_certificates
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.text import SPOKEN, Text, grouped
from service.usecases.portfolio.batch_source import BatchSource, MachineFile, open_source
from service.usecases.portfolio.cell_readers import cell_readers
from service.usecases.portfolio.company_table import CompanyTable, TableBatch
from service.usecases.portfolio.faults import FaultLog
from service.usecases.portfolio.result_workbook import ResultWorkbook, identity_column
from service.usecases.portfolio.row_warnings import RowWarning, RowWarnings
from service.usecases.portfolio.row_words_file import write_row_words
from service.usecases.portfolio.table_notes import table_notes
from service.usecases.portfolio.table_preview import RowCheck
from service.usecases.portfolio.table_rows import write_table_rows
from service.usecases.portfolio.verdict_file import open_verdict_file

ENGINE_COUNT = 2
TO_CHECK = Text(
    "{count} 家企业有需要核对之处（数字、日期、代码或资质），见结果的“请核对”（warnings）一列；"
    "结论按所填信息得出",
    "Of {count} companies something should be checked (figures, days, codes or certificates): see"
    " “Please check” (warnings) in the answers, which take what is stated as stated",
)


@dataclass(frozen=True)
class BatchReport:
    """How far a run has come: companies read, those with an error, and those of which something
    should be looked at again."""

    rows: int
    errors: int
    warned: int = 0


def plan_for(compiled: CompiledCatalogue, as_of: date, detail: Detail) -> Plan:
    """Everything the engine needs from a compiled catalogue."""
    catalogue = compiled.catalogue
    categories = catalogue.categories.values()
    return Plan(
        catalogue,
        cell_readers(compiled.reader),
        as_of,
        lambda profile: with_contested_certificates(catalogue, profile, as_of),
        frozenset(c.certificate for c in categories if c.certificate is not None and c.yearly),
        compiled.index,
        detail,
    )


def _plan_for_targets(
    compiled: CompiledCatalogue,
    targets: Sequence[Path],
    as_of: date,
    detail: Detail,
    language: str,
    *,
    identified: bool,
) -> Plan:
    """The plan for what is written: a workbook for people names what is missing, and both it and
    lines that are identified warn of a row."""
    people = any(t.suffix.lower() == ".xlsx" for t in targets)
    asked = Detail.MISSING if people else detail
    plan = replace(plan_for(compiled, as_of, asked), language=language)
    if people or identified:
        plan = replace(plan, warner=partial(_row_warner, compiled, as_of))
    return plan


def row_check(compiled: CompiledCatalogue, as_of: date) -> RowCheck:
    """What looks over the rows of tables before they run, as the run will."""
    reader = RowReader(plan_for(compiled, as_of, Detail.COUNTS))
    warnings = RowWarnings(compiled.catalogue, compiled.reader, as_of)

    def check(batch: TableBatch) -> Mapping[int, Sequence[RowWarning]]:
        cells = reader.read(batch.rows, batch.faults)
        return warnings.of(batch.rows, cells, faulty_rows(batch.faults, batch.rows.num_rows))

    return check


def _row_warner(compiled: CompiledCatalogue, as_of: date) -> RowWarner:
    return RowWarnings(compiled.catalogue, compiled.reader, as_of).texts


def run_batch(
    compiled: CompiledCatalogue,
    source: Path | BatchSource,
    target: Path | Sequence[Path],
    as_of: date,
    detail: Detail,
    tell: Callable[[BatchReport], None],
    *,
    log: FaultLog | None = None,
    language: str = "zh",
    identified: bool = False,
    origin: Text | None = None,
    verdicts: Path | None = None,
    row_words: Path | None = None,
    table_rows: Path | None = None,
) -> BatchReport:
    """Reads, answers and writes, a batch at a time; `log` takes every fault. `identified`: lines
    for machines begin with the row's number and the company's name and code. `origin` says in the
    answers which table they are of. `verdicts` takes every verdict of every company, for which
    `detail` is not COUNTS, `row_words` (`RowWords`) what is told of rows in every language,
    `table_rows` the companies as they were read.

    Raises InvalidInput and Refused as `open_source` does, Refused for what cannot be written.
    """
    catalogue = compiled.catalogue
    opened = open_source(catalogue, source) if isinstance(source, Path) else source
    log = FaultLog(catalogue.vocabulary) if log is None else log
    if isinstance(opened, CompanyTable):
        log.table = opened
    targets = [target] if isinstance(target, Path) else list(target)
    identified_too = identified or verdicts is not None
    plan = _plan_for_targets(compiled, targets, as_of, detail, language, identified=identified_too)
    plan = replace(plan, told_in=SPOKEN if row_words else ())
    engines = [BatchEngine(plan, opened.schema) for _ in range(ENGINE_COUNT)]
    schema = engines[0].schema
    if identified:
        schema = _answer_schema(schema, opened.schema, catalogue.vocabulary.identity)
    with ExitStack() as stack:
        outputs: list[Output] = [
            stack.enter_context(_open_output(t, schema, plan, opened.schema)) for t in targets
        ]
        if verdicts is not None:
            outputs.append(stack.enter_context(open_verdict_file(verdicts, plan, opened.schema)))
        if row_words is not None:
            outputs.append(stack.enter_context(write_row_words(row_words)))
        if table_rows is not None:
            rows = write_table_rows(table_rows, opened.schema, catalogue.vocabulary)
            outputs.append(stack.enter_context(rows))
        report = _answer_into(outputs, engines, opened, log, tell)
        notes = [*batch_notes(opened, catalogue, as_of, report), *log.remark_notes()]
        if origin is not None:
            notes.insert(0, origin)
        for output in outputs:
            output.finish(log, notes)
    return report


def _answer_into(
    outputs: Sequence["Output"],
    engines: Sequence[BatchEngine],
    source: BatchSource,
    log: FaultLog,
    tell: Callable[[BatchReport], None],
) -> BatchReport:
    """Every batch answered and written, one after the other."""
    report = BatchReport(0, 0)
    for batch, answers in answer_all(engines, source.batches()):
        for output in outputs:
            output.write(batch, answers)
        log.add(batch)
        report = BatchReport(
            report.rows + answers.num_rows, log.count, report.warned + _warned_rows(answers)
        )
        tell(report)
    return report


def _warned_rows(answers: pa.RecordBatch) -> int:
    """How many companies have something to look at again."""
    if WARNINGS not in answers.schema.names:
        return 0
    rows: int = answers.num_rows - answers.column(WARNINGS).null_count
    return rows


_ROW = "row"


def says_whose_lines(given: pa.Schema, vocabulary: Vocabulary) -> bool:
    """Whether a table has names or codes of companies, and no numbers of its lines of its own."""
    return _ROW not in given.names and not set(vocabulary.identity).isdisjoint(given.names)


def _answer_schema(answers: pa.Schema, given: pa.Schema, identity: Sequence[str]) -> pa.Schema:
    """The columns of answers, behind those that say whose they are."""
    who = [pa.field(name, pa.string()) for name in identity if name in given.names]
    beside = {_ROW, *(name for language in SPOKEN for name in told_columns(language))}
    plain = [f for f in answers if f.name not in beside]
    return pa.schema([pa.field(_ROW, pa.int64()), *who, *plain])


class Output(Protocol):
    def write(self, batch: TableBatch, answers: pa.RecordBatch) -> None: ...

    def finish(self, log: FaultLog, notes: Sequence[Text]) -> None: ...


@dataclass(frozen=True)
class _FlatFile:
    """One line a company, as a machine reads it. `identity`: the facts that say which it is."""

    writer: Writer
    schema: pa.Schema
    identity: Sequence[str]

    def write(self, batch: TableBatch, answers: pa.RecordBatch) -> None:
        if self.schema.names[:1] != [_ROW] or answers.schema.names[:1] == [_ROW]:
            self.writer.write(answers)
            return
        given = batch.rows if batch.given is None else batch.given
        columns = [pa.array(batch.numbers, pa.int64())]
        for name in self.schema.names[1:]:
            if name in self.identity:
                columns.append(identity_column(batch, name))
                continue
            source = answers if name in answers.schema.names else given
            columns.append(source.column(name))
        self.writer.write(pa.record_batch(columns, schema=self.schema))

    def finish(self, log: FaultLog, notes: Sequence[Text]) -> None:
        """Nothing: the errors stand in the lines."""


@contextmanager
def _open_output(target: Path, schema: pa.Schema, plan: Plan, given: pa.Schema) -> Iterator[Output]:
    """`schema` is of the answers, `given` of the table."""
    if target.suffix.lower() == ".xlsx":
        with placed_when_whole(target) as beside:
            workbook = ResultWorkbook(beside, plan, given)
            try:
                yield workbook
            finally:
                workbook.close()
        return
    with writer_for(target, schema) as writer:
        yield _FlatFile(writer, schema, plan.catalogue.vocabulary.identity)


def batch_notes(
    source: BatchSource, catalogue: Catalogue, as_of: date, report: BatchReport
) -> list[Text]:
    """What a reader of the answers should know of how they came about."""
    notes = [
        Text("评估日 {day}；{rows} 家企业，{errors} 家有误",
             "As of {day}; {rows} companies, {errors} with errors").format(
            day=as_of.isoformat(), rows=grouped(report.rows), errors=grouped(report.errors)),
        Text("政策库版本 {version}；程序版本 {program}",
             "Catalogue version {version}; program version {program}").format(
            version=catalogue.version, program=__version__),
        Text("金额上限是文件规定的最高额，不是预计可得金额；结论不代替主管部门的认定",
             "A ceiling is the most the text allows, no expectation; whoever decides is named"),
    ]  # fmt: skip
    if report.warned:
        notes.append(TO_CHECK.format(count=grouped(report.warned)))
    if isinstance(source, CompanyTable):
        notes += table_notes(source)
    elif isinstance(source, MachineFile):
        notes += source.choices.notes(catalogue.vocabulary)
    return notes


def origin_note(table: Path, name: str, batch_id: str | None = None) -> Text:
    """Which file the answers are of, so that it can be told from any other."""
    with table.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    said = Text("来自文件 {name}，sha256 {digest}", "Of the file {name}, sha256 {digest}").format(
        name=name, digest=digest
    )
    if batch_id is None:
        return said
    return Text("批次 {id}；{said}", "Batch {id}; {said}").format(id=batch_id, said=said)
