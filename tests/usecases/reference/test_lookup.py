"""Looking things up: by id, by criteria, page by page; and what a list leaves to choose."""

from dataclasses import replace
from datetime import date
from functools import partial
from random import Random
from typing import Any, TypeVar

import pytest

from service.app import Services
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiled.programme_table import SORTED
from service.domain.errors import InvalidInput, NotFound
from service.domain.rules.programmes import Programme
from service.domain.truth import Truth
from service.usecases.reference.facets import facets
from service.usecases.reference.lookup import (
    ProgrammeQuery,
    find_article,
    find_list,
    find_measure,
    list_programmes,
)

T = TypeVar("T")


@pytest.fixture
def ours(own_huice: Services) -> CompiledCatalogue:
    return own_huice.compiled


def nothing(_: str) -> list[str]:
    return []


def test_a_wrong_id_is_answered_with_the_nearest(ours: CompiledCatalogue) -> None:
    catalogue = ours.catalogue
    with pytest.raises(NotFound) as refused:
        find_measure(catalogue, "sh-2025-9")
    assert refused.value.suggestion == "sh-2025-8"
    with pytest.raises(NotFound) as refused:
        find_list(catalogue, "region")
    assert refused.value.suggestion == "regions"
    measure = find_measure(catalogue, "sh-2025-8")
    assert find_article(measure, "8").number == 8
    with pytest.raises(NotFound):
        find_article(measure, "eight")


def test_pages_hold_every_programme_once(ours: CompiledCatalogue) -> None:
    """Going on by the cursor until there is none."""
    query, seen = ProgrammeQuery(limit=50), list[str]()
    while True:
        page = list_programmes(ours, query, nothing)
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query = replace(query, cursor=page["next_cursor"])
    assert seen == list(ours.catalogue.programmes)
    assert page["total"] == len(seen)


def test_a_cursor_belongs_to_its_query(ours: CompiledCatalogue) -> None:
    """Another criterion is another list."""
    cursor = list_programmes(ours, ProgrammeQuery(limit=1), nothing)["next_cursor"]
    with pytest.raises(InvalidInput):
        list_programmes(ours, ProgrammeQuery(measure="sh-2025-8", cursor=cursor), nothing)


def test_full_text_gives_the_order(ours: CompiledCatalogue) -> None:
    """Best first, as the search says; what it finds elsewhere is passed over."""
    first, second, *_ = reversed(list(ours.catalogue.programmes))
    page = list_programmes(ours, ProgrammeQuery(q="any"), lambda _: [first, "nothing", second])
    assert [item["id"] for item in page["items"]] == [first, second]


def test_a_facet_counts_what_its_value_would_leave(ours: CompiledCatalogue) -> None:
    """For each measure as many as listing it gives; the choice itself does not narrow them."""
    chosen = ProgrammeQuery(measure="sh-2025-8", commitment="facilitation")
    counted = facets(ours, chosen, nothing)
    for found in counted["measure"]:
        there = list_programmes(ours, replace(chosen, measure=found.value), nothing)
        assert found.count == there["total"]
    assert {f.value for f in counted["measure"]} > {"sh-2025-8"}
    assert [f.count for f in counted["measure"]] == sorted(
        (f.count for f in counted["measure"]), reverse=True
    )


def _fits(ours: CompiledCatalogue, programme: Programme, query: ProgrammeQuery) -> bool:
    """What the criteria mean, for one programme."""
    of, wanted = ours.catalogue.vocabulary.regions.relation, query.jurisdiction
    named = query.department.casefold() if query.department else ""
    called = {d.zh for p in ours.catalogue.programmes.values() for d in p.departments}
    return (
        query.measure in (None, programme.measure)
        and query.instrument in (None, programme.instrument)
        and query.commitment in (None, programme.commitment)
        and (query.kind is None or query.kind in programme.kinds)
        and (query.field is None or query.field in programme.fields)
        and (wanted is None or of(wanted, programme.jurisdiction) is Truth.TRUE)
        and (query.in_force_on is None or query.in_force_on in programme.window)
        and (
            query.department is None
            or any(
                named == d.zh if named in called else named in d.zh or named in d.en.casefold()
                for d in programme.departments
            )
        )
    )


def test_a_list_is_what_its_criteria_mean(ours: CompiledCatalogue) -> None:
    """Of one programme at a time, in the order found or the catalogue's, ties as they came."""
    random = Random(12)
    programmes = list(ours.catalogue.programmes.values())
    for _ in range(60):
        may_be = _criteria(random, random.choice(programmes))
        named = random.sample([*may_be], random.randint(1, 3))
        query = ProgrammeQuery(limit=200, **{name: may_be[name] for name in named})
        hits = random.sample(programmes, 40)
        recent = {p.id for p in random.sample(programmes, 60)}
        wanted = [p for p in (hits if query.q else programmes) if _fits(ours, p, query)]
        wanted = [p for p in wanted if query.changed_since is None or p.id in recent]
        if query.sort:
            wanted.sort(key=SORTED[query.sort])
        search, changed = partial(_always, [p.id for p in hits]), partial(_always, recent)
        page = list_programmes(ours, query, search, changed)
        assert [item["id"] for item in page["items"]] == [p.id for p in wanted], query
        if query.measure:
            counted = facets(ours, query, search, changed)["measure"]
            here = [f.count for f in counted if f.value == query.measure]
            assert here == ([len(wanted)] if wanted else [])


def _always(found: T, _asked: object) -> T:
    return found


def _criteria(random: Random, programme: Programme) -> dict[str, Any]:
    """A value for each criterion, which the programme mostly has."""
    department = programme.departments[0]
    return {
        "measure": programme.measure,
        "jurisdiction": random.choice([programme.jurisdiction, "310115"]),
        "instrument": programme.instrument,
        "commitment": programme.commitment.value,
        "kind": random.choice([*programme.kinds, "nobody"]),
        "field": random.choice([*programme.fields, "other"]),
        "department": random.choice([department.zh[:2], department.en]),
        "in_force_on": random.choice([date(2025, 9, 26), date(2031, 1, 1)]),
        "q": "any",
        "sort": random.choice([*SORTED]),
        "changed_since": "a day",
    }
