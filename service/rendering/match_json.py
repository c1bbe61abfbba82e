"""The contract's answer: findings as plain JSON-ready data, money as strings, texts bilingual.

What depends on the rule alone (its words, its clause) is worked out once per catalogue; a request
adds what depends on the profile.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import repeat
from typing import Any, TypeAlias

from service.domain.advice.near_miss import near_miss
from service.domain.advice.settling import settled_by
from service.domain.cache import BoundedCache
from service.domain.evaluation.evaluator import IN_REACH, Finding, Match, Status, evaluate_condition
from service.domain.facts.profile import Subject
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.amounts import (
    Benefit,
    Cap,
    Ceiling,
    CountLimit,
    Instalment,
    Per,
    instalment_amounts,
    share_of,
)
from service.domain.rules.catalogue import Catalogue, Evidence, Programme, UsualCondition
from service.domain.rules.conditions import Clause, Condition, Connective, Group
from service.domain.text import Text, join
from service.domain.truth import Truth
from service.domain.wording.money import cap_words, formula
from service.domain.wording.selection import selection_words
from service.domain.wording.sentences import heading, required_text, sentence
from service.domain.wording.values import observed_text
from service.rendering.advice_json import near_miss_json
from service.rendering.json_parts import Json, clause_json, money_json, subject_name, text_json

_DECIDES = {
    Status.ELIGIBLE: Text(
        "条件完整，按条文自动适用", "the conditions are complete: it applies by itself"
    ),
    Status.POTENTIAL: Text(
        "条文写明的条件都已满足，能否获批由{who}按规定确定",
        "Every condition that the text states is met; whether it is granted is for {who} to "
        "decide by the rules",
    ),
    Status.UNDETERMINED: Text(
        "信息不足，或条文未作界定，最终由{who}按规定确定",
        "Facts are missing, or the text leaves a term open. Who decides in the end: {who}",
    ),
    Status.WATCH: Text(
        "尚未开放，仅供关注，届时由{who}按规定确定",
        "Not open yet, only to watch. Who will decide: {who}",
    ),
    Status.INELIGIBLE: Text(
        "有条文写明或隐含的条件不满足", "A condition that is stated or implied is not met"
    ),
    Status.NOT_IN_FORCE: Text("评估日不在有效期内", "Not in force on this date"),
}
# The same of what is known from the press only: no text states anything there.
_REPORTED = {
    **_DECIDES,
    Status.POTENTIAL: Text(
        "报道提到的条件都已满足，能否办成由{who}决定；仅见于新闻报道，请向提供方核实",
        "Every condition that the report names is met. Who decides: {who}. Known from the press "
        "only: ask the provider",
    ),
    Status.UNDETERMINED: Text(
        "信息不足，或报道没有说清，最终由{who}决定；仅见于新闻报道，请向提供方核实",
        "Facts are missing, or the report leaves a term open. Who decides in the end: {who}. Known "
        "from the press only: ask the provider",
    ),
    Status.WATCH: Text(
        "报道说尚未推出，仅供关注，届时由{who}决定；请向提供方核实",
        "Not open yet by the report, only to watch. Who will decide: {who}; ask the provider",
    ),
    Status.INELIGIBLE: Text(
        "有报道提到或隐含的条件不满足", "A condition that the report names or implies is not met"
    ),
}


_TRUTHS = {truth: str(truth) for truth in Truth}
# Of so many programmes all that is constant is made before the first request; of others when shown.
MAX_WARM = 500
# Programmes, and conditions, whose words are kept.
CACHE_SIZE = 4_096
# The statuses that one condition is enough to make.
DECIDED_BY_ONE = frozenset({Status.UNDETERMINED, Status.INELIGIBLE})
# What an answer shows of the value that a finding saw.
Seen: TypeAlias = Callable[[Finding], object]


def seen_text(finding: Finding) -> str | None:
    """The value itself."""
    return observed_text(finding.observed)


@dataclass(frozen=True, slots=True)
class MatchValues:
    """What a profile decides of a match object, as plain data or as placeholders for it; `shown`
    gives truth, observed value and provenance of a finding whose condition looks at some facts."""

    findings: tuple[Finding, ...]
    shown: Callable[[Finding, tuple[str, ...]], tuple[object, object, object]]
    subject: object
    hypothetical: object
    status: object
    decided_by: object
    missing_facts: object
    ceiling: object
    near_miss: object
    warnings: object
    settled_by: object


@dataclass(frozen=True, slots=True)
class BriefValues:
    """The same of a brief match object."""

    subject: object
    status: object
    missing_facts: object
    ceiling: object
    because: object
    settled_by: object


class MatchRenderer:
    """Renders the matches of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._conditions: BoundedCache[Condition, tuple[Json, tuple[str, ...]]] = BoundedCache(
            CACHE_SIZE
        )
        self._statics: BoundedCache[str, Json] = BoundedCache(CACHE_SIZE)

    def __getstate__(self) -> dict[str, Any]:
        """Of a large catalogue no words are kept: taking up all takes longer than making a few."""
        if len(self.catalogue.programmes) <= MAX_WARM:
            return vars(self)
        return vars(MatchRenderer(self.catalogue))

    def _of(self, programme: Programme) -> Json:
        """What is said of a programme to whomever."""
        known = self._statics.get(programme.id)
        return known or self._statics.keep(programme.id, self._programme_static(programme))

    def match(self, match: Match, as_of: date) -> Json:
        """One match as the contract's match object."""
        programme, subject = match.programme, match.subject
        values = MatchValues(
            findings=match.finding.children,
            shown=partial(_shown_parts, subject),
            subject=subject_name(match),
            hypothetical=subject.hypothetical,
            status=match.status.value,
            decided_by=self.decided_by(programme, match.status),
            missing_facts=list(match.missing),
            ceiling=self.ceiling(programme, match.ceiling),
            near_miss=self.near_miss(match, as_of),
            warnings=list(self._usual(match, as_of)),
            settled_by=self._settled_by(match, as_of),
        )
        return self.match_object(programme, values)

    def match_object(self, programme: Programme, values: MatchValues) -> Json:
        """The contract's match object of a programme with what a profile decides of it."""
        static = self._of(programme)
        return {
            "programme": static["programme"],
            "subject": values.subject,
            "hypothetical": values.hypothetical,
            "status": values.status,
            "settled_by": values.settled_by,
            "decided_by": values.decided_by,
            "conditions": [self._finding(f, values) for f in values.findings],
            "missing_facts": values.missing_facts,
            "ceiling": values.ceiling,
            "near_miss": values.near_miss,
            "overlap_group": static["overlap_group"],
            "warnings": values.warnings,
            "clauses": static["clauses"],
        }

    def _settled_by(self, match: Match, as_of: date) -> str | None:
        found = settled_by(match, self.catalogue.vocabulary, as_of)
        return found.value if found else None

    def brief(self, match: Match, as_of: date) -> Json:
        """A match in a few words: `because` is the condition that decides it."""
        values = BriefValues(
            subject_name(match),
            match.status.value,
            list(match.missing),
            self.ceiling(match.programme, match.ceiling),
            self.because(match.finding, match.status),
            self._settled_by(match, as_of),
        )
        return self.brief_object(match.programme, values)

    def brief_object(self, programme: Programme, values: BriefValues) -> Json:
        """The brief match object of a programme with what a profile decides of it."""
        return {
            "programme": {"id": programme.id, "name": text_json(programme.name)},
            "subject": values.subject,
            "status": values.status,
            "settled_by": values.settled_by,
            "missing_facts": values.missing_facts,
            "ceiling": values.ceiling,
            "because": values.because,
        }

    def because(self, finding: Finding, status: Status) -> Json | None:
        """The condition that keeps a match from being promising; null where none does."""
        if status not in DECIDED_BY_ONE:
            return None
        leaf = deciding(finding)
        return self.leaf_json(leaf.condition, leaf.truth, seen_text(leaf))

    def leaf_json(self, leaf: Condition, truth: Truth, observed: object) -> Json:
        """A condition in a few words."""
        static = self._static(leaf)
        return {
            "text": static["text"],
            "clause": static["clause"],
            "truth": _TRUTHS[truth],
            "observed": observed,
            "required": static["required"],
        }

    def decided_by(self, programme: Programme, status: Status) -> Json:
        """Who decides what is left to decide."""
        words: Json = self._of(programme)["decided_by"][status]
        return words

    def near_miss(self, match: Match, as_of: date) -> Json | None:
        """The way to a match that is out of reach."""
        near = near_miss(match, self.catalogue.vocabulary, as_of)
        return near_miss_json(near, self.catalogue.vocabulary, self._static)

    def usual_warning(self, usual: UsualCondition) -> Json:
        """What is said where a profile is known to miss a usual further condition."""
        return {"code": "usual_condition", "text": text_json(usual.text)}

    def condition(self, condition: Condition) -> Json:
        """What a condition says and rests on, without any profile."""
        return {
            **self._static(condition),
            "sentence": text_json(sentence(condition, self.catalogue.vocabulary)),
            "children": [self.condition(c) for c in _children_of(condition)],
        }

    def programme(self, programme: Programme) -> Json:
        """The short programme object that matches and lists carry."""
        card: Json = self._of(programme)["programme"]
        return card

    def benefit(self, programme: Programme) -> Json | None:
        """The money rule before any profile: no amount, and the most that anybody is given."""
        rule = programme.benefit
        bound = None if rule is None else Ceiling(None, None, rule.most)
        return self.ceiling(programme, bound)

    def clauses(self, programme: Programme) -> list[Json]:
        cited: list[Json] = self._of(programme)["clauses"]
        return cited

    def _finding(self, finding: Finding, values: MatchValues) -> Json:
        condition = finding.condition
        static, facts = self._conditions.get(condition) or self._static_parts(condition)
        truth, observed, provenance = values.shown(finding, facts)
        return {
            **static,
            "truth": truth,
            "observed": observed,
            "provenance": provenance,
            "children": [self._finding(child, values) for child in finding.children],
        }

    def _static(self, condition: Condition) -> Json:
        return (self._conditions.get(condition) or self._static_parts(condition))[0]

    def _static_parts(self, condition: Condition) -> tuple[Json, tuple[str, ...]]:
        """What a condition says without any profile, and its facts; remembered."""
        group = condition if isinstance(condition, Group) else None
        facts = [] if group else _facts_of(condition)
        static = {
            "gate": group.gate.value if group else None,
            "text": text_json(heading(condition, self.catalogue.vocabulary)),
            "basis": condition.basis.value,
            "clause": clause_json(condition.clause),
            "facts": facts,
            "required": required_text(condition),
        }
        return self._conditions.keep(condition, (static, tuple(facts)))

    def ceiling(self, programme: Programme, bound: Ceiling | None) -> Json | None:
        """A programme's money rule, and what it bounds for somebody."""
        rule = self._of(programme)["money"]
        if rule is None or bound is None:
            return None
        year = bound.per_year
        parts = programme.benefit.instalments if programme.benefit else ()
        return {
            **range_json(bound),
            "per_year": range_json(year) if year else None,
            **rule,
            "payments": list(_payments_json(bound.amount, parts)),
        }

    def _money(self, rule: Benefit | None) -> Json | None:
        """What a money rule says of itself."""
        if rule is None:
            return None
        low, high = rule.rate or (None, None)
        vocabulary = self.catalogue.vocabulary
        return {
            "rate": None if high is None else str(high),
            "rate_low": None if low == high else str(low),
            "cap": money_json(rule.cap),
            "caps": [cap_json(cap, vocabulary) for cap in rule.caps],
            "per": _per_json(rule.per),
            "per_basis": _per_basis(rule),
            "adds_up": rule.several.value,
            "one_off": rule.one_off,
            "limit": _limit_json(rule.limit),
            "instalments": [_share_json(part.share) for part in rule.instalments],
            "repayable": rule.repayable,
            "currency": rule.currency or vocabulary.currency,
            "formula": text_json(formula(rule, vocabulary)),
        }

    def _usual(self, match: Match, as_of: date) -> Iterator[Json]:
        """Usual further conditions that the profile is known to miss: warnings, never a status."""
        if match.status not in IN_REACH:
            return
        measure = self.catalogue.measures[match.programme.measure]
        for usual in measure.usual_conditions:
            if evaluate_condition(usual.condition, match.subject, as_of).truth is Truth.FALSE:
                yield self.usual_warning(usual)

    def _programme_static(self, programme: Programme) -> Json:
        card = {
            "id": programme.id,
            "name": text_json(programme.name),
            "summary": text_json(programme.summary),
            "instrument": programme.instrument,
            "measure": programme.measure,
            "jurisdiction": programme.jurisdiction,
            "commitment": programme.commitment.value,
            "evidence": programme.evidence.value,
            "supports": next(iter(programme.supports), None),
            "supported_kinds": list(programme.supports),
            "valid_from": _day_text(programme.window.start),
            "valid_to": _day_text(programme.window.end),
            "window_inferred": programme.window.inferred,
        }
        sentences = _REPORTED if programme.evidence is Evidence.NEWS else _DECIDES
        decided = {
            status: text_json(
                _who_decides(programme, status, words.format(who=programme.decided_by))
            )
            for status, words in sentences.items()
        }
        return {
            "programme": card,
            "decided_by": decided,
            "money": self._money(programme.benefit),
            "overlap_group": self.catalogue.overlap_groups[programme.id],
            "clauses": [self._clause(c) for c in _clauses_of(programme)],
        }

    def _clause(self, clause: Clause) -> Json:
        article = self.catalogue.measures[clause.measure].article(clause.article)
        gist = text_json(article.gist) if article else None
        return {**clause_json(clause), "gist": gist}


