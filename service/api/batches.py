"""With a key: tables of companies answered in the background."""

import hashlib
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from flask import Response, request, send_file, stream_with_context
from flask_smorest import Blueprint
from werkzeug.exceptions import UnsupportedMediaType

from service.api import schemas
from service.api.http import accept, json_answer, no_query
from service.api.idempotency import PARAMETER as IDEMPOTENT
from service.api.idempotency import answer_once
from service.api.media import MEDIA, XLSX
from service.api.openapi import SECURED, Body, new_blueprint, operation
from service.api.ports import ApiContext
from service.api.principals import keyed, trace
from service.api.problems import language
from service.api.queries import QueryParameter, a_day, choice, plain_text, read_query
from service.api.tenant_routes import TenantRoutes
from service.domain.errors import ErrorCode, InvalidInput, NotFound, Problem, Refused
from service.domain.facts.vocabulary import Vocabulary
from service.domain.principal import Principal, Scope
from service.domain.text import SPOKEN, Text
from service.intake.batch_choices import request_from
from service.rendering.json_parts import Json
from service.usecases.portfolio.batch_source import refused_ending
from service.usecases.portfolio.template import csv_template, xlsx_template
from service.usecases.tenancy.batches import FORMATS, SUFFIXES, BatchRequest, file_stem

CHOSEN = "BatchChoices"
_RAW = {kind: f".{name}" for name, kind in MEDIA.items()} | {"application/x-ndjson": ".jsonl"}
_FORM = "multipart/form-data"
_EVENTS = "text/event-stream"
_STREAM_SECONDS, _LOOKED_EVERY = 25.0, 0.5
# Each stream holds a thread while it lasts.
_streams = threading.BoundedSemaphore(2)
_LONGEST_CHOICE = 500
_LANG = choice(
    "lang", SPOKEN, None, Text("语言，不填按 Accept-Language", "Language, else Accept's")
)


def _choice_of_table(name: str, least: int, words: Text) -> QueryParameter:
    """What a sender says of the table, as often as it has something to say."""
    schema = {"type": "string", "minLength": least, "maxLength": _LONGEST_CHOICE}
    return QueryParameter(name, plain_text(_LONGEST_CHOICE), schema, words, repeated=True)


_ASKED = (
    QueryParameter(
        "as_of",
        a_day,
        {"type": "string", "format": "date"},
        Text("评估日，不填为今天", "The day to judge by; today unless given"),
    ),
    QueryParameter(
        "name",
        plain_text(200),
        {"type": "string", "minLength": 1, "maxLength": 200},
        Text("批次名称", "What the batch is called"),
    ),
    choice(
        "hold",
        ("yes", "no"),
        "no",
        Text("yes：先看理解结果，再用 start 开始", "yes: wait until `start`, once it is looked at"),
    ),
    choice(
        "verdicts",
        ("yes", "no"),
        "no",
        Text(
            "yes：另写出每家企业的全部逐项判断，较慢",
            "yes: write every verdict of every company too, which takes longer",
        ),
    ),
    _LANG,
    _choice_of_table(
        "set",
        3,
        Text(
            "对全表声明：事实=值，用于没有填写的行",
            "FACT=VALUE, for every row that does not state it",
        ),
    ),
    _choice_of_table(
        "unknown",
        1,
        Text(
            "按未知处理：事实=词，或事实（凡读不懂的）",
            "FACT=WORD to take as unknown, or FACT for whatever cannot be read of it",
        ),
    ),
    _choice_of_table(
        "column",
        2,
        Text(
            "列=事实：把这一列（字母或表头）作为这个事实；列= 表示不采用",
            "COLUMN=FACT: take this column, by letters or header, as a fact; COLUMN= leaves it out",
        ),
    ),
    _choice_of_table(
        "read",
        5,
        Text("事实=词=值：把这个词读作这个值", "FACT=WORD=VALUE: read this word as the value"),
    ),
    QueryParameter(
        "within",
        plain_text(100),
        {"type": "string", "minLength": 1, "maxLength": 100},
        Text("重名的地名在此范围内找", "The place in which places of the same name are looked for"),
    ),
)
_ONE = "/batches/<string(length=24):batch_id>"
_FORMAT = Text("格式", "Form")
_ONE_FILE = Text("应有一个名为 file 的文件", "must hold one file, named file")


