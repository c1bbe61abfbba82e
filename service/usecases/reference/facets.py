"""Facets of the library: how many programmes each value of a criterion would leave."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiled.programme_table import Departments, names_of
from service.domain.index.bitset import BitSet
from service.domain.rules.catalogue import Catalogue
from service.domain.truth import Truth
from service.usecases.reference.lookup import ProgrammeQuery, fitting

K = TypeVar("K")
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
    compiled: CompiledCatalogue,
    query: ProgrammeQuery,
    search: Callable[[str], Iterable[str]],
    changed: Callable[[str | date], Container[str]] | None = None,
) -> dict[str, list[FacetValue]]:
    """For each criterion its values with counts, most programmes first.

    A criterion's own choice does not narrow its own counts, so that another value can be chosen.
    """
    table = compiled.table
    hits = table.all_programmes if query.q is None else table.bits_of(search(query.q))
    selected: dict[ProgrammeQuery, BitSet] = {}
    values: dict[str, list[FacetValue]] = {}
    for facet in FACETS:
        without: dict[str, Any] = {facet: None}
        others = replace(query, **without)
        if others not in selected:  # most criteria are left open, and leave the same
            selected[others] = hits & fitting(compiled, others, changed)
        counted = _counts(compiled, facet, selected[others])
        values[facet] = [
            FacetValue(value, count)
            for value, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        ]
    return values


def _counts(compiled: CompiledCatalogue, facet: str, left: BitSet) -> Mapping[str, int]:
    """How many of some programmes each value leaves, of those that leave any."""
    table = compiled.table
    if facet == "department":
        return _by_department(_counted(table.of_departments, left))
    counted = _counted(table.having[facet], left)
    return _by_place(compiled.catalogue, counted) if facet == "jurisdiction" else counted


def _counted(sets: Mapping[K, BitSet], left: BitSet) -> dict[K, int]:
    counts = {key: (bits & left).bit_count() for key, bits in sets.items()}
    return {key: count for key, count in counts.items() if count}


def _by_place(catalogue: Catalogue, covering: Mapping[str, int]) -> dict[str, int]:
    """How many programmes may be claimed at each place: what holds in a wider one counts too."""
    relation = catalogue.vocabulary.regions.relation
    return {
        place: sum(n for wider, n in covering.items() if relation(place, wider) is Truth.TRUE)
        for place in covering
    }


def _by_department(alike: Mapping[Departments, int]) -> dict[str, int]:
    """How many programmes each department has to do with, by its Chinese name."""
    counts: Counter[str] = Counter()
    for departments, count in alike.items():
        for name in names_of(departments):
            counts[name] += count
    return {d.zh: counts[d.zh.casefold()] for departments in alike for d in departments}
