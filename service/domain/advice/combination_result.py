"""What a combination of amounts comes to: the total, what is in it, what is left out and why."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Generic

from service.domain.advice.received import AwardDetail
from service.domain.evaluation.evaluator import MatchT


class OmissionReason(StrEnum):
    """Why a match adds nothing to the total."""

    __hash__ = str.__hash__  # as of a status

    NO_AMOUNT = "no_amount"  # the text names none
    NOTHING = "nothing"  # by what is stated it comes to nothing
    AMOUNT_UNKNOWN = "amount_unknown"  # what it is reckoned from is not stated, nothing caps it
    OVERLAP = "overlap"  # another match of its group is at least as good
    SAME_PROGRAMME = "same_programme"  # the text counts it once for the whole company
    COMPANY_CAP = "company_cap"  # the cap for the whole company is reached without it
    SHARED_CAP = "shared_cap"  # the cap for several programmes together is reached without it
    PERSONAL = "personal"  # it is for a person, not for the company
    RECEIVED = "received"  # as much has been received for the same thing already
    REPAYABLE = "repayable"  # it is lent, guaranteed or invested, not given
    OTHER_CURRENCY = "other_currency"  # sums of two currencies make no total
    EXCLUDED = "excluded"  # the text does not let it be taken beside another


class OpenPoint(StrEnum):
    """Why a total is an interval."""

    __hash__ = str.__hash__

    AMOUNT_OPEN = "amount_open"  # an amount is known by its ends only
    AMOUNT_UNSTATED = "amount_unstated"  # what an amount is reckoned from is not stated
    ADDING_UP = "adding_up"  # the text does not say whether several add up
    SAME_THING = "same_thing"  # whether an award was for the same thing is not stated


@dataclass(frozen=True, slots=True)
class MoneyRange:
    """An amount in yuan, or the two ends between which it lies."""

    low: Decimal
    high: Decimal

    @property
    def amount(self) -> Decimal | None:
        return self.low if self.low == self.high else None


@dataclass(frozen=True, slots=True)
class Chosen(Generic[MatchT]):
    """A match and what it adds, in yuan: its ceiling less what was already received."""

    match: MatchT
    amount: MoneyRange


@dataclass(frozen=True, slots=True)
class Omitted(Generic[MatchT]):
    """A match that adds nothing, why, and the match that takes its place."""

    match: MatchT
    reason: OmissionReason
    instead: MatchT | None = None


@dataclass(frozen=True, slots=True)
class Combination(Generic[MatchT]):
    """The best lawful set. `total` is a ceiling in yuan, never an expectation; `open_points` say
    why it is an interval, if it is, and `unstated` what of an award would settle it. `unbounded`:
    nothing bounds an amount that is left out as unknown, so the upper end is only of the others."""

    total: MoneyRange
    chosen: tuple[Chosen[MatchT], ...]
    left_out: tuple[Omitted[MatchT], ...]
    open_points: tuple[OpenPoint, ...] = ()
    unstated: tuple[AwardDetail, ...] = ()
    unbounded: bool = False
