"""Bodies, media types, queries and ETags, read and answered alike by every call of the API."""

from collections.abc import Callable, Container, Iterable, Sequence

import orjson
from flask import Response, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotAcceptable, RequestEntityTooLarge, UnsupportedMediaType

from service import __version__
from service.api.compression import compress_response
from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.text import Text, did_you_mean, nearest
from service.intake.json_reader import read_json
from service.intake.query_encoding import names_not_utf_8
from service.rendering.json_parts import Json

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"  # what RFC 7396 calls a PATCH in JSON
# What gateways expect that look for a code in every answer.
ENVELOPE = "application/vnd.huice.envelope+json"
ANYTHING = "*/*"
_NO_PARAMETER = Text("没有这个参数", "there is no such parameter")
_NOT_UTF_8 = Text("不是 UTF-8 编码的文字", "is not text in UTF-8")


def body() -> object:
    """The request's JSON, read strictly.

    Raises Malformed, InvalidInput, and HTTP's 413 and 415.
    """
    environ = request.environ
    plain = environ.get("CONTENT_TYPE") == JSON and "HTTP_CONTENT_ENCODING" not in environ
    if not (plain or _is_json()):
        raise UnsupportedMediaType(JSON)
    content = request.get_data(cache=False)
    if "HTTP_TRANSFER_ENCODING" in environ or "CONTENT_LENGTH" not in environ:
        _check_length(content)
    return read_json(content)


def _check_length(content: bytes) -> None:
    """Werkzeug cuts a body without a length at the limit and says nothing."""
    if request.content_length is None and len(content) >= (request.max_content_length or 0):
        raise RequestEntityTooLarge


def _is_json() -> bool:
    """Whether the body is JSON in UTF-8 as it stands, however that is spelt."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    kinds = (JSON, MERGE_PATCH) if request.method == "PATCH" else (JSON,)
    return request.mimetype in kinds and charset in ("utf-8", "utf8") and encoding == "identity"


def accept(offered: str) -> None:
    """Raises HTTP's 406 where the client does not want what is offered."""
    if request.environ.get("HTTP_ACCEPT", ANYTHING) != ANYTHING:
        accept_one_of([offered])


def accept_one_of(offered: Sequence[str]) -> str:
    """The media type the client likes best, the first where it does not say. Raises HTTP's 406
    where it wants none of them."""
    # Parameters, such as the charset that some clients name, are disregarded.
    if JSON in offered and wants_envelope():
        return JSON
    plain = ((kind.partition(";")[0].strip(), liked) for kind, liked in request.accept_mimetypes)
    accepted = MIMEAccept(plain)
    best = accepted.best_match(offered) if accepted else offered[0]
    if best is None:
        raise NotAcceptable(", ".join(offered))
    return best


def json_answer(data: object) -> Response:
    return json_bytes(orjson.dumps(data))


def json_bytes(data: bytes) -> Response:
    """An answer that is JSON already, packed where the client allows it, in the gateway's envelope
    where it asks for one."""
    if wants_envelope():
        wrapped = b'{"code":"ok","msg":"","data":%b}' % data
        return compress_response(Response(wrapped, content_type=ENVELOPE))
    return compress_response(Response(data, content_type=JSON))


def wants_envelope() -> bool:
    """Whether the client asks for the gateway's envelope."""
    return ENVELOPE in request.environ.get("HTTP_ACCEPT", "")


def answer_by_version(version: str, build: Callable[[], Json]) -> Response:
    """An answer that changes only with the catalogue or this program: 304 where the client has it.

    It is always asked for again, so that a new catalogue is seen at once.
    """
    tag = f"{version}+{__version__}"
    # A proxy that packs answers makes their validators weak: these count as well.
    known = request.if_none_match.contains_weak(tag)
    response = Response(status=304) if known else json_answer(build())
    response.set_etag(tag, weak=response.content_encoding is not None)
    response.headers["Cache-Control"] = "no-cache"
    return response


def answer_by_digest(data: Json) -> Response:
    """An answer that also changes with what an operator imports: its own digest is its version."""
    response = json_answer(data)
    response.add_etag()
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


def no_query() -> None:
    """Raises InvalidInput where the request has query parameters: this call knows none."""
    check_names(())


def plain_request() -> None:
    """What a call asks of a request that takes no query parameters and answers JSON.

    Raises InvalidInput, and HTTP's 406.
    """
    no_query()
    accept(JSON)


def check_names(known: Iterable[str]) -> None:
    """Raises InvalidInput for every query parameter that is unknown or given twice."""
    problems = request.environ.get("QUERY_STRING") and tuple(name_problems(known))
    if problems:
        raise InvalidInput(problems, ErrorCode.INVALID_QUERY)


def name_problems(known: Iterable[str], repeated: Container[str] = ()) -> list[Problem]:
    """What is wrong with the names of the query parameters; `repeated` ones may come again."""
    names = tuple(known)
    problems = [
        Problem(_place(name), ErrorCode.INVALID_VALUE, _NOT_UTF_8)
        for name in sorted(names_not_utf_8(request.query_string))
    ]
    for name, values in request.args.lists():
        place = _place(name)
        if name not in names:
            words = did_you_mean(_NO_PARAMETER, nearest(name, names))
            problems.append(Problem(place, ErrorCode.UNKNOWN_KEY, words))
        elif len(values) > 1 and name not in repeated:
            words = Text("参数重复", "the parameter is given more than once")
            problems.append(Problem(place, ErrorCode.DUPLICATE_VALUE, words))
    return problems


def _place(name: str) -> str:
    return "/" + name[:80].replace("~", "~0").replace("/", "~1")


def empty_answer() -> Response:
    """204: done, and nothing to say, not even of what type."""
    response = Response(status=204)
    del response.headers["Content-Type"]
    return response
