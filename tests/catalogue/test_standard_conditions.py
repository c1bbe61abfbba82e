"""Size classes, category standards and points inside conditions mean what the standards mean."""

from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

from service.catalogue.conditions import Compiler
from service.catalogue.source import read_source
from service.catalogue.standard_conditions import Standards
from service.catalogue.yaml_tree import Faults, parse
from service.domain.evaluation.assessment import assess_category, size_class
from service.domain.evaluation.evaluator import evaluate_condition
from service.domain.evaluation.scoring import score_model
from service.domain.facts.profile import Profile, Subject, Value
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Clause, Condition, Group, Undecided, leaves
from service.domain.rules.standards import Size
from service.domain.text import Text
from service.domain.truth import Truth
from service.domain.wording.sentences import sentence
from tests.catalogue.diagnosing import diagnose
from tests.own import own_catalogue

ROOT = Path(__file__).resolve().parents[2]
PROVISIONS = ROOT / "tests" / "usecases" / "authoring" / "provisions" / "policies"
DAY = date(2026, 11, 22)
INDUSTRY, STAFF = "company.industry", "company.employees"
SALES, ASSETS = "company.revenue", "company.total_assets"
FIGURES: list[dict[str, Value]] = [
    {name: value for name, value in zip((INDUSTRY, STAFF, SALES, ASSETS), row, strict=True)
     if value is not None}
    for row in product(
        ("C39", "E", "K701", "J66", None),
        (5, 300, 1000, None),
        (Decimal(2_000_000), Decimal(20_000_000), Decimal(900_000_000), None),
        (Decimal(60_000_000), None),
    )
]  # fmt: skip


@pytest.fixture(scope="module")
def real() -> Catalogue:
    return own_catalogue()


def compiled(real: Catalogue, written: str) -> tuple[Condition | None, list[str]]:
    faults = Faults()
    document = parse("rule.yaml", written.encode(), faults)
    standards = Standards(real.sizes, real.categories, real.points)
    compiler = Compiler(real.vocabulary, "doc", {}, standards)
    condition = compiler.compile(document.data, document, (), 1)
    return condition, [fault.message.en for fault in faults.diagnostics]


def truth(condition: Condition, facts: dict[str, Value]) -> Truth:
    return evaluate_condition(condition, Subject(None, facts, {}), DAY).truth


BY_SIZE = {
    "micro: 0.6, small: 0.6, medium: 0.6, large: 0.3":
        "cases: [{when: {size: [micro, small, medium]}, then: 0.6}], otherwise: 0.3",
    "micro: 0.6, small: 0.6": "cases: [{when: {size: [micro, small]}, then: 0.6}], otherwise: 0",
    "micro: 0.6, small: 0.3, medium: 0.6":
        "cases: [{when: {size: [micro, medium]}, then: 0.6}, {when: {size: [small]}, then: 0.3}]",
}  # fmt: skip


@pytest.mark.parametrize(("values", "cases"), BY_SIZE.items())
def test_a_table_by_size_has_each_value_once(real: Catalogue, values: str, cases: str) -> None:
    """Where every class has its value the last is for the others: nobody is left with nothing."""
    written, spelt = (
        compiled(real, f"{{product: [company.revenue, {{{rate}}}], at_least: 100}}")
        for rate in (f"by: size, values: {{{values}}}", cases)
    )
    assert written == spelt
    assert written[0] is not None, written[1]


@pytest.mark.parametrize("wanted", ["micro", "[micro, small]", "[small, large]", "large"])
def test_a_size_class_is_the_standards(real: Catalogue, wanted: str) -> None:
    """TRUE where every class the company may be in is one of them, FALSE where none is; where the
    industry is not covered, or not known, no class is concluded."""
    condition, faults = compiled(real, f"{{size: {wanted}}}")
    assert condition is not None, faults
    named = {Size(name) for name in wanted.strip("[]").split(", ")}
    (standard,) = real.sizes.values()
    decided = 0
    for facts in FIGURES:
        possible = set(size_class(standard, Profile(facts), DAY).possible)
        found = truth(condition, facts)
        decided += found is not Truth.UNKNOWN
        assert found is not Truth.TRUE or possible <= named, facts
        assert found is not Truth.FALSE or INDUSTRY not in facts or not possible & named, facts
        if facts.get(INDUSTRY) in ("C39", "E", "K701") and len(possible) == 1:
            assert found is Truth.of(possible <= named), facts
    assert decided > len(FIGURES) / 4


def test_a_size_class_is_said_in_a_few_words(real: Catalogue) -> None:
    condition, _ = compiled(real, "{size: [micro, small]}")
    assert condition is not None
    words = sentence(condition, real.vocabulary)
    assert words.zh == "企业规模为微型、小型（国统字〔2017〕213号）"
    assert words.en == "Size class: micro, small (国统字〔2017〕213号)"


