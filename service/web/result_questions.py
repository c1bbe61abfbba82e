"""What to ask of a case that was evaluated: the questions of its answer, which of them were not
asked yet, and what is missing without which hardly anything can be judged.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cached_property

from service.domain.evaluation.evaluator import PROMISING, Status
from service.domain.facts.profile import Profile
from service.domain.facts.vocabulary import Fact, Owner
from service.domain.text import Text
from service.rendering.json_parts import Json, text_json
from service.web.cases import Case, blank_key, finer_key
from service.web.ports import PageContext


@dataclass(frozen=True)
class ResultQuestions:
    """The questions of one answer; a `folded` one does not hold all of its matches."""

    site: PageContext
    case: Case
    profile: Profile
    answer: Json
    folded: bool

    @cached_property
    def all(self) -> tuple[Json, ...]:
        """What an answer would decide, the most decisive first; then the figures that only amounts
        wait for."""
        questions = tuple(self.answer["next_questions"])
        return (*questions, *self._figures(frozenset(q["fact"] for q in questions)))

    def _figures(self, asked_already: Container[str]) -> Iterator[Json]:
        """Questions that decide no match: with their answers amounts can be reckoned."""
        waiting: dict[Fact, list[Json]] = {}
        for match in self.answer["matches"]:
            for fact in self.figures_of(match):
                waiting.setdefault(fact, []).append(match)
        for fact, matches in waiting.items():
            if fact.id not in asked_already:
                yield {
                    "fact": fact.id,
                    "text": text_json(fact.question),
                    "decides": 0,
                    "settles": 0,
                    "reckons": len(matches),
                    "subjects": [m["subject"] for m in matches if fact.owner is Owner.PROJECT],
                }

    def figures_of(self, match: Json) -> tuple[Fact, ...]:
        """What a match that may be had, and is told no exact amount, lacks to reckon it."""
        benefit = self.site.catalogue.programmes[match["programme"]["id"]].benefit
        ceiling = match["ceiling"]
        is_open = ceiling is None or ceiling["amount"] is None
        if benefit is None or not is_open or match["hypothetical"]:
            return ()
        if Status(match["status"]) not in PROMISING:
            return ()
        stated, known = self.profile.facts_of(match["subject"]), self.site.vocabulary.facts
        facts = (known[fact] for fact in sorted(benefit.facts) if stated.get(fact) is None)
        return tuple(fact for fact in facts if not fact.never_asked)

    @property
    def fresh(self) -> tuple[Json, ...]:
        """The questions that were not put aside. Where some of them were left blank or inexact on a
        page of the basics, first what is new and settles something: nobody is asked again at once.
        While something essential is not stated, only those that settle a match or an amount by
        themselves: all others wait for it too."""
        waiting = bool(self.unsaid_essentials)
        alone = (q for q in self.all if _settles(q) or not waiting)
        fresh = [q for q in alone if not self._was_asked(q)]
        if any(map(self._was_passed_over, fresh)):
            fresh.sort(key=lambda q: self._was_passed_over(q) or not _settles(q))
        return tuple(fresh)

    @property
    def worth_adding(self) -> tuple[Json, ...]:
        """What is missing, first what most matches wait for, whether it was put aside or not asked
        yet: as the list of what is missing has it."""
        return tuple(sorted(self.all, key=lambda question: -question["decides"]))

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

    def _was_passed_over(self, question: Json) -> bool:
        """Whether a question that was not put aside has been seen already."""
        fact, asked = question["fact"], self.case.asked_facts
        is_essential = any(fact == f.id for f in self.site.essential)
        return (fact in asked or blank_key(fact) in asked) and not is_essential

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


def _settles(question: Json) -> bool:
    """Whether an answer alone decides a match, or lets an amount be reckoned."""
    return bool(question["settles"] or question.get("reckons"))
