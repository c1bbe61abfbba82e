"""Categories remembered: what a company could apply for, and its size class.

Criteria come from the reference evaluator and are written down once, with holes for what the
company has stated. The hints of companies that are alike in all that is asked are kept whole as
well.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import chain
from typing import NamedTuple

from service.compiled.recall.shelves import Kept, Shelf
from service.compiled.recall.sights import Sight, Sights
from service.compiled.recall.templates import Holes, Pieces, Template
from service.domain.evaluation.assessment import (
    Assessment,
    Conflict,
    check_criterion,
    claimed_certificates,
    conflicts_among,
    hint_for,
    hint_limits,
    is_sized,
    size_class,
)
from service.domain.evaluation.scoring import IndicatorScore, score_indicator, score_of
from service.domain.facts.profile import Certificate
from service.domain.likeness import Likeness, asked_by_categories, bands_of
from service.domain.rules.standards import Category, Criterion
from service.domain.truth import Truth
from service.rendering.category_json import criterion_json, hint_json, size_json
from service.rendering.json_parts import Json
from service.rendering.match_json import MatchRenderer

# Variants kept of all hints together.
CACHE_SIZE = 1024


class Told(NamedTuple):
    """How a criterion stands for all who are alike to it."""

    criterion: Criterion
    truth: Truth
    missing: tuple[str, ...]
    template: Template


class Chances(NamedTuple):
    """What is told of all categories together, as a list; and of those that certificates are
    claimed of, by id, which criteria of all times the figures do not meet."""

    hints: Template
    refuted: Mapping[str, tuple[Criterion, ...]]


class Stated(NamedTuple):
    """Of a profile's categories: the claimed certificates that its own figures contradict; and a
    list of the size class, where it is certain, and of what the company could apply for."""

    conflicts: tuple[Conflict, ...]
    hints: Template


class Categories:
    """The categories and size standards of one catalogue on one day."""

    def __init__(
        self, answers: MatchRenderer, likeness: Likeness, as_of: date, holes: Holes, pieces: Pieces
    ) -> None:
        self._catalogue, self._as_of = answers.catalogue, as_of
        self._likeness, self._holes, self._pieces = likeness, holes, pieces
        self._criteria = {
            c.id: [self._criterion(criterion) for criterion in c.criteria]
            for c in self._catalogue.categories.values()
        }
        conditions, exact = asked_by_categories(self._catalogue)
        self._key = likeness.key(conditions, exact)
        self._chances = Kept(self._make, CACHE_SIZE)

    def of(self, sights: Sights) -> Stated:
        """What is told of a profile's categories."""
        held = claimed_certificates(sights.profile, self._as_of)
        key = self._key(sights.company.classes), tuple([c.category for c in held])
        chances = self._chances.by(key, sights, held)
        refuted = chances.refuted
        categories = [self._catalogue.categories[name] for name in refuted]
        conflicts = conflicts_among(held, categories, self._as_of, lambda c: refuted[c.id])
        return Stated(conflicts, chances.hints)

    def _make(self, sights: Sights, held: Sequence[Certificate]) -> Chances:
        hints = Template([*self._size_of(sights), *self._hints_of(sights)], self._pieces)
        names = {certificate.category for certificate in held}
        refuted = {
            c.id: self._assessed(sights.company, c).refuted
            for c in self._catalogue.categories.values()
            if c.certificate in names
        }
        return Chances(hints, refuted)

    def _hints_of(self, sights: Sights) -> Iterator[Json]:
        known = partial(self._assessed, sights.company)
        limits = hint_limits(self._catalogue, sights.profile, self._as_of)
        for category in self._catalogue.categories.values():
            found = hint_for(category, sights.profile, self._as_of, known, limits)
            if found is not None:
                yield hint_json(found, lambda told: told.template)

    def _size_of(self, sights: Sights) -> Iterator[Json]:
        for standard in self._catalogue.sizes.values():
            if is_sized(standard, sights.profile, self._as_of):
                size = size_json(size_class(standard, sights.profile, self._as_of))
                if size is not None:
                    yield size

    def _assessed(self, company: Sight, category: Category) -> Assessment[Told]:
        criteria = self._criteria[category.id]
        told = [shelf.get(company.classes, None, company) for shelf in criteria]
        return Assessment(category, tuple(told))

    def _criterion(self, criterion: Criterion) -> Shelf[Told]:
        conditions = [criterion.condition] if criterion.condition is not None else []
        model = criterion.model
        if model is None:
            return Shelf(self._likeness.key(conditions), partial(self._told, criterion, []))
        stage = [model.stage] if model.stage else []
        bands = {i.id: bands_of(i) for i in model.indicators}
        indicators = [
            Shelf(self._likeness.key(bands[i.id], stage), partial(score_indicator, model, i))
            for i in model.indicators
        ]
        key = self._likeness.key([*conditions, *chain(*bands.values())], stage)
        return Shelf(key, partial(self._told, criterion, indicators))

    def _told(
        self, criterion: Criterion, indicators: list[Shelf[IndicatorScore]], company: Sight
    ) -> Told:
        """What is told of a criterion. The indicators of points are kept each for itself too: there
        are fewer of their kinds."""
        subject, classes, model = company.subject, company.classes, criterion.model
        points = tuple([i.get(classes, None, subject, self._as_of) for i in indicators])
        scored = score_of(model, points) if model is not None else None
        checked = check_criterion(criterion, subject, self._as_of, scored)
        told = criterion_json(checked, self._catalogue.vocabulary, self._holes.seen)
        return Told(criterion, checked.truth, checked.missing, Template(told, self._pieces))
