"""The same rules as SQL for DuckDB or Spark, where NULL is UNKNOWN: an oracle that shares no code
with the index. It works on columns of text as a CSV has them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import NO_PROJECT, PROJECT_KIND, PROJECTS_ABSENT
from service.domain.facts.vocabulary import FactType, Owner, Vocabulary
from service.domain.rules.catalogue import Programme
from service.domain.rules.conditions import (
    Condition,
    Connective,
    Group,
    Predicate,
    Quantity,
    QuantityForm,
    Undecided,
)
from service.domain.rules.operators import (
    Age,
    HoldsCertificate,
    InSet,
    Quantifier,
    Range,
    is_undefined,
)
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
    """'[{{"category":"VARCHAR","issued_on":"DATE","expires_on":"DATE"}}]')""",
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
    "expires_on: DATE>>')",
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
        if isinstance(condition, Undecided):
            return "CAST(NULL AS BOOLEAN)"
        if isinstance(condition, Predicate):
            return self._test(condition, kinds)
        parts = [self._condition(c, kinds) for c in condition.children]
        return _group(condition, parts)

    def _test(self, test: Predicate, kinds: tuple[str, ...]) -> str:
        operator, quantity = test.operator, test.quantity
        if isinstance(operator, Range):
            return self._range(quantity, operator, kinds)
        value = self._cell(quantity.facts[0], kinds)
        if isinstance(operator, Age):
            return self._age(f"TRY_CAST({value} AS DATE)", operator)
        if isinstance(operator, HoldsCertificate):
            return self._holds(value, operator)
        assert isinstance(operator, InSet)
        return self._among(self._members(quantity.facts[0], value), operator)

    def _cell(self, fact: str, kinds: tuple[str, ...]) -> str:
        """A fact's text; a project's only where the row's project is of the programme's kinds."""
        if self.vocabulary.facts[fact].owner is not Owner.PROJECT:
            return self._held(fact)
        if not kinds:
            return self._held(None)
        mine = "FALSE"
        if PROJECT_KIND in self.columns:
            named = ", ".join(map(_text, kinds))
            mine = f"{self._held(PROJECT_KIND)} IN ({named})"
        if fact == PROJECT_KIND:
            denied = "FALSE"
            if PROJECTS_ABSENT in self.columns:
                absent = self.dialect.split.format(self._held(PROJECTS_ABSENT))
                each = (self.dialect.contains.format(absent, _text(k)) for k in kinds)
                denied = " AND ".join(each)
            none, own = _text(NO_PROJECT), self._held(PROJECT_KIND)
            return f"CASE WHEN {mine} THEN {own} WHEN {denied} THEN {none} END"
        return f"CASE WHEN {mine} THEN {self._held(fact)} END"

    def _held(self, fact: str | None) -> str:
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
            each.append(_answer(members, true, f"({maybe} AND NOT {excluded}) OR {area}"))
        return _all(each) if among.need is Quantifier.ALL else _any(each)

    def _excluding(self, members: str, codes: CodeList | None, target: str) -> str:
        """Whether a member rules the target out."""
        named = [c for c in codes.codes if codes.rules_out(c, target)] if codes else []
        return self._meets(members, map(_text, sorted(named))) if named else "FALSE"

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
            return self._meets(members, map(_plain, wanted) if Truth.TRUE in truths else ())
        named = [
            c for c in {*codes.codes, *map(str, wanted)}
            if any(codes.relation(c, str(t)) in truths for t in wanted)
        ]  # fmt: skip
        listed = self._meets(members, map(_text, sorted(named)))
        longer = [
            c
            for c in named
            if codes.extension_pattern and c in codes.codes and not _broad(codes, c)
        ]
        if not longer or Truth.TRUE not in truths:
            return listed
        begins = _any(self.dialect.begins.format("x", _text(c)) for c in sorted(longer))
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
        named = f"c.category IN ({', '.join(map(_text, counted)) or 'NULL'})"
        day = f"DATE '{self.as_of}'"
        held = self.dialect.certificates.format(value)
        sure = f"coalesce(c.issued_on <= {day}, TRUE) AND {day} <= c.expires_on"
        possible = f"coalesce(c.issued_on <= {day}, TRUE) AND coalesce({day} <= c.expires_on, TRUE)"
        true = self._some(held, "c", f"{named} AND coalesce({sure}, FALSE)")
        maybe = self._some(held, "c", f"{named} AND {possible}")
        if any(is_undefined(codes, c) for c in holds.categories):
            maybe = "TRUE"
        return _answer(value, true, maybe)

    def _age(self, day: str, age: Age) -> str:
        months, today = age.months, f"DATE '{self.as_of}'"
        parts = [f"{day} <= {today}"]
        if months.low is not None:
            sign = ">=" if months.low_included else ">"
            parts.append(f"{today} {sign} {day} + INTERVAL {months.low} MONTH")
        if months.high is not None:
            sign = "<=" if months.high_included else "<"
            parts.append(f"{today} {sign} {day} + INTERVAL {months.high} MONTH")
        return _all(parts)

    def _range(self, quantity: Quantity, bounds: Range, kinds: tuple[str, ...]) -> str:
        ends = [(bounds.low, ">", bounds.low_included), (bounds.high, "<", bounds.high_included)]
        parts = [
            self._compare(quantity, f"{sign}=" if included else sign, end, kinds)
            for end, sign, included in ends
            if end is not None
        ]
        return _all(parts) if parts else "TRUE"

    def _compare(self, quantity: Quantity, sign: str, bound: Any, kinds: tuple[str, ...]) -> str:
        cells = [self._cell(f, kinds) for f in quantity.facts]
        if isinstance(bound, date):
            return f"(TRY_CAST({cells[0]} AS DATE) {sign} DATE '{bound}')"
        numbers = [f"TRY_CAST({cell} AS DECIMAL(28, 6))" for cell in cells]
        value, scale = _combined(quantity.combine, numbers, Fraction(bound))
        return f"({value} {sign} {scale})"


def _combined(combine: QuantityForm, numbers: list[str], bound: Fraction) -> tuple[str, str]:
    """Both sides of a comparison without a division."""
    if combine in (QuantityForm.RATIO, QuantityForm.GROWTH):
        first, second = numbers
        limit = bound + 1 if combine is QuantityForm.GROWTH else bound
        over = f"CASE WHEN {second} > 0 THEN {second} END"
        return f"{first} * {limit.denominator}", f"{limit.numerator} * ({over})"
    total = bound * len(numbers) if combine is QuantityForm.MEAN else bound
    return f"({' + '.join(numbers)}) * {total.denominator}", str(total.numerator)


def _group(group: Group, parts: list[str]) -> str:
    if group.gate is Connective.ALL:
        return _all(parts)
    if group.gate is Connective.ANY:
        return _any(parts)
    if group.gate is Connective.NOT:
        return f"(NOT {parts[0]})"
    sure = " + ".join(f"CASE WHEN {p} THEN 1 ELSE 0 END" for p in parts)
    most = " + ".join(f"CASE WHEN coalesce({p}, TRUE) THEN 1 ELSE 0 END" for p in parts)
    return f"CASE WHEN {sure} >= {group.count} THEN TRUE WHEN {most} < {group.count} THEN FALSE END"


def _all(parts: Iterable[str]) -> str:
    return f"({' AND '.join(parts) or 'TRUE'})"


def _any(parts: Iterable[str]) -> str:
    return f"({' OR '.join(parts) or 'FALSE'})"


def _answer(value: str, true: str, maybe: str) -> str:
    return (
        f"CASE WHEN {value} IS NULL THEN NULL WHEN {true} THEN TRUE "
        f"WHEN {maybe} THEN NULL ELSE FALSE END"
    )


def _broad(codes: CodeList, code: str) -> bool:
    return any(code in entry.parents for entry in codes.codes.values())


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return _text(str(value).lower())
    return _text(f"{value:f}" if isinstance(value, Decimal) else str(value))


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
