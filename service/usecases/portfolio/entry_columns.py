"""Columns that are each about one entry of a list, made one list a company.

是 and a day state an entry, 否 that there is none of the kind. Of what is left empty, and of the
kinds that have no column, nobody has said whether they hold: a list of certificates names them as
unsure, one of codes holds the code that leaves the rest open. Beside a column that lists all there
are, the others only add to what it names.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import pyarrow as pa

from service.bulk.cells import CellFault
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.text import Text
from service.intake.cell_spelling import is_blank
from service.intake.certificate_spelling import read_term
from service.intake.code_names import CodeNames
from service.intake.entry_headers import EntryDetail, EntryHeader
from service.intake.written_days import read_day
from service.intake.written_values import Unreadable, plain_text, read_yes_no, says_none
from service.rendering.texts import read_texts

_WORDS = read_texts(__file__)

Record: TypeAlias = dict[str, Any]
_WHETHER = Text(
    "是、否、级别、证书编号，或有效期起止；不知道就留空",
    "yes, no, a level, a number or a term; empty where unknown",
)
_CODE = Text("是 或 否；不知道就留空", "yes or no; empty where unknown")
_DAY = Text("日期，例如 2027-10-31；不知道就留空", "a day, such as 2027-10-31; empty where unknown")
_ALLOWED: Mapping[EntryDetail, Text] = {
    EntryDetail.WHETHER: _WHETHER,
    EntryDetail.ISSUED: _DAY,
    EntryDetail.EXPIRES: _DAY,
    EntryDetail.TERM: Text(
        "起止日期，例如 2024-11-01至2027-10-31，或截止日期", "a term, or its last day"
    ),
    EntryDetail.NUMBER: Text("证书编号；不知道就留空", "the number; empty where unknown"),
    EntryDetail.NAMED: Text("资质的名称，例如 高新技术企业", "a certificate's name"),
}
_MAX_NUMBER = 100
_HELD = frozenset(
    ("已认定", "已获", "已获得", "已取得", "已入库", "持有", "有效", "有效期内", "在有效期内")
)
_NOT_HELD = frozenset(("未认定", "未获", "未获得", "未取得", "未入库", "未持有"))
_HAS_ENDED = frozenset(("过期", "已过期", "失效", "已失效", "到期", "已到期", "expired"))
# A certificate's number, but no day such as 20241101 and no year.
_NUMBER = re.compile(r"(?=(?:[^0-9]*[0-9]){6})(?:[A-Z][A-Z0-9-]{5,}|[0-9][A-Z0-9-]{9,})")
_FIRST = {EntryDetail.NAMED: 0, EntryDetail.WHETHER: 1}
_NO_END = "9999-12-31"


@dataclass
class EntryColumns:
    """The columns of one fact; `columns` are their names with what their headers say."""

    vocabulary: Vocabulary
    columns: Sequence[tuple[str, EntryHeader]]

    @property
    def fact(self) -> Fact:
        """The fact that they make."""
        return self.columns[0][1].fact

    def combine(self, filled: Mapping[str, pa.Array], faults: list[CellFault]) -> pa.Array:
        """The column of lists. Cells that cannot be read, or speak against others, are faults."""
        whole = filled.get(self.fact.id)
        parts = [filled[name].to_pylist() for name, _ in self.columns]
        cells = [[None] * len(parts[0]) if whole is None else whole.to_pylist(), *parts]
        lists, known = [], dict[tuple[str | None, ...], _List]()
        for row, texts in enumerate(zip(*cells, strict=True)):
            made = known.get(texts)
            if made is None:
                made = known[texts] = self._list(texts[0], texts[1:])
            lists.append(made.text)
            for name, says, why in made.faults:
                allowed = _ALLOWED[says] if self._dated else _CODE
                faults.append(CellFault(row, self.fact.id, why, name, allowed))
        return pa.array(lists, pa.string())

    @property
    def _dated(self) -> bool:
        """Whether entries have days and numbers."""
        return self.fact.type is FactType.CERTIFICATES

    def _list(self, whole: str | None, texts: Sequence[str | None]) -> "_List":
        made = _List(_records(whole) if self._dated else _codes(whole))
        stated = [
            (name, header, text)
            for (name, header), text in zip(self.columns, texts, strict=True)
            if text and not states_nothing(header, text)
        ]
        # Which one, and whether it is held, come before what more is said of it.
        for name, header, text in sorted(stated, key=lambda s: _FIRST.get(s[1].says, len(_FIRST))):
            try:
                if header.says is EntryDetail.NAMED:
                    made.name(self._names.find_several(text))
                elif header.says is EntryDetail.WHETHER and header.code:
                    made.narrower[header.code], said = self.whether(header.code, text)
                    made.add(made.narrower[header.code], said)
                else:
                    made.add(
                        made.narrower.get(header.code, header.code), _READERS[header.says](text)
                    )
            except Unreadable as error:
                made.faults.append((name, header.says, error.text))
        made.text = self._written(whole, made) if stated else whole
        return made

    def whether(self, code: str, text: str) -> tuple[str, Record | None]:
        """Which entry a cell means, the column's or a narrower one such as its level, and what is
        said of it; None: that there is none. Raises Unreadable."""
        plain = plain_text(text)
        if plain in _HELD or plain in _NOT_HELD:
            return code, {} if plain in _HELD else None
        try:
            return code, {} if read_yes_no(text).value == "true" else None
        except Unreadable:
            meant = self._code_meant(code, text)
        if meant is not None:
            return meant, {}
        if not self._dated:
            raise _unreadable("yes_or_no")
        return code, _details(text, plain)

    def _code_meant(self, code: str, text: str) -> str | None:
        """The entry that a cell names, alone or with its column's name: 国家级 below 专精特新."""
        codes = self._names.codes
        entry = codes.codes[code]
        named = (entry.label.zh, entry.label.en, *entry.aliases)
        written = (text, *(f"{text}{n}" for n in named), *(f"{n}{text}" for n in named))
        found = dict.fromkeys(c for w in written for c in self._names.candidates(w))
        return next((c for c in found if code in codes.ancestors(c)), None)

    def _written(self, whole: str | None, made: "_List") -> str | None:
        if made.faults:
            return None
        if not self._dated:
            return self._written_codes(whole, made)
        records = list(made.records.values())
        if whole is None:
            codes = self.vocabulary.codes_of(self.fact)
            spoken_of = made.records.keys() | made.denied
            rest = [c for c in codes.codes if c not in spoken_of] if codes else []
            records += [{"category": category, "unsure": True} for category in rest]
        return json.dumps(records) if records else "-"

    def _written_codes(self, whole: str | None, made: "_List") -> str | None:
        """Who only denies some has said nothing of the others: nothing is known."""
        held = list(made.records)
        if whole is not None:
            return "|".join(held) or "-"
        codes = self._names.codes
        return "|".join((*held, codes.rest)) if held and codes.rest else None

    @cached_property
    def _names(self) -> CodeNames:
        assert self.fact.list is not None
        return CodeNames(self.vocabulary.lists[self.fact.list])


