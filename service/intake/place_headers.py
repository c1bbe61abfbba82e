"""Columns that name a place together, a level each: 省, 市, 区县, or 城市 and 区.

Where a table has one of them only, it is the place if it says whose (所在城市); 市 alone may be
anything.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.text import Text
from service.intake.header_notes import is_about_filling, parts_in_brackets
from service.intake.headers import bare_name
from service.intake.simplified import plain_characters

_WHOSE = (
    r"(?P<whose>(?:企业|公司|单位)?(?:注册|登记|工商|所在|所属|归属|住所)?"
    r"(?:所在|所属)?(?:地址|地区|区域|地)?|registered)"
)
# From broad to narrow.
_LEVELS = (
    r"省份?|省级|省市|省区市|省市自治区|省自治区直辖市|直辖市|province",
    r"市|城市|地市|地级市|市州|州市|市级|city",
    r"区|县|区县|县区|区市县|县市区?|市县|district|county",
)
_PATTERNS = tuple(re.compile(rf"{_WHOSE}(?:{level})(?:名称|name)?") for level in _LEVELS)


@dataclass(frozen=True, slots=True)
class PlacePart:
    """A column that says of a fact's place what it is on one level; 0 is the broadest."""

    fact: Fact
    level: int
    alone: bool

    @property
    def label(self) -> Text:
        """What they make together."""
        return self.fact.label


def place_parts(
    vocabulary: Vocabulary, headers: Iterable[tuple[int, str]]
) -> Mapping[int, PlacePart]:
    """Which of the columns, by their places, name the place together; none where two say the same
    level, or another column is the place whole."""
    fact = next((f for f in vocabulary.company if _is_place(f, vocabulary)), None)
    found = {place: part for place, header in headers if fact and (part := _part(fact, header))}
    levels = [part.level for part in found.values()]
    if len(set(levels)) != len(levels):
        return {}
    return found if len(levels) > 1 or any(part.alone for part in found.values()) else {}


def _is_place(fact: Fact, vocabulary: Vocabulary) -> bool:
    return fact.type is FactType.CODE and fact.list == vocabulary.region_list


def _part(fact: Fact, header: str) -> PlacePart | None:
    without, notes = parts_in_brackets(plain_characters(header))
    if not all(map(is_about_filling, notes)):
        return None
    # 区（县） is called so without its bracket, 注册地（省） with it.
    for name in dict.fromkeys((bare_name(without), bare_name("".join((without, *notes))))):
        for level, pattern in enumerate(_PATTERNS):
            if match := pattern.fullmatch(name):
                return PlacePart(fact, level, alone=bool(match["whose"]))
    return None
