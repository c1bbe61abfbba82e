"""What should be looked at again in each row of a table: what the answer to one company warns of.

No status changes by it, since what is stated is taken as stated. Whatever rests on a few facts is
told once for all rows that state the same of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeAlias

import numpy as np
import orjson
import pyarrow as pa
from numpy.typing import NDArray

from service.bulk.cells import Cells, DistinctColumn, encoded, stated_rows
from service.bulk.combined_numbers import number_values
from service.bulk.figure_checks import FigureChecks
from service.bulk.tables import unique_rows
from service.domain.evaluation.category_hints import FOUNDED
from service.domain.evaluation.claimed_certificates import find_conflicts
from service.domain.evaluation.plausibility import untimely_records, withdrawn_codes
from service.domain.facts.profile import COMPANY_KIND, Certificate, Profile, Project, Value
from service.domain.facts.vocabulary import FactType, Owner
from service.domain.rules.catalogue import Catalogue
from service.domain.text import Text
from service.intake.notices import codes_in, retired_notices
from service.intake.profiles import REGISTERED_REGION, ProfileReader
from service.rendering.category_json import conflict_text
from service.rendering.certificate_warnings import ended_certificates, ending_certificates

_RECORDS = (FactType.CERTIFICATES, FactType.AWARDS)


@dataclass(frozen=True, slots=True)
class RowWarning:
    """What is told of a row, and the fact that it is mostly about."""

    fact: str | None
    text: Text


# What rows that state the same of some facts are told, given what they state of them.
_Tell: TypeAlias = Callable[[Profile], Iterable[RowWarning]]


@dataclass(frozen=True)
class _WarningSource:
    """Warnings of rows that state any of the facts `about`, by what they state of these and of the
    facts `beside`; only of those with any of the codes `having`, where some are named."""

    about: Sequence[str]
    beside: Sequence[str]
    tell: _Tell
    having: frozenset[str] | None = None

    def rows(self, cells: Mapping[str, Cells]) -> NDArray[np.intp]:
        """The rows of which anything may be told."""
        held = [cells[fact] for fact in self.about if fact in cells]
        if not held:
            return np.empty(0, np.intp)
        return np.flatnonzero(np.any([self._concerns(one) for one in held], axis=0))

    def _concerns(self, cells: Cells) -> NDArray[np.bool_]:
        if self.having is None or not isinstance(cells, DistinctColumn):
            return stated_rows(cells)
        concerned = [not self.having.isdisjoint(codes_in(value)) for value in cells.values]
        found: NDArray[np.bool_] = np.array([*concerned, False])[cells.ids]
        return found


class RowWarnings:
    """Warns of the rows of one table on one day. Not for several threads at once."""

    def __init__(self, catalogue: Catalogue, reader: ProfileReader, as_of: date) -> None:
        self.catalogue, self.reader, self.as_of = catalogue, reader, as_of
        self.facts = catalogue.vocabulary.facts
        self.checks = FigureChecks(catalogue, as_of)
        self.records = [f.id for f in catalogue.vocabulary.company if f.type in _RECORDS]
        self.certificates = [
            f.id for f in catalogue.vocabulary.company if f.type is FactType.CERTIFICATES
        ]
        self.sources = tuple(self._sources())

    def _sources(self) -> Iterator[_WarningSource]:
        """The warnings of the company's code, of records and days, and of codes that are no longer
        given out."""
        words, as_of = self.catalogue.vocabulary, self.as_of
        beside = (REGISTERED_REGION, COMPANY_KIND)
        yield _WarningSource((*self.reader.identifiers,), beside, self._identity)
        yield _WarningSource(
            tuple(self.certificates),
            (),
            lambda p: (
                RowWarning(fact, text)
                for find_certificates in (ended_certificates, ending_certificates)
                for fact, text in find_certificates(p, words, as_of)
            ),
        )
        yield _WarningSource(
            tuple(self.records),
            (FOUNDED,),
            lambda p: (
                RowWarning(min(found.facts), found.text)
                for found in untimely_records(p.company, words, as_of)
            ),
        )
        for fact in dict.fromkeys((*words.renamed, *words.retired)):
            codes = words.codes_of(self.facts[fact])
            assert codes is not None
            old = codes.succeeded.keys() | codes.retired
            yield _WarningSource((fact,), (), partial(self._old_codes, fact), frozenset(old))

    def _identity(self, profile: Profile) -> Iterator[RowWarning]:
        return (RowWarning(n.fact, n.text) for n in self.reader.identity_notices(profile))

    def _old_codes(self, fact: str, profile: Profile) -> Iterator[RowWarning]:
        words = self.catalogue.vocabulary
        yield from (RowWarning(fact, found.text) for found in withdrawn_codes(profile, words))
        yield from (RowWarning(fact, notice.text) for notice in retired_notices(profile, words))

    def of(
        self, batch: pa.RecordBatch, cells: Mapping[str, Cells], spoilt: NDArray[np.bool_]
    ) -> Mapping[int, list[RowWarning]]:
        """What is told of each row of which anything is, in their order; nothing of `spoilt` rows,
        which have a fault that is told. `cells` are the facts of the `batch` as an engine reads
        them."""
        found: dict[int, list[RowWarning]] = {}
        for row, warning in self._all(batch, cells):
            if not spoilt[row]:
                found.setdefault(row, []).append(warning)
        return dict(sorted(found.items()))

    def texts(
        self, batch: pa.RecordBatch, cells: Mapping[str, Cells], spoilt: NDArray[np.bool_]
    ) -> Mapping[int, Sequence[Text]]:
        """The words alone."""
        return {
            row: [w.text for w in warnings]
            for row, warnings in self.of(batch, cells, spoilt).items()
        }

    def _all(
        self, batch: pa.RecordBatch, cells: Mapping[str, Cells]
    ) -> Iterator[tuple[int, RowWarning]]:
        yield from self._conflicts(cells)
        for check, failing in self.checks.failed(cells, batch.num_rows):
            warning = RowWarning(min(check.facts, default=None), check.text)
            yield from ((row, warning) for row in failing.tolist())
        stated = {f: c for f, c in cells.items() if f in batch.schema.names}
        stated |= self._real_certificates(batch)
        for source in self.sources:
            yield from self._by_combination(stated, source)

    def _real_certificates(self, batch: pa.RecordBatch) -> Mapping[str, Cells]:
        """Certificates with their own days: those of an engine stand for many that rules take
        alike."""
        found: dict[str, Cells] = {}
        for fact in self.certificates:
            if fact in batch.schema.names:
                ids, words = encoded(batch.column(fact))
                found[fact] = DistinctColumn(ids, [_certificates_in(w) for w in words.to_pylist()])
        return found

    def _by_combination(
        self, stated: Mapping[str, Cells], source: _WarningSource
    ) -> Iterator[tuple[int, RowWarning]]:
        """What each row is told by a source, found out once for rows alike."""
        rows = source.rows(stated)
        if not len(rows):
            return
        cells = {f: stated[f] for f in (*source.about, *source.beside) if f in stated}
        values = np.stack([number_values(c)[rows] for c in cells.values()], axis=1)
        ids, samples = unique_rows(values)
        warnings_of = [[*source.tell(self._profile(cells, row))] for row in rows[samples].tolist()]
        some = np.array([bool(warnings) for warnings in warnings_of], bool)
        for place in np.flatnonzero(some[ids]).tolist():
            row = int(rows[place])
            yield from ((row, warning) for warning in warnings_of[ids[place]])

    def _profile(self, cells: Mapping[str, Cells], row: int) -> Profile:
        """What a row states of some facts."""
        stated = {f: v for f, c in cells.items() if (v := c.value(row)) is not None}
        company = {f: v for f, v in stated.items() if self.facts[f].owner is Owner.COMPANY}
        own = {f: v for f, v in stated.items() if f not in company}
        return Profile(company, (Project("", "", own),) if own else ())

    def _conflicts(self, cells: Mapping[str, Cells]) -> Iterator[tuple[int, RowWarning]]:
        """Claims that the row's own figures deny: the engine marked them. An engine holds a row's
        certificates in the order in which batches met them, which are answered beside each
        other."""
        for fact in self.certificates:
            held = cells.get(fact)
            if not isinstance(held, DistinctColumn):
                continue
            marked = np.array([*(_is_contested(v) for v in held.values), False])
            company = {f: c for f, c in cells.items() if self.facts[f].owner is Owner.COMPANY}
            for row in np.flatnonzero(marked[held.ids]).tolist():
                profile = self._profile(company, row)
                standards = self.catalogue.categories.values()
                found = find_conflicts(standards, profile, self.as_of)
                for conflict in sorted(found, key=lambda c: c.category.id):
                    yield row, RowWarning(fact, conflict_text(conflict, self.catalogue))


def _certificates_in(text: str | None) -> Value:
    """What a cell for machines says; of one that is no list, nothing."""
    try:
        held = orjson.loads(text or "[]")
    except orjson.JSONDecodeError:
        return ()
    return tuple(
        Certificate(
            one["category"],
            issued_on=_day(one.get("issued_on")),
            expires_on=_day(one.get("expires_on")),
            unsure=bool(one.get("unsure")),
        )
        for one in held
        if isinstance(one, dict) and isinstance(one.get("category"), str)
    )


def _day(written: object) -> date | None:
    try:
        return date.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:  # a fault of its cell, told elsewhere
        return None


def _is_contested(value: object) -> bool:
    records = value if isinstance(value, tuple) else ()
    return any(isinstance(r, Certificate) and r.contested for r in records)
