"""The cards of a result: one a match, how the reader wants them, and what several fail for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from service.domain.evaluation.evaluator import Status
from service.domain.facts.vocabulary import Fact, Vocabulary
from service.domain.rules.measures import Evidence
from service.domain.text import Text
from service.intake.notices import TakenAs, taken_text
from service.rendering.json_parts import Json, block_of, text_json
from service.rendering.next_steps import NextStep
from service.web.formatting import translate

SORTS = ("ceiling", "days", "name")
_FAR = 10**6
# Of small print so many letters stand on a line of a sheet, and half as many Chinese characters:
# those behind this one. What stands with a name (its place, signs) is counted out.
_SHEET_WIDTH = 90
_LAST_NARROW = "\u2e7f"


@dataclass(frozen=True)
class Card:
    """One match. `failed` is the condition that keeps it out of reach, `open_facts` are the labels
    of the facts that could still decide it; `breadth` is how many kinds of applicant it may be
    meant for."""

    match: Json
    name: Text
    days: int | None
    failed: Json | None
    open_facts: tuple[Text, ...]
    step: NextStep
    distance: tuple[int, bool]
    breadth: int

    @property
    def programme(self) -> Json:
        card: Json = self.match["programme"]
        return card

    @property
    def bound(self) -> Decimal | None:
        """The most it can be, in yuan; None where the text bounds or names no amount."""
        ceiling = self.match["ceiling"]
        if ceiling is None:
            return None
        most = ceiling["amount"] or ceiling["high"]
        return None if most is None else Decimal(most)

    @property
    def is_repayable(self) -> bool:
        """Whether its money has to be paid back."""
        ceiling = self.match["ceiling"]
        return ceiling is not None and ceiling["repayable"]

    @property
    def block(self) -> str:
        """Where the card stands; "authority" is open, but no answer of the company's decides it."""
        return block_of(self.match)


@dataclass(frozen=True)
class AuthorityGroup:
    """The matches that an authority settles for one reason; None where each has its own."""

    reason: Json | None
    cards: tuple[Card, ...]

    @property
    def by_step(self) -> Mapping[Text, list[Card]]:
        """The matches by whom to ask about them."""
        found: dict[Text, list[Card]] = {}
        for card in self.cards:
            found.setdefault(card.step.words, []).append(card)
        return found

    @property
    def lines(self) -> int:
        """On how many lines of a sheet a list tells it, in the language of the page."""
        if self.reason is None:
            return sum(_lines_of(card.step.words, [card]) for card in self.cards)
        return 1 + sum(_lines_of(step, cards) for step, cards in self.by_step.items())

    @property
    def place(self) -> str | None:
        """The place that all of them are of; None where they are of several."""
        places = {card.programme["jurisdiction"] for card in self.cards}
        return places.pop() if len(places) == 1 else None


def _lines_of(step: Text, cards: Iterable[Card]) -> int:
    """How many lines whom to ask takes, behind the names of what to ask about and their places."""
    text = " ".join(map(translate, [*(card.name for card in cards), step]))
    width = sum(2 if character > _LAST_NARROW else 1 for character in text)
    return ceil(width / _SHEET_WIDTH)


@dataclass(frozen=True)
class SharedFailure:
    """The matches that fail for what is asked about one thing."""

    about: Text | None
    cards: tuple[Card, ...]

    @property
    def places(self) -> Mapping[str, tuple[Card, ...]]:
        """The cards by the place that their programme is for."""
        found: dict[str, list[Card]] = {}
        for card in self.cards:
            found.setdefault(card.programme["jurisdiction"], []).append(card)
        return {place: tuple(cards) for place, cards in found.items()}


@dataclass(frozen=True)
class View:
    """How the reader wants the cards: sorted and filtered."""

    sort: str = SORTS[0]
    place: str = ""
    instrument: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.place or self.instrument)

    @property
    def is_chosen(self) -> bool:
        """Whether it is any other than the one everybody begins with."""
        return self != View()

    def keeps(self, card: Card) -> bool:
        programme = card.programme
        return self.place in ("", programme["jurisdiction"]) and self.instrument in (
            "",
            programme["instrument"],
        )

    def key(self, card: Card) -> Any:
        if self.sort == "days":
            return _FAR if card.days is None else card.days
        if self.sort == "name":
            return translate(card.name)
        reported = card.programme["evidence"] == Evidence.NEWS.value
        if card.block == Status.UNDETERMINED.value:
            # What it could come to is no reason to begin with it: for whom it is meant is.
            return card.distance, reported, bool(card.match["hypothetical"]), card.breadth
        amount = (card.bound is None, card.is_repayable, -(card.bound or 0))
        return card.distance, reported, *amount


@dataclass(frozen=True)
class StandInNotice:
    """What is told of facts that are not stated and were taken from the same answers."""

    text: Mapping[str, str]
    facts: tuple[Fact, ...]


def taken_by_reason(warnings: Iterable[Json], vocabulary: Vocabulary) -> tuple[StandInNotice, ...]:
    """Warnings of one fact each, those of facts that were taken from the same to be the same as
    one: it stood on seven lines."""
    found: dict[tuple[str, ...], tuple[Json, list[Fact]]] = {}
    for warning in warnings:
        fact, taken_as = vocabulary.facts[warning["fact"]], warning["taken_as"]
        sources = warning.get("sources", ())  # none where something is presumed of everybody
        alone = warning["fact"] if taken_as == TakenAs.MORE or not sources else ""
        _, facts = found.setdefault((taken_as, alone, *sources), (warning, []))
        if fact not in facts:
            facts.append(fact)
    return tuple(_taken(first, facts, vocabulary) for first, facts in found.values())


def _taken(first: Json, facts: list[Fact], vocabulary: Vocabulary) -> StandInNotice:
    """What is said of facts of which the first has this warning."""
    if len(facts) == 1:
        return StandInNotice(first["text"], tuple(facts))
    sources = [vocabulary.facts[source].label for source in first["sources"]]
    text = taken_text(TakenAs(first["taken_as"]), [fact.label for fact in facts], sources)
    return StandInNotice(text_json(text), tuple(facts))
