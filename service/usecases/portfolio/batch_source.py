"""Where the companies of a batch come from: a table that people made, or a machine's file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from service.bulk.cells import PLACES
from service.bulk.inputs import FORMATS, read_batches
from service.domain.errors import ErrorCode, InvalidInput, Problem, Refused
from service.domain.facts.vocabulary import FactType, Owner
from service.domain.rules.catalogue import Catalogue
from service.domain.text import Text, did_you_mean
from service.intake.faults import nearest_name, shortened
from service.intake.grids import FORMATS as TABLES
from service.intake.headers import HeaderNames
from service.rendering.texts import read_texts
from service.usecases.portfolio.company_table import TableBatch
from service.usecases.portfolio.sheet_choice import open_company_table
from service.usecases.portfolio.table_choices import NO_CHOICES, TableChoices
from service.usecases.portfolio.table_endings import refused_ending

_WORDS = read_texts(__file__)

# Columns of which no two cells are alike: a dictionary of them would be as long as they are.
_ALL_DIFFERENT = (*PLACES, FactType.CERTIFICATES, FactType.IDENTIFIER, FactType.TEXT)


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
        raise Refused(_WORDS["no_file"].format(name=path.name), ErrorCode.BAD_REQUEST)
    if path.suffix.lower() in TABLES:
        table = open_company_table(catalogue.vocabulary, path, choices)
        check_columns(catalogue, table.schema)
        return table
    if path.suffix.lower() not in FORMATS:
        raise Refused(refused_ending(path.name), ErrorCode.UNSUPPORTED_TYPE)
    facts = catalogue.vocabulary.stated
    schema, batches = read_batches(path, [f.id for f in facts if f.type not in _ALL_DIFFERENT])
    check_columns(catalogue, schema)
    if schema.names and not any(name in catalogue.vocabulary.facts for name in schema.names):
        raise no_known_column(schema.names, catalogue)
    _check_choices(choices, schema)
    return MachineFile(schema, batches, choices)


def _check_choices(choices: TableChoices, schema: pa.Schema) -> None:
    """A machine's file says itself what it knows: only what has no column may be stated for all."""
    held = [f for f in choices.stated if f in schema.names]
    has_column, no_table = _WORDS["has_column"], _WORDS["no_table"]
    problems = [Problem(f"/set/{f}", ErrorCode.DUPLICATE_VALUE, has_column) for f in held]
    problems += [
        Problem(f"/unknown/{f}", ErrorCode.INVALID_VALUE, no_table) for f in choices.unknown
    ]
    chosen = {"column": choices.columns, "read": choices.meanings, "within": choices.within}
    problems += [
        Problem(f"/{kind}", ErrorCode.INVALID_VALUE, no_table) for kind, c in chosen.items() if c
    ]
    if problems:
        raise InvalidInput(tuple(problems), ErrorCode.INVALID_VALUE)


def no_known_column(names: Sequence[str], catalogue: Catalogue) -> InvalidInput:
    """No column is a fact: every company would be undetermined."""
    seen = ", ".join(map(shortened, names[:30]))
    said = Text(
        "没有一列是认识的事实；看到的是：{seen}", "no column is a known fact; there are: {seen}"
    )
    headers = HeaderNames(catalogue.vocabulary)
    labelled = ((name, headers.read(name).fact) for name in names[:30])
    by_label = [f"{shortened(name)}: {fact.id}" for name, fact in labelled if fact]
    if by_label and Owner.COMPANY not in names:
        return InvalidInput(
            (Problem("", ErrorCode.UNKNOWN_KEY, _WORDS["labels"].format(ids=", ".join(by_label))),)
        )
    facts = list(catalogue.vocabulary.facts)
    near = [n for n in dict.fromkeys(nearest_name(name, facts) for name in names[:30]) if n]
    said = did_you_mean(said.format(seen=seen), ", ".join(near))
    if Owner.COMPANY in names:
        said = _WORDS["flat"].format(said=said, fact=facts[0])
    return InvalidInput((Problem("", ErrorCode.UNKNOWN_KEY, said),))


def check_columns(catalogue: Catalogue, schema: pa.Schema) -> None:
    """Raises InvalidInput where a column looks like a fact and is none."""
    facts = catalogue.vocabulary.facts
    owners = tuple(f"{owner}." for owner in Owner)
    strange = [n for n in schema.names if n.startswith(owners) and n not in facts]
    if strange:
        raise InvalidInput(tuple(_unknown_column(name, list(facts)) for name in strange[:100]))


def _unknown_column(name: str, facts: list[str]) -> Problem:
    near = nearest_name(name, facts)
    said = Text("没有事实 {name}", "there is no fact {name}").format(name=shortened(name))
    return Problem(f"/{name}", ErrorCode.UNKNOWN_KEY, did_you_mean(said, near))
