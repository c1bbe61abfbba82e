"""`Idempotency-Key`: a storing call sent twice with the same key and body is done once."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import orjson
from flask import Response, request

from service.api.http import json_bytes
from service.api.ports import ApiContext
from service.domain.errors import ErrorCode, InvalidInput, Problem, named_at
from service.domain.principal import Principal
from service.domain.text import Text

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


@dataclass(frozen=True)
class StoringCall:
    """What a call that stores something does, and how that is answered.

    `do` gives the answer as JSON. `again` makes it again from the id of what it is about, which it
    tells as `names_it` (null: nothing was stored). Then that id is kept, and no copy that would
    outlive what it was about. `below`: the address below which what was made is found, told as
    Location.
    """

    do: Callable[[], bytes]
    again: Callable[[str], bytes] | None = None
    names_it: str = "id"
    status: int = 200
    below: str = ""

    def to_keep(self, answer: bytes) -> bytes | None:
        """What is kept of an answer; None where it has stored nothing."""
        if self.again is None:
            return answer
        about = self._id_in(answer)
        return None if about is None else about.encode()

    def _id_in(self, answer: bytes) -> str | None:
        about: str | None = orjson.loads(answer)[self.names_it]
        return about

    def respond(self, answer: bytes) -> Response:
        response = json_bytes(answer)
        response.status_code = self.status
        if self.below:
            response.headers["Location"] = f"{self.below}/{self._id_in(answer)}"
        return response


def match_call(service: ApiContext, who: Principal, do: Callable[[], bytes]) -> StoringCall:
    """A match, which is made again from its receipt."""
    return StoringCall(do, lambda receipt: service.receipts.answered(receipt, who), "receipt_id")


def answer_once(
    service: ApiContext,
    who: Principal,
    call: StoringCall,
    content: Callable[[], bytes] | None = None,
) -> Response:
    """The answer of a call, or the one given before to this key and body; `content` gives what
    counts of the body, where not all of it does.

    Raises Refused (idempotency mismatch, idempotency conflict), InvalidInput for a bad key,
    NotFound where what the first answer was about has been deleted.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return call.respond(call.do())
    if not _KEY.fullmatch(key):
        problem = Problem(f"/{HEADER}", ErrorCode.INVALID_VALUE, _WRONG)
        raise InvalidInput((problem,), ErrorCode.INVALID_VALUE)
    owner = who.tenant or _NOBODY
    address = f"{request.method} {request.full_path}"
    kept_answers, now = service.idempotency, service.clock.now
    sent = content() if content else request.get_data()
    kept = kept_answers.claim(owner, key, address, sent, now())
    if kept is not None:
        return _answer_again(call, kept)
    try:
        answer = call.do()
    except BaseException:
        # Nothing was done, so the same key may be tried again.
        kept_answers.release(owner, key)
        raise
    kept = call.to_keep(answer)
    if kept is None:
        kept_answers.release(owner, key)
    else:
        kept_answers.keep(owner, key, kept, now())
    return call.respond(answer)


def _answer_again(call: StoringCall, kept: bytes) -> Response:
    with named_at(f"/{HEADER}"):
        response = call.respond(call.again(kept.decode()) if call.again else kept)
    response.headers["Idempotent-Replayed"] = "true"
    return response
