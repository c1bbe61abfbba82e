"""Whose companies are held against a programme: those a tenant keeps, or those of a batch."""

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import orjson
import pyarrow as pa

from service.bulk.batch_engine import CheckedBatch
from service.bulk.cells import CellReader
from service.bulk.inputs import read_batches
from service.bulk.memory import release_memory
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.rules.programmes import Programme
from service.rendering.json_parts import Json
from service.storage.batches import BatchRepository, StoredBatch
from service.storage.companies import CompanyRepository, StoredCompany
from service.usecases.portfolio.batch_source import BatchSource
from service.usecases.portfolio.cell_readers import cell_readers
from service.usecases.portfolio.screening import (
    Nearness,
    batch_of,
    judged_facts,
    profile_of,
    rows_of,
    screen,
)
from service.usecases.portfolio.table_rows import FAULTY, OWN, ROW, write_table_rows
from service.usecases.tenancy.batch_files import source_of
from service.usecases.tenancy.batches import TABLE_ROWS

_AT_ONCE = 4_000
_NAME = "company.name"


@dataclass(frozen=True, slots=True)
class Prospect:
    """A company as it is known before it is evaluated. `profile` gives what it states, `evidence`
    the document behind a fact; `marked` whether any fact is marked with its provenance."""

    nearness: Nearness
    uscc: str | None
    name: str | None
    profile: Callable[[], Mapping[str, Any]]
    evidence: Callable[[str], Json | None]
    version: int = 0
    tags: tuple[str, ...] = ()
    row: int | None = None
    own: Mapping[str, str | None] = field(default_factory=dict)
    marked: bool = False


class CandidateSource(Protocol):
    """Companies that can be screened."""

    def prospects(self, programme: Programme, as_of: date) -> Iterator[Prospect]:
        """Every subject of every company; those of one company follow one another."""
        ...


@dataclass(frozen=True)
class _SubjectBatch(CheckedBatch):
    owners: tuple[StoredCompany, ...] = ()


@dataclass(frozen=True)
class KeptCompanies:
    """What a tenant keeps, all or those with a tag."""

    compiled: CompiledCatalogue
    companies: CompanyRepository
    tenant: str
    tag: str | None = None

    def prospects(self, programme: Programme, as_of: date) -> Iterator[Prospect]:
        names = judged_facts(self.compiled.catalogue.vocabulary)
        schema = pa.schema([(name, pa.string()) for name in names])
        unreadable: list[StoredCompany] = []
        batches = self._batches(programme, names, unreadable)
        for batch, found in screen(self.compiled, programme, as_of, schema, batches):
            for company, nearness in zip(batch.owners, found, strict=True):
                yield _prospect_of(company, nearness)
        for company in unreadable:
            yield _prospect_of(company, Nearness(None))

    def _batches(
        self, programme: Programme, names: list[str], unreadable: list[StoredCompany]
    ) -> Iterator[_SubjectBatch]:
        """Stored profiles as columns. One in words that the vocabulary no longer has is set aside:
        to leave out what it states would be to answer for another company."""
        facts = self.compiled.catalogue.vocabulary.facts
        companies = self.companies.all(self.tenant, self.tag)
        while some := list(islice(companies, _AT_ONCE)):
            rows, owners = [], []
            for company in some:
                subjects = rows_of(orjson.loads(company.content)["profile"], programme.supports)
                if any(name not in facts for row in subjects for name in row):
                    unreadable.append(company)
                    continue
                rows += subjects
                owners += [company] * len(subjects)
            if rows:
                yield _SubjectBatch(batch_of(rows, names), owners=tuple(owners))


def _prospect_of(company: StoredCompany, nearness: Nearness) -> Prospect:
    return Prospect(
        nearness,
        company.uscc,
        company.name or None,
        lambda: orjson.loads(company.content)["profile"],
        partial(_evidence_of, company),
        version=company.version,
        tags=company.tags,
        marked=b'"provenance":{}' not in company.content,
    )


def _evidence_of(company: StoredCompany, key: str) -> Json | None:
    """The document that shows a fact of a kept company."""
    found: Json | None = (orjson.loads(company.content).get("evidence") or {}).get(key)
    return found


@dataclass(frozen=True)
class _RowBatch(CheckedBatch):
    whole: pa.RecordBatch | None = None


