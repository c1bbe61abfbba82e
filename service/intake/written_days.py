"""Days as people write them: 2021-03-01, 20210301, 2021年3月1日, 二〇二一年三月."""

import re
from datetime import date

from service.domain.numerals import chinese_integer
from service.domain.text import Text
from service.intake.written_values import (
    MAX_LENGTH,
    Unreadable,
    WrittenValue,
    refuse_long,
    single_number,
)

_DAY = re.compile(
    r"(?P<y>[0-9]{4})(?:[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})"
    r"|年(?P<m2>[0-9]{1,2})月(?P<d2>[0-9]{1,2})[日号]?|(?P<m3>[0-9]{2})(?P<d3>[0-9]{2}))"
)
_CHINESE_DAY = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})[日号])?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = (
    r"(?P<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ORDINAL, _YEAR = r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?", r"(?P<y>[0-9]{4})"
_ENGLISH_DAYS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_ORDINAL}[\s-]+(?:of\s+)?{_NAMED}[\s,-]+{_YEAR}",
        rf"{_NAMED}\s+{_ORDINAL}[\s,]+{_YEAR}",
        rf"{_NAMED}[\s,-]+{_YEAR}",
    )
)
# The time of a day, as spreadsheets write it behind one.
_TIME = re.compile(r"(?:\s+|(?<=[0-9])[Tt])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?\s*$")
# A day whose cell lost its format: spreadsheets count days from the end of 1899. 1927 to 2064.
_SERIAL, _SERIALS, _SERIAL_ZERO = re.compile(r"[0-9]{5}"), (10_000, 60_000), 693_594
# Not 2021.1: a spreadsheet writes October so, too.
_MONTH = re.compile(
    r"(?P<y>[0-9]{4})(?:年(?P<m>[0-9]{1,2})月?|[-/](?P<m2>[0-9]{1,2})"
    r"|\.(?P<m3>0[1-9]|1[0-2]))"
)


def read_day(
    written: str, *, month_allowed: bool = True, serial_allowed: bool = False
) -> WrittenValue:
    """A day, also with a time behind it: 2021-03-01, 2021/3/1, 2021.3.1, 20210301, 2021年3月1日.
    2021年3月 is read as its first day, and where `serial_allowed` a spreadsheet's number of a day
    as that day, both with a remark. Raises Unreadable."""
    refuse_long(written)
    text = _in_figures(single_number(_in_english(_TIME.sub("", written))))
    if found := _DAY.fullmatch(text):
        month = found["m"] or found["m2"] or found["m3"]
        return WrittenValue(
            _day(found["y"], month, found["d"] or found["d2"] or found["d3"], written)
        )
    if serial_allowed and _SERIAL.fullmatch(text) and _SERIALS[0] <= int(text) <= _SERIALS[1]:
        day = date.fromordinal(_SERIAL_ZERO + int(text)).isoformat()
        remark = Text("序列号，按 {day} 理解", "a spreadsheet's number of a day; taken as {day}")
        return WrittenValue(day, remark.format(day=day))
    month_only = _MONTH.fullmatch(text)
    if month_only and month_allowed:
        month = month_only["m"] or month_only["m2"] or month_only["m3"]
        day = _day(month_only["y"], month, "1", written)
        remark = Text("只写了年月，按 {day} 理解", "only a month is given; taken as {day}")
        return WrittenValue(day, remark.format(day=day))
    raise Unreadable(
        "看不出是哪一天；可写 2021-03-01、2021/3/1 或 2021年3月1日",
        "no day; write 2021-03-01 or 2021/3/1",
    )


def _in_english(text: str) -> str:
    """1 March 2011, Mar 1, 2011 and March 2011 as 2011-3-1 and 2011-3; all else as it is."""
    found = next(filter(None, (form.fullmatch(text.strip()) for form in _ENGLISH_DAYS)), None)
    if found is None:
        return text
    month = _MONTHS.index(found["m"][:3].casefold()) + 1
    day = found.groupdict().get("d")
    return "-".join(filter(None, (found["y"], str(month), day)))


def _in_figures(text: str) -> str:
    """二〇二一年三月十二日 as 2021年3月12日; whatever is written otherwise as it is."""
    found = _CHINESE_DAY.fullmatch(text)
    if found is None:
        return text
    try:
        numbers = [chinese_integer(part) for part in found.groups() if part]
    except ValueError:
        return text
    return "".join(f"{n}{unit}" for n, unit in zip(numbers, "年月日", strict=False))


def _day(year: str, month: str, day: str, written: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        shown = written.strip()[:MAX_LENGTH]
        raise Unreadable(f"没有 {shown} 这一天", f"there is no day {shown}") from None
