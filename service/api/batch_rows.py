"""With a key: the companies of a batch one by one, why each programme came out as it did, and what
came out otherwise than in another batch."""

import tempfile
from pathlib import Path

from flask import Response, send_file
from flask_smorest import Blueprint

from service.api import schemas
from service.api.batches import FORM_OF_FILE, ONE_BATCH
from service.api.http import accept, body, json_answer, plain_request
from service.api.idempotency import PARAMETER as IDEMPOTENT
from service.api.idempotency import answer_once, match_call
from service.api.media import MEDIA
from service.api.openapi import SECURED, Body, new_blueprint, operation
from service.api.paging import page_parameters, read_number_cursor
from service.api.ports import ApiContext
from service.api.principals import request_trace, require_scope
from service.api.problems import language
from service.api.queries import QueryParameter, choice, plain_text, read_query
from service.api.tenant_routes import TenantRoutes
from service.domain.errors import ErrorCode, InvalidInput, Problem, named_at
from service.domain.evaluation.evaluator import Status
from service.domain.principal import Scope
from service.domain.text import Text
from service.usecases.reference.lookup import find_programme
from service.usecases.tenancy.batch_comparison import MAX_CHANGED, compare_batches, comparison_json
from service.usecases.tenancy.batch_rows import PAGE, BatchRowService
from service.usecases.tenancy.batches import FORMATS, file_stem

MAX_PAGE = 500
_ROWS = f"{ONE_BATCH}/rows"
_FROM = QueryParameter(
    "from",
    plain_text(24),
    {"type": "string", "minLength": 24, "maxLength": 24},
    Text("较早的批次的编号，必填", "The id of the earlier batch; it must be given"),
)
_PROGRAMME = QueryParameter(
    "programme",
    plain_text(100),
    {"type": "string", "minLength": 1, "maxLength": 100},
    Text("只要这一支持事项的", "Only those of this programme"),
)
_REQUIRED = Text("须指定较早的批次", "the earlier batch must be named")


def batch_rows_blueprint(service: ApiContext) -> Blueprint:
    """The companies of the batches of the tenant that asks."""
    blueprint = new_blueprint("batch_rows", "批次中的企业 · Companies of a batch")
    _add_rows(blueprint, service)
    _add_comparison(blueprint, service)
    _add_verdicts(blueprint, service)
    return blueprint


def _add_rows(blueprint: Blueprint, service: ApiContext) -> None:
    rows = BatchRowService(service.batches, service.companies)
    pages = page_parameters(MAX_PAGE, PAGE)

    @operation(
        blueprint,
        f"GET {_ROWS}",
        schemas.BatchRowPageSchema(),
        further_statuses=(409,),
        parameters=[p.document() for p in pages],
        security=SECURED,
    )
    def list_batch_rows(batch_id: str) -> Response:
        who = require_scope(service, Scope.BATCHES_READ)
        accept("application/json")
        asked = read_query(pages)
        after = read_number_cursor(asked.get("cursor", "0"))
        limit = asked.get("limit", PAGE)
        return json_answer(rows.page_json(who, batch_id, after, limit, language()))

    @operation(
        blueprint,
        f"POST {_ROWS}/<int:row>/match",
        schemas.MatchAnswerSchema(),
        further_statuses=(409, 503),
        body=Body("CompanyMatch", {"detail": "brief"}),
        parameters=[IDEMPOTENT],
        security=SECURED,
    )
    def match_batch_row(batch_id: str, row: int) -> Response:
        who = require_scope(service, Scope.BATCHES_READ)
        plain_request()

        def do() -> bytes:
            return rows.match(who, batch_id, row, body(), request_trace())

        return answer_once(service, who, match_call(service, who, do))


def _add_comparison(blueprint: Blueprint, service: ApiContext) -> None:
    parameters = (_FROM, *page_parameters(MAX_CHANGED, MAX_CHANGED))

    @operation(
        blueprint,
        f"GET {ONE_BATCH}/changes",
        schemas.BatchComparisonSchema(),
        further_statuses=(409,),
        parameters=[p.document() | ({"required": True} if p is _FROM else {}) for p in parameters],
        security=SECURED,
    )
    def batch_changes(batch_id: str) -> Response:
        who = require_scope(service, Scope.BATCHES_READ)
        accept("application/json")
        asked = read_query(parameters)
        if "from" not in asked:
            problem = Problem("/from", ErrorCode.REQUIRED, _REQUIRED)
            raise InvalidInput((problem,), ErrorCode.INVALID_VALUE)
        page = read_number_cursor(asked.get("cursor", "0")), asked.get("limit", MAX_CHANGED)
        batches = service.batches
        with named_at("/from"):
            batches.get(who, asked["from"])
        found = compare_batches(batches, who, asked["from"], batch_id, *page)
        return json_answer(comparison_json(found))


def _add_verdicts(blueprint: Blueprint, service: ApiContext) -> None:
    batches = service.batches
    routes = TenantRoutes(blueprint, service, Scope.BATCHES)
    routes.act(
        f"{ONE_BATCH}/verdicts",
        "ask_batch_verdicts",
        schemas.BatchSchema(),
        batches.ask_verdicts,
        again=batches.get,
    )
    form = choice("format", FORMATS, "csv", FORM_OF_FILE)
    status = choice("status", list(Status), None, Text("只要这一结论的", "Only this status"))
    parameters = (form, _PROGRAMME, status)

    @operation(
        blueprint,
        f"GET {ONE_BATCH}/verdicts",
        None,
        further_statuses=(409,),
        parameters=[p.document() for p in parameters],
        further_media=[*MEDIA.values()],
        security=SECURED,
    )
    def batch_verdicts(batch_id: str) -> Response:
        who = require_scope(service, Scope.BATCHES_READ)
        asked = read_query(parameters)
        kind, programme = asked.get("format", "csv"), asked.get("programme")
        accept(MEDIA[kind])
        name = f"{file_stem(batches.get(who, batch_id))}-verdicts.{kind}"
        if programme is not None:
            with named_at("/programme"):
                find_programme(service.compiled.catalogue, programme)
        with tempfile.TemporaryDirectory(prefix="huice-verdicts-") as folder:
            target = Path(folder) / f"verdicts.{kind}"
            batches.verdicts(who, batch_id, target, programme, asked.get("status"))
            file = target.open("rb")  # read on when the folder is gone
        response = send_file(file, MEDIA[kind], as_attachment=True, download_name=name)
        response.headers["Cache-Control"] = "private, no-store"
        return response
