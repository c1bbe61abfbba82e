"""GET: a stored evaluation."""

import orjson
from flask import Response
from flask_smorest import Blueprint

from service.api import schemas
from service.api.http import JSON, accept, json_answer, no_query
from service.api.openapi import operation, route
from service.api.ports import Service
from service.domain.text import Text
from service.storage.receipts import Receipt


def receipts_blueprint(service: Service) -> Blueprint:
    """The receipts a service has given."""
    blueprint = Blueprint("receipts", __name__, description="回执 · What was answered, unchanged")

    @route(blueprint, "/receipts/<receipt_id>")
    @operation(
        "get_receipt",
        Text("读取回执", "Read a receipt"),
        Text(
            "当时的请求、政策库版本和回答，一字不改。知道编号的人都能读取，请妥善保管。",
            "The request, the catalogue version and the answer of that day, unchanged. Whoever"
            " knows the id may read it: keep it to yourself.",
        ),
        schemas.ReceiptSchema(),
        fails=(404, 406, 422),
    )
    def get_receipt(receipt_id: str) -> Response:
        no_query()
        accept(JSON)
        return json_answer(_receipt_json(service.receipt(receipt_id)))

    return blueprint


def _receipt_json(receipt: Receipt) -> dict[str, object]:
    """The stored bytes go out as they are."""
    return {
        "id": receipt.id,
        "created_at": receipt.created_at.isoformat(),
        "as_of": receipt.as_of.isoformat(),
        "catalogue_version": receipt.catalogue_version,
        "engine_version": receipt.engine_version,
        "digests": {"sha256": receipt.digests.sha256, "sm3": receipt.digests.sm3},
        "request": orjson.Fragment(receipt.profile),
        "result": orjson.Fragment(receipt.result),
    }
