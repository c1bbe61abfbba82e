"""Words that people use for what the documents call otherwise, and words that ask for nothing."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from service.domain.facts.search_folding import folded
from service.domain.facts.search_stems import WORD, stem_of


class PlaceWords(NamedTuple):
    """The words by which what holds in a place is found: in itself or in a part of it, and in a
    wider one."""

    within: tuple[str, ...] = ()
    around: tuple[str, ...] = ()

    def joined(self, other: "PlaceWords") -> "PlaceWords":
        """Those of two places of one name, each word once."""
        both = zip(self, other, strict=True)
        return PlaceWords(*(tuple(dict.fromkeys(one + more)) for one, more in both))


@dataclass(frozen=True)
class SearchWords:
    """`synonyms` gives for a word what the documents may call it; `broader` what comes nearest to
    it, for no document speaks of it; `places` for the name of a place the words of what holds
    there; `ignored` are the words of any question, `amounts` those that ask how much,
    `fields` the names of technology fields. All folded, as a query is."""

    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    broader: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: Mapping[str, PlaceWords] = field(default_factory=dict)
    amounts: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()

    def ask_amount(self, query: str) -> bool:
        """Whether a query asks how much; a word of letters is not found inside another."""
        return bool(self.amounts) and self._amount.search(query) is not None

    @cached_property
    def _amount(self) -> re.Pattern[str]:
        words = sorted(self.amounts, key=lambda word: (-len(word), word))
        bounded = (rf"\b{re.escape(w)}\b" if w.isascii() else re.escape(w) for w in words)
        return re.compile("|".join(bounded))

    def of_stem(self, word: str) -> tuple[str, ...]:
        """The words with a meaning that an English one is another form of: insure for insuring."""
        return self._by_stem.get(stem_of(word), ()) if WORD.fullmatch(word) else ()

    @cached_property
    def _by_stem(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for word in filter(WORD.fullmatch, (*self.synonyms, *self.broader)):
            found[stem_of(word)] = (*found.get(stem_of(word), ()), word)
        return found

    def meaning(self, word: str) -> tuple[str, ...]:
        """What the documents may say where somebody says a word; what has a meaning of its own is
        not meant as the place of that name: hukou is a county too."""
        place = self.places.get(word, PlaceWords())
        return self.synonyms.get(word) or (*place.within, *place.around)

    def names_field(self, word: str) -> bool:
        """Whether a word says what somebody works in, and not what for: robots, 生物医药."""
        meant = self.synonyms.get(word) or self.broader.get(word, ())
        return word in self.fields or any(folded(m) in self.fields for m in meant)

    def longest_known(self, run: str, at: int) -> str:
        """The longest word with a meaning that stands at a place in a run of Chinese."""
        return _longest(self._by_start, run, at)

    def longest_ignored(self, run: str, at: int) -> str:
        return _longest(self._ignored, run, at)

    def asks_nothing(self, run: str) -> bool:
        """Whether a run is such a word, or Chinese made of nothing but such words: 怎么申请."""
        at = 0
        while at < len(run) and not run[at].isascii() and (word := self.longest_ignored(run, at)):
            at += len(word)
        return run in self.ignored or at == len(run)

    @cached_property
    def parted(self) -> tuple[str, ...]:
        """The words with a meaning that are several: `little giant`, `start-up`; longest first."""
        names = {*self.synonyms, *self.broader}
        return tuple(sorted((n for n in names if not n.isalnum()), key=lambda n: (-len(n), n)))

    @cached_property
    def _by_start(self) -> dict[str, list[str]]:
        return _by_beginning([*self.synonyms, *self.broader, *self.places])

    @cached_property
    def _ignored(self) -> dict[str, list[str]]:
        return _by_beginning(self.ignored)


def _by_beginning(words: Iterable[str]) -> dict[str, list[str]]:
    """Words by their first character, longest first."""
    found: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        found.setdefault(word[:1], []).append(word)
    return found


def _longest(words: Mapping[str, list[str]], run: str, at: int) -> str:
    return next((w for w in words.get(run[at], ()) if run.startswith(w, at)), "")
