"""Problem documents (RFC 9457): one shape for every error, whoever raised it."""

import sys
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import structlog
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from service.api.http import ENVELOPE, wants_envelope
from service.api.middleware import IDENTITY
from service.domain.errors import (
    RETRY_AFTER_SECONDS,
    ErrorCode,
    HuiceError,
    InvalidInput,
    Malformed,
    NotFound,
    Problem,
    Refused,
)
from service.domain.text import Text, did_you_mean, language_asked

TYPE = "application/problem+json"
# Where each code is explained; a relative reference, since a service knows no name of its own.
EXPLAINED_AT = "/api/v1/docs#problem-"

TITLES = {
    ErrorCode.MALFORMED_JSON: Text("请求不是有效的 JSON", "The request is not valid JSON"),
    ErrorCode.DUPLICATE_KEY: Text("请求中有重复的键", "A key of the request is repeated"),
    ErrorCode.TOO_DEEP: Text("请求嵌套过深", "The request is nested too deeply"),
    ErrorCode.INVALID_CHARACTER: Text(
        "请求含有不允许的字符", "The request holds a character that is not allowed"
    ),
    ErrorCode.INVALID_PROFILE: Text("企业档案有误", "The profile is not acceptable"),
    ErrorCode.INVALID_REQUEST: Text("请求内容有误", "The request is not acceptable"),
    ErrorCode.INVALID_VALUE: Text("请求含有无效的值", "The request holds an invalid value"),
    ErrorCode.OUT_OF_RANGE: Text("请求含有超出范围的值", "The request holds a value out of range"),
    ErrorCode.INVALID_QUERY: Text("查询参数有误", "The query parameters are not acceptable"),
    ErrorCode.INVALID_CURSOR: Text("分页游标无效", "The cursor is not valid"),
    ErrorCode.NOT_FOUND: Text("没有找到", "Not found"),
    ErrorCode.METHOD_NOT_ALLOWED: Text("不支持这种请求方法", "The method is not allowed here"),
    ErrorCode.NOT_ACCEPTABLE: Text("无法按要求的格式回答", "No answer in the form asked for"),
    ErrorCode.TOO_LARGE: Text("请求过大", "The request is too large"),
    ErrorCode.UNSUPPORTED_TYPE: Text("不支持这种内容类型", "The content type is not supported"),
    ErrorCode.BAD_REQUEST: Text("请求有误", "Bad request"),
    ErrorCode.CONFLICT: Text("目前做不到", "Not possible as things are"),
    ErrorCode.BROKEN_CATALOGUE: Text("规则无法读取", "The rules cannot be read"),
    ErrorCode.UNAUTHENTICATED: Text("需要有效的密钥", "A live key is needed"),
    ErrorCode.FORBIDDEN: Text("没有权限", "Not allowed"),
    ErrorCode.PRECONDITION_FAILED: Text("与请求的前提不符", "Not as the request supposes"),
    ErrorCode.IDEMPOTENCY_MISMATCH: Text(
        "Idempotency-Key 已用于别的请求", "The Idempotency-Key was used for another request"
    ),
    ErrorCode.IDEMPOTENCY_CONFLICT: Text("同一请求正在处理", "The same request is being answered"),
    ErrorCode.QUOTA_EXCEEDED: Text("已达数量上限", "The quota is used up"),
    ErrorCode.RATE_LIMITED: Text("请求过于频繁", "Too many requests"),
    ErrorCode.BUSY: Text("服务繁忙", "The service is busy"),
    ErrorCode.STORAGE_UNAVAILABLE: Text("数据库暂时不可用", "The database cannot be used"),
    ErrorCode.STORAGE_FULL: Text("存储空间已满", "There is no room left to store anything"),
    ErrorCode.MIGRATING: Text("数据库正在升级", "The database is being brought up to date"),
    ErrorCode.DATABASE_NEWER: Text(
        "数据库属于更新的版本", "The database is of a newer version than the program"
    ),
    ErrorCode.INTERNAL: Text("服务内部错误", "Internal error"),
}
_DEFAULT_TITLE = Text("请求有误", "The request is not acceptable")

