"""Small catalogues over the sample vocabulary."""

from datetime import date
from typing import Any

from service.domain.dates import Window
from service.domain.evaluation.evaluator import Match, evaluate_programme
from service.domain.facts.profile import Subject
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Clause, Condition
from service.domain.rules.measures import Evidence, Measure, OverlapRule
from service.domain.rules.programmes import Commitment, Programme
from service.domain.text import Text
from tests.domain.groups import every_of
from tests.domain.sample import CLAUSE, DAY, VOCABULARY

NOWHERE = Text("", "")
THIS_AND_NEXT = Window(date(2026, 1, 1), date(2027, 12, 31))
BEST_ONLY = OverlapRule("municipal", Clause("doc", "closing"), Text("不重复", "no double"))


def measure(name: str = "doc", **more: Any) -> Measure:
    stated: dict[str, Any] = {
        "id": name, "number": "1", "title": NOWHERE, "issuers": (), "issued_on": DAY,
        "reviewed_on": DAY, "window": THIS_AND_NEXT, "jurisdiction": "310000",
        "evidence": Evidence.OFFICIAL, "decided_by": NOWHERE, "departments": (),
        "articles": (), "source": "",
    }  # fmt: skip
    return Measure(**(stated | more))


def programme(name: str, *conditions: Condition, **more: Any) -> Programme:
    stated: dict[str, Any] = {
        "id": name, "name": Text(name, name), "summary": NOWHERE, "measure": CLAUSE.measure,
        "article": CLAUSE.article, "instrument": "grant", "commitment": Commitment.FUNDING,
        "jurisdiction": "310000", "evidence": Evidence.OFFICIAL, "window": THIS_AND_NEXT,
        "condition": every_of(*conditions), "decided_by": NOWHERE, "departments": (),
        "kinds": (), "fields": (), "path": f"{name}.yaml",
    }  # fmt: skip
    return Programme(**(stated | more))


def catalogue(*programmes: Programme, measures: tuple[Measure, ...] = ()) -> Catalogue:
    known = {m.id: m for m in measures or (measure(),)}
    return Catalogue("v1", VOCABULARY, known, {p.id: p for p in programmes})


def matched(condition: Condition, subject: Subject, day: date = DAY) -> Match:
    """A programme of one condition, for a subject."""
    return evaluate_programme(programme("p", condition), subject, day)
