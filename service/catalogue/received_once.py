"""The condition behind a one-off: that it has not been received yet.

What is paid once is not paid to whoever states that it was had. Only what is stated counts: nobody
is asked for it, and support that names no programme leaves the total open, not the status.
"""

from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules import conditions as tree
from service.domain.rules.amounts import Benefit
from service.domain.rules.caps import Per
from service.domain.rules.held import AwardTest
from service.domain.rules.operators import Range
from service.domain.rules.quantities import Count
from service.domain.text import Text

_TERM = Text(
    "未填报已获本项支持（只给一次）", "No support by this programme stated as received (given once)"
)
# What is given once for each project or item is no condition: the best combination accounts for it.
_ONCE_FOR_ALL = (Per.COMPANY, Per.PROGRAMME)


def not_received_yet(
    programme: str,
    name: Text,
    benefit: Benefit | None,
    supports: tuple[str, ...],
    clause: tree.Clause,
    vocabulary: Vocabulary,
) -> tree.Condition | None:
    """The condition for a programme that pays an applicant once; None where it is paid again, in
    parts, or for each of several things."""
    facts = [f for f in vocabulary.facts.values() if f.type is FactType.AWARDS]
    if benefit is None or not benefit.one_off or len(facts) != 1:
        return None
    if benefit.instalments or benefit.over:
        return None
    if benefit.per not in _ONCE_FOR_ALL and (supports or benefit.per is not Per.UNSTATED):
        return None
    count = Count(facts[0].id, AwardTest(programmes=(programme,), names=(name,), stated=True))
    had = tree.Predicate(count, Range(low=1), clause)
    return tree.Group(tree.Connective.NOT, (had,), clause, term=_TERM, brief=True)
