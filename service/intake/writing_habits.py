"""How people of a catalogue's language write numbers, days, yes and no: 1.234,5, 31/12/2020, oui,
12,34,567, 令和7年4月1日.

The habits of each language stand beside this module. What is written by them comes out as it would
be written without them, for the readers of values.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from service.domain.text import SPOKEN, Text, text_of
from service.domain.wording.labels import NONE
from service.domain.wording.phrases import NO, YES
from service.intake.simplified import folded

_DIGITS = re.compile(r"[0-9](?:[0-9.,'’\s]*[0-9])?")
_BLANKS = re.compile(r"(?<=[0-9])[\s'’](?=[0-9]{3}(?![0-9]))")
_BY_COMMA = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+),([0-9]+)")
_BY_A_POINT = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_BY_POINTS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}")
# Mio., Tsd.: what is cut short ends in a point.
_CUT_SHORT = re.compile(r"(?<=[^\W\d_])\.")
# Hundreds part the digits above the thousands: 12,34,567.
_BY_HUNDREDS = re.compile(r"(?<![0-9,])[0-9]{1,2}(?:,[0-9]{2})*,[0-9]{3}(?![0-9,])")
_DAY = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})")
# Of a language that puts the year first: 2020. 3. 1.
_BY_FULL_STOPS = re.compile(r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})\.?")
_MAX_LENGTH, _YEAR_DIGITS = 60, 4


@dataclass(frozen=True)
class WritingHabits:
    """The habits of one language; none: what is written stays as it is. `parts` are what stands
    behind year, month and day where the year comes first, `eras` the years before the first of
    each."""

    comma: bool = False
    by_hundreds: bool = False
    day_first: bool = False
    months: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    eras: Mapping[str, int] = field(default_factory=dict)
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    none: frozenset[str] = frozenset()
    scales: Mapping[str, Decimal] = field(default_factory=dict)
    beside_name: Mapping[str, Decimal] = field(default_factory=dict)
    spans: Mapping[str, int] = field(default_factory=dict)

    def figure(self, written: str) -> str:
        """A text with its one number as it is written everywhere.

        >>> habits_of(["fr"]).figure("1 234 567,89 €"), habits_of(["de"]).figure("1,5 Mio. €")
        ('1234567.89 €', '1.5 Mio €')
        """
        if len(written) > _MAX_LENGTH:
            return written
        if not self.comma:
            return _BY_HUNDREDS.sub(_in_a_row, written) if self.by_hundreds else written
        text = unicodedata.normalize("NFKC", written)
        found = list(_DIGITS.finditer(text))
        if len(found) != 1:
            return written
        digits, (start, end) = _BLANKS.sub("", found[0][0]), found[0].span()
        if by_comma := _BY_COMMA.fullmatch(digits):
            digits = f"{by_comma[1].replace('.', '')}.{by_comma[2]}"
        elif _BY_POINTS.fullmatch(digits):
            digits = digits.replace(".", "")
        return f"{_CUT_SHORT.sub('', text[:start])}{digits}{_CUT_SHORT.sub('', text[end:])}"

    def whole(self, written: str) -> str:
        """A whole number as it is written everywhere: the one point in it can part thousands alone,
        where of other numbers it may part decimals.

        >>> habits_of(["pt"]).whole("1.050"), habits_of(["pt"]).whole("1,050")
        ('1050', '1,050')
        """
        parted = self.comma and _BY_A_POINT.fullmatch(written.strip())
        return written.replace(".", "") if parted else written

    def day(self, written: str) -> str:
        """A day as it is written everywhere.

        >>> habits_of(["fr"]).day("31/12/2020"), habits_of(["fr"]).day("1er mars 2021")
        ('2020-12-31', '2021-03-01')
        """
        if len(written) > _MAX_LENGTH:
            return written
        text = folded(written)
        if self.parts:
            return self._year_first(text) or written
        if not self.day_first:
            return written
        if found := _DAY.fullmatch(text):
            return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
        for number, month in enumerate(self.months, 1):
            named = re.fullmatch(
                rf"([0-9]{{1,2}})(?:er|[.ºo])?(?:de)?{month}(?:de)?([0-9]{{4}})", text
            )
            if named:
                return f"{named[2]}-{number:02}-{int(named[1]):02}"
        return written

    def _year_first(self, text: str) -> str | None:
        """2020年3月1日, 令和2年3月1日, 2020. 3. 1."""
        if found := _BY_FULL_STOPS.fullmatch(text):
            year, month, day = map(int, found.groups())
            return f"{year}-{month:02}-{day:02}"
        eras, (of_year, of_month, of_day) = "|".join(self.eras), self.parts
        found = re.fullmatch(
            rf"({eras})?([0-9]{{1,4}}|元){of_year}([0-9]{{1,2}}){of_month}([0-9]{{1,2}}){of_day}",
            text,
        )
        if found is None or not (found[1] or len(found[2]) == _YEAR_DIGITS):
            return None
        year = self.eras.get(found[1], 0) + int(found[2].replace("元", "1"))
        return f"{year}-{int(found[3]):02}-{int(found[4]):02}"

    def whether(self, written: str) -> str:
        """Yes or no, as it is written everywhere."""
        text = folded(written)
        return "yes" if text in self.yes else "no" if text in self.no else written


def _in_a_row(digits: re.Match[str]) -> str:
    return digits[0].replace(",", "")


def yes_and_no(languages: Sequence[str]) -> tuple[Text, Text]:
    """What people write for yes and for no, in each of a catalogue's languages.

    >>> [word.in_language("de") for word in yes_and_no(["de", "fr"])]
    ['ja', 'nein']
    """
    yes, no = (
        text_of({tag: _word_for(tag, key) for tag in languages}, languages) for key in ("yes", "no")
    )
    return yes, no


def none_word(languages: Sequence[str]) -> str:
    """What people write where there is none of a list."""
    return _word_for(languages[0], "none")


def _word_for(tag: str, key: str) -> str:
    if tag in SPOKEN:
        return _SPOKEN_WORDS[key].in_language(tag)
    found = _habits_in(tag)
    return str(found[key][0]) if found else _SPOKEN_WORDS[key].en


_SPOKEN_WORDS = {"yes": YES, "no": NO, "none": NONE}


def _habits_in(tag: str) -> Mapping[str, Any] | None:
    """The habits of a language, be it that of a country (pt-BR)."""
    return _habits().get(tag) or _habits().get(tag.partition("-")[0])


@cache
def _habits() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def _scales_in(habits: Mapping[str, Any], key: str) -> Mapping[str, Decimal]:
    return {folded(word): Decimal(n) for word, n in habits.get(key, {}).items()}


def habits_of(languages: Iterable[str]) -> WritingHabits:
    """The habits of the first of a catalogue's languages."""
    found = _habits_in(next(iter(languages), ""))
    if found is None:
        return WritingHabits()
    words = {key: frozenset(map(folded, found[key])) for key in ("yes", "no", "unknown", "none")}
    return WritingHabits(
        comma=found["decimals"] == ",",
        by_hundreds=found.get("groups") == 2,
        day_first=found["days"] == "dmy",
        months=tuple(map(folded, found.get("months", ()))),
        parts=tuple(map(folded, found.get("parts", ()))),
        eras={folded(era): year for era, year in found.get("eras", {}).items()},
        scales=_scales_in(found, "scales"),
        beside_name=_scales_in(found, "beside_currency"),
        spans=found.get("spans", {}),
        **words,
    )
