"""The same rules as SQL for DuckDB or Spark, where NULL is UNKNOWN: an oracle that shares no code
with the index. It works on columns of text as a CSV has them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from service.bulk.sql_quantities import Numbers, QuantityWriter
from service.domain.dates import Window
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import NO_PROJECT, PROJECT_KIND, PROJECTS_ABSENT
from service.domain.facts.vocabulary import FactType, Owner, Vocabulary
from service.domain.rules.catalogue import Programme
from service.domain.rules.conditions import Condition, Connective, Group, Predicate, Undecided
from service.domain.rules.held import AwardTest, CertificateTest, HeldTest, Years
from service.domain.rules.operators import (
    Age,
    Bound,
    HoldsCertificate,
    InSet,
    Operator,
    Quantifier,
    Range,
    is_undefined,
)
from service.domain.rules.quantities import Count, FactQuantity, Quantity
from service.domain.truth import Truth


@dataclass(frozen=True)
class Dialect:
    """How an engine of SQL says what the standard leaves open; `{}` are places to fill."""

    text: str  # the type
    quote: str  # round a column's name
    split: str  # a text at each |
    list_of: str  # a list of texts
    filtered: str  # a list, a variable, a condition
    overlap: str  # two lists
    contains: str  # a list, a text
    length: str  # of a list
    begins: str  # a text, its beginning
    certificates: str  # read from JSON
    awards: str  # the same
    total: str  # of a list of support, in hundredths
    numbers: Numbers


DUCKDB = Dialect(
    text="VARCHAR",
    quote='"',
    split="string_split({}, '|')",
    list_of="[{}]::VARCHAR[]",
    filtered="list_filter({}, lambda {}: {})",
    overlap="list_has_any({}, {})",
    contains="list_contains({}, {})",
    length="len({})",
    begins="starts_with({}, {})",
    certificates="from_json({}, "
    """'[{{"category":"VARCHAR","issued_on":"DATE","expires_on":"DATE","""
    """"unsure":"BOOLEAN"}}]')""",
    awards="from_json({}, "
    """'[{{"programme":"VARCHAR","purpose":"VARCHAR","level":"VARCHAR","year":"INTEGER","""
    """"amount":"DECIMAL(28, 2)"}}]')""",
    total="CAST(list_sum(list_transform({}, lambda r: coalesce(r.amount, 0) * 100)) AS HUGEINT)",
    numbers=Numbers(
        whole="HUGEINT",
        attempt="TRY({})",
        ordinal="datediff('day', DATE '0001-01-01', {}) + 1",
        day="(DATE '0001-01-01' + CAST({} - 1 AS INTEGER))",
        months_later="({} + to_months(CAST({} AS INTEGER)))",
        quotient="({} // {})",
    ),
)
SPARK = Dialect(
    text="STRING",
    quote="`",
    split="split({}, '[|]')",
    list_of="CAST(array({}) AS ARRAY<STRING>)",
    filtered="filter({}, {} -> {})",
    overlap="arrays_overlap({}, {})",
    contains="array_contains({}, {})",
    length="array_size({})",
    begins="startswith({}, {})",
    certificates="from_json({}, 'ARRAY<STRUCT<category: STRING, issued_on: DATE, "
    "expires_on: DATE, unsure: BOOLEAN>>')",
    awards="from_json({}, 'ARRAY<STRUCT<programme: STRING, purpose: STRING, level: STRING, "
    "year: INT, amount: DECIMAL(28, 2)>>')",
    total="CAST(aggregate({}, CAST(0 AS DECIMAL(38, 2)), "
    "(total, r) -> CAST(total + coalesce(r.amount, 0) AS DECIMAL(38, 2))) * 100 "
    "AS DECIMAL(38, 0))",
    numbers=Numbers(
        whole="DECIMAL(38, 0)",
        attempt="({})",
        ordinal="datediff({}, DATE '0001-01-01') + 1",
        day="date_add(DATE '0001-01-01', CAST({} - 1 AS INT))",
        months_later="add_months({}, CAST({} AS INT))",
        quotient="CAST(({} div {}) AS DECIMAL(38, 0))",
    ),
)


