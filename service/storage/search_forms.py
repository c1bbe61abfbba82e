"""Other ways of saying one word of a query: its forms, its beginnings, the words it is made of."""

import re
from collections.abc import Iterator
from itertools import pairwise

from service.domain.facts.search_stems import PREFIX_LETTERS, WORD, stem_of
from service.storage.search_tokens import pairs_of, phrase, runs_of

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
    return [f"{phrase(word)}*" for word in dict.fromkeys([piece, stem_of(piece)])]


def forms_of(piece: str) -> Iterator[str]:
    """An English word in the other number, and as it is spelt overseas: loans for loan, centre for
    center."""
    if not WORD.fullmatch(piece) or len(piece) < PREFIX_LETTERS:
        return
    yield _other_number(piece)
    for ending, other in _SPELT:
        overseas = ending.sub(other, piece)
        if overseas != piece:
            yield overseas


def _other_number(piece: str) -> str:
    if piece.endswith("ies"):
        return f"{piece[:-3]}y"
    if piece.endswith("s"):
        return piece.removesuffix("s")
    return f"{piece[:-1]}ies" if piece[-1:] == "y" and piece[-2:-1] not in "aeiou" else f"{piece}s"


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
