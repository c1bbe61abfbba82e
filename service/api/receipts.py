"""A stored evaluation: shown, replayed, printed, deleted."""

from flask import Response
from flask_smorest import Blueprint

from service.api import schemas
from service.api.http import accept, json_answer, no_query, plain_request
from service.api.openapi import SECURED, operation, route
from service.api.ports import ApiContext
from service.api.principals import anybody, keyed, principal, trace
from service.api.problems import LANGUAGES, language
from service.api.queries import choice, read_query
from service.domain.principal import Scope
from service.domain.text import Text
from service.memo.page import POLICY, memo_page
from service.memo.pdf import memo_pdf

HTML, PDF = "text/html", "application/pdf"
_MEDIA = {"html": HTML, "pdf": PDF}
_MEMO = (
    choice(
        "lang", LANGUAGES, None, Text("语言，不填按 Accept-Language", "Language, else Accept's")
    ),
    choice("format", _MEDIA, "html", Text("格式", "Form")),
    choice(
        "detail",
        ("usual", "all"),
        "usual",
        Text(
            "all：尚不能判断的事项也逐条列出条件",
            "all: the undetermined programmes with every condition, too",
        ),
    ),
)


def receipts_blueprint(service: ApiContext) -> Blueprint:
    """The receipts a service has given."""
    blueprint = Blueprint("receipts", __name__, description="回执 · What was answered, unchanged")

    @route(blueprint, "/receipts/<receipt_id>")
    @operation(
        "get_receipt",
        Text("读取回执", "Read a receipt"),
        Text(
            "当时的请求、政策库版本和回答，一字不改。用密钥得到的回执只有同一租户能读取；"
            "没有密钥时得到的，知道编号的人都能读取，请妥善保管。",
            "The request, the catalogue version and the answer of that day, unchanged. What was"
            " answered to a key is its tenant's alone; what was answered without one may be read by"
            " whoever knows the id: keep it to yourself.",
        ),
        schemas.ReceiptSchema(),
        fails=(401, 404, 406, 422),
    )
    def get_receipt(receipt_id: str) -> Response:
        who = principal(service)
        plain_request()
        return json_answer(service.receipt_service.show(receipt_id, who))

    @route(blueprint, "/receipts/<receipt_id>", "DELETE")
    @operation(
        "delete_receipt",
        Text("删除回执", "Delete a receipt"),
        Text(
            "请求和回答从磁盘上清除，不能恢复。只能删除本租户的回执；没有密钥时得到的回执"
            "到期清除，或由运营者删除。",
            "Its request and answer are wiped from the disk and cannot be had back. A tenant"
            " deletes its own; what was answered without a key goes at the end of its retention, or"
            " by the operator.",
        ),
        None,
        fails=(401, 403, 404, 422, 429, 503),
        security=SECURED,
        empty=True,
    )
    def delete_receipt(receipt_id: str) -> Response:
        who = keyed(service, Scope.RECEIPTS_DELETE)
        no_query()
        service.receipt_service.delete(receipt_id, who, trace())
        return Response(status=204)

    @route(blueprint, "/receipts/<receipt_id>/replay", "POST")
    @operation(
        "replay_receipt",
        Text("复核回执", "Replay a receipt"),
        Text(
            "按当时的政策库重新评估，逐字节比对；再按现行政策库评估，列出差异。无需请求体。",
            "Evaluated again under the catalogue of its day and compared to the byte; then under"
            " the present one, with the difference. Takes no body.",
        ),
        schemas.ReplaySchema(),
        fails=(401, 404, 406, 409, 422, 429),
    )
    def replay_receipt(receipt_id: str) -> Response:
        who = anybody(service)
        plain_request()
        return json_answer(service.receipt_service.replay(receipt_id, who))

    @route(blueprint, "/receipts/<receipt_id>/memo")
    @operation(
        "receipt_memo",
        Text("备忘录", "Print the memo of a receipt"),
        Text(
            "当时回答的备忘录，供打印和归档：HTML，或由它生成的 PDF。"
            "服务器没有排版库或中文字体时不提供 PDF。",
            "The memo of that day's answer, to print and to file: HTML, or PDF made from it. No PDF"
            " where the server lacks the typesetting library or a Chinese font.",
        ),
        None,
        fails=(401, 404, 406, 409, 422, 429, 503),
        parameters=[p.document() for p in _MEMO],
        otherwise=[HTML, PDF],
    )
    def receipt_memo(receipt_id: str) -> Response:
        who = anybody(service)
        asked = read_query(_MEMO)
        tongue = asked.get("lang") or language()
        kind = _MEDIA[asked.get("format", "html")]
        accept(kind)
        memo = service.memos.of_receipt(receipt_id, who, whole=asked.get("detail") == "all")
        return _memo_response(memo_page(memo, tongue), kind, tongue)

    return blueprint


def _memo_response(page: str, kind: str, tongue: str) -> Response:
    if kind == PDF:
        response = Response(memo_pdf(page), mimetype=PDF)
        response.headers["Content-Disposition"] = 'inline; filename="memo.pdf"'
    else:
        response = Response(page, mimetype=HTML)
        response.headers["Content-Security-Policy"] = POLICY
    response.headers["Content-Language"] = tongue
    response.vary.add("Accept-Language")
    return response
