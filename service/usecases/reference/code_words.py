"""The code, the fact or the standard behind a word: what exists, and what it is called."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from service.domain.facts.code_lists import CodeList
from service.domain.facts.search_words import SearchWords
from service.domain.facts.vocabulary import Fact, Vocabulary
from service.domain.text import Text
from service.domain.wording.labels import SIZE
from service.usecases.reference.code_search import find_codes, path_of

_MAX_LISTED = 5
# The key of a condition on the size class; the first signs of the classes, and what stands behind.
_SIZE = "size"
_SIZE_SIGNS = frozenset(label.zh[0] for label in SIZE.values())
_OF_A_FIRM = re.compile("型|企业|公司|单位")
_NOTHING: Mapping[str, Mapping[str, Text]] = MappingProxyType({})
_REPLACED = Text(
    "{name}（已停用，现为 {code} {now}）", "{name} (no longer in use, now {code} {now})"
)


@dataclass(frozen=True, slots=True)
class WordMeaning:
    """A code of a list, or a fact (then without a list), that a word may mean; of what stands in a
    file of its own `list` is the key that names it in a rule, such as `points`."""

    list: str | None
    code: str
    name: Text


def meanings(
    vocabulary: Vocabulary,
    synonyms: SearchWords,
    word: str,
    named: Mapping[str, Mapping[str, Text]] = _NOTHING,
) -> tuple[WordMeaning, ...]:
    """Every fact whose name, every code whose label or other name, and all of what is `named` by a
    key of its own that holds a word or a synonym of it; those that only look alike where none
    does. Of a list that is named by its id, or of such a key, all."""
    given = word.strip()
    if (listed := named.get(given)) is not None:
        return tuple(WordMeaning(given, code, name) for code, name in listed.items())
    if (whole := vocabulary.lists.get(given)) is not None:
        return tuple(WordMeaning(whole.id, code, path_of(whole, code)) for code in whole.codes)
    words = (given, *synonyms.synonyms.get(given.lower(), ()))
    found = [
        meaning
        for name in words
        for meaning in (
            *_facts(vocabulary, name),
            *_codes(vocabulary, name),
            *_standards(named, name),
        )
    ]
    if found:
        return tuple(dict.fromkeys(found))
    near = vocabulary.suggest(given)
    facts = [WordMeaning(None, near, vocabulary.facts[near].label)] if near else []
    codes = [
        WordMeaning(codes.id, code, _name_today(codes, code))
        for codes in vocabulary.lists.values()
        for code in codes.suggest(given)
    ]
    return (*facts, *codes)


def _facts(vocabulary: Vocabulary, word: str) -> list[WordMeaning]:
    lower = word.lower()
    return [
        WordMeaning(None, fact.id, fact.label)
        for fact in vocabulary.facts.values()
        if lower in fact.id or any(lower in name.lower() for name in _names_of(fact))
    ]


def _standards(named: Mapping[str, Mapping[str, Text]], word: str) -> list[WordMeaning]:
    lower = word.lower()
    return [
        WordMeaning(key, code, name)
        for key, codes in named.items()
        for code, name in codes.items()
        if lower in code
        or any(lower in w.lower() for w in name.by_language().values())
        or (key == _SIZE and _is_among_sizes(word, name))
    ]


def _is_among_sizes(word: str, name: Text) -> bool:
    """Whether a word that names several size classes in one, by their first signs, names this.

    >>> [_is_among_sizes("中小微企业", Text(zh, "")) for zh in ("微型", "中型", "大型")]
    [True, True, False]
    """
    signs = _OF_A_FIRM.sub("", word)
    return bool(signs) and set(signs) <= _SIZE_SIGNS and name.zh[:1] in signs


def _names_of(fact: Fact) -> list[str]:
    """What a fact is called, in every language and in people's own tables."""
    return [*fact.label.by_language().values(), *fact.aliases]


def _codes(vocabulary: Vocabulary, word: str) -> list[WordMeaning]:
    return [
        WordMeaning(codes.id, code, _name_today(codes, code))
        for codes in vocabulary.lists.values()
        for code in _hits(codes, word)
    ]


def _name_today(codes: CodeList, code: str) -> Text:
    """What a code is called; of one that is no longer given out what took its place."""
    name, now = path_of(codes, code), codes.current(code)
    if now == code:
        return name
    return _REPLACED.format(name=name, code=now, now=path_of(codes, now))


def _hits(codes: CodeList, word: str) -> list[str]:
    named = [word] if word in codes else []
    named += [code for code, entry in codes.codes.items() if word in entry.aliases]
    return list(dict.fromkeys([*named, *find_codes(codes, word, _MAX_LISTED)]))[:_MAX_LISTED]
