"""Runs the examples inside the files of categories, size standards and points models."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeAlias, assert_never

from service.catalogue.fault_words import at_place, say
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import Diagnostic, InvalidInput
from service.domain.evaluation.assessment import assess_category, size_class
from service.domain.evaluation.category_hints import category_hints
from service.domain.evaluation.claimed_certificates import find_conflicts
from service.domain.evaluation.scoring import score_model
from service.domain.facts.profile import Profile, company_subject
from service.domain.rules.points_model import PointsModel, StandardExample
from service.domain.rules.standards import Category, SizeStandard
from service.domain.text import Text
from service.rendering.json_parts import Json, plain_value

Standard: TypeAlias = Category | SizeStandard | PointsModel

_UNKNOWN = "unknown"
_SETS = {"possible", "failed", "missing"}


def run_cases(compiled: CompiledCatalogue) -> Iterator[tuple[Diagnostic, ...]]:
    """The faults of every example, one by one; none where it comes out as written."""
    catalogue = compiled.catalogue
    standards: list[Standard] = [
        *catalogue.categories.values(),
        *catalogue.sizes.values(),
        *catalogue.points.values(),
    ]
    for standard in standards:
        for case in standard.cases:
            yield tuple(
                Diagnostic(standard.path, case.line, at_place(standard.id, fault))
                for fault in _case_failures(compiled, case, _results_of(standard))
            )


def _results_of(
    standard: Standard,
) -> Callable[[Profile, date], Json]:
    match standard:
        case Category():
            return lambda profile, day: _category_result(standard, profile, day)
        case SizeStandard():
            return lambda profile, day: _size_result(standard, profile, day)
        case PointsModel():
            return lambda profile, day: _points_result(standard, profile, day)
        case _:
            assert_never(standard)


def _category_result(category: Category, profile: Profile, as_of: date) -> Json:
    found = assess_category(category, profile, as_of)
    return {
        "verdict": found.verdict.value,
        "known": found.decided_count,
        "failed": {c.criterion.id for c in found.failed},
        "missing": set(found.missing),
        "conflict": bool(find_conflicts((category,), profile, as_of)),
        "hint": bool(category_hints((category,), profile, as_of)),
    }


def _size_result(standard: SizeStandard, profile: Profile, as_of: date) -> Json:
    found = size_class(standard, profile, as_of)
    size = found.size.value if found.size else _UNKNOWN
    return {"size": size, "possible": {s.value for s in found.possible}}


def _points_result(model: PointsModel, profile: Profile, as_of: date) -> Json:
    found = score_model(model, company_subject(profile), as_of)
    passes = {"true": True, "false": False}.get(str(found.passes), _UNKNOWN)
    return {
        "score": _UNKNOWN if found.total is None else found.total,
        "low": _UNKNOWN if found.low is None else found.low,
        "high": _UNKNOWN if found.high is None else found.high,
        "passes": passes,
        "missing": set(found.missing),
    }


def _case_failures(
    compiled: CompiledCatalogue, case: StandardExample, results: Callable[[Profile, date], Json]
) -> Iterator[Text]:
    try:
        profile = compiled.reader.read_profile(_raw_profile(case.given), "")
    except InvalidInput as error:
        yield say("the_example_s_facts_are_refused", error=error.words)
        return
    seen = results(profile, case.as_of)
    for name, wanted in case.expect.items():
        expected = set(wanted) if name in _SETS and isinstance(wanted, list) else wanted
        if seen[name] != expected or isinstance(seen[name], bool) != isinstance(expected, bool):
            yield say(
                "is_expected",
                name=name,
                seen=_shown_value(seen[name]),
                expected=_shown_value(expected),
            )


def _raw_profile(given: Mapping[str, object]) -> Json:
    return {"company": {fact.partition(".")[2]: plain_value(v) for fact, v in given.items()}}


def _shown_value(value: object) -> str:
    if isinstance(value, set):
        return str(sorted(value))
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
