"""Other ways of saying one word of a query: its forms, its beginnings, the words it is made of."""

import re
from collections.abc import Iterator
from itertools import pairwise

from service.storage.search_tokens import pairs_of, phrase, runs_of

WORD = re.compile("[a-z][a-z0-9]*")
# A word of so many letters also finds the words it begins.
PREFIX_LETTERS = 4
# What English words end in that mean the same: settle, settling, settlement.
_ENDING = re.compile("(?:ment|ing|ed|ers?|ation|ion|e)s?$")
# How words end in American English, and in British.
_SPELT = [
    (re.compile(f"{one}(?=s?$)"), other)
    for one, other in (("ter", "tre"), ("or", "our"), ("og", "ogue"), ("gram", "gramme"))
] + [(re.compile("iz(?=e|ing|ation)"), "is")]
PAIR = 2


def beginnings_of(piece: str) -> list[str]:
    """What an English word begins, and what the part of it begins that its forms have in common."""
    if not WORD.fullmatch(piece):
        return []
    stem = _ENDING.sub("", piece)
    begun = [piece, stem] if len(stem) >= PREFIX_LETTERS else [piece]
    return [f"{phrase(word)}*" for word in dict.fromkeys(begun)]


def forms_of(piece: str) -> Iterator[str]:
    """An English word in the other number, and as it is spelt overseas: loans for loan, centre for
    center."""
    if not WORD.fullmatch(piece) or len(piece) < PREFIX_LETTERS:
        return
    yield piece.removesuffix("s") if piece.endswith("s") else f"{piece}s"
    for ending, other in _SPELT:
        overseas = ending.sub(other, piece)
        if overseas != piece:
            yield overseas


def parts_of(piece: str) -> tuple[str, ...]:
    """A longer run of Chinese by its pairs: who says 科技成果转化 also means 成果转化."""
    is_long = len(piece) > PAIR and all(run.han for run in runs_of(piece))
    return tuple(phrase(pair) for pair in pairs_of(piece)) if is_long else ()


def word_by_word(piece: str) -> Iterator[str]:
    """A longer run of Chinese by the words it may be made of, wherever each stands: who says
    银行贷款 asks for loans of banks. Most words have two characters; of an odd run, one has three.
    """
    if len(piece) < 2 * PAIR or not all(run.han for run in runs_of(piece)):
        return
    odd = len(piece) % PAIR
    for first in dict.fromkeys((PAIR, PAIR + odd)):
        cuts = [0, *range(first, len(piece) - odd, PAIR), len(piece)]
        yield " AND ".join(phrase(piece[a:b]) for a, b in pairwise(cuts))