@pytest.mark.parametrize(
    "written",
    [
        "{size: micro}",
        "{meets: high-tech-enterprise-2016}",
        "{points: technology-sme-115, at_least: 60}",
    ],
)
def test_a_standard_inside_a_rule_rests_on_the_article_that_asks_for_it(
    real: Catalogue, written: str
) -> None:
    """Every condition of a programme has a clause of its measure, so that it can be shown."""
    condition, faults = compiled(real, written)
    assert condition is not None, faults
    waiting = [condition]
    while waiting:
        part = waiting.pop()
        assert part.clause == Clause("doc", 1)
        waiting += part.children if isinstance(part, Group) else ()


def test_meeting_a_standard_fails_where_a_verified_criterion_does(real: Catalogue) -> None:
    """And is never concluded where the standard asks more than figures can show."""
    condition, faults = compiled(real, "{meets: high-tech-enterprise-2016}")
    assert condition is not None, faults
    category = real.categories["high-tech-enterprise-2016"]
    few: dict[str, Value] = {STAFF: 100, "company.technical_staff": 9}
    assert assess_category(category, Profile(few), DAY).failed
    assert truth(condition, few) is Truth.FALSE
    assert truth(condition, {}) is Truth.UNKNOWN


def test_what_nobody_verified_is_told_in_the_readers_language(real: Catalogue) -> None:
    """Not in the words in which a file notes where a figure was read."""
    condition, faults = compiled(real, "{meets: high-tech-enterprise-2016}")
    assert condition is not None, faults
    noted = {leaf.term for leaf in leaves(condition) if isinstance(leaf, Undecided)}
    told = Text(
        "标准中这一项的要求未经核实", "this requirement of the standard has not been verified"
    )
    assert told in noted
    assert all(term.zh != term.en for term in noted)


def test_points_are_told_by_the_name_of_the_model(real: Catalogue) -> None:
    """And counted as such: a score is no share, and nobody reads all that earns a point in a
    sentence."""
    condition, faults = compiled(real, "{points: technology-sme-115, at_least: 60}")
    assert condition is not None, faults
    words = sentence(condition, real.vocabulary)
    assert words.zh == "科技型中小企业评价得分（国科发政〔2017〕115号）不低于 60"
    assert words.en == "Technology SME score (国科发政〔2017〕115号): at least 60"


def test_points_are_the_models(real: Catalogue) -> None:
    """The interval of the score decides: at least the mark, below it, or neither yet."""
    name, model = "technology-sme-115", real.points["technology-sme-115"]
    for mark in (10, 50, 90):
        condition, faults = compiled(real, f"{{points: {name}, at_least: {mark}}}")
        assert condition is not None, faults
        for staff, spent in product((0, 20, 60), (0, 3, 8)):
            facts: dict[str, Value] = {
                STAFF: 100, "company.technical_staff": staff, SALES: Decimal(100),
                "company.rnd_expense": Decimal(spent), "company.costs": Decimal(100),
                "company.class_one_ip": 1, "company.class_two_ip": 0,
            }  # fmt: skip
            scored = score_model(model, Subject(None, facts, {}), DAY)
            assert scored.low is not None
            assert scored.high is not None
            expected = Truth.UNKNOWN
            if scored.low >= mark or scored.high < mark:
                expected = Truth.of(scored.low >= mark)
            assert truth(condition, facts) is expected


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("{size: huge}", "size needs classes such as [micro, small]"),
        ("{meets: nothing}", "there is no category 'nothing'"),
        ("{points: nothing, at_least: 1}", "there is no points model 'nothing'"),
        ("{points: zhongguancun-pilot-points, at_least: 1}", "nobody has published the points"),
    ],
)
def test_what_no_standard_says_is_refused(real: Catalogue, written: str, fault: str) -> None:
    condition, faults = compiled(real, written)
    assert condition is None
    assert any(fault in told for told in faults), faults


def test_a_standard_that_does_not_load_is_told_once() -> None:
    """A class that no company can reach is the standard's fault; a rule that asks for a size class
    has none of its own, and does not end in a crash."""
    source = dict(read_source(PROVISIONS, PROVISIONS.parent))
    text = source["policies/vocabulary.yaml"].decode()
    staff = "company.staff: {type: integer, unit: person, minimum: 0"
    bounded = text.replace(staff, f"{staff}, maximum: 100")
    assert bounded != text
    source["policies/vocabulary.yaml"] = bounded.encode()
    assert {d.file for d in diagnose(source)} == {"policies/categories/size.yaml"}
