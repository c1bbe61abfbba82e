"""With a key: how far a batch is, its faults, its answers, and its end."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from flask import Response, send_file, stream_with_context
from flask_smorest import Blueprint

from service.api import schemas
from service.api.batches import FORM_OF_FILE, ONE_BATCH
from service.api.http import accept, json_answer, no_query
from service.api.media import MEDIA, XLSX
from service.api.openapi import SECURED, new_blueprint, operation
from service.api.ports import ApiContext
from service.api.principals import require_scope
from service.api.queries import choice, read_query
from service.api.tenant_routes import TenantRoutes
from service.domain.errors import ErrorCode, NotFound, Refused
from service.domain.principal import Scope
from service.domain.text import Text
from service.rendering.json_parts import Json
from service.usecases.tenancy.batches import FORMATS, file_stem

_EVENTS = "text/event-stream"
_STREAM_SECONDS, _LOOKED_EVERY = 25.0, 0.5
# Each stream holds a thread while it lasts.
_streams = threading.BoundedSemaphore(2)


def batch_results_blueprint(service: ApiContext) -> Blueprint:
    """What comes out of a batch, and its end."""
    blueprint = new_blueprint("batch_results", "批次结果 · What batches give")
    batches = service.batches
    _add_events(blueprint, service)
    _add_faults(blueprint, service)
    _add_answers(blueprint, service)
    TenantRoutes(blueprint, service, Scope.BATCHES).delete(
        ONE_BATCH, "delete_batch", batches.delete
    )
    return blueprint


def _add_events(blueprint: Blueprint, service: ApiContext) -> None:
    """How far a batch is, pushed while somebody listens."""
    batches = service.batches

    @operation(
        blueprint,
        f"GET {ONE_BATCH}/events",
        None,
        further_statuses=(503,),
        further_media=[_EVENTS],
        security=SECURED,
    )
    def batch_events(batch_id: str) -> Response:
        who = require_scope(service, Scope.BATCHES_READ)
        no_query()
        accept(_EVENTS)
        batches.get(who, batch_id)
        if not _streams.acquire(blocking=False):
            raise Refused(Text("同时推送的太多", "too many streams at once"), ErrorCode.BUSY)
        events = _progress_events(lambda: batches.get(who, batch_id))
        response = Response(stream_with_context(events), mimetype=_EVENTS)
        response.call_on_close(_streams.release)
        return response


def _add_faults(blueprint: Blueprint, service: ApiContext) -> None:
    """What is wrong in its table, as a list or as a workbook."""
    batches, form = service.batches, choice("format", ("json", "xlsx"), "json", FORM_OF_FILE)

    @operation(
        blueprint,
        f"GET {ONE_BATCH}/faults",
        schemas.BatchFaultsSchema(),
        further_statuses=(409,),
        parameters=[form.document()],
        further_media=[XLSX],
        security=SECURED,
    )
    def batch_faults(batch_id: str) -> Response:
        who = require_scope(service, Scope.BATCHES_READ)
        if read_query((form,)).get("format", "json") == "json":
            accept("application/json")
            return json_answer(batches.list_faults(who, batch_id))
        accept(XLSX)
        stem = file_stem(batches.get(who, batch_id))
        return _send_file(batches.faults_workbook(who, batch_id), "xlsx", f"{stem}-faults")


def _add_answers(blueprint: Blueprint, service: ApiContext) -> None:
    """Its answers as a file."""
    batches, form = service.batches, choice("format", FORMATS, "xlsx", FORM_OF_FILE)

    @operation(
        blueprint,
        f"GET {ONE_BATCH}/result",
        None,
        further_statuses=(409,),
        parameters=[form.document()],
        further_media=[*MEDIA.values()],
        security=SECURED,
    )
    def batch_result(batch_id: str) -> Response:
        who = require_scope(service, Scope.BATCHES_READ)
        kind = read_query((form,)).get("format", "xlsx")
        accept(MEDIA[kind])
        stem = file_stem(batches.get(who, batch_id))
        return _send_file(batches.result(who, batch_id, kind), kind, f"{stem}-answers")


def _progress_events(look: Any) -> Iterator[str]:
    """An event at each change, until the batch has ended or is deleted, or the stream is long
    enough."""
    until, sent = time.monotonic() + _STREAM_SECONDS, b""
    yield "retry: 1000\n\n"
    while time.monotonic() < until:
        try:
            progress: Json = {k: v for k, v in look().items() if k != "understood"}
        except NotFound:
            return
        data = orjson.dumps(progress)
        # A comment where nothing is new: only what is written shows that the client has gone.
        yield f"event: progress\ndata: {data.decode()}\n\n" if data != sent else ":\n\n"
        sent = data
        if progress["state"] in ("done", "failed", "cancelled"):
            return
        time.sleep(_LOOKED_EVERY)


def _send_file(path: Path, kind: str, name: str) -> Response:
    response = send_file(path, MEDIA[kind], as_attachment=True, download_name=f"{name}.{kind}")
    response.headers["Cache-Control"] = "private, no-store"
    return response
