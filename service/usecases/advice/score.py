"""Scoring a profile with a points model: the score, or what keeps it from being one."""

from dataclasses import dataclass
from datetime import date

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.clock import Clock
from service.domain.errors import NotFound
from service.domain.evaluation.scoring import IndicatorScore, score_model
from service.domain.facts.profile import Profile, company_subject
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.points_model import PointsModel
from service.domain.text import Text, nearest
from service.intake.requests import MatchRequest
from service.rendering.json_parts import Json, in_language, text_json

_KIND = Text("积分模型", "points model")
# There are few models, so that less of a name tells which is meant.
_MIN_LIKENESS = 0.3


@dataclass(frozen=True)
class ScoringService:
    """Scores profiles with the models of one catalogue."""

    compiled: CompiledCatalogue
    clock: Clock

    def score(self, model_id: str, raw: object) -> Json:
        """The score of a request's profile. Raises NotFound, InvalidInput."""
        model = find_model(self.compiled.catalogue, model_id)
        request: MatchRequest = self.compiled.requests.read(raw)
        score = score_json(model, request.profile, request.as_of or self.clock.today())
        answer: Json = in_language(score, request.options.language)
        return answer


def find_model(catalogue: Catalogue, model_id: str) -> PointsModel:
    """The model of an id. Raises NotFound with the nearest id."""
    model = catalogue.points.get(model_id)
    if model is None:
        raise NotFound(_KIND, model_id, nearest(model_id, catalogue.points, _MIN_LIKENESS))
    return model


def score_json(model: PointsModel, profile: Profile, as_of: date) -> Json:
    """`score` where it is certain, else `low` and `high`; all None where the model leaves numbers
    open, and `unpublished` says which."""
    score = score_model(model, company_subject(profile), as_of)
    return {
        "model": model.id,
        "name": text_json(model.name),
        "standard": model.standard,
        "source": model.source,
        "extends": model.extends,
        "as_of": as_of.isoformat(),
        "score": _number(score.total),
        "low": _number(score.low),
        "high": _number(score.high),
        "threshold": _number(model.threshold),
        "passes": str(score.passes),
        "indicators": [_indicator(p) for p in score.points],
        "unpublished": [text_json(gap) for gap in score.gaps],
        "missing_facts": list(score.missing),
        "notes": [text_json(note) for note in model.notes],
    }


def _indicator(points: IndicatorScore) -> Json:
    indicator = points.indicator
    return {
        "id": indicator.id,
        "label": text_json(indicator.label),
        "low": _number(points.low),
        "high": _number(points.high),
        "verified": indicator.verified,
        "source": indicator.source,
        "missing_facts": list(points.missing),
    }


def _number(value: object) -> str | None:
    return None if value is None else f"{value:f}"
