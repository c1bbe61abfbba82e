"""Category hints: what the figures say about size and certificates, never a status."""

from service.api.schemas import shape
from service.api.schemas.parts import BilingualSchema
from service.api.schemas.shape import Answer
from service.domain.evaluation.assessment import Verdict
from service.domain.rules.standards import Size
from service.domain.truth import Truth


class ScorePartSchema(Answer):
    """What one indicator of a points model earns, or the two ends between which it lies."""

    id = shape.string()
    name = shape.one(BilingualSchema)
    low = shape.string(allow_none=True)
    high = shape.string(allow_none=True)


class CriterionSchema(Answer):
    """One computable criterion of a standard, and whether its figure was verified."""

    id = shape.string()
    text = shape.one(BilingualSchema)
    truth = shape.one_of(Truth)
    observed = shape.string(allow_none=True)
    verified = shape.flag()
    source = shape.string()
    missing_facts = shape.strings()
    parts = shape.many(ScorePartSchema)


class CategoryHintSchema(Answer):
    """A size class that is certain, or a category the company could apply for."""

    standard_id = shape.string()
    category = shape.string(allow_none=True)
    name = shape.one(BilingualSchema)
    standard = shape.string()
    source = shape.string()
    valid_from = shape.day(allow_none=True)
    valid_to = shape.day(allow_none=True)
    size = shape.one_or_none_of(Size)
    verdict = shape.one_of(Verdict)
    text = shape.one(BilingualSchema)
    known = shape.count()
    total = shape.count()
    complete = shape.flag()
    criteria = shape.many(CriterionSchema)
    uncomputed = shape.many(BilingualSchema)
    missing_facts = shape.strings()
    notes = shape.many(BilingualSchema)
