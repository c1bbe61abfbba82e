"""Points models: indicators, bands, weights by stage and a pass mark, as published or left open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from service.domain.dates import Window
from service.domain.rules.conditions import Condition, facts_of
from service.domain.text import Text

ANY_STAGE = "*"


@dataclass(frozen=True, slots=True)
class StandardExample:
    """A sentence of a standard's specification: these facts on this day come out so.

    `given` maps fact ids to raw values as a submitter sends them, `expect` names of results to what
    they must be. `line` is its place in the file.
    """

    given: Mapping[str, object]
    as_of: date
    expect: Mapping[str, object]
    line: int
    say: str | None = None


@dataclass(frozen=True, slots=True)
class PointsBand:
    """The points of an indicator where a condition holds."""

    condition: Condition
    points: Decimal


@dataclass(frozen=True, slots=True)
class Ladder:
    """Bands from the best down: the first that holds counts, `otherwise` where none does."""

    bands: tuple[PointsBand, ...]
    otherwise: Decimal


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that earns points.

    Of several ladders the company may choose, so the best counts; no ladder means that the bands
    are not published. `weights` by stage (or for ANY_STAGE) multiply the points; `weight_open`
    marks weights that exist and are not published.
    """

    id: str
    label: Text
    group: str | None
    ladders: tuple[Ladder, ...]
    weights: Mapping[str, Decimal] | None
    weight_open: bool
    verified: bool
    source: str


@dataclass(frozen=True)
class PointsModel:
    """A model of points. `stage` is the fact that chooses the weights, `positive` names indicators
    that must earn something, `open` says what else nobody has published."""

    id: str
    name: Text
    standard: str
    source: str
    window: Window
    groups: Mapping[str, Text]
    indicators: tuple[Indicator, ...]
    threshold: Decimal | None
    threshold_open: bool
    positive: tuple[str, ...] = ()
    stage: str | None = None
    open: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    extends: str | None = None
    cases: tuple[StandardExample, ...] = field(default=(), repr=False)
    path: str = ""

    @cached_property
    def facts(self) -> frozenset[str]:
        """Every fact that could change the points."""
        bands = (b for i in self.indicators for ladder in i.ladders for b in ladder.bands)
        return frozenset(fact for band in bands for fact in facts_of(band.condition))
