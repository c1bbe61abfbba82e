"""What a day's answers have in common, kept by likeness: most of an answer was written before.

Nothing here decides anything. What is not known yet comes from the reference evaluator and is
written down once, with holes for whatever the subject has stated.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain
from math import inf
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from service.domain.amounts import Ceiling, ceiling
from service.domain.assessment import (
    Assessment,
    Conflict,
    class_in,
    conflicts,
    hint,
    judge,
    row_of,
)
from service.domain.catalogue import Programme
from service.domain.categories import Category, Criterion, SizeRow, SizeStandard
from service.domain.decisive import decisive_facts
from service.domain.evaluation import Match, Status, check
from service.domain.index import subject_without
from service.domain.likeness import Class, Key, Likeness, bands_of, conditions_of
from service.domain.near_miss import NearMiss
from service.domain.profile import Profile, Project, Subject, project_subject
from service.domain.scoring import Points, earned, score_of
from service.domain.truth import Truth
from service.intake.canonical import canonical_json
from service.usecases.answers import Answers
from service.usecases.hints import criterion_json, hint_json, is_sized, size_json
from service.usecases.templates import Filling, Hole, Holes, Pieces, Template

# Variants kept of one thing.
MOST_KNOWN = 32

T = TypeVar("T")
Money: TypeAlias = tuple[Ceiling | None, bytes]
_REF = Hole(lambda subject: subject.ref)
_CEILING = Hole()
_CRITERIA = Hole()


class Sight:
    """A subject with its classes, and what fills the holes for it."""

    __slots__ = ("classes", "filling", "manner", "subject")

    def __init__(self, subject: Subject, classes: Sequence[Class]) -> None:
        self.subject = subject
        self.classes = classes
        self.filling = Filling(subject)
        self.manner = subject.hypothetical, subject.ref is None


@dataclass(slots=True)
class Outline:
    """How a programme stands for all who are alike to it. `decisive` are the facts worth asking."""

    missing: tuple[str, ...]
    decisive: tuple[str, ...]
    template: Template


class Known(NamedTuple):
    """How a programme stands for a subject: the outline, and what this subject may get."""

    programme: Programme
    sight: Sight
    status: Status
    outline: Outline
    ceiling: Ceiling | None
    money: bytes

    @property
    def subject(self) -> Subject:
        return self.sight.subject

    @property
    def missing(self) -> tuple[str, ...]:
        return self.outline.missing

    def match(self) -> bytes:
        """The contract's match object."""
        filling = self.sight.filling
        filling[_CEILING] = self.money
        return self.outline.template.fill(filling)


class Shut(NamedTuple):
    """A match out of reach. `distance`: how few changes it takes, infinite where none helps."""

    programme: str
    ref: str
    distance: float
    match: bytes


class Told(NamedTuple):
    """How a criterion stands for all who are alike to it."""

    criterion: Criterion
    truth: Truth
    missing: tuple[str, ...]
    template: Template


class _Kept(Generic[T]):
    """What `make` gives, by a key; full, it starts again."""

    def __init__(self, make: Callable[..., T]) -> None:
        self._make = make
        self._known: dict[Hashable, T] = {}

    def by(self, key: Hashable, *given: object) -> T:
        """What is kept for the key; made of what is given where nothing is."""
        try:
            return self._known[key]
        except KeyError:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            made = self._known[key] = self._make(*given)
            return made


class _Shelf(_Kept[T]):
    """What `make` gives, by the classes it hangs on."""

    def __init__(self, key: Key, make: Callable[..., T]) -> None:
        super().__init__(make)
        self._key = key

    def get(self, classes: Sequence[Class], more: Hashable, *given: object) -> T:
        """What is kept for the classes and for `more`."""
        return self.by((self._key(classes), more), *given)


