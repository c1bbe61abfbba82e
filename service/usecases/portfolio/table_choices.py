"""What the sender of a table states for all of its companies, which column is which fact, and what
words of its cells mean: chosen by a person, written down with the answers, never guessed.

A fact stated for the whole table holds for each row that states nothing of it; what a row itself
states stays. A word that is to count as unknown leaves its row answered, as an empty cell does; one
that is to be read as a value is that value.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from service.bulk.cells import InvalidCell, Reader, as_text
from service.bulk.respelling import CellRemark
from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.text import Text
from service.intake.allowed_values import allowed_text
from service.intake.cell_spelling import speller_for
from service.intake.choices import MAX_CHOICES, ChoicesRequest
from service.intake.code_names import CodeNames
from service.intake.faults import nearest_name
from service.intake.headers import Header, HeaderNames
from service.intake.table_layout import Column, Layout
from service.intake.written_values import Unreadable

# What no two companies have alike, and what one cell cannot hold.
_NEVER_COMMON = (FactType.IDENTIFIER, FactType.TEXT, FactType.AWARDS)
_BY_CHOICE = Text("按您的选择作未知处理", "taken as unknown, as was chosen")
NOT_READ_BY_CHOICE = Text(
    "读不懂，按您的选择作未知处理", "cannot be read; taken as unknown, as was chosen"
)
_FORM = Text("应写成 事实=值，例如 {example}", "must be FACT=VALUE, such as {example}")
_NO_FACT = Text("没有事实“{name}”", "there is no fact “{name}”")
_DID_YOU_MEAN = Text("{said}，是否指 {near}？", "{said}; did you mean {near}?")
_NOT_COMMON = Text(
    "“{label}”各家不同，不能对全表声明", "“{label}” differs by company and cannot be stated for all"
)
_TWICE = Text("“{label}”声明了两次", "“{label}” is stated twice")
_NOT_READ = Text("{label}：{why}（{allowed}）", "{label}: {why} ({allowed})")
_READ_AS = Text("按您的选择读作“{written}”", "read as “{written}”, as was chosen")
_READ_FORM = Text("应写成 事实=词=值", "must be FACT=WORD=VALUE")
_COLUMN_FORM = Text(
    "应写成 列=事实，例如 C=营业收入；不采用的列写 C=",
    "must be COLUMN=FACT, such as C=company.revenue; C= for one that is not to be taken",
)
_COLUMN_TWICE = Text("列“{name}”选了两次", "the column “{name}” is chosen twice")
_NO_COLUMN = Text("表中没有列“{name}”", "the table has no column “{name}”")
_WORD_TWICE = Text("“{word}”选了两次", "“{word}” is chosen twice")
_TOO_MANY = Text("最多 {most} 项", "at most {most} of them")


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
            told = _READ_AS.format(written=written)
            remarks.append(CellRemark(row, fact, cells[row].as_py(), told))
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
        told = [
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
                else Text("“{w}”", "“{w}”").format(w="”“".join(sorted(words)))
            )
            note = Text(
                "按选择作未知处理：{label} {which}", "Taken as unknown by choice: {label} {which}"
            )
            told.append(note.format(label=label, which=which))
        return [*told, *self._reading_notes(vocabulary)]

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


def read_choices(
    vocabulary: Vocabulary, readers: Mapping[str, Reader], asked: ChoicesRequest
) -> TableChoices:
    """Choices as a sender writes them; a fact by its id or any name that a header may have. Raises
    InvalidInput with all that is wrong, each at /set/N, /unknown/N, /column/N, /read/N or
    /within."""
    reader = _ChoiceReader(vocabulary, readers, HeaderNames(vocabulary))
    for texts, read in (
        (asked.stated, reader.read_stated),
        (asked.unknown, reader.read_unknown),
        (asked.columns, reader.read_column),
        (asked.read, reader.read_meaning),
    ):
        for text in texts:
            read(text)
    within = reader.read_place(asked.within) if asked.within else None
    if reader.problems:
        raise InvalidInput(tuple(reader.problems), ErrorCode.INVALID_VALUE)
    words = {
        f: None if None in w else frozenset(filter(None, w)) for f, w in reader.unknown.items()
    }
    return TableChoices(reader.stated, words, reader.columns, reader.meanings, within)


@dataclass
class _ChoiceReader:
    vocabulary: Vocabulary
    readers: Mapping[str, Reader]
    names: HeaderNames
    stated: dict[str, StatedFact] = field(default_factory=dict)
    unknown: dict[str, set[str | None]] = field(default_factory=dict)
    columns: dict[str, Fact | None] = field(default_factory=dict)
    meanings: dict[str, dict[str, StatedFact]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    read: Counter[str] = field(default_factory=Counter)

    def read_stated(self, text: str) -> None:
        place, (name, parted, written) = self._place("set"), text.partition("=")
        fact = self._fact(place, name) if parted and written.strip() else None
        if fact is None:
            if not (parted and written.strip()):
                self._refuse(place, ErrorCode.INVALID_VALUE, _FORM.format(example=self._example()))
            return
        if fact.type in _NEVER_COMMON:
            words = _NOT_COMMON.format(label=fact.label)
            self._refuse(place, ErrorCode.INVALID_VALUE, words)
        elif fact.id in self.stated:
            words = _TWICE.format(label=fact.label)
            self._refuse(place, ErrorCode.DUPLICATE_VALUE, words)
        elif (stated := self._value(place, fact, written.strip())) is not None:
            self.stated[fact.id] = stated

    def _value(self, place: str, fact: Fact, written: str) -> StatedFact | None:
        """A value read as a cell below a header that is the fact's own id."""
        try:
            speller = speller_for(self.vocabulary, spreadsheet=False, commas=False)
            value = speller.reader(Column(0, Header(fact.id, fact)))(written).value
            if not value:
                raise Unreadable("没有写出值", "states no value")
            self.readers[fact.id](value)
        except (Unreadable, InvalidCell) as error:
            allowed = allowed_text(fact, self.vocabulary)
            words = _NOT_READ.format(label=fact.label, why=error.text, allowed=allowed)
            self._refuse(place, ErrorCode.INVALID_VALUE, words)
            return None
        return StatedFact(fact.id, value, written)

    def read_unknown(self, text: str) -> None:
        place, (name, parted, word) = self._place("unknown"), text.partition("=")
        fact = self._fact(place, name)
        if fact is not None:
            self.unknown.setdefault(fact.id, set()).add(word.strip() if parted else None)

    def read_column(self, text: str) -> None:
        """The name of a column may hold the sign itself; that of a fact does not."""
        place, (name, parted, written) = self._place("column"), text.rpartition("=")
        name, written = name.strip(), written.strip()
        if not parted or not name:
            self._refuse(place, ErrorCode.INVALID_VALUE, _COLUMN_FORM)
        elif name in self.columns:
            words = _COLUMN_TWICE.format(name=name[:80])
            self._refuse(place, ErrorCode.DUPLICATE_VALUE, words)
        elif not written or (fact := self._fact(place, written)) is not None:
            self.columns[name] = fact if written else None

    def read_meaning(self, text: str) -> None:
        """The word may hold the sign itself; the names of a fact and of a value do not."""
        place, (name, parted, rest) = self._place("read"), text.partition("=")
        word, again, written = (part.strip() for part in rest.rpartition("="))
        if not (parted and again and word and written):
            self._refuse(place, ErrorCode.INVALID_VALUE, _READ_FORM)
            return
        fact = self._fact(place, name)
        meant = None if fact is None else self._value(place, fact, written)
        if meant is None:
            return
        if self.meanings.setdefault(meant.fact, {}).setdefault(word, meant) is not meant:
            words = _WORD_TWICE.format(word=word[:80])
            self._refuse(place, ErrorCode.DUPLICATE_VALUE, words)

    def read_place(self, written: str) -> str | None:
        """The code of the place that all lie in."""
        try:
            return CodeNames(self.vocabulary.regions, shortened=True).find(written)
        except Unreadable as error:
            self._refuse("/within", ErrorCode.INVALID_VALUE, error.text)
            return None

    def _place(self, kind: str) -> str:
        at = self.read[kind]
        self.read[kind] = at + 1
        if at == MAX_CHOICES:
            self._refuse(f"/{kind}", ErrorCode.TOO_LONG, _TOO_MANY.format(most=str(MAX_CHOICES)))
        return f"/{kind}/{at}"

    def _fact(self, place: str, name: str) -> Fact | None:
        name = name.strip()
        fact = self.vocabulary.facts.get(name) or self.names.read(name).fact
        if fact is None:
            said = _NO_FACT.format(name=name[:80])
            near = nearest_name(name, list(self.vocabulary.facts)) or self._suggested(name)
            said = _DID_YOU_MEAN.format(said=said, near=near) if near else said
            self._refuse(place, ErrorCode.UNKNOWN_KEY, said)
        return fact

    def _suggested(self, name: str) -> str | None:
        near = self.names.suggestion(name)
        return near.id if near else None

    def _example(self) -> str:
        """The first fact that may be stated for all, with a value of its list."""
        for fact in self.vocabulary.facts.values():
            codes = self.vocabulary.codes_of(fact)
            if codes is not None and fact.type in (FactType.CODE, FactType.CODES):
                return f"{fact.id}={next(iter(codes.codes))}"
        return f"{next(iter(self.vocabulary.facts))}=…"

    def _refuse(self, place: str, code: ErrorCode, words: Text) -> None:
        self.problems.append(Problem(place, code, words))
