"""The memo as PDF, by WeasyPrint, which needs Pango and fonts for what is written from the system.
Where they are absent, `missing` says so and the HTML page remains."""

import hashlib
import importlib
import threading
from ctypes.util import find_library
from functools import lru_cache
from typing import Any

from service.domain.errors import ErrorCode, Refused
from service.domain.text import Text
from service.memo.fonts import letters_without_font

_TURN_SECONDS = 20.0
_LETTERS_TOLD = 5
_PANGO = Text(
    "本机没有安装 Pango（Debian：libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0），不能生成"
    " PDF；请改用 HTML 打印。",
    "Pango is not installed here (on Debian: libpango-1.0-0 libpangoft2-1.0-0"
    " libharfbuzz-subset0), so no PDF can be made; print the HTML instead.",
)
_FONT = Text(
    "本机的字体都没有“{letters}”等字（中文、日文、韩文：Debian 的 fonts-noto-cjk），不能生成 PDF；"
    "请改用 HTML 打印。",
    "No font installed here has such letters as “{letters}” (Chinese, Japanese, Korean: Debian's"
    " fonts-noto-cjk), so no PDF can be made; print the HTML instead.",
)
_BUSY = Text("正在生成其他 PDF，请稍后再试。", "Other PDFs are being made; try again in a moment.")
# Setting type keeps a processor busy for seconds: one at a time in each process.
_turn = threading.Lock()


def missing(words: str) -> Text | None:
    """What the system lacks to set words, or a page of them; None where it has everything."""
    if _weasyprint() is None:
        return _PANGO
    lacking = sorted(letters_without_font(words))
    return _FONT.format(letters="".join(lacking[:_LETTERS_TOLD])) if lacking else None


@lru_cache
def likely(words: str) -> bool:
    """Whether PDF is worth offering for what is written in such words: what `missing` looks for,
    without loading the library, which takes a second."""
    return find_library("pango-1.0") is not None and not letters_without_font(words)


def memo_pdf(page: str) -> bytes:
    """The PDF of a memo's page; the same page always gives the same bytes.

    Raises Refused: not acceptable where the system lacks what it takes, busy where others wait.
    """
    lacking = missing(page)
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
