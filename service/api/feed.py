"""GET: the whole catalogue in one file, and what changed in it."""

import re
from datetime import date

from flask import Response, request
from flask_smorest import Blueprint

from service.api import schemas
from service.api.http import accept, json_answer
from service.api.openapi import new_blueprint, operation
from service.api.ports import ApiContext
from service.api.queries import Parameter, a_day, choice, plain_text, read_query
from service.domain.text import Text

JSON_LINES = "application/jsonl"
_VERSION = re.compile(r"sha256:[0-9a-f]{64}")
_FORMAT = choice("format", ("jsonl",), "jsonl", Text("格式", "Form"))


def _read_since(text: str) -> str | date:
    """A catalogue version, or a day."""
    return plain_text(80)(text) if _VERSION.fullmatch(text) else a_day(text)


_SINCE = Parameter(
    "since",
    _read_since,
    {"anyOf": [{"type": "string", "pattern": f"^{_VERSION.pattern}$"},
               {"type": "string", "format": "date"}]},
    Text("政策库版本，或日期；不填为全部", "A catalogue version, or a day; else everything"),
)  # fmt: skip


def feed_blueprint(service: ApiContext) -> Blueprint:
    """The catalogue for machines."""
    blueprint = new_blueprint("feed", "目录同步 · The catalogue for machines")

    @operation(
        blueprint,
        "GET /catalogue/export",
        None,
        also=(304,),
        parameters=[_FORMAT.document()],
        otherwise=[JSON_LINES],
    )
    def export_catalogue() -> Response:
        read_query((_FORMAT,))
        accept(JSON_LINES)
        version = service.compiled.catalogue.version
        known = request.if_none_match.contains_weak(version)
        if known:
            response = Response(status=304)
        else:
            response = Response(b"".join(service.feed.export()), content_type=JSON_LINES)
            response.headers["Content-Disposition"] = 'attachment; filename="programmes.jsonl"'
        response.set_etag(version)
        response.headers["Cache-Control"] = "no-cache"
        return response

    @operation(
        blueprint,
        "GET /catalogue/changes",
        schemas.CatalogueChangesSchema(),
        also=(409,),
        parameters=[_SINCE.document()],
    )
    def catalogue_changes() -> Response:
        accept("application/json")
        return json_answer(service.feed.changes(read_query((_SINCE,)).get("since")))

    return blueprint