def batches_blueprint(service: ApiContext) -> Blueprint:
    """The batches of the tenant that asks."""
    blueprint = new_blueprint("batches", "批次 · Many companies at once")
    batches = service.batch_service

    _add_template(blueprint, service)
    routes = TenantRoutes(blueprint, service, Scope.BATCHES)
    batch = schemas.BatchSchema()
    readers = Scope.BATCHES_READ
    routes.read("/batches", "list_batches", schemas.BatchListSchema(), batches.list, readers)

    _add_upload(blueprint, service)
    routes.act(f"{_ONE}/start", "start_batch", batch, batches.start)
    sent = Body(CHOSEN, _example_choices(service.compiled.catalogue.vocabulary))
    routes.act(f"{_ONE}/choices", "change_batch_choices", batch, batches.choose_as_sent, sent=sent)
    routes.act(f"{_ONE}/cancel", "cancel_batch", batch, batches.cancel)
    routes.read(_ONE, "get_batch", batch, batches.get, readers)
    return blueprint


def _example_choices(vocabulary: Vocabulary) -> Json:
    """A column that is a fact, one that is left out, and a word read as a code of that fact."""
    coded = ((fact, vocabulary.codes_of(fact)) for fact in vocabulary.facts.values())
    fact, codes = next((fact, codes) for fact, codes in coded if codes is not None)
    code, entry = next(iter(codes.codes.items()))
    return {
        "column": [f"C={fact.id}", "D="],
        "read": [f"{fact.id}={entry.label.en}={code}"],
    }


def _add_template(blueprint: Blueprint, service: ApiContext) -> None:
    """The empty table to fill in, for anybody."""
    form = choice("format", ("xlsx", "csv"), "xlsx", _FORMAT)

    @operation(
        blueprint,
        "GET /batches/template",
        None,
        parameters=[p.document() for p in (form, _LANG)],
        otherwise=[XLSX, "text/csv"],
    )
    def batch_template() -> Response:
        asked = read_query((form, _LANG))
        kind = asked.get("format", "xlsx")
        accept(MEDIA[kind])
        maker = xlsx_template if kind == "xlsx" else csv_template
        content = maker(service.compiled.catalogue.vocabulary, asked.get("lang") or language())
        response = Response(content, content_type=MEDIA[kind])
        response.headers["Content-Disposition"] = f'attachment; filename="companies.{kind}"'
        return response


def _add_upload(blueprint: Blueprint, service: ApiContext) -> None:
    """A table that is sent becomes a batch, once however often it is sent under one key."""

    @operation(
        blueprint,
        "POST /batches",
        schemas.BatchSchema(),
        also=(409,),
        parameters=[*(p.document() for p in _ASKED), IDEMPOTENT],
        security=SECURED,
        created=True,
        headers=["Location"],
        uploads={
            _FORM: {
                "type": "object",
                "properties": {"file": {"type": "string", "format": "binary"}},
                "required": ["file"],
            },
            **{kind: {"type": "string", "format": "binary"} for kind in _RAW},
        },
    )
    def create_batch() -> Response:
        request.max_content_length = service.settings.max_upload  # a signature covers the table
        who = keyed(service, Scope.BATCHES)
        accept("application/json")
        asked = read_query(_ASKED)
        content, suffix, name = _read_table()
        wanted = BatchRequest(
            name=asked.get("name", name),
            suffix=suffix,
            as_of=asked.get("as_of"),
            language=asked.get("lang") or language(),
            hold=asked.get("hold") == "yes",
            choices=request_from(asked),
            verdicts=asked.get("verdicts") == "yes",
        )
        digest = hashlib.sha256(content).digest()
        return answer_once(
            service, who, lambda: _create_batch(service, who, content, wanted), lambda: digest
        )


def batch_results_blueprint(service: ApiContext) -> Blueprint:
    """What comes out of a batch, and its end."""
    blueprint = new_blueprint("batch_results", "批次结果 · What batches give")
    batches = service.batch_service
    _add_events(blueprint, service)
    _add_faults(blueprint, service)
    _add_answers(blueprint, service)
    TenantRoutes(blueprint, service, Scope.BATCHES).delete(_ONE, "delete_batch", batches.delete)
    return blueprint


