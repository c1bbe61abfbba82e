"""What the sender of a table states for all of its companies, and which words of its cells are to
count as unknown: chosen by a person, written down with the answers, never guessed.

A fact stated for the whole table holds for each row that states nothing of it; what a row itself
states stays. A word that is to count as unknown leaves its row answered, as an empty cell does.
"""

from collections.abc import Mapping, Sequence
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
from service.intake.faults import nearest_name
from service.intake.headers import Header, HeaderNames
from service.intake.table_layout import Column
from service.intake.written_values import Unreadable

MAX_CHOICES = 100
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
    count as unknown, or None for every cell that cannot be read."""

    stated: Mapping[str, StatedFact] = field(default_factory=dict)
    unknown: Mapping[str, frozenset[str] | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.stated or self.unknown)

    def as_json(self) -> dict[str, Any]:
        """Plain data, in the form that `read_choices` takes."""
        words = [
            fact if word is None else f"{fact}={word}"
            for fact, held in self.unknown.items()
            for word in ([None] if held is None else sorted(held))
        ]
        return {"set": [f"{s.fact}={s.written}" for s in self.stated.values()], "unknown": words}

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
        return told


NO_CHOICES = TableChoices()


def read_choices(
    vocabulary: Vocabulary,
    readers: Mapping[str, Reader],
    stated: Sequence[str],
    unknown: Sequence[str],
) -> TableChoices:
    """Choices as a sender writes them: FACT=VALUE for the whole table, FACT=WORD or FACT for what
    is to count as unknown; a fact by its id or any name that a header may have. Raises
    InvalidInput with all that is wrong, each at /set/N or /unknown/N."""
    reader = _ChoiceReader(vocabulary, readers, HeaderNames(vocabulary))
    for text in stated:
        reader.read_stated(text)
    for text in unknown:
        reader.read_unknown(text)
    if reader.problems:
        raise InvalidInput(tuple(reader.problems), ErrorCode.INVALID_VALUE)
    words = {
        f: None if None in w else frozenset(filter(None, w)) for f, w in reader.unknown.items()
    }
    return TableChoices(reader.stated, words)


@dataclass
class _ChoiceReader:
    vocabulary: Vocabulary
    readers: Mapping[str, Reader]
    names: HeaderNames
    stated: dict[str, StatedFact] = field(default_factory=dict)
    unknown: dict[str, set[str | None]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=lambda: {"set": 0, "unknown": 0})

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
        else:
            self._keep_stated(place, fact, written.strip())

    def _keep_stated(self, place: str, fact: Fact, written: str) -> None:
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
            return
        self.stated[fact.id] = StatedFact(fact.id, value, written)

    def read_unknown(self, text: str) -> None:
        place, (name, parted, word) = self._place("unknown"), text.partition("=")
        fact = self._fact(place, name)
        if fact is not None:
            self.unknown.setdefault(fact.id, set()).add(word.strip() if parted else None)

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
