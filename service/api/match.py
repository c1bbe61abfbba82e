"""POST: a profile against the whole catalogue, or against one programme."""

from functools import partial

from flask import Response
from flask_smorest import Blueprint

from service.api import schemas
from service.api.http import body, json_answer, plain_request
from service.api.idempotency import PARAMETER as IDEMPOTENT
from service.api.idempotency import answer_once, match_call
from service.api.openapi import Body, new_blueprint, operation
from service.api.ports import ApiContext
from service.api.principals import any_principal, request_trace, require_match_scope
from service.usecases.reference.example_request import example_request

REQUEST = "MatchRequest"


def match_blueprint(service: ApiContext) -> Blueprint:
    """The matching calls over one service."""
    blueprint = new_blueprint("matching", "匹配 · A profile in, the programmes that fit out")
    evaluation = partial(
        operation, blueprint, body=Body(REQUEST, example_request(service.compiled))
    )

    @evaluation(
        "POST /match",
        schemas.MatchAnswerSchema(),
        further_statuses=(401, 403, 404, 409, 429, 503),
        parameters=[IDEMPOTENT],
    )
    def match() -> Response:
        plain_request()
        who = require_match_scope(service)

        def do() -> bytes:
            return service.matching.match(body(), who, request_trace())

        return answer_once(service, who, match_call(service, who, do))

    @evaluation(
        "POST /programmes/<programme_id>/check",
        schemas.CheckAnswerSchema(),
        further_statuses=(401, 429),
    )
    def check(programme_id: str) -> Response:
        plain_request()
        any_principal(service)
        return json_answer(service.matching.check(programme_id, body()))

    return blueprint