@dataclass(frozen=True)
class SqlTranslator:
    """Writes programmes as SQL for one day and a table with these columns."""

    vocabulary: Vocabulary
    as_of: date
    columns: frozenset[str]
    dialect: Dialect = DUCKDB

    def truth(self, programme: Programme) -> str:
        """A boolean expression: whether the programme's conditions hold, NULL where unknown."""
        return self._condition(programme.condition, programme.supports)

    def _condition(self, condition: Condition, kinds: tuple[str, ...]) -> str:
        match condition:
            case Undecided():
                return "CAST(NULL AS BOOLEAN)"
            case Predicate():
                return self._test(condition, kinds)
            case Group():
                parts = [self._condition(c, kinds) for c in condition.children]
                return _count_group(condition, parts)
            case _:
                assert_never(condition)

    def _test(self, test: Predicate, kinds: tuple[str, ...]) -> str:
        operator, quantity = test.operator, test.quantity
        if not isinstance(quantity, FactQuantity):
            return self._compound(quantity, operator, kinds)
        value = self._cell(quantity.fact, kinds)
        match operator:
            case Range():
                return self._range(value, operator)
            case Age():
                return self._age(f"TRY_CAST({value} AS DATE)", operator)
            case HoldsCertificate():
                return self._holds(value, operator)
            case InSet():
                return self._among(self._members(quantity.fact, value), operator)
            case _:
                assert_never(operator)

    def _cell(self, fact: str, kinds: tuple[str, ...]) -> str:
        """A fact's text; a project's only where the row's project is of the programme's kinds."""
        if self.vocabulary.facts[fact].owner is not Owner.PROJECT:
            return self._fact_column(fact)
        if not kinds:
            return self._fact_column(None)
        mine = "FALSE"
        if PROJECT_KIND in self.columns:
            named = ", ".join(map(_text_literal, kinds))
            mine = f"{self._fact_column(PROJECT_KIND)} IN ({named})"
        if fact == PROJECT_KIND:
            denied = "FALSE"
            if PROJECTS_ABSENT in self.columns:
                absent = self.dialect.split.format(self._fact_column(PROJECTS_ABSENT))
                each = (self.dialect.contains.format(absent, _text_literal(k)) for k in kinds)
                denied = " AND ".join(each)
            none, own = _text_literal(NO_PROJECT), self._fact_column(PROJECT_KIND)
            return f"CASE WHEN {mine} THEN {own} WHEN {denied} THEN {none} END"
        return f"CASE WHEN {mine} THEN {self._fact_column(fact)} END"

    def _fact_column(self, fact: str | None) -> str:
        if fact not in self.columns:
            return f"CAST(NULL AS {self.dialect.text})"
        mark = self.dialect.quote
        return mark + fact.replace(mark, mark * 2) + mark

    def _members(self, fact: str, value: str) -> str:
        if self.vocabulary.facts[fact].type is FactType.CODES:
            return self.dialect.filtered.format(self.dialect.split.format(value), "x", "x <> '-'")
        return f"CASE WHEN {value} IS NOT NULL THEN {self.dialect.list_of.format(value)} END"

    def _among(self, members: str, among: InSet) -> str:
        area = self._lying(members, among.codes, among.umbrella, (Truth.TRUE, Truth.UNKNOWN))
        each = []
        for target in among.values:
            true = self._lying(members, among.codes, [target], (Truth.TRUE,))
            maybe = self._lying(members, among.codes, [target], (Truth.UNKNOWN,))
            if among.codes and is_undefined(among.codes, str(target)):
                maybe = "TRUE"
            excluded = self._excluding(members, among.codes, str(target))
            each.append(_three_valued(members, true, f"({maybe} AND NOT {excluded}) OR {area}"))
        return _all_of(each) if among.need is Quantifier.ALL else _any_of(each)

    def _excluding(self, members: str, codes: CodeList | None, target: str) -> str:
        """Whether a member rules the target out."""
        named = [c for c in codes.codes if codes.rules_out(c, target)] if codes else []
        return self._meets(members, map(_text_literal, sorted(named))) if named else "FALSE"

    def _lying(
        self,
        members: str,
        codes: CodeList | None,
        targets: Iterable[object],
        truths: tuple[Truth, ...],
    ) -> str:
        """Whether a member lies in one of the targets, as surely as `truths` say."""
        wanted = list(targets)
        if not wanted:
            return "FALSE"
        if codes is None:
            return self._meets(members, map(_plain_literal, wanted) if Truth.TRUE in truths else ())
        named = [
            c for c in {*codes.codes, *map(str, wanted)}
            if any(codes.relation(c, str(t)) in truths for t in wanted)
        ]  # fmt: skip
        listed = self._meets(members, map(_text_literal, sorted(named)))
        longer = [
            c
            for c in named
            if codes.extension_pattern and c in codes.codes and not _is_broad(codes, c)
        ]
        if not longer or Truth.TRUE not in truths:
            return listed
        begins = _any_of(self.dialect.begins.format("x", _text_literal(c)) for c in sorted(longer))
        return f"({listed} OR {self._some(members, 'x', begins)})"

    def _meets(self, members: str, listed: Iterable[str]) -> str:
        return self.dialect.overlap.format(members, self.dialect.list_of.format(", ".join(listed)))

    def _some(self, members: str, variable: str, condition: str) -> str:
        found = self.dialect.filtered.format(members, variable, condition)
        return f"{self.dialect.length.format(found)} > 0"

    def _holds(self, value: str, holds: HoldsCertificate) -> str:
        codes = holds.codes
        counted = [
            c for c in codes.codes
            if any(codes.relation(c, x) is Truth.TRUE for x in holds.categories)
        ]  # fmt: skip
        named = f"c.category IN ({', '.join(map(_text_literal, counted)) or 'NULL'})"
        day = f"DATE '{self.as_of}'"
        held = self.dialect.certificates.format(value)
        sure = f"coalesce(c.issued_on <= {day}, TRUE) AND {day} <= c.expires_on"
        possible = f"coalesce(c.issued_on <= {day}, TRUE) AND coalesce({day} <= c.expires_on, TRUE)"
        true = self._some(held, "c", f"{named} AND coalesce({sure}, FALSE)")
        maybe = self._some(held, "c", f"{named} AND {possible}")
        if any(is_undefined(codes, c) for c in holds.categories):
            maybe = "TRUE"
        return _three_valued(value, true, maybe)

    def _age(self, day: str, age: Age) -> str:
        months, today = age.months, f"DATE '{self.as_of}'"
        parts = [f"{day} <= {today}"]
        if months.low is not None:
            sign = ">=" if months.low_included else ">"
            parts.append(f"{today} {sign} {day} + INTERVAL {months.low} MONTH")
        if months.high is not None:
            sign = "<=" if months.high_included else "<"
            parts.append(f"{today} {sign} {day} + INTERVAL {months.high} MONTH")
        return _all_of(parts)

    def _compound(self, quantity: Quantity, operator: Operator, kinds: tuple[str, ...]) -> str:
        assert isinstance(operator, Range)
        writer = QuantityWriter(
            self.vocabulary, self.as_of, self.dialect.numbers,
            cell=lambda fact: self._cell(fact, kinds),
            truth=lambda condition: self._condition(condition, kinds),
            records=lambda count: self._records(count, kinds),
        )  # fmt: skip
        return writer.compare(quantity, operator)

    def _records(self, count: Count, kinds: tuple[str, ...]) -> tuple[str, str]:
        """How many records surely meet a test, and how many may; NULL where nothing bounds it."""
        cell, test = self._cell(count.fact, kinds), count.test
        match test:
            case AwardTest():
                held = self.dialect.awards.format(cell)
            case CertificateTest():
                held = self.dialect.certificates.format(cell)
            case _:
                assert_never(test)
        sure, possible = (_record_test(test, self.as_of, unknown) for unknown in ("FALSE", "TRUE"))
        counted = [
            self.dialect.length.format(self.dialect.filtered.format(held, "r", condition))
            for condition in (sure, possible)
        ]
        if count.amounts:
            return self._sums(held, sure, possible)
        most = "NULL" if test.never_absent() else f"CAST({counted[1]} AS BIGINT)"
        return f"coalesce({counted[0]}, 0)", most

    def _sums(self, held: str, sure: str, possible: str) -> tuple[str, str]:
        """What records come to in hundredths; NULL above where an amount is not stated."""
        low, high = (
            self.dialect.total.format(self.dialect.filtered.format(held, "r", condition))
            for condition in (sure, possible)
        )
        gaps = f"{possible} AND r.amount IS NULL"
        open_ = self.dialect.length.format(self.dialect.filtered.format(held, "r", gaps))
        return f"coalesce({low}, 0)", f"CASE WHEN {open_} = 0 THEN coalesce({high}, 0) END"

    def _range(self, cell: str, bounds: Range) -> str:
        ends = [(bounds.low, ">", bounds.low_included), (bounds.high, "<", bounds.high_included)]
        parts = [
            _compare_exactly(cell, f"{sign}=" if included else sign, end)
            for end, sign, included in ends
            if end is not None
        ]
        return _all_of(parts) if parts else "TRUE"


