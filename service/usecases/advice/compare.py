"""What changes between two profiles, two dates or two catalogue versions, and because of what."""

from dataclasses import dataclass

from service.compiled.compiled_catalogue import Clock, CompiledCatalogue
from service.compiled.compiled_versions import CompiledVersions
from service.domain.advice.comparison import Cause, MatchDifference, Reason, compare
from service.domain.evaluation.evaluator import Evaluation, Match
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.amounts import Benefit
from service.domain.rules.catalogue import Catalogue, Programme
from service.domain.text import Text, join
from service.domain.wording.money import formula
from service.domain.wording.sentences import heading, observed_text, sentence
from service.intake.comparisons import ComparisonSide, read_comparison
from service.intake.requests import RequestReader
from service.rendering.json_parts import Json, clause_json, money_json, text_json
from service.rendering.match_json import summary_json
from service.usecases.matching import evaluate_request


@dataclass(frozen=True)
class ComparisonService:
    """Two evaluations side by side, each under the present catalogue or a kept one."""

    versions: CompiledVersions
    clock: Clock

    def compare(self, raw: object) -> Json:
        """What differs between the two sides of a request, because of what. Raises InvalidInput,
        and Refused where a kept version can no longer be read."""
        before, after = read_comparison(raw, self._reader)
        return comparison_json(self._evaluate(before), self._evaluate(after))

    def _evaluate(self, side: ComparisonSide) -> Evaluation:
        day = side.request.as_of or self.clock.today()
        return evaluate_request(self._compiled(side.catalogue_version), side.request, day)

    def _compiled(self, version: str | None) -> CompiledCatalogue:
        return self.versions.present if version is None else self.versions.compiled(version)

    def _reader(self, version: str | None) -> RequestReader:
        return self._compiled(version).requests


def comparison_json(before: Evaluation, after: Evaluation) -> Json:
    """Both sides' totals, and every match that differs."""
    return {
        "before": _side(before),
        "after": _side(after),
        "changes": [
            _difference(d, before.catalogue, after.catalogue) for d in compare(before, after)
        ],
    }


def _side(evaluation: Evaluation) -> Json:
    return {
        "as_of": evaluation.as_of.isoformat(),
        "catalogue_version": evaluation.catalogue.version,
        "summary": summary_json(evaluation.summary),
    }


def _difference(difference: MatchDifference, old: Catalogue, new: Catalogue) -> Json:
    present = difference.after or difference.before
    assert present is not None
    return {
        "programme": difference.programme,
        "name": text_json(present.programme.name),
        "subject": difference.subject,
        "before": _outcome(difference.before),
        "after": _outcome(difference.after),
        "because": [_reason(r, difference, old, new) for r in difference.reasons],
    }


def _outcome(match: Match | None) -> Json | None:
    if match is None:
        return None
    bound = match.ceiling
    return {
        "status": match.status.value,
        "ceiling": money_json(bound.amount) if bound else None,
        "at_most": money_json(bound.at_most) if bound else None,
    }


def _reason(reason: Reason, difference: MatchDifference, old: Catalogue, new: Catalogue) -> Json:
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
    elif reason.cause is Cause.RULE and difference.before and difference.after:
        now = difference.after.programme
        found["clause"] = clause_json(now.clause)
        found["rewritten"] = _rewritten(difference.before.programme, now, old, new)
    return found


def _rewritten(first: Programme, second: Programme, old: Catalogue, new: Catalogue) -> list[Json]:
    """What of a programme was written anew: each part with its words then and now."""
    parts = {
        "conditions": _conditions(first, second, old.vocabulary, new.vocabulary),
        "ceiling": (
            _money(first.benefit, old.vocabulary),
            _money(second.benefit, new.vocabulary),
        ),
        "window": (_window(first), _window(second)),
        "commitment": (_same(first.commitment.value), _same(second.commitment.value)),
    }
    return [
        {"part": part, "before": text_json(then), "after": text_json(now)}
        for part, (then, now) in parts.items()
        if then != now
    ]


def _conditions(
    first: Programme, second: Programme, old: Vocabulary, new: Vocabulary
) -> tuple[Text, Text]:
    """The sentences that the other wording does not have."""
    then = [sentence(c, old) for c in first.condition.children]
    now = [sentence(c, new) for c in second.condition.children]
    return (
        join((t for t in then if t not in now), "；", "; "),
        join((t for t in now if t not in then), "；", "; "),
    )


def _money(benefit: Benefit | None, vocabulary: Vocabulary) -> Text:
    return formula(benefit, vocabulary) if benefit else Text("", "")


def _window(programme: Programme) -> Text:
    return _same(f"{programme.window.start or ''}/{programme.window.end or ''}")


def _same(word: str) -> Text:
    return Text(word, word)
