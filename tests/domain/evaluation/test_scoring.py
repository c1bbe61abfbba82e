"""Points models: intervals from what is known, and silence where nothing is published."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from service.domain.dates import Window
from service.domain.evaluation.scoring import Score, score_model
from service.domain.facts.profile import Profile, Value, company_subject
from service.domain.rules.points_model import ANY_STAGE, Indicator, Ladder, PointsBand, PointsModel
from service.domain.rules.quantities import Ratio
from service.domain.text import Text
from service.domain.truth import Truth
from tests.domain.bounds import at_least
from tests.domain.predicates import ask, combined
from tests.domain.sample import DAY, D

SHARE = Ladder(
    (
        PointsBand(combined(Ratio, "rnd revenue", at_least(D("0.06"))), D(50)),
        PointsBand(combined(Ratio, "rnd revenue", at_least(D("0.03"))), D(20)),
    ),
    D(0),
)
AMOUNT = Ladder((PointsBand(ask("rnd", at_least(1_000_000)), D(30)),), D(5))
STAFF = Ladder((PointsBand(ask("employees", at_least(10)), D(1)),), D(0))


def indicator(
    name: str,
    *ladders: Ladder,
    weights: Mapping[str, Decimal] | None = None,
    unweighed: bool = False,
) -> Indicator:
    label = Text(name, name)
    return Indicator(name, label, None, ladders, weights, unweighed, True, "sample")


def model(
    *indicators: Indicator, threshold: int | None = None, positive: str = "", unmarked: bool = False
) -> PointsModel:
    return PointsModel(
        id="sample", name=Text("样例", "sample"), standard="", source="", window=Window(),
        groups={}, indicators=indicators,
        threshold=None if threshold is None else D(threshold), threshold_open=unmarked,
        positive=tuple(positive.split()), stage="company.main_field",
    )  # fmt: skip


def scored(what: PointsModel, **facts: Value) -> Score:
    profile = Profile({f"company.{name}": value for name, value in facts.items()})
    return score_model(what, company_subject(profile), DAY)


@pytest.mark.parametrize(
    ("rnd", "low", "high"),
    [("6", 50, 50), ("5.99", 20, 20), ("3", 20, 20), ("2.99", 0, 0), (None, 0, 50)],
)
def test_the_first_band_that_holds_counts(rnd: str | None, low: int, high: int) -> None:
    """Bands include their lower bound; an unknown fact leaves every band possible."""
    facts: dict[str, Value] = {"revenue": D(100)}
    if rnd is not None:
        facts["rnd"] = D(rnd)
    found = scored(model(indicator("share", SHARE)), **facts)
    assert (found.low, found.high) == (D(low), D(high))
    assert found.total == (low if low == high else None)


def test_of_several_ladders_the_best_counts() -> None:
    """The company chooses the way that earns it more; a way it cannot tell yet may still be it."""
    both = model(indicator("rnd", SHARE, AMOUNT))
    assert scored(both, rnd=D(1_000_000), revenue=D(100_000_000)).total == 30
    assert scored(both, rnd=D(1_000_000), revenue=D(10_000_000)).total == 50
    unsure = scored(both, rnd=D(1_000_000))
    assert (unsure.low, unsure.high) == (D(30), D(50))
    assert unsure.missing == ("company.revenue",)


def test_nothing_is_missing_once_the_points_are_certain() -> None:
    """A fact that cannot change the points any more is not asked for."""
    best = scored(model(indicator("rnd", AMOUNT, STAFF)), rnd=D(2_000_000))
    assert best.total == 30
    assert best.missing == ()


@pytest.mark.parametrize(
    ("stage", "low", "high", "missing"),
    [
        ("robots", 5, 5, ()),
        ("quantum", 8, 8, ()),
        (None, 5, 8, ("company.main_field",)),
        ("six_g", 5, 8, ("company.main_field",)),
    ],
)
def test_weights_follow_the_stage(
    stage: str | None, low: int, high: int, missing: tuple[str, ...]
) -> None:
    """Without a stage that has a weight, any weight is possible."""
    weighed = model(indicator("staff", STAFF, weights={"robots": D(5), "quantum": D(8)}))
    facts: dict[str, Value] = {"employees": 10}
    if stage:
        facts["main_field"] = stage
    found = scored(weighed, **facts)
    assert (found.low, found.high) == (D(low), D(high))
    assert found.missing == missing


def test_one_weight_for_every_stage() -> None:
    """It multiplies the points whatever the stage."""
    found = scored(model(indicator("staff", STAFF, weights={ANY_STAGE: D("2.5")})), employees=10)
    assert found.total == D("2.5")


def test_a_model_without_published_numbers_cannot_score() -> None:
    """Neither bands nor weights nor mark: no number at all, and every gap is named."""
    bare = model(indicator("staff"), indicator("rnd", AMOUNT, unweighed=True), unmarked=True)
    found = scored(bare, employees=10, rnd=D(1))
    assert (found.low, found.high, found.passes) == (None, None, Truth.UNKNOWN)
    assert [gap.en for gap in found.gaps] == [
        "bands not published: staff",
        "weights not published: rnd",
        "the pass mark is not published",
    ]


def test_a_model_with_no_indicators_has_no_score() -> None:
    """Nothing known is not zero points."""
    assert scored(model()).low is None


@pytest.mark.parametrize(
    ("facts", "passes"),
    [
        ({"rnd": D(1_000_000), "employees": 10}, Truth.TRUE),
        ({"rnd": D(1_000_000), "employees": 9}, Truth.FALSE),
        ({"rnd": D(1_000_000)}, Truth.UNKNOWN),
        ({"rnd": D(999_999), "employees": 10}, Truth.FALSE),
        ({"rnd": D(999_999)}, Truth.FALSE),
        ({}, Truth.UNKNOWN),
    ],
)
def test_passing_needs_the_mark_and_every_indicator_that_must_earn(
    facts: dict[str, Value], passes: Truth
) -> None:
    """Thirty points reach the mark, but an indicator that must be positive can still refuse."""
    marked = model(
        indicator("rnd", AMOUNT), indicator("staff", STAFF), threshold=30, positive="staff"
    )
    assert scored(marked, **facts).passes is passes
