"""Scoring a profile with a points model: a score, or what keeps it from being one."""

from datetime import date

import pytest

from service.app import Services
from service.domain.errors import NotFound
from service.domain.facts.profile import Profile
from service.usecases.advice.score import ScoringService, find_model, score_json

NOBODY, DAY = Profile({}), date(2026, 6, 1)


def test_an_unknown_fact_makes_a_range_and_is_named(own_huice: Services) -> None:
    """Nothing known: the score lies between the ends, and every indicator says what it lacks."""
    compiled = own_huice.compiled
    for model in compiled.catalogue.points.values():
        found = score_json(model, NOBODY, DAY)
        assert found["score"] is None
        assert found["passes"] == "unknown"
        if found["unpublished"]:
            assert found["high"] is None
        else:
            assert found["missing_facts"]
            assert float(found["low"]) < float(found["high"])


def test_the_day_is_the_request_s_or_today(own_huice: Services) -> None:
    """What is asked for a day is scored on it."""
    compiled = own_huice.compiled
    scoring = ScoringService(compiled, own_huice.clock)
    model = next(iter(compiled.catalogue.points))
    given = scoring.score(model, {"profile": {}, "as_of": "2026-02-03"})
    today = scoring.score(model, {"profile": {}})
    assert given["as_of"] == "2026-02-03"
    assert today["as_of"] == own_huice.clock.today().isoformat()


def test_an_unknown_model_names_the_nearest(own_huice: Services) -> None:
    catalogue = own_huice.compiled.catalogue
    known = next(iter(catalogue.points))
    with pytest.raises(NotFound) as refused:
        find_model(catalogue, known[:-1])
    assert refused.value.suggestion == known
