"""Advice as the contract's data: what to ask, what is short by how little, what to take."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TypeAlias

from service.domain.advice.combination_result import Combination, OmissionReason, Omitted, OpenPoint
from service.domain.advice.near_miss import Change, NearMiss
from service.domain.advice.open_points import LeftTerm, Point, SharedPoint, UnsettledFact
from service.domain.advice.questions import Question
from service.domain.advice.received import AwardDetail
from service.domain.evaluation.evaluator import Finding, MatchLike
from service.domain.evaluation.evaluator import MatchT as S
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Project, Value, projects_in, records_in
from service.domain.facts.vocabulary import Fact, Vocabulary
from service.domain.rules.conditions import Condition
from service.domain.text import LIST_COMMA, SEMICOLON, Text, join
from service.domain.truth import Truth
from service.domain.wording import phrases
from service.domain.wording.labels import NONE
from service.domain.wording.values import observed_text, record_observed, stated_text, value_text
from service.rendering.combination_words import WORDS
from service.rendering.json_parts import (
    Json,
    clause_json,
    money_json,
    range_json,
    subject_name,
    text_json,
)
from service.rendering.texts import read_texts

_WORDS = read_texts(__file__)
Number: TypeAlias = int | Decimal

# Of a yes or no that an act brings about, such as entering a register.
_YET = {
    True: Text("尚未做到：{fact}", "not yet so: {fact}"),
    False: Text("还须不再是：{fact}", "still so, and may not be: {fact}"),
}
# The texts of these values are called as they are.
_WHY = {reason: WORDS[reason.value] for reason in OmissionReason}
_OPEN = {point: WORDS[point.value] for point in OpenPoint}
_AWARD_DETAILS = {detail: WORDS[f"of_{detail.value}"] for detail in AwardDetail}


def question_json(question: Question, vocabulary: Vocabulary, stated: Value | None = None) -> Json:
    """A question with its words, beside what is stated of the fact, and what hangs on it."""
    fact = vocabulary.facts[question.fact]
    return {
        "fact": question.fact,
        "text": text_json(fact.wording(stated).question),
        "help": text_json(fact.help),
        "decides": question.decides,
        "settles": question.settles,
        "at_stake": money_json(question.at_stake),
        "subjects": list(question.subjects),
        "kinds": list(question.kinds),
    }


def near_miss_json(
    near: NearMiss | None, vocabulary: Vocabulary, obstacle: Callable[[Condition, Truth], Json]
) -> Json | None:
    """The way to potential; null where there is nothing to say. `obstacle` gives the words of a
    condition that stands in the way by how it came out."""
    if near is None:
        return None
    return {
        "distance": near.distance,
        "changes": [_change_json(c, vocabulary) for c in near.changes],
        "assuming": list(near.assuming),
        "blocked_by": _blocks_json(near, obstacle),
        "opens_on": near.opens_on.isoformat() if near.opens_on else None,
    }


def _blocks_json(near: NearMiss, obstacle: Callable[[Condition, Truth], Json]) -> list[Json]:
    """What blocks the way; the same words of one clause are said once, with all their facts."""
    blocks: list[tuple[Json, dict[str, None]]] = []
    for found in near.blocked_by:
        block = {
            "text": obstacle(found.condition, found.truth),
            "clause": clause_json(found.condition.clause),
            "observed": _observed_in(found),
        }
        facts = next((facts for said, facts in blocks if said == block), None)
        if facts is None:
            blocks.append((block, facts := {}))
        facts.update(dict.fromkeys(found.condition.facts))
    return [{**block, "facts": list(facts)} for block, facts in blocks]


def _observed_in(finding: Finding) -> str | None:
    """What was seen, of several tests whatever they saw."""
    seen = dict.fromkeys(text for text in _all_observed(finding) if text)
    return ", ".join(seen) or None


def _all_observed(finding: Finding) -> Iterator[str | None]:
    if not finding.children:
        yield observed_text(finding.observed)
    for child in finding.children:
        yield from _all_observed(child)


def _change_json(change: Change, vocabulary: Vocabulary) -> Json:
    text = _change_words(change, vocabulary)
    return {
        "fact": change.fact,
        "present": observed_text(change.present),
        "required": _required(change.wanted, change.present),
        "any_of": [
            _required(_lacking(value, change.present), ())
            for value in (change.wanted, *change.as_well)
        ],
        "text": text_json(text),
    }


def _required(value: Value, held: Value) -> str | None:
    """A value that would do, language-neutral. A certificate that is not held has no term yet."""
    if not isinstance(value, tuple):
        return observed_text(value)
    if projects := projects_in(value):
        return observed_text(tuple(p for p in projects if p not in projects_in(held)))
    had = records_in(held)
    return ", ".join(record_observed(r) if r in had else r.code for r in records_in(value))


def _change_words(change: Change, vocabulary: Vocabulary) -> Text:
    """What is, and what would do; of sets what is held, certificates with their terms, and what is
    lacking beside it."""
    fact = vocabulary.facts[change.fact]
    held, wanted = change.present, change.wanted
    if more := projects_in(_lacking(wanted, held)):
        return _more_projects_words(fact, held, more, vocabulary)
    words = _WORDS["change"]
    if isinstance(wanted, bool):
        words = _YET[wanted]
    elif isinstance(wanted, Number) and isinstance(held, Number) and not change.as_well:
        # The nearest value that would do is the bound.
        words = _WORDS["at_least"] if wanted > held else _WORDS["at_most"]
    if isinstance(held, tuple) and isinstance(wanted, tuple):
        had = records_in(held)
        lacking = [record for record in records_in(wanted) if record not in had]
        words = _WORDS["one_more_valid"] if had else _WORDS["needed"]
        if {record.code for record in lacking} <= {record.code for record in had}:
            words = _WORDS["renewed"]
    elif isinstance(held, frozenset) and isinstance(wanted, frozenset) and held and held < wanted:
        words = _WORDS["one_more"]
    named = [
        value_text(_lacking(value, held), fact, vocabulary) for value in (wanted, *change.as_well)
    ]
    return words.format(
        fact=fact.label,
        present=stated_text(held, fact, vocabulary),
        wanted=_or_none(_one_of(named)),
    )


def _more_projects_words(
    fact: Fact, held: Value, more: Sequence[Project], vocabulary: Vocabulary
) -> Text:
    """How many projects are needed beside those there are, and of what kind and size."""
    each = tuple(dict.fromkeys(more))
    words = _WORDS["more_projects"] if held else _WORDS["needed_projects"]
    return words.format(
        fact=fact.label,
        present=stated_text(held, fact, vocabulary) if held else "",
        count=str(len(more)),
        wanted=value_text(each, fact, vocabulary),
    )


def _lacking(value: Value, held: Value) -> Value:
    """What a value has beyond what is held; the value itself where it is no set, or holds less."""
    if isinstance(value, tuple) and isinstance(held, tuple):
        return tuple(record for record in value if record not in held)  # type: ignore[return-value]
    if isinstance(value, frozenset) and isinstance(held, frozenset) and held < value:
        return value - held
    return value


def _one_of(named: Sequence[Text]) -> Text:
    """Several of which one is enough: “A、B 或 C”."""
    *first, last = named
    if not first:
        return last
    return _WORDS["or"].format(first=join(first, LIST_COMMA), last=last)


def shared_points_json(points: Iterable[SharedPoint], vocabulary: Vocabulary) -> list[Json]:
    """What several programmes leave to others, each said once."""
    return [
        {
            "text": text_json(_point_words(shared.point, vocabulary)),
            "matches": shared.matches,
            "programmes": list(shared.programmes),
        }
        for shared in points
    ]


def _point_words(point: Point, vocabulary: Vocabulary) -> Text:
    if isinstance(point, LeftTerm):
        return phrases.UNDECIDED[point.undefined].format(term=point.term)
    fact = vocabulary.facts[point.fact]
    if _lacks_titles_only(point, vocabulary.codes_of(fact)):
        return _WORDS["undefined"].format(fact=fact.label)
    return _WORDS["unsettled"].format(
        fact=fact.label, value=value_text(point.value, fact, vocabulary)
    )


def _lacks_titles_only(point: UnsettledFact, codes: CodeList | None) -> bool:
    """Whether what is open is who has the titles that nobody has defined, and not what is stated:
    nothing is, or nothing that such a title could be a narrower form of."""
    if not point.value or codes is None:
        return not point.value
    held = point.value if isinstance(point.value, frozenset) else {point.value}
    titles = [code for code, entry in codes.codes.items() if entry.undefined]
    return bool(titles) and not any(codes.ancestors(title) & held for title in titles)


def _or_none(text: Text) -> Text:
    return text if text.zh else NONE


def combination_json(combination: Combination[S], vocabulary: Vocabulary) -> Json | None:
    """The best lawful set; null where nothing can be counted. A total of which only the lower end
    is known has no upper one. What is open for want of a figure says which."""
    if not combination.chosen and not combination.left_out:
        return None
    total = range_json(combination.total)
    return {
        "total": {**total, "amount": None, "high": None} if combination.unbounded else total,
        "chosen": [
            {
                "programme": c.match.programme.id,
                "subject": subject_name(c.match),
                "amount": range_json(c.amount),
            }
            for c in combination.chosen
        ],
        "left_out": [_left_out(o, subject_name(o.match), vocabulary) for o in combination.left_out],
        "open_points": [
            {"code": point.value, "text": text_json(_why_open(point, combination, vocabulary))}
            for point in combination.open_points
        ],
    }


def _why_open(point: OpenPoint, combination: Combination[S], vocabulary: Vocabulary) -> Text:
    """Why a total is an interval; where a figure or something of an award would settle it, what."""
    if point is OpenPoint.AMOUNT_UNSTATED:
        return _unstated_amounts(combination, vocabulary)
    if point is not OpenPoint.SAME_THING or not combination.unstated:
        return _OPEN[point]
    details = join((_AWARD_DETAILS[detail] for detail in combination.unstated), LIST_COMMA)
    return WORDS["award_unstated"].format(details=details)


def _unstated_amounts(combination: Combination[S], vocabulary: Vocabulary) -> Text:
    """Which figures are not stated: of amounts without a cap, and of amounts with one."""
    unknown = OmissionReason.AMOUNT_UNKNOWN
    endless = [o.match for o in combination.left_out if o.reason is unknown]
    open_ = [c.match for c in combination.chosen if c.amount.low != c.amount.high]
    words = [(WORDS["amount_unbounded"], endless), (_OPEN[OpenPoint.AMOUNT_UNSTATED], open_)]
    figures = [(text, _unstated_figures(matches, vocabulary)) for text, matches in words]
    return join((text.format(figures=named) for text, named in figures if named.en), SEMICOLON)


_WHY_JSON = {reason: text_json(why) for reason, why in _WHY.items()}


def _unstated_figures(matches: Iterable[MatchLike], vocabulary: Vocabulary) -> Text:
    """The figures from which the amounts of some matches are reckoned and which are not stated."""
    facts = dict.fromkeys(
        fact
        for match in matches
        for fact in (match.programme.benefit.facts if match.programme.benefit else ())
        if match.subject.get(fact) is None
    )
    return join((vocabulary.facts[fact].label for fact in facts), LIST_COMMA)


def _left_out(omitted: Omitted[S], name: object, vocabulary: Vocabulary) -> Json:
    why = _WHY_JSON[omitted.reason]
    if omitted.reason is OmissionReason.AMOUNT_UNKNOWN:
        figures = _unstated_figures([omitted.match], vocabulary)
        why = text_json(_WHY[omitted.reason].format(figures=figures))
    if omitted.instead:
        why = text_json(_WHY[omitted.reason].format(instead=omitted.instead.programme.name))
    return {
        "programme": omitted.match.programme.id,
        "subject": name,
        "reason": omitted.reason.value,
        "why": why,
    }
