"""What the service says of itself: receipts, probes, problems."""

from marshmallow import fields

from service.api.schemas import shape
from service.api.schemas.shape import Answer, DatedAnswer
from service.domain.errors import ErrorCode


class DigestsSchema(Answer):
    sha256 = shape.string()
    sm3 = shape.string()


class ReceiptSchema(DatedAnswer):
    """One evaluation as it was answered; never changed. `result` is the answer without its id."""

    id = shape.string()
    created_at = fields.DateTime(required=True)
    engine_version = shape.string()
    digests = shape.one(DigestsSchema)
    request = fields.Dict(required=True)
    result = fields.Dict(required=True)


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
