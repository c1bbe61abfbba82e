"""What a scale is worth, in words: cases, tables by codes and by numbers, bands."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import TypeAlias

from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules import quantities as forms
from service.domain.rules.conditions import Condition, Predicate
from service.domain.rules.operators import InSet, Range
from service.domain.rules.quantities import Quantity
from service.domain.rules.unit_check import unit_of
from service.domain.rules.units import SHARE, Unit
from service.domain.text import SEMICOLON, Text, bracketed, join, listed, set_apart, spaced
from service.domain.wording import quantity_phrases as phrases
from service.domain.wording.number_words import decimal_text, number_words
from service.domain.wording.quantity_shapes import (
    alike,
    inside,
    is_nothing,
    is_scale,
    is_table,
    without_capital,
)

# What words a condition.
ConditionWords: TypeAlias = Callable[[Condition, Vocabulary], Text]


class ScaleWords(ABC):
    """The words of scales; those of the quantities in them are whose this is a part of."""

    def __init__(
        self, vocabulary: Vocabulary, clause: ConditionWords, *, multiples: bool = False
    ) -> None:
        self.vocabulary = vocabulary
        self.clause = clause
        self.multiples = multiples  # what has no unit is so many times, and not per cent

    def _number(self, number: Fraction, counted: Unit) -> Text:
        if self.multiples and counted == SHARE:
            return phrases.MULTIPLE.format(number=decimal_text(number))
        return number_words(number, counted, self.vocabulary)

    @abstractmethod
    def of(self, quantity: Quantity) -> Text:
        """A quantity in words."""

    def _inner(self, quantity: Quantity) -> Text:
        """A part of a larger phrase, with visible ends where it is made of several itself."""
        words = inside(self.of(quantity), quantity)
        return words if len(quantity.parts) < 2 and not is_scale(quantity) else bracketed(words)

    def cases(self, cases: forms.Cases) -> Text:
        if is_table(cases):
            return self._by_number(cases)
        parts = [self._case(branch) for branch in cases.branches]
        parts.append(self._rest(cases.otherwise))
        return join(parts, SEMICOLON)

    def _case(self, branch: forms.Branch) -> Text:
        condition = set_apart(self._within(branch.condition))
        if is_nothing(branch.quantity):
            return phrases.CASE_NOTHING.format(condition=condition)
        value = spaced(self._inner(branch.quantity))
        return phrases.CASE.format(condition=condition, value=value)

    def _within(self, condition: Condition) -> Text:
        return self.clause(condition, self.vocabulary)

    def _rest(self, quantity: Quantity) -> Text:
        """What holds for all the others."""
        if is_nothing(quantity):
            return phrases.OTHERWISE_NOTHING
        return phrases.OTHERWISE.format(value=spaced(self._inner(quantity)))

    def _worth(self, quantity: Quantity) -> Text:
        if is_nothing(quantity):
            return phrases.NONE
        return self._inner(quantity)

    def by_code(self, table: forms.ByCode) -> Text:
        label = without_capital(self.vocabulary.facts[table.fact].label)
        rest = [] if table.complete or is_nothing(table.otherwise) else [table.otherwise]
        return self._table(label, table.branches, rest)

    def _by_number(self, cases: forms.Cases) -> Text:
        """A table by the whole numbers of what is made of facts."""
        (test, *_) = (b.condition for b in cases.branches)
        assert isinstance(test, Predicate)
        return self._table(self._inner(test.quantity), cases.branches, [cases.otherwise])

    def _table(self, of: Text, branches: Iterable[forms.Branch], rest: list[Quantity]) -> Text:
        """What it is by, then what each code or number is worth, then what holds for the rest."""
        parts = [
            Text("{name} {worth}", "{name} {worth}").format(
                name=_names(same, self.vocabulary), worth=self._worth(same[0].quantity)
            )
            for same in alike(branches)
        ]
        parts += map(self._rest, rest)
        return phrases.BY.format(label=of, parts=join(parts, Text("，", ", ")))

    def bands(self, scale: forms.Bands) -> Text:
        parts = []
        counted = unit_of(scale.of, self.vocabulary)
        for i, band in enumerate(scale.bands):
            bounded = "up" if band.included else "below"
            if band.limit is None:
                bounded = "rest" if i else "all"
            high = Text("", "")
            if band.limit is not None:
                high = set_apart(number_words(band.limit, counted, self.vocabulary))
            worth = self._step(band, scale.unit, counted)
            parts.append(phrases.STEPS[scale.progressive, bounded].format(high=high, worth=worth))
        last = scale.bands[-1]
        if last.limit is not None or not (last.rate or last.amount):
            parts[len(scale.bands) - (last.limit is None) :] = [
                phrases.BEYOND_NOTHING[scale.progressive]
            ]
        words = phrases.PROGRESSIVE if scale.progressive else phrases.WHOLE
        return words.format(of=self._inner(scale.of), parts=join(parts, Text("，", ", ")))

    def _step(self, band: forms.Band, worth: Unit, counted: Unit) -> Text:
        if not band.rate and not band.amount:
            return phrases.NONE
        parts = []
        if band.rate:
            parts.append(number_words(band.rate, worth / counted, self.vocabulary))
        if band.amount:
            parts.append(self._number(band.amount, worth))
        return join(parts, Text("加 ", " plus "))


def _names(branches: list[forms.Branch], vocabulary: Vocabulary) -> Text:
    """The codes, or the whole numbers, that branches of a table are for."""
    labels: list[Text] = []
    numbers = False
    for test in (branch.condition for branch in branches):
        assert isinstance(test, Predicate)
        among = test.operator
        if isinstance(among, Range):
            assert isinstance(among.low, Fraction | int)
            numbers = True
            number = Fraction(among.low)
            labels.append(number_words(number, unit_of(test.quantity, vocabulary), vocabulary))
        else:
            assert isinstance(among, InSet)
            labels += [
                among.codes.label_of(str(v)) if among.codes else Text(str(v), str(v))
                for v in among.values
            ]
    names = listed(labels, "or")
    return phrases.FOR_NUMBERS.format(names=set_apart(names)) if numbers else names