def _record_test(test: HeldTest, as_of: date, unknown: str) -> str:
    """Whether a record, named `r`, meets a test; `unknown` where it does not say."""
    match test:
        case AwardTest():
            return _award_test(test, as_of, unknown)
        case CertificateTest():
            return _certificate_test(test, as_of, unknown)
        case _:
            assert_never(test)


def _award_test(test: AwardTest, as_of: date, unknown: str) -> str:
    parts = [
        f"coalesce(r.{column} IN ({', '.join(map(_text_literal, named))}), {unknown})"
        for column, named in (
            ("programme", test.programmes), ("purpose", test.purposes), ("level", test.levels),
        )
        if named
    ]  # fmt: skip
    return _all_of([*parts, *_year_tests(test.years, "r.year", as_of, unknown)])


def _certificate_test(test: CertificateTest, as_of: date, unknown: str) -> str:
    codes, day = test.codes, f"DATE '{as_of}'"
    counted = [
        c for c in codes.codes
        if any(codes.relation(c, x) is Truth.TRUE for x in test.categories)
    ]  # fmt: skip
    parts = [f"r.category IN ({', '.join(map(_text_literal, counted)) or 'NULL'})"]
    parts.append(f"(NOT coalesce(r.unsure, FALSE) OR {unknown})")
    if test.valid:
        parts.append(f"coalesce(r.issued_on <= {day}, TRUE)")
        parts.append(f"coalesce({day} <= r.expires_on, {unknown})")
    days = test.issue_days(as_of) or Window()
    for sign, end in ((">=", days.start), ("<=", days.end)):
        if end is not None:
            parts.append(f"coalesce(r.issued_on {sign} DATE '{end}', {unknown})")
    return _all_of([*parts, *_year_tests(test.years, "year(r.issued_on)", as_of, unknown)])


