"""What a row states, as facts: its cells read, stand-ins and what follows filled in, its project
checked and listed, and claims marked that its own figures deny."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from service.bulk.cells import (
    CellFault,
    CellReader,
    Cells,
    DistinctColumn,
    Reader,
    apply_default_facts,
    faulty_rows,
    stated_rows,
)
from service.bulk.certificate_cells import CertificateReader
from service.bulk.certificate_conflicts import ConflictRules
from service.bulk.combined_numbers import number_values
from service.bulk.implied_cells import ImpliedFacts
from service.bulk.tables import unique_rows
from service.bulk.turning_days import turning_days
from service.domain.facts.profile import PROJECT_KIND, Profile, Project, Value
from service.domain.facts.vocabulary import Fact, FactType, Owner, Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.text import Text, listed

NO_SUCH_PROJECT = Text(
    "本行没有这类项目，不能填写这一项", "belongs to no project of this row's kind"
)
_KIND_NEEDED = Text("“{label}”为 {kinds} 的行", "rows whose “{label}” is {kinds}")


@dataclass(frozen=True)
class ReadingPlan:
    """What rows are read with. `readers` reads a cell of each fact. `mark_contested` gives a
    profile as it is evaluated, with claims marked that its own figures deny; it is asked for the
    companies that claim a certificate of one of the `contestable` categories."""

    catalogue: Catalogue
    readers: Mapping[str, Reader]
    as_of: date
    mark_contested: Callable[[Profile], Profile]
    contestable: frozenset[str]


class RowReader:
    """Reads the rows of batches. Not for several threads at once."""

    def __init__(self, plan: ReadingPlan) -> None:
        self.plan = plan
        self.vocabulary = plan.catalogue.vocabulary
        self._conflicts = ConflictRules(plan.catalogue, plan.contestable, plan.as_of)
        self._implied = ImpliedFacts(self.vocabulary)
        self._days = turning_days(plan.catalogue, plan.as_of)
        self._readers = {fact: self._reader(fact) for fact in plan.readers}

    def _reader(self, name: str) -> CellReader:
        fact, read = self.vocabulary.facts[name], self.plan.readers[name]
        codes = self.vocabulary.codes_of(fact)
        if fact.type is FactType.CERTIFICATES and codes is not None:
            return CertificateReader(fact, read, codes, self._days)
        return CellReader(fact, read)

    def read(self, batch: pa.RecordBatch, faults: list[CellFault]) -> dict[str, Cells]:
        """The batch's facts; what cannot be answered is added to `faults`."""
        columns = {n: batch.column(n) for n in batch.schema.names if n in self._readers}
        apply_default_facts(columns, self.vocabulary.facts)
        cells = {fact: self._readers[fact].cells(c, faults) for fact, c in columns.items()}
        self._check_projects(cells, batch.num_rows, faults)
        self._implied.fill(cells, batch.num_rows)
        self._list_projects(cells)
        self._contest(cells, faulty_rows(faults, batch.num_rows))
        return cells

    def come_with_project(
        self, cells: Mapping[str, Cells], rows: int
    ) -> Mapping[str, NDArray[np.bool_]]:
        """For each of some facts of projects, the rows in which it follows from entering a
        project."""
        return self._implied.come_with_project(cells, rows)

    def _check_projects(
        self, cells: Mapping[str, Cells], rows: int, faults: list[CellFault]
    ) -> None:
        """Facts of a project need its kind, and one that has them."""
        kinds = cells.get(PROJECT_KIND)
        names = (
            kinds
            if isinstance(kinds, DistinctColumn)
            else DistinctColumn(np.full(rows, -1, np.int32), [])
        )
        for name, held in cells.items():
            fact = self.vocabulary.facts[name]
            if fact.owner is not Owner.PROJECT or name == PROJECT_KIND:
                continue
            of_kind = (self.vocabulary.project_has(fact, str(kind)) for kind in names.values)
            allowed = np.array([*of_kind, False])
            spoilt = np.flatnonzero(stated_rows(held) & ~allowed[names.ids]).tolist()
            if spoilt:
                needed = kinds_needed(self.vocabulary, fact)
                faults.extend(
                    CellFault(row, name, NO_SUCH_PROJECT, allowed=needed) for row in spoilt
                )

    def _list_projects(self, cells: dict[str, Cells]) -> None:
        """The one project of each row, for rules about all that a company has."""
        lists = self.vocabulary.project_lists
        own = {f: c for f, c in cells.items() if is_of_project(self.vocabulary, f)}
        if not lists or PROJECT_KIND not in own:
            return
        ids, some = unique_rows(np.stack([number_values(c) for c in own.values()], axis=1))
        values: list[Value] = []
        for row in some.tolist():
            facts = _stated_in(row, own)
            kind = facts.get(PROJECT_KIND)
            values.append((Project("", str(kind), facts),) if kind is not None else ())
        none = np.array([not held for held in values])
        projects = DistinctColumn(np.where(none[ids], -1, ids).astype(np.int32), values)
        cells.update(dict.fromkeys(lists, projects))

    def _contest(self, cells: dict[str, Cells], spoilt: NDArray[np.bool_]) -> None:
        """Mark claims that the row's own figures deny, but for the `spoilt` rows."""
        for name, held in list(cells.items()):
            if self.vocabulary.facts[name].type is FactType.CERTIFICATES and isinstance(
                held, DistinctColumn
            ):
                settle = partial(self._contested_claims, name, cells)
                cells[name] = self._conflicts.mark_contested(held, cells, spoilt, settle)

    def _contested_claims(self, name: str, cells: Mapping[str, Cells], row: int) -> Value:
        """A row's claims as the reference marks them."""
        company = {f: c for f, c in cells.items() if not is_of_project(self.vocabulary, f)}
        return self.plan.mark_contested(Profile(_stated_in(row, company))).company[name]


def _stated_in(row: int, cells: Mapping[str, Cells]) -> dict[str, Value]:
    """What stands in the cells of a row that are not empty."""
    return {fact: value for fact, c in cells.items() if (value := c.value(row)) is not None}


def is_of_project(vocabulary: Vocabulary, fact: str) -> bool:
    """Whether a fact is one of a project, not of the company."""
    return vocabulary.facts[fact].owner is Owner.PROJECT


def kinds_needed(vocabulary: Vocabulary, fact: Fact) -> Text | None:
    """The kinds of project for which a fact may be stated, in words; None where it may be for
    all."""
    kind = vocabulary.facts[PROJECT_KIND]
    codes = vocabulary.codes_of(kind)
    if codes is None or not fact.kinds:
        return None
    names = listed([codes.label_of(k) for k in fact.kinds], "or")
    return _KIND_NEEDED.format(label=kind.label, kinds=names)
