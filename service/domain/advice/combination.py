"""The best lawful set of amounts: of one purpose at one level of government, only the best counts.

Groups do not meet, so the best of each group together are the best of all: no search is needed, and
a property test compares with trying every set.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Generic

from service.domain.evaluation.evaluator import PROMISING, MatchLike, MatchT
from service.domain.facts.profile import Award, Profile
from service.domain.rules.catalogue import Catalogue

_NOTHING = Decimal(0)


class OmissionReason(StrEnum):
    """Why a match adds nothing to the total."""

    __hash__ = str.__hash__  # as of a status

    NO_AMOUNT = "no_amount"  # the text names none
    AMOUNT_UNKNOWN = "amount_unknown"  # the base it is reckoned from is not stated
    OVERLAP = "overlap"  # another match of its group is at least as good
    SAME_PROGRAMME = "same_programme"  # the text does not let several projects be added up
    PERSONAL = "personal"  # it is for a person, not for the company
    RECEIVED = "received"  # as much has been received for the purpose already


@dataclass(frozen=True, slots=True)
class Chosen(Generic[MatchT]):
    """A match and what it adds, in yuan: its ceiling less what was already received."""

    match: MatchT
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Omitted(Generic[MatchT]):
    """A match that adds nothing, why, and the match that takes its place."""

    match: MatchT
    reason: OmissionReason
    instead: MatchT | None = None


@dataclass(frozen=True, slots=True)
class Combination(Generic[MatchT]):
    """The best lawful set. `total` is a ceiling in yuan, never an expectation."""

    total: Decimal
    chosen: tuple[Chosen[MatchT], ...]
    left_out: tuple[Omitted[MatchT], ...]


def awards_of(profile: Profile) -> tuple[Award, ...]:
    """The support that a company says it has received."""
    records = (v for v in profile.company.values() if isinstance(v, tuple))
    return tuple([r for held in records for r in held if isinstance(r, Award)])


def best_combination(
    catalogue: Catalogue, matches: Iterable[MatchT], awards: Collection[Award]
) -> Combination[MatchT]:
    """The best lawful set among the matches that are eligible or potential, where these awards were
    received."""
    chosen: list[Chosen[MatchT]] = []
    left_out: list[Omitted[MatchT]] = []
    groups: dict[str, list[MatchT]] = defaultdict(list)
    for match in matches:
        if match.status not in PROMISING:
            continue
        why = _uncountable(match)
        if why:
            left_out.append(Omitted(match, why))
        else:
            name = match.programme.id
            groups[catalogue.overlap_groups[name] or name].append(match)
    for key, members in groups.items():
        best, rest = _best_of_group(members, _received(key, awards))
        chosen += best
        left_out += rest
    total = sum([c.amount for c in chosen], _NOTHING)
    return Combination(total, tuple(chosen), tuple(left_out))


def _uncountable(match: MatchLike) -> OmissionReason | None:
    benefit = match.programme.benefit
    if match.ceiling is None or benefit is None:
        return OmissionReason.NO_AMOUNT
    if benefit.personal:
        return OmissionReason.PERSONAL
    return None if match.ceiling.amount is not None else OmissionReason.AMOUNT_UNKNOWN


def _amount(match: MatchLike) -> Decimal:
    assert match.ceiling is not None
    assert match.ceiling.amount is not None
    return match.ceiling.amount


def _best_of_group(
    members: list[MatchT], received: Decimal
) -> tuple[list[Chosen[MatchT]], list[Omitted[MatchT]]]:
    """The best of one group, less what was received; the others left out for it."""
    ranked = sorted(members, key=lambda m: (-_amount(m), m.programme.id, m.subject.ref or ""))
    best, gain = ranked[0], _amount(ranked[0]) - received
    if gain <= 0:
        return [], [Omitted(m, OmissionReason.RECEIVED) for m in ranked]
    rest = [
        Omitted(
            m,
            OmissionReason.SAME_PROGRAMME
            if m.programme is best.programme
            else OmissionReason.OVERLAP,
            best,
        )
        for m in ranked[1:]
    ]
    return [Chosen(best, gain)], rest


def _received(group: str, awards: Collection[Award]) -> Decimal:
    """The best amount already received for a group's purpose at its level; other levels do not
    touch it."""
    parts = group.rsplit("/", 2)
    if not awards or len(parts) != 3:
        return _NOTHING
    _, level, purpose = parts
    amounts = (a.amount for a in awards if (a.purpose, a.level) == (purpose, level))
    return max((a for a in amounts if a is not None), default=_NOTHING)
