"""Receipts: a stored evaluation shown, replayed, printed, deleted."""

from flask import Response
from flask_smorest import Blueprint

from service.api import schemas
from service.api.compression import compress_response
from service.api.http import accept, empty_answer, json_answer, no_query, plain_request
from service.api.media import PDF
from service.api.openapi import SECURED, new_blueprint, operation
from service.api.ports import ApiContext
from service.api.principals import any_principal, request_trace, require_scope
from service.api.problems import language
from service.api.queries import LANGUAGE, choice, read_query
from service.domain.principal import Scope
from service.domain.text import Text
from service.memo.page import POLICY, memo_page
from service.memo.pdf import memo_pdf

HTML = "text/html"
_MEDIA = {"html": HTML, "pdf": PDF}
_MEMO = (
    LANGUAGE,
    choice("format", _MEDIA, "html", Text("格式", "Form")),
    choice(
        "detail",
        ("usual", "all"),
        "usual",
        Text(
            "all：尚未有结论的事项也逐条列出条件",
            "all: the undetermined programmes with every condition, too",
        ),
    ),
)


def receipts_blueprint(service: ApiContext) -> Blueprint:
    """The receipts a service has given."""
    blueprint = new_blueprint("receipts", "回执 · What was answered, unchanged")

    @operation(
        blueprint,
        "GET /receipts/<receipt_id>",
        schemas.ReceiptSchema(),
        further_statuses=(401, 409, 429),
    )
    def get_receipt(receipt_id: str) -> Response:
        who = any_principal(service)
        plain_request()
        return json_answer(service.receipts.show(receipt_id, who))

    @operation(
        blueprint,
        "DELETE /receipts/<receipt_id>",
        None,
        further_statuses=(503,),
        security=SECURED,
        empty=True,
    )
    def delete_receipt(receipt_id: str) -> Response:
        who = require_scope(service, Scope.RECEIPTS_DELETE)
        no_query()
        service.receipts.delete(receipt_id, who, request_trace())
        return empty_answer()

    @operation(
        blueprint,
        "POST /receipts/<receipt_id>/replay",
        schemas.ReplaySchema(),
        further_statuses=(401, 409, 429),
    )
    def replay_receipt(receipt_id: str) -> Response:
        who = any_principal(service)
        plain_request()
        return json_answer(service.receipts.replay(receipt_id, who))

    _add_memo(blueprint, service)
    return blueprint


def _add_memo(blueprint: Blueprint, service: ApiContext) -> None:
    @operation(
        blueprint,
        "GET /receipts/<receipt_id>/memo",
        None,
        further_statuses=(401, 409, 429, 503),
        parameters=[p.document() for p in _MEMO],
        further_media=[HTML, PDF],
    )
    def receipt_memo(receipt_id: str) -> Response:
        who = any_principal(service)
        asked = read_query(_MEMO)
        tongue = asked.get("lang") or language()
        kind = _MEDIA[asked.get("format", "html")]
        accept(kind)
        memo = service.memos.of_receipt(receipt_id, who, whole=asked.get("detail") == "all")
        return _memo_response(memo_page(memo, tongue), kind, tongue)


def _memo_response(page: str, kind: str, tongue: str) -> Response:
    if kind == PDF:
        response = Response(memo_pdf(page), mimetype=PDF)
        response.headers["Content-Disposition"] = 'inline; filename="memo.pdf"'
    else:
        response = compress_response(Response(page, mimetype=HTML))
        response.headers["Content-Security-Policy"] = POLICY
    response.headers["Content-Language"] = tongue
    response.vary.add("Accept-Language")
    return response
