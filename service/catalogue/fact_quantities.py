"""Facts and days as quantities of policy files: `company.staff`, `as_of`, `last_year`."""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from service.catalogue.certificates_and_awards import years_from_now
from service.catalogue.fault_words import NOTHING, quoted, say
from service.catalogue.faults import ConditionFault
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.rules import quantities as forms
from service.domain.rules.quantities import Quantity
from service.domain.rules.units import YEAR

# Of so many facts each is made once: rules ask the same ones over and over.
_MAX_QUANTITIES = 1_024


def fact_quantity(vocabulary: Vocabulary, name: object) -> forms.FactQuantity:
    """A fact with the ends that the vocabulary gives it. The most that is believed of a figure that
    somebody else publishes, such as a prime rate, is no end of what it may come to."""
    fact = find_fact(vocabulary, name)
    low, high = fact.minimum, None if fact.parameter else fact.maximum
    if fact.positive and (low is None or low <= 0):
        low = fact.step
    return _quantity_between(fact.id, low, high, fact.type)


@lru_cache(_MAX_QUANTITIES)
def _quantity_between(
    name: str, low: int | Decimal | None, high: int | Decimal | None, kind: FactType
) -> forms.FactQuantity:
    least, most = (None if end is None else Fraction(end) for end in (low, high))
    return forms.FactQuantity(name, least, most, kind)


def day_or_year(word: str) -> Quantity | None:
    """What a word stands for that names the day of the evaluation or a year by it."""
    if word == "as_of":
        return forms.AsOf()
    years = years_from_now(word)
    if years is None:
        return None
    this_year = forms.YearOf(forms.AsOf())
    before = forms.Constant(Fraction(-years), YEAR)
    return forms.Difference(this_year, before) if years else this_year


def find_fact(vocabulary: Vocabulary, name: object) -> Fact:
    """The fact of a name. Raises ConditionFault where there is none."""
    known = vocabulary.facts
    if not isinstance(name, str) or name not in known:
        near = vocabulary.suggest(str(name))
        hint = say("did_you_mean", near=quoted(near)) if near else NOTHING
        if not near and " " in str(name).strip():  # trente mille
            raise ConditionFault(say("is_neither_a_fact_nor_a_number", words=quoted(name)))
        raise ConditionFault(
            say("there_is_no_such_fact", name=quoted(name), hint=hint),
            set(known) if not near else (),
        )
    return known[name]
