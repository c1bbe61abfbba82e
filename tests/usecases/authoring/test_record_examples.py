"""Examples of what an applicant holds, proposed for a programme's file."""

from pathlib import Path

import pytest

from service.catalogue.loader import load_catalogue
from service.catalogue.source import read_source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.usecases.authoring.boundary_yaml import boundary_yaml
from service.usecases.authoring.examples import run_examples

FOLDER = Path(__file__).parent / "provisions" / "policies"


@pytest.fixture(scope="module")
def city() -> CompiledCatalogue:
    return CompiledCatalogue(load_catalogue(read_source(FOLDER, FOLDER.parent)))


def proposed(city: CompiledCatalogue, programme: str, fact: str) -> list[tuple[str, str]]:
    """What is stated of a fact that holds records, with what comes out."""
    lines = boundary_yaml(city, city.catalogue.programmes[programme]).splitlines()
    asked = [n for n, line in enumerate(lines) if f"{{{fact}: [" in line]
    return [(lines[n].partition(f"{fact}: ")[2].rstrip("}"), lines[n + 1]) for n in asked]


def test_support_that_is_taken_off_is_shown_at_two_levels(city: CompiledCatalogue) -> None:
    """Where the rule names no level both count: an author who means one of them sees it."""
    found = proposed(city, "listing", "company.awards")
    assert [("national" in stated, "2_990_000" in out) for stated, out in found] == [
        (True, True), (False, True),
    ]  # fmt: skip


def test_support_of_another_level_than_the_rule_means_is_shown_too(
    city: CompiledCatalogue,
) -> None:
    """Municipal support of last year is matched, what the state gave is not."""
    (meant, matched), (other, refused) = proposed(city, "lagoon-district-match", "company.awards")
    assert ("level: municipal" in meant, "year: 2030" in meant) == (True, True)
    assert "ceiling: 10_000" in matched
    assert "level: national" in other
    assert "ineligible" in refused


def test_a_former_certificate_stands_beside_the_own_one(city: CompiledCatalogue) -> None:
    """One from the day before the programme begins, and a second one: what is paid for the first
    time only shows there."""
    found = proposed(city, "high-tech", "company.certificates")
    outcomes = [(stated.count("category"), "ineligible" in out) for stated, out in found]
    assert outcomes == [(1, True), (2, False)]
    assert "ceiling: 100_000" in found[1][1]


def test_what_is_proposed_is_read_as_it_stands(city: CompiledCatalogue) -> None:
    """Pasted into the file, the examples pass: days, amounts, ids and years as a file has them."""
    for name in ("05-listing", "11-high-tech", "13-lagoon-little-giant"):
        (path,) = [p for p in read_source(FOLDER, FOLDER.parent) if p.endswith(f"{name}.yaml")]
        source = dict(read_source(FOLDER, FOLDER.parent))
        head, _, _ = source[path].decode().partition("\nexamples:")
        programme = next(p for p in city.catalogue.programmes.values() if p.path == path)
        text = f"{head}\n{boundary_yaml(city, programme)}"
        again = CompiledCatalogue(load_catalogue({**source, path: text.encode()}))
        run = run_examples(again, [again.catalogue.programmes[programme.id]])
        assert run.failures == ()
        assert run.count > 8
