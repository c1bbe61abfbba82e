"""What is sent to follow something and to have events delivered, read strictly."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.facts.code_lists import Code, CodeList
from service.domain.text import Text
from service.intake.code_values import CodeKind
from service.intake.records import Record, Scalar, make_record
from service.intake.tenancy import load_record
from service.intake.values import CursorKind, TextKind

MAX_TARGET, MAX_URL = 200, 500


def _list(name: str, zh: str, words: tuple[str, ...]) -> CodeList:
    return CodeList(name, Text(zh, name), {w: Code(w, Text(w, w)) for w in words})


KINDS = ("company", "tag", "programme", "jurisdiction", "search")
NEW_SUBSCRIPTION = make_record(
    Record,
    "NewSubscription",
    {
        "kind": Scalar(CodeKind(_list("kinds", "种类", KINDS)), required=True),
        "target": Scalar(TextKind(MAX_TARGET), required=True),
    },
)
NEW_WEBHOOK = make_record(
    Record,
    "NewWebhook",
    {
        "url": Scalar(TextKind(MAX_URL), required=True),
        "lang": Scalar(CodeKind(_list("languages", "语言", ("zh", "en")))),
    },
)
REPLAY = make_record(
    Record,
    "WebhookReplay",
    {
        "event": Scalar(TextKind(60)),
        "since": Scalar(CursorKind()),
    },
)
_NOTHING = Text("不能只有空白", "must not be blank")
_SCHEMES = Text("应为 https:// 或 mailto: 地址", "must be an https:// or mailto: address")
_PARTS = Text(
    "地址不能带用户名、密码或 # 片段", "the address must not carry a user, a password or a fragment"
)
_ONE = Text("event 和 since 只填一个", "state either `event` or `since`")
# RFC 1123, and names with an underscore, which resolvers take; or an address of version 6.
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,254}}$){_LABEL}(?:\.{_LABEL})*\.?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
_SEEN = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """An address; the language is None where nobody said in which it wants its letters."""

    url: str
    language: str | None


def read_subscription(raw: object) -> tuple[str, str]:
    """Kind and target. Raises InvalidInput."""
    values = load_record(NEW_SUBSCRIPTION, raw, "")
    target = values["target"].strip()
    if not target:
        raise InvalidInput((Problem("/target", ErrorCode.INVALID_VALUE, _NOTHING),))
    return values["kind"], target


def read_webhook(raw: object) -> NewWebhook:
    """Raises InvalidInput for what is no address that could be delivered to."""
    values = load_record(NEW_WEBHOOK, raw, "")
    url = values["url"].strip()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), 0
    allowed = parts.scheme in ("https", "http", "mailto") and set(url) <= set(_SEEN) and port != 0
    complete = "@" in parts.path if parts.scheme == "mailto" else _is_host(parts.hostname)
    if not allowed or not complete:
        raise InvalidInput((Problem("/url", ErrorCode.INVALID_VALUE, _SCHEMES),))
    if "@" in parts.netloc or parts.fragment or (parts.scheme == "mailto" and parts.query):
        raise InvalidInput((Problem("/url", ErrorCode.INVALID_VALUE, _PARTS),))
    return NewWebhook(url, values.get("lang"))


def _is_host(name: str | None) -> bool:
    return name is not None and _HOST.fullmatch(name) is not None


def read_replay(raw: object) -> tuple[str | None, int | None]:
    """One event, or all since one. Raises InvalidInput."""
    values = load_record(REPLAY, raw, "")
    event, since = values.get("event"), values.get("since")
    if event is not None and since is not None:
        raise InvalidInput((Problem("/since", ErrorCode.INVALID_VALUE, _ONE),))
    return event, since