_BY_STATUS = {
    404: ErrorCode.NOT_FOUND,
    405: ErrorCode.METHOD_NOT_ALLOWED,
    406: ErrorCode.NOT_ACCEPTABLE,
    413: ErrorCode.TOO_LARGE,
    415: ErrorCode.UNSUPPORTED_TYPE,
    422: ErrorCode.INVALID_REQUEST,
    503: ErrorCode.BUSY,
}
_DETAILS = {
    404: Text("这个地址没有资源。", "There is no resource at this address."),
    405: Text("请使用 Allow 列出的方法。", "Use a method that Allow lists."),
    406: Text(
        "这里只提供 {offered}，请调整 Accept。", "Only {offered} is given here: change Accept."
    ),
    413: Text("请求体超过 {limit} 字节。", "The body is larger than {limit} bytes."),
    415: Text(
        "请求体应为 {offered}（文字用 UTF-8，不压缩）。",
        "The body must be {offered} (text in UTF-8, not compressed).",
    ),
}
_BODY_AT_FAULT = {413, 415}
# What of a request's keys is a profile's.
_OF_PROFILE = frozenset(["profile", "profiles", "company", "projects"])
# Of an application: the language of whoever asks for none.
LANGUAGE = "LANGUAGE"
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="huice"'}
_REFUSALS = {
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.NOT_ACCEPTABLE: 406,
    ErrorCode.PRECONDITION_FAILED: 412,
    ErrorCode.IDEMPOTENCY_MISMATCH: 422,
    ErrorCode.RATE_LIMITED: 429,
}
_log = structlog.get_logger("huice.error")


