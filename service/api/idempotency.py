"""`Idempotency-Key`: a storing call sent twice with the same key and body is done once."""

import re
from collections.abc import Callable

from flask import Response, request

from service.api.compression import compress_response, plain_data
from service.api.ports import ApiContext
from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.principal import Principal
from service.domain.text import Text
from service.storage.idempotency import KeptAnswer

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_WRONG = Text("应为 1 至 200 个可见 ASCII 字符", "must be 1 to 200 visible ASCII characters")
# Answers of nobody's are kept under the client's key alone, which nobody else can guess.
_NOBODY = "-"
PARAMETER = {
    "name": HEADER,
    "in": "header",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    "description": "A name of the client's for this request: sent again with the same body within"
    " 24 hours, the first answer comes again and nothing is done twice.",
    "x-description-zh": "客户端给本次请求起的名字：24 小时内以同样内容重发，"
    "得到第一次的回答，不会重复执行。",
}


def answer_once(
    service: ApiContext,
    who: Principal,
    do: Callable[[], Response],
    content: Callable[[], bytes] | None = None,
) -> Response:
    """The answer of `do`, or the one kept for this key and body; `content` gives what counts of the
    body, where not all of it does.

    Raises Refused (idempotency mismatch, idempotency conflict), InvalidInput for a bad key.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return do()
    if not _KEY.fullmatch(key):
        problem = Problem(f"/{HEADER}", ErrorCode.INVALID_VALUE, _WRONG)
        raise InvalidInput((problem,), ErrorCode.INVALID_VALUE)
    owner = who.tenant or _NOBODY
    call = f"{request.method} {request.full_path}"
    kept_answers, now = service.idempotency, service.clock.now
    sent = content() if content else request.get_data()
    kept = kept_answers.claim(owner, key, call, sent, now())
    if kept is not None:
        return _answer_again(kept)
    try:
        response = do()
    except BaseException:
        # Nothing was done, so the same key may be tried again.
        kept_answers.release(owner, key)
        raise
    answer = KeptAnswer(
        response.status_code,
        response.content_type or "",
        response.headers.get("Location", ""),
        plain_data(response),
    )
    kept_answers.store_answer(owner, key, answer, now())
    return response


def _answer_again(kept: KeptAnswer) -> Response:
    response = Response(kept.body, kept.status, content_type=kept.content_type or None)
    if kept.location:
        response.headers["Location"] = kept.location
    response.headers["Idempotent-Replayed"] = "true"
    return compress_response(response)
