"""The same rules as SQL for DuckDB, where NULL is UNKNOWN: an oracle that shares no code with the
index. It works on columns of text as a CSV has them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from service.domain.catalogue import Programme
from service.domain.codes import CodeList
from service.domain.conditions import Combine, Condition, Gate, Group, Quantity, Test, Undecided
from service.domain.operators import Age, Among, Holds, Need, Range, is_undefined
from service.domain.profile import NO_PROJECT, PROJECT_KIND, PROJECTS_ABSENT
from service.domain.truth import Truth
from service.domain.vocabulary import FactType, Owner, Vocabulary

_CERTIFICATES = '[{"category":"VARCHAR","issued_on":"DATE","expires_on":"DATE"}]'


@dataclass(frozen=True)
class Oracle:
    """Writes programmes as SQL for one day and a table with these columns."""

    vocabulary: Vocabulary
    as_of: date
    columns: frozenset[str]

    def truth(self, programme: Programme) -> str:
        """A boolean expression: whether the programme's conditions hold, NULL where unknown."""
        return self._condition(programme.condition, programme.supports)

    def _condition(self, condition: Condition, kind: str | None) -> str:
        if isinstance(condition, Undecided):
            return "CAST(NULL AS BOOLEAN)"
        if isinstance(condition, Test):
            return self._test(condition, kind)
        parts = [self._condition(c, kind) for c in condition.children]
        return _group(condition, parts)

    def _test(self, test: Test, kind: str | None) -> str:
        operator, quantity = test.operator, test.quantity
        if isinstance(operator, Range):
            return self._range(quantity, operator, kind)
        value = self._cell(quantity.facts[0], kind)
        if isinstance(operator, Age):
            return self._age(f"TRY_CAST({value} AS DATE)", operator)
        if isinstance(operator, Holds):
            return self._holds(value, operator)
        assert isinstance(operator, Among)
        return self._among(self._members(quantity.facts[0], value), operator)

    def _cell(self, fact: str, kind: str | None) -> str:
        """A fact's text; a project's only where the row's project is of the programme's kind."""
        if self.vocabulary.facts[fact].owner is not Owner.PROJECT:
            return _name(fact) if fact in self.columns else "CAST(NULL AS VARCHAR)"
        if kind is None:
            return "CAST(NULL AS VARCHAR)"
        mine = f"{_name(PROJECT_KIND)} = {_text(kind)}" if PROJECT_KIND in self.columns else "FALSE"
        if fact == PROJECT_KIND:
            denied = "FALSE"
            if PROJECTS_ABSENT in self.columns:
                denied = (
                    f"list_contains(string_split({_name(PROJECTS_ABSENT)}, '|'), {_text(kind)})"
                )
            none = _text(NO_PROJECT)
            return f"CASE WHEN {mine} THEN {_text(kind)} WHEN {denied} THEN {none} END"
        held = _name(fact) if fact in self.columns else "CAST(NULL AS VARCHAR)"
        return f"CASE WHEN {mine} THEN {held} END"

    def _members(self, fact: str, value: str) -> str:
        if self.vocabulary.facts[fact].type is FactType.CODES:
            return f"list_filter(string_split({value}, '|'), lambda x: x <> '-')"
        return f"CASE WHEN {value} IS NOT NULL THEN [{value}] END"

    def _among(self, members: str, among: Among) -> str:
        area = _lying(members, among.codes, among.umbrella, (Truth.TRUE, Truth.UNKNOWN))
        each = []
        for target in among.values:
            true = _lying(members, among.codes, [target], (Truth.TRUE,))
            maybe = _lying(members, among.codes, [target], (Truth.UNKNOWN,))
            if among.codes and is_undefined(among.codes, str(target)):
                maybe = "TRUE"
            each.append(_answer(members, true, f"{maybe} OR {area}"))
        return _all(each) if among.need is Need.ALL else _any(each)

    def _holds(self, value: str, holds: Holds) -> str:
        codes = holds.codes
        counted = [
            c for c in codes.codes
            if any(codes.relation(c, x) is Truth.TRUE for x in holds.categories)
        ]  # fmt: skip
        named = f"c.category IN ({', '.join(map(_text, counted)) or 'NULL'})"
        day = f"DATE '{self.as_of}'"
        held = f"from_json({value}, '{_CERTIFICATES}')"
        sure = f"c.issued_on <= {day} AND {day} <= c.expires_on"
        possible = f"coalesce(c.issued_on <= {day}, TRUE) AND coalesce({day} <= c.expires_on, TRUE)"
        true = f"len(list_filter({held}, lambda c: {named} AND coalesce({sure}, FALSE))) > 0"
        maybe = f"len(list_filter({held}, lambda c: {named} AND {possible})) > 0"
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

    def _range(self, quantity: Quantity, bounds: Range, kind: str | None) -> str:
        ends = [(bounds.low, ">", bounds.low_included), (bounds.high, "<", bounds.high_included)]
        parts = [
            self._compare(quantity, f"{sign}=" if included else sign, end, kind)
            for end, sign, included in ends
            if end is not None
        ]
        return _all(parts) if parts else "TRUE"

    def _compare(self, quantity: Quantity, sign: str, bound: Any, kind: str | None) -> str:
        cells = [self._cell(f, kind) for f in quantity.facts]
        if isinstance(bound, date):
            return f"(TRY_CAST({cells[0]} AS DATE) {sign} DATE '{bound}')"
        numbers = [f"TRY_CAST({cell} AS DECIMAL(28, 6))" for cell in cells]
        value, scale = _combined(quantity.combine, numbers, Fraction(bound))
        return f"({value} {sign} {scale})"


