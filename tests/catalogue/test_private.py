"""An operator's own folder: a bank's loans and its own numbers for a points model."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from service.catalogue.loader import load_catalogue
from service.catalogue.source import read_source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.evaluation.scoring import score_model
from service.domain.facts.profile import Profile, Value, company_subject
from service.domain.rules.catalogue import Catalogue
from service.domain.truth import Truth
from service.proof.prover import prove, shared_space
from service.settings import PROJECT
from service.usecases.authoring.examples import run_examples
from tests.catalogue.diagnosing import diagnose
from tests.own import own_catalogue

FOLDER = Path(__file__).with_name("riverbank")
TODAY = date(2026, 11, 22)
LOAN = "private/riverbank/maker-loan.yaml"
OVERLAY = "private/riverbank/points/pilot.yaml"


@pytest.fixture(scope="module")
def source() -> Mapping[str, bytes]:
    return read_source(PROJECT / "policies", PROJECT / "seeds", (FOLDER,))


@pytest.fixture(scope="module")
def few(source: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The folder with the little of ours that it needs."""
    kept = ("policies/vocabulary.yaml", "policies/points/", "private/", "seeds/")
    return {path: content for path, content in source.items() if path.startswith(kept)}


@pytest.fixture(scope="module")
def catalogue(source: Mapping[str, bytes]) -> Catalogue:
    return load_catalogue(source)


@pytest.fixture(scope="module")
def ours() -> Catalogue:
    return own_catalogue()


def changed(source: Mapping[str, bytes], path: str, old: str, new: str) -> Mapping[str, bytes]:
    text = source[path].decode("utf-8")
    assert old in text
    return {**source, path: text.replace(old, new).encode("utf-8")}


def test_its_programmes_stand_beside_ours_and_change_none(
    catalogue: Catalogue, ours: Catalogue
) -> None:
    """Ids carry the folder's name; every programme of ours is the same with and without them."""
    added = catalogue.programmes.keys() - ours.programmes.keys()
    assert added == {"riverbank.maker-loan", "riverbank.rebate"}
    assert catalogue.measures.keys() - ours.measures.keys() == {"riverbank.loans-2026"}
    assert catalogue.points.keys() - ours.points.keys() == {"riverbank.pilot-points"}
    assert not ours.programmes.keys() - catalogue.programmes.keys()


def test_its_examples_run_with_ours(catalogue: Catalogue) -> None:
    """The same runner, the same reader: those of the folder and all others pass."""
    run = run_examples(CompiledCatalogue(catalogue))
    assert run.failures == ()
    own = [e for p in catalogue.programmes.values() for e in p.examples if "riverbank" in p.path]
    assert len(own) == 14


def test_its_programmes_are_proven_like_ours(catalogue: Catalogue) -> None:
    """Each can be met, and no condition is dead."""
    space = shared_space(catalogue)
    for name in ("riverbank.maker-loan", "riverbank.rebate"):
        proven = prove(space, catalogue.programmes[name], TODAY)
        assert not proven.faults
        assert proven.checked > 1


@pytest.mark.parametrize(
    ("path", "old", "new", "line", "words"),
    [
        (LOAN, "id: riverbank.maker-loan", "id: sh-08-first-set", 1, "begin with 'riverbank'"),
        (LOAN, "at_most: 36", "at_most: 36, maximum: 9", 13, "bounds"),
        (LOAN, "holds: [technology_sme", "holds: [technology_small", 12, "technology_small"),
        (OVERLAY, "id: riverbank.pilot-points", "id: pilot-points", 1, "begin with 'riverbank'"),
        (OVERLAY, "id: platforms", "id: platform", 24, "no indicator 'platform'"),
        (OVERLAY, "zhongguancun-pilot-points", "zhongguancun", 2, "no points model"),
        (OVERLAY, "zhongguancun-pilot-points", "technology-sme-115", 6, "is not open"),
        (OVERLAY, "weights: 40", "weights: -40", 12, "a weight is a number"),
        (OVERLAY, "weights: 40", "label: {zh: 研发, en: R&D}", 11, "only what"),
    ],
)
def test_a_fault_in_it_is_told_by_file_and_line(
    few: Mapping[str, bytes], path: str, old: str, new: str, line: int, words: str
) -> None:
    """Nothing loads then, and the message names the place."""
    found = diagnose(changed(few, path, old, new))
    assert any(f.file == path and f.line == line and words in str(f) for f in found), found


def test_a_folder_of_the_same_programme_twice_is_refused(few: Mapping[str, bytes]) -> None:
    """One id, one file."""
    twin = {**few, "private/riverbank/twin.yaml": few[LOAN]}
    assert any("already in" in f.message.en for f in diagnose(twin))


def test_its_numbers_let_an_open_model_score(catalogue: Catalogue) -> None:
    """The bank's version scores; the city's own model still does not, and says why."""
    facts: dict[str, Value] = {"company.kind": "enterprise", "company.rnd_expense": 5_000_000}
    subject = company_subject(Profile(facts))
    theirs = score_model(catalogue.points["riverbank.pilot-points"], subject, TODAY)
    assert theirs.low == 40
    assert theirs.high == 100
    assert theirs.gaps == catalogue.points["zhongguancun-pilot-points"].open
    city = score_model(catalogue.points["zhongguancun-pilot-points"], subject, TODAY)
    assert (city.low, city.high, city.passes) == (None, None, Truth.UNKNOWN)
    assert any("weights not published" in gap.en for gap in city.gaps)
    assert any("pass mark" in gap.en for gap in city.gaps)


def test_numbers_supplied_in_part_leave_the_rest_open(few: Mapping[str, bytes]) -> None:
    """One weight missing, and nothing is scored; the gap names the indicator."""
    partly = load_catalogue(changed(few, OVERLAY, "    weights: 40\n", ""))
    found = score_model(partly.points["riverbank.pilot-points"], company_subject(Profile()), TODAY)
    assert found.low is None
    assert [gap.en for gap in found.gaps if "weights" in gap.en] == [
        "weights not published: R&D investment"
    ]
