"""The engine: batches of companies in, batches of answers out, in the same order."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import partial
from queue import SimpleQueue
from typing import TypeAlias, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from service.bulk.ceilings import AMOUNT, WantedRows, at_most
from service.bulk.cells import (
    CellFault,
    CellReader,
    Cells,
    Distinct,
    Reader,
    apply_default_facts,
    stated_rows,
)
from service.bulk.certificate_cells import CertificateReader
from service.bulk.certificate_conflicts import ConflictRules
from service.bulk.derived import number_values
from service.bulk.implied_cells import ImpliedFacts
from service.bulk.kernel import Kernel
from service.bulk.missing_facts import MissingCounts
from service.bulk.tables import unique_rows
from service.bulk.turning_days import turning_days
from service.domain.evaluation.evaluator import IN_REACH, Status
from service.domain.facts.profile import PROJECT_KIND, Profile, Project, Value
from service.domain.facts.vocabulary import Fact, FactType, Owner, Vocabulary
from service.domain.index.status_index import StatusIndex
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.programmes import Programme
from service.domain.text import Text, listed


class Detail(StrEnum):
    """How much is written of each company."""

    COUNTS = "counts"  # how many programmes of each status
    STATUSES = "statuses"  # and the status of each programme
    CEILINGS = "ceilings"  # and the most that each names, where it is not ruled out
    MISSING = "missing"  # and what is still unknown that could decide an undetermined one


# The column of what should be looked at again.
WARNINGS = "warnings"
AMOUNTS = (Detail.CEILINGS, Detail.MISSING)
NO_SUCH_PROJECT = Text(
    "本行没有这类项目，不能填写这一项", "belongs to no project of this row's kind"
)
_KIND_NEEDED = Text("“{label}”为 {kinds} 的行", "rows whose “{label}” is {kinds}")


# Says, in a language, what should be looked at again in each row of a batch, null where nothing; of
# rows that have a fault (true in the array) nothing is said. Not for several threads.
RowWarner: TypeAlias = Callable[
    [pa.RecordBatch, Mapping[str, Cells], NDArray[np.bool_], str], pa.Array
]


@dataclass(frozen=True)
class Plan:
    """What an engine needs. `readers` reads a cell of each fact. `settle` gives a profile as it is
    evaluated, claims that its own figures deny being marked; it is asked for the companies that
    claim a certificate of one of the `contestable` categories. `warner` makes what warns of rows,
    where that is wanted. Errors and warnings are worded in `language`."""

    catalogue: Catalogue
    index: StatusIndex
    readers: Mapping[str, Reader]
    as_of: date
    detail: Detail
    mark_contested: Callable[[Profile], Profile]
    contestable: frozenset[str]
    language: str = "zh"
    warner: Callable[[], RowWarner] | None = None


@dataclass(frozen=True)
class _RowStatuses:
    """How many programmes of each status each row has; and, where wanted, the place of every status
    among the statuses, programmes first, and what is missing."""

    counts: Mapping[Status, NDArray[np.int32]]
    places: NDArray[np.int8] | None
    missing: MissingCounts | None


class Engine:
    """Answers batches of one set of columns. Not for several threads at once."""

    def __init__(self, plan: Plan, schema: pa.Schema) -> None:
        self.plan = plan
        self.facts = plan.catalogue.vocabulary.facts
        asking = plan.detail is Detail.MISSING
        self.kernel = Kernel(plan.index, self.facts, plan.as_of, asking=asking)
        self.claims = ConflictRules(plan.catalogue, plan.contestable, plan.as_of)
        self.implied = ImpliedFacts(plan.catalogue.vocabulary)
        self.days = turning_days(plan.catalogue, plan.as_of)
        self.warner = plan.warner() if plan.warner else None
        self.readers = {fact: self._reader(fact) for fact in plan.readers}
        self.kept_columns = [name for name in schema.names if name not in self.facts]
        place = {p.id: i for i, p in enumerate(plan.index.programmes)}
        self.order = [(p, place[p.id]) for p in plan.catalogue.programmes.values()]
        self.schema = self._schema(schema)

    def _reader(self, name: str) -> CellReader:
        fact, read = self.facts[name], self.plan.readers[name]
        codes = self.plan.catalogue.vocabulary.codes_of(fact)
        if fact.type is FactType.CERTIFICATES and codes is not None:
            return CertificateReader(fact, read, codes, self.days)
        return CellReader(fact, read)

    def _schema(self, given: pa.Schema) -> pa.Schema:
        fields = [given.field(name) for name in self.kept_columns]
        fields.append(pa.field("error", pa.string()))
        fields += [pa.field(f"count.{s}", pa.int32()) for s in Status]
        if self.plan.detail is not Detail.COUNTS:
            kind = pa.dictionary(pa.int8(), pa.string())
            fields += [pa.field(f"status.{p.id}", kind) for p, _ in self.order]
        if self.plan.detail in AMOUNTS:
            fields += [pa.field(f"at_most.{p.id}", AMOUNT) for p, _ in self.order if p.benefit]
        if self.plan.detail is Detail.MISSING:
            fields += [pa.field(f"missing.{p.id}", pa.int16()) for p, _ in self.order]
            fields.append(pa.field("ask", pa.string()))
        if self.warner is not None:
            fields.append(pa.field(WARNINGS, pa.string()))
        return pa.schema(fields)

    def answer(
        self, batch: pa.RecordBatch, faults: list[CellFault] | None = None
    ) -> pa.RecordBatch:
        """The answers of a batch's rows. A row with an error has nothing else. `faults` holds what
        is known to be wrong already, and afterwards everything that is."""
        faults = [] if faults is None else faults
        return self.answer_cells(batch, self.cells(batch, faults), faults)

    def answer_cells(
        self, batch: pa.RecordBatch, cells: dict[str, Cells], faults: list[CellFault]
    ) -> pa.RecordBatch:
        """As `answer`, of rows whose `cells` were read already, with the `faults` met in them."""
        statuses = self._statuses_of_rows(cells, batch.num_rows)
        spoilt = np.zeros(batch.num_rows, bool)
        spoilt[[fault.row for fault in faults]] = True
        columns = [batch.column(name) for name in self.kept_columns]
        columns.append(self._errors(faults, batch.num_rows))
        columns += [pa.array(statuses.counts[s], pa.int32(), mask=spoilt) for s in Status]
        if statuses.places is not None:
            columns += self._statuses(statuses.places, spoilt)
            if self.plan.detail in AMOUNTS:
                columns += self._ceilings(cells, statuses.places, spoilt)
            if statuses.missing is not None and self.kernel.asking is not None:
                columns += self._missing(statuses.missing, statuses.places, spoilt)
                columns.append(self.kernel.asking.fact_names(statuses.missing.best, spoilt))
        if self.warner is not None:
            columns.append(self.warner(batch, cells, spoilt, self.plan.language))
        return pa.record_batch(columns, schema=self.schema)

    def _statuses_of_rows(self, cells: Mapping[str, Cells], rows: int) -> _RowStatuses:
        if self.plan.detail is Detail.COUNTS:
            counts = {s: np.empty(rows, np.int32) for s in Status}
            for part, truths in self.kernel.blocks(cells, rows):
                for status, counted in truths.counts(self.kernel).items():
                    counts[status][part] = counted
            return _RowStatuses(counts, None, None)
        ids, truths = self.kernel.patterns(cells, rows)
        counts = {s: counted[ids] for s, counted in truths.counts(self.kernel).items()}
        places = truths.statuses(self.kernel).take(ids, axis=1)
        return _RowStatuses(counts, places, truths.missing.of(ids) if truths.missing else None)

    def _statuses(self, places: NDArray[np.int8], spoilt: NDArray[np.bool_]) -> Iterator[pa.Array]:
        words = pa.array([str(s) for s in Status])
        mask = spoilt if spoilt.any() else None
        for _, i in self.order:
            ids = pa.array(places[i], pa.int8(), mask=mask)
            yield pa.DictionaryArray.from_arrays(ids, words, safe=False)

    def _ceilings(
        self, cells: Mapping[str, Cells], places: NDArray[np.int8], spoilt: NDArray[np.bool_]
    ) -> Iterator[pa.Array]:
        promising = np.array([s in IN_REACH for s in Status])
        for programme, i in self.order:
            if programme.benefit:
                shown = promising[places[i]] & ~spoilt
                yield self._at_most(programme, cells, shown)

    def _missing(
        self, missing: MissingCounts, places: NDArray[np.int8], spoilt: NDArray[np.bool_]
    ) -> Iterator[pa.Array]:
        """How many facts each programme lacks, null where it is not undetermined."""
        shown = (places == list(Status).index(Status.UNDETERMINED)) & ~spoilt
        valid = np.packbits(shown, axis=1, bitorder="little")
        counts = missing.counts.astype(np.int16)
        for _, i in self.order:
            buffers = [pa.py_buffer(valid[i]), pa.py_buffer(counts[i])]
            yield pa.Array.from_buffers(pa.int16(), len(spoilt), buffers)

    def _at_most(
        self, programme: Programme, cells: Mapping[str, Cells], shown: NDArray[np.bool_]
    ) -> pa.Array:
        """The upper bound of each row, null where the programme is ruled out or unbounded."""
        assert programme.benefit is not None
        needed = {f: cells[f] for f in programme.benefit.facts if f in cells}
        own = np.ones(len(shown), bool)
        projects = frozenset(filter(self._of_project, needed))
        if projects:
            own = self._own_projects(programme, cells, len(shown))
        wanted = WantedRows(shown, own, projects)
        return at_most(programme.benefit, needed, wanted, self.plan.as_of)

    def _of_project(self, fact: str) -> bool:
        return self.facts[fact].owner is Owner.PROJECT

    def _own_projects(
        self, programme: Programme, cells: Mapping[str, Cells], rows: int
    ) -> NDArray[np.bool_]:
        """The rows whose project is of a kind a programme supports."""
        kinds = cells.get(PROJECT_KIND)
        if not isinstance(kinds, Distinct) or not programme.supports:
            return np.zeros(rows, bool)
        wanted = [v in programme.supports for v in kinds.values]
        return np.array([*wanted, False])[kinds.ids]

    def _errors(self, faults: Sequence[CellFault], rows: int) -> pa.Array:
        """What is wrong with each row, fact by fact."""
        if not faults:
            return pa.nulls(rows, pa.string())
        said: dict[int, list[str]] = {}
        for fault in faults:
            words = fault.why.in_language(self.plan.language)
            said.setdefault(fault.row, []).append(f"{fault.fact}: {words}")
        joined = {row: "; ".join(words) for row, words in said.items()}
        return pa.array([joined.get(row) for row in range(rows)], pa.string())

    def cells(self, batch: pa.RecordBatch, faults: list[CellFault]) -> dict[str, Cells]:
        """The batch's facts; what cannot be answered is added to `faults`."""
        columns = {n: batch.column(n) for n in batch.schema.names if n in self.readers}
        apply_default_facts(columns, self.facts)
        cells = {fact: self.readers[fact].cells(c, faults) for fact, c in columns.items()}
        self._check_projects(cells, batch.num_rows, faults)
        self.implied.fill(cells, batch.num_rows)
        self._list_projects(cells)
        self._contest(cells, faults)
        return cells

    def _list_projects(self, cells: dict[str, Cells]) -> None:
        """The one project of each row, for rules about all that a company has."""
        lists = self.plan.catalogue.vocabulary.project_lists
        own = {f: c for f, c in cells.items() if self._of_project(f)}
        if not lists or PROJECT_KIND not in own:
            return
        ids, some = unique_rows(np.stack([number_values(c) for c in own.values()], axis=1))
        values: list[Value] = []
        for row in some.tolist():
            facts = {f: v for f, c in own.items() if (v := c.value(row)) is not None}
            kind = facts.get(PROJECT_KIND)
            values.append((Project("", str(kind), facts),) if kind is not None else ())
        none = np.array([not held for held in values])
        listed = Distinct(np.where(none[ids], -1, ids).astype(np.int32), values)
        cells.update(dict.fromkeys(lists, listed))

    def _check_projects(
        self, cells: Mapping[str, Cells], rows: int, faults: list[CellFault]
    ) -> None:
        """Facts of a project need its kind, and one that has them."""
        kinds = cells.get(PROJECT_KIND)
        names = kinds if isinstance(kinds, Distinct) else Distinct(np.full(rows, -1, np.int32), [])
        for name, held in cells.items():
            fact = self.facts[name]
            if fact.owner is not Owner.PROJECT or name == PROJECT_KIND:
                continue
            allowed = np.array([*(self._has(str(k), fact) for k in names.values), False])
            spoilt = np.flatnonzero(stated_rows(held) & ~allowed[names.ids]).tolist()
            if spoilt:
                needed = kinds_needed(self.plan.catalogue.vocabulary, fact)
                faults.extend(
                    CellFault(row, name, NO_SUCH_PROJECT, allowed=needed) for row in spoilt
                )

    def _has(self, kind: str, fact: Fact) -> bool:
        codes = self.plan.catalogue.vocabulary.codes_of(self.facts[PROJECT_KIND])
        return not fact.kinds or codes is None or not codes.ancestors(kind).isdisjoint(fact.kinds)

    def _contest(self, cells: dict[str, Cells], faults: Sequence[CellFault]) -> None:
        """Marks claims that the row's own figures deny."""
        spoilt: NDArray[np.bool_] | None = None
        for name, held in list(cells.items()):
            if self.facts[name].type is FactType.CERTIFICATES and isinstance(held, Distinct):
                if spoilt is None:
                    spoilt = np.zeros(len(held.ids), bool)
                    spoilt[[fault.row for fault in faults]] = True
                settle = partial(self._contested_claims, name, cells)
                cells[name] = self.claims.mark_contested(held, cells, spoilt, settle)

    def _contested_claims(self, name: str, cells: Mapping[str, Cells], row: int) -> Value:
        """A row's claims as the reference marks them."""
        company = {f: c for f, c in cells.items() if not self._of_project(f)}
        stated = {f: v for f, c in company.items() if (v := c.value(row)) is not None}
        return self.plan.mark_contested(Profile(stated)).company[name]