@dataclass(frozen=True, slots=True)
class ProblemAnswer:
    """A problem before it is worded in one language."""

    status: int
    code: ErrorCode
    detail: Text
    problems: tuple[Problem, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def language() -> str:
    """The language that a request asks for, or else that of the catalogue."""
    return language_asked(request.accept_languages) or str(current_app.config[LANGUAGE])


def problem_response(answer: ProblemAnswer) -> Response:
    """The problem document, worded in the language asked for."""
    tongue = language()
    body = {
        "type": f"{EXPLAINED_AT}{answer.code.value}",
        "title": TITLES.get(answer.code, _DEFAULT_TITLE).in_language(tongue),
        "status": answer.status,
        "detail": answer.detail.in_language(tongue),
        "code": answer.code.value,
        "errors": [
            {
                "pointer": problem.pointer,
                "code": problem.code.value,
                "message": problem.message.in_language(tongue),
            }
            for problem in answer.problems
        ],
    }
    kind = TYPE
    if wants_envelope():
        kind, body = ENVELOPE, {"code": body["code"], "msg": body["detail"], "data": body}
    response = Response(orjson.dumps(body), answer.status, content_type=kind)
    response.headers.update(answer.headers)
    response.headers["Content-Language"] = tongue
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept-Language")
    return response


def answer_for(error: HuiceError) -> ProblemAnswer:
    """What a client is told of one of our own exceptions; of a fault on our side, nothing."""
    match error:
        case Malformed(problems=problems, code=code):
            return ProblemAnswer(400, code, _fault_count(problems), problems)
        case InvalidInput(problems=problems, code=code):
            return ProblemAnswer(
                422, _code_of_all(code, problems), _fault_count(problems), problems
            )
        case NotFound():
            return _not_found_problem(error)
        case Refused(code=ErrorCode.BUSY):
            return ProblemAnswer(503, error.code, error.reason, headers=retry_headers(error.code))
        case HuiceError(code=ErrorCode.STORAGE_FULL | ErrorCode.STORAGE_UNAVAILABLE):
            return _storage_problem(error)
        case Refused(code=ErrorCode.UNAUTHENTICATED):
            return ProblemAnswer(401, error.code, error.reason, headers=_CHALLENGE)
        case Refused() if error.code in _REFUSALS:
            return ProblemAnswer(_REFUSALS[error.code], error.code, error.reason)
        case Refused():
            return ProblemAnswer(409, error.code, error.reason)
        case _:
            return _internal_problem(error)


def _code_of_all(code: ErrorCode, problems: Iterable[Problem]) -> ErrorCode:
    """The code of a request that is wrong: `invalid_profile` where a profile is, and elsewhere
    `invalid_request`, for whoever may correct it is another."""
    if code is ErrorCode.INVALID_PROFILE and not any(_is_of_profile(p) for p in problems):
        return ErrorCode.INVALID_REQUEST
    return code


def _is_of_profile(problem: Problem) -> bool:
    return bool(_OF_PROFILE.intersection(problem.pointer.split("/")))


def _storage_problem(error: HuiceError) -> ProblemAnswer:
    """The operator finds the cause in the log; a client learns that nothing was stored."""
    cause = type(error.__cause__ or error.__context__).__qualname__
    _log.error("storage_fault", code=error.code.value, cause=cause)
    status = 507 if error.code is ErrorCode.STORAGE_FULL else 503
    detail = Text("没有保存任何内容，请稍后再试。", "Nothing was stored; try again in a moment.")
    return ProblemAnswer(status, error.code, detail, headers=retry_headers(error.code))


def retry_headers(code: ErrorCode) -> dict[str, str]:
    """When it is worth asking again, of a code for which that is known."""
    seconds = RETRY_AFTER_SECONDS.get(code)
    return {} if seconds is None else {"Retry-After": str(seconds)}


def _fault_count(problems: Iterable[Problem]) -> Text:
    count = str(len(tuple(problems)))
    return Text("共 {n} 处，见 errors。", "Errors found: {n}; see errors.").format(n=count)


def _not_found_problem(error: NotFound) -> ProblemAnswer:
    missing = _missing_text(error)
    named = () if error.pointer is None else (Problem(error.pointer, error.code, missing),)
    return ProblemAnswer(404, error.code, missing, named)


def _missing_text(error: NotFound) -> Text:
    name = error.name if error.name.isprintable() else ascii(error.name)
    words = Text("没有名为 {name} 的{kind}", "There is no {kind} {name}")
    missing = words.format(kind=error.kind, name=name)
    if error.suggestion:
        return did_you_mean(missing, error.suggestion)
    return Text("{missing}。", "{missing}.").format(missing=missing)


def _internal_problem(error: BaseException) -> ProblemAnswer:
    """Log where it happened, and nowhere the message: it may quote a profile."""
    _log.error(
        "internal_error",
        exception=type(error).__qualname__,
        request_id=request.environ[IDENTITY],
        where=traceback.format_tb(error.__traceback__ or sys.exc_info()[2]),
    )
    detail = Text("请凭请求编号联系运维人员。", "Tell the operator the request's id.")
    return ProblemAnswer(500, ErrorCode.INTERNAL, detail)


def _for_http(error: HTTPException) -> ProblemAnswer:
    status = error.code or 500
    if status >= 500 and status not in _BY_STATUS:
        return _internal_problem(error)
    code = _BY_STATUS.get(status, ErrorCode.BAD_REQUEST)
    words = _DETAILS.get(status, Text("服务无法理解这个请求。", "The request makes no sense."))
    limit = str(request.max_content_length)
    detail = words.format(limit=limit, offered=str(error.description))
    kept = {k: v for k, v in error.get_headers() if k in ("Allow", "Retry-After")}
    problems = (Problem("", code, detail),) if status in _BODY_AT_FAULT else ()
    return ProblemAnswer(status, code, detail, problems, kept)


def register_handlers(app: Flask) -> None:
    """Every exception that leaves a view becomes a problem document."""

    def handle(error: Exception) -> Any:
        if isinstance(error, HuiceError):
            return problem_response(answer_for(error))
        if isinstance(error, HTTPException):
            return problem_response(_for_http(error))
        return problem_response(_internal_problem(error))

    app.register_error_handler(HuiceError, handle)
    app.register_error_handler(HTTPException, handle)
    app.register_error_handler(Exception, handle)
