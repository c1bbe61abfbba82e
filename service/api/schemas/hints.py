"""Category hints: what the figures say about size and certificates, never a status."""

from marshmallow import fields

from service.api.schemas.parts import (
    Answer,
    BilingualSchema,
    count,
    day,
    flag,
    many,
    one,
    one_of,
    string,
    strings,
)
from service.domain.evaluation.assessment import Verdict
from service.domain.rules.standards import Size
from service.domain.truth import Truth


class ScorePartSchema(Answer):
    """What one indicator of a points model earns, or the two ends between which it lies."""

    id = string()
    name = one(BilingualSchema)
    low = string(allow_none=True)
    high = string(allow_none=True)


class CriterionSchema(Answer):
    """One computable criterion of a standard, and whether its figure was verified."""

    id = string()
    text = one(BilingualSchema)
    truth = one_of(Truth)
    observed = string(allow_none=True)
    verified = flag()
    source = string()
    missing_facts = strings()
    parts = many(ScorePartSchema)


class CategoryHintSchema(Answer):
    """A size class that is certain, or a category the company could apply for."""

    standard_id = string()
    category = string(allow_none=True)
    name = one(BilingualSchema)
    standard = string()
    source = string()
    valid_from = day(allow_none=True)
    valid_to = day(allow_none=True)
    size = fields.String(
        required=True, allow_none=True, metadata={"enum": [*(s.value for s in Size), None]}
    )
    verdict = one_of(Verdict)
    text = one(BilingualSchema)
    known = count()
    total = count()
    complete = flag()
    criteria = many(CriterionSchema)
    uncomputed = many(BilingualSchema)
    missing_facts = strings()
    notes = many(BilingualSchema)
