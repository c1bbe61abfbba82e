"""The unit of a quantity, worked out like a type: what cannot be added or compared is an error."""

from collections.abc import Sequence
from functools import reduce
from operator import mul
from typing import assert_never

from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.rules import quantities as forms
from service.domain.rules.quantities import Quantity
from service.domain.rules.units import DAY, ITEM, MONTH, SHARE, SHARE_NAME, YEAR, Unit, unit
from service.domain.text import Text, join

_NO_NUMBER = Text("{fact} 的类型是 {type}，不是数", "{fact} is of type {type}, not a number")
_APART = Text("{first} 与 {other} 不能放在一起", "{first} and {other} do not go together")
_NAME_IT = Text(
    "：用来乘除的数要写明单位，{value: …, unit: …}",
    ": a number that multiplies or divides names its unit, {value: …, unit: …}",
)
_BY_A_COUNT = Text(
    "：除以个数时，个数要先除以一个，{{ratio: [个数, {{value: 1, unit: {unit}}}]}}",
    ": a count that divides is itself divided, {{ratio: [count, {{value: 1, unit: {unit}}}]}}",
)
_JOINED = Text("", "")


class UnitError(ValueError):
    """Numbers of different units are added or compared, or the number of a fact is none."""

    def __init__(self, words: Text) -> None:
        super().__init__(words.en)
        self.words = words


def unit_of_fact(fact: Fact, currency: str) -> Unit:
    """What a fact's number counts. A number without a unit is a share, or a score where it may be
    above the whole; things are counted."""
    if fact.type is FactType.MONEY:
        return unit(fact.unit or currency)
    if fact.type is FactType.DATE:
        return DAY
    if fact.type not in (FactType.INTEGER, FactType.NUMBER):
        raise UnitError(_NO_NUMBER.format(fact=fact.id, type=fact.type.value))
    if fact.unit:
        return unit_of_name(fact.unit)
    scored = fact.maximum is not None and fact.maximum > 1
    return ITEM if fact.type is FactType.INTEGER or scored else SHARE


def unit_of_name(name: str | None) -> Unit:
    """The unit of a name such as `person`, or of a price such as `CNY/m2/month`; a share has
    none."""
    if name is None or name == SHARE_NAME:
        return SHARE
    above, *below = name.split("/")
    found = SHARE
    for symbol in above.split("*") if above != "1" else ():
        found *= unit(symbol)
    for symbol in below:
        found /= unit(symbol)
    return found


def unit_of(quantity: Quantity, vocabulary: Vocabulary) -> Unit:  # noqa: C901  # a case for each class
    """The unit of a quantity. Raises UnitError where parts do not go together."""

    def of(part: Quantity) -> Unit:
        return unit_of(part, vocabulary)

    match quantity:
        case forms.FactQuantity(fact):
            return unit_of_fact(vocabulary.facts[fact], vocabulary.currency)
        case forms.Constant(unit=known) | forms.Between(unit=known):
            return known
        case forms.Sum(terms) | forms.Mean(terms) | forms.Least(terms) | forms.Greatest(terms):
            return _same([of(t) for t in terms])
        case forms.Difference(first, second) | forms.Excess(first, second):
            return _same([of(first), of(second)])
        case forms.Product(terms):
            return reduce(mul, map(of, terms), SHARE)
        case forms.Score():
            return ITEM
        case forms.Power(base, times):
            return reduce(mul, [of(base)] * times, SHARE)
        case forms.Ratio(first, second):
            return of(first) / of(second)
        case forms.Growth(first, second):
            _same([of(first), of(second)])
            return SHARE
        case forms.Cases() | forms.ByCode():
            return _same([of(part) for part in quantity.parts])
        case forms.Bands():
            of(quantity.of)
            return quantity.unit
        case forms.Count(amounts=amounts):
            return unit(vocabulary.currency) if amounts else ITEM
        case forms.ProjectTotal(worth=worth):
            return of(worth)
        case forms.ParameterQuantity(parameter) | forms.ParameterOn(parameter):
            return unit_of_name(parameter.unit)
        case forms.AsOf() | forms.FixedDay():
            return DAY
        case forms.YearOf(day):
            _same([of(day), DAY])
            return YEAR
        case forms.MonthOf(day):
            _same([of(day), DAY])
            return ITEM
        case forms.Steps(whole, each):
            _same([of(whole), of(each)])
            return ITEM
        case forms.MonthsBetween(first, second) | forms.MonthsBegun(first, second):
            _same([of(first), of(second), DAY])
            return MONTH
        case _:
            assert_never(quantity)


def _same(units: Sequence[Unit]) -> Unit:
    for other in units[1:]:
        if other != units[0]:
            counted = ({symbol for symbol, _ in found.powers} for found in (units[0], other))
            alike = len(set(map(frozenset, counted))) == 1 or SHARE in (units[0], other)
            words = _APART.format(first=str(units[0]), other=str(other))
            raise UnitError(
                join([words, _NAME_IT if alike else _divided(units[0], other)], _JOINED)
            )
    return units[0]


def _divided(first: Unit, other: Unit) -> Text:
    """How to divide by a count, where that is all that keeps two units apart."""
    by = {symbol for symbol, _ in (first / other).powers}
    return _BY_A_COUNT.format(unit=by.pop()) if len(by) == 1 else Text("", "")
