"""The OpenAPI 3.1 document: what an operation is, its answers, and every problem it may answer."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from flask import Flask
from flask_smorest import Api, Blueprint
from marshmallow import Schema

from service import RELEASE
from service.api import problems
from service.api.http import JSON
from service.api.media import BINARY
from service.api.operation_words import WORDS
from service.api.schemas import ProblemSchema
from service.domain.text import Text

PREFIX = "/api/v1"
View = TypeVar("View", bound=Callable[..., Any])

_PROBLEMS = {
    304: Text("与 If-None-Match 所示的版本相同", "Not changed since If-None-Match"),
    400: Text("无法读取", "Could not be read"),
    401: Text("需要有效的密钥", "Needs a live key"),
    403: Text("密钥没有所需权限", "The key lacks the scope"),
    404: Text("没有找到", "Not found"),
    406: Text("不提供所要的格式", "No answer in the form asked for"),
    409: Text("目前做不到，原因见说明", "Not possible as things are: the detail says why"),
    412: Text("已不是所指的版本", "No longer the version that is named"),
    413: Text("请求体过大", "The body is too large"),
    415: Text("请求体不是 JSON", "The body is not JSON"),
    422: Text("读懂了，但内容有误；列出全部错误", "Understood and wrong: all errors listed"),
    429: Text("请求过于频繁，见 Retry-After", "Too many requests: see Retry-After"),
    503: Text("暂时无法回答，请稍后再试", "Cannot answer now: try again"),
}
_COUNTED = ("RateLimit", "RateLimit-Policy")
# Headers that answers carry, by their names: what each says.
_HEADERS = {
    "RateLimit": Text("本窗口剩余次数 r 与秒数 t，设有限额时才有",
                      "Calls left, r, and seconds to go, t; where there is a limit"),
    "RateLimit-Policy": Text("每窗口 w 秒允许 q 次", "Calls allowed, q, in a window of w seconds"),
    "Retry-After": Text("多少秒后再试", "Seconds after which to try again"),
    "ETag": Text("版本，可放进 If-None-Match 或 If-Match",
                 "The version, for If-None-Match or If-Match"),
    "Location": Text("新资源的地址", "Where what was made is found"),
    "Idempotent-Replayed": Text("true：以前的回答再次给出，没有重复执行",
                                "true: the first answer again, and nothing was done twice"),
    "X-Request-Id": Text("请求的编号，日志中也有", "The request's id, as logs have it"),
}  # fmt: skip
_SCHEMA = ProblemSchema()
# A key is needed, or a signature of one.
SECURED: tuple[dict[str, list[str]], ...] = ({"key": []}, {"signature": []})
KEY_SCHEME = {"type": "http", "scheme": "bearer", "description": "`hk_…`, made by `huice keys`"}
SIGNATURE_SCHEME = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": "`HMAC-SHA256 key=…, date=…, nonce=…, signature=…`, or `HMAC-SM3 …`: see the"
    " guide to the interface",
}
_PLAIN = {"type": "string"}
_BYTES = {"type": "string", "format": "binary"}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "The ETag of the answer that the client has: 304 where it is still the same.",
    "x-description-zh": "客户端已有答复的 ETag：没有变化时回答 304。",
}
_DONE = {"description": "Done", "x-description-zh": "已完成"}
_DESCRIPTION = Text(
    "一家企业可以申领哪些支持政策、依据哪一条、最高多少、还缺什么。金额用字符串表示，未注明币种的以本目录的币种计；"
    "未填即未知，既不是零也不是否。上限只是上限，不是承诺。",
    "Which support programmes a company may claim, under which clause, up to how much, and what is"
    " still missing. Amounts are text, in the catalogue's currency where none is named; what is not"
    " stated is unknown, neither zero nor false. A ceiling is an upper bound, never a promise.",
)


_CHINESE_KEYS = {"x-zh", "x-description-zh"}


class Interface(Api):  # type: ignore[misc]  # comes without types
    """flask-smorest's document alone: errors are ours, and so are the addresses it is served at."""

    DEFAULT_ERROR_RESPONSE_NAME = None
    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """One handler for everything is registered elsewhere."""

    def _register_pagination_header(self) -> None:
        """Pages say where they end in their body."""


