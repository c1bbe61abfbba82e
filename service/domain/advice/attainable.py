"""What a company can come by: the facts that it can move, and the titles that it may get."""

from collections.abc import Callable, Container, Iterable
from datetime import date
from functools import cached_property
from typing import TypeAlias

from service.domain.facts.implied_facts import following_facts
from service.domain.facts.profile import PROJECTS_ABSENT, Subject
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.conditions import Predicate
from service.domain.rules.operators import is_undefined, named_values
from service.domain.truth import Truth

# The certificates that a subject cannot come by on a day.
TitlesBarred: TypeAlias = Callable[[Subject, date], Container[str]]


def none_barred(subject: Subject, as_of: date) -> Container[str]:  # noqa: ARG001
    """Where nothing is barred to anybody."""
    return ()


class Attainable:
    """What one company can come by on a day. `assumes_titles`: an undefined title may be assumed
    where it is unknown; `passed_over_titles`: one was not."""

    def __init__(
        self, subject: Subject, vocabulary: Vocabulary, as_of: date, barred: TitlesBarred
    ) -> None:
        self.subject, self.vocabulary, self.as_of = subject, vocabulary, as_of
        self.assumes_titles = self.passed_over_titles = False
        self._barred = barred
        self._following = following_facts(subject.facts, vocabulary)

    def assume_titles(self) -> None:
        """Take it that an undefined title may be held where it is unknown."""
        self.assumes_titles, self.passed_over_titles = True, False

    def is_movable(self, fact: str) -> bool:
        """Whether a fact may come out otherwise: by the company's action, or as it is unknown. What
        is so because of another fact is not changed by itself, and that there are no projects of a
        kind brings nobody nearer."""
        if fact == PROJECTS_ABSENT:
            return False
        if self.subject.get(fact) is None:
            return True
        return self.vocabulary.facts[fact].changeable and fact not in self._following

    def facts_to_move(self, test: Predicate, wanted: Truth) -> list[str]:
        """The facts of a test that may come out otherwise; none where it asks for what nobody can
        come by."""
        named = named_values(test.operator)
        facts = [f for f in test.quantity.facts if self.is_movable(f)]
        if wanted is not Truth.TRUE or not named:
            return facts
        return [f for f in facts if any(self.is_attainable(f, str(name)) for name in named)]

    def is_attainable(self, fact: str, code: str) -> bool:
        """Whether a code can be come by: nobody awards a title that nobody has defined, and some
        are barred to some."""
        codes = self.vocabulary.codes_of(self.vocabulary.facts[fact])
        if codes is None:
            return True
        if is_undefined(codes, code):
            unknown = self.subject.get(fact) is None
            self.passed_over_titles |= unknown and not self.assumes_titles
            return unknown and self.assumes_titles
        return code not in self.barred_titles

    @cached_property
    def barred_titles(self) -> Container[str]:
        return self._barred(self.subject, self.as_of)

    def stated_of(self, facts: Iterable[str]) -> list[str]:
        """The stated ones among some facts."""
        return [f for f in facts if self.subject.get(f) is not None]
