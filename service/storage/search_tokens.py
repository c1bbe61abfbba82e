"""Text as tokens for full-text search, and as the expression that finds it as it stands.

A run of Chinese becomes its pairs of characters, in order, then its single characters, so that any
piece of the run is found exactly.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from operator import add
from typing import NamedTuple

from service.domain.facts.search_folding import folded

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|[^\W_{_HAN}]+")
CHUNK = re.compile(rf"[^\W_{_HAN}]*[{_HAN}]+|[^\W_{_HAN}]+")


# Lines of documents whose tokens are held: days, places and titles stand in many of them.
MAX_LINES = 20_000


class TextRun(NamedTuple):
    """A run of Chinese characters, or one word."""

    text: str
    han: bool


def tokens(text: str) -> list[str]:
    """What the index holds of a text. A catalogue has millions of words: no run is made of each."""
    found: list[str] = []
    for match in _RUN.finditer(folded(text)):
        run = match[0]
        if match.lastindex:  # its only group: Chinese
            found += map(add, run, run[1:])
            found += run
        else:
            found.append(run)
    return found


def lines_as_tokens(text: str) -> str:
    """What the index holds of the lines of a text, parted by spaces; a number and what it counts
    stand in one line."""
    return " ".join(filter(None, map(_line_as_tokens, text.split("\n"))))


@lru_cache(MAX_LINES)
def _line_as_tokens(line: str) -> str:
    return " ".join(tokens(line))


def runs_of(plain: str) -> Iterator[TextRun]:
    """The runs of a folded text, in order."""
    for match in _RUN.finditer(plain):
        yield TextRun(match[0], match["han"] is not None)


def _phrase_tokens(run: TextRun) -> list[str]:
    return (pairs_of(run.text) or [run.text]) if run.han else [run.text]


def pairs_of(run: str) -> list[str]:
    """Each two characters of a run that stand beside each other."""
    return [run[i : i + 2] for i in range(len(run) - 1)]


def phrase(text: str) -> str:
    """The FTS5 expression for a text as it stands; quoted, so that nothing in it is an operator.
    A word and the Chinese right behind it stand together: S基金; so do several words: cross-border.
    """
    parts: list[list[str]] = []
    was_word = False
    for chunk in CHUNK.findall(folded(text)):
        is_word = not any(run.han for run in runs_of(chunk))
        if not (is_word and was_word):
            parts.append([])
        parts[-1] += [token for run in runs_of(chunk) for token in _phrase_tokens(run)]
        was_word = is_word
    return " AND ".join(f'"{" ".join(part)}"' for part in parts)


def in_name(expression: str) -> str:
    """The same expression, of a document's name."""
    return f"{{name}} : ({expression})"
