"""Support had that a rule may miss or count too much of: what `lint` asks of files that can be
served, and what it notes where nobody but the author can tell.
"""

from collections.abc import Iterator

from service.catalogue.fault_words import joined_by_commas, quoted, say
from service.domain.errors import Diagnostic
from service.domain.rules.amounts import awards_taken_off
from service.domain.rules.caps import OF_THE_COMPANY
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import tests_below, tests_in
from service.domain.rules.levels import LEVELS
from service.domain.rules.programmes import Programme
from service.domain.rules.quantities import Count, Difference, FactQuantity, Quantity
from service.domain.rules.quantity_contents import counts_in
from service.domain.rules.record_tests import AwardTest


def money_without_purpose(catalogue: Catalogue) -> Iterator[Diagnostic]:
    """A fault for each programme with money that says not what it is for, although its place has a
    clause against taking two awards for one thing: it would be in no group, and nobody told."""
    for programme in catalogue.programmes.values():
        benefit = programme.benefit
        if programme.purpose or benefit is None or not benefit.is_reckoned or benefit.repayable:
            continue
        if catalogue.overlap_level(catalogue.measures[programme.measure]) is not None:
            words = say("money_without_purpose", programme=programme.id)
            yield Diagnostic(programme.path, 1, words, about="benefit")


def loose_tests_of_awards(catalogue: Catalogue) -> Iterator[Diagnostic]:
    """A note for each test of support had that names a purpose which holds whatever has no name,
    and for each amount of support that money is reckoned from: of whatever level, or taken off
    each of several projects whichever it was for; and for each money that is taken off and may be
    such support."""
    for programme in catalogue.programmes.values():
        yield from _less_without_a_word(programme, catalogue)
        amounts = set(_amounts_in_money(programme))
        if _is_taken_off_each_project(programme):
            words = say("support_of_any_project", programme=programme.id)
            yield Diagnostic(programme.path, 1, words, about="award_amounts")
        for test in dict.fromkeys(_tests_of_awards(programme)):
            if test.programmes or test.stated:
                continue
            for purpose in filter(catalogue.is_catch_all, test.purposes):
                words = say("support_of_no_name", programme=programme.id, purpose=quoted(purpose))
                yield Diagnostic(programme.path, 1, words, about=purpose)
            levels = catalogue.vocabulary.lists.get(LEVELS)
            if test in amounts and not test.levels and levels is not None:
                words = say("support_of_any_level", programme=programme.id,
                            levels=joined_by_commas(levels.codes))  # fmt: skip
                yield Diagnostic(programme.path, 1, words, about="award_amounts")


def _less_without_a_word(programme: Programme, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """A note where a fact is taken off, and the vocabulary does not say whether it was had as
    support: the same is stated as an award too, and would be taken off twice."""
    amount = None if programme.benefit is None else programme.benefit.amount
    less = amount.second if isinstance(amount, Difference) else None
    if isinstance(less, FactQuantity) and catalogue.vocabulary.facts[less.fact].received is None:
        words = say("less_without_a_word", programme=programme.id, fact=less.fact)
        yield Diagnostic(programme.path, 1, words, about=less.fact)


def _is_taken_off_each_project(programme: Programme) -> bool:
    benefit = programme.benefit
    if benefit is None or not programme.supports or benefit.per in OF_THE_COMPANY:
        return False
    return any(isinstance(test, AwardTest) for test in awards_taken_off(benefit.amount))


def _tests_of_awards(programme: Programme) -> Iterator[AwardTest]:
    """The tests of support had in a programme's conditions and money."""
    conditions = (test.quantity for test in tests_in(programme.condition))
    for count in _counts((*conditions, *programme.money)):
        if isinstance(count.test, AwardTest):
            yield count.test


def _amounts_in_money(programme: Programme) -> Iterator[AwardTest]:
    """Those whose amounts the money is reckoned from."""
    for count in _counts(programme.money):
        if count.amounts and isinstance(count.test, AwardTest):
            yield count.test


def _counts(quantities: tuple[Quantity, ...]) -> Iterator[Count]:
    """The counts in quantities, and in the conditions within these."""
    for quantity in quantities:
        yield from counts_in(quantity)
        for test in tests_below(quantity):
            yield from counts_in(test.quantity)
