"""What the sender of a table states for all of its companies, which column is which fact, and what
words of its cells mean: chosen by a person, written down with the answers, never guessed.

A fact stated for the whole table holds for each row that states nothing of it; what a row itself
states stays. A word that is to count as unknown leaves its row answered, as an empty cell does; one
that is to be read as a value is that value.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from service.bulk.cell_normalising import CellRemark
from service.bulk.cells import as_text
from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.facts.vocabulary import Fact, Vocabulary
from service.domain.text import Text, join, quoted
from service.intake.table_columns import Layout

_BY_CHOICE = Text("按您的选择作未知处理", "taken as unknown, as was chosen")
NOT_READ_BY_CHOICE = Text(
    "读不懂，按您的选择作未知处理", "cannot be read; taken as unknown, as was chosen"
)
_READ_AS = Text("按您的选择读作“{written}”", "read as “{written}”, as was chosen")
_NO_COLUMN = Text("表中没有列“{name}”", "the table has no column “{name}”")


@dataclass(frozen=True, slots=True)
class StatedFact:
    """One fact stated for the whole table: `value` as a file for machines has it, `written` as the
    sender wrote it."""

    fact: str
    value: str
    written: str


@dataclass(frozen=True)
class TableChoices:
    """`stated` by the facts' ids; `unknown`: by a fact's id the words of its cells that are to
    count as unknown, or None for every cell that cannot be read; `columns`: by letters or header
    the fact that a column is, None where it is not to be taken; `meanings`: by a fact's id what
    words of its cells are to be read as; `within`: the code that all places lie in."""

    stated: Mapping[str, StatedFact] = field(default_factory=dict)
    unknown: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    columns: Mapping[str, Fact | None] = field(default_factory=dict)
    meanings: Mapping[str, Mapping[str, StatedFact]] = field(default_factory=dict)
    within: str | None = None

    def __bool__(self) -> bool:
        return any((self.stated, self.unknown, self.columns, self.meanings, self.within))

    @property
    def unknown_facts(self) -> AbstractSet[str]:
        """The facts of which whatever cannot be read counts as unknown."""
        return {fact for fact, words in self.unknown.items() if words is None}

    def as_json(self) -> dict[str, Any]:
        """Plain data, in the form that `request_from` takes."""
        words = [
            fact if word is None else f"{fact}={word}"
            for fact, held in self.unknown.items()
            for word in ([None] if held is None else sorted(held))
        ]
        return {
            "set": [f"{s.fact}={s.written}" for s in self.stated.values()],
            "unknown": words,
            "column": [f"{name}={fact.id if fact else ''}" for name, fact in self.columns.items()],
            "read": [
                f"{fact}={word}={meant.written}"
                for fact, meanings in self.meanings.items()
                for word, meant in meanings.items()
            ],
            "within": self.within,
        }

    def check_columns(self, layout: Layout) -> None:
        """Raises InvalidInput for columns that a table does not have."""
        held = {name for c in layout.columns for name in (c.letters, c.header.text)}
        problems = [
            Problem(f"/column/{i}", ErrorCode.UNKNOWN_KEY, _NO_COLUMN.format(name=name[:80]))
            for i, name in enumerate(self.columns)
            if name not in held
        ]
        if problems:
            raise InvalidInput(tuple(problems), ErrorCode.INVALID_VALUE)

    def meant(self, fact: str, cells: pa.Array, remarks: list[CellRemark]) -> pa.Array | None:
        """What cells of a fact are to be read as, in the form for machines; each of them is
        remarked. None where no word of the fact was chosen."""
        meanings = self.meanings.get(fact)
        if not meanings:
            return None
        words = pa.array(list(meanings), pa.string())
        places = pc.index_in(pc.utf8_trim_whitespace(cells), value_set=words)
        for row in pc.indices_nonzero(pc.is_valid(places)).to_pylist():
            written = meanings[words[places[row].as_py()].as_py()].written
            remark = _READ_AS.format(written=written)
            remarks.append(CellRemark(row, fact, cells[row].as_py(), remark))
        return pa.array([one.value for one in meanings.values()], pa.string()).take(places)

    def without_unknown(self, fact: str, cells: pa.Array, remarks: list[CellRemark]) -> pa.Array:
        """A column without the cells that are to count as unknown; each of them is remarked."""
        words = self.unknown.get(fact)
        if not words:
            return cells
        chosen = pc.is_in(pc.utf8_trim_whitespace(cells), value_set=pa.array(sorted(words)))
        rows = pc.indices_nonzero(pc.fill_null(chosen, False)).to_pylist()
        remarks.extend(CellRemark(row, fact, cells[row].as_py(), _BY_CHOICE) for row in rows)
        return pc.if_else(chosen, None, cells) if rows else cells

    def with_stated(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        """Rows with what is stated for all, where they state nothing of it."""
        for fact, stated in self.stated.items():
            place = rows.schema.get_field_index(fact)
            if place < 0:
                filled = pa.array([stated.value] * rows.num_rows, pa.string())
                rows = rows.append_column(fact, filled)
            else:
                filled = pc.fill_null(as_text(rows.column(place)), stated.value)
                rows = rows.set_column(place, fact, filled)
        return rows

    def schema(self, given: pa.Schema) -> pa.Schema:
        """The columns with those of the stated facts."""
        for fact in self.stated:
            place = given.get_field_index(fact)
            text = pa.field(fact, pa.string())
            given = given.append(text) if place < 0 else given.set(place, text)
        return given

    def notes(self, vocabulary: Vocabulary) -> list[Text]:
        """What was chosen, in words."""
        texts = [
            Text("对全表声明（凡未填写的行）：{label} = {written}",
                 "Stated for the whole table, where a row states nothing: {label} = {written}"
                 ).format(label=vocabulary.facts[s.fact].label, written=s.written)
            for s in self.stated.values()
        ]  # fmt: skip
        for fact, words in self.unknown.items():
            label = vocabulary.facts[fact].label
            which = (
                Text("所有读不懂的填写", "whatever cannot be read")
                if words is None
                else join(map(quoted, sorted(words)), Text("", ""))
            )
            note = Text(
                "按选择作未知处理：{label} {which}", "Taken as unknown by choice: {label} {which}"
            )
            texts.append(note.format(label=label, which=which))
        return [*texts, *self._reading_notes(vocabulary)]

    def _reading_notes(self, vocabulary: Vocabulary) -> Iterator[Text]:
        """Which columns and words were chosen to be read otherwise, in words."""
        for name, fact in self.columns.items():
            if fact is None:
                yield Text("按选择不采用的列：{name}", "Column not taken by choice: {name}").format(
                    name=name
                )
                continue
            said = Text(
                "按选择把列 {name} 作为 {label}", "Column {name} taken as {label} by choice"
            )
            yield said.format(name=name, label=fact.label)
        for held, meanings in self.meanings.items():
            for word, meant in meanings.items():
                yield Text("按选择：{label} “{word}”读作“{written}”",
                           "By choice: {label} “{word}” is read as “{written}”").format(
                    label=vocabulary.facts[held].label, word=word, written=meant.written
                )  # fmt: skip
        if self.within is not None:
            said = Text(
                "按选择：地名在 {place} 内找", "By choice: places are looked for within {place}"
            )
            yield said.format(place=vocabulary.regions.label_of(self.within))


NO_CHOICES = TableChoices()
