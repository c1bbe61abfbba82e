"""The memo as one HTML file made for A4: its style inside, nothing fetched, nothing run."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import jinja2

from service import __version__
from service.domain.text import Text, grouped
from service.domain.wording.labels import LABELS
from service.memo.words import words
from service.rendering.json_parts import Json, wording

HERE = Path(__file__).parent / "templates"
_STYLE = (HERE / "memo.css").read_text(encoding="utf-8")
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
# What a browser needs to be allowed to show the page.
POLICY = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; frame-ancestors 'none'"
_TAGS = {"zh": "zh-Hans"}
_MARKS = {"true": "√", "false": "×", "unknown": "?"}
# Beside a condition that the text does not state; the legend says what they mean.
_BASIS_MARKS = {"implied": "*", "undefined": "†"}

_pages = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.filters["grouped"] = grouped


def memo_page(memo: Json, language: str) -> str:
    """The whole file in one language."""

    def translate(text: Text | dict[str, str]) -> str:
        return text.in_language(language) if isinstance(text, Text) else wording(text, language)

    spoken = {**words, **LABELS["provenance"]}
    known: dict[str, Any] = {name: text.in_language(language) for name, text in spoken.items()}
    return _pages.get_template("memo.html").render(
        memo=memo,
        translate=translate,
        w=known,
        tag=_TAGS.get(language, language),
        style=_STYLE,
        marks=_MARKS,
        basis_marks=_BASIS_MARKS,
        version=__version__,
    )
