"""The days a document says of itself: when it was issued, and from when to when it is in force.

"On the day of issue" is the day that it is dated; what its text does not say as a day otherwise
("thirty days after") is left to whoever reads it.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from service.catalogue.normal_wording import normalise_wording
from service.domain.dates import add_months
from service.domain.numerals import chinese_integer

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_DAY = (
    r"(\d{4})年(\d{1,2})月(\d{1,2})日"
    r"|(\d{4})-(\d{1,2})-(\d{1,2})"
    rf"|(\d{{1,2}})(?:st|nd|rd|th)? ?({'|'.join(_MONTHS)}),? ?(\d{{4}})"
    rf"|({'|'.join(_MONTHS)}) ?(\d{{1,2}})(?:st|nd|rd|th)?,? ?(\d{{4}})"
)
_PART = f"(?:{re.sub(r'[(](?![?])', '(?:', _DAY)})"
_BEGINS = (
    rf"(?:自|从)?(?P<day>{_PART})起?(?:正式)?(?:施行|实施|执行|实行|生效|有效)",
    rf"有效期(?:为|限)?(?:自|从)(?P<day>{_PART})",
    (
        r"(?:takes?|taking|come|comes|coming|enters?|entering|is|shall be|be) "
        rf"(?:effect|into force|in force|effective)(?: on| from| as of)? (?P<day>{_PART})"
    ),
    rf"effective(?: on| from| as of)? (?P<day>{_PART})",
)
_ENDS = (
    rf"(?:有效期|有效|施行|执行|实施|日起)?(?:截至|截止到?|至|到)(?P<day>{_PART})(?:止|为止|截止|终止|失效)?",
    (
        r"(?:until|expires?(?: on)?|expiring(?: on)?|valid to|ends?(?: on)?|through) "
        rf"(?P<day>{_PART})"
    ),
)
_ON_ISSUE = re.compile("自(?:发布|印发|公布|下发)之日起(?:正式)?(?:施行|实施|执行|实行|生效)")
_FEW = "[一二三四五六七八九]"
_LASTS = re.compile(rf"有效期(?:限)?(?:为)?(\d{{1,2}}|{_FEW}?十{_FEW}?|{_FEW})年")
_LASTS_EN = re.compile(r"(?:valid|in force|effect) for (\d{1,2}) years?")
# Only near words like these does a day speak of the document itself.
_OF_THE_DOCUMENT = re.compile(
    r"施行|实施|执行|实行|生效|有效期|in force|into force|takes? effect|effective|valid|expire",
    re.IGNORECASE,
)


class DocumentDays(NamedTuple):
    """What a text says of its own days; None where it does not."""

    issued: date | None = None
    start: date | None = None
    end: date | None = None


def document_days(text: str) -> DocumentDays:
    """The days of a document, from its text."""
    sentences = [s for s in _sentences(text) if _OF_THE_DOCUMENT.search(s)]
    issued = _issued(text)
    start = next((d for s in reversed(sentences) if (d := _first(_BEGINS, s))), None)
    if start is None and any(map(_ON_ISSUE.search, sentences)):
        start = issued
    end = next((d for s in reversed(sentences) if (d := _first(_ENDS, s))), None)
    if end is None and start is not None:
        end = _after_years(start, sentences)
    if start is not None and end is not None and end < start:
        end = None
    return DocumentDays(issued, start, end)


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a text, Chinese without its blanks, others in small letters."""
    for line in text.splitlines():
        plain = (
            normalise_wording(line)
            if re.search("[\u4e00-\u9fff]", line)
            else " ".join(line.split())
        )
        yield from re.split(r"[。;;]|(?<=[a-z0-9])\. ", plain.lower())


def _first(patterns: tuple[str, ...], sentence: str) -> date | None:
    for pattern in patterns:
        for found in re.finditer(pattern, sentence):
            day = _day(found["day"])
            if day is not None:
                return day
    return None


def _day(written: str) -> date | None:
    match = re.fullmatch(_DAY, written)
    if match is None:
        return None
    parts = [part for part in match.groups() if part]
    if parts[1] in _MONTHS:
        parts = [parts[2], str(_MONTHS.index(parts[1]) + 1), parts[0]]
    elif parts[0] in _MONTHS:
        parts = [parts[2], str(_MONTHS.index(parts[0]) + 1), parts[1]]
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None


def _after_years(start: date, sentences: list[str]) -> date | None:
    """The last day of so many years, both ends included."""
    for sentence in sentences:
        found = _LASTS.search(sentence) or _LASTS_EN.search(sentence)
        if found:
            years = int(found[1]) if found[1].isdecimal() else chinese_integer(found[1])
            return add_months(start, 12 * years) - timedelta(days=1)
    return None


def _issued(text: str) -> date | None:
    """The last day that stands on a line of its own: a document is dated below its signature."""
    lines = (normalise_wording(line).lower() for line in text.splitlines())
    days = [day for line in lines if (day := _day(line.strip("()")))]
    return days[-1] if days else None
