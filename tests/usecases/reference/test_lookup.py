"""Looking things up: by id, by criteria, page by page; and what a list leaves to choose."""

from dataclasses import replace

import pytest

from service.app import Services
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import InvalidInput, NotFound
from service.usecases.reference.facets import facets
from service.usecases.reference.lookup import (
    ProgrammeQuery,
    find_article,
    find_list,
    find_measure,
    list_programmes,
)


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
    counted = facets(ours.catalogue, chosen, nothing)
    for found in counted["measure"]:
        there = list_programmes(ours, replace(chosen, measure=found.value), nothing)
        assert found.count == there["total"]
    assert {f.value for f in counted["measure"]} > {"sh-2025-8"}
    assert [f.count for f in counted["measure"]] == sorted(
        (f.count for f in counted["measure"]), reverse=True
    )
