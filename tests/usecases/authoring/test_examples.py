"""Examples are run, and one that fails says why."""

from service.catalogue.loader import load_catalogue
from service.catalogue.source import read_source
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.settings import PROJECT
from service.usecases.authoring.examples import refused_examples, run_examples
from tests.usecases.authoring.isles import isles


def test_quotes_of_another_alphabet_are_told_as_what_they_are() -> None:
    """Not as a code that the list has not, which reads as the one that it has."""
    bench = isles(cap=("company.size: micro,", "company.size: “micro”,"))
    words = {f.message.en for f in refused_examples(bench, bench.catalogue.programmes.values())}
    (told,) = words
    assert told == (
        "isles-solar: the example's facts are refused: '“micro”': "
        "the full-width '“' (U+201C) is no sign of YAML: write '\"'"
    )


def test_a_failing_example_names_the_condition_that_decided() -> None:
    """Where it stands in the measure, what it asks, and what was stated."""
    bench = isles(cap=("{company.region: main}\n    expect: {status: ineligible}",
                       "{company.region: main}\n    expect: {status: eligible}"))  # fmt: skip
    (fault,) = run_examples(bench).failures
    assert fault.message.en == (
        "isles-solar: status is ineligible, expected eligible; "
        "art. 1: Island: within Outer islands (stated: main Main island)"
    )


def test_facts_that_all_examples_have_in_common_are_refused_once() -> None:
    """They stand in `given`; lint and test tell them at the first of the examples."""
    bench = isles(cost=("project.cost: 8_000}", "project.cost: -8_000}"))
    programmes = bench.catalogue.programmes.values()
    (told,) = refused_examples(bench, programmes)
    assert "the example's facts are refused" in told.message.en
    refused = [f for f in run_examples(bench).failures if "facts are refused" in f.message.en]
    assert len(refused) == 1


def test_the_least_of_all_is_no_figure_to_miss() -> None:
    """`low: 0` is what an open amount begins at where nothing is told of it."""
    bench = isles(cap=(
        "{company.size: unknown}\n    expect: {status: undetermined,",
        ("{company.size: unknown, project.cost: unknown}\n"
        "    expect: {status: undetermined, ceiling: unknown, low: 0,"),
    ))  # fmt: skip
    assert run_examples(bench).failures == ()


def test_an_example_that_fails_says_which_public_figure_is_not_known() -> None:
    """Beyond the day on which it was last looked up nothing can come out as written."""
    source = dict(read_source(PROJECT / "conformance" / "catalogue", PROJECT / "seeds"))
    path = "policies/harbour/wages-for-staff.yaml"
    facts = "as_of: 2027-03-01, with: {company.kind: [firm], company.staff: 3}"
    expect = f"[{{{facts}, expect: {{status: potential, ceiling: 24_003}}}}]"
    shown = b"[{expect: {status: undetermined}}]"
    assert shown in source[path]
    source[path] = source[path].replace(shown, expect.encode())
    run = run_examples(CompiledCatalogue(load_catalogue(source)))
    told = [fault.message.en for fault in run.failures if fault.file == path]
    assert "ceiling is unknown, expected 24003.00" in told[0]
    assert "mean wage: the value of 2027-03-01 is not known" in told[1]


def test_an_example_whose_amount_stays_open_says_what_it_does_not_state() -> None:
    """Money less what was had turns on whether anything was: an empty list says that nothing."""
    bench = isles(cost=("- expect: {status: eligible, ceiling: 4_000}",
                        ("- with: {project.cost: unknown}\n"
                        "    expect: {status: eligible, ceiling: 4_000}")))  # fmt: skip
    told = [fault.message.en for fault in run_examples(bench).failures]
    assert any("the amount turns on project.cost, which the example does not" in t for t in told)
