"""Places by their English names as people write them: Haidian, Pudong, Shanghai, Xuhui Shanghai."""

import re
from collections.abc import Iterator
from itertools import permutations

from service.domain.facts.code_lists import CodeList

_WORD = re.compile(r"[a-z']+")
# What a name may be written without.
_KINDS_OF_PLACE = frozenset(
    [
        "district",
        "county",
        "city",
        "municipality",
        "province",
        "prefecture",
        "banner",
        "new",
        "area",
    ]
)
_MAX_WORDS = 12


class EnglishPlaces:
    """The places of a list by their English names without what kind of place they are."""

    def __init__(self, codes: CodeList) -> None:
        self._codes = codes
        self._by_name: dict[str, list[str]] = {}
        for code, entry in codes.codes.items():
            if not entry.successor and not entry.valid_to:
                self._by_name.setdefault(_joined(_words(entry.label.en)), []).append(code)

    def find(self, written: str) -> list[str]:
        """All places that may be meant: by the name alone, or with names of what they lie in before
        or behind it."""
        words = _words(written)
        if not words or len(words) > _MAX_WORDS or not written.isascii():
            return []
        found = [*self._by_name.get(_joined(words), ())]
        for cut in range(1, len(words)):
            found += self._within(words[cut:], words[:cut])
            found += self._within(words[:cut], words[cut:])
        return list(dict.fromkeys(found))

    def _within(self, own: list[str], broader: list[str]) -> Iterator[str]:
        """Places of a name that lie in what the other words name."""
        for code in self._by_name.get(_joined(own), ()):
            above = [c for c in self._codes.ancestors(code) if c != code]
            names = [_joined(_words(self._codes.label_of(c).en)) for c in above]
            names_joined = ("".join(p) for n in (1, 2) for p in permutations(names, n))
            if _joined(broader) in names_joined:
                yield code


def _words(name: str) -> list[str]:
    return [w for w in _WORD.findall(name.casefold()) if w not in _KINDS_OF_PLACE]


def _joined(words: list[str]) -> str:
    return "".join(words)
