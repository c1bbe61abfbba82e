"""The memo as PDF, by WeasyPrint, which needs Pango and a font with Chinese characters from the
system. Where they are absent, `missing` says so and the HTML page remains."""

import ctypes
import hashlib
import importlib
import threading
from ctypes.util import find_library
from functools import lru_cache
from typing import Any

from service.domain.errors import ErrorCode, Refused
from service.domain.text import Text

_TURN_SECONDS = 20.0
_PANGO = Text(
    "本机没有安装 Pango（Debian：libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0），不能生成"
    " PDF；请改用 HTML 打印。",
    "Pango is not installed here (on Debian: libpango-1.0-0 libpangoft2-1.0-0"
    " libharfbuzz-subset0), so no PDF can be made; print the HTML instead.",
)
_FONT = Text(
    "本机没有中文字体（Debian：fonts-noto-cjk），不能生成 PDF；请改用 HTML 打印。",
    "No font with Chinese characters is installed here (on Debian: fonts-noto-cjk), so no PDF can"
    " be made; print the HTML instead.",
)
_BUSY = Text("正在生成其他 PDF，请稍后再试。", "Other PDFs are being made; try again in a moment.")
# Setting type keeps a processor busy for seconds: one at a time in each process.
_turn = threading.Lock()


@lru_cache
def missing() -> Text | None:
    """What the system lacks for PDF, None where it has everything."""
    if _weasyprint() is None:
        return _PANGO
    return None if _knows_chinese() else _FONT


@lru_cache
def likely() -> bool:
    """Whether PDF is worth offering: what `missing` looks for, without loading the library, which
    takes a second."""
    return find_library("pango-1.0") is not None and _knows_chinese()


def memo_pdf(page: str) -> bytes:
    """The PDF of a memo's page; the same page always gives the same bytes.

    Raises Refused: not acceptable where the system lacks what it takes, busy where others wait.
    """
    lacking = missing()
    if lacking:
        raise Refused(lacking, ErrorCode.NOT_ACCEPTABLE)
    if not _turn.acquire(timeout=_TURN_SECONDS):
        raise Refused(_BUSY, ErrorCode.BUSY)
    try:
        return _typeset(page)
    finally:
        _turn.release()


def _typeset(page: str) -> bytes:
    weasyprint = _weasyprint()
    assert weasyprint is not None
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=())
    document = weasyprint.HTML(string=page, url_fetcher=fetcher)
    identifier = hashlib.sha256(page.encode()).digest()[:16]
    pdf: bytes = document.write_pdf(pdf_identifier=identifier, pdf_tags=True)
    return pdf


@lru_cache
def _weasyprint() -> Any:
    """The library; None where the system libraries it opens at import are absent."""
    try:
        return importlib.import_module("weasyprint")
    except OSError:
        return None


def _knows_chinese() -> bool:
    """Whether fontconfig knows a font for simplified Chinese. Without one every character would be
    set as an empty box, and nobody told."""
    library = find_library("fontconfig")
    if library is None:
        return False
    fontconfig = ctypes.CDLL(library)
    for name in ("FcNameParse", "FcObjectSetCreate", "FcFontList"):
        getattr(fontconfig, name).restype = ctypes.c_void_p
    pattern = ctypes.c_void_p(fontconfig.FcNameParse(b":lang=zh-cn"))
    objects = ctypes.c_void_p(fontconfig.FcObjectSetCreate())
    found = ctypes.c_void_p(fontconfig.FcFontList(None, pattern, objects))
    count = ctypes.cast(found, ctypes.POINTER(ctypes.c_int)).contents.value
    fontconfig.FcFontSetDestroy(found)
    fontconfig.FcObjectSetDestroy(objects)
    fontconfig.FcPatternDestroy(pattern)
    return count > 0