@dataclass(frozen=True)
class TableCompanies:
    """The companies of a table, in the form for machines that `write_table_rows` gives them."""

    compiled: CompiledCatalogue
    rows: Path
    cells: "CellNames"

    def prospects(self, programme: Programme, as_of: date) -> Iterator[Prospect]:
        """Rows with an error have no answer here either."""
        schema, rows = read_batches(self.rows)
        own = {n: n.removeprefix(OWN) for n in schema.names if n.startswith(OWN)}
        vocabulary = self.compiled.catalogue.vocabulary
        code = vocabulary.identifier.id if vocabulary.identifier else ""
        judged = [n for n in judged_facts(vocabulary) if n in schema.names]
        wanted, looked_at = pa.schema([(n, pa.string()) for n in judged]), frozenset(judged)
        batches = (_RowBatch(b.select(judged), whole=b) for b in rows)
        for batch, found in screen(self.compiled, programme, as_of, wanted, batches):
            whole = batch.whole
            assert whole is not None
            columns = (_column(whole, name) for name in (ROW, FAULTY, _NAME, code))
            theirs = {head: _column(whole, name) for name, head in own.items()}
            for i, (nearness, row, faulty, name, uscc) in enumerate(
                zip(found, *columns, strict=True)
            ):
                yield Prospect(
                    Nearness(None) if faulty else nearness,
                    uscc,
                    name,
                    partial(self._profile, whole, i, looked_at),
                    partial(self.cells.evidence, row),
                    row=row,
                    own={head: cells[i] for head, cells in theirs.items()},
                )
        # As after a preview: a worker would hold what a table of thousands took.
        release_memory()

    def profiles(self, wanted: Container[int] | None = None) -> Iterator[tuple[int, Json]]:
        """What rows without an error state, all of it, each with its number; all or those
        wanted."""
        vocabulary = self.compiled.catalogue.vocabulary
        _, batches = read_batches(self.rows)
        for rows in batches:
            columns = zip(_column(rows, ROW), _column(rows, FAULTY), strict=True)
            for i, (row, faulty) in enumerate(columns):
                if not faulty and (wanted is None or row in wanted):
                    (found,) = rows.slice(i, 1).to_pylist()
                    yield row, profile_of(vocabulary, found, vocabulary.facts.__contains__)

    def _profile(self, rows: pa.RecordBatch, place: int, judged: frozenset[str]) -> dict[str, Any]:
        (found,) = rows.slice(place, 1).to_pylist()
        return profile_of(self.compiled.catalogue.vocabulary, found, judged.__contains__)


def _column(rows: pa.RecordBatch, name: str) -> list[Any]:
    if name not in rows.schema.names:
        return [None] * rows.num_rows
    found: list[Any] = rows.column(name).to_pylist()
    return found


def companies_of_batch(
    compiled: CompiledCatalogue, batches: BatchRepository, batch: StoredBatch
) -> TableCompanies:
    """The companies of a batch as they were when it ran; under another catalogue they are read
    again from its table when first asked for. Raises InvalidInput, Refused, where they cannot be
    under this one."""
    rows = batches.files.path(batch.id, TABLE_ROWS)
    if batch.catalogue_version != compiled.catalogue.version or not rows.exists():
        version = compiled.catalogue.version.rpartition(":")[2][:16]
        rows = rows.with_name(f"rows-{batch.edition}-{version}.parquet")
    if not rows.exists():
        write_rows(compiled, source_of(compiled, batches, batch), rows)
        release_memory()
    return TableCompanies(compiled, rows, CellNames(batch.name, orjson.loads(batch.understood)))


def companies_of_source(
    compiled: CompiledCatalogue, source: BatchSource, cells: "CellNames", folder: Path
) -> TableCompanies:
    """The companies of an open file, their rows kept in `folder`. Raises InvalidInput, Refused."""
    rows = folder / "rows.parquet"
    write_rows(compiled, source, rows)
    return TableCompanies(compiled, rows, cells)


def write_rows(compiled: CompiledCatalogue, source: BatchSource, target: Path) -> None:
    """The rows of a table that nobody ran. The cells that no rule looks into are read here: those
    of a run are read with all others, and whoever judges the rest reads it."""
    facts = compiled.catalogue.vocabulary.facts
    readers = cell_readers(compiled.reader)
    judged = frozenset(judged_facts(compiled.catalogue.vocabulary))
    unjudged = {
        name: CellReader(facts[name], readers[name])
        for name in source.schema.names
        if name in facts and name not in judged
    }
    with write_table_rows(target, source.schema, compiled.catalogue.vocabulary) as rows:
        for batch in source.batches():
            for name, reader in unjudged.items():
                reader.cells(batch.rows.column(name), batch.faults)
            rows.add(batch)


class CellNames:
    """Where in its table a fact stands."""

    def __init__(self, document: str, understood: Json | None) -> None:
        self._document, self._sheet = document, (understood or {}).get("sheet")
        columns = (understood or {}).get("columns", ())
        self._columns = {c["fact"]: c["column"] for c in columns}

    def evidence(self, row: int, key: str) -> Json:
        """The cell of a row that states a fact."""
        if key.startswith("projects."):
            key = f"project.{key.split('.', 2)[2]}"
        column = self._columns.get(key)
        cell = None if column is None else f"{column}{row}"
        if cell and self._sheet:
            cell = f"{self._sheet}!{cell}"
        return {"document": self._document, "row": row, "cell": cell}
