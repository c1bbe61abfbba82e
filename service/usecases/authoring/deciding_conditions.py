"""Which conditions decided a match, and in words: what an author reads where an example fails."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from service.domain.evaluation.evaluator import Finding, Match, Status
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Connective, Group, Predicate
from service.domain.text import SEMICOLON, Text, join
from service.domain.truth import Truth
from service.domain.wording.clause_words import place_words
from service.domain.wording.outcomes import obstacle_words
from service.domain.wording.sentences import sentence
from service.domain.wording.values import observed_text, point_text, stated_text

_MAX_ROWS_TOLD = 4
_ALL_HELD = Text("各项条件都已满足", "every condition holds")
_OUT_OF_FORCE = Text("评估日不在有效期内（{days}）", "the day lies outside {days}")
_ONE = Text("{place}：{words}{seen}", "{place}: {words}{seen}")
_SEEN = Text("（所填：{value}）", " (stated: {value})")
_NAMED = Text("{code} {name}", "{code} {name}")


def deciding_findings(finding: Finding) -> Iterator[Finding]:
    """The tests that make a finding what it is: the first that fails where all are needed, the
    first that holds where one is enough, and every open one where it is open; a standard by its
    name where more of its rows would have to be told than anybody reads."""
    group = finding.condition
    if not isinstance(group, Group):
        yield finding
        return
    alike = [child for child in finding.children if child.truth is finding.truth]
    if group.gate is Connective.NOT:
        alike = list(finding.children)
    first_is_enough = (group.gate, finding.truth) in (
        (Connective.ALL, Truth.FALSE),
        (Connective.ANY, Truth.TRUE),
    )
    inner = [
        f for child in (alike[:1] if first_is_enough else alike) for f in deciding_findings(child)
    ]
    by_name = group.term_only and group.term is not None and len(inner) > _MAX_ROWS_TOLD
    yield from [finding] if by_name else inner


def deciding_words(match: Match, catalogue: Catalogue) -> Text:
    """The conditions that decided the status of a match, in words."""
    if match.status is Status.NOT_IN_FORCE:
        window = match.programme.window
        days = f"{window.start or '…'} – {window.end or '…'}"
        return _OUT_OF_FORCE.format(days=days)
    if match.finding.truth is Truth.TRUE:
        return _ALL_HELD
    found = (_words(f, match, catalogue) for f in deciding_findings(match.finding))
    return join(dict.fromkeys(found), SEMICOLON)


def _words(finding: Finding, match: Match, catalogue: Catalogue) -> Text:
    condition, vocabulary = finding.condition, catalogue.vocabulary
    words = sentence(condition, vocabulary)
    if match.finding.truth is Truth.FALSE and finding.truth is Truth.TRUE:
        words = obstacle_words(condition, Truth.TRUE, match.subject.facts, vocabulary)
    # What stands for nothing that is stated, as the months since an unknown day, was not seen.
    stated = any(fact in match.subject.facts for fact in condition.facts)
    observed = _observed(finding, match, vocabulary) if stated else None
    seen = Text("", "") if observed is None else _SEEN.format(value=observed)
    clause = condition.clause
    place = place_words(catalogue.measures[clause.measure], clause.article)
    return _ONE.format(place=place, words=words, seen=seen)


def _observed(finding: Finding, match: Match, vocabulary: Vocabulary) -> Text | None:
    """What was seen: a number in the unit of what is asked beside it, a code as the file writes it
    with its name, anything else in words."""
    condition, observed = finding.condition, finding.observed
    numeric = isinstance(observed, int | Decimal | Fraction) and not isinstance(observed, bool)
    if isinstance(condition, Predicate) and numeric:
        assert isinstance(observed, int | Decimal | Fraction)
        return point_text(observed, condition.quantity, vocabulary)
    plain = observed_text(observed)
    if plain is None:
        return None
    fact = vocabulary.facts.get(condition.facts[0]) if len(condition.facts) == 1 else None
    value = match.subject.facts.get(fact.id) if fact is not None else None
    if fact is None or not isinstance(value, bool | str | frozenset):
        return Text(plain, plain)
    words = stated_text(value, fact, vocabulary)
    return _NAMED.format(code=plain, name=words) if fact.list and value else words
