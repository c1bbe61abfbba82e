"""What to ask next: which unknown facts can still change a status, and how much hangs on each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from service.domain.decisive import decisive_facts
from service.domain.evaluation import Match, Status
from service.domain.profile import PROJECT_KIND
from service.domain.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask. `decides` counts the matches whose status the answer can still change;
    `at_stake` adds up their ceilings in yuan; `subjects` are the projects it is asked about."""

    fact: str
    decides: int
    at_stake: Decimal
    subjects: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def next_questions(
    matches: Iterable[Match], vocabulary: Vocabulary, as_of: date
) -> tuple[Question, ...]:
    """The facts worth asking, the most decisive first; what can change nothing is not asked."""
    return ranked(
        (match, decisive_facts(match, vocabulary, as_of))
        for match in matches
        if match.status is Status.UNDETERMINED
    )


def ranked(decisive: Iterable[tuple[Match, tuple[str, ...]]]) -> tuple[Question, ...]:
    """The questions about matches and the facts that can still decide each."""
    asked: dict[str, list[Match]] = defaultdict(list)
    for match, facts in decisive:
        for fact in facts:
            asked[fact].append(match)
    questions = [_question(fact, behind) for fact, behind in asked.items()]
    return tuple(sorted(questions, key=lambda q: (-q.decides, -q.at_stake, q.fact)))


def _question(fact: str, matches: list[Match]) -> Question:
    stakes = (m.ceiling.at_most for m in matches if m.ceiling)
    about = dict.fromkeys(m.subject.ref for m in matches if m.subject.ref)
    kinds = dict.fromkeys(m.programme.supports for m in matches if m.subject.hypothetical)
    of_project = fact.startswith("project.")
    return Question(
        fact,
        len(matches),
        sum((s for s in stakes if s), Decimal(0)),
        tuple(r for r in about if r) if of_project else (),
        tuple(k for k in kinds if k) if fact == PROJECT_KIND else (),
    )
