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
from service.domain.text import Text
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
        Text("为一家企业匹配全部支持事项", "Match a company with every programme"),
        Text(
            "只有 profile 必填，空档案也可以。回答会存为回执，凭 receipt_id 可以再次读取。",
            "Only `profile` is required, and it may be empty. The answer is kept as a receipt that"
            " can be read again by its `receipt_id`.",
        ),
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
        Text("检查一个支持事项", "Check one programme"),
        Text(
            "请求与匹配相同；回答这一个事项的每个条件，不存回执。",
            "The request of a match; the answer has every condition of this one programme, and"
            " leaves no receipt.",
        ),
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
