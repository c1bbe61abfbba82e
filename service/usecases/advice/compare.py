"""What changes between two profiles, two dates or two catalogue versions, and because of what."""

from dataclasses import dataclass
from datetime import date

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.compiled.compiled_versions import CompiledVersions
from service.domain.advice.comparison import (
    DifferenceCause,
    MatchDifference,
    Reason,
    compare_evaluations,
)
from service.domain.clock import Clock
from service.domain.evaluation.claimed_certificates import with_contested_certificates
from service.domain.evaluation.evaluator import Evaluation, Match
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.amounts import Benefit
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.programmes import Programme
from service.domain.text import SEMICOLON, Text, join
from service.domain.wording.money import formula
from service.domain.wording.sentences import heading, sentence
from service.domain.wording.values import observed_text
from service.intake.comparisons import ComparisonSide, read_comparison
from service.intake.requests import MatchRequest, RequestReader
from service.rendering.json_parts import Json, clause_json, in_language, money_json, text_json
from service.rendering.match_json import summary_json
from service.usecases.advice.differing_matches import ComparedSide, evaluate_differing


@dataclass(frozen=True)
class ComparisonService:
    """Two evaluations side by side, each under the present catalogue or a kept one."""

    versions: CompiledVersions
    clock: Clock

    def compare(self, raw: object) -> Json:
        """What differs between the two sides of a request, because of what. Raises InvalidInput,
        and Refused where a kept version can no longer be read."""
        before, after = read_comparison(raw, self._reader)
        found = compare_sides(self._side(before), self._side(after), self.versions)
        asked = (side.request.options.language for side in (after, before))
        answer: Json = in_language(found, next(filter(None, asked), None))
        return answer

    def _side(self, side: ComparisonSide) -> ComparedSide:
        day = side.request.as_of or self.clock.today()
        return side_of(self._compiled(side.catalogue_version), side.request, day)

    def _compiled(self, version: str | None) -> CompiledCatalogue:
        return self.versions.present if version is None else self.versions.compiled(version)

    def _reader(self, version: str | None) -> RequestReader:
        return self._compiled(version).requests


def side_of(compiled: CompiledCatalogue, request: MatchRequest, as_of: date) -> ComparedSide:
    """A request under a catalogue on a day."""
    profile = with_contested_certificates(compiled.catalogue, request.profile, as_of)
    return ComparedSide(compiled, profile, as_of)


def compare_sides(then: ComparedSide, now: ComparedSide, versions: CompiledVersions) -> Json:
    """Both sides' totals, and every match that differs; of a large catalogue the first, and how
    many more may."""
    unchanged = versions.unchanged(then.compiled, now.compiled)
    before, after, left_out = evaluate_differing(then, now, unchanged)
    return {
        "before": _side_json(before),
        "after": _side_json(after),
        "changes": [
            _difference_json(d, before.catalogue, after.catalogue)
            for d in compare_evaluations(before, after)
        ],
        "not_compared": left_out,
    }


def _side_json(evaluation: Evaluation) -> Json:
    return {
        "as_of": evaluation.as_of.isoformat(),
        "catalogue_version": evaluation.catalogue.version,
        "summary": summary_json(evaluation.summary),
    }


def _difference_json(difference: MatchDifference, old: Catalogue, new: Catalogue) -> Json:
    present = difference.after or difference.before
    assert present is not None
    return {
        "programme": difference.programme,
        "name": text_json((new if difference.after else old).list_name(difference.programme)),
        "subject": difference.subject,
        "before": _outcome_json(difference.before),
        "after": _outcome_json(difference.after),
        "because": [_reason_json(r, difference, old, new) for r in difference.reasons],
    }


def _outcome_json(match: Match | None) -> Json | None:
    if match is None:
        return None
    bound = match.ceiling
    return {
        "status": match.status.value,
        "ceiling": money_json(bound.amount) if bound else None,
        "at_most": money_json(bound.at_most) if bound else None,
    }


def _reason_json(
    reason: Reason, difference: MatchDifference, old: Catalogue, new: Catalogue
) -> Json:
    found: Json = {
        "cause": reason.cause.value,
        "facts": list(reason.facts),
        "text": None,
        "clause": None,
        "before": None,
        "after": None,
        "rewritten": [],
    }
    if reason.before is not None and reason.after is not None:
        condition = reason.after.condition
        found["text"] = text_json(heading(condition, new.vocabulary))
        found["clause"] = clause_json(condition.clause)
        found["before"] = observed_text(reason.before.observed)
        found["after"] = observed_text(reason.after.observed)
    elif reason.cause is DifferenceCause.RULE and difference.before and difference.after:
        now = difference.after.programme
        found["clause"] = clause_json(now.clause)
        found["rewritten"] = _rewritten_parts(difference.before.programme, now, old, new)
    return found


def _rewritten_parts(
    first: Programme, second: Programme, old: Catalogue, new: Catalogue
) -> list[Json]:
    """What of a programme was written anew: each part with its words then and now."""
    parts = {
        "conditions": _differing_conditions(first, second, old.vocabulary, new.vocabulary),
        "ceiling": (
            _money_words(first.benefit, old.vocabulary),
            _money_words(second.benefit, new.vocabulary),
        ),
        "window": (_window_words(first), _window_words(second)),
        "commitment": (_same_text(first.commitment.value), _same_text(second.commitment.value)),
    }
    return [
        {"part": part, "before": text_json(then), "after": text_json(now)}
        for part, (then, now) in parts.items()
        if then != now
    ]


def _differing_conditions(
    first: Programme, second: Programme, old: Vocabulary, new: Vocabulary
) -> tuple[Text, Text]:
    """The sentences that the other wording does not have."""
    then = [sentence(c, old) for c in first.condition.children]
    now = [sentence(c, new) for c in second.condition.children]
    return (
        join((t for t in then if t not in now), SEMICOLON),
        join((t for t in now if t not in then), SEMICOLON),
    )


def _money_words(benefit: Benefit | None, vocabulary: Vocabulary) -> Text:
    return formula(benefit, vocabulary) if benefit else Text("", "")


def _window_words(programme: Programme) -> Text:
    return _same_text(f"{programme.window.start or ''}/{programme.window.end or ''}")


def _same_text(word: str) -> Text:
    return Text(word, word)
