"""GET: the whole catalogue in one file, and what changed in it."""

import re
from datetime import date

from flask import Response, request
from flask_smorest import Blueprint

from service.api import schemas
from service.api.compression import held_packed
from service.api.http import accept, answer_by_digest
from service.api.openapi import new_blueprint, operation
from service.api.ports import ApiContext
from service.api.queries import (
    DAY_SCHEMA,
    InvalidParameter,
    QueryParameter,
    a_day,
    choice,
    read_query,
)
from service.domain.errors import ErrorCode
from service.domain.text import Text

JSON_LINES = "application/jsonl"
_VERSION = re.compile(r"sha256:[0-9a-f]{64}")
_VERSION_BEGINS = "sha256:"
_NO_VERSION = Text(
    "政策库版本应为 sha256: 加 64 位十六进制小写数字",
    "a catalogue version is sha256: and 64 hexadecimal digits in small letters",
)
_FORMAT = choice("format", ("jsonl",), "jsonl", Text("格式", "Form"))


def _read_since(text: str) -> str | date:
    """A catalogue version, or a day. What begins like a version is none of the other."""
    if _VERSION.fullmatch(text):
        return text
    if text.startswith(_VERSION_BEGINS):
        raise InvalidParameter(ErrorCode.INVALID_VALUE, _NO_VERSION)
    return a_day(text)


_SINCE = QueryParameter(
    "since",
    _read_since,
    {"anyOf": [{"type": "string", "pattern": f"^{_VERSION.pattern}$"},
               DAY_SCHEMA]},
    Text(
        "政策库版本，或日期；不填、或早于最早保存的版本，则为全部，答复中的 since 为 null",
        "A catalogue version, or a day; without it, or before the first version that is kept,"
        " everything is added and the answer's `since` is null",
    ),
)  # fmt: skip


def feed_blueprint(service: ApiContext) -> Blueprint:
    """The catalogue for machines."""
    blueprint = new_blueprint("feed", "目录同步 · The catalogue for machines")

    @operation(
        blueprint,
        "GET /catalogue/export",
        None,
        further_statuses=(304,),
        parameters=[_FORMAT.document()],
        further_media=[JSON_LINES],
    )
    def export_catalogue() -> Response:
        read_query((_FORMAT,))
        accept(JSON_LINES)
        version = service.compiled.catalogue.version
        known = request.if_none_match.contains_weak(version)
        if known:
            response = Response(status=304)
        else:
            response = held_packed(service.feed.packed_export(), JSON_LINES)
            response.headers["Content-Disposition"] = 'attachment; filename="programmes.jsonl"'
        response.set_etag(version, weak=response.content_encoding is not None)
        response.headers["Cache-Control"] = "no-cache"
        return response

    @operation(
        blueprint,
        "GET /catalogue/changes",
        schemas.CatalogueChangesSchema(),
        further_statuses=(304, 409),
        parameters=[_SINCE.document()],
    )
    def catalogue_changes() -> Response:
        accept("application/json")
        return answer_by_digest(service.feed.changes(read_query((_SINCE,)).get("since")))

    return blueprint
