"""Files to take along, each under a name that tells whose it is and of which day."""

import re
from datetime import date
from urllib.parse import quote

from werkzeug.wrappers import Response

from service.domain.text import Text
from service.web.cases import Case
from service.web.formatting import translate

UNNAMED = Text("未命名单位", "Unnamed organisation")
SUMMARY = Text("政策摘要", "policy summary")
MEMO = Text("政策备忘", "policy memo")
SHEET = Text("政策匹配", "policy matches")
CALENDAR = Text("政策日历", "policy calendar")
_NO_FILE_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_MAX_LENGTH = 60


def file_name(case: Case, what: Text, day: date, ending: str) -> str:
    """Such as 甲公司-政策备忘-2026-11-26.pdf; without what file systems refuse."""
    whose = _NO_FILE_NAME.sub(" ", str(case.company.get("name") or translate(UNNAMED)))
    return f"{whose.strip(' .')[:_MAX_LENGTH]}-{translate(what)}-{day}.{ending}"


def download(content: bytes | str, kind: str, name: str) -> Response:
    """A response that a browser saves under a name in any script (RFC 6266)."""
    response = Response(content, content_type=kind)
    plain = name if name.isascii() else f"huice.{name.rsplit('.', 1)[-1]}"
    named = {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"}
    response.headers.set("Content-Disposition", "attachment", **named)
    return response
