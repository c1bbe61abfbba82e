"""Which companies a programme fits, of those that a tenant keeps or has sent (政策找企业)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask import Response
from flask_smorest import Blueprint

from service.api import schemas
from service.api.http import accept, body, json_answer, no_query
from service.api.media import MEDIA
from service.api.openapi import SECURED, Body, new_blueprint, operation
from service.api.paging import read_number_cursor
from service.api.ports import ApiContext
from service.api.principals import request_trace, require_any_scope
from service.api.problems import language
from service.domain.facts.code_lists import Code, CodeList
from service.domain.principal import Scope
from service.domain.text import SPOKEN, Text
from service.intake.code_values import CodeKind
from service.intake.number_values import Bounds, IntegerKind
from service.intake.records import Record, Scalar, make_record
from service.intake.tenancy import load_record
from service.intake.values import BooleanKind, DateKind, TextKind
from service.usecases.tenancy.candidates import (
    EXPORTS,
    MAX_PAGE,
    USUAL_PAGE,
    CandidateClass,
    CandidateOrder,
    CandidateQuery,
)

QUERY = "CandidateQuery"


def _word_kind(name: str, label: Text, words: Iterable[str]) -> CodeKind:
    """A field that takes one of a few words, such as `format`."""
    return CodeKind(CodeList(name, label, {w: Code(w, Text(w, w)) for w in words}))


_JSON = "json"
CANDIDATE_QUERY = make_record(
    Record,
    QUERY,
    {
        "as_of": Scalar(DateKind()),
        "class": Scalar(_word_kind("classes", Text("类别", "classes"), CandidateClass)),
        "tag": Scalar(TextKind(40)),
        "batch": Scalar(TextKind(24)),
        "missing_fact": Scalar(TextKind(100)),
        "verified": Scalar(BooleanKind()),
        "sort": Scalar(_word_kind("orders", Text("排序", "orders"), CandidateOrder)),
        "format": Scalar(_word_kind("forms", Text("格式", "forms"), (_JSON, *EXPORTS))),
        "lang": Scalar(_word_kind("languages", Text("语言", "languages"), SPOKEN)),
        "limit": Scalar(IntegerKind(Bounds(Decimal(1), Decimal(MAX_PAGE)))),
        "cursor": Scalar(TextKind(15)),
    },
)


def candidates_blueprint(service: ApiContext) -> Blueprint:
    """Companies for a programme."""
    blueprint = new_blueprint("candidates", "政策找企业 · Companies for a programme")

    @operation(
        blueprint,
        "POST /programmes/<programme_id>/candidates",
        schemas.CandidatePageSchema(),
        further_statuses=(409,),
        body=Body(QUERY, {"as_of": "2026-11-22", "class": "automatic"}),
        further_media=[MEDIA[form] for form in EXPORTS],
        security=SECURED,
    )
    def find_candidates(programme_id: str) -> Response:
        who = require_any_scope(service, Scope.COMPANIES_READ, Scope.BATCHES_READ)
        no_query()
        asked = load_record(CANDIDATE_QUERY, body(), "")
        query, form = _read_candidate_query(asked), asked.get("format", _JSON)
        if form == _JSON:
            accept("application/json")
            return json_answer(service.candidates.find(who, programme_id, query, request_trace()))
        accept(MEDIA[form])
        written_in = asked.get("lang") or language()
        found = service.candidates.export(
            who, programme_id, query, form, written_in, request_trace()
        )
        return _list_file(found, programme_id, form)

    return blueprint


def _list_file(content: bytes, programme: str, form: str) -> Response:
    """The whole list as a file."""
    response = Response(content, mimetype=MEDIA[form])
    name = f'attachment; filename="candidates-{programme}.{form}"'
    response.headers["Content-Disposition"] = name
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _read_candidate_query(asked: dict[str, Any]) -> CandidateQuery:
    wanted = asked.get("class")
    return CandidateQuery(
        as_of=asked.get("as_of"),
        wanted=None if wanted is None else CandidateClass(wanted),
        tag=asked.get("tag"),
        batch=asked.get("batch"),
        missing_fact=asked.get("missing_fact"),
        verified=asked.get("verified", False),
        sort=CandidateOrder(asked.get("sort") or CandidateOrder.CLASS),
        after=read_number_cursor(asked.get("cursor", "0")),
        limit=asked.get("limit", USUAL_PAGE),
    )
