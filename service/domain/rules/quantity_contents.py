"""What stands in a quantity, however deep: all that it is made of, the day of the evaluation,
counts of records, totals over projects.
"""

from collections.abc import Iterator

from service.domain.rules.quantities import (
    AsOf,
    Count,
    FactQuantity,
    MonthsBegun,
    MonthsBetween,
    ParameterQuantity,
    ProjectTotal,
    Quantity,
    Steps,
    YearOf,
)


def all_parts(quantity: Quantity) -> Iterator[Quantity]:
    """A quantity and everything that it is made of."""
    yield quantity
    for part in quantity.parts:
        yield from all_parts(part)


def names_day(quantity: Quantity) -> bool:
    """Whether the day of the evaluation stands in a quantity itself."""
    if isinstance(quantity, ProjectTotal):
        return names_day(quantity.worth)
    return isinstance(quantity, AsOf | ParameterQuantity) or any(map(names_day, quantity.parts))


def is_whole(quantity: Quantity) -> bool:
    """Whether it counts whole things: people, records, days, months."""
    match quantity:
        case FactQuantity(whole=whole):
            return whole
        case Count(amounts=amounts):
            return not amounts
        case _:
            return isinstance(quantity, AsOf | YearOf | MonthsBetween | MonthsBegun | Steps)


def counts_in(quantity: Quantity) -> Iterator[Count]:
    """The counts of records in a quantity."""
    return (part for part in all_parts(quantity) if isinstance(part, Count))


def totals_in(quantity: Quantity) -> Iterator[ProjectTotal]:
    """The totals over projects in a quantity."""
    return (part for part in all_parts(quantity) if isinstance(part, ProjectTotal))
