"""Scoring a points model: an interval from what is known, and what keeps it from being a number."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from service.domain.evaluation.evaluator import Finding, evaluate_condition
from service.domain.facts.profile import Subject
from service.domain.rules.conditions import Predicate
from service.domain.rules.points_model import ANY_STAGE, Indicator, Ladder, PointsModel
from service.domain.text import LIST_COMMA, Text, join
from service.domain.truth import Truth, every

_NO_BANDS = Text("没有公布分档：{names}", "bands not published: {names}")
_NO_WEIGHT = Text("没有公布权重：{names}", "weights not published: {names}")
_NO_MARK = Text("合格分数没有公布", "the pass mark is not published")


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """What one indicator earns: between `low` and `high`, both None where the model leaves it open.
    `missing` are the facts that could narrow it."""

    indicator: Indicator
    low: Decimal | None
    high: Decimal | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """The points of a model. `low` and `high` are None where the model cannot score; `gaps` says
    why. `passes` is the truth of reaching the mark."""

    model: PointsModel
    low: Decimal | None
    high: Decimal | None
    points: tuple[IndicatorScore, ...]
    missing: tuple[str, ...]
    passes: Truth

    @property
    def gaps(self) -> tuple[Text, ...]:
        """What nobody has published of the model."""
        return tuple(_model_gaps(self.model))

    @property
    def total(self) -> Decimal | None:
        """The score where it is certain."""
        return self.low if self.low == self.high else None


def score_model(model: PointsModel, subject: Subject, as_of: date) -> Score:
    """What a subject scores. An unknown fact leaves every band open that it could reach."""
    return score_of(
        model, tuple(score_indicator(model, i, subject, as_of) for i in model.indicators)
    )


def score_of(model: PointsModel, points: tuple[IndicatorScore, ...]) -> Score:
    """The score that the points of all indicators make."""
    lows = [p.low for p in points if p.low is not None]
    highs = [p.high for p in points if p.high is not None]
    known = bool(points) and len(lows) == len(points)
    low = sum(lows, Decimal(0)) if known else None
    high = sum(highs, Decimal(0)) if known else None
    missing = tuple(dict.fromkeys(fact for p in points for fact in p.missing))
    return Score(model, low, high, points, missing, _passes_mark(model, low, high, points))


def _model_gaps(model: PointsModel) -> Iterator[Text]:
    yield from model.open
    without = (
        (_NO_BANDS, [i.label for i in model.indicators if not i.ladders]),
        (_NO_WEIGHT, [i.label for i in model.indicators if i.weight_open]),
    )
    for words, labels in without:
        if labels:
            yield words.format(names=join(labels, LIST_COMMA))
    if model.threshold_open:
        yield _NO_MARK


def score_indicator(
    model: PointsModel, indicator: Indicator, subject: Subject, as_of: date
) -> IndicatorScore:
    """What one indicator earns a subject."""
    if not indicator.ladders or indicator.weight_open:
        return IndicatorScore(indicator, None, None, ())
    climbed = [_score_ladder(ladder, subject, as_of) for ladder in indicator.ladders]
    low, high = max(min(c[0]) for c in climbed), max(max(c[0]) for c in climbed)
    facts = [fact for _, missing in climbed for fact in missing] if low != high else []
    weights, stage = _possible_weights(model, indicator, subject)
    reached = [p * w for p in (low, high) for w in weights]
    if stage and min(reached) != max(reached):
        facts.append(stage)
    return IndicatorScore(indicator, min(reached), max(reached), tuple(dict.fromkeys(facts)))


def _score_ladder(
    ladder: Ladder, subject: Subject, as_of: date
) -> tuple[list[Decimal], tuple[str, ...]]:
    """The points a ladder may give, and the facts that would tell which."""
    possible: list[Decimal] = []
    missing: list[str] = []
    for band in ladder.bands:
        found = evaluate_condition(band.condition, subject, as_of)
        if found.truth is Truth.FALSE or _has_no_value(found, subject):
            continue
        possible.append(band.points)
        if found.truth is Truth.TRUE:
            return possible, tuple(missing)
        missing += found.missing
    return [*possible, ladder.otherwise], tuple(missing)


def _has_no_value(found: Finding, subject: Subject) -> bool:
    """Whether all of a number's facts are stated and it has no value, because of a divisor of
    zero: then nothing is missing, and no band of it is reached."""
    condition = found.condition
    return (
        found.truth is Truth.UNKNOWN
        and isinstance(condition, Predicate)
        and not condition.quantity.single
        and all(subject.get(fact) is not None for fact in condition.quantity.facts)
    )


def _possible_weights(
    model: PointsModel, indicator: Indicator, subject: Subject
) -> tuple[list[Decimal], str | None]:
    """The weights that may apply; with the stage's fact where the stage is unknown or has none."""
    if indicator.weights is None:
        return [Decimal(1)], None
    if ANY_STAGE in indicator.weights:
        return [indicator.weights[ANY_STAGE]], None
    stage = subject.get(model.stage) if model.stage else None
    if isinstance(stage, str) and stage in indicator.weights:
        return [indicator.weights[stage]], None
    return list(indicator.weights.values()), model.stage


def _passes_mark(
    model: PointsModel,
    low: Decimal | None,
    high: Decimal | None,
    points: tuple[IndicatorScore, ...],
) -> Truth:
    earned = (_earns_anything(p.low, p.high) for p in points if p.indicator.id in model.positive)
    return every((_reaches_mark(model.threshold, low, high), *earned))


def _reaches_mark(mark: Decimal | None, low: Decimal | None, high: Decimal | None) -> Truth:
    if mark is None or low is None or high is None:
        return Truth.UNKNOWN
    if low >= mark:
        return Truth.TRUE
    return Truth.FALSE if high < mark else Truth.UNKNOWN


def _earns_anything(low: Decimal | None, high: Decimal | None) -> Truth:
    """Whether something is earned at all."""
    if low is None or high is None:
        return Truth.UNKNOWN
    if low > 0:
        return Truth.TRUE
    return Truth.FALSE if high <= 0 else Truth.UNKNOWN
