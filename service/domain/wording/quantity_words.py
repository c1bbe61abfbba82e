"""A quantity in words, in both languages, generated from the quantity itself."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import assert_never

from service.domain.facts.profile import PROJECT_KIND
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules import quantities as forms
from service.domain.rules.quantities import Quantity
from service.domain.rules.unit_check import unit_of
from service.domain.rules.units import ITEM, SHARE
from service.domain.text import SEMICOLON, Text, bracketed, join, listed, set_apart, spaced
from service.domain.wording import quantity_phrases as phrases
from service.domain.wording.number_words import decimal_text, number_words, share_text
from service.domain.wording.quantity_shapes import (
    has_loose_end,
    inside,
    is_factor,
    is_price_of_each,
    is_scale,
    prices_spread,
    raises_in,
    uplifts_in,
    without_capital,
    worths_of,
)
from service.domain.wording.record_words import held_words
from service.domain.wording.scale_words import ConditionWords, ScaleWords


def quantity_words(quantity: Quantity, vocabulary: Vocabulary, clause: ConditionWords) -> Text:
    """What a quantity is, as a noun phrase; `clause` words the conditions inside it."""
    return _Words(vocabulary, clause).of(quantity)


class _Words(ScaleWords):
    def of(self, quantity: Quantity) -> Text:
        """A quantity in words: as one says it where there is a word for it, else by its parts."""
        short = self._said_shortly(quantity)
        return self._by_parts(quantity) if short is None else short

    def _said_shortly(self, quantity: Quantity) -> Text | None:
        match quantity:
            case forms.Greatest(
                (forms.Difference(first, second), forms.Constant(0))
                | (forms.Constant(0), forms.Difference(first, second))
            ):
                return phrases.EXCEEDING.format(a=self._inner(first), b=spaced(self._inner(second)))
            case forms.Difference(forms.YearOf(forms.AsOf()), forms.Constant(years)):
                before = phrases.LAST_YEAR if years == 1 else phrases.YEARS_BEFORE
                return before.format(count=decimal_text(years))
            case forms.Difference(first, second) if self._is_day(first) and self._is_day(second):
                return phrases.DAYS.format(a=self._inner(second), b=self._inner(first))
            case forms.Ratio(forms.Constant(), forms.Constant()):
                return self._fraction(quantity.parts)
            case forms.YearOf(forms.AsOf()):
                return phrases.THIS_YEAR
            case _:
                return None

    def _by_parts(self, quantity: Quantity) -> Text:  # noqa: C901  # a case for each class
        match quantity:
            case forms.FactQuantity(fact):
                return self.vocabulary.facts[fact].label
            case forms.Constant(value, counted):
                return self._number(value, counted)
            case forms.Between(low, high, counted):
                least = number_words(low, counted, self.vocabulary)
                if high is None:
                    return phrases.NO_LESS.format(x=spaced(least))
                most = number_words(high, counted, self.vocabulary)
                return phrases.RANGE.format(low=least, high=most)
            case forms.Sum(terms):
                return self._sum(terms)
            case forms.Mean(terms):
                return phrases.MEAN.format(all=set_apart(self._listed(terms)))
            case forms.Least(terms):
                return phrases.LEAST.format(all=set_apart(self._listed(terms)))
            case forms.Greatest(terms):
                return phrases.GREATEST.format(all=set_apart(self._listed(terms)))
            case forms.Difference(first, second) | forms.Excess(first, second):
                return phrases.DIFFERENCE.format(
                    a=set_apart(self._inner(first)), b=spaced(self._inner(second))
                )
            case forms.Ratio(first, forms.Constant(number, unit)) if unit == SHARE:
                return phrases.DIVIDED.format(a=self._inner(first), number=decimal_text(number))
            case forms.Ratio(first, forms.Constant(1)):  # a count made a number
                return self.of(first)
            case forms.Ratio(first, forms.Ratio(count, forms.Constant(1))):
                return phrases.DIVIDED_BY_COUNT.format(
                    a=self._inner(first), count=self._inner(count)
                )
            case forms.Ratio(first, second):
                return phrases.RATIO.format(
                    a=set_apart(self._inner(first)), b=spaced(self._inner(second))
                )
            case forms.Growth(first, second):
                return phrases.GROWTH.format(a=self._inner(first), b=self._inner(second))
            case forms.Product(terms):
                return self._product(terms)
            case forms.Score(_, name):
                return name
            case forms.Power(base, times):
                return phrases.POWER.format(base=self._factor(base), times=str(times))
            case forms.Cases():
                return self.cases(quantity)
            case forms.ByCode():
                return self.by_code(quantity)
            case forms.Bands():
                return self.bands(quantity)
            case forms.Count():
                return self._count(quantity)
            case forms.ProjectTotal():
                return self._projects(quantity)
            case forms.ParameterQuantity(parameter):
                return parameter.label
            case forms.ParameterOn(parameter, day):
                label = without_capital(parameter.label)
                return phrases.ON.format(label=label, day=self._inner(day))
            case forms.AsOf():
                return phrases.TODAY
            case forms.FixedDay(day):
                return Text(day.isoformat(), day.isoformat())
            case forms.YearOf(day):
                return phrases.YEAR_OF.format(day=self._inner(day))
            case forms.MonthOf(day):
                return phrases.MONTH_OF.format(day=self._inner(day))
            case forms.Steps(whole, each, begun):
                words = phrases.STEPS_OF[begun]
                return words.format(of=self._inner(whole), each=spaced(self.of(each)))
            case forms.MonthsBetween(first, second):
                return phrases.MONTHS.format(a=self._inner(first), b=self._inner(second))
            case forms.MonthsBegun(first, second):
                return phrases.MONTHS_BEGUN.format(a=self._inner(first), b=self._inner(second))
            case _:
                assert_never(quantity)

    def _is_day(self, quantity: Quantity) -> bool:
        """Whether it is a day of the calendar, and not a number of days."""
        if isinstance(quantity, forms.FactQuantity):
            return self.vocabulary.facts[quantity.fact].type is FactType.DATE
        return isinstance(quantity, forms.AsOf | forms.FixedDay)

    def _count(self, count: forms.Count) -> Text:
        words = phrases.AMOUNTS_OF if count.amounts else phrases.NUMBER_OF
        return words.format(held=held_words(count, self.vocabulary))

    def _projects(self, total: forms.ProjectTotal) -> Text:
        """What projects come to, and which of them."""
        facts, worth, where = self.vocabulary.facts, total.worth, None
        if isinstance(worth, forms.Cases):
            where, worth = self._within(worth.branches[0].condition), worth.branches[0].quantity
        codes = self.vocabulary.codes_of(facts[PROJECT_KIND])
        named = codes is not None and not set(total.kinds) >= set(codes.codes)
        which = [listed([codes.label_of(k) for k in total.kinds], "or")] if codes and named else []
        which += [] if where is None else [where]
        kinds = phrases.OF_WHICH.format(which=join(which, SEMICOLON)) if which else Text("", "")
        if worth == forms.Constant(Fraction(1), ITEM):
            return phrases.NUMBER_OF_PROJECTS.format(which=kinds)
        words = phrases.SUM_OF_PROJECTS
        if total.best is not None:
            words = phrases.LARGEST_OF_PROJECTS if total.best == 1 else phrases.BEST_OF_PROJECTS
        return words.format(which=kinds, worth=self._inner(worth), best=str(total.best))

    def _sum(self, terms: tuple[Quantity, ...]) -> Text:
        """A sum; what is added only where a condition holds stands behind it."""
        uplifts = list(uplifts_in(terms))
        others = [t for t in terms if t not in uplifts]
        if not others or not uplifts:
            return phrases.SUM.format(all=set_apart(self._listed(terms)))
        words = self.of(others[0]) if len(others) == 1 else self._sum(tuple(others))
        if has_loose_end(others[0]):
            words = bracketed(words)
        return join([words, *self._uplifts(uplifts, others)], Text("", ""))

    def _uplifts(self, uplifts: list[forms.Cases], others: list[Quantity]) -> Iterator[Text]:
        """What each of these adds where its condition holds; to one whole a share of what stands
        before it."""
        pattern = phrases.RAISED if others == [forms.ONE] else phrases.UPLIFT
        for branch in (branch for uplift in uplifts for branch in uplift.branches):
            condition = set_apart(self._within(branch.condition))
            value = spaced(self._points(branch.quantity, others))
            yield pattern.format(condition=condition, value=value)

    def _points(self, more: Quantity, others: list[Quantity]) -> Text:
        """What is added: to a share points of it, for 10% more of 20% is 22%."""
        share = isinstance(more, forms.Constant) and more.unit == SHARE
        if not share or others == [forms.ONE] or unit_of(others[0], self.vocabulary) != SHARE:
            return self._inner(more)
        assert isinstance(more, forms.Constant)
        points = decimal_text(more.value * 100)
        words = phrases.POINT if more.value * 100 == 1 else phrases.POINTS
        return words.format(points=points)

    def _fraction(self, numbers: Iterable[Quantity]) -> Text:
        """Two numbers of the text, one above the other."""
        words = "/".join(decimal_text(n.value) for n in numbers if isinstance(n, forms.Constant))
        return Text(words, words)

    def _listed(self, terms: Iterable[Quantity]) -> Text:
        return listed([self._inner(t) for t in terms], "and")

    def _product(self, terms: tuple[Quantity, ...]) -> Text:
        """Prices before what they are for, shares of it, a factor so many times it."""
        raises = list(raises_in(terms))
        terms = tuple(prices_spread(t for t in terms if t not in raises))
        shares = [
            t for t in terms if isinstance(t, forms.Constant | forms.Between) and t.unit == SHARE
        ]
        others = [t for t in terms if t not in shares]
        prices = [t for t in others if isinstance(t, forms.Constant | forms.Between)]
        counted = [t for t in others if t not in prices]
        if any(isinstance(t, forms.Steps) for t in counted):
            # So much each time, and not for each thing.
            prices = [replace(t, unit=t.unit * ITEM) if is_price_of_each(t) else t for t in prices]
        worded = [*map(self._inner, prices), *map(self._multiplied, counted)]
        if raises and len(terms) == 1:
            worded = [self.of(terms[0])]
        words = join(worded, Text(" × ", " × "))
        for share in shares:
            words = self._shared(share, words)
        return self._raised(words, terms, raises)

    def _raised(self, base: Text, of: tuple[Quantity, ...], raises: list[forms.Sum]) -> Text:
        """What is more by a share where a condition holds."""
        if not raises:
            return base
        loose = len(of) == 1 and has_loose_end(of[0])
        words = [bracketed(base) if loose else base]
        for raising in raises:
            words += self._uplifts(list(uplifts_in(raising.terms)), [forms.ONE])
        return join(words, Text("", ""))

    def _multiplied(self, factor: Quantity) -> Text:
        """A factor; one that is more than the whole in some case is so many times in all."""
        scale = is_scale(factor) and unit_of(factor, self.vocabulary) == SHARE
        if not scale or all(number <= 1 for number in worths_of(factor)):
            return self._inner(factor)
        return bracketed(_Words(self.vocabulary, self.clause, multiples=True).of(factor))

    def _shared(self, share: forms.Constant | forms.Between, base: Text) -> Text:
        if isinstance(share, forms.Constant) and is_factor(share.value):
            if share.value == 1:
                return base
            return phrases.TIMES.format(count=decimal_text(share.value), base=base)
        words = phrases.SHARE_OF.format(share=self._rate(share), base=base)
        is_open = isinstance(share, forms.Between) and share.high is None
        return phrases.NO_LESS.format(x=spaced(words)) if is_open else words

    def _factor(self, base: Quantity) -> Text:
        """What is multiplied by itself: a number as such, not per cent."""
        if isinstance(base, forms.Constant) and base.unit == SHARE:
            return Text(decimal_text(base.value), decimal_text(base.value))
        return self._inner(base)

    def _rate(self, share: forms.Constant | forms.Between) -> Text:
        if isinstance(share, forms.Constant):
            return number_words(share.value, SHARE, self.vocabulary)
        shares = "–".join(share_text(n) for n in (share.low, share.high) if n is not None)
        return Text(shares, shares)


def operand_words(quantity: Quantity, vocabulary: Vocabulary, clause: ConditionWords) -> Text:
    """What a comparison names on its right side."""
    words = inside(quantity_words(quantity, vocabulary, clause), quantity)
    return bracketed(words) if is_scale(quantity) else words