class Recall:
    """One catalogue on one day. Read and written by any number of threads: at worst two of them
    make the same thing."""

    def __init__(self, answers: Answers, likeness: Likeness, as_of: date) -> None:
        self.answers, self.catalogue, self.as_of = answers, answers.catalogue, as_of
        self.likeness = likeness
        self.holes, self.pieces = Holes(), Pieces()
        self._outlines: dict[str, _Shelf[Outline]] = {}
        self._shut: dict[str, _Shelf[Template | None]] = {}
        for programme in self.catalogue.programmes.values():
            asked = conditions_of(programme, self.catalogue)
            further = likeness.key(asked, further=True)
            self._outlines[programme.id] = _Shelf(further, self._outline)
            self._shut[programme.id] = _Shelf(likeness.key(asked), self._closed)
        self._lines = {
            s.id: _Shelf(likeness.key([r.industry for r in s.rows]), partial(row_of, s))
            for s in self.catalogue.sizes.values()
        }
        self._sizes = {
            (s.id, row.name): _Shelf(
                likeness.key(row.reaches.values()), partial(self._size, row, s)
            )
            for s in self.catalogue.sizes.values()
            for row in s.rows
        }
        self._standards = {
            c.id: [self._criterion(criterion) for criterion in c.criteria]
            for c in self.catalogue.categories.values()
        }
        self._heads = {name: _Kept(self._head) for name in self._standards}
        self._amounts = {
            p.id: _Kept(partial(self._reckoned, p)) for p in self.catalogue.programmes.values()
        }

    def sight(self, subject: Subject) -> Sight:
        return Sight(subject, self.likeness.classes(subject, self.as_of))

    def standing(self, programme: Programme, status: Status, sight: Sight) -> Known:
        """How a programme stands for a subject that the index has found to have this status, one
        that needs no near miss."""
        shelf = self._outlines[programme.id]
        outline = shelf.get(sight.classes, sight.manner, programme, sight.subject)
        bound, money = self._money(programme, sight.subject)
        return Known(programme, sight, status, outline, bound, money)

    def _outline(self, programme: Programme, subject: Subject) -> Outline:
        match = check(programme, subject, self.as_of)
        open_ = match.status is Status.UNDETERMINED
        vocabulary = self.catalogue.vocabulary
        decisive = decisive_facts(match, vocabulary, self.as_of) if open_ else ()
        return Outline(match.missing, decisive, self._template(match))

    def shut(self, programme: Programme, sight: Sight, brief: bool) -> Shut:
        """A programme that is out of reach: how few changes it takes, and its match object. Where
        the way to it hangs on the very figures, nothing is remembered but that."""
        subject = sight.subject
        shelf = self._shut[programme.id]
        template = shelf.get(sight.classes, (sight.manner, brief), programme, subject, brief)
        if template is not None:
            _, sight.filling[_CEILING] = self._money(programme, subject)
            return Shut(programme.id, subject.ref or "", inf, template.fill(sight.filling))
        match = check(programme, subject, self.as_of)
        near = self.answers.near(match, self.as_of)
        distance = inf if near is None else near.distance or inf
        told = canonical_json(self.answers.told(match, near, self.as_of, brief=brief))
        return Shut(programme.id, subject.ref or "", distance, told)

    def _closed(self, programme: Programme, subject: Subject, brief: bool) -> Template | None:
        match = check(programme, subject, self.as_of)
        near = self.answers.near(match, self.as_of)
        return None if near is not None and near.tried else self._template(match, near, brief)

    def _template(
        self, match: Match, near: NearMiss | None = None, brief: bool = False
    ) -> Template:
        told = self.answers.told(match, near, self.as_of, brief=brief, seen=self.holes.seen)
        told["ceiling"] = _CEILING
        if match.programme.supports is not None and match.subject.ref is not None:
            told["subject"] = _REF
        return Template(told, self.pieces)

    def _money(self, programme: Programme, subject: Subject) -> Money:
        """What a programme's money rule bounds for a subject."""
        benefit = programme.benefit
        values = tuple([subject.get(f) for f in benefit.facts]) if benefit else ()
        return self._amounts[programme.id].by(values, subject)

    def _reckoned(self, programme: Programme, subject: Subject) -> Money:
        bound = ceiling(programme.benefit, subject) if programme.benefit else None
        return bound, canonical_json(self.answers.ceiling(programme, bound))

    def conflicts(self, sights: "Sights") -> tuple[Conflict, ...]:
        """The claimed certificates that the profile's own figures contradict."""
        categories = self.catalogue.categories.values()
        known = partial(self._assessed, sights.company)
        return conflicts(categories, sights.profile, self.as_of, known)

    def hints(self, sights: "Sights") -> Iterator[bytes]:
        """The size class, where it is certain, and the categories the company could apply for."""
        company, profile = sights.company, sights.profile
        for standard in self.catalogue.sizes.values():
            if is_sized(standard, profile, self.as_of):
                line = self._lines[standard.id].get(
                    company.classes, None, company.subject, self.as_of
                )
                shelf = self._sizes.get((standard.id, line.name)) if line else None
                size = shelf.get(company.classes, None, company.subject) if shelf else None
                if size is not None:
                    yield size
        known = partial(self._assessed, company)
        for category in self.catalogue.categories.values():
            found = hint(category, profile, self.as_of, known)
            if found is not None:
                yield self._hint(found, company.filling)

    def _hint(self, found: Assessment[Told], filling: Filling) -> bytes:
        key = found.verdict, found.known, found.missing
        head = self._heads[found.category.id].by(key, found)
        criteria = (told.template.fill(filling) for told in found.checked)
        return head.fill({_CRITERIA: b"[%b]" % b",".join(criteria)})

    def _head(self, found: Assessment[Told]) -> Template:
        """A category's hint, but for what is told of each criterion."""
        data = hint_json(found, lambda _: None)
        return Template({**data, "criteria": _CRITERIA}, self.pieces)

    def _size(self, row: SizeRow, standard: SizeStandard, subject: Subject) -> bytes | None:
        found = size_json(class_in(row, standard, subject, self.as_of))
        return None if found is None else canonical_json(found)

    def _assessed(self, company: Sight, category: Category) -> Assessment[Told]:
        criteria = self._standards[category.id]
        told = [shelf.get(company.classes, None, company) for shelf in criteria]
        return Assessment(category, tuple(told))

    def _criterion(self, criterion: Criterion) -> _Shelf[Told]:
        conditions = [criterion.condition] if criterion.condition is not None else []
        model = criterion.model
        if model is None:
            return _Shelf(self.likeness.key(conditions), partial(self._told, criterion, []))
        stage = [model.stage] if model.stage else []
        bands = {i.id: bands_of(i) for i in model.indicators}
        indicators = [
            _Shelf(self.likeness.key(bands[i.id], stage), partial(earned, model, i))
            for i in model.indicators
        ]
        key = self.likeness.key([*conditions, *chain(*bands.values())], stage)
        return _Shelf(key, partial(self._told, criterion, indicators))

    def _told(self, criterion: Criterion, indicators: list[_Shelf[Points]], company: Sight) -> Told:
        """What is told of a criterion. The indicators of points are kept each for itself too: there
        are fewer of their kinds."""
        subject, classes, model = company.subject, company.classes, criterion.model
        points = tuple([i.get(classes, None, subject, self.as_of) for i in indicators])
        scored = score_of(model, points) if model is not None else None
        checked = judge(criterion, subject, self.as_of, scored)
        told = criterion_json(checked, self.catalogue.vocabulary, self.holes.seen)
        return Told(criterion, checked.truth, checked.missing, Template(told, self.pieces))


class Sights:
    """The subjects of one profile, each seen once."""

    def __init__(self, recall: Recall, profile: Profile) -> None:
        self.recall, self.profile = recall, profile
        self._without: dict[str | None, Sight] = {}

    @property
    def company(self) -> Sight:
        return self.without(None)

    def without(self, kind: str | None) -> Sight:
        """The subject of programmes for a kind of project that nobody has submitted; without a
        kind, the company."""
        found = self._without.get(kind)
        if found is None:
            subject = subject_without(self.profile, kind)
            if kind is not None and subject.facts is self.profile.company:
                found = Sight(subject, self.company.classes)
            else:
                found = self.recall.sight(subject)
            self._without[kind] = found
        return found

    def of(self, project: Project) -> Sight:
        return self.recall.sight(project_subject(self.profile, project))
