"""What to ask of a case that was evaluated: the questions of its answer, which of them were not
asked yet, and what is missing without which hardly anything can be judged.
"""

from dataclasses import dataclass

from service.domain.facts.profile import Profile
from service.domain.facts.vocabulary import Fact
from service.domain.text import Text
from service.rendering.json_parts import Json
from service.web.cases import Case, finer_key
from service.web.ports import PageContext


@dataclass(frozen=True)
class ResultQuestions:
    """The questions of one answer; a `folded` one does not hold all of its matches."""

    site: PageContext
    case: Case
    profile: Profile
    answer: Json
    folded: bool

    @property
    def all(self) -> tuple[Json, ...]:
        """What an answer would decide, the most decisive first."""
        return tuple(self.answer["next_questions"])

    @property
    def fresh(self) -> tuple[Json, ...]:
        """The questions that were not asked yet. While something essential is not stated, only
        those that settle a match by themselves: all others wait for it too."""
        waiting = bool(self.unsaid_essentials)
        return tuple(
            q for q in self.all if not self._was_asked(q) and (q["settles"] or not waiting)
        )

    @property
    def unanswered(self) -> tuple[Json, ...]:
        """The questions that nothing at all is stated to yet."""
        facts = self.site.vocabulary.facts
        return tuple(q for q in self.all if not self._is_stated(facts[q["fact"]], q))

    def _is_stated(self, fact: Fact, question: Json) -> bool:
        places = question["subjects"] or [None]
        return all(self.case.raw(fact, ref) is not None for ref in places)

    @property
    def worth_adding(self) -> tuple[Json, ...]:
        """What to add, in the order in which it is asked: what was not asked yet, then what was put
        aside."""
        fresh = self.fresh
        return (*fresh, *(q for q in self.unanswered if q not in fresh))

    def label(self, question: Json) -> Text:
        """What a question is about, in a word."""
        fact = self.site.vocabulary.facts[question["fact"]]
        return fact.wording(self.profile.company.get(fact.id)).label

    def _was_asked(self, question: Json) -> bool:
        fact, asked = question["fact"], self.case.asked_facts
        if question["subjects"]:
            return all(f"{ref}/{fact}" in asked for ref in question["subjects"])
        if self._is_inexact(self.site.vocabulary.facts[fact]):
            return finer_key(fact) in asked
        return fact in asked

    def _is_inexact(self, fact: Fact) -> bool:
        """Whether something is stated of a fact that a finer question is about."""
        stated = self.profile.company.get(fact.id) if self.case.raw(fact) is not None else None
        return stated is not None and fact.wording(stated) is fact.finer

    @property
    def unsaid_essentials(self) -> tuple[Fact, ...]:
        """The facts that are not stated though hardly anything can be judged without them."""
        return tuple(f for f in self.site.essential if self.case.raw(f) is None)

    def waiting_for(self, fact: Fact) -> int:
        """How many matches cannot be decided without a fact."""
        if self.folded:
            return sum(q["decides"] for q in self.all if q["fact"] == fact.id)
        return sum(fact.id in m["missing_facts"] for m in self.answer["matches"])
