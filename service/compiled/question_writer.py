"""The questions worth asking, ranked and written: what `rank_questions` gives, from bit sets."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from service.compiled.match_template import Placeholder, Segments
from service.domain.advice.questions import PROJECT, Question, asks_of_projects, in_asking_order
from service.domain.facts.profile import PROJECT_KIND
from service.domain.facts.vocabulary import Vocabulary
from service.domain.index.bitset import BitSet, bitset_of
from service.domain.index.status_index import StatusIndex
from service.domain.rules.amounts import Ceiling
from service.rendering.advice_json import question_json
from service.rendering.canonical_json import canonical_json
from service.rendering.json_parts import in_language, money_json

_AT_STAKE, _DECIDES, _KINDS, _SETTLES, _SUBJECTS = range(5)
_NOTHING = Decimal(0)


class DecisiveFacts(NamedTuple):
    """Of one subject, the programmes that each fact worth asking decides. `ref` is its project;
    `ceilings` bounds the programmes whose amount is not that of somebody who states nothing."""

    ref: str | None
    by_fact: Mapping[str, BitSet]
    ceilings: Mapping[int, Ceiling | None]


class QuestionWriter:
    """Writes the questions of one catalogue."""

    def __init__(
        self, index: StatusIndex, vocabulary: Vocabulary, ceilings: Sequence[Ceiling | None]
    ) -> None:
        self._vocabulary = vocabulary
        self._kinds = list(index.of_kind.items())
        self._bounds = [_at_most(bound) for bound in ceilings]
        self._weights = _weights(self._bounds)
        self._asking_of_projects = bitset_of(
            i for i, p in enumerate(index.programmes) if asks_of_projects(p)
        )
        self._templates = {
            (fact, lang): _template(Question(fact, 0, _NOTHING), vocabulary, lang)
            for fact in vocabulary.facts
            for lang in (None, *vocabulary.languages)
        }

    def write(self, decisive: Iterable[DecisiveFacts], language: str | None) -> bytes:
        """A list of the questions as JSON, the most decisive first."""
        told = [self._templates[q.fact, language].fill(_values(q)) for q in self.rank(decisive)]
        return b"[%b]" % b",".join(told)

    def pieces(self) -> Iterator[bytes]:
        """The texts of all questions, in all languages."""
        return (t.text for (_, language), t in self._templates.items() if language is None)

    def rank(self, decisive: Iterable[DecisiveFacts]) -> list[Question]:
        """The questions, the most decisive first, then those with the most at stake."""
        behind: dict[str, list[tuple[DecisiveFacts, BitSet]]] = {}
        alone: Counter[str] = Counter()
        for subject in decisive:
            asked, facts = subject.by_fact, self._vocabulary.facts
            single = _in_one_only(
                held & ~asked.get(facts[fact].default_from or "", 0) for fact, held in asked.items()
            )
            for fact, programmes in subject.by_fact.items():
                behind.setdefault(fact, []).append((subject, programmes))
                own = programmes & single
                if fact == PROJECT_KIND:
                    own &= ~self._asking_of_projects
                alone[fact] += own.bit_count()
        questions = [
            replace(self._question(fact, found), settles=alone[fact])
            for fact, found in behind.items()
        ]
        return in_asking_order(questions, self._vocabulary)

    def _question(self, fact: str, behind: list[tuple[DecisiveFacts, BitSet]]) -> Question:
        refs: tuple[str, ...] = ()
        kinds: tuple[str, ...] = ()
        if fact.startswith(PROJECT):
            refs = tuple(sorted({s.ref for s, _ in behind if s.ref}))
        if fact == PROJECT_KIND:
            asked = 0
            for subject, programmes in behind:
                asked |= 0 if subject.ref else programmes
            kinds = tuple(sorted(kind for kind, held in self._kinds if held & asked))
        decides = sum([programmes.bit_count() for _, programmes in behind])
        at_stake = sum([self._at_stake(s, programmes) for s, programmes in behind], _NOTHING)
        return Question(fact, decides, at_stake, refs, kinds)

    def _at_stake(self, subject: DecisiveFacts, programmes: BitSet) -> Decimal:
        """What the programmes bound together."""
        own = _NOTHING
        for place, bound in subject.ceilings.items():
            if programmes >> place & 1:
                programmes ^= 1 << place
                own += _at_most(bound)
        return own + sum(
            [weight * (programmes & held).bit_count() for weight, held in self._weights], _NOTHING
        )


def _in_one_only(sets: Iterable[BitSet]) -> BitSet:
    """The members of exactly one of some sets."""
    once = twice = 0
    for members in sets:
        twice |= once & members
        once |= members
    return once & ~twice


def _at_most(bound: Ceiling | None) -> Decimal:
    return (bound.at_most if bound else None) or _NOTHING


def _weights(amounts: Sequence[Decimal]) -> list[tuple[Decimal, BitSet]]:
    """The programmes by amount; of many different amounts, by binary digit of the cents."""
    places: dict[Decimal, list[int]] = {}
    for i, amount in enumerate(amounts):
        if amount:
            places.setdefault(amount, []).append(i)
    longest = int(100 * max(places, default=_NOTHING)).bit_length()
    if len(places) <= longest:
        return [(amount, bitset_of(held)) for amount, held in places.items()]
    return [
        (
            Decimal(1 << digit) / 100,
            bitset_of(i for i, amount in enumerate(amounts) if int(100 * amount) >> digit & 1),
        )
        for digit in range(longest)
    ]


def _template(question: Question, vocabulary: Vocabulary, language: str | None) -> Segments:
    told = in_language(question_json(question, vocabulary), language)
    open_ = {
        "at_stake": Placeholder(_AT_STAKE),
        "decides": Placeholder(_DECIDES),
        "kinds": Placeholder(_KINDS),
        "settles": Placeholder(_SETTLES),
        "subjects": Placeholder(_SUBJECTS),
    }
    return Segments(told | open_, {})


def _values(question: Question) -> list[bytes]:
    return [
        canonical_json(value)
        for value in (
            money_json(question.at_stake),
            question.decides,
            list(question.kinds),
            question.settles,
            list(question.subjects),
        )
    ]
