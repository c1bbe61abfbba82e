"""The condition behind a one-off: that it has not been received yet.

What is paid once is not paid to whoever states that it was had. Who states no support is asked
nothing; support for the same purpose, from the same level of government, that does not say which
programme paid it leaves open whether it was this one.
"""

from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules import conditions as tree
from service.domain.rules.amounts import Benefit, awards_taken_off
from service.domain.rules.caps import Per
from service.domain.rules.levels import same_levels
from service.domain.rules.measures import Measure
from service.domain.rules.operators import Range
from service.domain.rules.quantities import Count
from service.domain.rules.record_tests import AwardTest, RecordTest
from service.domain.rules.record_times import Years
from service.domain.text import Text

_TERM = Text(
    "没有填报由本项发放的已获支持（只给一次）",
    "No support stated that this programme paid (given once)",
)
# What is given once for each project or item is no condition: the best combination accounts for it.
_ONCE_FOR_ALL = (Per.COMPANY, Per.PROGRAMME)


def support_by(
    programme: str, name: Text, purpose: str | None, measure: Measure, vocabulary: Vocabulary
) -> AwardTest:
    """Which support had is a programme's: what says so, and what it may have been, by its purpose
    and level, not before the measure began."""
    level = measure.overlap.level if measure.overlap else None
    begun = measure.window.start
    return AwardTest(
        programmes=(programme,),
        purposes=(purpose,) if purpose else (),
        levels=same_levels(vocabulary, level, measure.jurisdiction) if level else (),
        years=Years(first=begun.year) if begun else None,
        names=(name,),
        stated=True,
    )


def not_received_yet(
    support: AwardTest,
    benefit: Benefit | None,
    supports: tuple[str, ...],
    clause: tree.Clause,
    vocabulary: Vocabulary,
) -> tree.Condition | None:
    """The condition for a programme that pays an applicant once, where `support` had is its own;
    None where it is paid again, in parts, for each of several things, or made up to more."""
    facts = [f for f in vocabulary.facts.values() if f.type is FactType.AWARDS]
    if benefit is None or not benefit.one_off or len(facts) != 1:
        return None
    if benefit.instalments or benefit.over:
        return None
    if any(_is_own(test, support) for test in awards_taken_off(benefit.amount)):
        return None
    if benefit.per not in _ONCE_FOR_ALL and (supports or benefit.per is not Per.UNSTATED):
        return None
    had = tree.Predicate(Count(facts[0].id, support), Range(low=1), clause)
    return tree.Group(tree.Connective.NOT, (had,), clause, term=_TERM, term_only=True)


def _is_own(test: RecordTest, support: AwardTest) -> bool:
    """Whether a test names the programme that paid the support."""
    return isinstance(test, AwardTest) and not set(test.programmes).isdisjoint(support.programmes)
