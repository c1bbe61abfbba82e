"""The questions worth asking, ranked and written: what `rank_questions` gives, from bit sets."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import gcd

from service.compiled.evaluated_subject import SubjectStatuses
from service.compiled.match_template import OpenJson, Placeholder
from service.domain.advice.questions import PROJECT, Question, asking_rank, asks_of_projects
from service.domain.facts.profile import NOBODY, PROJECT_KIND, Value
from service.domain.facts.vocabulary import Fact, Vocabulary
from service.domain.index.bitset import BitSet, bitset_of, places_of
from service.domain.index.status_index import StatusIndex
from service.domain.rules.amounts import ceiling
from service.domain.rules.ceiling import Ceiling
from service.domain.rules.rounding import EXACT
from service.domain.text import Text
from service.rendering.advice_json import question_json
from service.rendering.canonical_json import canonical_json
from service.rendering.json_parts import in_language, text_json

# What is open in a question's template.
_AT_STAKE, _DECIDES, _KINDS, _SETTLES, _SUBJECTS = range(5)
_NOTHING = Decimal(0)
# Amounts that are added up one by one; more are weighed by binary digit, all at once.
MAX_ADDED = 8


class _QuestionWeight:
    """What hangs on one fact: how many programmes, how many of these are of a place that the
    applicant may be in, how many wait for nothing else and the cents of those, the projects it is
    asked about, the programmes whose kinds of project it is asked for."""

    __slots__ = ("cents", "decides", "in_reach", "of_kinds", "refs", "settles")

    def __init__(self) -> None:
        self.decides = self.cents = self.in_reach = self.settles = self.of_kinds = 0
        self.refs: list[str] = []


class QuestionWriter:
    """Writes the questions of one catalogue."""

    def __init__(self, index: StatusIndex, vocabulary: Vocabulary) -> None:
        self._kinds = list(index.of_kind.items())
        # The money rules that add up, and what each comes to for who states nothing of it.
        adding_up = {
            i: p.benefit
            for i, p in enumerate(index.programmes)
            if p.benefit is not None and p.benefit.adds_up_in(vocabulary.currency)
        }
        self._adding_up = bitset_of(adding_up)
        self._cents = [0] * len(index.programmes)
        for i, benefit in adding_up.items():
            self._cents[i] = _cents(ceiling(benefit, NOBODY, date.min))
        self._with_amount = bitset_of(i for i, cents in enumerate(self._cents) if cents)
        self._by_amount = _by_amount(self._cents)
        self._asking_of_projects = bitset_of(
            i for i, p in enumerate(index.programmes) if asks_of_projects(p)
        )
        self._facts = facts = vocabulary.facts
        # Facts that another stands in for while nobody states them.
        self._stand_ins = {f.id: f.default_from for f in facts.values() if f.default_from}
        self._place_of = {fact: vocabulary.place_of(fact) for fact in facts}
        # By fact, and by whether it is asked in the words for a value that is too coarse.
        self._templates = {
            language: _templates(vocabulary, language) for language in (None, *vocabulary.languages)
        }

    def write(
        self,
        subjects: Sequence[SubjectStatuses],
        reached: BitSet,
        unasked: Container[str],
        stated: Mapping[str, Value],
        language: str | None,
    ) -> bytes:
        """A list of the questions as JSON: what `next_questions` finds, in its order. `reached` are
        the programmes of the places that the applicant may be in, `stated` what is known of it."""
        found = set[str]().union(*[subject.by_fact for subject in subjects])
        stand_ins = self._stand_ins
        asked = [f for f in found if f not in unasked and stand_ins.get(f) not in found]
        weights = self._weights_of(subjects, reached, asked)
        ranked = sorted([
            (asking_rank(weight.in_reach, weight.cents, weight.decides, self._place_of[fact]), fact)
            for fact, weight in weights.items()
        ])  # fmt: skip
        templates = self._templates[language]
        return b"[%b]" % b",".join([
            templates[fact, self._is_finer(fact, stated)].fill(self._values(weights[fact]))
            for _, fact in ranked
        ])  # fmt: skip

    def _is_finer(self, fact: str, stated: Mapping[str, Value]) -> bool:
        """Whether it is asked by what is stated already."""
        known = self._facts[fact]
        return known.finer is not None and known.wording(stated.get(fact)) is known.finer

    def _weights_of(
        self, subjects: Iterable[SubjectStatuses], reached: BitSet, asked: Iterable[str]
    ) -> dict[str, _QuestionWeight]:
        weights: dict[str, _QuestionWeight] = {}
        for subject in subjects:
            ref, single = subject.subject.ref, self._waiting_for_one(subject.by_fact)
            cents = {place: _cents(bound) for place, bound in subject.ceilings.items()}
            as_stated_by_nobody = self._with_amount & ~bitset_of(cents)
            as_stated_here = self._adding_up & bitset_of(
                place for place, worth in cents.items() if worth
            )
            for fact in asked:
                programmes = subject.by_fact.get(fact)
                if not programmes:
                    continue
                weight = weights.get(fact)
                if weight is None:
                    weight = weights[fact] = _QuestionWeight()
                weight.decides += programmes.bit_count()
                weight.in_reach += (programmes & reached).bit_count()
                own = programmes & single
                if fact.startswith(PROJECT):
                    if ref:
                        weight.refs.append(ref)
                    if fact == PROJECT_KIND:
                        own &= ~self._asking_of_projects
                        weight.of_kinds |= 0 if ref else programmes
                weight.settles += own.bit_count()
                if own & as_stated_here:
                    weight.cents += _sum_of(own & as_stated_here, cents)
                if own & as_stated_by_nobody:
                    weight.cents += self._cents_at_stake(own & as_stated_by_nobody)
        return weights

    def _waiting_for_one(self, by_fact: Mapping[str, BitSet]) -> BitSet:
        """The programmes that one answer settles; of two facts of which one stands in for the
        other, only that one is counted."""
        once = twice = 0
        for fact, held in by_fact.items():
            if fact in self._stand_ins:
                held = held & ~by_fact.get(self._stand_ins[fact], 0)  # noqa: PLW2901
            twice |= once & held
            once |= held
        return once & ~twice

    def _cents_at_stake(self, programmes: BitSet) -> int:
        """What the programmes bound together, for somebody who states nothing."""
        if programmes.bit_count() > MAX_ADDED:
            return sum([w * (programmes & held).bit_count() for w, held in self._by_amount])
        return _sum_of(programmes, self._cents)

    def _values(self, found: _QuestionWeight) -> list[bytes]:
        """What is open in a question's template, as JSON, in its order."""
        kinds = []
        if found.of_kinds:
            kinds = sorted([kind for kind, held in self._kinds if held & found.of_kinds])
        return [
            b'"%d.%02d"' % divmod(found.cents, 100),
            b"%d" % found.decides,
            canonical_json(kinds),
            b"%d" % found.settles,
            canonical_json(sorted(found.refs)),
        ]


