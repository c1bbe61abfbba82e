"""Text as tokens for full-text search, and a query as what it asks for.

A run of Chinese becomes its pairs of characters, in order, then its single characters; so any
piece of the run is found exactly, one character as a token, two or more as a phrase of pairs.
Everything else becomes words without case, width or accents. A number is one token however it is
written: 2,000万元, 2000 万 and 20 million are 20000000.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from service.domain.facts.search_words import SearchWords

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|[^\W_{_HAN}]+")
_CHUNK = re.compile(rf"[^\W_{_HAN}]*[{_HAN}]+|[^\W_{_HAN}]+")
_WORD = re.compile("[a-z][a-z0-9]*")
_NUMBER = re.compile(
    r"(?<![\w.])(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?P<part>\.[0-9]{1,4})?"
    r"(?![a-z0-9_.])(?:\s*(?P<unit>[百千]?万|亿|thousand|million|billion)(?![a-z]))?(?:\s*(?:元|yuan\b))?",
    re.IGNORECASE,
)
_UNITS = {"thousand": 10**3, "万": 10**4, "百万": 10**6, "million": 10**6, "千万": 10**7}
_UNITS |= {"亿": 10**8, "billion": 10**9}
_LONGEST_PIECE = 12
_MAX_RUN = 64
_MAX_CHUNKS = 24
# A word of so many letters also finds the words it begins.
_PREFIX_LETTERS = 4
# An English word weighs as two characters.
_WORD_WEIGHT = 2


class Run(NamedTuple):
    """A run of Chinese characters, or one word."""

    text: str
    han: bool


@dataclass(frozen=True)
class Wanted:
    """One thing a query asks for: FTS5 expressions for it as it stands, and by whatever it begins;
    `weight` says how much of the query it is."""

    exact: str
    loose: str
    weight: int


@dataclass(frozen=True)
class Query:
    """What a query asks for. `passed_over` is how much of it nothing in the index holds."""

    wanted: tuple[Wanted, ...]
    passed_over: int

    @property
    def is_mostly_known(self) -> bool:
        return sum(w.weight for w in self.wanted) > self.passed_over


def folded(text: str) -> str:
    """Without differences of case, width, accent and the way a number is written."""
    plain = unicodedata.normalize("NFKD", text)
    for accent in filter(unicodedata.combining, set(plain)):
        plain = plain.replace(accent, "")
    return _NUMBER.sub(_plain_number, plain.casefold())


def _plain_number(match: re.Match[str]) -> str:
    value = Decimal(match["digits"].replace(",", "") + (match["part"] or ""))
    scaled = value * _UNITS.get((match["unit"] or "").casefold(), 1)
    return f" {scaled.normalize():f} "


def tokens(text: str) -> list[str]:
    """What the index holds of a text."""
    return [token for run in _runs(folded(text)) for token in _index_tokens(run)]


def _runs(plain: str) -> Iterator[Run]:
    for match in _RUN.finditer(plain):
        yield Run(match[0], match["han"] is not None)


def _index_tokens(run: Run) -> list[str]:
    return [*_pairs(run.text), *run.text] if run.han else [run.text]


def _phrase_tokens(run: Run) -> list[str]:
    return (_pairs(run.text) or [run.text]) if run.han else [run.text]


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def phrase(text: str) -> str:
    """The FTS5 expression for a text as it stands; quoted, so that nothing in it is an operator.
    A word and the Chinese right behind it stand together: S基金."""
    parts = [
        " ".join(token for run in _runs(chunk) for token in _phrase_tokens(run))
        for chunk in _CHUNK.findall(folded(text))
    ]
    return " AND ".join(f'"{part}"' for part in parts)


def read_query(text: str, words: SearchWords, holds: Callable[[str], bool]) -> Query:
    """What a query asks for; `holds` tells whether anything in the index fits an expression.

    Words that every question has (哪些, 政策, how) ask for nothing, unless nothing else is there.
    """
    plain, terms = _taken_out(folded(text), words.synonyms)
    chunks = _CHUNK.findall(plain)[:_MAX_CHUNKS]
    reader = _Reader(words, holds)
    reader.read([*terms, *chunks])
    if not reader.wanted and not reader.passed_over:
        reader = _Reader(SearchWords(words.synonyms), holds)
        reader.read(chunks)
    return Query(tuple(dict.fromkeys(reader.wanted)), reader.passed_over)


def _taken_out(plain: str, synonyms: Collection[str]) -> tuple[str, list[str]]:
    """A query without the terms of several words that have synonyms, and those terms."""
    found = []
    for term in synonyms:
        if len(_CHUNK.findall(term)) > 1:
            rest = re.sub(rf"(?<!\w){re.escape(term)}(?!\w)", " ", plain)
            if rest != plain:
                plain = rest
                found.append(term)
    return plain, found


class _Reader:
    """Reads the chunks of one query."""

    def __init__(self, words: SearchWords, holds: Callable[[str], bool]) -> None:
        self.words, self.holds = words, holds
        self.wanted: list[Wanted] = []
        self.passed_over = 0

    def read(self, chunks: list[str]) -> None:
        for chunk in chunks:
            self._read(chunk[:_MAX_RUN])

    def _read(self, chunk: str) -> None:
        if chunk not in self.words.ignored and self._take(chunk):
            return
        for run in _runs(chunk):
            if run.han:
                self._read_run(run.text)
            elif run.text not in self.words.ignored and not self._take(run.text):
                self.passed_over += _WORD_WEIGHT

    def _read_run(self, run: str) -> None:
        """Piece by piece, each as long as anything holds it."""
        at = 0
        while at < len(run):
            word = _longest(self.words.synonyms, run, at)
            empty = _longest(self.words.ignored, run, at)
            piece = word if len(word) > len(empty) else ""
            if not empty:
                piece = max(piece, self._longest_held(run, at), key=len)
            if not piece or not self._take(piece):
                self.passed_over += 0 if empty else max(len(piece), 1)
            at += len(piece or empty) or 1

    def _longest_held(self, run: str, at: int) -> str:
        end = at + 1
        while end < min(len(run), at + _LONGEST_PIECE) and self.holds(phrase(run[at : end + 1])):
            end += 1
        return run[at:end] if end > at + 1 else ""

    def _take(self, piece: str) -> bool:
        """Ask for a piece, or for what means the same; False where nothing holds either."""
        exact = [phrase(p) for p in (piece, *self.words.synonyms.get(piece, ()))]
        exact = [e for e in exact if self.holds(e)]
        loose = [f"{phrase(piece)}*"] if _WORD.fullmatch(piece) else []
        loose = [e for e in loose if self.holds(e)]
        if not exact and not loose:
            return False
        if exact and len(piece) < _PREFIX_LETTERS:  # AI does not mean AIC
            loose = []
        self.wanted.append(
            Wanted(
                _any(exact or loose),
                _any([*exact, *loose]),
                _WORD_WEIGHT if _WORD.fullmatch(piece) else len(piece),
            )
        )
        return True


def _any(expressions: list[str]) -> str:
    return "(" + " OR ".join(f"({e})" for e in expressions) + ")"


def _longest(words: Collection[str], run: str, at: int) -> str:
    """The longest of the words that stands at a place in a run."""
    return max((w for w in words if run.startswith(w, at)), key=len, default="")
