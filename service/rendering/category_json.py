"""Category hints and conflicts: what could be applied for, and which claims the figures deny."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from service.domain.evaluation.assessment import (
    Assessment,
    CheckedCriterion,
    SizeClass,
    TruthOf,
    Verdict,
    is_sized,
    size_class,
    truths_for,
)
from service.domain.evaluation.category_hints import category_hints, hint_limits, is_founded
from service.domain.evaluation.claimed_certificates import Conflict
from service.domain.evaluation.evaluator import AnswerDetail, AnswerOptions
from service.domain.evaluation.plausibility import Implausible
from service.domain.evaluation.scoring import Score
from service.domain.facts.profile import Profile
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.standards import Category, Criterion, SizeStandard
from service.domain.text import LIST_COMMA, SEMICOLON, Text, join
from service.domain.wording.labels import SIZE as SIZE_WORDS
from service.domain.wording.sentences import heading
from service.rendering.canonical_json import canonical_json
from service.rendering.json_parts import Json, in_language, text_json
from service.rendering.match_json import seen_text
from service.rendering.texts import read_texts

_WORDS = read_texts(__file__)

SIZE = "size_class"
# By whether the mark is published.
_POINTS = {
    True: Text("“{name}”达到 {mark} 分", "{name}: at least {mark} points"),
    False: Text("“{name}”合格", "passes: {name}"),
}


def hints_json(
    catalogue: Catalogue,
    profile: Profile,
    as_of: date,
    options: AnswerOptions,
    truths: TruthOf | None = None,
) -> bytes:
    """The size class, where it is certain, and what the company could apply for: a list as JSON."""
    if options.detail is not AnswerDetail.FULL or not is_founded(profile, as_of):
        return b"[]"
    known = truths or truths_for(profile, as_of)
    limits = hint_limits(catalogue, profile, as_of, known)
    sizes = (
        size_json(size_class(standard, profile, as_of, known))
        for standard in catalogue.sizes.values()
        if is_sized(standard, profile, as_of) and not limits.unsettle(standard, known)
    )
    write_criterion = partial(criterion_json, vocabulary=catalogue.vocabulary)
    hints = [
        *(size for size in sizes if size is not None),
        *(
            hint_json(h, write_criterion, as_of)
            for h in category_hints(
                catalogue.categories.values(),
                profile,
                as_of,
                limits,
                known,
            )
        ),
    ]
    return canonical_json(in_language(hints, options.language))


def conflict_warnings(catalogue: Catalogue, conflicts: Sequence[Conflict]) -> list[Json]:
    """A warning for every claimed certificate that the figures contradict."""
    if not conflicts:
        return []
    fact = next(
        (f.id for f in catalogue.vocabulary.company if f.type == FactType.CERTIFICATES), None
    )
    return [
        {
            "code": "conflict" if c.contests else "differs_from_standard",
            "text": text_json(conflict_text(c, catalogue)),
            "fact": fact,
        }
        for c in conflicts
    ]


def implausible_json(found: Implausible) -> Json:
    """A warning about something stated that cannot be."""
    return {
        "code": found.code,
        "text": text_json(found.text),
        "fact": min(found.facts, default=None),
    }


def conflict_text(conflict: Conflict, catalogue: Catalogue) -> Text:
    """Which criteria of a claimed certificate's standard the figures do not meet."""
    words = (_criterion_words(c, catalogue.vocabulary) for c in conflict.failed)
    sentence = _WORDS["conflict"] if conflict.contests else _WORDS["stands"]
    return sentence.format(name=conflict.category.name, criteria=join(words, SEMICOLON))


def _criterion_words(criterion: Criterion, vocabulary: Vocabulary) -> Text:
    if criterion.model is not None:
        mark = criterion.model.threshold
        words = _POINTS[mark is not None]
        return words.format(name=criterion.model.name, mark=str(mark))
    assert criterion.condition is not None
    return heading(criterion.condition.condition, vocabulary)


