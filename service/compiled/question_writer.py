"""The questions worth asking, ranked and written: what `rank_questions` gives, from bit sets."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from service.compiled.match_template import Placeholder, Segments
from service.domain.advice.questions import PROJECT, Question, asks_of_projects, in_asking_order
from service.domain.facts.profile import PROJECT_KIND
from service.domain.facts.vocabulary import Vocabulary
from service.domain.index.bitset import BitSet, bitset_of
from service.domain.index.status_index import StatusIndex
from service.domain.rules.amounts import EXACT, Ceiling
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
        self._cents = [_cents(bound) for bound in ceilings]
        self._weights = _weights(self._cents)
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
        questions = [self._question(fact, held, alone[fact]) for fact, held in behind.items()]
        return in_asking_order(questions, self._vocabulary)

    def _question(
        self, fact: str, behind: list[tuple[DecisiveFacts, BitSet]], settles: int
    ) -> Question:
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
        cents = sum([self._cents_at_stake(s, programmes) for s, programmes in behind])
        at_stake = Decimal(cents).scaleb(-2, EXACT)
        return Question(fact, decides, at_stake, refs, kinds, settles)

    def _cents_at_stake(self, subject: DecisiveFacts, programmes: BitSet) -> int:
        """What the programmes bound together."""
        cents = 0
        for place, bound in subject.ceilings.items():
            if programmes >> place & 1:
                programmes ^= 1 << place
                cents += _cents(bound)
        if programmes.bit_count() >= len(self._weights):
            return cents + sum([w * (programmes & held).bit_count() for w, held in self._weights])
        while programmes:
            low = programmes & -programmes
            cents += self._cents[low.bit_length() - 1]
            programmes ^= low
        return cents


def _in_one_only(sets: Iterable[BitSet]) -> BitSet:
    """The members of exactly one of some sets."""
    once = twice = 0
    for members in sets:
        twice |= once & members
        once |= members
    return once & ~twice


def _cents(bound: Ceiling | None) -> int:
    """Amounts are whole cents: they were rounded down to them."""
    most = bound.at_most if bound else None
    return int(EXACT.scaleb(most, 2)) if most else 0


def _weights(amounts: Sequence[int]) -> list[tuple[int, BitSet]]:
    """The programmes by amount; of many different amounts, by binary digit."""
    places: dict[int, list[int]] = {}
    for i, amount in enumerate(amounts):
        if amount:
            places.setdefault(amount, []).append(i)
    longest = max(places, default=0).bit_length()
    if len(places) <= longest:
        return [(amount, bitset_of(held)) for amount, held in places.items()]
    return [
        (1 << digit, bitset_of(i for i, amount in enumerate(amounts) if amount >> digit & 1))
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
    kinds, subjects = (
        canonical_json(x) if x else b"[]" for x in (question.kinds, question.subjects)
    )
    at_stake = canonical_json(money_json(question.at_stake))
    return [at_stake, b"%d" % question.decides, kinds, b"%d" % question.settles, subjects]
