"""Programmes remembered: how each stands for subjects that are alike in all it looks at.

Nothing here decides anything. What is not known yet comes from the reference evaluator and is
written down once, with holes for whatever the subject has stated.
"""

from dataclasses import dataclass
from datetime import date
from functools import partial
from math import inf
from typing import NamedTuple, TypeAlias

from service.compiled.recall.shelves import Kept, Shelf
from service.compiled.recall.sights import Sight
from service.compiled.recall.templates import Hole, Holes, Pieces, Template
from service.domain.advice.decisive_facts import decisive_facts
from service.domain.advice.near_miss import NearMiss
from service.domain.evaluation.evaluator import Match, Status, evaluate_programme
from service.domain.facts.profile import Subject
from service.domain.likeness import Likeness, conditions_of
from service.domain.rules.amounts import Ceiling, ceiling
from service.domain.rules.catalogue import Programme
from service.rendering.canonical_json import canonical_json
from service.rendering.match_json import MatchRenderer

Money: TypeAlias = tuple[Ceiling | None, bytes]
REF = Hole(lambda subject: subject.ref)
CEILING = Hole()


@dataclass(frozen=True, slots=True)
class Outline:
    """How a programme stands for all who are alike to it. `decisive` are the facts worth asking."""

    missing: tuple[str, ...]
    decisive: tuple[str, ...]
    template: Template


class Shut(NamedTuple):
    """A match out of reach. `distance`: how few changes it takes, infinite where none helps."""

    programme: str
    ref: str
    distance: float
    match: bytes


class Programmes:
    """The programmes of one catalogue on one day."""

    def __init__(
        self, answers: MatchRenderer, likeness: Likeness, as_of: date, holes: Holes, pieces: Pieces
    ) -> None:
        self.as_of = as_of
        self._answers = answers
        self._holes, self._pieces = holes, pieces
        self._outlines: dict[str, Shelf[Outline]] = {}
        self._shut: dict[str, Shelf[Template | None]] = {}
        self._amounts: dict[str, Kept[Money]] = {}
        for programme in answers.catalogue.programmes.values():
            asked = conditions_of(programme, answers.catalogue)
            further = likeness.key(asked, further=True)
            self._outlines[programme.id] = Shelf(further, self._outline)
            self._shut[programme.id] = Shelf(likeness.key(asked), self._closed)
            self._amounts[programme.id] = Kept(partial(self._reckoned, programme))

    def outline(self, programme: Programme, sight: Sight) -> Outline:
        """How a programme stands that needs no near miss."""
        shelf = self._outlines[programme.id]
        return shelf.get(sight.classes, sight.manner, programme, sight.subject)

    def _outline(self, programme: Programme, subject: Subject) -> Outline:
        match = evaluate_programme(programme, subject, self.as_of)
        open_ = match.status is Status.UNDETERMINED
        vocabulary = self._answers.catalogue.vocabulary
        decisive = decisive_facts(match, vocabulary, self.as_of) if open_ else ()
        return Outline(match.missing, decisive, self._template(match))

    def shut(self, programme: Programme, sight: Sight, brief: bool) -> Shut:
        """A programme that is out of reach: how few changes it takes, and its match object. Where
        the way to it hangs on the very figures, nothing is remembered but that."""
        subject = sight.subject
        shelf = self._shut[programme.id]
        template = shelf.get(sight.classes, (sight.manner, brief), programme, subject, brief)
        if template is not None:
            _, sight.filling[CEILING] = self.money(programme, subject)
            return Shut(programme.id, subject.ref or "", inf, template.fill(sight.filling))
        match = evaluate_programme(programme, subject, self.as_of)
        near = self._answers.near(match, self.as_of)
        distance = inf if near is None else near.distance or inf
        told = canonical_json(self._answers.told(match, near, self.as_of, brief=brief))
        return Shut(programme.id, subject.ref or "", distance, told)

    def _closed(self, programme: Programme, subject: Subject, brief: bool) -> Template | None:
        match = evaluate_programme(programme, subject, self.as_of)
        near = self._answers.near(match, self.as_of)
        return None if near is not None and near.tried else self._template(match, near, brief)

    def _template(
        self, match: Match, near: NearMiss | None = None, brief: bool = False
    ) -> Template:
        seen = self._holes.seen
        told = self._answers.told(match, near, self.as_of, brief=brief, seen=seen)
        told["ceiling"] = CEILING
        if match.programme.supports and match.subject.ref is not None:
            told["subject"] = REF
        return Template(told, self._pieces)

    def money(self, programme: Programme, subject: Subject) -> Money:
        """What a programme's money rule bounds for a subject."""
        benefit = programme.benefit
        values = tuple([subject.get(f) for f in benefit.facts]) if benefit else ()
        return self._amounts[programme.id].by(values, subject)

    def _reckoned(self, programme: Programme, subject: Subject) -> Money:
        bound = ceiling(programme.benefit, subject) if programme.benefit else None
        return bound, canonical_json(self._answers.ceiling(programme, bound))
