"""The answer of a case, arranged for reading: blocks of cards, what is settled, what to ask."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from service.domain.evaluation.evaluator import PROMISING as PROMISING_STATUSES
from service.domain.facts.profile import PROJECT_KIND, Profile
from service.domain.rules.conditions import Condition, Connective, children_of
from service.domain.rules.measures import Measure
from service.domain.text import LIST_COMMA, Text, join
from service.domain.truth import Truth
from service.domain.wording.labels import BLOCK
from service.domain.wording.outcomes import obstacle_words
from service.rendering.combination_words import combination_words
from service.rendering.json_parts import Json, block_of, missing_labels
from service.rendering.named_groups import facts_looked_at, facts_of, names_that_say_all
from service.rendering.next_steps import next_step
from service.rendering.profile_words import observed_words
from service.rendering.project_names import project_names
from service.web.cases import Case
from service.web.formatting import days_left, translate
from service.web.ports import PageContext
from service.web.result_cards import (
    AuthorityGroup,
    Card,
    SharedFailure,
    StandInNotice,
    View,
    taken_by_reason,
)
from service.web.result_questions import ResultQuestions
from service.web.shown_conditions import (
    failing_facts,
    first_failed,
    has_part_met,
    is_shown_as,
    path_to,
)

# How many cards of the first block stand on the first screen, and how many a group gives at once.
FIRST_CARDS = 12
GROUP_PAGE = 50
MAX_DOCUMENTS = 6
# So many parts of a condition that fails in all of them stand open.
MAX_FAILED_PARTS = 3
BLOCKS = tuple(BLOCK)
# The blocks of what is worth doing something about: always whole.
PROMISING = frozenset(status.value for status in PROMISING_STATUSES)
_OPEN_BLOCKS = ("undetermined", "authority")
_DENIED = ("conflict", "differs_from_standard")
_TAKEN = "derived_fact"
_AND_OTHERS = Text("{named}等", "{named} and others")
_NO_SUCH_PROJECT = Text("没有所支持的那类项目", "No project of the kind that is supported")
_STATE_FIRST = Text("填写{facts}后可算", "can be told once these are stated: {facts}")
NOT_STATED = Text("未填写", "not stated")


@dataclass(frozen=True)
class Result:
    """A case evaluated. `answer` is the contract's. A folded one holds the matches that are shown,
    in reading order, and of the others how many there are of each status."""

    site: PageContext
    case: Case
    profile: Profile
    answer: Json
    view: View
    folded: bool = False

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        return tuple(self._card(m) for m in self.answer["matches"])

    @cached_property
    def blocks(self) -> Mapping[str, tuple[Card, ...]]:
        """The cards by block, sorted as the view wants. All of them: what the reader narrows is a
        list, and never what is said of the company."""
        found: dict[str, list[Card]] = {}
        for card in sorted(self.cards, key=self.view.key):
            found.setdefault(card.block, []).append(card)
        return {block: tuple(cards) for block, cards in found.items()}

    def listed(self, block: str) -> tuple[Card, ...]:
        """The cards of a block that the view keeps."""
        return tuple(filter(self.view.keeps, self.blocks.get(block, ())))

    def list_size(self, block: str) -> int:
        """How many matches the list of a block goes through: those that the view keeps, as far as
        the answer holds them."""
        if not self.view.narrows or (self.folded and block not in PROMISING):
            return self.size(block)
        return len(self.listed(block))

    @property
    def first(self) -> tuple[Card, ...]:
        """What is worth doing something about, in the order of doing it."""
        return (*self.blocks.get("eligible", ()), *self.blocks.get("potential", ()))

    def page(self, block: str, start: int) -> tuple[Card, ...]:
        """The cards of a block from a position on, so many as a page takes."""
        if self.folded and block not in PROMISING:
            return tuple(filter(self.view.keeps, self.cards))
        return self.listed(block)[start : start + GROUP_PAGE]

    def size(self, block: str) -> int:
        """How many matches a block has, whether they are listed or not. Where only a part of those
        that are open was asked for, it is not told apart who settles them: all are in one block."""
        if self._counted is not None:
            return self._counted[block]
        if block in _OPEN_BLOCKS and not self.folded:
            return len(self.blocks.get(block, ()))
        return int(self.answer["summary"].get(block, 0))

    @cached_property
    def _counted(self) -> Counter[str] | None:
        """The matches of each block, where the answer tells it beside those that it lists."""
        overview = self.answer.get("overview")
        return overview and Counter({block_of(part): part["count"] for part in overview})

    @cached_property
    def authority_groups(self) -> tuple[AuthorityGroup, ...]:
        """What only an authority settles, by the reason that most of it shares, said once; last
        what shares its reason with nothing."""
        left = list(self.blocks.get("authority", ()))
        groups = []
        for point in self.answer["open_points"]:
            theirs = [c for c in left if c.programme["id"] in point["programmes"]]
            if len(theirs) > 1:
                groups.append(AuthorityGroup(point["text"], tuple(theirs)))
                left = [c for c in left if c.programme["id"] not in point["programmes"]]
        return (*groups, AuthorityGroup(None, tuple(left))) if left else tuple(groups)

    @property
    def is_placed(self) -> bool:
        """Whether the company has said where it is."""
        return bool(self._places)

    @property
    def measures_here(self) -> tuple[Measure, ...]:
        """The first documents that hold where the company is; of all, where it has not said."""
        known, regions = self.site.catalogue.measures.values(), self.site.vocabulary.regions
        around = {a for places in self._places for p in places for a in regions.ancestors(p)}
        here = (m for m in known if not around or m.jurisdiction in around)
        return tuple(islice(here, MAX_DOCUMENTS))

    @property
    def measures_open(self) -> tuple[Measure, ...]:
        """The first documents of what is not out of reach, wherever they hold: some are written for
        those who come from elsewhere."""
        open_cards = (c for block in ("undetermined", "authority") for c in self.listed(block))
        found = dict.fromkeys(card.programme["measure"] for card in open_cards)
        return tuple(self.site.catalogue.measures[m] for m in islice(found, MAX_DOCUMENTS))

    @property
    def places(self) -> list[str]:
        """The places that the matches are of."""
        return sorted(self.site.compiled.table.having["jurisdiction"])

    @property
    def instruments(self) -> list[str]:
        """The instruments that the matches have."""
        return sorted(self.site.compiled.table.having["instrument"])

    @property
    def misses(self) -> tuple[SharedFailure, ...]:
        """What is out of reach, by what it fails for, the commonest first."""
        found: dict[Text | None, list[Card]] = {}
        for card in self.page("ineligible", 0) if self.folded else self.listed("ineligible"):
            found.setdefault(self._failed_for(card.failed), []).append(card)
        grouped = sorted(found.items(), key=lambda item: -len(item[1]))
        return tuple(SharedFailure(about, tuple(cards)) for about, cards in grouped)

    def _failed_for(self, failed: Json | None) -> Text | None:
        """What a condition is about: the facts that it looks at, of several the first."""
        if failed is None:
            return None
        about = dict.fromkeys(facts_of(failed))
        if set(about) == {PROJECT_KIND}:
            return _NO_SUCH_PROJECT
        first, *others = (self.site.vocabulary.facts[fact_id].label for fact_id in about)
        if len(others) > 1:
            return _AND_OTHERS.format(named=first)
        return join((first, *others), LIST_COMMA)

    def by_failure(self, cards: tuple[Card, ...]) -> Iterable[tuple[Text | None, list[Card]]]:
        """What is out of reach by what keeps it there, so that this is said once."""
        found: dict[Text | None, list[Card]] = {}
        for card in cards:
            found.setdefault(self.failure(card), []).append(card)
        return found.items()

    def failure(self, card: Card) -> Text | None:
        """What keeps a programme out of reach: the first thing that no change would mend, or else
        the first condition that is not met; None where it is not out of reach."""
        near = card.match["near_miss"]
        if near and near["blocked_by"]:
            return Text(**near["blocked_by"][0]["text"])
        if card.failed is None:
            return None
        vocabulary = self.site.vocabulary
        condition: Condition = self.site.catalogue.programmes[card.programme["id"]].condition
        # By what it says: a match out of reach need not list all conditions of its rule.
        for shown in path_to(card.failed, card.match["conditions"]):
            below = children_of(condition)
            condition = next(c for c in below if is_shown_as(c, shown, vocabulary))
        facts = self.profile.facts_of(card.match["subject"])
        return obstacle_words(condition, Truth.FALSE, facts, vocabulary)

    @property
    def total(self) -> int:
        """How many matches there are, whether they are listed or not."""
        return sum(self.answer["summary"].values())

    @property
    def decided(self) -> int:
        """How many matches are decided: neither is an answer missing nor the word of an
        authority."""
        return self.total - sum(map(self.size, _OPEN_BLOCKS))

    @cached_property
    def best(self) -> Json | None:
        """The best lawful set in words, where any amount counts."""
        best: Json | None = self.answer["best_combination"]
        if not best or not best["chosen"]:
            return None
        return combination_words(
            best, self.answer["matches"], self.site.catalogue, self.project_names
        )

    @property
    def sizes(self) -> tuple[Json, ...]:
        """The size class by the statistical standard, where it is certain."""
        return tuple(h for h in self.answer["category_hints"] if h["size"])

    @property
    def hints(self) -> tuple[Json, ...]:
        """Certificates that the company could apply for; none of them counts as held."""
        return tuple(h for h in self.answer["category_hints"] if not h["size"])

    @property
    def conflicts(self) -> tuple[Json, ...]:
        """Claims that the company's own figures deny, whether or not they undo them."""
        return tuple(w for w in self.answer["warnings"] if w["code"] in _DENIED)

    @property
    def notices(self) -> tuple[Json, ...]:
        """The other warnings."""
        apart = (*_DENIED, _TAKEN)
        return tuple(w for w in self.answer["warnings"] if w["code"] not in apart)

    @property
    def taken(self) -> tuple[StandInNotice, ...]:
        """What was not stated and taken from other answers, by from which."""
        notices = (w for w in self.answer["warnings"] if w["code"] == _TAKEN)
        return taken_by_reason(notices, self.site.vocabulary)

    @cached_property
    def to_ask(self) -> ResultQuestions:
        """What an answer would still decide."""
        return ResultQuestions(self.site, self.case, self.profile, self.answer, self.folded)

    def subject_label(self, match: Json) -> str:
        """Which project a match is about: its name; its kind and number where there are several of
        that kind. Empty for the company, and where only one can be meant."""
        name = self.project_names.get(match["subject"])
        return translate(name) if name else ""

    @cached_property
    def project_names(self) -> dict[str, Text | None]:
        """What its projects are called, by reference."""
        return project_names(self.case.named_projects, self.site.vocabulary)

    def parts(self, match: Json, condition: Json) -> tuple[list[Json], list[Json]]:
        """The parts of a condition that tell why it comes out so, and the others: of what is met
        what is met, of what is open what is open; of what fails in every part, those by which it
        could be met, or else that come nearest."""
        children = condition["children"]
        if self.is_brief(match, condition):  # a table of classes explains nothing row by row
            return [], []
        if condition["gate"] == Connective.NOT:  # its one part is the reason, unless it is met
            return [] if condition["truth"] == "true" else children, []
        telling = [c for c in children if c["truth"] == condition["truth"]]
        if condition["truth"] == "false" and len(telling) == len(children):
            near = match["near_miss"] or {"changes": []}
            changing = {change["fact"] for change in near["changes"]}
            ways = [c for c in children if changing.issuperset(failing_facts(c))]
            telling = (ways or list(filter(has_part_met, children)) or children)[:MAX_FAILED_PARTS]
        hidden = [] if condition["truth"] == "true" else children
        return telling, [c for c in hidden if c not in telling]

    def is_brief(self, match: Json, condition: Json) -> bool:
        """Whether a condition is a group that is said by its name alone, such as a size class."""
        if not condition["children"]:
            return False
        rule: Condition = self.site.catalogue.programmes[match["programme"]["id"]].condition
        return condition["text"]["zh"] in names_that_say_all(rule, self.site.vocabulary)

    def to_state(self, match: Json, condition: Json) -> str:
        """What is still to be stated before such a group can be told; empty where nothing is."""
        missing = [f for f in facts_looked_at(condition) if f in match["missing_facts"]]
        if condition["truth"] != "unknown" or not missing:
            return ""
        labels = (self.site.vocabulary.facts[f].label for f in missing)
        return translate(_STATE_FIRST.format(facts=join(labels, LIST_COMMA)))

    def observed_words(self, match: Json, condition: Json) -> str:
        """The company's values that a condition looks at, in words; empty for a group, but one that
        is said by its name alone."""
        stated = self.profile.facts_of(match["subject"])
        if not self.is_brief(match, condition):
            facts = condition["facts"]
        elif self.to_state(match, condition):
            facts = []
        else:
            facts = [f for f in facts_looked_at(condition) if stated.get(f) is not None]
        return translate(observed_words(facts, stated, self.site.vocabulary, NOT_STATED))

    def _card(self, match: Json) -> Card:
        programme, catalogue = match["programme"], self.site.catalogue
        return Card(
            match,
            catalogue.list_name(programme["id"]),
            days_left(programme["valid_to"], self.site.today()),
            first_failed(match["conditions"]) if match["status"] == "ineligible" else None,
            tuple(
                missing_labels(match, self.profile.facts_of(match["subject"]), self.site.vocabulary)
            ),
            next_step(catalogue, catalogue.programmes[programme["id"]], self.site.today()),
            self._distance(programme["jurisdiction"], match["subject"]),
            len(catalogue.programmes[programme["id"]].kinds),
        )

    def _distance(self, jurisdiction: str, subject: str | None) -> tuple[int, bool]:
        """How far a programme's place is from the company, or from the project that it is looked at
        for; its own place before the whole country; where no place is stated nothing is nearer."""
        if not self._places:
            return 0, False
        regions = self.site.vocabulary.regions
        entry = regions.codes.get(jurisdiction)
        if entry is None or not entry.parents:
            return self._distances[jurisdiction], True
        is_there = jurisdiction in self._project_places(subject)
        return 0 if is_there else self._distances[jurisdiction], False

    def _project_places(self, ref: str | None) -> frozenset[str]:
        """Where a stated project is, and what that lies in."""
        vocabulary, regions = self.site.vocabulary, self.site.vocabulary.regions
        project = next((p for p in self.profile.projects if p.ref == ref), None)
        facts = (f.id for f in vocabulary.project if f.list == vocabulary.region_list)
        stated = [str(project.facts[f]) for f in facts if f in project.facts] if project else []
        return frozenset(broader for place in stated for broader in regions.ancestors(place))

    @cached_property
    def _distances(self) -> Mapping[str, int]:
        return self.site.catalogue.distances(self.profile.company)

    @cached_property
    def _places(self) -> tuple[frozenset[str], ...]:
        """Where the company is, as far as stated."""
        return self.site.vocabulary.stated_places(self.profile.company)