@dataclass
class _List:
    """What a row says: `whole` where one cell lists all that is held. `narrower`: the entry
    that a column is about in this row."""

    whole: Sequence[Record] | None
    records: dict[str, Record] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    named: list[str] = field(default_factory=list)
    narrower: dict[str | None, str] = field(default_factory=dict)
    faults: list[tuple[str, EntryDetail, Text]] = field(default_factory=list)
    text: str | None = None

    def __post_init__(self) -> None:
        self.records = {record["category"]: dict(record) for record in self.whole or ()}

    def name(self, categories: Sequence[str]) -> None:
        """What the row is a register's of. Raises Unreadable as `add`."""
        self.named += categories
        for category in categories:
            self.add(category, {})

    def add(self, category: str | None, said: Record | None) -> None:
        """Without a category: of the one that the row names. Raises Unreadable where that is not
        one, or one cell speaks against another."""
        if category is None:
            if len(self.named) != 1:
                raise _unreadable("of_several" if self.named else "of_none")
            (category,) = self.named
        if said is None:
            if category in self.records:
                raise _unreadable("listed")
            self.denied.add(category)
            return
        if category in self.denied:
            raise _unreadable("denied")
        if self.whole is not None and category not in self.records:
            raise _unreadable("not_listed")
        known = self.records.setdefault(category, {"category": category})
        for part, value in said.items():
            if known.setdefault(part, value) != value:
                raise _unreadable("differs")
        if known.get("expires_on", _NO_END) < known.get("issued_on", ""):
            raise _unreadable("ends_first")


def _records(whole: str | None) -> Sequence[Record] | None:
    """What the cell that lists all certificates says; what it holds wrongly is told elsewhere."""
    if whole is None:
        return None
    try:
        found = json.loads(whole) if whole != "-" else []
    except ValueError:
        found = []
    return [r for r in found if isinstance(r, dict) and isinstance(r.get("category"), str)]


def _codes(whole: str | None) -> Sequence[Record] | None:
    """What the cell that lists all codes says."""
    if whole is None:
        return None
    return [{"category": code} for code in whole.split("|") if code != "-"]


def states_nothing(header: EntryHeader, text: str) -> bool:
    """Whether a cell says nothing of its entry: 无 as a number, or as a day, is none."""
    return is_blank(text) or (header.says is not EntryDetail.WHETHER and says_none(text))


def _details(text: str, plain: str) -> Record:
    """The term or the number that a column of whether a certificate is held has instead. Raises
    Unreadable."""
    try:
        return read_term(text)
    except Unreadable:
        pass
    if plain in _HAS_ENDED:
        raise _unreadable("ended")
    if _is_day(text):
        raise _unreadable("which_day")
    if _NUMBER.fullmatch(plain.upper()):
        return _number(text)
    raise Unreadable("请写“是”或“否”，或有效期起止", "write yes or no, or a term")


def _is_day(text: str) -> bool:
    try:
        return bool(read_day(text))
    except Unreadable:
        return False


def _term(text: str) -> Record:
    try:
        return read_term(text)
    except Unreadable:
        return {"expires_on": _day(text)}


def _day(text: str) -> str:
    return read_day(text, month_allowed=False, serial_allowed=True).value


def _number(text: str) -> Record:
    number = plain_text(text).upper()
    if len(number) > _MAX_NUMBER:
        raise _unreadable("no_number")
    return {"number": number}


_READERS: Mapping[EntryDetail, Callable[[str], Record]] = {
    EntryDetail.ISSUED: lambda text: {"issued_on": _day(text)},
    EntryDetail.EXPIRES: lambda text: {"expires_on": _day(text)},
    EntryDetail.TERM: _term,
    EntryDetail.NUMBER: _number,
}


def _unreadable(key: str) -> Unreadable:
    """Why a cell cannot be taken, by the key of the words."""
    words = _WORDS[key]
    return Unreadable(words.zh, words.en)