def _sum_of(places: BitSet, amounts: Mapping[int, int] | Sequence[int]) -> int:
    """The amounts at some places together."""
    return sum([amounts[place] for place in places_of(places)])


def _cents(bound: Ceiling | None) -> int:
    """Amounts are whole cents: they were rounded down to them."""
    most = bound.at_most if bound else None
    return int(EXACT.scaleb(most, 2)) if most else 0


def _by_amount(amounts: Sequence[int]) -> list[tuple[int, BitSet]]:
    """The programmes by amount; of many different amounts, by binary digit."""
    places: dict[int, list[int]] = {}
    for i, amount in enumerate(amounts):
        if amount:
            places.setdefault(amount, []).append(i)
    # Amounts are round, so that they have far fewer digits in what divides them all.
    unit = gcd(*places) or 1
    longest = (max(places, default=0) // unit).bit_length()
    if len(places) <= longest:
        return [(amount, bitset_of(held)) for amount, held in places.items()]
    return [
        (unit << digit, bitset_of(i for i, a in enumerate(amounts) if a // unit >> digit & 1))
        for digit in range(longest)
    ]


def _templates(vocabulary: Vocabulary, language: str | None) -> dict[tuple[str, bool], OpenJson]:
    """The question of each fact, and that which is asked where the stated value is too coarse
    (`finer` in the vocabulary)."""
    facts = vocabulary.facts.values()
    asked = [(fact, False, fact.question) for fact in facts]
    asked += [(fact, True, fact.finer.question) for fact in facts if fact.finer]
    return {
        (fact.id, is_finer): _template(fact, vocabulary, language, words)
        for fact, is_finer, words in asked
    }


def _template(fact: Fact, vocabulary: Vocabulary, language: str | None, words: Text) -> OpenJson:
    written = question_json(Question(fact.id, 0, _NOTHING), vocabulary) | {"text": text_json(words)}
    question_parts = in_language(written, language)
    open_ = {
        "at_stake": Placeholder(_AT_STAKE),
        "decides": Placeholder(_DECIDES),
        "kinds": Placeholder(_KINDS),
        "settles": Placeholder(_SETTLES),
        "subjects": Placeholder(_SUBJECTS),
    }
    return OpenJson(question_parts | open_)
