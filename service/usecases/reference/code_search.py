"""Finding a code as a person looks for it: by digits, by name, by the initials of its pinyin."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import permutations

from service.domain.facts.code_lists import Code, CodeList
from service.domain.text import Text, join
from service.intake.code_values import CACHE_SIZE, names_of
from service.intake.written_values import Unreadable

MAX_CODES = 12
# In characters: nobody looks for so long a name, and every word of it is held against every code.
MAX_SOUGHT = 200
# What parts the words of a query: Xuhui, Shanghai.
_GAPS = re.compile(r"[\s/,，、;；]+")
# What parts several names from each other, and what may as well stand within one.
_LISTED = re.compile(r"[、;；\n]+")
_AND = re.compile(r"以及|和|及|与|\band\b")
_BRACKETED = re.compile(r"[^()]*\(([^()]+)\)")
# So many names of a list must end in a word for it to tell of what kind they are: District.
_NAMES_OF_A_KIND = 20
_LEAST_OF_A_KIND = 3
# So many of a broader name's initials stand before the own ones at least.
_LEAST_INITIALS = 2


def find_codes(
    codes: CodeList,
    query: str,
    limit: int | None = MAX_CODES,
    preferred: Collection[str] = (),
) -> list[str]:
    """The codes a query may mean, the likeliest first; every word of it must fit. Of codes that fit
    equally well those come first that lie in a `preferred` one. No `limit`: all of them.

    A word fits by the code's first digits, by any part of the Chinese or English name of the code
    or of something broader, by a keyword of it, or by the first letters of the initials, also
    behind those of something broader (shmh). Where nothing fits, words are passed over that only
    say of what kind a thing is: Minhang Dist. Abolished codes are found by their full code only.
    """
    query = query.strip()
    if len(query) > MAX_SOUGHT:
        return []
    plain = _plain(unicodedata.normalize("NFKC", query))
    words = list(dict.fromkeys(w for w in _GAPS.split(plain) if w))
    if not words:
        return []
    found = _fitting(codes, words, preferred)
    if not found and query in codes:
        found = [query]
    if not found:
        found = _by_name(codes, query) or _fitting(codes, _without_kinds(codes, words), preferred)
    return found[:limit]


def _fitting(codes: CodeList, words: list[str], preferred: Collection[str]) -> list[str]:
    ranked = sorted(_ranked(codes, words, frozenset(preferred))) if words else []
    return [code for *_, code in ranked]


def _without_kinds(codes: CodeList, words: list[str]) -> list[str]:
    """The words that name something, and do not only say of what kind it is."""

    def tells_a_kind(word: str) -> bool:
        bare = word.rstrip(".")
        return bare in kinds or (
            bare != word
            and len(bare) >= _LEAST_OF_A_KIND
            and any(kind.startswith(bare) for kind in kinds)
        )

    kinds = _kinds_of(codes)
    return [word for word in words if not tells_a_kind(word)]


@lru_cache(CACHE_SIZE)
def _kinds_of(codes: CodeList) -> frozenset[str]:
    """The words that many English names end in: district, county, new area, manufacturing."""
    ends = Counter(word for name in _english(codes).values() for word in set(name.split()[1:]))
    return frozenset(word for word, count in ends.items() if count >= _NAMES_OF_A_KIND)


@lru_cache(CACHE_SIZE)
def _english(codes: CodeList) -> Mapping[str, str]:
    """The English names by code, as they are compared."""
    return {code: _plain(entry.label.en) for code, entry in codes.codes.items()}


def _plain(name: str) -> str:
    """A name in small letters without apostrophes: Jing'an may be written Jingan."""
    return re.sub(r"['’‘]", "", name.lower())


def _by_name(codes: CodeList, query: str) -> list[str]:
    """The code that a whole name written in one means: 上海市徐汇区, 江西吉安新干; of an address
    the place it begins with: 北京市海淀区中关村大街1号; or the one that its beginning has in
    brackets, as licences of zones do: 中国（上海）自由贸易试验区."""
    names = names_of(codes)
    if len(found := names.candidates(query)) == 1:
        return found
    with suppress(Unreadable):
        if address := names.find_address(query):
            return [address[0]]
    if beginning := names.find_beginning(query):
        return [beginning]
    bracketed = _BRACKETED.match(unicodedata.normalize("NFKC", query))
    found = names.candidates(bracketed[1]) if bracketed else []
    return found if len(found) == 1 else []


