"""Facets of the library: how many programmes each value of a criterion would leave."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.rules.catalogue import Programme
from service.domain.truth import Truth
from service.usecases.reference.lookup import LARGEST_PAGE, ProgrammeQuery, list_programmes

FACETS = ("jurisdiction", "measure", "instrument", "commitment", "kind", "field")
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
    compiled: CompiledCatalogue, query: ProgrammeQuery, search: Callable[[str], Iterable[str]]
) -> dict[str, list[FacetValue]]:
    """For each criterion its values with counts, most programmes first.

    A criterion's own choice does not narrow its own counts, so that another value can be chosen.
    """
    found: dict[str, list[FacetValue]] = {}
    hits = None if query.q is None else list(search(query.q))
    for facet in FACETS:
        others = replace(query, **{facet: None}, cursor=None, limit=LARGEST_PAGE)
        left = list(_matching(compiled, others, hits))
        counted = Counter(value for programme in left for value in _values(programme, facet))
        if facet == "jurisdiction":
            counted = _by_place(compiled, left)
        found[facet] = [
            FacetValue(value, count)
            for value, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        ]
    return found


def _by_place(compiled: CompiledCatalogue, left: list[Programme]) -> Counter[str]:
    """How many programmes may be claimed at each place: what holds in a wider one counts too."""
    regions = compiled.catalogue.vocabulary.regions
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


def _matching(
    compiled: CompiledCatalogue, query: ProgrammeQuery, hits: list[str] | None
) -> Iterable[Programme]:
    page = list_programmes(compiled, replace(query, limit=10**6), lambda _: hits or [])
    return (compiled.catalogue.programmes[item["id"]] for item in page["items"])


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
        case _:
            return programme.fields
