"""What stands in a quantity, however deep: all that it is made of, the day of the evaluation,
counts of records, totals over projects; and the facts it needs.
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


def facts_needed(quantity: Quantity) -> tuple[str, ...]:
    """The facts of which at least one must be stated before anything is concluded: all but those
    that only stand in the place of a parameter, or of which only what is stated counts."""
    optional = set(_optional_facts(quantity))
    return tuple(f for f in quantity.facts if f not in optional)


def _optional_facts(quantity: Quantity) -> Iterator[str]:
    for part in all_parts(quantity):
        if isinstance(part, ParameterQuantity) or (isinstance(part, Count) and part.test.stated):
            yield from part.facts