def _year_tests(years: Years | None, column: str, as_of: date, unknown: str) -> list[str]:
    if years is None:
        return []
    first, last = years.on(as_of)
    ends = ((">=", first), ("<=", last))
    return [f"coalesce({column} {sign} {end}, {unknown})" for sign, end in ends if end is not None]


def _compare_exactly(cell: str, sign: str, bound: Bound) -> str:
    if isinstance(bound, date):
        return f"(TRY_CAST({cell} AS DATE) {sign} DATE '{bound}')"
    exact = Fraction(bound)
    number = f"TRY_CAST({cell} AS DECIMAL(28, 6))"
    return f"({number} * {exact.denominator} {sign} {exact.numerator})"


def _count_group(group: Group, parts: list[str]) -> str:
    if group.gate is Connective.ALL:
        return _all_of(parts)
    if group.gate is Connective.ANY:
        return _any_of(parts)
    if group.gate is Connective.NOT:
        return f"(NOT {parts[0]})"
    sure = " + ".join(f"CASE WHEN {p} THEN 1 ELSE 0 END" for p in parts)
    most = " + ".join(f"CASE WHEN coalesce({p}, TRUE) THEN 1 ELSE 0 END" for p in parts)
    return f"CASE WHEN {sure} >= {group.count} THEN TRUE WHEN {most} < {group.count} THEN FALSE END"


def _all_of(parts: Iterable[str]) -> str:
    return f"({' AND '.join(parts) or 'TRUE'})"


def _any_of(parts: Iterable[str]) -> str:
    return f"({' OR '.join(parts) or 'FALSE'})"


def _three_valued(value: str, true: str, maybe: str) -> str:
    return (
        f"CASE WHEN {value} IS NULL THEN NULL WHEN {true} THEN TRUE "
        f"WHEN {maybe} THEN NULL ELSE FALSE END"
    )


def _is_broad(codes: CodeList, code: str) -> bool:
    return any(code in entry.parents for entry in codes.codes.values())


def _plain_literal(value: object) -> str:
    if isinstance(value, bool):
        return _text_literal(str(value).lower())
    return _text_literal(f"{value:f}" if isinstance(value, Decimal) else str(value))


def _text_literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
