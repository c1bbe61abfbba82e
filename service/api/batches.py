"""With a key: tables of companies answered in the background."""

import hashlib
import tempfile
from pathlib import Path

import orjson
from flask import Response, request
from flask_smorest import Blueprint
from werkzeug.exceptions import UnsupportedMediaType

from service.api import schemas
from service.api.http import accept
from service.api.idempotency import PARAMETER as IDEMPOTENT
from service.api.idempotency import StoringCall, answer_once
from service.api.media import MEDIA, XLSX
from service.api.openapi import SECURED, Body, new_blueprint, operation
from service.api.ports import ApiContext
from service.api.principals import request_trace, require_scope
from service.api.problems import language
from service.api.queries import (
    DAY_SCHEMA,
    LANGUAGE,
    QueryParameter,
    a_day,
    choice,
    plain_text,
    read_query,
)
from service.api.tenant_routes import TenantRoutes
from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.facts.vocabulary import Vocabulary
from service.domain.principal import Principal, Scope
from service.domain.text import Text
from service.intake.batch_choices import request_from
from service.rendering.json_parts import Json
from service.usecases.portfolio.table_endings import SUFFIXES, refused_ending
from service.usecases.portfolio.template import csv_template, xlsx_template
from service.usecases.tenancy.batches import BatchRequest

CHOSEN = "BatchChoices"
_RAW = {kind: f".{name}" for name, kind in MEDIA.items()} | {"application/x-ndjson": ".jsonl"}
_FORM = "multipart/form-data"
_LONGEST_CHOICE = 500


def _choice_of_table(name: str, least: int, words: Text) -> QueryParameter:
    """What a sender says of the table, as often as it has something to say."""
    schema = {"type": "string", "minLength": least, "maxLength": _LONGEST_CHOICE}
    return QueryParameter(name, plain_text(_LONGEST_CHOICE), schema, words, repeated=True)


_ASKED = (
    QueryParameter(
        "as_of",
        a_day,
        DAY_SCHEMA,
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
    LANGUAGE,
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
ONE_BATCH = "/batches/<string(length=24):batch_id>"
FORM_OF_FILE = Text("格式", "Form")
_ONE_FILE = Text("应有一个名为 file 的文件", "must hold one file, named file")


def batches_blueprint(service: ApiContext) -> Blueprint:
    """The batches of the tenant that asks."""
    blueprint = new_blueprint("batches", "批次 · Many companies at once")
    batches = service.batches

    _add_template(blueprint, service)
    routes = TenantRoutes(blueprint, service, Scope.BATCHES)
    batch = schemas.BatchSchema()
    readers = Scope.BATCHES_READ
    routes.read("/batches", "list_batches", schemas.BatchListSchema(), batches.list, readers)

    _add_upload(blueprint, service)
    again = batches.get
    routes.act(f"{ONE_BATCH}/start", "start_batch", batch, batches.start, again=again)
    sent = Body(CHOSEN, _example_choices(service.compiled.catalogue.vocabulary))
    routes.act(
        f"{ONE_BATCH}/choices",
        "change_batch_choices",
        batch,
        batches.choose_as_sent,
        sent=sent,
        again=again,
    )
    routes.act(f"{ONE_BATCH}/cancel", "cancel_batch", batch, batches.cancel, again=again)
    routes.read(ONE_BATCH, "get_batch", batch, batches.get, readers)
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
    form = choice("format", ("xlsx", "csv"), "xlsx", FORM_OF_FILE)

    @operation(
        blueprint,
        "GET /batches/template",
        None,
        parameters=[p.document() for p in (form, LANGUAGE)],
        further_media=[XLSX, "text/csv"],
    )
    def batch_template() -> Response:
        asked = read_query((form, LANGUAGE))
        kind = asked.get("format", "xlsx")
        accept(MEDIA[kind])
        maker = xlsx_template if kind == "xlsx" else csv_template
        content = maker(service.compiled.catalogue.vocabulary, asked.get("lang") or language())
        response = Response(content, mimetype=MEDIA[kind])
        response.headers["Content-Disposition"] = f'attachment; filename="companies.{kind}"'
        return response


def _add_upload(blueprint: Blueprint, service: ApiContext) -> None:
    """A table that is sent becomes a batch, once however often it is sent under one key."""

    @operation(
        blueprint,
        "POST /batches",
        schemas.BatchSchema(),
        further_statuses=(404, 409),
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
        request.max_content_length = service.limits.max_upload  # a signature covers the table
        who = require_scope(service, Scope.BATCHES)
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
        call = StoringCall(
            lambda: _create_batch(service, who, content, wanted),
            lambda batch_id: orjson.dumps(service.batches.get(who, batch_id)),
            status=201,
            below="/api/v1/batches",
        )
        return answer_once(service, who, call, lambda: digest)


def _create_batch(
    service: ApiContext, who: Principal, content: bytes, asked: BatchRequest
) -> bytes:
    with tempfile.TemporaryDirectory(prefix="huice-upload-") as folder:
        table = Path(folder) / f"table{asked.suffix}"
        table.write_bytes(content)
        return orjson.dumps(service.batches.create(who, table, asked, request_trace()))


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
