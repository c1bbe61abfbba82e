"""How numbers come in: exact, in ASCII digits, within bounds."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from service.domain.errors import ErrorCode
from service.intake.exact import Scientific
from service.intake.faults import InvalidValue, invalid_value, wrong_type
from service.intake.values import JsonSchema

TOO_LARGE = 10**15

_DECIMAL = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?")

_PER_CENT = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?) ?[%％]")


@dataclass(frozen=True)
class Bounds:
    """Both ends included; `positive` excludes zero. Nothing reaches 10^15."""

    minimum: Decimal | None = None
    maximum: Decimal | None = None
    positive: bool = False

    def check(self, value: int | Decimal) -> None:
        if self.positive and value <= 0:
            raise invalid_value(ErrorCode.OUT_OF_RANGE, "应大于 0", "must be more than 0")
        if self.minimum is not None and value < self.minimum:
            zh, en = "应不小于 {bound}", "must be at least {bound}"
            raise invalid_value(ErrorCode.OUT_OF_RANGE, zh, en, bound=f"{self.minimum:f}")
        if self.maximum is not None and value > self.maximum:
            zh, en = "应不大于 {bound}", "must be at most {bound}"
            raise invalid_value(ErrorCode.OUT_OF_RANGE, zh, en, bound=f"{self.maximum:f}")
        if not -TOO_LARGE < value < TOO_LARGE:
            raise _beyond()

    @property
    def signed(self) -> bool:
        return not self.positive and (self.minimum is None or self.minimum < 0)

    def describe(self) -> JsonSchema:
        below: JsonSchema = {"exclusiveMinimum": -TOO_LARGE}
        if self.minimum is not None:
            below = {"minimum": _json_number(self.minimum)}
        if self.positive and (self.minimum is None or self.minimum <= 0):
            below = {"exclusiveMinimum": 0}
        if self.maximum is None:
            return {**below, "exclusiveMaximum": TOO_LARGE}
        return {**below, "maximum": _json_number(self.maximum)}


@dataclass(frozen=True)
class IntegerKind:
    """A JSON integer, never a string, never 1.0."""

    bounds: Bounds = Bounds()

    def read(self, raw: object) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise wrong_type("整数（不加引号）", "a whole number without quotes")
        self.bounds.check(raw)
        return raw

    def describe(self) -> JsonSchema:
        return {"type": "integer", **self.bounds.describe()}


@dataclass(frozen=True)
class DecimalKind:
    """An exact number with at most `places` decimals: a plain decimal string or a JSON number.

    `padded` values come out with all their places, as money is written. `percent` is what one per
    cent is written as, where the number is a share or a percentage: who writes 3% is told 0.03, or
    3.
    """

    places: int
    bounds: Bounds = Bounds()
    padded: bool = False
    percent: Decimal | None = None

    def read(self, raw: object) -> Decimal:
        plain = isinstance(raw, str) and self._plain.fullmatch(raw)
        value = Decimal(plain[0]) if plain else self._number(raw)
        self.bounds.check(value)
        if self.padded:
            return value.quantize(self._unit) + 0
        return Decimal(f"{value.normalize():f}") + 0

    @cached_property
    def _plain(self) -> re.Pattern[str]:
        """What most numbers look like: there is nothing to look at but the bounds."""
        return re.compile(rf"(?:0|[1-9][0-9]{{0,14}})(?:\.[0-9]{{1,{self.places}}})?")

    @cached_property
    def _unit(self) -> Decimal:
        return Decimal(1).scaleb(-self.places)

    def _number(self, raw: object) -> Decimal:
        if isinstance(raw, str):
            return self._from_text(raw)
        if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
            raise wrong_type('十进制数，如 "1200.50"', 'a decimal number such as "1200.50"')
        if isinstance(raw, Scientific):
            raise invalid_value(
                ErrorCode.INVALID_VALUE,
                "请写出全部数字，不用指数",
                "write the number in full, without an exponent",
            )
        value = Decimal(raw)
        if not value.is_finite() or not -TOO_LARGE < value < TOO_LARGE:
            raise _beyond()
        if value != value.quantize(self._unit):
            raise self._too_fine()
        return value

    def _from_text(self, raw: str) -> Decimal:
        written = _DECIMAL.fullmatch(raw)
        if self.percent is not None and (per_cent := _PER_CENT.fullmatch(raw)):
            number = f"{(Decimal(per_cent[1]) * self.percent).normalize():f}"
            zh, en = "百分比写成数：{number}", "write a percentage as a number: {number}"
            raise invalid_value(ErrorCode.INVALID_VALUE, zh, en, number=number)
        if written is None or (written[1] and not float(raw)):
            raise invalid_value(
                ErrorCode.INVALID_VALUE,
                '不是十进制数；请写成 "1200.50" 的样子，不加逗号、单位或空格',
                'no decimal number; write it like "1200.50", without commas, units or blanks',
            )
        if len(written[2]) > len(str(TOO_LARGE)) - 1:
            raise _beyond()
        if len(written[3] or "") > self.places:
            raise self._too_fine()
        return Decimal(raw)

    def _too_fine(self) -> InvalidValue:
        zh, en = "最多 {places} 位小数", "must have at most {places} decimals"
        return invalid_value(ErrorCode.INVALID_VALUE, zh, en, places=str(self.places))

    def describe(self) -> JsonSchema:
        digits = len(str(TOO_LARGE)) - 2
        zero = r"(?![0.]*$)" if self.bounds.positive else ""
        sign = r"(?!-[0.]*$)-?" if self.bounds.signed else ""
        number = rf"(?:0|[1-9][0-9]{{0,{digits}}})(?:\.[0-9]{{1,{self.places}}})?"
        return {
            "type": ["string", "number"],
            "pattern": f"^{zero}{sign}{number}$",
            "multipleOf": float(self._unit),
            **self.bounds.describe(),
            "examples": ["1200000.00" if self.padded else "12.5"],
        }


def _beyond() -> InvalidValue:
    return invalid_value(
        ErrorCode.OUT_OF_RANGE, "数值过大", "the number is too large: 10^15 is out of reach"
    )


def _json_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
