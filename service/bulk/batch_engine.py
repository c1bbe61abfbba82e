"""The engine: batches of companies in, batches of answers out, in the same order."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from queue import SimpleQueue
from typing import TypeAlias, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from service.bulk.ceilings import AMOUNT, WantedRows, at_most
from service.bulk.cells import CellFault, Cells, DistinctColumn, faulty_rows
from service.bulk.kernel import Kernel
from service.bulk.missing_facts import MissingCounts
from service.bulk.row_facts import ReadingPlan, RowReader, is_of_project
from service.domain.evaluation.evaluator import IN_REACH, Status
from service.domain.facts.profile import PROJECT_KIND
from service.domain.facts.vocabulary import Fact
from service.domain.index.status_index import StatusIndex
from service.domain.rules.programmes import Programme
from service.domain.text import SEMICOLON, Text


class Detail(StrEnum):
    """How much is written of each company."""

    COUNTS = "counts"  # how many programmes of each status
    STATUSES = "statuses"  # and the status of each programme
    CEILINGS = "ceilings"  # and the most that each names, where it is not ruled out
    MISSING = "missing"  # and what is still unknown that could decide an undetermined one


# The column of what should be looked at again.
WARNINGS = "warnings"
_ERROR = "error"
_BY_ID = Text("{fact}: {why}", "{fact}: {why}")
_BY_LABEL = Text("{fact}：{why}", "{fact}: {why}")
AMOUNTS = (Detail.CEILINGS, Detail.MISSING)


# Says what should be looked at again in the rows of a batch of which anything is; of rows that have
# a fault (true in the array) nothing is said. Not for several threads.
RowWarner: TypeAlias = Callable[
    [pa.RecordBatch, Mapping[str, Cells], NDArray[np.bool_]], Mapping[int, Sequence[Text]]
]


@dataclass(frozen=True)
class Plan(ReadingPlan):
    """What an engine needs, beside what its rows are read with. `warner` makes what warns of rows,
    where that is wanted. Errors and warnings are worded in `language`, and once more in each of the
    languages `told_in`, which have columns of their own (`told_columns`)."""

    index: StatusIndex
    detail: Detail
    language: str = "zh"
    warner: Callable[[], RowWarner] | None = None
    told_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class _RowStatuses:
    """How many programmes of each status each row has; and, where wanted, the number of each
    status in the order of `Status`, as an array of programmes by rows, and what is missing."""

    counts: Mapping[Status, NDArray[np.int32]]
    places: NDArray[np.int8] | None
    missing: MissingCounts | None


class BatchEngine:
    """Answers batches of one set of columns. Not for several threads at once."""

    def __init__(self, plan: Plan, schema: pa.Schema) -> None:
        self.plan = plan
        self.facts = plan.catalogue.vocabulary.facts
        with_missing = plan.detail is Detail.MISSING
        self.kernel = Kernel(plan.index, self.facts, plan.as_of, with_missing=with_missing)
        self.reader = RowReader(plan)
        self.warner = plan.warner() if plan.warner else None
        self.kept_columns = [name for name in schema.names if name not in self.facts]
        place = {p.id: i for i, p in enumerate(plan.index.programmes)}
        self.order = [(p, place[p.id]) for p in plan.catalogue.programmes.values()]
        self.schema = self._schema(schema)

    def _schema(self, given: pa.Schema) -> pa.Schema:
        fields = [given.field(name) for name in self.kept_columns]
        fields.append(pa.field(_ERROR, pa.string()))
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
            names_by_language = (told_columns(language) for language in self.plan.told_in)
            fields += [pa.field(name, pa.string()) for names in names_by_language for name in names]
        return pa.schema(fields)

    def answer(
        self, batch: pa.RecordBatch, faults: list[CellFault] | None = None
    ) -> pa.RecordBatch:
        """The answers of a batch's rows. A row with an error has nothing else. `faults` holds what
        is known to be wrong already, and afterwards everything that is."""
        faults = [] if faults is None else faults
        return self.answer_cells(batch, self.reader.read(batch, faults), faults)

    def answer_cells(
        self, batch: pa.RecordBatch, cells: dict[str, Cells], faults: list[CellFault]
    ) -> pa.RecordBatch:
        """The answers of `answer` for rows whose `cells` were read already, with the `faults` met
        in them."""
        statuses = self._statuses_of_rows(cells, batch.num_rows)
        spoilt = faulty_rows(faults, batch.num_rows)
        columns = [batch.column(name) for name in self.kept_columns]
        rows = batch.num_rows
        by_id = _errors_by_row(faults, _BY_ID, lambda fact: fact)
        columns.append(row_texts(by_id, rows, self.plan.language))
        columns += [pa.array(statuses.counts[s], pa.int32(), mask=spoilt) for s in Status]
        if statuses.places is not None:
            columns += self._statuses(statuses.places, spoilt)
            if self.plan.detail in AMOUNTS:
                columns += self._ceilings(cells, statuses.places, spoilt)
            missing_facts = self.kernel.missing_facts
            if statuses.missing is not None and missing_facts is not None:
                columns += self._missing(statuses.missing, statuses.places, spoilt)
                columns.append(missing_facts.fact_names(statuses.missing.best, spoilt))
        if self.warner is not None:
            warnings = self.warner(batch, cells, spoilt)
            columns.append(row_texts(warnings, rows, self.plan.language))
            errors = labelled_errors(faults, self.facts)
            for language in self.plan.told_in:
                columns += [row_texts(errors, rows, language), row_texts(warnings, rows, language)]
        return pa.record_batch(columns, schema=self.schema)

    def _statuses_of_rows(self, cells: Mapping[str, Cells], rows: int) -> _RowStatuses:
        if self.plan.detail is Detail.COUNTS:
            counts = {s: np.empty(rows, np.int32) for s in Status}
            for part, truths in self.kernel.blocks(cells, rows):
                for status, counted in truths.counts(self.kernel).items():
                    counts[status][part] = counted
            return _RowStatuses(counts, None, None)
        given = self.reader.come_with_project(cells, rows) if self.kernel.missing_facts else {}
        ids, truths = self.kernel.patterns(cells, rows, given)
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
        in_reach = np.array([s in IN_REACH for s in Status])
        for programme, i in self.order:
            if programme.benefit:
                shown = in_reach[places[i]] & ~spoilt
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
        projects = frozenset(f for f in needed if is_of_project(self.plan.catalogue.vocabulary, f))
        if projects:
            own = self._own_projects(programme, cells, len(shown))
        wanted = WantedRows(shown, own, projects)
        return at_most(programme.benefit, needed, wanted, self.plan.as_of)

    def _own_projects(
        self, programme: Programme, cells: Mapping[str, Cells], rows: int
    ) -> NDArray[np.bool_]:
        """The rows whose project is of a kind a programme supports."""
        kinds = cells.get(PROJECT_KIND)
        if not isinstance(kinds, DistinctColumn) or not programme.supports:
            return np.zeros(rows, bool)
        wanted = [v in programme.supports for v in kinds.values]
        return np.array([*wanted, False])[kinds.ids]


def told_columns(language: str) -> tuple[str, str]:
    """What the columns are called that have errors and warnings in one more language, for people:
    by the labels of facts."""
    return f"told.{_ERROR}.{language}", f"told.{WARNINGS}.{language}"


def labelled_errors(
    faults: Iterable[CellFault], facts: Mapping[str, Fact]
) -> Mapping[int, Sequence[Text]]:
    """What is wrong with each row, for people: by the labels of the facts."""
    return _errors_by_row(faults, _BY_LABEL, lambda fact: facts[fact].label)


def _errors_by_row(
    faults: Iterable[CellFault], words: Text, called: Callable[[str], Text | str]
) -> Mapping[int, Sequence[Text]]:
    """What is wrong with each row, fact by fact: `words` hold the name that a fact is `called` by,
    and why."""
    said: dict[int, list[Text]] = {}
    for fault in faults:
        sentence = words.format(fact=called(fault.fact), why=fault.why)
        said.setdefault(fault.row, []).append(sentence)
    return said


def row_texts(texts: Mapping[int, Sequence[Text]], rows: int, language: str) -> pa.Array:
    """The words of each row in a language, null where there are none."""
    if not texts:
        return pa.nulls(rows, pa.string())
    between = SEMICOLON.in_language(language)
    joined = {
        row: between.join(dict.fromkeys(t.in_language(language) for t in said))
        for row, said in texts.items()
    }
    return pa.array([joined.get(row) for row in range(rows)], pa.string())


@dataclass(frozen=True)
class CheckedBatch:
    """Rows to answer, and what is known to be wrong with them; afterwards, all that is."""

    rows: pa.RecordBatch
    faults: list[CellFault] = field(default_factory=list)


BatchT = TypeVar("BatchT", bound=CheckedBatch)


def answer_all(
    engines: Sequence[BatchEngine], batches: Iterable[BatchT]
) -> Iterator[tuple[BatchT, pa.RecordBatch]]:
    """All batches in order, each with its answers, each engine in a thread of its own; no more
    batches are taken than there are engines to answer them, and one."""
    free: SimpleQueue[BatchEngine] = SimpleQueue()
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