def resolve_code(codes: CodeList, query: str) -> tuple[str | None, list[str]]:
    """The one code that a query means, or None and the candidates."""
    given = unicodedata.normalize("NFKC", query).strip()
    if given in codes:
        return given, []
    found = find_codes(codes, query, MAX_CODES)
    for unique in (found, names_of(codes).candidates(given)):
        if len(unique) == 1:
            return unique[0], []
    return None, found


def names_listed(codes: CodeList, query: str) -> list[str]:
    """The names that a query lists, each to be looked for by itself: 武汉、新加坡, Wuhan and Jilin.
    One that names a thing with what it lies in is one: Xuhui, Shanghai."""
    if len(query) > MAX_SOUGHT or names_of(codes).candidates(query):
        return [query]
    if len(names := _parted(_AND, query)) > 1 and _lie_apart(codes, names):
        return [name for joined in names for name in names_listed(codes, joined)]
    if _fitting(codes, _parted(_GAPS, _plain(query)), ()):
        return [query]
    if len(names := _parted(_LISTED, query)) > 1:
        return names
    names = _parted(_GAPS, query)
    return names if _lie_apart(codes, names) else [query]


def _parted(by: re.Pattern[str], query: str) -> list[str]:
    """What stands between the signs or words that part."""
    return list(dict.fromkeys(part for part in map(str.strip, by.split(query)) if part))


def _lie_apart(codes: CodeList, names: list[str]) -> bool:
    """Whether each name is found, and none of them within another: no parts of one address."""
    if len(names) > MAX_CODES:  # nobody lists so many in one line
        return False
    found = [frozenset(find_codes(codes, name)) for name in names]
    return all(found) and not any(
        codes.ancestors(code) & other for one, other in permutations(found, 2) for code in one
    )


def path_of(codes: CodeList, code: str) -> Text:
    """The name of a code with what it lies in, broad to narrow: 上海市 浦东新区.

    What the whole list lies in is left out.
    """
    names, entry = [codes.label_of(code)], codes.codes.get(code)
    while entry and entry.parents:
        entry = codes.codes[entry.parents[0]]
        if entry.parents or _has_other_roots(codes, entry):
            names.append(entry.label)
    return join(reversed(names), Text(" ", " "))


def _has_other_roots(codes: CodeList, root: Code) -> bool:
    """Whether other codes lie in something else; what holds nothing is no such thing."""
    return any(
        not entry.parents and entry is not root and codes.has_narrower(entry.code)
        for entry in codes.codes.values()
    )


def _ranked(
    codes: CodeList, words: list[str], preferred: frozenset[str]
) -> Iterator[tuple[int, bool, int, str]]:
    for code, entry in codes.codes.items():
        if entry.successor or entry.valid_to:
            continue
        own = _score_of_all(codes, code, entry, words)
        if own is not None:
            yield own, not preferred & codes.ancestors(code), len(entry.label.zh), code


def _score_of_all(codes: CodeList, code: str, entry: Code, words: list[str]) -> int | None:
    total = 0
    for word in words:
        score = _score(codes, code, entry, word)
        if score is None:
            return None
        total += score
    return total


def _is_keyword(entry: Code, word: str) -> bool:
    """Whether a keyword has a word of it, or is named in it: 机器人 in 做机器人的."""
    if word.isascii():
        return any(f" {word}" in f" {key}" for key in entry.keywords)
    return any(key in word or word in key for key in entry.keywords)


def _follows_initials(word: str, entry: Code, broader: list[Code]) -> bool:
    """Whether a word is the beginning of something broader's initials, then of the code's own."""
    if not entry.initials or not word.isascii() or len(word) <= _LEAST_INITIALS:
        return False
    return any(
        b.initials.startswith(word[:cut]) and entry.initials.startswith(word[cut:])
        for b in broader
        for cut in range(_LEAST_INITIALS, min(len(word), len(b.initials) + 1))
    )


def _score(codes: CodeList, code: str, entry: Code, word: str) -> int | None:
    """How well a word fits, 0 best; None where it does not."""
    zh, en = entry.label.zh.lower(), _english(codes)[code]
    if word in (code.lower(), zh, en):
        return 0
    if code.lower().startswith(word) or zh.startswith(word) or entry.initials == word:
        return 1
    if (entry.initials and entry.initials.startswith(word)) or en.startswith(word):
        return 2
    if word in zh or f" {word}" in en or _is_keyword(entry, word):
        return 3
    broader = [codes.codes[p] for p in codes.ancestors(code) if p in codes.codes and p != code]
    if _follows_initials(word, entry, broader):
        return 3
    if any(word in b.label.zh.lower() or word in _english(codes)[b.code] for b in broader):
        return 4
    return None
