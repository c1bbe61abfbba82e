"""A file of companies against the whole catalogue: a portfolio, or a nation."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from service import __version__
from service.bulk.cells import PLACES, InvalidCell, Reader
from service.bulk.engine import Detail, Engine, Plan, answer_all
from service.bulk.inputs import FORMATS, read_batches
from service.bulk.outputs import Writer, placed_when_whole, writer_for
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import ErrorCode, InvalidInput, Problem, Refused
from service.domain.evaluation.claimed_certificates import with_contested_certificates
from service.domain.facts.profile import PROJECT_KIND, Value
from service.domain.facts.vocabulary import Fact, FactType, Owner
from service.domain.rules.catalogue import Catalogue
from service.domain.text import Text, grouped, join
from service.intake.choices import ChoicesRequest
from service.intake.faults import nearest_name
from service.intake.grids import FORMATS as TABLES
from service.intake.profiles import ProfileReader
from service.usecases.portfolio.company_table import CompanyTable, TableBatch, open_company_table
from service.usecases.portfolio.faults import FaultLog
from service.usecases.portfolio.result_workbook import USCC, ResultWorkbook, code_column
from service.usecases.portfolio.table_choices import NO_CHOICES, TableChoices, read_choices
from service.usecases.portfolio.table_notes import table_notes

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_TRUTHS = {"true": True, "false": False, "TRUE": True, "FALSE": False}
_A_LIST = Text("应为 JSON 列表", "must be a JSON list")
_HAS_COLUMN = Text("文件已有这一列", "the file has a column of it")
_FLAT = Text(
    "{said}。一行一家企业，事实不分层，例如 {fact}",
    "{said}. A line is one company with its facts side by side, such as {fact}",
)
_NO_FILE = Text("{name} 不是普通文件", "{name} is no ordinary file")
_NO_TABLE = Text("只用于 .xlsx 和 .csv 表", "is for .xlsx and .csv tables only")
ENGINES = 2
# Columns of which no two cells are alike: a dictionary of them would be as long as they are.
_ALL_DIFFERENT = (*PLACES, FactType.CERTIFICATES, FactType.IDENTIFIER, FactType.TEXT)


@dataclass(frozen=True)
class BatchReport:
    """How far a run has come: companies read, and those with an error."""

    rows: int
    errors: int


class BatchSource(Protocol):
    """Companies to be answered."""

    @property
    def schema(self) -> pa.Schema: ...

    def batches(self) -> Iterator[TableBatch]: ...


@dataclass(frozen=True)
class MachineFile:
    """Parquet or JSON lines: columns named as facts, cells in the form for machines. `given` are
    its own columns, beside which stand those that the sender stated for all."""

    given: pa.Schema
    read: Iterator[pa.RecordBatch]
    choices: TableChoices = NO_CHOICES

    @property
    def schema(self) -> pa.Schema:
        return self.choices.schema(self.given)

    def batches(self) -> Iterator[TableBatch]:
        row = 0
        for batch in self.read:
            numbers = range(row + 1, row + 1 + batch.num_rows)
            yield TableBatch(self.choices.with_stated(batch), numbers=numbers)
            row += batch.num_rows


def open_source(
    catalogue: Catalogue, path: Path, choices: TableChoices = NO_CHOICES
) -> BatchSource:
    """A file of companies, by its ending. Raises InvalidInput for columns that are no facts though
    they are named like some, where no column is one, or for what cannot be chosen of such a file;
    Refused for what cannot be read."""
    if not path.is_file():  # a device has no end, a pipe none that could be read twice
        raise Refused(_NO_FILE.format(name=path.name), ErrorCode.BAD_REQUEST)
    if path.suffix.lower() in TABLES:
        table = open_company_table(catalogue.vocabulary, path, choices)
        check_columns(catalogue, table.schema)
        return table
    if path.suffix.lower() not in FORMATS:
        raise _unknown_type()
    facts = catalogue.vocabulary.facts.values()
    schema, batches = read_batches(path, [f.id for f in facts if f.type not in _ALL_DIFFERENT])
    check_columns(catalogue, schema)
    if schema.names and not any(name in catalogue.vocabulary.facts for name in schema.names):
        raise no_known_column(schema.names, catalogue)
    _check_choices(choices, schema)
    return MachineFile(schema, batches, choices)


def _check_choices(choices: TableChoices, schema: pa.Schema) -> None:
    """A machine's file says itself what it knows: only what has no column may be stated for all."""
    held = [f for f in choices.stated if f in schema.names]
    problems = [Problem(f"/set/{f}", ErrorCode.DUPLICATE_VALUE, _HAS_COLUMN) for f in held]
    problems += [
        Problem(f"/unknown/{f}", ErrorCode.INVALID_VALUE, _NO_TABLE) for f in choices.unknown
    ]
    chosen = {"column": choices.columns, "read": choices.meanings, "within": choices.within}
    problems += [
        Problem(f"/{kind}", ErrorCode.INVALID_VALUE, _NO_TABLE) for kind, c in chosen.items() if c
    ]
    if problems:
        raise InvalidInput(tuple(problems), ErrorCode.INVALID_VALUE)


