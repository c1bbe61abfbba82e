"""What is answered where the application is not asked: a problem document (RFC 9457), or to who
looks at pages a small one of both languages."""

import orjson

from service.domain.errors import RETRY_AFTER_SECONDS
from service.domain.text import SPOKEN, grouped

_TITLES = {
    400: ("Bad Request", "请求不完整或格式有误 · The request is incomplete or malformed"),
    408: ("Request Timeout", "请求发送得太慢 · The request came too slowly"),
    413: ("Content Too Large", "提交的内容太大{zh} · Too much was sent{en}"),
    414: ("URI Too Long", "地址太长 · The address is too long"),
    417: ("Expectation Failed", "不支持的 Expect · The expectation is not supported"),
    429: ("Too Many Requests", "同时的请求太多，请稍后再试 · Too many requests at once; try again"),
    431: ("Request Header Fields Too Large", "请求头太大 · The headers are too large"),
    501: ("Not Implemented", "不支持的传输编码 · The transfer coding is not supported"),
    503: ("Service Unavailable", "请稍后再试 · Busy; try again in a moment"),
    500: ("Internal Server Error", "服务内部错误 · An internal error"),
}
# What is said of a code rather than of its status.
_TITLES_OF_CODES = {
    "duplicate_value": "Idempotency-Key 只能给出一次 · Idempotency-Key may be given once",
    "storage_unavailable": "数据库暂时不可用，请稍后再试 · The database cannot be used; try later",
    "storage_full": "存储空间已满，请稍后再试 · There is no room left to store anything; try later",
    "database_newer": "数据库属于更新的程序版本，暂时不能使用"
    " · The database is of a newer version than this program, which cannot use it",
    "migrating": "数据库正在升级，请稍后再试 · The database is being brought up to date; try later",
}
_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{zh}</title>
<style>:root{{color-scheme:light dark}}main{{max-width:36rem;margin:15vh auto;padding:0 1rem;\
font:1rem/1.7 sans-serif}}h1{{font-size:1.5rem}}</style></head>
<body><main><h1>{zh}</h1><p>没有保存。请返回上一页再试；之前保存的回答还在。</p>
<div lang="en"><p><b>{en}</b></p><p>Nothing was saved. Go back and try again; what was saved before
is still there.</p></div>
<p><a href="/">回到首页 · <span lang="en">Home</span></a></p></main></body></html>
"""


def problem(
    status: int,
    code: str,
    limit: int | None = None,
    *,
    as_page: bool = False,
    language: str | None = None,
    retry_after: int | None = None,
) -> tuple[str, dict[str, str], bytes]:
    """The status line's end, the headers and the body of a refusal; `limit` in bytes, of what is
    too large. Without a language in both. `retry_after`: in how many seconds to ask again, where
    that is known better than by the code."""
    reason, title = _TITLES[status]
    title = _TITLES_OF_CODES.get(code, title)
    most = grouped(limit) if limit else ""
    zh, en = (f"（最多 {most} 字节）", f" (at most {most} bytes)") if most else ("", "")
    title = title.format(zh=zh, en=en)
    if language is not None and not as_page:
        title = title.split(" · ")[SPOKEN.index(language)]
    body = _page(title) if as_page else _document(status, code, title)
    headers = {
        "Content-Type": "text/html; charset=utf-8" if as_page else "application/problem+json",
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
    }
    seconds = retry_after or RETRY_AFTER_SECONDS.get(code)
    if seconds is not None:
        headers["Retry-After"] = str(seconds)
    return f"{status} {reason}", headers, body


def _page(title: str) -> bytes:
    zh, en = title.split(" · ")
    return _PAGE.format(zh=zh, en=en).encode()


def _document(status: int, code: str, title: str) -> bytes:
    return orjson.dumps(
        {
            "type": "about:blank",
            "title": title,
            "status": status,
            "detail": title,
            "code": code,
            "errors": [{"pointer": "", "code": code, "message": title}],
        }
    )
