"""Units of numbers in policy files: named beside a number, or taken from what it stands with."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from service.catalogue.fault_words import NOTHING, quoted, say
from service.catalogue.faults import ConditionFault
from service.catalogue.figures import TIMES, check_money, exact, written
from service.domain.facts.vocabulary import UnitWords, Vocabulary
from service.domain.rules import quantities as forms
from service.domain.rules.quantities import Quantity
from service.domain.rules.unit_check import unit_of_name
from service.domain.rules.units import SHARE, SHARE_NAME, Unit
from service.domain.text import Text, nearest

# The keys of a number that the text leaves open.
ENDS = {"low", "high"}
# What may be made of bare numbers alone.
_TAKING = (forms.Cases, forms.ByCode, forms.Sum, forms.Least, forms.Greatest, forms.Product)


def unit_named(name: object, vocabulary: Vocabulary) -> Unit:
    """The unit of a name such as `person`, or of a price such as `CNY/m2/month`."""
    if name is None or name == SHARE_NAME:
        return SHARE
    if not isinstance(name, str) or not name:
        raise ConditionFault(say("unit_must_be_a_name_such"))
    if name == TIMES and name not in vocabulary.units:
        return SHARE
    found = unit_of_name(name)
    for symbol in (*found.above, *found.below):
        if symbol not in vocabulary.units:
            raise ConditionFault(no_such_unit(symbol, vocabulary.units), {*vocabulary.units, TIMES})
    return found


def no_such_unit(symbol: str, units: Mapping[str, UnitWords]) -> Text:
    """The words for a unit that does not exist, with the one that may have been meant."""
    by_word = {
        word: name
        for name, words in units.items()
        for word in (*_wordings(words.label), *_wordings(words.each), *words.aliases)
    }
    near = by_word.get(symbol) or nearest(symbol, sorted(units))
    hint = say("did_you_mean", near=quoted(near)) if near else NOTHING
    return say("there_is_no_unit", symbol=quoted(symbol), hint=hint)


def _wordings(text: Text) -> Iterable[str]:
    return text.by_language().values()


def constant(value: Fraction, counted: Unit, key: str, vocabulary: Vocabulary) -> forms.Constant:
    """A number that stands in the text, in a unit."""
    check_money(value, counted, vocabulary.currencies, key)
    return forms.Constant(value, counted)


def for_each(money: Quantity, counted: Unit) -> Quantity:
    """Money as a price: so much for each of what is counted, be it a public figure."""
    return forms.Product((money, forms.Constant(Fraction(1), SHARE / counted)))


def between(
    raw: Mapping[str, Any], counted: Unit, key: str, vocabulary: Vocabulary
) -> forms.Between:
    """A number that the text leaves open: `{low: …, high: …}`, or `{low: …}` where it names no
    most."""
    if not {"low"} <= raw.keys() <= ENDS:
        raise ConditionFault(say("open_number_has_its_ends", key=key), ENDS)
    low, high = (exact(raw[end], end) if end in raw else None for end in ("low", "high"))
    assert low is not None
    if high is not None and low > high:
        raise ConditionFault(say("low_must_not_be_above_high"))
    for end in (low, high):
        if end is not None:
            check_money(end, counted, vocabulary.currencies, key)
    return forms.Between(low, high, counted)


def in_unit(quantity: Quantity, counted: Unit, vocabulary: Vocabulary) -> Quantity:
    """The quantity with its bare numbers read in a unit."""
    if not is_bare(quantity):
        return quantity
    if isinstance(quantity, forms.Constant):
        return constant(quantity.value, counted, written(quantity.value), vocabulary)
    if isinstance(quantity, forms.Cases | forms.ByCode):
        branches = (
            replace(b, quantity=in_unit(b.quantity, counted, vocabulary)) for b in quantity.branches
        )
        otherwise = in_unit(quantity.otherwise, counted, vocabulary)
        return replace(quantity, branches=tuple(branches), otherwise=otherwise)
    if isinstance(quantity, forms.Ratio):
        return replace(quantity, first=in_unit(quantity.first, counted, vocabulary))
    if isinstance(quantity, forms.Product):
        return _product_in(quantity, counted, vocabulary)
    assert isinstance(quantity, forms.Sum | forms.Least | forms.Greatest)
    return replace(quantity, terms=tuple(in_unit(t, counted, vocabulary) for t in quantity.terms))


def _product_in(product: forms.Product, counted: Unit, vocabulary: Vocabulary) -> Quantity:
    """A product of bare numbers: the one that is no share has the unit, the others multiply."""
    if counted == SHARE:
        return product
    larger = [i for i, term in enumerate(product.terms) if not _is_share(term)]
    if len(larger) != 1:
        words = say("factor_without_its_unit", counted=counted)
        raise ConditionFault(words)
    terms = list(product.terms)
    terms[larger[0]] = in_unit(terms[larger[0]], counted, vocabulary)
    return replace(product, terms=tuple(terms))


def _is_share(quantity: Quantity) -> bool:
    """Whether every number that a bare quantity is made of is at most 1."""
    if isinstance(quantity, forms.Constant):
        return quantity.value <= 1
    return all(map(_is_share, quantity.parts))


def is_bare(quantity: Quantity) -> bool:
    """Whether a quantity is made of bare numbers, which take the unit of what they stand beside."""
    if isinstance(quantity, forms.Constant):
        return quantity.unit == SHARE
    if isinstance(quantity, forms.Ratio):  # a figure for as many as share it
        return is_bare(quantity.first) and not is_bare(quantity.second)
    return isinstance(quantity, _TAKING) and all(map(is_bare, quantity.parts))
