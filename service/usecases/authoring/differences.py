"""What a change of the policy files alters: in words, in money, and for whom."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import NamedTuple, assert_never

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import InvalidInput
from service.domain.evaluation.evaluator import (
    PROMISING,
    Match,
    evaluate_programme,
    subjects,
)
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Subject, Value
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Condition, Group, Predicate, Undecided
from service.domain.rules.programmes import Programme
from service.domain.text import Text
from service.domain.wording.money import formula
from service.domain.wording.sentences import sentence
from service.domain.wording.values import value_text
from service.intake.saved_profiles import mend_profile
from service.proof.widening import RuleComparison, compare_rules
from service.rendering.amount_words import amount_text, range_text
from service.rendering.application_json import window_text
from service.rendering.json_parts import Json, money_json, text_json
from service.usecases.authoring.money_differences import MoneyCase, MoneyComparison, compare_money


class AnsweredRequest(NamedTuple):
    """A request that was answered once: its profile in plain JSON, the day it was judged on, and
    whose it is (None: nobody's)."""

    id: str
    profile: Json
    as_of: date
    tenant: str | None = None


@dataclass(frozen=True, slots=True)
class StoredOutcome:
    """What a programme comes to for a stored case: the status and the amount for each subject."""

    statuses: tuple[str, ...] = ("–",)
    amounts: tuple[Text | None, ...] = ()


class Flip(NamedTuple):
    """A stored case that comes out otherwise, and whose it is."""

    case: str
    tenant: str | None
    before: StoredOutcome
    after: StoredOutcome


@dataclass(frozen=True, slots=True)
class ProgrammeDifference:
    """One programme in two versions; None where it is not in one of them. `flips` are stored
    cases that come out otherwise, in status or amount."""

    id: str
    old: Programme | None
    new: Programme | None
    comparison: RuleComparison | None
    money: MoneyComparison | None = None
    flips: tuple[Flip, ...] = ()


def differences(
    old: CompiledCatalogue,
    new: CompiledCatalogue,
    stored: Iterable[AnsweredRequest] = (),
    unchanged: Container[str] = (),
) -> tuple[ProgrammeDifference, ...]:
    """Every programme whose rule, money or window is not what it was, or whose days of application
    are not; none is in the folders that are unchanged."""
    before, after = (
        {p.id: p for p in c.catalogue.programmes.values() if p.folder not in unchanged}
        for c in (old, new)
    )
    names = dict.fromkeys([*before, *after])
    changed = [n for n in names if _rule_signature(before.get(n)) != _rule_signature(after.get(n))]
    cases = list(stored)
    return tuple(
        ProgrammeDifference(
            name, before.get(name), after.get(name),
            _compare_rule(new.catalogue, before.get(name), after.get(name)),
            _compare_benefits(old, new, before.get(name), after.get(name)),
            tuple(_find_flips(old, new, name, cases)),
        )
        for name in changed
    )  # fmt: skip


def _rule_signature(programme: Programme | None) -> object:
    """What decides an answer; words for readers and examples do not."""
    if programme is None:
        return None
    return (_condition_signature(programme.condition), _comparable_value(programme.benefit),
            programme.window, programme.commitment, programme.supports, programme.purpose,
            programme.excludes, programme.selection,
            _comparable_value(programme.application.windows))  # fmt: skip


def _comparable_value(value: object) -> object:
    """A value in which a list of codes goes by its id: each catalogue has lists of its own."""
    if isinstance(value, CodeList):
        return value.id
    if isinstance(value, (tuple, list)):
        return tuple(map(_comparable_value, value))
    if isinstance(value, Mapping):
        return tuple((key, _comparable_value(held)) for key, held in value.items())
    if is_dataclass(value) and not isinstance(value, type):
        compared = (part.name for part in fields(value) if part.compare)
        parts = (_comparable_value(getattr(value, name)) for name in compared)
        return (type(value), *parts)
    return value


def _condition_signature(condition: Condition) -> object:
    """What a condition asks, whatever its facts and codes are called today."""
    match condition:
        case Group():
            children = tuple(_condition_signature(c) for c in condition.children)
            return condition.gate, condition.count, children
        case Undecided():
            return condition.term
        case Predicate():
            return _comparable_value(condition.quantity), _comparable_value(condition.operator)
        case _:
            assert_never(condition)


def _compare_rule(
    catalogue: Catalogue, old: Programme | None, new: Programme | None
) -> RuleComparison | None:
    if (
        old is None
        or new is None
        or _condition_signature(old.condition) == _condition_signature(new.condition)
    ):
        return None
    day = catalogue.measures[new.measure].reviewed_on
    return compare_rules(catalogue.vocabulary, old, new, day)


def _compare_benefits(
    old: CompiledCatalogue,
    new: CompiledCatalogue,
    before: Programme | None,
    after: Programme | None,
) -> MoneyComparison | None:
    if before is None or after is None:
        return None
    if _comparable_value(before.benefit) == _comparable_value(after.benefit):
        return None
    return compare_money(old, new, before, after)


def _find_flips(
    old: CompiledCatalogue, new: CompiledCatalogue, name: str, cases: list[AnsweredRequest]
) -> Iterator[Flip]:
    for case in cases:
        before, after = _outcome_of(old, name, case), _outcome_of(new, name, case)
        if before != after:
            yield Flip(case.id, case.tenant, before, after)


def _outcome_of(compiled: CompiledCatalogue, name: str, case: AnsweredRequest) -> StoredOutcome:
    """What one programme comes to for a stored case, in the order of its subjects; no amount is
    told to who does not qualify."""
    programme = compiled.catalogue.programmes.get(name)
    if programme is None:
        return StoredOutcome()
    try:
        raw, _ = mend_profile(compiled.reader, case.profile)
        profile = compiled.reader.read_profile(raw, "")
    except InvalidInput:
        return StoredOutcome()
    matches = [evaluate_programme(programme, s, case.as_of) for s in subjects(programme, profile)]
    vocabulary = compiled.catalogue.vocabulary
    return StoredOutcome(
        tuple(m.status.value for m in matches),
        tuple(_amount_of(m, vocabulary) for m in matches if m.status in PROMISING),
    )


def _amount_of(match: Match, vocabulary: Vocabulary) -> Text | None:
    bound, benefit = match.ceiling, match.programme.benefit
    if bound is None or benefit is None:
        return None
    ends = {"amount": bound.amount, "low": bound.low, "high": bound.high}
    return range_text(ends, vocabulary, benefit.currency)


def difference_json(difference: ProgrammeDifference, old: Vocabulary, new: Vocabulary) -> Json:
    """For a machine, and for whoever prints it."""
    found = difference.comparison
    return {
        "programme": difference.id,
        "before": _side_json(difference.old, old),
        "after": _side_json(difference.new, new),
        "rule": found.widening.value if found else None,
        "gains": _subject_json(found.gains, new) if found and found.gains else None,
        "loses": _subject_json(found.loses, new) if found and found.loses else None,
        "money": _money_json(difference, new) if difference.money else None,
        "flips": [_flip_json(flip) for flip in difference.flips],
    }


def _flip_json(flip: Flip) -> Json:
    """The statuses, one behind the other, and the amounts where they are not the same."""
    before, after = flip.before, flip.after
    changed = before.amounts != after.amounts
    sides = (("before", before), ("after", after))
    return {
        "case": flip.case,
        "tenant": flip.tenant,
        **{side: ", ".join(outcome.statuses) for side, outcome in sides},
        "amounts": {
            side: [text_json(amount) if amount else None for amount in outcome.amounts]
            for side, outcome in sides
        }
        if changed
        else None,
    }


def _side_json(programme: Programme | None, vocabulary: Vocabulary) -> Json | None:
    if programme is None:
        return None
    start, end = programme.window.start, programme.window.end
    money = formula(programme.benefit, vocabulary) if programme.benefit else None
    return {
        "conditions": [text_json(sentence(c, vocabulary)) for c in programme.condition.children],
        "money": text_json(money) if money else None,
        "window": f"{start or '…'} – {end or '…'}",
        "applications": [
            text_json(window_text(w, vocabulary)) for w in programme.application.windows
        ],
        "commitment": programme.commitment.value,
    }


def _money_json(difference: ProgrammeDifference, vocabulary: Vocabulary) -> Json:
    found = difference.money
    assert found is not None
    return {
        "change": found.change.value,
        "tried": found.tried,
        "proven": found.proven,
        "gains": _money_case_json(found.gains, difference, vocabulary) if found.gains else None,
        "loses": _money_case_json(found.loses, difference, vocabulary) if found.loses else None,
    }


def _money_case_json(
    case: MoneyCase, difference: ProgrammeDifference, vocabulary: Vocabulary
) -> Json:
    """Who it is, and what the money was and is."""
    amounts = {}
    sides = ((difference.old, case.before), (difference.new, case.after))
    for side, (programme, amount) in zip(("before", "after"), sides, strict=True):
        currency = programme.benefit.currency if programme and programme.benefit else None
        amounts[side] = {
            "amount": money_json(amount),
            "text": text_json(amount_text(amount, vocabulary, currency)),
        }
    return {"facts": _facts_json(case.facts, vocabulary), **amounts}


def _subject_json(subject: Subject, vocabulary: Vocabulary) -> list[Json]:
    return _facts_json(subject.facts, vocabulary)


def _facts_json(facts: Mapping[str, Value], vocabulary: Vocabulary) -> list[Json]:
    pattern = Text("{label}：{value}", "{label}: {value}")
    return [
        text_json(
            pattern.format(label=fact.label, value=value_text(facts[fact.id], fact, vocabulary))
        )
        for fact in vocabulary.stated
        if fact.id in facts
    ]
