"""How people of a catalogue's language write numbers, days, yes and no: 1.234,5, 31/12/2020, oui.

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
_DAY = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})")
_MAX_LENGTH = 60


@dataclass(frozen=True)
class WritingHabits:
    """The habits of one language; none: what is written stays as it is."""

    comma: bool = False
    day_first: bool = False
    months: tuple[str, ...] = ()
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    none: frozenset[str] = frozenset()
    scales: Mapping[str, Decimal] = field(default_factory=dict)

    def figure(self, written: str) -> str:
        """A text with its one number as it is written everywhere.

        >>> habits_of(["fr"]).figure("1 234 567,89 €"), habits_of(["de"]).figure("1,5 Mio. €")
        ('1234567.89 €', '1.5 Mio €')
        """
        if not self.comma or len(written) > _MAX_LENGTH:
            return written
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
        if not self.day_first or len(written) > _MAX_LENGTH:
            return written
        text = folded(written)
        if found := _DAY.fullmatch(text):
            return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
        for number, month in enumerate(self.months, 1):
            named = re.fullmatch(
                rf"([0-9]{{1,2}})(?:er|[.ºo])?(?:de)?{month}(?:de)?([0-9]{{4}})", text
            )
            if named:
                return f"{named[2]}-{number:02}-{int(named[1]):02}"
        return written

    def whether(self, written: str) -> str:
        """Yes or no, as it is written everywhere."""
        text = folded(written)
        return "yes" if text in self.yes else "no" if text in self.no else written


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


def habits_of(languages: Iterable[str]) -> WritingHabits:
    """The habits of the first of a catalogue's languages."""
    found = _habits_in(next(iter(languages), ""))
    if found is None:
        return WritingHabits()
    words = {key: frozenset(map(folded, found[key])) for key in ("yes", "no", "unknown", "none")}
    return WritingHabits(
        comma=found["decimals"] == ",",
        day_first=found["days"] == "dmy",
        months=tuple(map(folded, found["months"])),
        scales={folded(word): Decimal(n) for word, n in found["scales"].items()},
        **words,
    )
