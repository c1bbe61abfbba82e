"""What stands in a quantity: the day of the evaluation, counts of records, totals over
projects; and the facts it needs.
"""

from collections.abc import Iterator

from service.domain.rules.quantities import AsOf, Count, ParameterQuantity, ProjectTotal, Quantity


def names_day(quantity: Quantity) -> bool:
    """Whether the day of the evaluation stands in a quantity itself."""
    if isinstance(quantity, ProjectTotal):
        return names_day(quantity.worth)
    return isinstance(quantity, AsOf | ParameterQuantity) or any(map(names_day, quantity.parts))


def counts_in(quantity: Quantity) -> Iterator[Count]:
    """The counts of records in a quantity."""
    if isinstance(quantity, Count):
        yield quantity
    for part in quantity.parts:
        yield from counts_in(part)


def totals_in(quantity: Quantity) -> Iterator[ProjectTotal]:
    """The totals over projects in a quantity."""
    if isinstance(quantity, ProjectTotal):
        yield quantity
    for part in quantity.parts:
        yield from totals_in(part)


def facts_needed(quantity: Quantity) -> tuple[str, ...]:
    """The facts of which at least one must be stated before anything is concluded: all but those
    that only stand in the place of a parameter, or of which only what is stated counts."""
    optional = set(_optional_facts(quantity))
    return tuple(f for f in quantity.facts if f not in optional)


def _optional_facts(quantity: Quantity) -> Iterator[str]:
    if isinstance(quantity, ParameterQuantity) or (
        isinstance(quantity, Count) and quantity.test.stated
    ):
        yield from quantity.facts
    for part in quantity.parts:
        yield from _optional_facts(part)
