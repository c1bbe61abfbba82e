"""The best lawful set of amounts: an interval where the text or the profile leaves points open.

Of several amounts for one purpose, from one level of government, for one object, only the best is
paid. What a company has received already counts against what it was given for.

The text may leave open whether two amounts add up, and the profile what an award was for. So every
figure is reckoned at two *ends*: end 0 as the strictest reading has it, where all that may be
excluded is, end 1 as the widest has it. A *hypothesis* says for each earlier award what it was for.
The total's lower end is the best set's at end 0, under the hypothesis worst for the company; its
upper end the best set's at end 1, under the best one. Two amounts of 100 and 60 that may or may not
add up come to between 100 and 160. A property test compares both ends with trying every set.

Training and hiring serve one purpose, of which only the best is paid; rent stands apart:

>>> from fractions import Fraction
>>> from types import SimpleNamespace as Sketch
>>> from service.domain.evaluation.evaluator import Status
>>> from service.domain.facts.profile import NOBODY
>>> from service.domain.rules.amounts import Benefit
>>> from service.domain.rules.quantities import Constant
>>> def match_of(name, yuan):
...     benefit = Benefit(Constant(Fraction(yuan)))
...     return Sketch(
...         programme=Sketch(id=name, benefit=benefit, excludes=()),
...         subject=NOBODY,
...         status=Status.POTENTIAL,
...         ceiling=Ceiling(Decimal(yuan), None, None),
...     )
>>> catalogue = Sketch(
...     vocabulary=Sketch(currency="CNY"),
...     overlap_groups={"training": "staff", "hiring": "staff", "rent": None},
... )
>>> matches = [match_of("training", 60), match_of("hiring", 100), match_of("rent", 30)]
>>> best = best_combination(catalogue, matches, (), date(2026, 1, 1))
>>> best.total.amount, [chosen.match.programme.id for chosen in best.chosen]
(Decimal('130.00'), ['hiring', 'rent'])
>>> [(omitted.match.programme.id, str(omitted.reason)) for omitted in best.left_out]
[('training', 'overlap')]
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Generic

from service.domain.advice.combination_result import (
    Chosen,
    Combination,
    MoneyRange,
    OmissionReason,
    Omitted,
    OpenPoint,
)
from service.domain.advice.common_caps import (
    PaidTogether,
    Payments,
    from_cents,
    in_cents,
    payments_of,
)
from service.domain.advice.company_caps import CompanyCaps
from service.domain.advice.exclusions import conflicts_among, excludes
from service.domain.advice.lawful_sets import best_lawful_set
from service.domain.advice.received import AwardDetail, Hypothesis, ReceivedAwards, received_by
from service.domain.evaluation.evaluator import PROMISING, MatchLike, MatchT
from service.domain.facts.profile import Award, Profile
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.ceiling import Ceiling
from service.domain.truth import Truth

_NOTHING = Decimal(0)
# What says whether an award was paid within what several programmes have in common.
_SPENT_BY = (AwardDetail.PROGRAMME, AwardDetail.YEAR, AwardDetail.AMOUNT)


def awards_of(profile: Profile) -> tuple[Award, ...]:
    """The support that a company says it has received."""
    records = (v for v in profile.company.values() if isinstance(v, tuple))
    return tuple([r for held in records for r in held if isinstance(r, Award)])


def best_combination(
    catalogue: Catalogue, matches: Iterable[MatchT], awards: Collection[Award], as_of: date
) -> Combination[MatchT]:
    """The best lawful set among the matches that are eligible or potential, where these awards were
    received before the day."""
    countable: list[MatchT] = []
    left_out: list[Omitted[MatchT]] = []
    for match in matches:
        if match.status in PROMISING:
            reason = _uncountable(match, catalogue.vocabulary.currency)
            if reason is None:
                countable.append(match)
            else:
                left_out.append(Omitted(match, reason))
    if countable:
        found = _Combiner(catalogue, countable, awards, as_of).combine(left_out)
    else:
        found = Combination(MoneyRange(_NOTHING, _NOTHING), (), tuple(left_out))
    if all(omitted.reason is not OmissionReason.AMOUNT_UNKNOWN for omitted in left_out):
        return found
    points = dict.fromkeys((OpenPoint.AMOUNT_UNSTATED, *found.open_points))
    return replace(found, open_points=tuple(points), unbounded=True)


def _uncountable(match: MatchLike, currency: str) -> OmissionReason | None:
    benefit = match.programme.benefit
    if match.ceiling is None or benefit is None or not benefit.is_reckoned:
        return OmissionReason.NO_AMOUNT
    if benefit.repayable:
        return OmissionReason.REPAYABLE
    if benefit.currency not in (None, currency):
        return OmissionReason.OTHER_CURRENCY
    if benefit.personal:
        return OmissionReason.PERSONAL
    if match.ceiling.at_most == 0:
        return OmissionReason.NOTHING
    return OmissionReason.AMOUNT_UNKNOWN if match.ceiling.at_most is None else None


def _ends(ceiling: Ceiling | None) -> tuple[Decimal, Decimal]:
    """The least and the most that it can be."""
    assert ceiling is not None
    assert ceiling.at_most is not None
    return ceiling.at_least, ceiling.at_most


def _is_unstated(ceiling: Ceiling | None) -> bool:
    """Whether only a cap is known, for want of the figure it is reckoned from."""
    return ceiling is not None and ceiling.amount is None and ceiling.low is None


def _yearly_ends(match: MatchLike) -> tuple[int | None, int | None]:
    """What one year of it comes to at either end, in cents; None where it is paid at once."""
    year = match.ceiling.per_year if match.ceiling else None
    if year is None:
        return None, None
    low, high = (year.low, year.high) if year.amount is None else (year.amount, year.amount)
    return None if low is None else in_cents(low), None if high is None else in_cents(high)


def _steps_in_cents(match: MatchLike, end: int) -> list[int]:
    """What each year of it comes to at one end, in cents, where the years differ."""
    years = match.ceiling.by_year if match.ceiling else ()
    ends = [(y.low, y.high)[end] if y.amount is None else y.amount for y in years]
    return [in_cents(amount or Decimal(0)) for amount in ends]


class _Combiner(Generic[MatchT]):
    def __init__(
        self, catalogue: Catalogue, items: list[MatchT], awards: Collection[Award], as_of: date
    ) -> None:
        self.items = sorted(
            items, key=lambda m: (-_ends(m.ceiling)[1], m.programme.id, m.subject.ref or "")
        )
        self.ends = [_ends(m.ceiling) for m in self.items]
        self.years = [_yearly_ends(m) for m in self.items]
        self.awards = awards
        self.received: ReceivedAwards = received_by(catalogue, self.items, awards, as_of)
        self.in_common = CompanyCaps(catalogue, self.items, awards, as_of)
        self.strict, self.wide = (
            conflicts_among(self.items, catalogue.overlap_groups, needed)
            for needed in (Truth.TRUE, Truth.UNKNOWN)
        )

    def combine(self, left_out: list[Omitted[MatchT]]) -> Combination[MatchT]:
        hypotheses = list(self.received.hypotheses())
        low = min(self._best(h, 0, self.strict)[0] for h in hypotheses)
        high, taken = max(
            (self._best(h, 1, self.wide) for h in hypotheses), key=lambda found: found[0]
        )
        added = self._added(sorted(taken), hypotheses)
        chosen = tuple(Chosen(self.items[i], amount) for i, amount in added.items() if amount.high)
        rest = [
            self._omitted(i, taken)
            for i in range(len(self.items))
            if i not in taken or not added[i].high
        ]
        open_points = self._open_points(low, high, taken)
        unstated = self._unstated() if OpenPoint.SAME_THING in open_points else ()
        return Combination(MoneyRange(low, high), chosen, (*left_out, *rest), open_points, unstated)

    def _unstated(self) -> tuple[AwardDetail, ...]:
        """The details of awards that are not stated and would settle the total."""
        found = set(self.received.unstated)
        if self.in_common.is_spent_open():
            found |= {d for a in self.awards for d in _SPENT_BY if getattr(a, d) is None}
        return tuple(detail for detail in AwardDetail if detail in found)

    def _payments(self, gains: list[int], end: int) -> list[Payments]:
        return [
            payments_of(gain, year[end], _steps_in_cents(item, end))
            for gain, year, item in zip(gains, self.years, self.items, strict=True)
        ]

    def _added(self, taken: list[int], hypotheses: list[Hypothesis]) -> dict[int, MoneyRange]:
        """What each item that is taken adds. Of items that share a cap the first takes what it can,
        the others what is left of it. Where amounts are open, the most of an item is also what it
        adds where those before it come to their least, and its least the other way round."""
        ranges = [self._range(i, hypotheses) for i in range(len(self.items))]
        lows, highs = [r.low for r in ranges], [r.high for r in ranges]
        ways = [self._shares(gains, end, taken) for end, gains in enumerate((lows, highs))]
        if any(lows[i] != highs[i] for i in taken):
            ways.append(self._added_beside(lows, highs, 0, taken))
            ways.append(self._added_beside(highs, lows, 1, taken))
        added = {i: [way[i] for way in ways] for i in taken}
        return {i: MoneyRange(min(amounts), max(amounts)) for i, amounts in added.items()}

    def _shares(self, gains: list[Decimal], end: int, taken: list[int]) -> dict[int, Decimal]:
        """What each gets of the most that all that are taken can get at an end."""
        payments = self._payments(list(map(in_cents, gains)), end)
        paid = PaidTogether(payments, self.in_common.caps[end])
        for i in taken:
            paid.add(i)
        return {i: from_cents(share) for i, share in paid.shares(taken).items()}

    def _added_beside(
        self, own: list[Decimal], before: list[Decimal], end: int, taken: list[int]
    ) -> dict[int, Decimal]:
        """What each adds at an end where those before it come to what they come to at the other."""
        count = len(self.items)
        payments = [
            *self._payments(list(map(in_cents, own)), end),
            *self._payments(list(map(in_cents, before)), 1 - end),
        ]
        # Every item stands twice: as it is looked at itself, and as one before another.
        caps = [
            cap._replace(members=cap.members | {count + i for i in cap.members})
            for cap in self.in_common.caps[end]
        ]
        paid, added = PaidTogether(payments, caps), {}
        for i in taken:
            added[i] = from_cents(paid.copy().add(i))
            paid.add(count + i)
        return added

    def _gains(self, hypothesis: Hypothesis, end: int) -> list[Decimal]:
        """What each item adds at an end, under what is supposed of the awards."""
        return [
            self.received.gain(i, self.ends[i][end], hypothesis, end)
            for i in range(len(self.items))
        ]

    def _best(
        self, hypothesis: Hypothesis, end: int, conflicts: list[set[int]]
    ) -> tuple[Decimal, set[int]]:
        """The greatest total at an end, under what is supposed of the awards; and which items."""
        gains = list(map(in_cents, self._gains(hypothesis, end)))
        payments, limits = self._payments(gains, end), self.in_common.limits[end]
        total, taken = best_lawful_set(gains, conflicts, self.in_common.caps[end], payments, limits)
        return from_cents(total), taken

    def _range(self, i: int, hypotheses: list[Hypothesis]) -> MoneyRange:
        lows = (self.received.gain(i, self.ends[i][0], h, 0) for h in hypotheses)
        highs = (self.received.gain(i, self.ends[i][1], h, 1) for h in hypotheses)
        return MoneyRange(min(lows), max(highs))

    def _omitted(self, i: int, taken: set[int]) -> Omitted[MatchT]:
        match = self.items[i]
        if i in taken:
            return Omitted(match, self._exhausted_cap(i, taken))
        instead = min(self.wide[i] & taken, default=None)
        if instead is None:
            limited = any(i in limit.members for limit in self.in_common.limits[1])
            reason = OmissionReason.COMPANY_CAP if limited else OmissionReason.RECEIVED
            return Omitted(match, reason)
        other = self.items[instead]
        if other.programme.id == match.programme.id:
            return Omitted(match, OmissionReason.SAME_PROGRAMME, other)
        excluded = excludes(match, other)
        reason = OmissionReason.EXCLUDED if excluded else OmissionReason.OVERLAP
        return Omitted(match, reason, other)

    def _exhausted_cap(self, i: int, taken: set[int]) -> OmissionReason:
        """Which cap leaves nothing for an item: one that only its own programme has, if others of
        that were taken, or else one of several programmes together."""
        benefit = self.items[i].programme.benefit
        shared = benefit is not None and any(cap.shared for cap in benefit.caps)
        alone = all(self.items[j].programme.id != self.items[i].programme.id for j in taken - {i})
        return OmissionReason.SHARED_CAP if shared and alone else OmissionReason.COMPANY_CAP

    def _open_points(self, low: Decimal, high: Decimal, taken: set[int]) -> tuple[OpenPoint, ...]:
        if low == high:
            return ()
        points = []
        unstated = {i for i in taken if _is_unstated(self.items[i].ceiling)}
        if unstated:
            points.append(OpenPoint.AMOUNT_UNSTATED)
        if any(self.ends[i][0] != self.ends[i][1] for i in taken - unstated):
            points.append(OpenPoint.AMOUNT_OPEN)
        if any(self.strict[i] & taken for i in taken):
            points.append(OpenPoint.ADDING_UP)
        if self.received.uncertain or self.in_common.is_spent_open():
            points.append(OpenPoint.SAME_THING)
        return tuple(points)
