"""Facets of the library: how many programmes each value of a criterion would leave."""

from collections import Counter
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from service.domain.rules.catalogue import Catalogue, Programme
from service.domain.truth import Truth
from service.usecases.reference.lookup import ProgrammeQuery, is_responsible, select_programmes

FACETS = ("jurisdiction", "measure", "instrument", "commitment", "kind", "field", "department")
# The code lists that name the values of a criterion, where one does.
FACET_LISTS = {
    "jurisdiction": "regions",
    "instrument": "instruments",
    "kind": "kinds",
    "field": "fields",
}


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a criterion and how many programmes it leaves under the other criteria."""

    value: str
    count: int


def facets(
    catalogue: Catalogue,
    query: ProgrammeQuery,
    search: Callable[[str], Iterable[str]],
    changed: Callable[[str | date], Container[str]] | None = None,
) -> dict[str, list[FacetValue]]:
    """For each criterion its values with counts, most programmes first.

    A criterion's own choice does not narrow its own counts, so that another value can be chosen.
    """
    found: dict[str, list[FacetValue]] = {}
    hits = None if query.q is None else list(search(query.q))
    selected: dict[ProgrammeQuery, list[Programme]] = {}
    for facet in FACETS:
        without: dict[str, Any] = {facet: None}
        others = replace(query, sort=None, **without)
        if others not in selected:  # most criteria are left open, and leave the same
            selected[others] = select_programmes(catalogue, others, lambda _: hits or [], changed)
        left = selected[others]
        counted = Counter(value for programme in left for value in _values(programme, facet))
        if facet == "jurisdiction":
            counted = _by_place(catalogue, left)
        if facet == "department":
            counted = _by_department(left)
        found[facet] = [
            FacetValue(value, count)
            for value, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        ]
    return found


def _by_place(catalogue: Catalogue, left: list[Programme]) -> Counter[str]:
    """How many programmes may be claimed at each place: what holds in a wider one counts too."""
    regions = catalogue.vocabulary.regions
    covering = Counter(p.jurisdiction for p in left)
    return Counter(
        {
            place: sum(
                count
                for wider, count in covering.items()
                if regions.relation(place, wider) is Truth.TRUE
            )
            for place in covering
        }
    )


def _by_department(left: list[Programme]) -> Counter[str]:
    """How many programmes each department has to do with, by its Chinese name."""
    alike = Counter(p.departments for p in left)
    named = {d.zh for departments in alike for d in departments}
    return Counter(
        {n: sum(count for d, count in alike.items() if is_responsible(d, n)) for n in named}
    )


def _values(programme: Programme, facet: str) -> tuple[str, ...]:
    match facet:
        case "jurisdiction":
            return (programme.jurisdiction,)
        case "measure":
            return (programme.measure,)
        case "instrument":
            return (programme.instrument,)
        case "commitment":
            return (programme.commitment.value,)
        case "kind":
            return programme.kinds
        case "department":
            return tuple(d.zh for d in programme.departments)
        case _:
            return programme.fields
