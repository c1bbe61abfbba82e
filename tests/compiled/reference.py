"""The answer as the reference evaluator and the plain rendering make it: the authority."""

from datetime import date

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
from service.rendering.canonical_json import canonical_json
from service.rendering.category_json import conflict_warnings, hints_json, implausible_json
from service.rendering.certificate_warnings import certificate_warnings
from service.rendering.json_parts import Json, in_language
from service.rendering.match_json import MatchRenderer, summary_json


def reference_answer(
    catalogue: Catalogue,
    answers: MatchRenderer,
    profile: Profile,
    as_of: date,
    options: AnswerOptions,
) -> Json:
    """The contract's answer but for its receipt and the place to go on from."""
    evaluation = evaluate(catalogue, with_contested_certificates(catalogue, profile, as_of), as_of)
    vocabulary, matches = catalogue.vocabulary, list(evaluation.matches)
    distances = catalogue.distances(profile.company)
    unlikely = unlikely_facts(profile.company, vocabulary)

    def order(match: Match) -> object:
        open_ = match.status is Status.UNDETERMINED
        asked = decisive_facts(match, vocabulary, as_of) if open_ else ()
        return reading_order(match, asked, distances=distances, unlikely=unlikely)

    listed = sorted((m for m in matches if m.status in options.statuses), key=order)  # type: ignore[arg-type]
    end = None if options.limit is None else options.offset + options.limit
    denied = find_conflicts(catalogue.categories.values(), profile, as_of)
    answer: Json = {
        "as_of": as_of.isoformat(),
        "catalogue_version": catalogue.version,
        "summary": summary_json(evaluation.summary),
        "matches": [_match(answers, m, as_of, options) for m in listed[options.offset : end]],
        "warnings": [
            *conflict_warnings(catalogue, denied),
            *map(implausible_json, find_implausible(catalogue, profile, as_of)),
            *certificate_warnings(profile, vocabulary, as_of),
        ],
    }
    if options.detail is not AnswerDetail.STATUSES:
        best = best_combination(catalogue, evaluation.matches, awards_of(evaluation.profile), as_of)
        reached = catalogue.reached(profile.company)
        questions = next_questions(evaluation.matches, vocabulary, as_of, reached, unlikely.unasked)
        answer |= {
            "best_combination": combination_json(best),
            "next_questions": [
                question_json(q, vocabulary, evaluation.profile.company.get(q.fact))
                for q in questions
            ],
        }
    if options.detail is AnswerDetail.FULL:
        hints = hints_json(catalogue, evaluation.profile, as_of, AnswerOptions())
        answer["category_hints"] = orjson.loads(hints)
        answer["open_points"] = shared_points_json(shared_points(evaluation.matches), vocabulary)
    told: Json = in_language(answer, options.language)
    return told


def _match(answers: MatchRenderer, match: Match, as_of: date, options: AnswerOptions) -> Json:
    full = answers.match(match, as_of)
    if options.detail is AnswerDetail.FULL:
        return full
    if options.detail is AnswerDetail.BRIEF:
        return answers.brief(match, as_of)
    return {
        "programme": {"id": match.programme.id},
        "subject": full["subject"],
        "status": full["status"],
    }


def reference_bytes(
    catalogue: Catalogue,
    answers: MatchRenderer,
    profile: Profile,
    as_of: date,
    options: AnswerOptions,
) -> bytes:
    """The same as canonical JSON."""
    return canonical_json(reference_answer(catalogue, answers, profile, as_of, options))
