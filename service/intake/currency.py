"""What amounts are written in: the names of a currency, by the catalogue's words for units."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from service.domain.facts.vocabulary import Fact, Vocabulary
from service.domain.text import Text
from service.intake.simplified import folded
from service.intake.writing_habits import habits_of

ONE = Decimal(1)
_CODE_LENGTH = 3
# What an amount may be counted in, beside the currency.
SCALES: Mapping[str, Decimal] = {
    "千亿": Decimal(10) ** 11, "百亿": Decimal(10) ** 10, "十亿": Decimal(10) ** 9,
    "亿": Decimal(10) ** 8, "千万": Decimal(10) ** 7, "百万": Decimal(10) ** 6,
    "十万": Decimal(10) ** 5, "万": Decimal(10) ** 4, "w": Decimal(10) ** 4, "k": Decimal(10) ** 3,
    "million": Decimal(10) ** 6, "billion": Decimal(10) ** 9, "thousand": Decimal(10) ** 3,
    "millions": Decimal(10) ** 6, "thousands": Decimal(10) ** 3, "mn": Decimal(10) ** 6,
    "bn": Decimal(10) ** 9,
}  # fmt: skip
# What counts only beside the currency: 千元, CNY m, RMB'000, 10,000 yuan.
BESIDE_NAME: Mapping[str, Decimal] = {
    "千": Decimal(10) ** 3, "m": Decimal(10) ** 6, "'000": Decimal(10) ** 3,
    "’000": Decimal(10) ** 3, "‘000": Decimal(10) ** 3, "000s": Decimal(10) ** 3,
}  # fmt: skip
# 10,000, 100 million: how many of a scale one is.
_ROUND = re.compile(r"(?P<count>10{0,3}(?:,?000){0,3})(?P<scale>[^0-9,]*)")
_LEAST_ROUND = 1000
_JOINTS = re.compile(r"[()/:,\-]|^(?:in|of)|(?:in|of)$")


@dataclass(frozen=True)
class Currency:
    """One currency: what it is called for a reader, and all names it goes by, folded.

    `others` are names of other currencies that the catalogue knows. `in_chinese`: whether amounts
    are also written as 5,200万. `scales`: what else they are counted in, by the catalogue's
    language; `beside_name` what counts so only beside the currency (TEUR).
    """

    label: Text
    names: tuple[str, ...]
    others: tuple[str, ...]
    in_chinese: bool
    scales: Mapping[str, Decimal] = field(default_factory=dict)
    beside_name: Mapping[str, Decimal] = field(default_factory=dict)

    def without_name(self, text: str) -> tuple[bool, str]:
        """Whether a folded text names the currency, and the text without it; the name may stand
        before or behind, or both."""
        if not (text.startswith(self.names) or text.endswith(self.names)):
            return False, text
        bare = text
        for _ in range(2):
            for name in self.names:
                if name != bare and bare.startswith(name):
                    bare = bare.removeprefix(name)
                if name != bare and bare.endswith(name):
                    bare = bare.removesuffix(name)
        return bare != text, bare

    def is_foreign(self, text: str) -> bool:
        """Whether a folded text names another currency."""
        for touches in (str.startswith, str.endswith):
            if not touches(text, self.others):
                continue
            found = [name for name in (*self.names, *self.others) if touches(text, name)]
            if found and max(found, key=len) in self.others:
                return True
        return any(unicodedata.category(c) == "Sc" for c in self.without_name(text)[1])

    def is_unit_word(self, name: str) -> bool:
        """Whether one of the currency's names says what an amount counts in, as 元 behind it does;
        its code or its sign only says whose money it is."""
        labels = (label for label in self.label.by_language().values() if not _is_currency(label))
        return any(folded(label) in name for label in labels)

    def name_behind(self, text: str) -> str | None:
        """The currency's name at the end of a folded text, the longest that stands there."""
        return next((name for name in self.names if text.endswith(name)), None)

    def scale(self, word: str) -> Decimal | None:
        """What a folded word such as 万元, k€, EUR or rmb10,000 counts in; None where it is no such
        word."""
        if word in self.names:
            return ONE
        if self._names_several(word):
            return None
        named, bare = self.without_name(_JOINTS.sub(_kept_comma, word))
        return self._scale_beside(_JOINTS.sub(_kept_comma, bare), named=named)

    def _names_several(self, word: str) -> bool:
        """Whether a word leaves open which of several units is meant: 元/万元, and not RMB/万元."""
        parts = word.split("/")
        if len(parts) == 1:
            return False
        units = (p for p in parts if p not in self.names or self.is_unit_word(p))
        return len({scale for p in units if (scale := self.scale(p)) is not None}) > 1

    def _scale_beside(self, bare: str, *, named: bool) -> Decimal | None:
        """What is left of a unit without its currency: 万, million, 10,000, 100million."""
        if named and bare in self.names:
            return ONE
        if named and (scale := BESIDE_NAME.get(bare) or self.beside_name.get(bare)) is not None:
            return scale
        if (scale := SCALES.get(bare) or self.scales.get(bare)) is not None:
            return scale
        counted = _ROUND.fullmatch(bare)
        if counted is None or not (named or counted["scale"]):
            return None
        count = Decimal(counted["count"].replace(",", ""))
        if not counted["scale"]:
            # RMB 10 is what a file parted by commas leaves of RMB 10,000.
            return count if count >= _LEAST_ROUND else None
        return count * SCALES[counted["scale"]] if counted["scale"] in SCALES else None

    def is_foreign_unit(self, word: str) -> bool:
        """Whether a folded word is another currency, or a unit of it, and nothing else."""
        word = _JOINTS.sub(_kept_comma, word)
        for name in self.others:
            if word == name:
                return True
            bare = word.removeprefix(name) if word.startswith(name) else word.removesuffix(name)
            if bare != word and self._scale_beside(bare, named=True) is not None:
                return self.is_foreign(word)
        return False


def _kept_comma(joint: re.Match[str]) -> str:
    """What joins the parts of a unit goes; the comma of 10,000 is part of its number."""
    return joint[0] if joint[0] == "," else ""


def currency_of(vocabulary: Vocabulary, fact: Fact | None = None) -> Currency:
    """The currency of a fact's amounts, or of the catalogue's."""
    code = (fact.unit if fact else None) or vocabulary.currency
    own = set(_names(code, vocabulary))
    known = {*vocabulary.currencies, *filter(_is_currency, vocabulary.units)}
    others = {n for c in known - {code} for n in _names(c, vocabulary)}
    habits = habits_of(vocabulary.languages)
    return Currency(
        vocabulary.unit_words(code).label,
        tuple(sorted(own, key=len, reverse=True)),
        tuple(sorted(others - own, key=len, reverse=True)),
        "zh" in vocabulary.languages,
        habits.scales,
        habits.beside_name,
    )


def _is_currency(symbol: str) -> bool:
    """Whether a unit is written as currencies are by ISO 4217."""
    return len(symbol) == _CODE_LENGTH and symbol.isupper()


def _names(code: str, vocabulary: Vocabulary) -> list[str]:
    words = vocabulary.unit_words(code)
    texts = (words.label.in_language(tag) for tag in vocabulary.languages)
    names = [folded(name) for name in (code, *texts, *words.aliases) if name]
    # A unit is looked at without what joins its parts: US-Dollar.
    return [*names, *filter(None, (_JOINTS.sub("", name) for name in names))]
