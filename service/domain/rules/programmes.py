"""A programme: one support item of a measure that somebody can be matched to, and its examples."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from service.domain.dates import Window
from service.domain.rules.amounts import Benefit
from service.domain.rules.application import NOTHING_PUBLISHED, Application
from service.domain.rules.caps import Per
from service.domain.rules.conditions import (
    Clause,
    Connective,
    Group,
    Predicate,
    facts_of,
    tests_below,
    tests_in,
)
from service.domain.rules.measures import Evidence
from service.domain.rules.quantities import Quantity
from service.domain.text import Text


class Commitment(StrEnum):
    """What the text promises, from a complete automatic right down to an announcement."""

    ENTITLEMENT = "entitlement"
    FUNDING = "funding"
    SUPPORT = "support"
    FACILITATION = "facilitation"
    PLANNED = "planned"


# How directly a programme helps whom it is for: the place of its commitment, then that of its
# instrument in the catalogue's list. The lower, the more directly.
Directness: TypeAlias = tuple[int, int]
NOT_RANKED: Directness = (0, 0)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an example says must come out; None leaves a point open."""

    status: str
    ceiling: Decimal | None = None
    ceiling_unknown: bool = False
    at_most: Decimal | None = None
    low: Decimal | None = None
    missing: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence of the programme's specification: these facts on this day give this answer.

    `given` maps fact ids to raw values as a submitter sends them; None where the example blanks a
    fact out. `line` is its place in the file.
    """

    given: Mapping[str, object]
    as_of: date
    expect: Expectation
    line: int
    say: str | None = None
    project: bool = True


@dataclass(frozen=True, slots=True)
class Selection:
    """How others choose among those who qualify: at most so many in some time, or by what a text
    says."""

    quota: int | None = None
    per: Per = Per.UNSTATED
    text: Text | None = None


@dataclass(frozen=True)
class Programme:
    """One support item of a measure that somebody can be matched to.

    `supports` are the kinds of project it is judged for, each such project by itself; none where it
    is judged for the applicant. `selection` is told and decides nothing: whoever qualifies and is
    chosen among is never more than potential. `others_judge` is what the sentence asks besides and
    only whoever decides can judge: told as well, and no condition. `decider_is_kind` where
    `decided_by` names no body that could be looked up. `directness` orders programmes that are
    alike in all else.
    """

    id: str
    name: Text
    summary: Text
    measure: str
    article: int | str
    instrument: str
    commitment: Commitment
    jurisdiction: str
    evidence: Evidence
    window: Window
    condition: Group
    decided_by: Text
    departments: tuple[Text, ...]
    kinds: tuple[str, ...]
    fields: tuple[str, ...]
    supports: tuple[str, ...] = ()
    benefit: Benefit | None = None
    purpose: str | None = None
    excludes: tuple[str, ...] = ()
    selection: Selection | None = None
    others_judge: Text | None = None
    decider_is_kind: bool = False
    parameters: Mapping[str, str] | None = None
    notes: tuple[Text, ...] = ()
    examples: tuple[Example, ...] = ()
    path: str = ""
    application: Application = NOTHING_PUBLISHED
    directness: Directness = NOT_RANKED

    @property
    def clause(self) -> Clause:
        return Clause(self.measure, self.article)

    @property
    def folder(self) -> str:
        """The folder that its file stands in, which is its measure's."""
        return self.path.rpartition("/")[0]

    @property
    def money(self) -> tuple[Quantity, ...]:
        """The quantities that its money is made of; none where it gives no money."""
        return tuple(self.benefit.quantities) if self.benefit else ()

    @property
    def tests(self) -> tuple[Predicate, ...]:
        """The tests of its conditions, and those inside its money."""
        inside = (test for quantity in self.money for test in tests_below(quantity))
        return (*tests_in(self.condition), *inside)

    @cached_property
    def facts(self) -> frozenset[str]:
        """Every fact its conditions look at."""
        return facts_of(self.condition)

    @cached_property
    def needed_facts(self) -> frozenset[str]:
        """Those that it cannot do without: a condition of its own asks for each, and nothing else
        would do in its place."""
        asked = (child.facts for child in self.condition.children)
        alone = frozenset(facts[0] for facts in asked if len(facts) == 1)
        return alone if self.condition.gate is Connective.ALL else frozenset()
