"""With a key: which of the kept companies a programme fits (政策找企业)."""

from decimal import Decimal
from typing import Any

from flask import Response
from flask_smorest import Blueprint

from service.api import schemas
from service.api.http import body, json_answer, plain_request
from service.api.openapi import SECURED, operation, route
from service.api.ports import ApiContext
from service.api.principals import keyed, trace
from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.facts.code_lists import Code, CodeList
from service.domain.principal import Scope
from service.domain.text import Text
from service.intake.code_values import CodeKind
from service.intake.number_values import Bounds, IntegerKind
from service.intake.records import Record, Scalar, make_record
from service.intake.tenancy import load_record
from service.intake.values import DateKind, TextKind
from service.usecases.tenancy.candidates import (
    MAX_PAGE,
    USUAL_PAGE,
    CandidateClass,
    CandidateQuery,
)

QUERY = "CandidateQuery"
_CLASSES = CodeList(
    "classes", Text("类别", "classes"), {c.value: Code(c.value, Text(c, c)) for c in CandidateClass}
)
CANDIDATE_QUERY = make_record(
    Record,
    QUERY,
    {
        "as_of": Scalar(DateKind()),
        "class": Scalar(CodeKind(_CLASSES)),
        "tag": Scalar(TextKind(40)),
        "limit": Scalar(IntegerKind(Bounds(Decimal(1), Decimal(MAX_PAGE)))),
        "cursor": Scalar(TextKind(15)),
    },
)
_CURSOR = Text("不是本接口给出的游标", "no cursor of this interface")


def candidates_blueprint(service: ApiContext) -> Blueprint:
    """Companies for a programme."""
    blueprint = Blueprint(
        "candidates", __name__, description="政策找企业 · Companies for a programme"
    )

    @route(blueprint, "/programmes/<programme_id>/candidates", "POST")
    @operation(
        "find_candidates",
        Text("这个事项适合哪些企业", "Which companies a programme fits"),
        Text(
            "在所存企业中查找：automatic 已知情况满足全部条件；one_fact_short 只差一项信息；"
            "open 还差更多。"
            "每家列出结论所依据的事实及其核验情况。",
            "Among the kept companies: `automatic`, all stated conditions are met by what is known;"
            " `one_fact_short`, one fact decides; `open`, more is missing. Each with the facts it"
            " rests on and how they were verified.",
        ),
        schemas.CandidatePageSchema(),
        fails=(400, 401, 403, 404, 406, 413, 415, 422, 429),
        body=QUERY,
        example={"as_of": "2026-11-22", "class": "automatic"},
        security=SECURED,
    )
    def find_candidates(programme_id: str) -> Response:
        who = keyed(service, Scope.COMPANIES_READ)
        plain_request()
        asked = load_record(CANDIDATE_QUERY, body(), "")
        return json_answer(service.candidates.find(who, programme_id, _query(asked), trace()))

    return blueprint


def _query(asked: dict[str, Any]) -> CandidateQuery:
    cursor = asked.get("cursor", "0")
    if not cursor.isdecimal():
        problem = Problem("/cursor", ErrorCode.INVALID_CURSOR, _CURSOR)
        raise InvalidInput((problem,), ErrorCode.INVALID_CURSOR)
    wanted = asked.get("class")
    return CandidateQuery(
        as_of=asked.get("as_of"),
        wanted=None if wanted is None else CandidateClass(wanted),
        tag=asked.get("tag"),
        after=int(cursor),
        limit=asked.get("limit", USUAL_PAGE),
    )
