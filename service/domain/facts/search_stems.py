"""What the forms of one English word have in common: insure, insures, insuring and insurance."""

import re

WORD = re.compile("[a-z][a-z0-9]*")
# A word of so many letters also finds the words it begins.
PREFIX_LETTERS = 4
# What English words end in that mean the same: settle, settling, settlement.
_ENDING = re.compile("(?:ment|ing|ed|ers?|ors?|ation|ion|ance|ly|e|y|ie)?s?$")


def stem_of(word: str) -> str:
    """The part of an English word that its forms have in common; of a short one the whole.

    >>> [stem_of(word) for word in ("insuring", "insurance", "salaries", "salary", "direct")]
    ['insur', 'insur', 'salar', 'salar', 'direct']
    """
    stem = _ENDING.sub("", word, count=1)
    return stem if len(stem) >= PREFIX_LETTERS else word
