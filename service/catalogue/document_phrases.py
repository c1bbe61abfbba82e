"""How official texts say what they say of themselves, and what changes what is paid: expressions by
language, which stand beside this module.
"""

import re
import tomllib
from functools import cache
from pathlib import Path


@cache
def phrases(key: str) -> tuple[str, ...]:
    """The expressions of all languages for something, in the order of the file."""
    said = (words[key] for words in _by_language().values() if key in words)
    return tuple(p for ways in said for p in ([ways] if isinstance(ways, str) else ways))


def find_phrase(key: str, text: str) -> re.Match[str] | None:
    """Where a text says something first, by the first expression that fits; small letters and
    capitals are the same."""
    searches = (re.search(phrase, text, re.IGNORECASE) for phrase in phrases(key))
    return next(filter(None, searches), None)


@cache
def _by_language() -> dict[str, dict[str, str | list[str]]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
