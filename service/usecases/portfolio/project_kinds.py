"""The kind of project that a row's own cells name: only a loan has a principal and a tenor."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from service.domain.facts.profile import PROJECT_KIND
from service.domain.facts.vocabulary import Fact, Owner, Vocabulary
from service.domain.text import LIST_COMMA, Text, join

_IMPLIED = Text(
    "{facts}只有“{kind}”才有：填写了而没有写明项目类型的行，按“{kind}”理解",
    "only “{kind}” has {facts}: rows that fill them and name no kind of project are taken for it",
)
_OPEN = Text(
    "{facts}说明不了是哪一类项目（可以是{kinds}）：请加一列“{label}”，或对全表声明，否则填写了的行不作判断",
    "{facts} may belong to several kinds of project ({kinds}): add a column “{label}”, or state one"
    " for the whole table; else rows that fill them are not answered",
)


@dataclass(frozen=True)
class ProjectKinds:
    """Fills in the one kind of project that has all that a row states of a project."""

    vocabulary: Vocabulary
    facts: tuple[Fact, ...]

    @classmethod
    def among(cls, vocabulary: Vocabulary, columns: Iterable[str]) -> "ProjectKinds":
        """Of a table with these columns."""
        found = (vocabulary.facts.get(name) for name in columns)
        facts = (f for f in found if f and f.owner is Owner.PROJECT and f.kinds)
        return cls(vocabulary, tuple(facts))

    @cached_property
    def _kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(kind for fact in self.facts for kind in fact.kinds))

    def fill(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        """Rows with their kinds where the cells leave one alone; they have a column for it."""
        allowed = np.ones((len(self._kinds), rows.num_rows), bool)
        stated = np.zeros(rows.num_rows, bool)
        for fact in self.facts:
            filled = pc.is_valid(rows.column(fact.id)).to_numpy(zero_copy_only=False)
            stated |= filled
            for i, kind in enumerate(self._kinds):
                allowed[i] &= ~filled | (kind in fact.kinds)
        one = stated & (allowed.sum(axis=0) == 1)
        place = rows.schema.get_field_index(PROJECT_KIND)
        kinds = pa.array(np.where(one, allowed.argmax(axis=0), -1), pa.int32(), mask=~one)
        found = pa.array(self._kinds, pa.string()).take(kinds)
        return rows.set_column(place, PROJECT_KIND, pc.coalesce(rows.column(place), found))

    def warnings(self) -> list[Text]:
        """What follows from the columns, and what cannot."""
        if not self.facts:
            return []
        kind = self.vocabulary.facts[PROJECT_KIND]
        codes = self.vocabulary.codes_of(kind)
        if codes is None:
            return []
        by_kinds: dict[tuple[str, ...], list[Fact]] = {}
        for fact in self.facts:
            by_kinds.setdefault(fact.kinds, []).append(fact)
        told = []
        for kinds, facts in by_kinds.items():
            labels = join((Text("“{n}”", "“{n}”").format(n=f.label) for f in facts), LIST_COMMA)
            names = join((codes.label_of(k) for k in kinds), LIST_COMMA)
            if len(kinds) == 1:
                told.append(_IMPLIED.format(facts=labels, kind=names))
            else:
                told.append(_OPEN.format(facts=labels, kinds=names, label=kind.label))
        return told
