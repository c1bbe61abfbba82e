"""The answer as the reference evaluator and the plain rendering make it: the authority."""

from datetime import date
from functools import cached_property

import orjson

from service.domain.advice.combination import awards_of, best_combination
from service.domain.advice.decisive_facts import decisive_facts
from service.domain.advice.open_points import shared_points
from service.domain.advice.questions import next_questions
from service.domain.evaluation.claimed_certificates import (
    find_conflicts,
    with_contested_certificates,
)
from service.domain.evaluation.evaluator import (
    AnswerDetail,
    AnswerOptions,
    Match,
    Status,
    evaluate,
    reading_order,
)
from service.domain.evaluation.plausibility import find_implausible
from service.domain.facts.asking import unlikely_facts
from service.domain.facts.profile import Profile
from service.domain.rules.catalogue import Catalogue
from service.rendering.advice_json import combination_json, question_json, shared_points_json
from service.rendering.category_json import conflict_warnings, hints_json, implausible_json
from service.rendering.certificate_warnings import certificate_warnings
from service.rendering.json_parts import Json, in_language
from service.rendering.match_json import MatchRenderer, summary_json


class ReferenceAnswers:
    """All that one applicant may be told for one day. What does not depend on how it is asked is
    made once, as plainly as if it were asked once."""

    def __init__(
        self, catalogue: Catalogue, answers: MatchRenderer, profile: Profile, as_of: date
    ) -> None:
        self._catalogue, self._answers = catalogue, answers
        self._profile, self._as_of = profile, as_of
        contested = with_contested_certificates(catalogue, profile, as_of)
        self._evaluation = evaluate(catalogue, contested, as_of)
        self._unlikely = unlikely_facts(profile.company, catalogue.vocabulary)

    def answer(self, options: AnswerOptions) -> Json:
        """The contract's answer but for its receipt and the place to go on from."""
        listed = [m for m in self._in_order if m.status in options.statuses]
        end = None if options.limit is None else options.offset + options.limit
        answer: Json = {
            "as_of": self._as_of.isoformat(),
            "catalogue_version": self._catalogue.version,
            "summary": summary_json(self._evaluation.summary),
            "matches": [self._match(m, options.detail) for m in listed[options.offset : end]],
            "warnings": self._warnings,
        }
        if options.detail is not AnswerDetail.STATUSES:
            answer |= self._advice
        if options.detail is AnswerDetail.FULL:
            answer |= self._hints
        told: Json = in_language(answer, options.language)
        return told

    @cached_property
    def _in_order(self) -> list[Match]:
        vocabulary = self._catalogue.vocabulary
        distances = self._catalogue.distances(self._profile.company)

        def order(match: Match) -> object:
            open_ = match.status is Status.UNDETERMINED
            asked = decisive_facts(match, vocabulary, self._as_of) if open_ else ()
            return reading_order(match, asked, distances=distances, unlikely=self._unlikely)

        return sorted(self._evaluation.matches, key=order)  # type: ignore[arg-type]

    @cached_property
    def _warnings(self) -> list[Json]:
        catalogue, profile, as_of = self._catalogue, self._profile, self._as_of
        denied = find_conflicts(catalogue.categories.values(), profile, as_of)
        return [
            *conflict_warnings(catalogue, denied),
            *map(implausible_json, find_implausible(catalogue, profile, as_of)),
            *certificate_warnings(profile, catalogue.vocabulary, as_of),
        ]

    @cached_property
    def _advice(self) -> Json:
        catalogue, evaluation, as_of = self._catalogue, self._evaluation, self._as_of
        vocabulary, company = catalogue.vocabulary, evaluation.profile.company
        best = best_combination(catalogue, evaluation.matches, awards_of(evaluation.profile), as_of)
        reached = catalogue.reached(self._profile.company)
        unasked = self._unlikely.unasked
        questions = next_questions(evaluation.matches, vocabulary, as_of, reached, unasked)
        return {
            "best_combination": combination_json(best, vocabulary),
            "next_questions": [
                question_json(q, vocabulary, company.get(q.fact)) for q in questions
            ],
        }

    @cached_property
    def _hints(self) -> Json:
        catalogue, evaluation = self._catalogue, self._evaluation
        hints = hints_json(catalogue, evaluation.profile, self._as_of, AnswerOptions())
        shared = shared_points(evaluation.matches)
        return {
            "category_hints": orjson.loads(hints),
            "open_points": shared_points_json(shared, catalogue.vocabulary),
        }

    def _match(self, match: Match, detail: AnswerDetail) -> Json:
        if detail is AnswerDetail.BRIEF:
            return self._answers.brief(match, self._as_of)
        full = self._full(match)
        if detail is AnswerDetail.FULL:
            return full
        return {
            "programme": {"id": match.programme.id},
            "subject": full["subject"],
            "status": full["status"],
        }

    def _full(self, match: Match) -> Json:
        known = self._rendered.get(id(match))
        if known is None:
            known = self._rendered[id(match)] = self._answers.match(match, self._as_of)
        return known

    @cached_property
    def _rendered(self) -> dict[int, Json]:
        return {}
