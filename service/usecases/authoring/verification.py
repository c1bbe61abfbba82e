"""Verification: an official text against the digests that the catalogue was written from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.catalogue.official_text import Number, TextPart, numbered
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import all_conditions
from service.domain.rules.measures import Measure
from service.domain.rules.programmes import Programme
from service.rendering.json_parts import Json
from service.usecases.authoring.coverage import narrowed, parts_of


class Drift(StrEnum):
    """How an article of the text differs from what the catalogue knows."""

    CHANGED = "changed"
    MISSING = "missing"  # the catalogue knows it, the text does not have it
    NEW = "new"  # the text has it, the catalogue does not know it


@dataclass(frozen=True, slots=True)
class WordingDifference:
    """An article or named part that differs, and the programmes to review because of it."""

    article: Number
    drift: Drift
    programmes: tuple[str, ...]
    expected: str | None
    imported: str | None


@dataclass(frozen=True, slots=True)
class Verification:
    """One measure: how many articles agree, and every one that differs."""

    measure: Measure
    same: int
    differences: tuple[WordingDifference, ...]


def verify_measures(
    catalogue: Catalogue, text: str, only: Measure | None = None
) -> tuple[Verification, ...]:
    """Compare every measure that a text holds, or `only` the one. Raises Refused where it holds
    none."""
    catalogue = narrowed(catalogue, only)
    return tuple(
        _verify_measure(catalogue, catalogue.measures[measure], parts)
        for measure, parts in parts_of(catalogue, text).items()
    )


def _verify_measure(
    catalogue: Catalogue, measure: Measure, parts: Sequence[TextPart]
) -> Verification:
    differences = tuple(_wording_differences(catalogue, measure, parts))
    gone = sum(d.drift is not Drift.NEW for d in differences)
    return Verification(measure, len(measure.articles) - gone, differences)


def _wording_differences(
    catalogue: Catalogue, measure: Measure, parts: Sequence[TextPart]
) -> Iterator[WordingDifference]:
    there = numbered(parts)
    for article in measure.articles:
        part = there.get(article.number)
        found = part.digest if part else None
        if found != article.digest:
            drift = Drift.CHANGED if part else Drift.MISSING
            affected = programmes_of(catalogue, measure, article.number)
            yield WordingDifference(article.number, drift, affected, article.digest, found)
    for part in parts:
        if measure.article(part.number) is None:
            yield WordingDifference(part.number, Drift.NEW, (), None, part.digest)


def programmes_of(catalogue: Catalogue, measure: Measure, article: Number) -> tuple[str, ...]:
    """The programmes whose rule rests on an article: on it as a whole, with one of its conditions,
    or through the rule on overlap that it states."""
    overlap = measure.overlap is not None and measure.overlap.clause.article == article
    return tuple(
        p.id
        for p in catalogue.by_measure[measure.id]
        if p.article == article or (overlap and p.purpose) or _cites_article(p, measure, article)
    )


def _cites_article(programme: Programme, measure: Measure, article: Number) -> bool:
    return any(
        c.clause.measure == measure.id and c.clause.article == article
        for c in all_conditions(programme.condition)
    )


def verification_json(verifications: Sequence[Verification]) -> Json:
    """For a machine: per measure what agrees and what differs."""
    return {
        "agrees": not any(v.differences for v in verifications),
        "measures": [
            {
                "measure": v.measure.id,
                "same": v.same,
                "differences": [
                    {
                        "article": d.article,
                        "drift": d.drift.value,
                        "programmes": list(d.programmes),
                        "expected": d.expected,
                        "found": d.imported,
                    }
                    for d in v.differences
                ],
            }
            for v in verifications
        ],
    }