def _add_events(blueprint: Blueprint, service: ApiContext) -> None:
    """How far a batch is, pushed while somebody listens."""
    batches = service.batch_service

    @operation(
        blueprint, f"GET {_ONE}/events", None, also=(503,), otherwise=[_EVENTS], security=SECURED
    )
    def batch_events(batch_id: str) -> Response:
        who = keyed(service, Scope.BATCHES_READ)
        no_query()
        accept(_EVENTS)
        batches.get(who, batch_id)
        if not _streams.acquire(blocking=False):
            raise Refused(Text("同时推送的太多", "too many streams at once"), ErrorCode.BUSY)
        events = _progress_events(lambda: batches.get(who, batch_id))
        response = Response(stream_with_context(events), content_type=_EVENTS)
        response.call_on_close(_streams.release)
        return response


def _add_faults(blueprint: Blueprint, service: ApiContext) -> None:
    """What is wrong in its table, as a list or as a workbook."""
    batches, form = service.batch_service, choice("format", ("json", "xlsx"), "json", _FORMAT)

    @operation(
        blueprint,
        f"GET {_ONE}/faults",
        schemas.BatchFaultsSchema(),
        also=(409,),
        parameters=[form.document()],
        otherwise=[XLSX],
        security=SECURED,
    )
    def batch_faults(batch_id: str) -> Response:
        who = keyed(service, Scope.BATCHES_READ)
        if read_query((form,)).get("format", "json") == "json":
            accept("application/json")
            return json_answer(batches.list_faults(who, batch_id))
        accept(XLSX)
        stem = file_stem(batches.get(who, batch_id))
        return _send_file(batches.faults_workbook(who, batch_id), "xlsx", f"{stem}-faults")


def _add_answers(blueprint: Blueprint, service: ApiContext) -> None:
    """Its answers as a file."""
    batches, form = service.batch_service, choice("format", FORMATS, "xlsx", _FORMAT)

    @operation(
        blueprint,
        f"GET {_ONE}/result",
        None,
        also=(409,),
        parameters=[form.document()],
        otherwise=[*MEDIA.values()],
        security=SECURED,
    )
    def batch_result(batch_id: str) -> Response:
        who = keyed(service, Scope.BATCHES_READ)
        kind = read_query((form,)).get("format", "xlsx")
        accept(MEDIA[kind])
        stem = file_stem(batches.get(who, batch_id))
        return _send_file(batches.result(who, batch_id, kind), kind, f"{stem}-answers")


def _create_batch(
    service: ApiContext, who: Principal, content: bytes, asked: BatchRequest
) -> Response:
    with tempfile.TemporaryDirectory(prefix="huice-upload-") as folder:
        table = Path(folder) / f"table{asked.suffix}"
        table.write_bytes(content)
        made = service.batch_service.create(who, table, asked, trace())
    response = json_answer(made)
    response.status_code = 201
    response.headers["Location"] = f"/api/v1/batches/{made['id']}"
    return response


def _read_table() -> tuple[bytes, str, str]:
    """The table that was sent, how its name ends, and its name. Raises InvalidInput, HTTP's 413 and
    415."""
    if request.mimetype in _RAW:
        return request.get_data(), _RAW[request.mimetype], "batch"
    if request.mimetype != _FORM:
        raise UnsupportedMediaType(", ".join((_FORM, *_RAW)))
    files = list(request.files.items(multi=True))
    if len(files) != 1 or files[0][0] != "file" or request.form:
        raise InvalidInput((Problem("/file", ErrorCode.REQUIRED, _ONE_FILE),))
    file = files[0][1]
    name = (file.filename or "")[-200:]
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise InvalidInput((Problem("/file", ErrorCode.UNSUPPORTED_TYPE, refused_ending(name)),))
    return file.read(), suffix, name


def _progress_events(look: Any) -> Iterator[str]:
    """An event at each change, until the batch has ended or is deleted, or the stream is long
    enough."""
    until, told = time.monotonic() + _STREAM_SECONDS, b""
    yield "retry: 1000\n\n"
    while time.monotonic() < until:
        try:
            found: Json = {k: v for k, v in look().items() if k != "understood"}
        except NotFound:
            return
        data = orjson.dumps(found)
        if data != told:
            told = data
            yield f"event: progress\ndata: {data.decode()}\n\n"
        if found["state"] in ("done", "failed", "cancelled"):
            return
        time.sleep(_LOOKED_EVERY)


def _send_file(path: Path, kind: str, name: str) -> Response:
    response = send_file(path, MEDIA[kind], as_attachment=True, download_name=f"{name}.{kind}")
    response.headers["Cache-Control"] = "private, no-store"
    return response
