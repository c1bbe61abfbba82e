"""That what a programme file names exists: codes, articles, facts of projects, other programmes."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from service.catalogue.fault_words import joined_by_commas, quoted, say
from service.catalogue.faults import did_you_mean
from service.catalogue.measures import MeasureFile, check_code
from service.catalogue.yaml_tree import Document, Path
from service.domain.facts.vocabulary import Owner, Vocabulary
from service.domain.rules import conditions as tree
from service.domain.rules.measures import Measure
from service.domain.rules.programmes import Programme
from service.domain.rules.quantity_contents import counts_in
from service.domain.rules.record_tests import AwardTest


def check_articles(condition: tree.Condition, document: Document, measure: Measure) -> None:
    """A condition rests on an article that the measure has."""
    tests = (*tree.leaves(condition), *tree.tests_in(condition))
    named = {test.clause.article for test in tests if test.clause.measure == measure.id}
    for number in sorted((n for n in named if measure.article(n) is None), key=repr):
        known = [str(a.number) for a in measure.articles]
        words = say("has_no_article", measure=measure.id, article=quoted(number))
        document.fault(("conditions",), words, known)


def check_project_facts(
    condition: tree.Condition, raw: Mapping[str, Any], document: Document, vocabulary: Vocabulary
) -> None:
    """What is asked of a project is asked of one that the programme supports, and that has it."""
    for name in sorted(tree.facts_of(condition)):
        check_project_fact(name, ("conditions",), raw, document, vocabulary)


def check_project_fact(
    name: str, at: Path, raw: Mapping[str, Any], document: Document, vocabulary: Vocabulary
) -> None:
    fact = vocabulary.facts.get(name)
    if fact is None or fact.owner is not Owner.PROJECT:
        return
    kinds = supported_kinds(raw)
    if not kinds:
        document.fault(at, say("fact_of_a_project_without_support", name=name))
    missing = sorted(set(kinds) - set(fact.kinds)) if fact.kinds else ()
    if missing:
        words = say("is_no_fact_of_project_kind", name=name, names=joined_by_commas(missing))
        document.fault(at, words, fact.kinds)


def check_programmes_named(
    programmes: Iterable[Programme], documents: Mapping[str, Document], known: set[str]
) -> None:
    """A fault for every id by which a programme speaks of another that is not `known`."""
    for programme in programmes:
        for at, other in programmes_named(programme):
            document = documents[programme.path]
            if other == programme.id and at[0] == "excludes":
                document.fault(at, say("a_programme_does_not_exclude_itself"))
            _check_programme(other, at, document, known)


def programmes_named(programme: Programme) -> Iterator[tuple[Path, str]]:
    """The programmes that one speaks of, and where."""
    for i, other in enumerate(programme.excludes):
        yield ("excludes", i), other
    inside = (t.quantity for q in programme.money for t in tree.tests_below(q))
    for at, quantities in (
        ("conditions", (t.quantity for t in tree.tests_in(programme.condition))),
        ("benefit", (*programme.money, *inside)),
    ):
        tests = (count.test for quantity in quantities for count in counts_in(quantity))
        named = (p for test in tests if isinstance(test, AwardTest) for p in test.programmes)
        for other in dict.fromkeys(named):
            yield (at,), other


def check_numbers_named(measures: Iterable[MeasureFile], known: set[str]) -> None:
    """A fault for every number of an article that is said to be of a programme that is not
    `known`."""
    for home in measures:
        for i, article in enumerate(home.measure.articles):
            for j, number in enumerate(article.numbers):
                if number.programme is not None:
                    at = ("articles", i, "numbers", j, "programme")
                    _check_programme(number.programme, at, home.document, known)


def _check_programme(name: str, at: Path, document: Document, known: set[str]) -> None:
    if name not in known:
        document.fault(
            at, say("there_is_no_programme", name=quoted(name), hint=did_you_mean(name, known))
        )


def supported_kinds(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """The project kinds a programme supports; none where it is judged for the applicant."""
    kinds: tuple[str, ...] = raw.get("supports", ())
    return kinds


def check_codes(raw: Mapping[str, Any], document: Document, vocabulary: Vocabulary) -> None:
    single = {"instrument": "instruments", "purpose": "award_purposes",
              "jurisdiction": vocabulary.region_list}  # fmt: skip
    for key, name in single.items():
        if key in raw:
            check_code(raw[key], name, document, (key,), vocabulary)
    several = {"kinds": "kinds", "kinds_open": "kinds", "kinds_excluded": "kinds",
               "fields_": "fields", "supports": "project_kinds"}  # fmt: skip
    for key, name in several.items():
        for i, code in enumerate(codes := raw.get(key, ())):
            if code in codes[:i]:
                document.fault((key.rstrip("_"), i), say("code_is_named_twice", code=quoted(code)))
            check_code(code, name, document, (key.rstrip("_"), i), vocabulary)
    _check_kinds_apart(raw, document)


def _check_kinds_apart(raw: Mapping[str, Any], document: Document) -> None:
    """Whoever is addressed is neither left open nor excluded."""
    before: dict[str, str] = {}
    for key in ("kinds", "kinds_open", "kinds_excluded"):
        for i, code in enumerate(raw.get(key, ())):
            if before.setdefault(code, key) != key:
                said = say("kind_also_stands_in", code=quoted(code), key=before[code])
                document.fault((key, i), said)
