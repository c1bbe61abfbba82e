"""Columns that are each about one certificate, made one list of certificates a company.

是 and a day state a certificate, 否 that there is none of the kind. Of what is left empty, and of
the kinds that have no column, nobody has said whether they are held: the list names them as unsure.
Beside a column that lists all certificates, the others only add to what it names.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import pyarrow as pa

from service.bulk.cells import CellFault
from service.domain.facts.vocabulary import Fact, Vocabulary
from service.domain.text import Text
from service.intake.cell_spelling import is_blank, read_term, says_none
from service.intake.certificate_headers import CertificateHeader, Says
from service.intake.code_names import CodeNames
from service.intake.written_values import Unreadable, plain_text, read_day, read_yes_no

Record: TypeAlias = dict[str, Any]
_DENIED = ("另一列写了没有这项证书", "another column says that there is no such certificate")
_NOT_LISTED = ("证书清单一列没有这一项", "the column that lists all certificates does not name it")
_LISTED = ("证书清单一列有这一项", "the column that lists all certificates names it")
_DIFFERS = ("与另一列写的不同", "another column says otherwise")
_OF_SEVERAL = (
    "这一行写了几项资质，看不出是哪一项的",
    "the row names several certificates, and this may be of any of them",
)
_OF_NONE = ("这一行没有写是哪一项资质", "the row does not name a certificate")
_ENDS_FIRST = ("截止日早于发证日", "it ends before it was issued")
_NO_NUMBER = ("编号太长", "too long a number")
_WHETHER = Text("是、否，或有效期起止；不知道就留空", "yes, no, or a term; empty where unknown")
_DAY = Text("日期，例如 2027-10-31；不知道就留空", "a day, such as 2027-10-31; empty where unknown")
_ALLOWED: Mapping[Says, Text] = {
    Says.WHETHER: _WHETHER,
    Says.ISSUED: _DAY,
    Says.EXPIRES: _DAY,
    Says.TERM: Text("起止日期，例如 2024-11-01至2027-10-31，或截止日期", "a term, or its last day"),
    Says.NUMBER: Text("证书编号；不知道就留空", "the number; empty where unknown"),
    Says.NAMED: Text("资质的名称，例如 高新技术企业", "a certificate's name"),
}
_MAX_NUMBER = 100
_FIRST = {Says.NAMED: 0, Says.WHETHER: 1}
_NO_END = "9999-12-31"


@dataclass
class CertificateColumns:
    """The columns of one fact; `columns` are their names with what their headers say."""

    vocabulary: Vocabulary
    columns: Sequence[tuple[str, CertificateHeader]]

    @property
    def fact(self) -> Fact:
        """The fact that they make."""
        return self.columns[0][1].fact

    def combine(self, filled: Mapping[str, pa.Array], faults: list[CellFault]) -> pa.Array:
        """The column of lists. Cells that cannot be read, or speak against others, are faults."""
        whole = filled.get(self.fact.id)
        parts = [filled[name].to_pylist() for name, _ in self.columns]
        cells = [[None] * len(parts[0]) if whole is None else whole.to_pylist(), *parts]
        found, known = [], dict[tuple[str | None, ...], _List]()
        for row, texts in enumerate(zip(*cells, strict=True)):
            made = known.get(texts)
            if made is None:
                made = known[texts] = self._list(texts[0], texts[1:])
            found.append(made.text)
            for name, says, why in made.faults:
                faults.append(CellFault(row, self.fact.id, why, name, _ALLOWED[says]))
        return pa.array(found, pa.string())

    def _list(self, whole: str | None, texts: Sequence[str | None]) -> "_List":
        made = _List(_records(whole))
        stated = [
            (name, header, text)
            for (name, header), text in zip(self.columns, texts, strict=True)
            if text and not _is_blank(header, text)
        ]
        # Which one, and whether it is held, come before what more is said of it.
        for name, header, text in sorted(stated, key=lambda s: _FIRST.get(s[1].says, len(_FIRST))):
            try:
                if header.says is Says.NAMED:
                    made.name(self._names.find_several(text))
                else:
                    made.add(header.category, self._read(header, text))
            except Unreadable as error:
                made.faults.append((name, header.says, error.text))
        made.text = self._written(whole, made) if stated else whole
        return made

    def _read(self, header: CertificateHeader, text: str) -> Record | None:
        """What a cell says of its certificate; None: that it is not held. Raises Unreadable."""
        return _READERS[header.says](self._names, header, text)

    def _written(self, whole: str | None, made: "_List") -> str | None:
        if made.faults:
            return None
        records = list(made.records.values())
        if whole is None:
            codes = self.vocabulary.codes_of(self.fact)
            spoken_of = made.records.keys() | made.denied
            rest = [c for c in codes.codes if c not in spoken_of] if codes else []
            records += [{"category": category, "unsure": True} for category in rest]
        return json.dumps(records) if records else "-"

    @cached_property
    def _names(self) -> CodeNames:
        assert self.fact.list is not None
        return CodeNames(self.vocabulary.lists[self.fact.list])


@dataclass
class _List:
    """What a row says: `whole` where one cell lists all that is held."""

    whole: Sequence[Record] | None
    records: dict[str, Record] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    named: list[str] = field(default_factory=list)
    faults: list[tuple[str, Says, Text]] = field(default_factory=list)
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
                raise Unreadable(*(_OF_SEVERAL if self.named else _OF_NONE))
            (category,) = self.named
        if said is None:
            if category in self.records:
                raise Unreadable(*_LISTED)
            self.denied.add(category)
            return
        if category in self.denied:
            raise Unreadable(*_DENIED)
        if self.whole is not None and category not in self.records:
            raise Unreadable(*_NOT_LISTED)
        known = self.records.setdefault(category, {"category": category})
        for part, value in said.items():
            if known.setdefault(part, value) != value:
                raise Unreadable(*_DIFFERS)
        if known.get("expires_on", _NO_END) < known.get("issued_on", ""):
            raise Unreadable(*_ENDS_FIRST)


def _records(whole: str | None) -> Sequence[Record] | None:
    """What the cell that lists all certificates says; what it holds wrongly is told elsewhere."""
    if whole is None:
        return None
    try:
        found = json.loads(whole) if whole != "-" else []
    except ValueError:
        found = []
    return [r for r in found if isinstance(r, dict) and isinstance(r.get("category"), str)]


def _is_blank(header: CertificateHeader, text: str) -> bool:
    """Whether a cell says nothing of its certificate: 无 as a number, or as a day, is none."""
    return is_blank(text) or (header.says is not Says.WHETHER and says_none(text))


def _whether(names: CodeNames, header: CertificateHeader, text: str) -> Record | None:
    try:
        return {} if read_yes_no(text).value == "true" else None
    except Unreadable:
        try:
            if names.find(text) == header.category:
                return {}
        except Unreadable:
            pass
    try:
        return read_term(text)
    except Unreadable:
        raise Unreadable("请写“是”或“否”，或有效期起止", "write yes or no, or a term") from None


def _term(names: CodeNames, header: CertificateHeader, text: str) -> Record:
    del names, header
    try:
        return read_term(text)
    except Unreadable:
        return {"expires_on": _day(text)}


def _day(text: str) -> str:
    return read_day(text, month_allowed=False).value


def _number(names: CodeNames, header: CertificateHeader, text: str) -> Record:
    del names, header
    number = plain_text(text).upper()
    if len(number) > _MAX_NUMBER:
        raise Unreadable(*_NO_NUMBER)
    return {"number": number}


_READERS: Mapping[Says, Callable[[CodeNames, CertificateHeader, str], Record | None]] = {
    Says.WHETHER: _whether,
    Says.ISSUED: lambda _, __, text: {"issued_on": _day(text)},
    Says.EXPIRES: lambda _, __, text: {"expires_on": _day(text)},
    Says.TERM: _term,
    Says.NUMBER: _number,
}
