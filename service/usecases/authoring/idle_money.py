"""Money rules of which a part changes nothing, or two parts do not go together: what `lint` notes
of a rule that works and was perhaps meant otherwise.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from math import inf

from service.catalogue.fault_words import say
from service.domain.errors import Diagnostic
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.amounts import Benefit
from service.domain.rules.caps import SPANS, Cap, Per
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.interval_arithmetic import ANYTHING, End, Interval
from service.domain.rules.intervals import ends_for_anybody
from service.domain.rules.programmes import Programme
from service.domain.rules.quantities import Constant, Quantity
from service.domain.rules.units import unit
from service.domain.text import Text
from service.domain.wording.number_words import number_words
from service.intake.schema import MAX_PROJECTS


def idle_money(catalogue: Catalogue) -> Iterator[Diagnostic]:
    """A note for each cap and each count that is above whatever the rule comes to, for a rule that
    comes to nothing, for years that are paid more and more, and for an instrument that does not go
    with how the money is given."""
    words = catalogue.vocabulary
    for programme in catalogue.programmes.values():
        benefit = programme.benefit
        if benefit is not None and benefit.is_reckoned:
            for said, about in (
                *_idle_caps(programme, benefit, words),
                *_idle_counts(programme, benefit),
                *_nothing(programme, benefit),
                *_rising_years(programme, benefit),
                *_unlike_instrument(programme, benefit, words),
            ):
                yield Diagnostic(programme.path, 1, said, about=about)


def _idle_caps(
    programme: Programme, benefit: Benefit, vocabulary: Vocabulary
) -> Iterator[tuple[Text, str]]:
    """Caps of the programme's own that what they bound never reaches, whoever applies. One that it
    reaches and never passes may well be what the text says."""
    currency = unit(benefit.currency or vocabulary.currency)
    for cap in benefit.caps:
        most, least = _most_beside(benefit, cap), _ends_of(cap.quantity).low
        if cap.shared is None and most < least and isinstance(most, Fraction):
            figure = number_words(Fraction(least), currency, vocabulary)
            reached = number_words(most, currency, vocabulary)
            words = say("cap_never_binds", programme=programme.id, cap=figure, most=reached)
            yield words, "cap" if cap.per is Per.UNSTATED else "caps"


def _most_beside(benefit: Benefit, cap: Cap) -> End:
    """The most that what a cap bounds comes to without it."""
    if benefit.over is not None or cap.when is not None:
        return inf
    others = tuple(c for c in benefit.caps if c is not cap and _bound_alike(c, benefit))
    one = min([_ends_of(benefit.amount).high, *(_ends_of(c.quantity).high for c in others)])
    if _bound_alike(cap, benefit):
        return one
    limit = benefit.limit
    several = limit is not None and limit.per is cap.per is Per.YEAR and cap.each is None
    return one * limit.count if limit is not None and several else inf


def _bound_alike(cap: Cap, benefit: Benefit) -> bool:
    """Whether a cap bounds each amount by itself, and not several together."""
    return cap.per not in SPANS and cap.per in (Per.UNSTATED, benefit.per)


def _ends_of(quantity: Quantity | None) -> Interval:
    """Between what an amount or a cap lies for anybody on any day."""
    return ANYTHING if quantity is None else ends_for_anybody(quantity)


def _idle_counts(programme: Programme, benefit: Benefit) -> Iterator[tuple[Text, str]]:
    """A count of awards of which nobody could state so many."""
    if benefit.limit is not None and benefit.limit.count > MAX_PROJECTS:
        count, most = str(benefit.limit.count), str(MAX_PROJECTS)
        yield say("limit_of_more_than_all", programme=programme.id, count=count, most=most), "limit"


def _nothing(programme: Programme, benefit: Benefit) -> Iterator[tuple[Text, str]]:
    """A rule by which nobody gets anything, such as one from which more is taken off than it is."""
    if benefit.most == 0:
        yield say("comes_to_nothing", programme=programme.id), "benefit"


def _rising_years(programme: Programme, benefit: Benefit) -> Iterator[tuple[Text, str]]:
    """Shares of the years of which a later one is more: such support as a rule goes down."""
    shares = () if benefit.over is None else benefit.over.shares
    if all(isinstance(share, Constant) for share in shares):
        figures = [_ends_of(share).low for share in shares]
        if any(later > earlier for earlier, later in pairwise(figures)):
            yield say("later_year_is_paid_more", programme=programme.id), "over"


def _unlike_instrument(
    programme: Programme, benefit: Benefit, vocabulary: Vocabulary
) -> Iterator[tuple[Text, str]]:
    """Money that is paid back by an instrument that is kept, and the other way round."""
    instruments = vocabulary.lists.get("instruments")
    repaid = None if instruments is None else instruments.codes[programme.instrument].repayable
    if instruments is not None and repaid is not None and repaid is not benefit.repayable:
        label = instruments.label_of(programme.instrument)
        key = "instrument_is_repaid" if repaid else "instrument_is_kept"
        yield say(key, programme=programme.id, instrument=label), "instrument"
