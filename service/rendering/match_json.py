"""The contract's answer: findings as plain JSON-ready data, money as strings, texts bilingual.

What depends on the rule alone (its words, its clause) is worked out once per catalogue; a request
adds what depends on the profile.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from service.domain.advice.attainable import TitlesBarred
from service.domain.advice.near_miss import near_miss
from service.domain.advice.settling import settled_by
from service.domain.cache import BoundedCache
from service.domain.evaluation.category_hints import barred_certificates
from service.domain.evaluation.evaluator import (
    IN_REACH,
    Finding,
    Match,
    MatchLike,
    Status,
    evaluate_condition,
)
from service.domain.facts.asking import lacking_facts
from service.domain.facts.profile import Subject, Value
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.ceiling import Ceiling
from service.domain.rules.conditions import Condition, Connective, Group, children_of
from service.domain.rules.programmes import Programme
from service.domain.truth import Truth
from service.domain.wording.outcomes import obstacle_words
from service.domain.wording.sentences import heading, required_text, sentence
from service.domain.wording.values import observed_text
from service.rendering.advice_json import near_miss_json
from service.rendering.json_parts import Json, clause_json, subject_name, text_json
from service.rendering.money_json import ceiling_json
from service.rendering.programme_parts import programme_parts

_TRUTHS = {truth: str(truth) for truth in Truth}
# Of so many programmes all that is constant is made before the first request; of others when shown.
MAX_WARM = 500
# Programmes, and conditions, whose words are kept.
CACHE_SIZE = 4_096
# The statuses that one condition is enough to make.
DECIDED_BY_ONE = frozenset({Status.UNDETERMINED, Status.INELIGIBLE})


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
    """The values that are filled into a brief match object."""

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
        self._unmet: BoundedCache[Condition, Json] = BoundedCache(CACHE_SIZE)
        self._statics: BoundedCache[str, Json] = BoundedCache(CACHE_SIZE)

    def __getstate__(self) -> dict[str, Any]:
        """What is packed: of a large catalogue no words, since unpacking all takes longer than
        making the few that are wanted."""
        if len(self.catalogue.programmes) <= MAX_WARM:
            return vars(self)
        return vars(MatchRenderer(self.catalogue))

    def _of(self, programme: Programme) -> Json:
        """What is said of a programme to whomever."""
        known = self._statics.get(programme.id)
        return known or self._statics.keep(programme.id, programme_parts(programme, self.catalogue))

    def match(self, match: Match, as_of: date) -> Json:
        """One match as the contract's match object."""
        programme, subject = match.programme, match.subject
        values = MatchValues(
            findings=match.finding.children,
            shown=partial(shown_parts, subject),
            subject=subject_name(match),
            hypothetical=subject.hypothetical,
            status=match.status.value,
            decided_by=self.decided_by(programme, match.status),
            missing_facts=self._lacking(match),
            ceiling=self.ceiling(programme, match.ceiling),
            near_miss=self.near_miss(match, as_of, self.barred),
            warnings=self.usual_warnings(match, as_of),
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

    def _lacking(self, match: Match) -> list[str]:
        return lacking_facts(match.missing, match.subject.facts, self.catalogue.vocabulary)

    def _settled_by(self, match: Match, as_of: date) -> str | None:
        found = settled_by(match, self.catalogue.vocabulary, as_of)
        return found.value if found else None

    def brief(self, match: Match, as_of: date) -> Json:
        """A match in a few words: `because` is the condition that decides it."""
        values = BriefValues(
            subject_name(match),
            match.status.value,
            self._lacking(match),
            self.ceiling(match.programme, match.ceiling),
            self.because(match, match.finding),
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

    def because(self, match: MatchLike, found: Finding) -> Json | None:
        """The condition that keeps a match from being promising, in a few words; one that decides
        against the company as what stands in the way. Null where none does. `found` is what the
        programme's conditions come to."""
        if match.status not in DECIDED_BY_ONE:
            return None
        leaf, decides = deciding_leaf(match.programme.condition, found)
        static, truth = self._static(leaf), decides.truth
        known = truth is not Truth.UNKNOWN
        return {
            "text": self._obstacle(match.subject.facts, leaf, truth) if known else static["text"],
            "clause": static["clause"],
            "truth": _TRUTHS[truth],
            "observed": seen_text(decides),
            "required": static["required"],
        }

    def decided_by(self, programme: Programme, status: Status) -> Json:
        """Who decides what is left to decide."""
        words: Json = self._of(programme)["decided_by"][status]
        return words

    def barred(self, subject: Subject, as_of: date) -> frozenset[str]:
        """The titles that a subject cannot come by."""
        return barred_certificates(self.catalogue, subject, as_of)

    def near_miss(self, match: Match, as_of: date, barred: TitlesBarred) -> Json | None:
        """The way to a match that is out of reach; `barred` gives the titles that are."""
        near = near_miss(match, self.catalogue.vocabulary, as_of, barred)
        obstacle = partial(self._obstacle, match.subject.facts)
        return near_miss_json(near, self.catalogue.vocabulary, obstacle)

    def _obstacle(self, facts: Mapping[str, Value], condition: Condition, truth: Truth) -> Json:
        """An obstacle in words. The words for an unmet condition are the same for everybody, and
        are kept."""
        known = self._unmet.get(condition) if truth is Truth.FALSE else None
        if known is not None:
            return known
        words = text_json(obstacle_words(condition, truth, facts, self.catalogue.vocabulary))
        return self._unmet.keep(condition, words) if truth is Truth.FALSE else words

    def condition(self, condition: Condition) -> Json:
        """What a condition says and rests on, without any profile."""
        return {
            **self._static(condition),
            "sentence": text_json(sentence(condition, self.catalogue.vocabulary)),
            "children": [self.condition(c) for c in children_of(condition)],
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
        facts = () if group else condition.facts
        static = {
            "gate": group.gate.value if group else None,
            "text": text_json(heading(condition, self.catalogue.vocabulary)),
            "basis": condition.basis.value,
            "clause": clause_json(condition.clause),
            "facts": list(facts),
            "required": required_text(condition),
        }
        return self._conditions.keep(condition, (static, facts))

    def ceiling(self, programme: Programme, bound: Ceiling | None) -> Json | None:
        """A programme's money rule, and what it bounds for somebody."""
        rule = self._of(programme)["money"]
        if rule is None or bound is None or programme.benefit is None:
            return None
        return ceiling_json(rule, bound, programme.benefit)

    def usual_warnings(self, match: MatchLike, as_of: date) -> list[Json]:
        """Usual further conditions that the profile is known to miss, of a match within reach:
        warnings, never a status."""
        if match.status not in IN_REACH:
            return []
        return [
            {"code": "usual_condition", "text": text_json(usual.text)}
            for usual in self.catalogue.measures[match.programme.measure].usual_conditions
            if evaluate_condition(usual.condition, match.subject, as_of).truth is Truth.FALSE
        ]


def shown_parts(
    subject: Subject, finding: Finding, facts: tuple[str, ...]
) -> tuple[object, object, object]:
    """Truth, observed value and provenance of a finding whose condition looks at some facts."""
    provenance = subject.provenance_of(facts) if facts else None
    shown = provenance.value if provenance else None
    return _TRUTHS[finding.truth], seen_text(finding), shown


def deciding_leaf(condition: Condition, found: Finding) -> tuple[Condition, Finding]:
    """The first leaf that has the truth of the whole, turned round below a "not", and what it comes
    to."""
    while isinstance(condition, Group):
        wanted = ~found.truth if condition.gate is Connective.NOT else found.truth
        condition, found = next(
            pair
            for pair in zip(condition.children, found.children, strict=True)
            if pair[1].truth is wanted
        )
    return condition, found


STATUS_WORDS = {status: status.value for status in Status}


def summary_json(summary: Mapping[Status, int]) -> Json:
    return {STATUS_WORDS[status]: count for status, count in summary.items()}
