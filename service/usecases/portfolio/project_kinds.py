"""The kind of project that a row's own cells name: only a loan has a principal and a tenor."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from service.bulk.cells import CellFault
from service.bulk.row_facts import NO_SUCH_PROJECT, kinds_needed
from service.domain.facts.profile import PROJECT_KIND
from service.domain.facts.vocabulary import Fact, Owner, Vocabulary
from service.domain.text import LIST_COMMA, Text, join, quoted

_IMPLIED = Text(
    "{facts}只有“{kind}”才有：填写了而没有写明项目类型的行，按“{kind}”理解",
    "only “{kind}” has {facts}: rows that fill them and name no kind of project are taken for it",
)
_OPEN = Text(
    "{facts}说明不了是哪一类项目（可以是{kinds}）：请加一列“{label}”，或对全表声明，否则填写了的行不作判断",
    "{facts} may belong to several kinds of project ({kinds}): add a column “{label}”, or state one"
    " for the whole table; else rows that fill them are not answered",
)
_NOT_TOLD = Text(
    "看不出本行是哪一类项目（可以是{kinds}）：请写明“{label}”",
    "may belong to several kinds of project ({kinds}): name the “{label}”",
)
_OF_SEVERAL = Text(
    "本行填写的 {facts} 属于不同类的项目：请写明“{label}”，或只填写其中一类，或不采用其中的列",
    "{facts} of this row belong to projects of different kinds: name the “{label}”, fill in what"
    " one of them has, or leave columns out",
)


@dataclass(frozen=True)
class ProjectKinds:
    """Fills in the one kind of project that has all that a row states of a project. `chosen` are
    facts of which the sender said that a column is one: then it tells the kind, too."""

    vocabulary: Vocabulary
    facts: tuple[Fact, ...]
    chosen: Collection[str] = ()

    @classmethod
    def among(
        cls, vocabulary: Vocabulary, columns: Iterable[str], chosen: Collection[str] = ()
    ) -> "ProjectKinds":
        """Made for a table that has these columns."""
        found = (vocabulary.facts.get(name) for name in columns)
        facts = (f for f in found if f and f.owner is Owner.PROJECT and f.kinds)
        return cls(vocabulary, tuple(facts), chosen)

    @cached_property
    def _kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(kind for fact in self.facts for kind in fact.kinds))

    def fill(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        """Rows with their kinds where the cells leave one alone; they have a column for it."""
        has_details = np.zeros(rows.num_rows, bool)
        for fact in self.facts:
            if self._tells(fact):
                has_details |= _filled(rows, fact)
        allowed = self._allowed(rows)
        one = has_details & (allowed.sum(axis=0) == 1)
        place = rows.schema.get_field_index(PROJECT_KIND)
        kinds = pa.array(np.where(one, allowed.argmax(axis=0), -1), pa.int32(), mask=~one)
        found = pa.array(self._kinds, pa.string()).take(kinds)
        return rows.set_column(place, PROJECT_KIND, pc.coalesce(rows.column(place), found))

    def refuse_misplaced(self, rows: pa.RecordBatch, faults: list[CellFault]) -> pa.RecordBatch:
        """Rows without the cells that no project of the row's kind has, and those of projects whose
        kind nobody names: each is a fault. A kind that cannot be read is one itself."""
        kinds = rows.column(PROJECT_KIND)
        stated = np.array([_filled(rows, fact) for fact in self.facts])
        fits = np.array([_is_one_of(kinds, fact.kinds) for fact in self.facts])
        wrong = stated & ~fits
        wrong[:, [fault.row for fault in faults if fault.fact == PROJECT_KIND]] = False
        if not wrong.any():
            return rows
        unnamed = pc.is_null(kinds).to_numpy(zero_copy_only=False)
        allowed = self._allowed(rows)
        for row in np.flatnonzero(wrong.any(axis=0)).tolist():
            facts = [self.facts[i] for i in np.flatnonzero(wrong[:, row])]
            left = [self._kinds[i] for i in np.flatnonzero(allowed[:, row])]
            why = self._why_untold(facts, left) if unnamed[row] else NO_SUCH_PROJECT
            faults.extend(
                CellFault(row, f.id, why, allowed=kinds_needed(self.vocabulary, f)) for f in facts
            )
        for fact, misplaced in zip(self.facts, wrong, strict=True):
            place = rows.schema.get_field_index(fact.id)
            kept = pc.if_else(pa.array(misplaced), None, rows.column(place))
            rows = rows.set_column(place, fact.id, kept)
        return rows

    def warnings(self) -> list[Text]:
        """What follows from the columns, and what cannot."""
        by_kinds: dict[tuple[str, ...], list[Fact]] = {}
        for fact in filter(self._tells, self.facts):
            by_kinds.setdefault(fact.kinds, []).append(fact)
        texts = []
        for kinds, facts in by_kinds.items():
            words = _IMPLIED if len(kinds) == 1 else _OPEN
            names = self._named(kinds)
            texts.append(
                words.format(facts=_quoted(facts), kind=names, kinds=names, label=self._kind.label)
            )
        return texts

    def _why_untold(self, filled: Iterable[Fact], kinds: Sequence[str]) -> Text:
        """Why nobody can tell what kind of project has all these facts."""
        if kinds:
            return _NOT_TOLD.format(kinds=self._named(kinds), label=self._kind.label)
        return _OF_SEVERAL.format(facts=_quoted(filled), label=self._kind.label)

    def _allowed(self, rows: pa.RecordBatch) -> NDArray[np.bool_]:
        """Which kinds, a line each, have all that each row states."""
        allowed = np.ones((len(self._kinds), rows.num_rows), bool)
        for fact in self.facts:
            filled = _filled(rows, fact)
            for i, kind in enumerate(self._kinds):
                allowed[i] &= ~filled | (kind in fact.kinds)
        return allowed

    def _tells(self, fact: Fact) -> bool:
        return not fact.kind_unsaid or fact.id in self.chosen

    @property
    def _kind(self) -> Fact:
        return self.vocabulary.facts[PROJECT_KIND]

    def _named(self, kinds: Iterable[str]) -> Text:
        codes = self.vocabulary.codes_of(self._kind)
        assert codes is not None
        return join(map(codes.label_of, kinds), LIST_COMMA)


def _filled(rows: pa.RecordBatch, fact: Fact) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = pc.is_valid(rows.column(fact.id)).to_numpy(zero_copy_only=False)
    return found


def _is_one_of(kinds: pa.Array, wanted: Sequence[str]) -> NDArray[np.bool_]:
    found = pc.is_in(kinds, value_set=pa.array(wanted, pa.string()))
    is_listed: NDArray[np.bool_] = found.to_numpy(zero_copy_only=False)
    return is_listed


def _quoted(facts: Iterable[Fact]) -> Text:
    return join((quoted(f.label) for f in facts), LIST_COMMA)
