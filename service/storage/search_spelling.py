"""What a word that nothing holds was probably meant for: words and characters written alike, and
Chinese written by its sound."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from service.domain.facts.search_words import SearchWords
from service.domain.text import names_like
from service.storage.search_sounds import SoundIndex, sound_alike

# Shorter words are like too many others.
_LEAST_LETTERS = 5
# Written alike is what differs by one letter; of a long word by two.
_MIN_LIKENESS = 0.8
_LONG_WORD = 10
_MAX_LIKE = 3
# Of a shorter word one letter makes another.
_LONG_ENOUGH = 8
_VOWELS = str.maketrans("aeiou", "-----")
# A place where more characters fit says nothing.
_MAX_CHARACTERS = 2
_PAIR, _WINDOW = 2, 3
_NO_WORDS = SearchWords()


class Respelling(NamedTuple):
    """What was typed and what it may mean; the text typed ends at `end` of its run."""

    typed: str
    readings: tuple[str, ...]
    end: int


class IndexTerms:
    """The words and pairs of characters that stand in an index, arranged for looking up what is
    written or sounds like them, or like the words a search knows; made once for an index."""

    def __init__(self, terms: Iterable[str], known: SearchWords = _NO_WORDS) -> None:
        self._terms, self._words = Counter(terms), known

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words long enough to be told apart."""
        long = (t for t in self._terms if t.isascii() and t.isalpha() and len(t) >= _LEAST_LETTERS)
        return tuple(sorted(long))

    @cached_property
    def after(self) -> dict[str, set[str]]:
        """The characters that follow each."""
        return _grouped((pair[0], pair[1]) for pair in self._terms if _is_pair(pair))

    @cached_property
    def sounds(self) -> SoundIndex:
        """How they sound, and the known words too."""
        pairs = Counter({t: n for t, n in self._terms.items() if _is_pair(t)})
        names = (*self._words.synonyms, *self._words.broader)
        return SoundIndex(pairs, names, self._words.ignored)

    @cached_property
    def before(self) -> dict[str, set[str]]:
        """The characters that each follows."""
        return _grouped((pair[1], pair[0]) for pair in self._terms if _is_pair(pair))


class Spelling:
    """What may have been meant, by the terms of an index; `holds` tells whether a text stands in
    it."""

    def __init__(self, terms: IndexTerms, holds: Callable[[str], bool]) -> None:
        self._terms = terms
        self._holds = holds

    def word_like(self, word: str, known: Iterable[str] = ()) -> Respelling | None:
        """The words of the index, or others that are known, which one of five letters or more is
        written like."""
        if len(word) < _LEAST_LETTERS or not (word.isascii() and word.isalpha()):
            return None
        near = [w for w in (*self._terms.words, *known) if abs(len(w) - len(word)) <= 2]
        one_slip = 1 - 1 / len(word)
        alike = max(one_slip, _MIN_LIKENESS) if len(word) < _LONG_WORD else _MIN_LIKENESS
        like = names_like(word, near, _MAX_LIKE, alike)
        meant = tuple(w for w in like if _is_slip(word, w))
        return Respelling(word, meant, len(word)) if meant else None

    def sounding_like(self, word: str) -> str:
        """The Chinese that a word spells in pinyin, whole or by the initials of a name; empty where
        none is known."""
        return self._terms.sounds.read(word, self._holds)

    def characters_like(self, run: str, at: int) -> Respelling | None:
        """Three characters round a place in a run, of which the middle is wrong but sounds right:
        首抬套 is 首台套. What is right beside the first or the last was found without it."""
        for start in (at, at - 1):
            typed = run[start : start + _WINDOW] if start >= 0 else ""
            if len(typed) == _WINDOW and not self._holds_pair_of(typed):
                meant = tuple(self._corrected(typed))
                if 0 < len(meant) <= _MAX_CHARACTERS:
                    return Respelling(typed, meant, start + _WINDOW)
        return self._sounding_pair(run, at)

    def _sounding_pair(self, run: str, at: int) -> Respelling | None:
        """The last or first two characters of a run, of which one is wrong but sounds right: 科创待
        is 科创贷."""
        for start in (at - 1, at):
            typed = run[start : start + _PAIR] if start >= 0 else ""
            is_end = start == 0 or start + _PAIR == len(run)
            if (
                len(typed) == _PAIR
                and is_end
                and not self._holds(typed)
                and self._goes_on(run, start)
            ):
                alike = self._terms.sounds.pairs_like(typed)
                meant = [p for p in alike if (p[0] == typed[0]) != (p[1] == typed[1])]
                if meant:
                    return Respelling(typed, tuple(meant[:_MAX_CHARACTERS]), start + _PAIR)
        return None

    def _goes_on(self, run: str, start: int) -> bool:
        """Whether the one character that a pair leaves of a run stands beside it anywhere: else it
        is another word, as 公积金 is no 基金."""
        if len(run) != _WINDOW:
            return True
        return self._holds(run[:_PAIR] if start else run[-_PAIR:])

    def _holds_pair_of(self, typed: str) -> bool:
        """Whether the middle of three characters stands right beside the first or the last."""
        return self._holds(typed[:_PAIR]) or self._holds(typed[-_PAIR:])

    def _corrected(self, typed: str) -> Iterator[str]:
        before, after = typed[0], typed[-1]
        between = self._terms.after.get(before, set()) & self._terms.before.get(after, set())
        for character in sorted(between):
            is_alike = sound_alike(character, typed[1])
            if is_alike and self._holds(meant := f"{before}{character}{after}"):
                yield meant


def _is_slip(typed: str, meant: str) -> bool:
    """Whether a word is another one written wrong: it begins alike, and a short one has a letter
    too many, too few or in the wrong place, or another vowel (patant); with another consonant it is
    another word: parent, patent.
    """
    is_other = len(typed) == len(meant) and sorted(typed) != sorted(meant)
    has_other_vowels = typed.translate(_VOWELS) == meant.translate(_VOWELS)
    is_word = is_other and not has_other_vowels and len(typed) < _LONG_ENOUGH
    return typed[0] == meant[0] and not is_word


def _is_pair(term: str) -> bool:
    return len(term) == _PAIR and not term[0].isascii()


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key, value in pairs:
        found.setdefault(key, set()).add(value)
    return found
