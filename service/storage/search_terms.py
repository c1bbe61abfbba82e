"""A query as what it asks for: its words and numbers as the index holds them, and what comes near.

A run of Chinese is found exactly, one character as a token, two or more as a phrase of pairs.
Everything else becomes words without case, width or accents. A number is one token however it is
written: 2,000万元, 2000 万 and 20 million are 20000000.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from service.domain.facts.search_folding import folded
from service.domain.facts.search_stems import PREFIX_LETTERS
from service.domain.facts.search_words import PlaceWords, SearchWords
from service.storage.search_dates import take_days
from service.storage.search_forms import PAIR, beginnings_of, forms_of, parts_of, word_by_word
from service.storage.search_spelling import Respelling, Spelling
from service.storage.search_tokens import CHUNK, in_name, phrase, runs_of

_MAX_PIECE_LENGTH = 12
_MAX_RUN = 64
_MAX_CHUNKS = 24
# How many of something there are says nothing of what it is about: 5个专利.
_COUNT = re.compile(r"(?<![\d.])\d{1,3}(?=[个家名位项件台套次款种])")
_COMPOUND = re.compile(r"(?<![\w-])[a-z]+(?:-[a-z]+)+(?![\w-])")
_MAX_COMPOUNDS = 8
# An English word weighs as two characters.
_WORD_WEIGHT = 2
# A query is answered whose unknown part is smaller than so many times the known one.
_KNOWN_SHARE = 2
# So many misspelt words of one query are looked for.
_MAX_RESPELT = 3


class Index(Protocol):
    """What a query is read against."""

    @property
    def spelling(self) -> Spelling:
        """The words that stand in it."""

    def holds(self, expression: str) -> bool:
        """Whether anything fits an FTS5 expression."""


@dataclass(frozen=True)
class SearchTerm:
    """One thing a query asks for: FTS5 expressions for it as it stands, and by whatever it begins;
    `weight` says how much of the query it is, `parts` by what else it is told in part, `typed` the
    word itself without what means the same. A number says less of what a query is about than a
    word, and a place nothing; `within` is what holds in the place itself, not in a wider one.
    `is_topic` is what people have a word for, or a document its name from; `is_field` tells what
    somebody works in."""

    exact: str
    loose: str
    weight: int
    parts: tuple[str, ...] = ()
    is_number: bool = False
    is_place: bool = False
    typed: str = ""
    within: str = ""
    is_topic: bool = False
    is_field: bool = False


@dataclass(frozen=True)
class Query:
    """What a query asks for. `passed_over` is how much of it nothing in the index holds; `nearby`,
    whether something is asked for by what comes nearest; `read_as` gives what was typed and what
    it was taken for."""

    wanted: tuple[SearchTerm, ...]
    passed_over: int
    nearby: bool = False
    read_as: tuple[tuple[str, str], ...] = ()

    @property
    def is_told_by_topics(self) -> bool:
        """Whether its topics are more of it than what nothing holds, and none only comes near."""
        topic_weight = sum(w.weight for w in self.wanted if w.is_topic and not w.is_place)
        return not self.nearby and topic_weight > self.passed_over

    @property
    def is_mostly_known(self) -> bool:
        """Whether enough of it is known; one topic is enough, whatever else a sentence says."""
        known = sum(w.weight for w in self.wanted)
        return any(w.is_topic for w in self.wanted) or _KNOWN_SHARE * known > self.passed_over


def read_query(text: str, words: SearchWords, index: Index) -> Query:
    """What a query asks for of an index.

    Words that every question has (哪些, 政策, how) ask for nothing, unless nothing else is there.
    """
    undated, days = take_days(_COUNT.sub(" ", unicodedata.normalize("NFKC", text).casefold()))
    plain, terms = _taken_out(folded(undated), words)
    plain, compounds = _compounds_of(plain, index)
    chunks = CHUNK.findall(plain)[:_MAX_CHUNKS]
    reader = _Reader(words, index)
    reader.read_days(days)
    reader.read([*terms, *compounds, *chunks])
    if not reader.wanted and not reader.passed_over:
        reader = _Reader(replace(words, ignored=frozenset()), index)
        reader.read(chunks)
    wanted = tuple(dict.fromkeys(reader.wanted))
    return Query(wanted, reader.passed_over, reader.nearby, tuple(reader.read_as))


def _taken_out(plain: str, words: SearchWords) -> tuple[str, list[str]]:
    """A query without the terms of several words that mean something, and those terms."""
    found = []
    for term in words.parted:
        if term in plain:
            rest = re.sub(rf"(?<!\w){re.escape(term)}(?!\w)", " ", plain)
            if rest != plain:
                plain = rest
                found.append(term)
    return plain, found


def _compounds_of(plain: str, index: Index) -> tuple[str, list[str]]:
    """A query without the words that are joined by a hyphen in the index too, and those words."""
    found = [c for c in _COMPOUND.findall(plain)[:_MAX_COMPOUNDS] if index.holds(phrase(c))]
    for compound in found:
        plain = plain.replace(compound, " ")
    return plain, found


class _Reader:
    """Reads the chunks of one query."""

    def __init__(self, words: SearchWords, index: Index) -> None:
        self.words, self.index = words, index
        self.wanted: list[SearchTerm] = []
        self.passed_over = 0
        self.nearby = False
        self.read_as: list[tuple[str, str]] = []

    def read(self, chunks: list[str]) -> None:
        for chunk in chunks:
            self._read(chunk[:_MAX_RUN])

    def read_days(self, days: Mapping[str, str]) -> None:
        """Ask for days by their words, or as they are written."""
        for word, written in days.items():
            exact = self._expressions_in_index(map(phrase, (word, written)))
            if exact:
                self.wanted.append(
                    SearchTerm(_any(exact), _any(exact), _WORD_WEIGHT, is_number=True)
                )
            else:
                self.passed_over += _WORD_WEIGHT

    def _read(self, chunk: str) -> None:
        if self.words.asks_nothing(chunk):
            return
        # Tiexi is a district too, and no document names it; 贴息 is what they are about.
        is_named = chunk in self.words.synonyms or chunk not in self.words.places
        is_far = not is_named and not self.index.holds(phrase(chunk))
        if (is_far and self._read_sound(chunk)) or self._take(chunk):
            return
        for run in runs_of(chunk):
            if run.han:
                self._read_run(run.text)
            elif run.text not in self.words.ignored:
                self._read_word(run.text)

    def _read_word(self, word: str) -> None:
        known = (w for w in self.words.synonyms if w.isascii())
        if not (
            self._take(word)
            or self._read_sound(word)
            or self._respell(partial(self.index.spelling.word_like, word, known))
        ):
            self.passed_over += _WORD_WEIGHT

    def _read_sound(self, word: str) -> bool:
        """Ask for what a word spells in pinyin; False where it spells nothing known."""
        meant = self.index.spelling.sounding_like(word)
        if meant:
            self.read_as.append((word, meant))
            self._read_run(meant)
        return bool(meant)

    def _read_run(self, run: str) -> None:
        """Piece by piece, each as long as anything holds it."""
        at = 0
        while at < len(run):
            word, empty = self.words.longest_known(run, at), self.words.longest_ignored(run, at)
            piece = word if len(word) > len(empty) else ""
            if not empty:
                piece = max(piece, self._longest_held(run, at), key=len)
            if piece and self._take(piece):
                at += len(piece)
            elif empty:
                at += len(empty)
            elif found := self._respell(partial(self._characters_like, run, at)):
                at = found.end
            else:
                self.passed_over += max(len(piece), 1)
                at += len(piece) or 1

    def _characters_like(self, run: str, at: int) -> Respelling | None:
        """What characters were probably meant for, none of them one that asks for nothing, or only
        for how much."""
        found = self.index.spelling.characters_like(run, at)
        typed = found.typed if found else ""
        start = found.end - len(typed) if found else at
        is_empty = any(self.words.longest_ignored(run, k) for k in range(start, start + len(typed)))
        return None if is_empty or self.words.ask_amount(typed) else found

    def _longest_held(self, run: str, at: int) -> str:
        end = at + 1
        longest = min(len(run), at + _MAX_PIECE_LENGTH)
        while end < longest and self.index.holds(phrase(run[at : end + 1])):
            end += 1
        end = next((k for k in range(at + PAIR, end) if self._ends_before(run, k, end)), end)
        if self._cuts_a_name(run, at, end):
            end -= 1
        return self._parted(run[at:end]) if end > at + 1 else ""

    def _parted(self, piece: str) -> str:
        """The beginning of what a text says by the way, where it is a topic and people have a word
        for the rest: 贷款利息 is 贷款 and what 利息 means."""
        if self._is_topic(piece):
            return piece
        ends = range(len(piece) - PAIR, PAIR - 1, -1)
        parts = ((piece[:k], piece[k:]) for k in ends)
        return next((b for b, r in parts if r in self.words.synonyms and self._is_topic(b)), piece)

    def _cuts_a_name(self, run: str, at: int, end: int) -> bool:
        """Whether a pair that names nothing ends in the middle of a word that does: 大基 of
        大基金."""
        pair, crossing = run[at:end], run[end - 1 : end + 1]
        return len(pair) == len(crossing) == PAIR and (
            self.index.holds(in_name(phrase(crossing)))
            and not self.index.holds(in_name(phrase(pair)))
        )

    def _ends_before(self, run: str, start: int, end: int) -> bool:
        """Whether what stands before a place is a piece by itself: a word that people use begins
        there and goes on behind the end, or one that asks for nothing reaches to it."""
        word = self.words.longest_known(run, start)
        is_cut = start + len(word) > end and word not in self.words.places
        return is_cut or start + len(self.words.longest_ignored(run, start)) >= end

    def _respell(self, look: Callable[[], Respelling | None]) -> Respelling | None:
        """Ask for what something that nothing holds was probably meant for."""
        respelling = look() if len(self.read_as) < _MAX_RESPELT else None
        if respelling is None:
            return None
        meant = {
            m: self._expressions_in_index(map(phrase, (m, *self.words.meaning(m))))
            for m in respelling.readings
        }
        held = [m for m in meant if meant[m]]
        if not held:
            return None
        exact = _any([e for m in held for e in meant[m]])
        weight, is_topic = self._weight_of(respelling.typed), any(map(self._is_topic, held))
        self.wanted.append(SearchTerm(exact, exact, weight, is_topic=is_topic))
        self.read_as.append((respelling.typed, held[0]))
        return respelling

    def _take(self, piece: str) -> bool:
        """Ask for a piece, or for what means the same, or for what comes nearest to it; False where
        nothing holds either."""
        forms = (piece, *forms_of(piece))
        known = forms
        if not self._expressions_in_index(map(phrase, forms)):
            known = (*forms, *self.words.of_stem(piece))
        meant = next(filter(None, map(self.words.meaning, known)), ())
        broader = next((self.words.broader[f] for f in known if f in self.words.broader), ())
        exact = self._expressions_in_index(map(phrase, broader))
        loose: list[str] = []
        # What is listed as spoken of by no document may stand in one by the way: 社保 in 社保基金.
        self.nearby = self.nearby or bool(exact)
        if not exact:
            said = () if self._is_place(piece) and self._lies_here(piece) else forms
            exact = self._expressions_in_index(map(phrase, (*said, *meant)))
            loose = self._expressions_in_index(beginnings_of(piece))
        if not exact and not loose:
            return False
        if exact and len(piece) < PREFIX_LETTERS:  # AI does not mean AIC
            loose = []
        if exact and not meant:
            loose += self._expressions_in_index(word_by_word(piece))
        is_place = self._is_place(piece)
        place = self.words.places[piece] if is_place else PlaceWords()
        self.wanted.append(
            SearchTerm(
                _any(exact or loose),
                _any([*exact, *loose]),
                self._weight_of(piece),
                () if meant else parts_of(piece),
                piece.isdecimal(),
                is_place,
                _any(typed) if (typed := self._expressions_in_index(map(phrase, forms))) else "",
                _any(within) if (within := [phrase(word) for word in place.within]) else "",
                any(map(self._is_topic, known)),
                self.words.names_field(piece),
            )
        )
        return True

    def _is_place(self, piece: str) -> bool:
        """Hukou is a county too; 户口 is what they mean."""
        return piece in self.words.places and piece not in self.words.synonyms

    def _lies_here(self, place: str) -> bool:
        """Whether something holds in the place itself: then a text that only names it does not."""
        return bool(self._expressions_in_index(map(phrase, self.words.places[place].within)))

    def _weight_of(self, run: str) -> int:
        """How much of a query a piece is. Of Chinese, what is known for a word is at least a word;
        of anything else, the words count."""
        if run.isascii():
            return _WORD_WEIGHT * len(run.split())
        is_known = run in self.words.synonyms or run in self.words.broader
        return max(len(run), _WORD_WEIGHT) if is_known else len(run)

    def _is_topic(self, piece: str) -> bool:
        """A single character is part of too many words to be one."""
        known = piece in self.words.synonyms or piece in self.words.broader
        return len(piece) > 1 and (known or self.index.holds(in_name(phrase(piece))))

    def _expressions_in_index(self, expressions: Iterable[str]) -> list[str]:
        return [e for e in expressions if self.index.holds(e)]


def _any(expressions: list[str]) -> str:
    return "(" + " OR ".join(f"({e})" for e in expressions) + ")"
