"""Words of the documents that are explained where they stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from service.domain.text import Text


@dataclass(frozen=True)
class Term:
    """A word, what it means in a sentence, and its other spellings in any language."""

    name: Text
    meaning: Text
    also: tuple[str, ...] = ()

    @property
    def spellings(self) -> Iterator[str]:
        yield from self.name.by_language().values()
        yield from self.also


@dataclass(frozen=True)
class Glossary:
    """All terms, in the order of their files."""

    terms: tuple[Term, ...] = ()

    def terms_in(self, text: str) -> tuple[Term, ...]:
        """The terms that a text has, in the order of the glossary; a word of letters is not found
        inside another."""
        if self._pattern is None:
            return ()
        found = {id(self._by_spelling[m[0].casefold()]) for m in self._pattern.finditer(text)}
        return tuple(term for term in self.terms if id(term) in found)

    @cached_property
    def _by_spelling(self) -> dict[str, Term]:
        return {spelling.casefold(): term for term in self.terms for spelling in term.spellings}

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        if not self._by_spelling:
            return None
        longest_first = sorted(self._by_spelling, key=lambda word: (-len(word), word))
        bounded = [
            rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])" if word.isascii() else re.escape(word)
            for word in longest_first
        ]
        return re.compile("|".join(bounded), re.IGNORECASE)