def _unknown_type() -> Refused:
    formats = (*TABLES, *FORMATS)
    words = Text(f"只读取 {'、'.join(formats)} 文件", f"only {', '.join(formats)} files are read")
    return Refused(words, ErrorCode.UNSUPPORTED_TYPE)


def no_known_column(names: Sequence[str], catalogue: Catalogue) -> InvalidInput:
    """No column is a fact: every company would be undetermined."""
    seen = ", ".join(names[:30])
    said = Text(
        "没有一列是认识的事实；看到的是：{seen}", "no column is a known fact; there are: {seen}"
    )
    facts = list(catalogue.vocabulary.facts)
    near = [n for n in dict.fromkeys(nearest_name(name, facts) for name in names[:30]) if n]
    said = said.format(seen=seen)
    if near:
        hint = Text("{said}。是否指 {near}？", "{said}. Did you mean {near}?")
        said = hint.format(said=said, near=", ".join(near))
    if Owner.COMPANY in names:
        said = _FLAT.format(said=said, fact=facts[0])
    return InvalidInput((Problem("", ErrorCode.UNKNOWN_KEY, said),))


def plan_for(compiled: CompiledCatalogue, as_of: date, detail: Detail) -> Plan:
    """Everything the engine needs from a compiled catalogue."""
    catalogue = compiled.catalogue
    categories = catalogue.categories.values()
    return Plan(
        catalogue,
        compiled.index,
        cell_readers(compiled.reader),
        as_of,
        detail,
        lambda profile: with_contested_certificates(catalogue, profile, as_of),
        frozenset(c.certificate for c in categories if c.certificate is not None and c.yearly),
    )


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
) -> BatchReport:
    """Reads, answers and writes, a batch at a time; `log` takes every fault. `identified`: lines
    for machines begin with the row's number and the company's name and code. `origin` says in the
    answers which table they are of.

    Raises InvalidInput and Refused as `open_source` does, Refused for what cannot be written.
    """
    catalogue = compiled.catalogue
    opened = open_source(catalogue, source) if isinstance(source, Path) else source
    log = FaultLog(catalogue.vocabulary) if log is None else log
    if isinstance(opened, CompanyTable):
        log.table = opened
    targets = [target] if isinstance(target, Path) else list(target)
    people = any(t.suffix.lower() == ".xlsx" for t in targets)
    asked = Detail.MISSING if people else detail
    plan = replace(plan_for(compiled, as_of, asked), language=language)
    engines = [Engine(plan, opened.schema) for _ in range(ENGINES)]
    told = BatchReport(0, 0)
    schema = _answer_schema(engines[0].schema, opened.schema) if identified else engines[0].schema
    with ExitStack() as stack:
        outputs = [
            stack.enter_context(_open_output(t, schema, plan, opened.schema)) for t in targets
        ]
        for batch, answers in answer_all(engines, opened.batches()):
            for output in outputs:
                output.write(batch, answers)
            log.add(batch)
            told = BatchReport(told.rows + answers.num_rows, log.count)
            tell(told)
        notes = [*batch_notes(opened, catalogue, as_of, told), *log.remark_notes()]
        if origin is not None:
            notes.insert(0, origin)
        for output in outputs:
            output.finish(log, notes)
    return told


_ROW, _IDENTITY = "row", ("company.name", USCC)


def _answer_schema(answers: pa.Schema, given: pa.Schema) -> pa.Schema:
    """The columns of answers, behind those that say whose they are."""
    who = [pa.field(name, pa.string()) for name in _IDENTITY if name in given.names]
    plain = [f for f in answers if f.name != _ROW]
    return pa.schema([pa.field(_ROW, pa.int64()), *who, *plain])


class Output(Protocol):
    def write(self, batch: TableBatch, answers: pa.RecordBatch) -> None: ...

    def finish(self, log: FaultLog, notes: Sequence[Text]) -> None: ...


