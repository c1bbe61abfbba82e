"""Companies drawn at random on the edges of the real rules, and how each is asked: by what its
answers decide, or in the form's order.

Each company's answers are values that the rules tell apart. Nobody is asked what no rule looks at.
Asking ends when no answer could change a status any more.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from random import Random

from service.domain.advice.candidate_values import candidate_values
from service.domain.advice.decisive_facts import decisive_facts
from service.domain.advice.questions import rank_questions
from service.domain.evaluation.evaluator import Match, Status, evaluate_programme, subjects
from service.domain.facts.profile import (
    NOBODY,
    PROJECT_KIND,
    PROJECTS_ABSENT,
    Profile,
    Project,
    Value,
)
from service.domain.facts.vocabulary import Fact
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import facts_of
from service.domain.rules.programmes import Programme

PROJECT_SHARE = 0.15  # how often a company has a project of a kind
COMPANY = ""


@dataclass(frozen=True)
class Answers:
    """What one company would answer: its facts, and those of its projects by kind."""

    company: dict[str, Value]
    projects: dict[str, dict[str, Value]]


Chooser = Callable[["Interview"], tuple[str, str] | None]


class RandomCompanies:
    """Companies that a catalogue can tell apart; which of its rules look at a fact."""

    def __init__(self, catalogue: Catalogue, as_of: date) -> None:
        self.catalogue, self.as_of = catalogue, as_of
        self.programmes = tuple(catalogue.programmes.values())
        self.looked_at = {p.id: facts_of(p.condition) for p in self.programmes}
        self.used = set[str]().union(*self.looked_at.values())
        self.kinds = sorted({k for p in self.programmes for k in p.supports})

    def draw(self, random: Random) -> Answers:
        """One company's answers to everything."""
        words = self.catalogue.vocabulary
        kinds = [k for k in self.kinds if random.random() < PROJECT_SHARE]
        return Answers(
            {f.id: self._value(random, f) for f in words.company if f.id in self.used},
            {
                kind: {
                    f.id: kind if f.id == PROJECT_KIND else self._value(random, f)
                    for f in words.project
                    if f.id in self.used and (not f.kinds or kind in f.kinds)
                }
                for kind in kinds
            },
        )

    def _value(self, random: Random, fact: Fact) -> Value:
        """A value that some rule tells from others."""
        rules = [p.condition for p in self.programmes if fact.id in self.looked_at[p.id]]
        known = candidate_values(fact, random.choice(rules), NOBODY, self.as_of)
        return random.choice(known)


@dataclass
class Interview:
    """One company being asked. A question is a fact and the kind of project it is about."""

    source: RandomCompanies
    answers: Answers
    company: dict[str, Value] = field(default_factory=dict)
    projects: dict[str, dict[str, Value]] = field(default_factory=dict)
    open: dict[str, list[tuple[Match, tuple[str, ...]]]] = field(default_factory=dict)
    questions_asked: set[tuple[str, str]] = field(default_factory=set)

    def run(self, choose: Chooser) -> int:
        """How many questions were asked until nothing could change."""
        self._look_again(self.source.programmes)
        while self.questions() and (question := choose(self)):
            self._answer(*question)
        return len(self.questions_asked)

    def questions(self) -> list[tuple[str, str]]:
        """What is still worth asking, best first. Nobody is asked twice: an answer that stayed
        vague is all the company can say."""
        found = (
            (q.fact, about)
            for q in rank_questions(chain(*self.open.values()), self.source.catalogue.vocabulary)
            for about in q.subjects or (COMPANY,)
        )
        return [question for question in found if question not in self.questions_asked]

    def _answer(self, fact: str, kind: str) -> None:
        self.questions_asked.add((fact, kind))
        if fact == PROJECT_KIND:
            self.projects = {k: {PROJECT_KIND: k} for k in self.answers.projects}
            absent = frozenset(self.source.kinds) - self.projects.keys()
            self.company[PROJECTS_ABSENT] = absent
        elif kind == COMPANY:
            self.company[fact] = self.answers.company[fact]
        else:
            self.projects[kind][fact] = self.answers.projects[kind][fact]
        self._look_again(
            p
            for p in self.source.programmes
            if fact in self.source.looked_at[p.id] and kind in (COMPANY, *p.supports)
        )

    def _look_again(self, programmes: Iterator[Programme] | tuple[Programme, ...]) -> None:
        projects = tuple(Project(k, k, facts) for k, facts in self.projects.items())
        profile = Profile(self.company, projects)
        as_of, words = self.source.as_of, self.source.catalogue.vocabulary
        for programme in programmes:
            matches = (
                evaluate_programme(programme, s, as_of) for s in subjects(programme, profile)
            )
            self.open[programme.id] = [
                (m, decisive_facts(m, words, as_of))
                for m in matches
                if m.status is Status.UNDETERMINED
            ]


def by_rank(interview: Interview) -> tuple[str, str] | None:
    """The most decisive question."""
    return interview.questions()[0]


def by_form(source: RandomCompanies) -> Chooser:
    """The facts of the vocabulary one after another, then those of each project."""
    words = source.catalogue.vocabulary
    company = [f.id for f in words.company if f.id in source.used]

    def order(interview: Interview) -> Iterator[tuple[str, str]]:
        yield from ((f, COMPANY) for f in company)
        yield PROJECT_KIND, COMPANY
        for kind, facts in interview.answers.projects.items():
            yield from ((f, kind) for f in facts if f != PROJECT_KIND)

    def choose(interview: Interview) -> tuple[str, str] | None:
        return next((q for q in order(interview) if q not in interview.questions_asked), None)

    return choose


def compare_orders(catalogue: Catalogue, as_of: date, companies: int, seed: int = 1) -> tuple[
    list[int], list[int]
]:  # fmt: skip
    """For each company the questions asked by rank and by form."""
    source, random = RandomCompanies(catalogue, as_of), Random(seed)
    drawn = [source.draw(random) for _ in range(companies)]
    ranks = [Interview(source, answers).run(by_rank) for answers in drawn]
    forms = [Interview(source, answers).run(by_form(source)) for answers in drawn]
    return ranks, forms
