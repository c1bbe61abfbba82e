"""Columns that name a place together, made one code a company."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa

from service.bulk.cells import CellFault
from service.domain.facts.vocabulary import Fact, Vocabulary
from service.domain.text import Text
from service.intake.cell_spelling import is_blank
from service.intake.code_names import CodeNames
from service.intake.place_headers import PlacePart
from service.intake.written_values import Unreadable

# What the middle of a path is called where nothing stands between a province and a district.
_BETWEEN = frozenset(
    ("市辖区", "市辖县", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖", "直辖县")
)
_ALLOWED = Text(
    "省、市、区县的名称，由广到狭各在一列；不知道就留空",
    "the names of province, city and district, each in its column; empty where unknown",
)
_Path = tuple[str | None, ...]


@dataclass
class PlaceColumns:
    """The columns of one fact; `columns` are their names with their levels, `within` is the place
    in which all are looked for."""

    vocabulary: Vocabulary
    columns: Sequence[tuple[str, PlacePart]]
    within: str | None = None
    _codes_by_path: dict[_Path, str | Unreadable | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.columns = sorted(self.columns, key=lambda named: named[1].level)

    @property
    def fact(self) -> Fact:
        """The fact that they make."""
        return self.columns[0][1].fact

    def combine(self, filled: Mapping[str, pa.Array], faults: list[CellFault]) -> pa.Array:
        """The column of codes. A path that is none is a fault of its narrowest cell."""
        codes: list[str | None] = []
        cells = (filled[name].to_pylist() for name, _ in self.columns)
        for row, path in enumerate(zip(*cells, strict=True)):
            if path not in self._codes_by_path:
                self._codes_by_path[path] = self._code(path)
            code = self._codes_by_path[path]
            if isinstance(code, Unreadable):
                column = next(n for (n, _), c in zip(self._narrow, path[::-1], strict=True) if c)
                faults.append(CellFault(row, self.fact.id, code.text, column, _ALLOWED))
            codes.append(None if isinstance(code, Unreadable) else code)
        return pa.array(codes, pa.string())

    def _code(self, path: _Path) -> str | Unreadable | None:
        names = [c for c in path if c and not is_blank(c) and c.strip() not in _BETWEEN]
        try:
            return self._names.find_path(names) if names else None
        except Unreadable as error:
            return error

    @property
    def _narrow(self) -> Sequence[tuple[str, PlacePart]]:
        return self.columns[::-1]

    @cached_property
    def _names(self) -> CodeNames:
        assert self.fact.list is not None
        return CodeNames(self.vocabulary.lists[self.fact.list], True, self.within)