def _who_decides(programme: Programme, status: Status, words: Text) -> Text:
    """Who decides; of those who qualify, that they are chosen among."""
    if programme.selection is None or status is not Status.POTENTIAL:
        return words
    return join([words, selection_words(programme.selection)], "。", ". ")


def _shown_parts(
    subject: Subject, finding: Finding, facts: tuple[str, ...]
) -> tuple[object, object, object]:
    provenance = subject.provenance_of(facts) if facts else None
    shown = provenance.value if provenance else None
    return _TRUTHS[finding.truth], seen_text(finding), shown


def deciding(finding: Finding) -> Finding:
    """The first leaf that has the truth of the whole, turned round below a "not"."""
    while finding.children:
        wanted = finding.truth
        group = finding.condition
        if isinstance(group, Group) and group.gate is Connective.NOT:
            wanted = ~wanted
        finding = next(c for c in finding.children if c.truth is wanted)
    return finding


def range_json(bound: Ceiling) -> Json:
    """A range of money: the amount, or the ends that enclose it."""
    ends = {"amount": bound.amount, "low": bound.low, "high": bound.high}
    return {name: money_json(end) for name, end in ends.items()}


def cap_json(cap: Cap, vocabulary: Vocabulary) -> Json:
    """One cap: its figure where it is the same for everybody, and what it says."""
    figure = Benefit(caps=(cap,)).cap
    return {
        "amount": money_json(figure),
        "per": _per_json(cap.per),
        "text": text_json(cap_words(cap, vocabulary)),
    }


