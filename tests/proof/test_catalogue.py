"""The project's own catalogue is proven, and what the solver says is checked by evaluation."""

from datetime import date
from functools import cache

import pytest
from click.testing import CliRunner

from service.catalogue.loader import load_catalogue
from service.cli import main
from service.cli.context import Context
from service.cli.policies import catalogue_of
from service.domain.evaluation.evaluator import Status, evaluate, evaluate_programme
from service.intake.profiles import ProfileReader
from service.usecases.authoring.proof import Proof, diagnostics, proof_json, prove_catalogue
from tests.catalogue.test_loader import good


@cache
def proof() -> Proof:
    return prove_catalogue(catalogue_of(Context()))


def test_no_programme_has_a_fault() -> None:
    """Everything can be met, nothing contradicts, every condition decides for somebody."""
    assert [str(d) for d in diagnostics(proof())] == []


def test_what_decides_nothing_on_one_day_alone_is_no_fault() -> None:
    """Founded since the first day, and at most ninety days ago: from the ninetieth day on the
    first is one test too many, before it the second. Asked for a day, that is told."""
    source = good()
    path = "policies/aid/01-solar.yaml"
    young = "{fact: company.founded_on, age_less_than: {years: 10}}"
    written = source[path].decode()
    assert young in written
    both = (
        "{fact: company.founded_on, age_at_most: {days: 90}}\n"
        "    - {fact: company.founded_on, on_or_after: 2026-02-01}"
    )
    catalogue = load_catalogue({**source, path: written.replace(young, both).encode()})
    on_the_day = [d.message.en for d in diagnostics(prove_catalogue(catalogue, date(2026, 11, 22)))]
    ever = [d.message.en for d in diagnostics(prove_catalogue(catalogue))]
    (told,) = (words for words in on_the_day if words not in ever)
    assert told.endswith("never changes a result: Date of founding: on or after 2026-02-01")
    assert len(ever) == len(on_the_day) - 1


def test_every_programme_has_an_example() -> None:
    """The solver shows a subject for each programme, with the status it says."""
    found = {p.programme.id: p for p in proof().programmes}
    assert found.keys() == proof().catalogue.programmes.keys()
    for proven in found.values():
        assert proven.witness is not None
        undetermined = proven.witness.status is Status.UNDETERMINED
        assert undetermined == proven.decided_elsewhere


def test_examples_are_profiles_that_anybody_could_submit() -> None:
    """The strict reader takes each example, and the evaluator gives the status it names."""
    reader = ProfileReader(proof().catalogue.vocabulary)
    programmes = proof().catalogue.programmes
    for example in proof_json(proof())["examples"]:
        profile, _ = reader.read(example["profile"], "")
        [proven] = [p for p in proof().programmes if p.programme.id == example["programme"]]
        evaluation = evaluate(proof().catalogue, profile, proven.as_of)
        programme = programmes[example["programme"]]
        statuses = {m.status.value for m in evaluation.matches if m.programme is programme}
        assert example["status"] in statuses, example


def test_overlaps_are_confirmed_by_evaluation() -> None:
    """One company that meets both, where the pair is certain; that fails neither, where not."""
    for overlap in proof().overlaps:
        subjects = zip((overlap.first, overlap.second), overlap.example, strict=True)
        statuses = {evaluate_programme(p, subject, proof().as_of).status for p, subject in subjects}
        if overlap.certain:
            assert statuses <= {Status.POTENTIAL, Status.ELIGIBLE, Status.WATCH}, overlap
        else:
            assert Status.INELIGIBLE not in statuses, overlap


def test_command_says_what_was_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    """`huice policies prove` counts programmes and conditions and leaves with 0."""
    known = proof()  # proven once for all tests
    monkeypatch.setattr("service.usecases.authoring.proof.prove_catalogue", lambda *_: known)
    result = CliRunner().invoke(main, ["--lang", "en", "policies", "prove"])
    assert result.exit_code == 0, result.output
    assert f"{len(proof().programmes)} programmes, {proof().conditions} conditions" in result.output


def test_command_without_the_solver_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback where z3 is absent."""
    monkeypatch.setattr("service.cli.proof.find_spec", lambda _: None)
    result = CliRunner().invoke(main, ["--lang", "en", "policies", "prove"])
    assert result.exit_code == 1
    assert "pip install 'huice[proof]'" in result.output