def size_json(found: SizeClass) -> Json | None:
    """The company's size class, where it is certain."""
    standard, size = found.standard, found.size
    if size is None:
        return None
    return {
        **_standard_json(standard),
        "category": SIZE,
        "size": size.value,
        "verdict": Verdict.MEETS.value,
        "text": text_json(_WORDS["size"].format(size=SIZE_WORDS[size])),
        "known": 1,
        "total": 1,
        "complete": True,
        "criteria": [],
        "uncomputed": [],
        "missing_facts": [],
    }


def _standard_json(standard: Category | SizeStandard) -> Json:
    return {
        "standard_id": standard.id,
        "name": text_json(standard.name),
        "standard": standard.standard,
        "source": standard.source,
        "valid_from": None if standard.window.start is None else standard.window.start.isoformat(),
        "valid_to": None if standard.window.end is None else standard.window.end.isoformat(),
        "notes": [text_json(note) for note in standard.notes],
    }


def hint_json(
    assessment: Assessment, write_criterion: Callable[[CheckedCriterion], object], as_of: date
) -> Json:
    """A category the company could apply for; `told` gives what is told of each criterion."""
    category = assessment.category
    return {
        **_standard_json(category),
        "category": category.certificate,
        "size": None,
        "verdict": assessment.verdict.value,
        "text": text_json(_hint_text(assessment, as_of)),
        "known": assessment.decided_count,
        "total": len(assessment.checked),
        "complete": category.complete,
        "criteria": [write_criterion(judged) for judged in assessment.checked],
        "uncomputed": [text_json(text) for text in category.uncomputed],
        "missing_facts": list(assessment.missing),
    }


def _hint_text(assessment: Assessment, as_of: date) -> Text:
    category = assessment.category
    words = (_WORDS["meets"] if assessment.verdict is Verdict.MEETS else _WORDS["open"]).format(
        name=category.name, who=category.decided_by,
        known=str(assessment.decided_count), total=str(len(assessment.checked)),
    )  # fmt: skip
    parts = [words] if category.complete else [words, _WORDS["rest"]]
    unverified = sum(not c.criterion.verified for c in assessment.checked)
    if unverified:
        parts.append(_WORDS["unverified"].format(count=str(unverified)))
    if assessment.size_open:
        sizes = join((SIZE_WORDS[size] for size in category.sizes), LIST_COMMA)
        parts.append(_WORDS["size_open"].format(sizes=sizes))
    season = category.season(as_of)
    if season is not None:
        days = {"start": str(season.start), "end": str(season.end)}
        parts.append(_WORDS["out_of_season"].format(year=str(as_of.year), **days))
    return join(parts, Text("", ""))


def criterion_json(checked: CheckedCriterion, vocabulary: Vocabulary) -> Json:
    """A criterion and what was found."""
    criterion, evidence = checked.criterion, checked.evidence
    observed = score_text(evidence) if isinstance(evidence, Score) else seen_text(evidence)
    return {
        "id": criterion.id,
        "text": text_json(_criterion_words(criterion, vocabulary)),
        "truth": str(checked.truth),
        "observed": observed,
        "verified": criterion.verified,
        "source": criterion.source,
        "missing_facts": list(checked.missing),
        "parts": _parts_json(evidence) if isinstance(evidence, Score) else [],
    }


def score_text(found: Score) -> str | None:
    """The points, or the two ends between which they lie; None where the model cannot score."""
    if found.low is None or found.high is None:
        return None
    return f"{found.low:f}" if found.low == found.high else f"{found.low:f}–{found.high:f}"


def _parts_json(found: Score) -> list[Json]:
    """What each indicator of a points model earns."""
    return [
        {
            "id": part.indicator.id,
            "name": text_json(part.indicator.label),
            "low": None if part.low is None else f"{part.low:f}",
            "high": None if part.high is None else f"{part.high:f}",
        }
        for part in found.points
    ]
