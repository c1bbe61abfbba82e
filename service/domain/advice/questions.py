"""What to ask next: which unknown facts can still change a status, and how much hangs on each."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from service.domain.advice.decisive_facts import decisive_facts
from service.domain.evaluation.evaluator import Match, MatchLike, Status
from service.domain.facts.profile import PROJECT_KIND
from service.domain.facts.vocabulary import Owner, Vocabulary
from service.domain.rules.programmes import Programme

PROJECT = f"{Owner.PROJECT}."
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask. `decides` counts the matches whose status the answer can still change, perhaps
    with others; `settles` those of them that wait for nothing else; `near` those of the applicant's
    own places; `at_stake` adds up the ceilings of those that it settles, in the catalogue's
    currency and not to be paid back, for what waits for more is no reason to answer; `subjects` are
    the projects it is asked about."""

    fact: str
    decides: int
    at_stake: Decimal
    subjects: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    settles: int = 0
    near: int = 0


def next_questions(
    matches: Iterable[Match],
    vocabulary: Vocabulary,
    as_of: date,
    reached: Container[str] | None = None,
    unasked: Container[str] = (),
) -> tuple[Question, ...]:
    """The facts worth asking, the most decisive first; what can change nothing is not asked, nor
    are the `unasked`. `reached` are the jurisdictions that the applicant is in, all where that is
    not known."""
    return rank_questions(
        (
            (match, decisive_facts(match, vocabulary, as_of))
            for match in matches
            if match.status is Status.UNDETERMINED
        ),
        vocabulary,
        reached,
        unasked,
    )


def rank_questions(
    decisive: Iterable[tuple[MatchLike, tuple[str, ...]]],
    vocabulary: Vocabulary,
    reached: Container[str] | None = None,
    unasked: Container[str] = (),
) -> tuple[Question, ...]:
    """The questions about matches and the facts that can still decide each."""
    asked: dict[str, list[MatchLike]] = defaultdict(list)
    alone: dict[str, list[MatchLike]] = defaultdict(list)
    near: Counter[str] = Counter()
    for match, facts in decisive:
        at_hand = reached is None or match.programme.jurisdiction in reached
        for fact in facts:
            asked[fact].append(match)
            near[fact] += at_hand
        own = [f for f in facts if vocabulary.facts[f].default_from not in facts]
        if len(own) == 1 and not (PROJECT_KIND in own and asks_of_projects(match.programme)):
            alone[own[0]].append(match)
    questions = [
        replace(_question(fact, behind, alone[fact], vocabulary.currency), near=near[fact])
        for fact, behind in asked.items()
        if fact not in unasked
    ]
    return tuple(in_asking_order(questions, vocabulary))


def asks_of_projects(programme: Programme) -> bool:
    """Whether a programme asks of a project more than its kind: saying that there is one settles
    nothing yet."""
    return any(f.startswith(PROJECT) and f != PROJECT_KIND for f in programme.facts)


def in_asking_order(questions: Iterable[Question], vocabulary: Vocabulary) -> list[Question]:
    """Those first that decide most in the applicant's own places, then those with the most at
    stake, those that decide most anywhere, and as the vocabulary has them.

    A fact for which another stands in is not asked while the other is: one answer settles both.
    """
    listed = list(questions)
    asked = {q.fact for q in listed}
    facts = vocabulary.facts
    apart = [q for q in listed if facts[q.fact].default_from not in asked]
    return sorted(
        apart, key=lambda q: asking_rank(q.near, q.at_stake, q.decides, vocabulary.place_of(q.fact))
    )


def asking_rank(
    near: int, at_stake: Decimal | int, decides: int, place: int
) -> tuple[int, Decimal | int, int, int]:
    """What questions are sorted by, of whoever ranks them: see `in_asking_order`. `at_stake` may be
    in any unit of money, and `place` is the fact's in the vocabulary."""
    return -near, -at_stake, -decides, place


def _question(
    fact: str, matches: list[MatchLike], settled: list[MatchLike], currency: str
) -> Question:
    at_stake = sum([_at_stake(match, currency) for match in settled], _NOTHING)
    refs: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    if fact.startswith(PROJECT):
        refs = _each_once(m.subject.ref for m in matches)
    if fact == PROJECT_KIND:
        kinds = _each_once(
            k for m in matches if m.subject.hypothetical for k in m.programme.supports
        )
    return Question(fact, len(matches), at_stake, refs, kinds, len(settled))


def _at_stake(match: MatchLike, currency: str) -> Decimal:
    benefit = match.programme.benefit
    if match.ceiling is None or benefit is None or not benefit.adds_up_in(currency):
        return _NOTHING
    return match.ceiling.at_most or _NOTHING


def _each_once(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if name}))
