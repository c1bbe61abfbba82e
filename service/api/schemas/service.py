"""What the service says of itself: receipts, probes, problems."""

from marshmallow import fields

from service.api.schemas import shape
from service.api.schemas.matching import KeptAnswerSchema, SubjectOfSchema, SummarySchema
from service.api.schemas.parts import MoneyRangeSchema
from service.api.schemas.shape import Answer, DatedAnswer
from service.domain.errors import ErrorCode
from service.domain.evaluation.evaluator import Status


class DigestsSchema(Answer):
    sha256 = shape.string()
    sm3 = shape.string()


class ReceiptMatchSchema(SubjectOfSchema, MoneyRangeSchema):
    """A match as a receipt keeps it: `amount`, or its ends, in the programme's currency."""

    status = shape.one_of(Status)


class ReceiptOutcomeSchema(Answer):
    """What came out: how many matches of each status, and those that were listed."""

    summary = shape.one(SummarySchema)
    matches = shape.many(ReceiptMatchSchema)


class ReceiptSchema(DatedAnswer):
    """One evaluation as it was answered; never changed. `request` is as it was sent, in the
    vocabulary of its day, so it is of no type of today's. `outcome` is kept as it was written, null
    in the oldest receipts, whose whole answer is kept; `result` is the answer without its id, kept
    or made again under the rules of its day and held against its digest."""

    id = shape.string()
    created_at = fields.DateTime(required=True)
    engine_version = shape.string()
    digests = shape.one(DigestsSchema)
    request = fields.Dict(required=True)
    outcome = shape.one(ReceiptOutcomeSchema, allow_none=True)
    result = shape.one(KeptAnswerSchema)


class HealthSchema(Answer):
    status = shape.string()


class ReadinessSchema(Answer):
    status = shape.string()
    degraded_by = fields.List(shape.string(), required=True)
    catalogue_version = shape.version()
    engine_version = shape.string()


class FieldProblemSchema(Answer):
    """One thing wrong: an RFC 6901 pointer into the body, or `/name` of a query parameter."""

    pointer = shape.string()
    code = shape.one_of(ErrorCode)
    message = shape.string()


class ProblemSchema(Answer):
    """RFC 9457 problem details, worded in the language of Accept-Language (Chinese unless en)."""

    type = shape.string(metadata={"format": "uri-reference"})
    title = shape.string()
    status = fields.Integer(required=True)
    detail = shape.string()
    code = shape.one_of(ErrorCode)
    errors = shape.many(FieldProblemSchema)
