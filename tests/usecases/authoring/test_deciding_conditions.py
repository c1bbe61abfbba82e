"""Which conditions decided a result, and which files of standards do not come out as written."""

from datetime import date
from fractions import Fraction

from service.app import Services
from service.domain.evaluation.evaluator import Finding, evaluate_programme, subjects
from service.domain.rules.conditions import Clause, Connective, Group, Predicate
from service.domain.rules.operators import Range
from service.domain.rules.quantities import FactQuantity
from service.domain.text import Text
from service.domain.truth import Truth
from service.usecases.authoring.deciding_conditions import deciding_findings, deciding_words
from service.usecases.authoring.standard_cases import run_cases
from tests.usecases.meridian import request

DAY = date(2026, 6, 1)


def deciding(city: Services, day: date = DAY, **company: object) -> tuple[list[str], str]:
    """The facts of the tests that decide about the young firm, and the words for it."""
    catalogue = city.compiled.catalogue
    programme = catalogue.programmes["me-young-firm"]
    profile = city.compiled.requests.read(request(**company)).profile
    (subject,) = subjects(programme, profile)
    match = evaluate_programme(programme, subject, day)
    facts = [f.condition.facts[0] for f in deciding_findings(match.finding)]
    return facts, deciding_words(match, catalogue).en


def test_what_fails_decides(city: Services) -> None:
    """Not what holds beside it; its article, its words and what was seen are told."""
    facts, words = deciding(city, employees=51)
    assert facts == ["company.employees"]
    assert "50" in words
    assert "51" in words


def test_every_open_test_decides_what_is_open(city: Services) -> None:
    facts, _ = deciding(city, employees=None, founded_on=None)
    assert facts == ["company.employees", "company.founded_on"]


def test_out_of_its_window_the_days_decide(city: Services) -> None:
    _, words = deciding(city, date(2025, 12, 31))
    assert "2026-01-01 – 2026-12-31" in words


def test_a_part_without_a_number_is_called_by_its_title(own_huice: Services) -> None:
    """Not by the id that files call it by."""
    catalogue = own_huice.compiled.catalogue
    raw = {"profile": {"company": {"kind": "enterprise", "fields": ["conventional"],
                                   "registered_region": "310112"}}}  # fmt: skip
    programme = catalogue.programmes["sh-10-premium"]
    (subject,) = subjects(programme, own_huice.compiled.requests.read(raw).profile)
    words = deciding_words(evaluate_programme(programme, subject, DAY), catalogue)
    assert words.zh.startswith("“重点发展领域”：技术领域")


def test_a_standard_of_many_rows_is_told_by_its_name() -> None:
    """Not each of the industries that a firm is not in."""
    article, named = Clause("m", 1), Text("小微", "Size class: small")
    rows = [Predicate(FactQuantity("staff"), Range(Fraction(n)), article) for n in range(9)]
    for count, told in ((9, 1), (3, 3)):
        tests = tuple(rows[:count])
        size = Group(Connective.ANY, tests, article, term=named, term_only=True)
        finding = Finding(size, Truth.FALSE, children=tuple(Finding(r, Truth.FALSE) for r in tests))
        assert len(list(deciding_findings(finding))) == told


def test_every_example_of_the_standards_comes_out(own_huice: Services) -> None:
    """Categories, size classes and points models of the project."""
    found = list(run_cases(own_huice.compiled))
    assert len(found) > 50
    assert [str(d) for faults in found for d in faults] == []
