"""Traditional characters as simplified ones, sign by sign, so that names in either are the same.

The signs are those of OpenCC's table TSCharacters (Apache License 2.0), each with the first
simplified one: `simplified.txt` has the traditional signs in its first line, and in its second what
they become. What a person wrote is only compared so, never kept so.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path


def plain_characters(text: str) -> str:
    """Full-width characters as plain ones, traditional as simplified ones, and the apostrophe that
    word processors set (Xi’an) as the plain one."""
    return simplified(unicodedata.normalize("NFKC", text).replace("’", "'"))


def simplified(text: str) -> str:
    """The same text in simplified characters."""
    return text if text.isascii() else text.translate(_table())


def folded(text: str) -> str:
    """Full-width characters as plain ones, traditional as simplified ones, in small letters,
    without any blank."""
    return re.sub(r"\s+", "", plain_characters(text)).casefold()


@cache
def _table() -> dict[int, str]:
    path = Path(__file__).with_name("simplified.txt")
    traditional, simple = path.read_text(encoding="utf-8").split()
    return str.maketrans(dict(zip(traditional, simple, strict=True)))
