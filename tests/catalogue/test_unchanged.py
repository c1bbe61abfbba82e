"""A catalogue read over an earlier one: whatever changed, it is the one that reading all files
gives, and what did not change is not read again."""

from functools import cache
from pathlib import Path

import pytest

from service.catalogue.loader import load_catalogue
from service.catalogue.source import Source, digests_of, read_source
from service.catalogue.unchanged import EarlierCatalogue
from service.domain.errors import BrokenCatalogue
from service.domain.rules.catalogue import Catalogue
from tests.catalogue.diagnosing import diagnose
from tests.catalogue.test_shared_caps import delta

LAGOON, ISLE = "policies/lagoon", "policies/isle"
ANGEL, LOSSES = f"{LAGOON}/25-lagoon-angel.yaml", f"{LAGOON}/26-lagoon-losses.yaml"
MATCH, RENT = f"{LAGOON}/16-lagoon-district-match.yaml", f"{ISLE}/01-rent.yaml"
OVERLAY = "policies/applications/lagoon.yaml"
SAYS = b"applications: {lagoon-angel: {url: 'https://lagoon.example/a'}}"
PROVISIONS = Path(__file__).parents[1] / "usecases" / "authoring" / "provisions" / "policies"


@cache
def cities() -> dict[str, bytes]:
    """Two made-up cities; one programme asks whether another was received, and an overlay says how
    to apply for a third."""
    source = {**read_source(PROVISIONS, PROVISIONS.parent), OVERLAY: SAYS}
    asked = source[MATCH].replace(
        b"{level: municipal, year: last_year}", b"{programme: lagoon-losses}"
    )
    assert asked != source[MATCH]
    return {**dict(sorted(source.items())), MATCH: asked}


@cache
def earlier() -> EarlierCatalogue:
    return EarlierCatalogue(load_catalogue(cities()), digests_of(cities()))


def with_text(path: str, old: str, new: str) -> dict[str, bytes]:
    text = cities()[path].decode()
    assert old in text
    return {**cities(), path: text.replace(old, new).encode()}


def without(path: str) -> dict[str, bytes]:
    return {name: content for name, content in cities().items() if name != path}


def beside(path: str, name: str) -> dict[str, bytes]:
    """With a copy of a programme under another name and in another file."""
    copied = cities()[path].replace(b"id: lagoon-angel", f"id: {name}".encode())
    return dict(sorted({**cities(), f"{path[:-5]}-copy.yaml": copied}.items()))


def read_anew(found: Catalogue, before: EarlierCatalogue) -> set[str]:
    known = before.catalogue.programmes
    return {name for name, p in found.programmes.items() if known.get(name) is not p}


@pytest.mark.parametrize(
    ("source", "anew"),
    [
        (cities(), set()),
        (with_text(ANGEL, "500_000, per", "600_000, per"), {"lagoon-angel"}),
        (
            with_text(LOSSES, "name: {zh: ", "name: {zh: 新"),
            {"lagoon-losses", "lagoon-angel", "lagoon-district-match"},
        ),
        (beside(ANGEL, "lagoon-devil"), {"lagoon-devil"}),
        (without(RENT), set()),
        ({**without(RENT), f"{ISLE}/99-rent.yaml": cities()[RENT]}, {"rent"}),
    ],
    ids=["nothing", "an amount", "a name", "one more", "one less", "moved"],
)
def test_what_did_not_change_is_taken_over(source: Source, anew: set[str]) -> None:
    """But for a programme that names another, which may be called otherwise now."""
    found = load_catalogue(source, earlier())
    assert repr(found) == repr(load_catalogue(source))
    assert read_anew(found, earlier()) == anew


@pytest.mark.parametrize(
    ("path", "old", "new", "resting"),
    [
        (f"{ISLE}/measure.yaml", "issuers: [{zh: ", "issuers: [{zh: 新", ISLE),
        ("policies/vocabulary.yaml", "label: {zh: ", "label: {zh: 新", "policies"),
        (OVERLAY, "/a", "/b", "policies"),
    ],
    ids=["measure", "vocabulary", "overlay"],
)
def test_what_others_rest_on_has_them_read_again(
    path: str, old: str, new: str, resting: str
) -> None:
    source = with_text(path, old, new)
    found = load_catalogue(source, earlier())
    assert repr(found) == repr(load_catalogue(source))
    programmes = found.programmes.items()
    assert read_anew(found, earlier()) >= {
        name for name, programme in programmes if programme.path.startswith(f"{resting}/")
    }


def test_a_cap_on_several_programmes_binds_those_that_there_are_now() -> None:
    """So nothing of a measure that has one is taken over but all of it."""
    before = EarlierCatalogue(load_catalogue(delta()), digests_of(delta()))
    (path,) = (name for name in delta() if name.endswith("06-match.yaml"))
    source = {**delta(), path: delta()[path] + b"# reviewed\n"}
    found = load_catalogue(source, before)
    assert repr(found) == repr(load_catalogue(source))
    assert read_anew(found, before) == set(found.programmes)
    assert not read_anew(load_catalogue(delta(), before), before)


@pytest.mark.parametrize(
    "source",
    [
        without(LOSSES),
        beside(ANGEL, "lagoon-angel"),
        with_text(ANGEL, "commitment: funding", "commitment: found"),
        without(f"{ISLE}/measure.yaml"),
        with_text(f"{ISLE}/measure.yaml", "id: isle", "id: lagoon"),
        with_text(ANGEL, "excludes: [lagoon-losses]", "excludes: [lagoon-gains]"),
    ],
    ids=["named", "twice", "wrong", "homeless", "same measure", "unknown"],
)
def test_a_fault_is_told_as_if_all_had_been_read(source: Source) -> None:
    with pytest.raises(BrokenCatalogue) as told:
        load_catalogue(source, earlier())
    assert told.value.diagnostics == diagnose(source)