@dataclass(frozen=True)
class _FlatFile:
    """One line a company, as a machine reads it."""

    writer: Writer
    schema: pa.Schema

    def write(self, batch: TableBatch, answers: pa.RecordBatch) -> None:
        if self.schema.names[:1] != [_ROW] or answers.schema.names[:1] == [_ROW]:
            self.writer.write(answers)
            return
        given = batch.rows if batch.given is None else batch.given
        columns = [pa.array(batch.numbers, pa.int64())]
        for name in self.schema.names[1:]:
            if name == USCC:
                columns.append(code_column(batch, name))
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
        yield _FlatFile(writer, schema)


def batch_notes(
    source: BatchSource, catalogue: Catalogue, as_of: date, told: BatchReport
) -> list[Text]:
    """What a reader of the answers should know of how they came about."""
    notes = [
        Text("评估日 {day}；{rows} 家企业，{errors} 家有误",
             "As of {day}; {rows} companies, {errors} with errors").format(
            day=as_of.isoformat(), rows=grouped(told.rows), errors=grouped(told.errors)),
        Text("政策库版本 {version}；程序版本 {program}",
             "Catalogue version {version}; program version {program}").format(
            version=catalogue.version, program=__version__),
        Text("金额上限是文件规定的最高额，不是预计可得金额；结论不代替主管部门的认定",
             "A ceiling is the most the text allows, no expectation; whoever decides is named"),
    ]  # fmt: skip
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


def check_columns(catalogue: Catalogue, schema: pa.Schema) -> None:
    """Raises InvalidInput where a column looks like a fact and is none."""
    facts = catalogue.vocabulary.facts
    owners = tuple(f"{owner}." for owner in Owner)
    strange = [n for n in schema.names if n.startswith(owners) and n not in facts]
    if strange:
        raise InvalidInput(tuple(_unknown_column(name, list(facts)) for name in strange[:100]))


def _unknown_column(name: str, facts: list[str]) -> Problem:
    near = nearest_name(name, facts)
    said = Text("没有事实 {name}", "there is no fact {name}").format(name=name)
    if near:
        said = Text("{said}，是否指 {near}？", "{said}; did you mean {near}?").format(
            said=said, near=near
        )
    return Problem(f"/{name}", ErrorCode.UNKNOWN_KEY, said)


def choices_for(reader: ProfileReader, asked: ChoicesRequest) -> TableChoices:
    """What a sender chose of a table, as `read_choices` reads it. Raises InvalidInput."""
    if not asked:
        return NO_CHOICES
    return read_choices(reader.vocabulary, cell_readers(reader), asked)


def cell_readers(reader: ProfileReader) -> dict[str, Reader]:
    """For every fact the function that reads one cell of text as a profile's value is read."""
    return {fact.id: _reader_of(reader, fact) for fact in reader.vocabulary.facts.values()}


def _reader_of(reader: ProfileReader, fact: Fact) -> Reader:

    def read(text: str) -> Value:
        try:
            profile, _ = reader.read(_profile_of(reader, fact, cell_value(fact, text)), "")
        except InvalidInput as error:
            messages = join((p.message for p in error.problems), "；", "; ")
            raise InvalidCell(messages) from None
        facts = profile.company if fact.owner is Owner.COMPANY else profile.projects[0].facts
        return facts[fact.id]

    return read


def cell_value(fact: Fact, text: str) -> Any:
    """A cell for machines as a profile states it. Raises InvalidCell for a list that is none."""
    return _PLAIN.get(fact.type, str)(text)


def _profile_of(reader: ProfileReader, fact: Fact, raw: Any) -> Any:
    """A profile that states this fact alone."""
    if fact.owner is Owner.COMPANY:
        return {"company": {fact.name: raw}}
    if fact.id == PROJECT_KIND:
        return {"projects": [{"ref": "row", "kind": raw}]}
    kinds = reader.vocabulary.codes_of(reader.vocabulary.facts[PROJECT_KIND])
    kind = fact.kinds[0] if fact.kinds else next(iter(kinds.codes if kinds else ()))
    return {"projects": [{"ref": "row", "kind": kind, fact.name: raw}]}


def _listed(text: str) -> list[str]:
    if text.startswith("["):
        return _items(text)
    return [] if text == "-" else [part.strip() for part in text.split("|")]


def _items(text: str) -> list[Any]:
    try:
        found = [] if text == "-" else json.loads(text)
    except ValueError:
        raise InvalidCell(_A_LIST) from None
    if not isinstance(found, list):
        raise InvalidCell(_A_LIST)
    return found


def _whole(text: str) -> int | str:
    return int(text) if _WHOLE.fullmatch(text) else text


_PLAIN: dict[FactType, Callable[[str], Any]] = {
    FactType.BOOLEAN: lambda text: _TRUTHS.get(text, text),
    FactType.INTEGER: _whole,
    FactType.CODES: _listed,
    FactType.CERTIFICATES: _items,
    FactType.AWARDS: _items,
}