@dataclass(frozen=True)
class CheckedBatch:
    """Rows to answer, and what is known to be wrong with them; afterwards, all that is."""

    rows: pa.RecordBatch
    faults: list[CellFault] = field(default_factory=list)


BatchT = TypeVar("BatchT", bound=CheckedBatch)


def answer_all(
    engines: Sequence[Engine], batches: Iterable[BatchT]
) -> Iterator[tuple[BatchT, pa.RecordBatch]]:
    """All batches in order, each with its answers, each engine in a thread of its own; no more
    batches are taken than there are engines to answer them, and one."""
    free: SimpleQueue[Engine] = SimpleQueue()
    for engine in engines:
        free.put(engine)

    def work(batch: BatchT) -> tuple[BatchT, pa.RecordBatch]:
        engine = free.get()
        try:
            return batch, engine.answer(batch.rows, batch.faults)
        finally:
            free.put(engine)

    waiting: list[Future[tuple[BatchT, pa.RecordBatch]]] = []
    with ThreadPoolExecutor(len(engines)) as pool:
        for batch in batches:
            waiting.append(pool.submit(work, batch))
            if len(waiting) > len(engines):
                yield waiting.pop(0).result()
        for last in waiting:
            yield last.result()


def kinds_needed(vocabulary: Vocabulary, fact: Fact) -> Text | None:
    """Where a fact of some kinds of project may stand, in words."""
    kind = vocabulary.facts[PROJECT_KIND]
    codes = vocabulary.codes_of(kind)
    if codes is None or not fact.kinds:
        return None
    names = listed([codes.label_of(k) for k in fact.kinds], "or")
    return _KIND_NEEDED.format(label=kind.label, kinds=names)
