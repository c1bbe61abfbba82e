"""A measure: an official document, or a press report, with its articles and what it says of all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from service.domain.dates import Window
from service.domain.rules.application import NOTHING_PUBLISHED, Application
from service.domain.rules.caps import Cap
from service.domain.rules.conditions import Clause, Condition
from service.domain.text import Text


class Evidence(StrEnum):
    """Whether a measure is an official document or known from the press only."""

    OFFICIAL = "official"
    NEWS = "news"


class NumberKind(StrEnum):
    """The place of a figure that stands in an article."""

    PARAMETER = "parameter"
    TARGET = "target"
    METADATA = "metadata"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class NumberEntry:
    """One figure of an article as written there, and what it is."""

    text: str
    kind: NumberKind
    programme: str | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One article or named part of a measure: a gist in our words, a digest of the official text.

    `unmatched` says why nothing, or why the rest, can be matched to a company.
    """

    number: int | str
    title: Text
    gist: Text
    digest: str
    unmatched: Text | None = None
    numbers: tuple[NumberEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class OverlapRule:
    """A rule that of several awards of one purpose at a level of government only the best is
    paid."""

    level: str
    clause: Clause
    text: Text


@dataclass(frozen=True, slots=True)
class UsualCondition:
    """A condition that implementing rules usually add though no article states it: a warning."""

    condition: Condition
    text: Text


@dataclass(frozen=True)
class Measure:
    """An official document, or a press report that describes support."""

    id: str
    number: str
    title: Text
    issuers: tuple[Text, ...]
    issued_on: date
    reviewed_on: date
    window: Window
    jurisdiction: str
    evidence: Evidence
    decided_by: Text
    departments: tuple[Text, ...]
    articles: tuple[Article, ...]
    source: str
    overlap: OverlapRule | None = None
    usual_conditions: tuple[UsualCondition, ...] = ()
    window_note: Text | None = None
    url: str | None = None
    application: Application = NOTHING_PUBLISHED
    caps: tuple[Cap, ...] = ()

    def article(self, number: int | str) -> Article | None:
        return self._articles_by_number.get(number)

    @cached_property
    def _articles_by_number(self) -> Mapping[int | str, Article]:
        return {article.number: article for article in reversed(self.articles)}
