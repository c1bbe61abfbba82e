"""The columns of a person's table as understood: what each is, and what its amounts count in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from service.domain.facts.vocabulary import Fact
from service.intake.currency import ONE
from service.intake.entry_headers import EntryHeader
from service.intake.header_units import TableUnit
from service.intake.headers import Header
from service.intake.place_headers import PlacePart

# An amount below this is as likely meant in thousands or 万 where nobody says what it counts in;
# beside such amounts one below the other bound is, too.
SMALL, _LARGE_BESIDE_SMALL = 100_000, 10_000_000
_PERIOD = re.compile(
    r"(?:会计|财务|数据|统计|报告|报表|所属)*(?:年度|年份|期间|时点|期末|截[止至](?:日期?|时间)|基准日)"
    r"|(?:报告|所属|数据|财务)期|(?:财务|数据|统计|报告|报表)+(?:日期?|时间)"
    r"|(?:fiscal|financial)?year|period|as-?of(?:date)?"
)


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of the table: its place, what stands over it, which fact it is. `unit` is what a
    bare amount is counted in, `unit_from` who says so: header, title, or None (nobody does);
    `has_small`: whether some of its first numbers are small. `member`: what it says of a fact that
    several columns make together. `is_chosen`: whether the sender said what it is. `unit_fault`: a
    unit above the table in which its amounts cannot be taken. `is_doubled`: whether another column
    is the same fact, its `suggestion`, so that neither is taken; `lacks_kind`: whether it is not
    taken for its `suggestion` because nothing says of which kind of project it is; `is_beside`:
    because it is of another list beside the one that is read."""

    place: int
    header: Header
    unit: Decimal = ONE
    unit_name: str = ""
    unit_from: str | None = None
    suggestion: Fact | None = None
    member: EntryHeader | PlacePart | None = None
    has_small: bool = False
    is_chosen: bool = False
    unit_fault: TableUnit | None = None
    is_doubled: bool = False
    lacks_kind: bool = False
    is_beside: bool = False

    @property
    def fact(self) -> Fact | None:
        """The fact that it is, alone or with others."""
        return self.member.fact if self.member else self.header.fact

    @property
    def says_unit(self) -> bool:
        """Whether it is said what a bare amount counts in: also by a header that is the fact's own
        id, as programs write it, for the vocabulary says it of the fact."""
        fact = self.header.fact
        return self.unit_from is not None or (fact is not None and self.header.text == fact.id)

    @property
    def ambiguous_below(self) -> int:
        """Below which a bare amount may be meant in another unit: nothing where the unit is said,
        and more beside numbers that are small themselves."""
        if self.says_unit:
            return 0
        return _LARGE_BESIDE_SMALL if self.has_small else SMALL

    @property
    def letters(self) -> str:
        """The column as a spreadsheet names it: A, B, … AA."""
        return column_letters(self.place)


@dataclass(frozen=True, slots=True)
class RowUnit:
    """A column at `place` that says what each row's amounts are in, or, where it names a `fact`,
    what that one is in; `is_currency`: a column of currencies, which holds for whatever names a
    unit, too."""

    place: int
    fact: str | None
    is_currency: bool


@dataclass(frozen=True)
class Layout:
    """A table as understood: `header_row` and `first_row` (of the companies) count from zero.
    `row_units` say of each row what its amounts are in."""

    header_row: int
    first_row: int
    columns: tuple[TableColumn, ...]
    titles: tuple[str, ...] = ()
    facts: Mapping[str, TableColumn] = field(default_factory=dict)
    row_units: tuple[RowUnit, ...] = ()

    @property
    def period(self) -> TableColumn | None:
        """The column that says of which year the figures of a row are, which are then not taken."""
        through = (c for c in self.passed_through if not c.is_chosen)
        return next((c for c in through if is_period(c.header.text)), None)

    @property
    def passed_through(self) -> tuple[TableColumn, ...]:
        return tuple(c for c in self.columns if c.fact is None)

    @property
    def column_count(self) -> int:
        """How many facts, and parts of facts, columns are understood as."""
        return len(self.facts) + len(self.members)

    @property
    def members(self) -> tuple[TableColumn, ...]:
        """The columns that make a fact together with others."""
        return tuple(c for c in self.columns if c.member is not None)


def column_letters(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def is_period(header: str) -> bool:
    """Whether a column says of which year a row's figures are."""
    return is_called(header, _PERIOD)


def is_called(header: str, names: re.Pattern[str]) -> bool:
    return names.fullmatch("".join(header.split()).casefold()) is not None
