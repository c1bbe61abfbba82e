"""Places by their English names as people write them: Haidian, Pudong, Shanghai, Xuhui Shanghai."""

import re
from collections.abc import Iterable, Iterator
from itertools import permutations, product

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
                for name in _spellings(entry.label.en):
                    self._by_name.setdefault(name, []).append(code)

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
            names = [_spellings(self._codes.label_of(c).en) for c in above]
            paths = (path for n in (1, 2) for path in permutations(names, n))
            if any(_joined(broader) in map(_joined, product(*path)) for path in paths):
                yield code


def names_its_kind(written: str) -> bool:
    """Whether it says what kind of place it is: Xian County."""
    return any(word in _KINDS_OF_PLACE for word in _WORD.findall(written.casefold()))


def _words(name: str) -> list[str]:
    return [w for w in _WORD.findall(name.casefold()) if w not in _KINDS_OF_PLACE]


def _spellings(name: str) -> tuple[str, ...]:
    """How a name may be spelt: Xi'an, and Xian, which may be Xian County as well."""
    whole = _joined(_words(name))
    return tuple(dict.fromkeys((whole, whole.replace("'", ""))))


def _joined(words: Iterable[str]) -> str:
    return "".join(words)
