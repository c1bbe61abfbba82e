"""The same rules as SQL for DuckDB or Spark, where NULL is UNKNOWN: a reading that shares no code
with the index. It works on columns of text as a CSV has them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from service.bulk.sql_dialects import DUCKDB, Dialect
from service.bulk.sql_quantities import ProjectCells, QuantityWriter
from service.bulk.sql_records import record_test
from service.bulk.sql_text import all_of, any_of, compare_exactly, plain_literal, text_literal
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import NO_PROJECT, PROJECT_KIND, PROJECTS_ABSENT
from service.domain.facts.vocabulary import FactType, Owner, Vocabulary
from service.domain.rules.conditions import Condition, Connective, Group, Predicate, Undecided
from service.domain.rules.operators import (
    Age,
    HoldsCertificate,
    InSet,
    Operator,
    Quantifier,
    Range,
    is_undefined,
)
from service.domain.rules.programmes import Programme
from service.domain.rules.quantities import Count, FactQuantity, ProjectTotal, Quantity
from service.domain.rules.record_tests import AwardTest, CertificateTest
from service.domain.truth import Truth


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
        if self.vocabulary.facts[fact].type is FactType.PROJECTS:
            return self._fact_column(PROJECT_KIND)
        if self.vocabulary.facts[fact].owner is not Owner.PROJECT:
            return self._fact_column(fact)
        if not kinds:
            return self._fact_column(None)
        mine = "FALSE"
        if PROJECT_KIND in self.columns:
            named = ", ".join(map(text_literal, kinds))
            mine = f"{self._fact_column(PROJECT_KIND)} IN ({named})"
        if fact == PROJECT_KIND:
            denied = "FALSE"
            if PROJECTS_ABSENT in self.columns:
                absent = self.dialect.split.format(self._fact_column(PROJECTS_ABSENT))
                each = (self.dialect.contains.format(absent, text_literal(k)) for k in kinds)
                denied = " AND ".join(each)
            none, own = text_literal(NO_PROJECT), self._fact_column(PROJECT_KIND)
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
        area = self._is_within(members, among.codes, among.umbrella, (Truth.TRUE, Truth.UNKNOWN))
        each = []
        for target in among.values:
            true = self._is_within(members, among.codes, [target], (Truth.TRUE,))
            maybe = self._is_within(members, among.codes, [target], (Truth.UNKNOWN,))
            if among.codes and is_undefined(among.codes, str(target)):
                maybe = "TRUE"
            excluded = self._excluding(members, among.codes, str(target))
            each.append(_three_valued(members, true, f"({maybe} AND NOT {excluded}) OR {area}"))
        return all_of(each) if among.need is Quantifier.ALL else any_of(each)

    def _excluding(self, members: str, codes: CodeList | None, target: str) -> str:
        """Whether a member rules the target out."""
        named = [c for c in codes.codes if codes.rules_out(c, target)] if codes else []
        return self._meets(members, map(text_literal, sorted(named))) if named else "FALSE"

    def _is_within(
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
            return self._meets(members, map(plain_literal, wanted) if Truth.TRUE in truths else ())
        named = [
            c for c in {*codes.codes, *map(str, wanted)}
            if any(codes.relation(c, str(t)) in truths for t in wanted)
        ]  # fmt: skip
        listed = self._meets(members, map(text_literal, sorted(named)))
        longer = [
            c
            for c in named
            if codes.extension_pattern and c in codes.codes and not _is_broad(codes, c)
        ]
        if not longer or Truth.TRUE not in truths:
            return listed
        begins = any_of(self.dialect.begins.format("x", text_literal(c)) for c in sorted(longer))
        return f"({listed} OR {self._some(members, 'x', begins)})"

    def _meets(self, members: str, listed: Iterable[str]) -> str:
        return self.dialect.overlap.format(members, self.dialect.list_of.format(", ".join(listed)))

    def _some(self, members: str, variable: str, condition: str) -> str:
        found = self.dialect.filtered.format(members, variable, condition)
        return f"{self.dialect.length.format(found)} > 0"

    def _holds(self, value: str, holds: HoldsCertificate) -> str:
        codes = holds.codes
        counted = [c for c in codes.codes if codes.lies_in(c, holds.categories)]
        named = f"c.category IN ({', '.join(map(text_literal, counted)) or 'NULL'})"
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
        return all_of(parts)

    def _compound(self, quantity: Quantity, operator: Operator, kinds: tuple[str, ...]) -> str:
        assert isinstance(operator, Range)
        return self._writer(kinds).compare(quantity, operator)

    def _writer(self, kinds: tuple[str, ...]) -> QuantityWriter:
        """Writes the quantities of whoever has a project of these kinds."""
        return QuantityWriter(
            self.vocabulary, self.as_of, self.dialect.numbers,
            cell=lambda fact: self._cell(fact, kinds),
            truth=lambda condition: self._condition(condition, kinds),
            records=lambda count: self._records(count, kinds),
            projects=self._projects,
        )  # fmt: skip

    def _projects(self, total: ProjectTotal) -> ProjectCells:
        """The project of a row. It is the only one; of the other kinds there may be any that the
        row does not deny."""
        kind = self._fact_column(PROJECT_KIND)
        absent = self.dialect.split.format(self._fact_column(total.absent))
        named = ", ".join(map(text_literal, total.kinds))
        others = any_of(
            f"NOT coalesce({kind} = {code} OR {self.dialect.contains.format(absent, code)}, FALSE)"
            for code in map(text_literal, total.kinds)
        )
        counts = f"coalesce({kind} IN ({named}), FALSE)"
        return ProjectCells(self._writer(total.kinds), counts, others)

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
        sure, possible = (record_test(test, self.as_of, unknown) for unknown in ("FALSE", "TRUE"))
        counted = [
            self.dialect.length.format(self.dialect.filtered.format(held, "r", condition))
            for condition in (sure, possible)
        ]
        if count.amounts:
            return self._sums(held, sure, possible, test.stated)
        if test.stated:
            return f"coalesce({counted[0]}, 0)", f"coalesce({counted[1]}, 0)"
        most = "NULL" if test.never_absent() else f"CAST({counted[1]} AS BIGINT)"
        return f"coalesce({counted[0]}, 0)", most

    def _sums(self, held: str, sure: str, possible: str, stated: bool) -> tuple[str, str]:
        """The least and the most that the amounts of records come to, in hundredths. The most is
        NULL where an amount is not stated, and where there is no list, unless only `stated` records
        count."""
        low, high = (
            self.dialect.total.format(self.dialect.filtered.format(held, "r", condition))
            for condition in (sure, possible)
        )
        gaps = f"{possible} AND r.amount IS NULL"
        open_ = self.dialect.length.format(self.dialect.filtered.format(held, "r", gaps))
        if stated:
            open_ = f"coalesce({open_}, 0)"
        return f"coalesce({low}, 0)", f"CASE WHEN {open_} = 0 THEN coalesce({high}, 0) END"

    def _range(self, cell: str, bounds: Range) -> str:
        ends = [(bounds.low, ">", bounds.low_included), (bounds.high, "<", bounds.high_included)]
        parts = [
            compare_exactly(cell, f"{sign}=" if included else sign, end)
            for end, sign, included in ends
            if end is not None
        ]
        return all_of(parts) if parts else "TRUE"


def _count_group(group: Group, parts: list[str]) -> str:
    if group.gate is Connective.ALL:
        return all_of(parts)
    if group.gate is Connective.ANY:
        return any_of(parts)
    if group.gate is Connective.NOT:
        return f"(NOT {parts[0]})"
    sure = " + ".join(f"CASE WHEN {p} THEN 1 ELSE 0 END" for p in parts)
    most = " + ".join(f"CASE WHEN coalesce({p}, TRUE) THEN 1 ELSE 0 END" for p in parts)
    return f"CASE WHEN {sure} >= {group.count} THEN TRUE WHEN {most} < {group.count} THEN FALSE END"


def _three_valued(value: str, true: str, maybe: str) -> str:
    return (
        f"CASE WHEN {value} IS NULL THEN NULL WHEN {true} THEN TRUE "
        f"WHEN {maybe} THEN NULL ELSE FALSE END"
    )


def _is_broad(codes: CodeList, code: str) -> bool:
    return any(code in entry.parents for entry in codes.codes.values())
