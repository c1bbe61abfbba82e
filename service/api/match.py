"""POST: a profile against the whole catalogue, or against one programme."""

from flask import Response, request
from flask_smorest import Blueprint

from service.api import schemas
from service.api.http import body, json_answer, json_bytes, plain_request
from service.api.idempotency import HEADER, answer_once
from service.api.idempotency import PARAMETER as IDEMPOTENT
from service.api.openapi import operation, route
from service.api.ports import ApiContext
from service.api.principals import anybody, may_match, trace
from service.usecases.reference.example_request import example_request

REQUEST = "MatchRequest"
_FAILS = (400, 406, 413, 415, 422)


def match_blueprint(service: ApiContext) -> Blueprint:
    """The matching calls over one service."""
    example = example_request(service.compiled.catalogue)
    blueprint = Blueprint(
        "matching", __name__, description="匹配 · A profile in, the programmes that fit out"
    )

    @route(blueprint, "/match", "POST")
    @operation(
        "match",
        schemas.MatchAnswerSchema(),
        fails=(*_FAILS, 401, 403, 409, 429, 503),
        body=REQUEST,
        example=example,
        parameters=[IDEMPOTENT],
    )
    def match() -> Response:
        plain_request()
        who = may_match(service)
        if HEADER not in request.headers:
            return json_bytes(service.matching.match(body(), who, trace()))
        return answer_once(
            service, who, lambda: json_bytes(service.matching.match(body(), who, trace()))
        )

    @route(blueprint, "/programmes/<programme_id>/check", "POST")
    @operation(
        "check",
        schemas.CheckAnswerSchema(),
        fails=(*_FAILS, 401, 404, 429),
        body=REQUEST,
        example=example,
    )
    def check(programme_id: str) -> Response:
        plain_request()
        anybody(service)
        return json_answer(service.matching.check(programme_id, body()))

    return blueprint