def make_interface(app: Flask, *, bilingual: bool) -> Interface:
    """An empty document; `bilingual` as its catalogue is in Chinese too."""
    app.config["API_TITLE"] = "Huice 惠策" if bilingual else "Huice"
    app.config["API_VERSION"] = RELEASE
    app.config["OPENAPI_VERSION"] = "3.1.0"
    return Interface(
        app,
        spec_kwargs={
            "info": {
                "description": _DESCRIPTION.en,
                "x-description-zh": _DESCRIPTION.zh,
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "servers": [{"url": "/"}],
        },
    )


def in_english(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document without its Chinese words, for a catalogue that has none: those beside the English
    ones, the first half of a group's name, and the second paragraph of a schema's description."""
    plain: dict[str, Any] = _without_chinese(document)
    for tag in plain["tags"]:
        tag["description"] = tag["description"].partition(" · ")[2]
    return plain


def _without_chinese(part: Any) -> Any:
    if isinstance(part, list):
        return [_without_chinese(item) for item in part]
    if not isinstance(part, Mapping):
        return part
    kept = {k: _without_chinese(v) for k, v in part.items() if k not in _CHINESE_KEYS}
    if isinstance(kept.get("description"), str):
        kept["description"] = kept["description"].partition("\n\n")[0]
    return kept


def register_headers(interface: Interface) -> None:
    """What answers' headers say, as components that operations refer to."""
    for name, words in _HEADERS.items():
        described = {"description": words.en, "x-description-zh": words.zh, "schema": _PLAIN}
        interface.spec.components.header(name, described)


class Body(NamedTuple):
    """A body's component in the OpenAPI document, with an example."""

    component: str
    example: Mapping[str, Any]


def new_blueprint(name: str, about: str) -> Blueprint:
    """A blueprint; the document groups its operations under its name, and says what they are
    about."""
    return Blueprint(name, __name__, description=about)


def operation(
    blueprint: Blueprint,
    address: str,
    answer: Schema | None,
    *,
    further_statuses: Iterable[int] = (),
    body: Body | None = None,
    parameters: Iterable[dict[str, Any]] = (),
    further_media: Iterable[str] = (),
    empty: bool = False,
    created: bool | None = False,
    security: Iterable[dict[str, list[str]]] = (),
    uploads: Mapping[str, Any] | None = None,
    headers: Iterable[str] = (),
    probe: bool = False,
) -> Callable[[View], View]:
    """Register a view at an address such as `GET /measures` and document it. Its name is the
    operation's id, by which its words are found.

    `answer` is the answer's shape (None: plain text), `further_statuses` are those it can have
    beside what follows from the rest, `further_media` the types it can answer in beside its usual
    one. `empty`: it answers 204 with nothing; `created`: 201 (None: 201 where it did not exist,
    else 200). `uploads` are the media types of a body that is no JSON, each with its schema;
    `headers` are those of its own that the answer carries. A `probe` answers whatever it is asked
    with."""
    method, rule = address.split(" ", 1)
    fails, parameters = {*further_statuses}, tuple(parameters)
    if 304 in fails:
        parameters = (*parameters, _IF_NONE_MATCH)
    if not probe:
        fails |= _usual_failures(
            keyed=bool(security),
            sent=body is not None or uploads is not None,
            named="<" in rule and method != "PUT",
            answered=not empty,
        )
    success: dict[str, Any] = {**_DONE} if empty else _success_response(answer, further_media)
    success["headers"] = _document_headers(_carried_headers(fails, parameters, headers))
    statuses = dict.fromkeys(_success_statuses(empty, created), success)
    document = {"parameters": list(parameters), **_sent(body, uploads)}
    document["responses"] = {**statuses, **_failure_responses(fails)}
    if security:
        document["security"] = list(security)

    def register(view: View) -> View:
        described = Blueprint.doc(**_in_words(view.__name__), **document)(view)
        registered: View = blueprint.route(rule, methods=[method])(described)
        return registered

    return register


def _sent(body: Body | None, uploads: Mapping[str, Any] | None) -> dict[str, Any]:
    """The body that an operation takes; nothing where it takes none."""
    if body is not None:
        component = {"$ref": f"#/components/schemas/{body.component}"}
        content: dict[str, Any] = {JSON: {"schema": component, "example": body.example}}
    elif uploads is not None:
        content = {kind: {"schema": schema} for kind, schema in uploads.items()}
    else:
        return {}
    return {"requestBody": {"required": True, "content": content}}


def _in_words(operation_id: str) -> dict[str, Any]:
    """What an operation is called, in short and at length."""
    summary, description = WORDS[operation_id]
    return {
        "operationId": operation_id,
        "summary": summary.en,
        "description": description.en,
        "x-zh": {"summary": summary.zh, "description": description.zh},
    }


def _usual_failures(*, keyed: bool, sent: bool, named: bool, answered: bool) -> set[int]:
    """What may go wrong with a call that needs a key, sends a body, names a thing that may not be
    there, or has an answer that may not be wanted in this form."""
    fails = {401, 422}  # a key that is wrong, also where none is needed
    if keyed:
        fails |= {403, 429}
    if sent:
        fails |= {400, 413, 415}
    if named:
        fails.add(404)
    if answered:
        fails.add(406)
    return fails


def _carried_headers(
    fails: Iterable[int], parameters: Iterable[Mapping[str, Any]], own: Iterable[str]
) -> Iterator[str]:
    """The headers of an answer, by what may go wrong otherwise and what it may be asked by."""
    yield "X-Request-Id"
    yield from own
    if 429 in fails:
        yield from _COUNTED
    if 304 in fails:
        yield "ETag"
    if any(p["name"] == "Idempotency-Key" for p in parameters):
        yield "Idempotent-Replayed"


def _document_headers(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in sorted(set(names))}


def _success_statuses(empty: bool, created: bool | None) -> tuple[str, ...]:
    if empty:
        return ("204",)
    return ("200", "201") if created is None else ("201",) if created else ("200",)


def _success_response(answer: Schema | None, further_media: Iterable[str]) -> dict[str, Any]:
    # Clients that are generated take the first form: who takes bytes has them of text too.
    kinds = sorted(further_media, key=lambda kind: kind not in BINARY)
    content: dict[str, Any] = {
        kind: {"schema": _BYTES if kind in BINARY else _PLAIN} for kind in kinds
    }
    if answer:
        content = {JSON: {"schema": answer}, **content}
    elif not content:
        content = {"text/plain": {"schema": _PLAIN}}
    return {"description": "Answered", "x-description-zh": "已回答", "content": content}


def _failure_responses(statuses: Iterable[int]) -> dict[str, Any]:
    return {str(status): _failure_response(status) for status in sorted(statuses)}


def _failure_response(status: int) -> dict[str, Any]:
    words = _PROBLEMS[status]
    described: dict[str, Any] = {"description": words.en, "x-description-zh": words.zh}
    if status >= 400:
        described["content"] = {problems.TYPE: {"schema": _SCHEMA}}
    if status in (429, 503):
        limits = _COUNTED if status == 429 else ()
        described["headers"] = _document_headers(("Retry-After", *limits))
    if status == 304:
        described["headers"] = _document_headers(("ETag",))
    return described
