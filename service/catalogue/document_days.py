"""What a document says of itself: when it was issued and who signed it, and from when to when it is
in force.

How it says so stands in `document_phrases.toml`, for each language. "On the day of issue" is the
day that it is dated; what its text does not say as a day otherwise ("thirty days after") is left to
whoever reads it.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from service.catalogue.document_phrases import find_phrase, phrases
from service.catalogue.document_writing import PLAIN, DocumentWriting
from service.catalogue.normal_wording import normalise_wording
from service.domain.dates import add_months
from service.domain.numerals import chinese_integer

_CHINESE = re.compile("[\u4e00-\u9fff]")
# The blanks between characters of which each stands alone.
_LONE_CHARACTERS = re.compile(r"(?<!\S\S)\s+(?=\S(?:\s|$))")
_PARTED = re.compile(r"[\s、]+")
# No body is called by fewer characters.
_SHORTEST_NAME = 3
# A line below which a document is dated is a name if it is short and no sentence.
_NAME_LENGTH = range(2, 61)
_SENTENCE = re.compile("[。；;:：]|[.,，]$")
_MAX_SIGNERS = 20


class DocumentDays(NamedTuple):
    """What a text says of its own days; None where it does not."""

    issued: date | None = None
    start: date | None = None
    end: date | None = None


def document_days(text: str, writing: DocumentWriting = PLAIN) -> DocumentDays:
    """The days of a document, from its text."""
    return _DaysReader(writing).read(text)


def signers(text: str, writing: DocumentWriting = PLAIN) -> tuple[str, ...]:
    """Who signed a document: the names on the lines right above the day that it is dated, of which
    a line in Chinese may have several. None where these lines begin the text, which is its title
    then."""
    lines = [line.strip() for line in text.splitlines()]
    *_, last = 0, *(i for i, _ in _DaysReader(writing).dated_lines(text))
    first = last
    while first > 0 and not lines[first - 1]:
        first -= 1
    last = first
    while first > 0 and _is_name(lines[first - 1]):
        first -= 1
    above = any(lines[:first])
    if not above or last - first > _MAX_SIGNERS:
        return ()
    return tuple(name for line in lines[first:last] for name in _names_on(line))


def _names_on(line: str) -> Sequence[str]:
    """The names of bodies on a line. In Chinese blanks and commas of lists part them, as no name
    has any; but for the blanks that set the characters of a short one apart.

    >>> _names_on("财政部 工业和信息化部"), _names_on("财 政 部"), _names_on("The City Council")
    (['财政部', '工业和信息化部'], ['财政部'], ['The City Council'])
    """
    names = _PARTED.split(_LONE_CHARACTERS.sub("", line)) if _CHINESE.search(line) else [line]
    return names if all(len(name) >= _SHORTEST_NAME for name in names) else [line]


def _is_name(line: str) -> bool:
    return len(line) in _NAME_LENGTH and _SENTENCE.search(line) is None


class _DaysReader:
    """Reads what documents of one writing say of their days."""

    def __init__(self, writing: DocumentWriting) -> None:
        self.writing = writing
        self._stop = re.compile(
            rf"[。;;]|(?<=[^\W\d_])\. |(?<=[0-9])\. (?!{writing.month_pattern})"
        )

    def read(self, text: str) -> DocumentDays:
        """The days of a document."""
        sentences = [s for s in self._sentences(text) if _speaks_of_itself(s)]
        *_, issued = None, *(day for _, day in self.dated_lines(text))
        start = next((d for s in reversed(sentences) if (d := self._first("begins", s))), None)
        if start is None and any(find_phrase("issued", s) for s in sentences):
            start = issued
        end = next((d for s in reversed(sentences) if (d := self._first("ends", s))), None)
        if end is None and start is not None:
            end = _after_years(start, sentences)
        if start is not None and end is not None and end < start:
            end = None
        return DocumentDays(issued, start, end)

    def _sentences(self, text: str) -> Iterator[str]:
        """The sentences of a text."""
        for line in text.splitlines():
            yield from self._stop.split(_in_small_letters(line))

    def _first(self, key: str, sentence: str) -> date | None:
        for pattern in phrases(key):
            whole = pattern.replace("{day}", f"(?P<day>{self.writing.day_pattern})")
            for found in re.finditer(whole, sentence):
                if day := self.writing.day(found["day"]):
                    return day
        return None

    def dated_lines(self, text: str) -> Iterator[tuple[int, date]]:
        """The lines on which a day stands alone, or behind a place and a comma: a document is dated
        on the last, below its signature."""
        dated = re.compile(rf"(?:[^\d,]{{2,40}}, (?:\w{{1,3}} )?)?({self.writing.day_pattern})\.?")
        for i, line in enumerate(text.splitlines()):
            found = dated.fullmatch(_in_small_letters(line).strip("()"))
            if found and (day := self.writing.day(found[1])):
                yield i, day


def _in_small_letters(line: str) -> str:
    """A line with single blanks between its words, or none where it is Chinese."""
    plain = normalise_wording(line) if _CHINESE.search(line) else " ".join(line.split())
    return plain.lower()


def _speaks_of_itself(sentence: str) -> bool:
    """Whether a day in it speaks of the document."""
    return find_phrase("document", sentence) is not None


def _after_years(start: date, sentences: list[str]) -> date | None:
    """The last day of so many years, both ends included."""
    for sentence in sentences:
        if found := find_phrase("lasts", sentence):
            years = int(found[1]) if found[1].isdecimal() else chinese_integer(found[1])
            return add_months(start, 12 * years) - timedelta(days=1)
    return None
