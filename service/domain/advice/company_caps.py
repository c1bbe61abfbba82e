"""Caps and counts that several matches of a company share, less what was received within them."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from service.domain.advice.common_caps import CommonCap, in_cents
from service.domain.advice.lawful_sets import AtMost
from service.domain.advice.received import is_of_company, spent_of_cap, supported_before
from service.domain.evaluation.evaluator import MatchLike
from service.domain.facts.profile import Award
from service.domain.rules.caps import Cap, CountLimit, Per
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.intervals import interval_of
from service.domain.rules.rounding import money

_NOTHING = Decimal(0)

# What sets a cap, what it is counted for, and the project where it is one project's.
_CapKey: TypeAlias = tuple[object, Per, str | None]


def _cap_key(cap: Cap, n: int, match: MatchLike) -> _CapKey:
    """What members have in common that one cap binds together."""
    ref = match.subject.ref if cap.per is Per.PROJECT else None
    return cap.shared or (match.programme.id, n), cap.per, ref


class CompanyCaps:
    """What binds several matches of one company together on a day. Everything is told at the two
    ends of an interval: 0 what can surely be had, 1 the most that may be. What was received before
    is known the same way, the least and the most of it, and is taken off crosswise: surely can be
    had what is left after the most that may have been received."""

    def __init__(
        self,
        catalogue: Catalogue,
        items: Sequence[MatchLike],
        awards: Collection[Award],
        as_of: date,
    ) -> None:
        self._catalogue, self._items, self._awards, self._as_of = catalogue, items, awards, as_of
        self._bound = self._under_caps()
        self._spent = {}
        for key, members in self._bound.items():
            # What was received is the same for all that one cap binds: any of them tells it.
            item, cap = next(iter(members.items()))
            self._spent[key] = spent_of_cap(catalogue, cap, awards, as_of, items[item])
        self.caps = tuple(list(self._common_caps(end)) for end in (0, 1))
        self.limits = tuple(list(self._limits(end)) for end in (0, 1))

    def is_spent_open(self) -> bool:
        """Whether an award may or may not have been paid within what several have in common."""
        spent = any(surely != most for surely, most in self._spent.values())
        return spent or self.limits[0] != self.limits[1]

    def _common_caps(self, end: int) -> Iterator[CommonCap]:
        """The caps that several items share, at an end of the interval: those of one programme for
        one company, and those of several programmes together less what was received within them."""
        for key, members in self._bound.items():
            ends = [(c, self._cap_end(c, i, end)) for i, c in members.items()]
            known = [(amount, cap) for cap, amount in ends if amount is not None]
            spent = self._spent[key][1 - end]
            if not known or (len(members) == 1 and spent == _NOTHING):
                continue
            # Each may have the cap with an amount of its own: the most at one end, the least at the
            # other is what surely holds.
            amount, cap = (max if end else min)(known, key=lambda found: found[0])
            left = _NOTHING if spent is None else max(_NOTHING, amount - spent)
            yield CommonCap(frozenset(members), in_cents(left), cap.per is Per.YEAR)

    def _limits(self, end: int) -> Iterator[AtMost]:
        """How many of a programme's items the company may still be given, at an end."""
        limited: dict[str, tuple[CountLimit, set[int]]] = {}
        for i, match in enumerate(self._items):
            benefit = match.programme.benefit
            if benefit and benefit.limit:
                limited.setdefault(match.programme.id, (benefit.limit, set()))[1].add(i)
        for programme, (limit, members) in limited.items():
            before = supported_before(self._catalogue, programme, limit, self._awards, self._as_of)
            yield AtMost(frozenset(members), max(0, limit.count - before[1 - end]))

    def _under_caps(self) -> dict[_CapKey, dict[int, Cap]]:
        """The items that each cap of a company, or of one project, binds, and the cap as each of
        them has it."""
        found: dict[_CapKey, dict[int, Cap]] = {}
        for i, match in enumerate(self._items):
            benefit = match.programme.benefit
            for n, cap in enumerate(benefit.caps if benefit else ()):
                if cap.shared or is_of_company(cap):
                    found.setdefault(_cap_key(cap, n, match), {})[i] = cap
        return found

    def _cap_end(self, cap: Cap, item: int, end: int) -> Decimal | None:
        found = interval_of(cap.quantity, self._items[item].subject, self._as_of)[end]
        return money(max(found, Fraction(0))) if isinstance(found, Fraction) else None