def _per_json(per: Per) -> str | None:
    return None if per is Per.UNSTATED else per.value


def _per_basis(rule: Benefit) -> str:
    return rule.per.value if rule.per is Per.UNSTATED else rule.per_basis.value


def _limit_json(limit: CountLimit | None) -> Json | None:
    return None if limit is None else {"count": limit.count, "per": limit.per.value}


def _share_json(share: Fraction) -> str:
    """A share as decimal text; a third and the like, which has no end as such, as 1/3."""
    decimal = share_of(share)
    return str(decimal) if Fraction(decimal) == share else str(share)


def _payments_json(whole: Decimal | None, parts: Sequence[Instalment]) -> Iterator[Json]:
    """Each instalment with what it comes to, where the whole is known."""
    amounts = instalment_amounts(whole, parts) if whole is not None else repeat(None)
    for part, amount in zip(parts, amounts, strict=False):
        when = None if part.when is None else text_json(part.when)
        yield {"share": _share_json(part.share), "when": when, "amount": money_json(amount)}


def _facts_of(condition: Condition) -> list[str]:
    quantity = getattr(condition, "quantity", None)
    return list(quantity.facts) if quantity else []


def _children_of(condition: Condition) -> tuple[Condition, ...]:
    return condition.children if isinstance(condition, Group) else ()


def _clauses_of(programme: Programme) -> list[Clause]:
    """The clauses a programme rests on, its own article first, each once."""
    found = {programme.clause: None}
    stack: list[Condition] = [programme.condition]
    while stack:
        condition = stack.pop(0)
        found[condition.clause] = None
        stack.extend(_children_of(condition))
    caps = programme.benefit.caps if programme.benefit else ()
    found |= {cap.shared.clause: None for cap in caps if cap.shared}
    return list(found)


def _day_text(day: object) -> str | None:
    return None if day is None else str(day)


def summary_json(summary: Mapping[Status, int]) -> Json:
    return {status.value: count for status, count in summary.items()}
