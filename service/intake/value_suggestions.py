"""Which fact a column may be by what stands in it: 企业 and 个体工商户 below 类型 are kinds of
applicant, whatever the header is most like."""

from collections.abc import Collection, Iterator, Sequence

from service.domain.facts.vocabulary import Fact, FactType, Owner, Vocabulary
from service.intake.code_names import CodeNames
from service.intake.written_values import Unreadable

_LOOKED_AT = 20


def fact_by_values(
    vocabulary: Vocabulary, cells: Sequence[str], taken: Collection[str] = ()
) -> Fact | None:
    """The only fact of the company, beside those `taken`, in whose list every one of the first
    different words is named; None where nothing is named, or several lists have the words."""
    words = list(dict.fromkeys(cells))[:_LOOKED_AT]
    found = [
        f
        for f in _listed_facts(vocabulary)
        if f.id not in taken and _all_named(f, words, vocabulary)
    ]
    return found[0] if len(found) == 1 else None


def _listed_facts(vocabulary: Vocabulary) -> Iterator[Fact]:
    for fact in vocabulary.stated:
        if fact.owner is Owner.COMPANY and fact.type in (FactType.CODE, FactType.CODES):
            yield fact


def _all_named(fact: Fact, words: Sequence[str], vocabulary: Vocabulary) -> bool:
    codes = vocabulary.codes_of(fact)
    if codes is None:
        return False
    names = CodeNames(codes)
    try:
        found = [names.find_several(word) for word in words]  # all of them have to be names
    except Unreadable:
        return False
    return any(found)
