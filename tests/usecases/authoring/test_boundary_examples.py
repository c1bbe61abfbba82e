"""Examples that follow from a measure: its days, and where the applicant is."""

from dataclasses import replace

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.rules.conditions import Predicate
from service.domain.rules.operators import InSet
from service.domain.rules.quantities import FactQuantity
from service.usecases.authoring.boundary_examples import boundary_examples
from service.usecases.authoring.examples import run_examples
from tests.usecases.authoring.isles import isles


def test_days_and_places_follow_from_the_measure(ours: CompiledCatalogue) -> None:
    """For every programme four days around its window, where it has two ends; for those with a
    condition on the place, four places too. All come out."""
    vocabulary = ours.catalogue.vocabulary
    first_set = ours.catalogue.programmes["sh-08-first-set"]
    made = [(b.say.en, str(b.example.as_of)) for b in boundary_examples(first_set, vocabulary)]
    assert [say for say, _ in made] == [
        "the day before it begins",
        "the first day",
        "the last day",
        "the day after the last",
        "registered here",
        "registered elsewhere, not present here",
        "registered elsewhere, present here only",
        "nobody said where",
    ]
    assert [day for _, day in made[:4]] == ["2025-09-25", "2025-09-26", "2030-09-25", "2030-09-26"]
    run = run_examples(ours)
    assert run.failures == ()
    assert run.derived > 4 * len(ours.catalogue.programmes)


def test_who_is_elsewhere_is_in_none_of_several_places(ours: CompiledCatalogue) -> None:
    """Nor around one: Beijing may be Haidian, where the first of the places is in Zhejiang."""
    vocabulary = ours.catalogue.vocabulary
    programme = ours.catalogue.programmes["sh-08-first-set"]
    places = InSet(("330102", "110108"), codes=vocabulary.regions)
    asked = Predicate(FactQuantity("company.registered_region"), places, programme.clause)
    rule = replace(programme.condition, children=(asked,))
    (away,) = (
        made.example.given["company.registered_region"]
        for made in boundary_examples(replace(programme, condition=rule), vocabulary)
        if made.say.en.startswith("registered elsewhere")
    )
    assert away not in ("110000", "110108", "330000", "330100", "330102")


def test_a_rule_that_leaves_the_place_open_fails_what_follows_from_it() -> None:
    """A second way past the place is found by an example that nobody typed."""
    bench = isles(
        way=(
            "- {use: on_the_outer_islands}",
            "- any: [{use: on_the_outer_islands}, {fact: company.size, is: micro}]",
        )
    )
    assert [b.say.en for b in boundary_examples(
        bench.catalogue.programmes["isles-solar"], bench.catalogue.vocabulary
    )][4:] == []  # fmt: skip
    bench = isles(size=("one_of: [micro, small]", "one_of: [small]"))
    failed = run_examples(bench).failures
    assert any("Size: Small" in f.message.en and "stated: micro" in f.message.en for f in failed)