def _combined(combine: Combine, numbers: list[str], bound: Fraction) -> tuple[str, str]:
    """Both sides of a comparison without a division."""
    if combine in (Combine.RATIO, Combine.GROWTH):
        first, second = numbers
        limit = bound + 1 if combine is Combine.GROWTH else bound
        over = f"CASE WHEN {second} > 0 THEN {second} END"
        return f"{first} * {limit.denominator}", f"{limit.numerator} * ({over})"
    total = bound * len(numbers) if combine is Combine.MEAN else bound
    return f"({' + '.join(numbers)}) * {total.denominator}", str(total.numerator)


def _group(group: Group, parts: list[str]) -> str:
    if group.gate is Gate.ALL:
        return _all(parts)
    if group.gate is Gate.ANY:
        return _any(parts)
    if group.gate is Gate.NOT:
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


def _lying(
    members: str, codes: CodeList | None, targets: Iterable[object], truths: tuple[Truth, ...]
) -> str:
    """Whether a member lies in one of the targets, as surely as `truths` say."""
    wanted = list(targets)
    if not wanted:
        return "FALSE"
    if codes is None:
        same = [_plain(t) for t in wanted] if Truth.TRUE in truths else []
        return f"list_has_any({members}, [{', '.join(same)}]::VARCHAR[])"
    named = [
        c for c in {*codes.codes, *map(str, wanted)}
        if any(codes.relation(c, str(t)) in truths for t in wanted)
    ]  # fmt: skip
    listed = f"list_has_any({members}, [{', '.join(map(_text, sorted(named)))}]::VARCHAR[])"
    longer = [c for c in named if codes.deeper and c in codes.codes and not _broad(codes, c)]
    if not longer or Truth.TRUE not in truths:
        return listed
    begins = " OR ".join(f"starts_with(x, {_text(c)})" for c in sorted(longer))
    return f"({listed} OR len(list_filter({members}, lambda x: {begins})) > 0)"


def _broad(codes: CodeList, code: str) -> bool:
    return any(code in entry.parents for entry in codes.codes.values())


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return _text(str(value).lower())
    return _text(f"{value:f}" if isinstance(value, Decimal) else str(value))


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
