"""How the documents of a language write numbers and days: 15.000, 1,5 Mio. Euro, 8 ans, 1. März
2026, 令和8年4月1日."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_GROUP = re.compile(r"[(](?![?])")
_TH = "st|nd|rd|th"
_YEAR_FIRST = (r"(\d{4})年(\d{1,2})月(\d{1,2})日", r"(\d{4})-(\d{1,2})-(\d{1,2})")


@dataclass(frozen=True)
class DocumentWriting:
    """How a language writes: a `comma` before decimals, the day before the month, and the names of
    its months in small letters, January first. Days in Chinese and English are read in all of them.
    `currencies` are the codes of currencies by the words behind their amounts; `scales` what a word
    such as million multiplies by, `spans` how many months one such as year has, both in small
    letters without blanks. `parts` stand behind year, month and day where the year comes first,
    `eras` are the years before the first of each."""

    comma: bool = False
    day_first: bool = False
    months: tuple[str, ...] = ()
    currencies: Mapping[str, str] = field(default_factory=dict)
    scales: Mapping[str, Decimal] = field(default_factory=dict)
    spans: Mapping[str, int] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    eras: Mapping[str, int] = field(default_factory=dict)

    def day(self, written: str) -> date | None:
        """The day that is written, in small letters, be it without blanks; None where it is none.

        >>> DocumentWriting(months=("janvier", "février")).day("1er février 2026")
        datetime.date(2026, 2, 1)
        """
        for way, order in self._ways.items():
            if found := re.fullmatch(way, written):
                parts = dict(zip(order, found.groups(), strict=True))
                month = self._months_by_name.get(parts["m"]) or int(parts["m"])
                try:
                    return date(self._year(parts["y"]), month, int(parts["d"]))
                except ValueError:
                    return None
        return None

    def _year(self, written: str) -> int:
        """2026; of the eighth year of an era the same."""
        for era, before in self.eras.items():
            if written.startswith(era):
                return before + int(written.removeprefix(era).replace("元", "1"))
        return int(written)

    @cached_property
    def unit_pattern(self) -> str:
        """An expression for the words behind a number: scales, spans of time, currencies. What is
        cut short before a currency ends in a point: Mio. Euro."""
        scales, spans, currencies = (
            "|".join(map(re.escape, words)) for words in (self.scales, self.spans, self.currencies)
        )
        scaled = f"(?i:{scales})(?:\\.(?={currencies}))?" if scales else ""
        return "|".join(filter(None, (scaled, f"(?i:{spans})" if spans else "", currencies)))

    @cached_property
    def day_pattern(self) -> str:
        """An expression for a day, without groups that count."""
        return f"(?:{'|'.join(_GROUP.sub('(?:', way) for way in self._ways)})"

    @cached_property
    def month_pattern(self) -> str:
        """An expression for the name of a month."""
        return f"(?:{'|'.join(map(re.escape, self._months_by_name))})"

    @cached_property
    def _months_by_name(self) -> Mapping[str, int]:
        return {
            name: month for names in (_MONTHS, self.months) for month, name in enumerate(names, 1)
        }

    @cached_property
    def _ways(self) -> Mapping[str, str]:
        """The ways to write a day, and the order of its parts."""
        month = f"({self.month_pattern})"
        named = {
            rf"(\d{{1,2}})(?:{_TH}|er|\.|°|o)? ?(?:de ?)?{month},? ?(?:de ?)?(\d{{4}})": "dmy",
            rf"{month} ?(\d{{1,2}})(?:{_TH})?,? ?(\d{{4}})": "mdy",
        }
        in_figures = {r"(\d{1,2})[./](\d{1,2})[./](\d{4})": "dmy"} if self.day_first else {}
        return {**dict.fromkeys(_YEAR_FIRST, "ymd"), **self._by_parts, **named, **in_figures}

    @cached_property
    def _by_parts(self) -> Mapping[str, str]:
        """2026년 4월 1일, 令和8年4月1日."""
        if not self.parts:
            return {}
        year, month, day = self.parts
        years = "|".join([r"\d{4}", *(rf"{era}(?:\d{{1,2}}|元)" for era in self.eras)])
        return {rf"({years}){year} ?(\d{{1,2}}){month} ?(\d{{1,2}}){day}": "ymd"}


PLAIN = DocumentWriting()
