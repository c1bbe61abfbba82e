"""The catalogue: measures, their programmes, and the vocabulary they are written in."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from service.domain.cache import BoundedCache
from service.domain.deferred import values_of
from service.domain.facts.glossary import Glossary
from service.domain.facts.search_folding import folded
from service.domain.facts.search_words import SearchWords
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules.conditions import NumberedCondition, facts_of
from service.domain.rules.levels import same_levels
from service.domain.rules.list_names import names_told_apart
from service.domain.rules.measures import Evidence, Measure
from service.domain.rules.place_names import place_words
from service.domain.rules.points_model import PointsModel
from service.domain.rules.programmes import Commitment, Programme
from service.domain.rules.standards import Category, SizeStandard
from service.domain.text import Text
from service.domain.truth import Truth

CACHE_SIZE = 4_096  # places, about as many as a country has districts


@dataclass(frozen=True)
class FigureCheck:
    """Figures that cannot be: where the condition is TRUE, the text is told."""

    condition: NumberedCondition
    text: Text

    @cached_property
    def facts(self) -> frozenset[str]:
        """Every fact it may look at."""
        return facts_of(self.condition.condition)


@dataclass(frozen=True)
class Catalogue:
    """Everything an evaluation needs. `version` is the digest of the files it was loaded from.

    Categories, size standards and points models never decide a status; they give hints.
    """

    version: str
    vocabulary: Vocabulary
    measures: Mapping[str, Measure]
    programmes: Mapping[str, Programme]
    categories: Mapping[str, Category] = field(default_factory=dict)
    sizes: Mapping[str, SizeStandard] = field(default_factory=dict)
    points: Mapping[str, PointsModel] = field(default_factory=dict)
    search_words: SearchWords = field(default_factory=SearchWords)
    checks: tuple[FigureCheck, ...] = ()
    glossary: Glossary = field(default_factory=Glossary)

    @cached_property
    def overlap_groups(self) -> Mapping[str, str | None]:
        """For each programme the group of which only the best is paid:
        `<jurisdiction>/<level>/<purpose>`. None where no clause forbids taking it beside others."""
        levels = {name: self.overlap_level(measure) for name, measure in self.measures.items()}
        return {
            p.id: f"{p.jurisdiction}/{levels[p.measure]}/{p.purpose}"
            if p.purpose and not self.is_catch_all(p.purpose) and levels[p.measure] is not None
            else None
            for p in self.programmes.values()
        }

    @cached_property
    def words_of_search(self) -> SearchWords:
        """What a search understands: the words of the files, and the names of all places and
        technology fields."""
        places = place_words(
            self.vocabulary.regions, {p.jurisdiction for p in self.programmes.values()}
        )
        listed = self.vocabulary.lists.get("fields")
        labels = [code.label for code in listed.codes.values()] if listed else []
        fields = {folded(name) for label in labels for name in (label.zh, label.en)}
        return replace(self.search_words, places=places, fields=frozenset(fields))

    @cached_property
    def names_told_apart(self) -> Mapping[str, Text]:
        """What programmes are called in a list, of those that another is called like."""
        numbers = {measure.id: measure.number for measure in self.measures.values()}
        return names_told_apart(self.programmes.values(), numbers, self.vocabulary.regions)

    def list_name(self, programme_id: str) -> Text:
        """What a programme is called in a list, so that no two are called alike."""
        return self.names_told_apart.get(programme_id) or self.programmes[programme_id].name

    def is_catch_all(self, purpose: str) -> bool:
        """Whether a purpose holds whatever fits nowhere else: programmes of it have nothing in
        common."""
        lists = (f.list for f in self.vocabulary.company if f.type is FactType.AWARDS)
        purposes = self.vocabulary.lists.get(next(lists, None) or "")
        entry = purposes.codes.get(purpose) if purposes else None
        return entry is not None and entry.catch_all

    @cached_property
    def jurisdictions(self) -> frozenset[str]:
        """The places that programmes are of."""
        return frozenset(p.jurisdiction for p in self.programmes.values())

    @cached_property
    def planned(self) -> frozenset[str]:
        """The programmes that are announced and not open yet."""
        return frozenset(
            p.id for p in self.programmes.values() if p.commitment is Commitment.PLANNED
        )

    @cached_property
    def reported(self) -> frozenset[str]:
        """The programmes that are known from the press only."""
        return frozenset(p.id for p in self.programmes.values() if p.evidence is Evidence.NEWS)

    def distances(self, facts: Mapping[str, object]) -> Mapping[str, int]:
        """How far the jurisdictions are from somebody: first those of the place it is registered
        in, then those where it only works, last those where it is not. What holds everywhere is no
        nearer than any place of its own."""
        stated = self.vocabulary.stated_places(facts)
        found = dict.fromkeys(self.jurisdictions, len(stated))
        for distance in reversed(range(len(stated))):
            for place in stated[distance]:
                for jurisdiction in self._around(place):
                    found[jurisdiction] = distance
        own = [d for j, d in found.items() if d < len(stated) and j not in self._everywhere]
        return found | dict.fromkeys(self._everywhere, max(own, default=0))

    @cached_property
    def _everywhere(self) -> frozenset[str]:
        """The jurisdictions that lie in nothing wider."""
        known = self.vocabulary.regions.codes
        return frozenset(j for j in self.jurisdictions if j not in known or not known[j].parents)

    def _around(self, place: str) -> tuple[str, ...]:
        """The jurisdictions that a place may lie in."""
        known = self._known_around.get(place)
        if known is not None:
            return known
        relation = self.vocabulary.regions.relation
        around = (j for j in self.jurisdictions if relation(place, j) is not Truth.FALSE)
        return self._known_around.keep(place, tuple(around))

    @cached_property
    def _known_around(self) -> BoundedCache[str, tuple[str, ...]]:
        return BoundedCache(CACHE_SIZE)

    def reached(self, facts: Mapping[str, object]) -> frozenset[str]:
        """The jurisdictions that somebody may be in: all where no place is stated."""
        stated = self.vocabulary.stated_places(facts)
        if not stated:
            return self.jurisdictions
        return frozenset(j for places in stated for place in places for j in self._around(place))

    @cached_property
    def supported_kinds(self) -> frozenset[str]:
        """The kinds of project that a programme supports."""
        return frozenset(kind for p in self.programmes.values() for kind in p.supports)

    @cached_property
    def fact_uses(self) -> Mapping[str, int]:
        """How many programmes ask each fact."""
        return dict(
            Counter(fact for p in self.programmes.values() for fact in facts_of(p.condition))
        )

    def is_same_level(self, one: str, other: str, jurisdiction: str) -> bool:
        """Whether two levels of government are one in a jurisdiction."""
        return one == other or one in same_levels(self.vocabulary, other, jurisdiction)

    def overlap_level(self, measure: Measure) -> str | None:
        """The level at which a clause of the measure, or of another of the same place, forbids
        paying twice."""
        if measure.overlap:
            return measure.overlap.level
        for other in self.measures.values():
            if other.overlap and other.jurisdiction == measure.jurisdiction:
                return other.overlap.level
        return None

    @cached_property
    def by_measure(self) -> Mapping[str, Sequence[Programme]]:
        found: dict[str, list[str]] = {m: [] for m in self.measures}
        for programme in self.programmes.values():
            found[programme.measure].append(programme.id)
        return {measure: values_of(self.programmes, ids) for measure, ids in found.items()}

    @cached_property
    def by_article(self) -> Mapping[tuple[str, int | str], tuple[str, ...]]:
        """The programmes of each article that has any, by measure and number."""
        found: dict[tuple[str, int | str], list[str]] = {}
        for programme in self.programmes.values():
            found.setdefault((programme.measure, programme.article), []).append(programme.id)
        return {article: tuple(programmes) for article, programmes in found.items()}
