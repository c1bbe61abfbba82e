"""Which fact a column may be by what stands in it: 企业 and 个体工商户 below 类型 are kinds of
applicant, whatever the header is most like."""

import re
from collections.abc import Collection, Sequence
from functools import cached_property

from service.domain.facts.vocabulary import Fact, FactType, Owner, Vocabulary
from service.intake.code_names import CodeNames
from service.intake.identity import is_uscc

_LOOKED_AT = 20
_FIGURE = re.compile(r"[0-9.,\s]*")


class ValueSuggestions:
    """For the columns of one table: what a list's codes are called is found once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    @cached_property
    def _names(self) -> Sequence[tuple[Fact, CodeNames]]:
        """The facts of a company that have a list, with its names."""
        lists = {name: CodeNames(codes) for name, codes in self._vocabulary.lists.items()}
        return [
            (fact, lists[fact.list])
            for fact in self._vocabulary.stated
            if fact.owner is Owner.COMPANY
            and fact.type in (FactType.CODE, FactType.CODES)
            and fact.list is not None
        ]

    def fact_of(self, cells: Sequence[str], taken: Collection[str]) -> Fact | None:
        """The only fact of the company, beside those `taken`, in whose list every one of the first
        different words is named; None where nothing is named, or several lists have the words.
        Figures alone may be of anything: 5200 is a trade's code, too. Credit codes are what they
        are, whatever stands over them (证件号码)."""
        words = list(dict.fromkeys(cells))[:_LOOKED_AT]
        if words and all(map(is_uscc, words)):
            return self._identifier(taken)
        if all(_FIGURE.fullmatch(word) for word in words):
            return None
        found = [
            fact for fact, names in self._names if fact.id not in taken and _are_named(names, words)
        ]
        return found[0] if len(found) == 1 else None

    def _identifier(self, taken: Collection[str]) -> Fact | None:
        """The fact that such codes are."""
        facts = (f for f in self._vocabulary.stated if f.scheme == "uscc" and f.id not in taken)
        return next(facts, None)


def _are_named(names: CodeNames, words: Sequence[str]) -> bool:
    """Whether all words are names, and not all of them words for none."""
    is_any = False
    for word in words:
        codes = names.codes_named(word)
        if codes is None:
            return False
        is_any = is_any or bool(codes)
    return is_any
