"""Chinese typed by its sound: gaoxin and gx for 高新."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from importlib.resources import files
from itertools import islice, product

_MAX_SYLLABLE_LENGTH = 6
# One letter, or a long text, is not searched for by its sound.
_MIN_LETTERS, _MAX_LETTERS = 2, 40
_PAIR = 2
# So many texts that sound alike are followed, and so many ways to part a word into syllables.
_MAX_ALIKE = 30
_MAX_WAYS = 8
# Two characters that stand side by side less often are no word, and sound like many.
_LEAST_OFTEN = 3
_MAX_READINGS = 8
_RETROFLEX = re.compile(r"^([zcs])h")


@cache
def sounds() -> dict[str, tuple[str, ...]]:
    """The syllables of each character, by the table beside this module."""
    found: dict[str, tuple[str, ...]] = {}
    table = files("service.storage").joinpath("pinyin.txt").read_text(encoding="utf-8")
    for line in table.splitlines():
        sound, characters = line.split(" ")
        for character in characters:
            found[character] = (*found.get(character, ()), sound)
    return found


def sound_alike(one: str, other: str) -> bool:
    """Whether two characters sound alike, as they are mistaken for each other: zh is z, ang is an.

    >>> [sound_alike(*pair) for pair in ("抬台", "薪新", "兴新", "德跨")]
    [True, True, True, False]
    """
    return not _blurred(one).isdisjoint(_blurred(other))


def _blurred(character: str) -> set[str]:
    return {_RETROFLEX.sub(r"\1", s).removesuffix("g") for s in sounds().get(character, ())}


class SoundIndex:
    """What stands in an index and what is known besides, by how it sounds: `pairs` of characters
    and how often they stand there; `names`, which their initials tell as well; and other `words`.
    """

    def __init__(self, pairs: Counter[str], names: Iterable[str], words: Iterable[str]) -> None:
        self._pairs, self._names, self._others = pairs, tuple(names), tuple(words)

    def read(self, typed: str, holds: Callable[[str], bool]) -> str:
        """The Chinese that a word of letters spells; empty where it spells none. `holds` tells
        whether the index holds a text."""
        is_pinyin = typed.isascii() and typed.isalpha()
        if not is_pinyin or not _MIN_LETTERS <= len(typed) <= _MAX_LETTERS:
            return ""
        if typed in self._by_word:
            return self._by_word[typed]
        ways = islice(_syllables(typed), _MAX_WAYS)
        read = filter(None, (self._spelt(way, holds) for way in ways))
        return next(read, "") or self._by_initials.get(typed, "")

    def pairs_like(self, pair: str) -> list[str]:
        """The pairs that stand in the index often enough to be a word and sound like another."""
        alike = dict.fromkeys(p for way in _readings(pair) for p in self._spelt_alike(way))
        return [p for p in alike if self._pairs[p] >= _LEAST_OFTEN]

    def _spelt(self, syllables: tuple[str, ...], holds: Callable[[str], bool]) -> str:
        """Piece by piece, each as long as anything holds it; empty where a syllable is left."""
        said, at = "", 0
        while at < len(syllables):
            left = syllables[at:]
            piece = max(self._word(left), self._longest_text(left, holds), key=len)
            said, at = said + piece, at + len(piece)
            if not piece:
                return ""
        is_common = len(said) > _PAIR or self._pairs[said] >= _LEAST_OFTEN
        return said if is_common else ""

    def _word(self, syllables: tuple[str, ...]) -> str:
        """The longest known word at the beginning."""
        beginnings = ("".join(syllables[:end]) for end in range(len(syllables), 1, -1))
        return next((self._by_word[b] for b in beginnings if b in self._by_word), "")

    def _longest_text(self, syllables: tuple[str, ...], holds: Callable[[str], bool]) -> str:
        """The longest text at the beginning that the index holds."""
        alike = self._spelt_alike(syllables[:_PAIR])
        best = alike[0] if alike else ""
        for at in range(1, len(syllables) - 1):
            following = self._spelt_alike(syllables[at : at + _PAIR])
            longer = (text + pair[1] for text in alike for pair in following if pair[0] == text[-1])
            alike = list(islice(filter(holds, longer), _MAX_ALIKE))
            if not alike:
                break
            best = alike[0]
        return best

    def _spelt_alike(self, syllables: tuple[str, ...]) -> list[str]:
        """The pairs that sound so, the commonest first."""
        return self._by_sound.get(syllables, [])[:_MAX_ALIKE]

    @cached_property
    def _by_sound(self) -> dict[tuple[str, ...], list[str]]:
        found: dict[tuple[str, ...], list[str]] = {}
        for pair, _ in self._pairs.most_common():
            for way in _readings(pair):
                found.setdefault(way, []).append(pair)
        return found

    @cached_property
    def _by_word(self) -> dict[str, str]:
        """Whole words by their sound; of those that sound alike the first."""
        words = (w for w in (*self._names, *self._others) if len(w) >= _PAIR)
        return _first(("".join(way), word) for word in words for way in _readings(word))

    @cached_property
    def _by_initials(self) -> dict[str, str]:
        names = (n for n in self._names if len(n) >= _PAIR)
        return _first(
            ("".join(sound[0] for sound in way), name) for name in names for way in _readings(name)
        )


def _first(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What each is named first."""
    found: dict[str, str] = {}
    for name, meant in named:
        found.setdefault(name, meant)
    return found


def _readings(text: str) -> Iterator[tuple[str, ...]]:
    """How a text may sound; none where a character is in no table."""
    ways = [sounds().get(character, ()) for character in text]
    return islice(product(*ways), _MAX_READINGS)


@cache
def _all_syllables() -> frozenset[str]:
    return frozenset(sound for ways in sounds().values() for sound in ways)


def _syllables(typed: str) -> Iterator[tuple[str, ...]]:
    """Every way to part a word into syllables, long ones first; a way that ends nowhere is not
    begun."""
    following: dict[int, list[int]] = {len(typed): []}
    for at in range(len(typed) - 1, -1, -1):
        ends = range(min(len(typed), at + _MAX_SYLLABLE_LENGTH), at, -1)
        good = [end for end in ends if end in following and typed[at:end] in _all_syllables()]
        if good:
            following[at] = good

    def ways(at: int) -> Iterator[tuple[str, ...]]:
        if at == len(typed):
            yield ()
        for end in following.get(at, ()):
            for rest in ways(end):
                yield (typed[at:end], *rest)

    return ways(0)
