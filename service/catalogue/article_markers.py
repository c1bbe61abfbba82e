"""How texts mark their articles and sections: 第一条, 第1条, 제1조, (一), Article 1, § 1; and
where a line begins with such a marker."""

import re
import unicodedata
from collections.abc import Sequence

from service.catalogue.normal_wording import normalise_wording
from service.domain.numerals import chinese_integer

_NUMERAL = "[一二三四五六七八九十百]+"
SECTION = re.compile(rf"({_NUMERAL})、|第({_NUMERAL})章")
_ITEM = re.compile(rf"\(({_NUMERAL})\)")
_RULE = re.compile(rf"[第제]({_NUMERAL}|\d{{1,4}})[条條조](?!の)")
# Markers of articles in European languages. They stand at the start of a line, apart from what
# follows: "Article 9 bis" is no article 9.
_ARTICLE_WORDS = (
    "article|artikel|artículo|articolo|artigo", r"art\.", "§+", r"section|sec\.",
    "regulation|rule|clause",
)  # fmt: skip
LATIN = tuple(
    re.compile(
        rf"(?:{words})\s*(\d{{1,4}}|premier)(?:er|re)?(?![0-9a-z])(?!\s*(?:bis|ter|quater)\b)",
        re.IGNORECASE,
    )
    for words in _ARTICLE_WORDS
)
MARKER = re.compile(
    rf"^(?:{_ITEM.pattern}|{_RULE.pattern}|{SECTION.pattern}"
    rf"|(?:{'|'.join(_ARTICLE_WORDS)})(?:\d{{1,4}}(?:er|re)?|premier)[.:–-]*)",
    re.IGNORECASE,
)


def marker_of(lines: Sequence[str]) -> re.Pattern[str]:
    """How a text marks its articles."""
    kinds = (_RULE, _ITEM, *LATIN)
    return next((kind for kind in kinds if any(match_marker(kind, line) for line in lines)), _ITEM)


def match_marker(item: re.Pattern[str], line: str) -> re.Match[str] | None:
    """An article's marker at the start of a line; European words are told apart by their blanks."""
    if item in LATIN:
        return item.match(unicodedata.normalize("NFKC", line).strip())
    return item.match(normalise_wording(line))


def behind_marker(line: str) -> str:
    """A line without the number of its article, as it is written."""
    plain = unicodedata.normalize("NFKC", line).strip()
    for kind in LATIN:
        marker = kind.match(plain)
        if marker:
            return plain[marker.end() :].strip(" .:–—-")
    return MARKER.sub("", normalise_wording(line))


def article_number(numeral: str) -> int:
    if numeral.isascii():
        return int(numeral) if numeral.isdigit() else 1  # Article premier
    try:
        return chinese_integer(numeral)
    except ValueError:
        return 0
