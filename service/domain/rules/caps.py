"""What an amount or a cap is counted for; the caps that bound it, and how many one may have."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from service.domain.rules.conditions import Clause
from service.domain.rules.quantities import Branch, Quantity
from service.domain.text import Text

T = TypeVar("T")


class Per(StrEnum):
    """What an amount or a cap is counted for; UNSTATED where the text is silent."""

    CONTRACT = "contract"
    PROJECT = "project"
    EVENT = "event"
    ITEM = "item"
    PERSON = "person"
    COMPANY = "company"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    PROGRAMME = "programme"  # as long as the programme lives
    UNSTATED = "unstated"


# What is counted for one of these is counted for the company, however many projects it has.
OF_THE_COMPANY = (Per.COMPANY, Per.YEAR, Per.PROGRAMME)


class AddsUp(StrEnum):
    """Whether the amounts of several projects, events … of one company add up."""

    STATED = "stated"
    IMPLIED = "implied"  # each is counted for itself
    UNSTATED = "unstated"


# What a cap of a span of time is counted for.
SPANS = (Per.MONTH, Per.QUARTER, Per.YEAR)
EACH_FOR_ITSELF = (Per.CONTRACT, Per.PROJECT, Per.EVENT, Per.ITEM, Per.PERSON)


@dataclass(frozen=True, slots=True)
class SharedBy:
    """The programmes that a cap binds together: all of a measure, or those that it names. `clause`
    says so; `names` are theirs where they are not all."""

    clause: Clause
    programmes: frozenset[str]
    names: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Cap:
    """An amount that is not exceeded, what it is counted for where that is its own, and the
    programmes that share it where it is not one's alone. `each`: the thing of which a yearly one
    is, where the text says so; otherwise it is all that the applicant gets in a year. `when`: the
    case in which it binds, where that is not always; in any other its `quantity` is what it would
    have capped."""

    quantity: Quantity
    per: Per = Per.UNSTATED
    shared: SharedBy | None = None
    each: Per | None = None
    when: Branch | None = None


@dataclass(frozen=True, slots=True)
class CountLimit:
    """How many of them one company is given: in a year, or in the programme's whole life."""

    count: int
    per: Per


class CapsBySpan(NamedTuple, Generic[T]):
    """The caps of each month, quarter and year, and of the whole."""

    monthly: tuple[T, ...]
    quarterly: tuple[T, ...]
    yearly: tuple[T, ...]
    whole: tuple[T, ...]


def by_span(caps: Iterable[tuple[Per, T]]) -> CapsBySpan[T]:
    """Caps, each with what it is counted for, by the span of time that they bound."""
    stated = list(caps)
    return CapsBySpan(
        tuple(cap for per, cap in stated if per is Per.MONTH),
        tuple(cap for per, cap in stated if per is Per.QUARTER),
        tuple(cap for per, cap in stated if per is Per.YEAR),
        tuple(cap for per, cap in stated if per not in SPANS),
    )
