"""What the service says of itself: receipts, probes, problems."""

from marshmallow import fields

from service.api.schemas.parts import Answer, day, many, one, one_of, string, version
from service.domain.errors import ErrorCode


class DigestsSchema(Answer):
    sha256 = string()
    sm3 = string()


class ReceiptSchema(Answer):
    """One evaluation as it was answered; never changed. `result` is the answer without its id."""

    id = string()
    created_at = fields.DateTime(required=True)
    as_of = day()
    catalogue_version = version()
    engine_version = string()
    digests = one(DigestsSchema)
    request = fields.Dict(required=True)
    result = fields.Dict(required=True)


class HealthSchema(Answer):
    status = string()


class ReadinessSchema(Answer):
    status = string()
    degraded_by = fields.List(string(), required=True)
    catalogue_version = version()
    engine_version = string()


class FieldProblemSchema(Answer):
    """One thing wrong: an RFC 6901 pointer into the body, or `/name` of a query parameter."""

    pointer = string()
    code = one_of(ErrorCode)
    message = string()


class ProblemSchema(Answer):
    """RFC 9457 problem details, worded in the language of Accept-Language (Chinese unless en)."""

    type = string(metadata={"format": "uri-reference"})
    title = string()
    status = fields.Integer(required=True)
    detail = string()
    code = one_of(ErrorCode)
    errors = many(FieldProblemSchema)
