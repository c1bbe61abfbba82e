"""The one code that a text means, 上海市徐汇区 or 江西吉安新干; where none is meant, what may be.

A name may stand for several codes (`name_lookup`). The one that all others lie in is taken (南京 is
the city); where there is none such, nothing is, and the candidates are named.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from service.domain.facts.code_lists import CodeList
from service.domain.text import LIST_COMMA, Text, did_you_mean, join, quoted
from service.intake.faults import nearest_name
from service.intake.listed_names import SHORTEST, folded_name
from service.intake.name_lookup import LONGEST_NAME, NameLookup
from service.intake.simplified import plain_characters, simplified
from service.intake.written_values import Unreadable

_PARTED = re.compile(r"[、,，;；|/\n\r]+")
_NONE = frozenset(["无", "没有", "暂无", "-", "–", "—", "none", "都没有"])
# How names of places end; what stands behind them in an address; two of them in one cell.
_PLACE_ENDS = frozenset("省市区县旗州盟")
_STREET = re.compile(r"[路街道镇乡村巷弄号园楼座栋幢室厦里坊桥]|开发区|工业区|社区|广场|中心|大队")
_SEVERAL_PLACES = re.compile(r"[、;；|\n\r]")
# 莘庄 behind 上海闵行区: a neighbourhood, and none of the words by which a place is left or another
# is added.
_NEIGHBOURHOOD = re.compile(r"[^\W\d_a-z外等及和或与拟迁原非除至到从移往]{2,4}")
_MAX_NAMED = 5
# A place right below the whole country: itself and that.
_HIGHEST = 2
# How many times as long as the number of a place that of a township, of a village in it is.
_LONGER = (Fraction(3, 2), Fraction(2))
# What may be a code that is misspelt; a code beside another name, in a bracket or before it.
_LIKE_A_CODE = re.compile(r"[A-Za-z]?[0-9.]+")
_CODE_BESIDE = re.compile(r"\(([A-Za-z0-9]+)\)|^([A-Za-z][0-9]{2,4})(?=\s*[^\W\d_])")
# A word by which a place is known that is looked for within what was written.
_LEAST_KEYWORD = 2
# What a trade is called by beside its own name.
_TRADE = re.compile(r"(?:行业|产业|业)$")
# So much of a text that is no place is looked through for one to suggest.
_LOOKED_AT = 30


@dataclass(frozen=True)
class CodeNames:
    """The names of one list's codes. `shortened`: names may be cut short and follow those of what
    they lie in, as places are written. `within`: of several codes that a name may mean those that
    lie in this one are meant."""

    codes: CodeList
    shortened: bool = False
    within: str | None = None

    @cached_property
    def _lookup(self) -> NameLookup:
        return NameLookup(self.codes, self.shortened)

    @cached_property
    def _labels(self) -> Collection[str]:
        labels = [entry.label for entry in self.codes.codes.values()]
        return dict.fromkeys([*(label.zh for label in labels), *(label.en for label in labels)])

    @cached_property
    def _by_keyword(self) -> Mapping[str, list[str]]:
        """Which codes each word that is looked for within a text is known for. A table may have a
        million texts that are none of its names."""
        codes: dict[str, list[str]] = {}
        for code, entry in self.codes.codes.items():
            for word in entry.keywords:
                if len(word) >= _LEAST_KEYWORD and not word.isascii():
                    codes.setdefault(word, []).append(code)
        return codes

    def find(self, written: str) -> str:
        """The one code that is meant. Raises Unreadable, with the candidates where there are
        several and the likeliest name where there is none."""
        found = self.candidates(written)
        if len(found) == 1:
            return found[0]
        given = plain_characters(written).strip()
        raise self._several(given, found) if found else self._nothing(given)

    def candidates(self, written: str) -> list[str]:
        """All codes that may be meant; none where it is no name."""
        return self._meant(self._lookup.codes_of(plain_characters(written).strip()))

    def _meant(self, found: list[str]) -> list[str]:
        """The broadest of what is found, looked for within one place where that was chosen."""
        if self.within is not None:
            found = [c for c in found if self.within in self.codes.ancestors(c)] or found
        broadest = _broadest(self.codes, found)
        return found if self._is_namesake(broadest, found) else broadest

    def _is_namesake(self, broadest: list[str], found: list[str]) -> bool:
        """Whether the one place that all others lie in is called as one right below it, at the
        highest level, where a name means either: 吉林, Jilin."""
        if not self.shortened or len(broadest) != 1 or len(found) == 1:
            return False
        (whole,) = broadest
        if len(self.codes.ancestors(whole)) > _HIGHEST:
            return False
        below = [c for c in found if whole in self.codes.codes[c].parents]
        return any(self._stem(c) == self._stem(whole) for c in below)

    def _stem(self, code: str) -> str:
        """A place's name without what kind of place it is."""
        return folded_name(self.codes.label_of(code).zh)[:-1]

    def find_address(self, written: str) -> tuple[str, str] | None:
        """The code of the place that an address begins with, or a longer number, and its name
        there; None where it is no address in a place of the list. Raises Unreadable where it may be
        in several."""
        given = folded_name(written.strip()) if self.shortened else ""
        if code := self._begins_with_number(given):
            return code, self.codes.label_of(code).zh
        for end in range(min(len(given) - 1, LONGEST_NAME), SHORTEST, -1):
            name, street = given[:end], given[end:]
            if name[-1] not in _PLACE_ENDS or not self._may_follow(name, street):
                continue
            whole = [
                c for c in self._lookup.codes_of(name) if self._lookup.ends_in_name_of(name, c)
            ]
            found = self._meant(whole)
            if len(found) > 1:
                raise self._several(name, found)
            if found and not _SEVERAL_PLACES.search(written):
                return found[0], name
        return None

    def _begins_with_number(self, given: str) -> str | None:
        """The code of the place in which the township or village of a longer number lies, as
        registers of addresses have it: 310112106000."""
        if not given.isdecimal():
            return None
        begun = (given[: int(len(given) / times)] for times in _LONGER)
        return next((c for c in begun if c in self.codes and len(given) / len(c) in _LONGER), None)

    def _may_follow(self, name: str, street: str) -> bool:
        """Whether a text may stand behind the name of a place in an address: a street, or behind a
        district a neighbourhood that is no place of the list, nor known for lying in another."""
        if _STREET.search(street):
            return True
        if not _NEIGHBOURHOOD.fullmatch(street) or self._lookup.codes_of(street):
            return False
        return all(
            not self.codes.has_narrower(code) and set(self._known_in(street)) <= {code}
            for code in self._lookup.codes_of(name)
        )

    def find_beginning(self, written: str) -> str | None:
        """The code of the place that a text begins with, named whole or behind what it
        lies in, whatever follows: 闵行区莘庄, 苏州工业园区. None where none is, or several
        may be."""
        given = folded_name(written.strip())
        for end in range(len(given), SHORTEST - 1, -1) if self.shortened else ():
            name = given[:end]
            found = [c for c in self._lookup.codes_of(name) if self._is_plain_place(name, c)]
            if meant := self._meant(found):
                return meant[0] if len(meant) == 1 else None
        return None

    def _is_plain_place(self, name: str, code: str) -> bool:
        """Whether a name is that of a place, whole (闵行区), without its last character (苏州), or
        behind the name of what it lies in (上海闵行)."""
        own = folded_name(self.codes.label_of(code).zh)
        return own[-1] in _PLACE_ENDS and (name in (own, own[:-1]) or not own.startswith(name))

    def find_path(self, names: Sequence[str]) -> str:
        """The code that names mean together, each within those before it; a name may be said twice
        (北京市, 北京市). Raises Unreadable."""
        *broader, own = (plain_characters(name).strip() for name in names)
        around = [frozenset(self._lookup.codes_of(name)) for name in broader]
        for name, codes in zip(broader, around, strict=True):
            if not codes:
                raise self._nothing(name)
        found = self._lookup.codes_of(own)
        within = [c for c in found if all(codes & self.codes.ancestors(c) for codes in around)]
        narrower = [c for c in within if not any(c in codes for codes in around)]
        meant = self._meant(narrower or within)
        if len(meant) == 1:
            return meant[0]
        if found and not meant:
            raise _not_within(own, broader)
        raise self._several(own, meant) if meant else self._nothing(own)

    def find_several(self, written: str) -> list[str]:
        """The codes that are meant, parted by 、 or the like; none where it says there are none. A
        name may hold the sign that parts. Raises Unreadable."""
        found = self._parts_of(written)
        return list(dict.fromkeys(code or self.find(part) for part, code in found))

    def codes_named(self, written: str) -> list[str] | None:
        """The codes that a text names; None where one of its parts names none or several.
        Suggestions are not looked for: that takes long."""
        found: list[str] = []
        for part, code in self._parts_of(written):
            codes = [code] if code else self.candidates(part)
            if len(codes) != 1:
                return None
            found += codes
        return list(dict.fromkeys(found))

    def _parts_of(self, written: str) -> Iterator[tuple[str, str | None]]:
        """What stands between the signs that part, with the code of what only several together are
        the name of."""
        if simplified(written.strip().casefold()) in _NONE:
            return
        parts = [p for p in (part.strip() for part in _PARTED.split(written)) if p]
        while parts:
            code, taken = self._longest(parts)
            yield parts[0], code
            parts = parts[taken:]

    def _longest(self, parts: list[str]) -> tuple[str | None, int]:
        """The code of as many parts as make one name, and how many those are."""
        for taken in range(min(len(parts), self._most_parts), 1, -1):
            found = self._lookup.named_exactly("".join(parts[:taken]))
            if len(found) == 1:
                return found[0], taken
        return None, 1

    @cached_property
    def _most_parts(self) -> int:
        """The most parts into which a name or alias of the list is cut by the signs that separate
        names."""
        names = (n for e in self.codes.codes.values() for n in (e.label.zh, e.label.en, *e.aliases))
        return max((len(_PARTED.split(name)) for name in names), default=1)

    def _several(self, given: str, found: list[str]) -> Unreadable:
        named = join((self._named(c) for c in found[:_MAX_NAMED]), LIST_COMMA)
        more = "…" if len(found) > _MAX_NAMED else ""
        cell = quoted(given[:40])
        return Unreadable(
            f"{cell.zh}可以指 {named.zh}{more}，请写明",
            f"{cell.en} may be {named.en}{more}; please say which",
        )

    def _nothing(self, given: str) -> Unreadable:
        near: Text | str | None = self._known_for(given)
        near = near or nearest_name(given, self._labels)
        if _LIKE_A_CODE.fullmatch(given):
            near = near or nearest_name(given, self.codes.codes)
        near = near or self._beginning_with(given) or self._of_code_beside(given)
        words = Text("{list}中没有“{given}”", "“{given}” is not in the list {list}")
        fault = did_you_mean(words.format(list=self.codes.label, given=given[:40]), near)
        return Unreadable(fault.zh, fault.en)

    def _beginning_with(self, given: str) -> Text | None:
        """The broadest entry whose name begins with what is written of a trade or field (软件业),
        where there is one alone."""
        stem = _TRADE.sub("", given)
        if stem == given or len(stem) < _LEAST_KEYWORD:
            return None
        codes = self.codes.codes
        found = _broadest(self.codes, [c for c, e in codes.items() if e.label.zh.startswith(stem)])
        return self.codes.label_of(found[0]) if len(found) == 1 else None

    def _of_code_beside(self, given: str) -> Text | None:
        """The entry of the code that stands behind or before another name: 制造业（C39）,
        I6513 应用软件开发."""
        codes = ((behind or before).upper() for behind, before in _CODE_BESIDE.findall(given))
        return next((self.codes.label_of(c) for c in codes if c in self.codes), None)

    def _known_for(self, given: str) -> Text | None:
        """The places that a part of what was written is known for (临港, 张江), or else the place
        that it begins with; whether one of them is meant is for the writer to say."""
        if not self.shortened:
            return None
        folded = folded_name(given[:_LOOKED_AT])
        begun = self.find_beginning(folded)
        found = self._known_in(folded)
        within = [c for c in found if begun in self.codes.ancestors(c)] if begun else found
        meant = within or ([begun] if begun else [])
        return join(map(self._named, meant[:_MAX_NAMED]), LIST_COMMA) if meant else None

    def _known_in(self, folded: str) -> list[str]:
        """The places of which a text has a word that they are known for, in the list's order."""
        parts = (
            folded[start:end]
            for start in range(len(folded))
            for end in range(start + _LEAST_KEYWORD, len(folded) + 1)
        )
        found = {code for part in parts for code in self._by_keyword.get(part, ())}
        return [code for code in self.codes.codes if code in found] if found else []

    def _named(self, code: str) -> Text:
        """A code with what it lies in, unless that is the whole of the list."""
        label = self.codes.label_of(code)
        listed = self.codes.codes.get(code)
        parents = listed.parents if listed else ()
        above = [self.codes.label_of(p) for p in parents if self.codes.ancestors(p) - {p}]
        path = join([*above, label], Text("", " / "))
        return Text(f"{path.zh}（{code}）", f"{path.en} ({code})")


def _not_within(own: str, broader: Sequence[str]) -> Unreadable:
    place, around = quoted(own[:40]), quoted("".join(dict.fromkeys(broader))[:40])
    return Unreadable(f"{place.zh}不在{around.zh}", f"{place.en} does not lie in {around.en}")


def _broadest(codes: CodeList, found: list[str]) -> list[str]:
    """The one code that all the others lie in, where there is one."""
    for code in found:
        if all(code in codes.ancestors(other) for other in found):
            return [code]
    return found
