"""A code by the name that people write for it: 上海市徐汇区, 江西吉安新干, C39 计算机制造业.

A name means a code where it is the code's own name; in a list of places also where it is its
beginning, alone or behind the names of what it lies in. Where several are meant, the one that all
others lie in is taken (南京 is the city); where there is none such, nothing is, and the candidates
are named.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from service.domain.facts.code_lists import CodeList
from service.domain.text import LIST_COMMA, Text, did_you_mean, join
from service.intake.english_places import EnglishPlaces
from service.intake.faults import nearest_name
from service.intake.listed_names import SHORTEST, ListedNames, folded_name, is_former
from service.intake.simplified import plain_characters, simplified
from service.intake.written_values import Unreadable

_PARTED = re.compile(r"[、,，;；|/\n\r]+")
_CODE_FIRST = re.compile(r"([A-Za-z]?[0-9]{1,6}|[A-Za-z])[\s:：.、_-]*(.+)")
_NONE = frozenset(["无", "没有", "暂无", "-", "–", "—", "none", "都没有"])
# No name is longer, be it with those of all that it lies in.
_LONGEST = 200
# How names of places end; what stands behind them in an address; two of them in one cell.
_PLACE_ENDS = frozenset("省市区县旗州盟")
_STREET = re.compile(r"[路街道镇乡村巷弄号园楼座栋幢室厦里坊桥]|开发区|工业区|社区|广场|中心|大队")
_SEVERAL_PLACES = re.compile(r"[、;；|\n\r]")
# 莘庄 behind 上海闵行区: a neighbourhood, and none of the words by which a place is left or another
# is added.
_NEIGHBOURHOOD = re.compile(r"[^\W\d_a-z外等及和或与拟迁原非除至到从移往]{2,4}")
# 上海（徐汇）, 朝阳（辽宁）: of two names one lies in the other.
_TWO_NAMES = re.compile(r"([^()]+)\(([^()]+)\)")
# What the districts of a city are listed below, and nobody calls a place.
_LEVEL = "市辖区"
_MAX_NAMED = 5
# A number of so many digits may have lost a zero before them in a spreadsheet.
_CUT_ZERO = 3
# A place right below the whole country: itself and that.
_HIGHEST = 2
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
        return self._meant(self._candidates(plain_characters(written).strip()))

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
        """The code of the place that an address begins with, and its name there; None where it is
        no address in a place of the list. Raises Unreadable where it may be in several."""
        given = folded_name(written.strip()) if self.shortened else ""
        for end in range(min(len(given) - 1, _LONGEST), SHORTEST, -1):
            name, street = given[:end], given[end:]
            if name[-1] not in _PLACE_ENDS or not self._may_follow(name, street):
                continue
            whole = [c for c in self._candidates(name) if self._ends(name, c)]
            found = self._meant(whole)
            if len(found) > 1:
                raise self._several(name, found)
            if found and not _SEVERAL_PLACES.search(written):
                return found[0], name
        return None

    def _may_follow(self, name: str, street: str) -> bool:
        """Whether a text may stand behind the name of a place in an address: a street, or behind a
        district a neighbourhood that is no place of the list, nor known for lying in another."""
        if _STREET.search(street):
            return True
        if not _NEIGHBOURHOOD.fullmatch(street) or self._candidates(street):
            return False
        return all(
            not self.codes.has_narrower(code) and set(self._known_in(street)) <= {code}
            for code in self._candidates(name)
        )

    def find_beginning(self, written: str) -> str | None:
        """The code of the place that a text begins with, named whole or behind what it
        lies in, whatever follows: 闵行区莘庄, 苏州工业园区. None where none is, or several
        may be."""
        given = folded_name(written.strip())
        for end in range(len(given), SHORTEST - 1, -1) if self.shortened else ():
            name = given[:end]
            found = [c for c in self._candidates(name) if self._is_plain_place(name, c)]
            if meant := self._meant(found):
                return meant[0] if len(meant) == 1 else None
        return None

    def _is_plain_place(self, name: str, code: str) -> bool:
        """Whether a name is that of a place, whole (闵行区), without its last character (苏州), or
        behind the name of what it lies in (上海闵行)."""
        own = folded_name(self.codes.label_of(code).zh)
        return own[-1] in _PLACE_ENDS and (name in (own, own[:-1]) or not own.startswith(name))

    def _ends(self, name: str, code: str) -> bool:
        return name.endswith(folded_name(self.codes.label_of(code).zh))

    def find_path(self, names: Sequence[str]) -> str:
        """The code that names mean together, each within those before it; a name may be said twice
        (北京市, 北京市). Raises Unreadable."""
        *broader, own = (plain_characters(name).strip() for name in names)
        around = [frozenset(self._candidates(name)) for name in broader]
        for name, codes in zip(broader, around, strict=True):
            if not codes:
                raise self._nothing(name)
        found = self._candidates(own)
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
        """The same; None where it would be raised. What a wrong name may have been meant for is not
        looked for, which takes long."""
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
            found = self._present.exact.get(folded_name("".join(parts[:taken])), ())
            if len(found) == 1:
                return found[0], taken
        return None, 1

    @cached_property
    def _most_parts(self) -> int:
        """In how many parts the signs that part names cut one of them."""
        names = (n for e in self.codes.codes.values() for n in (e.label.zh, e.label.en, *e.aliases))
        return max((len(_PARTED.split(name)) for name in names), default=1)

    def _candidates(self, given: str) -> list[str]:
        """All codes that a name may stand for, also those that lie in another of them."""
        for code in (given, given.upper()):
            if code in self.codes:
                return [code]
        folded = folded_name(given)
        found = self._present.exact.get(folded) or self._with_code(given) or self._by_digits(given)
        if self.shortened and given.isascii():
            # One place may be called Chaoyang whole, and another Chaoyang District.
            found = [*(found or ()), *self._english.find(given)]
        elif self.shortened and not found:
            found = list(self._by_path(folded, self._present)) or self._by_bracket(folded)
        # A name that nothing has today may be what an abolished one had.
        return list(dict.fromkeys(found or self._former_codes(folded)))

    def _by_bracket(self, folded: str) -> list[str]:
        """Codes that two names mean of which one stands in a bracket behind the other."""
        if (names := _TWO_NAMES.fullmatch(folded)) is None:
            return []
        joined = (f"{names[1]}{names[2]}", f"{names[2]}{names[1]}")
        return [code for path in joined for code in self._by_path(path, self._present)]

    def _former_codes(self, folded: str) -> list[str]:
        found = self._former.exact.get(folded)
        if found is None and self.shortened:
            found = [c for c in self._by_path(folded, self._former) if self._ends(folded, c)]
        return found or []

    def _with_code(self, given: str) -> list[str]:
        """A code with its own name behind it."""
        match = _CODE_FIRST.fullmatch(given)
        if match is None or match[1].upper() not in self.codes:
            return []
        code = match[1].upper()
        label = self.codes.label_of(code)
        names = (folded_name(label.zh), folded_name(label.en))
        return [code] if folded_name(match[2]) in names else []

    def _by_digits(self, given: str) -> list[str]:
        """The codes that digits alone stand for where a letter stands before them in the list (65
        is I65), and the narrower codes that it does not spell out (6513): of three digits, which a
        spreadsheet may have made of four, also the one that began with a zero."""
        if not given.isascii() or not given.isdecimal():
            return []
        wholes = [given, f"0{given}"] if len(given) == _CUT_ZERO else [given]
        written = [
            self._by_number[whole[:cut]] + whole[cut:]
            for whole in wholes
            for cut in range(len(whole), 0, -1)
            if whole[:cut] in self._by_number
        ]
        return [code for code in written if code in self.codes]

    @cached_property
    def _by_number(self) -> dict[str, str]:
        """Codes of a letter and a number by the number, where one alone has it."""
        found: dict[str, str] = {}
        for code in self.codes.codes:
            if code[:1].isalpha() and code[1:].isdecimal():
                found[code[1:]] = "" if code[1:] in found else code
        return {number: code for number, code in found.items() if code}

    @cached_property
    def _present(self) -> ListedNames:
        """The codes that are in use today."""
        return ListedNames(e for e in self.codes.codes.values() if not is_former(e))

    @cached_property
    def _former(self) -> ListedNames:
        return ListedNames(filter(is_former, self.codes.codes.values()))

    @cached_property
    def _english(self) -> EnglishPlaces:
        return EnglishPlaces(self.codes)

    def _by_path(self, given: str, names: ListedNames) -> Iterator[str]:
        """Codes whose name begins as the given one ends, the rest being what they lie in."""
        if len(given) > _LONGEST:
            return
        for cut in range(len(given) - SHORTEST + 1):
            own = given[cut:]
            for code, name in names.by_beginning.get(own[:SHORTEST], ()):
                if name.startswith(own) and self._lies_in(code, given[:cut]):
                    yield code

    def _lies_in(self, code: str, before: str) -> bool:
        """Whether a text is made of the beginnings of the names of what a code lies in, broad to
        narrow, each once at most."""
        if not before:
            return True
        broader = sorted(
            (c for c in self.codes.ancestors(code) if c != code),
            key=lambda c: len(self.codes.ancestors(c)),
        )
        names = [self._called(c) for c in broader]
        return _made_of(before.replace(_LEVEL, ""), names)

    def _called(self, code: str) -> Sequence[str]:
        """A place's name, and its others that are not cut short: 沪."""
        listed = self.codes.codes.get(code)
        aliases = listed.aliases if listed else ()
        return [folded_name(n) for n in (self.codes.label_of(code).zh, *aliases)]

    def _several(self, given: str, found: list[str]) -> Unreadable:
        named = join((self._named(c) for c in found[:_MAX_NAMED]), LIST_COMMA)
        more = "…" if len(found) > _MAX_NAMED else ""
        return Unreadable(
            f"“{given[:40]}”可以指 {named.zh}{more}，请写明",
            f"“{given[:40]}” may be {named.en}{more}; please say which",
        )

    def _nothing(self, given: str) -> Unreadable:
        names = {entry.label.zh: code for code, entry in self.codes.codes.items()}
        names |= {entry.label.en: code for code, entry in self.codes.codes.items()}
        near: Text | str | None = self._known_for(given)
        near = near or nearest_name(given, names) or nearest_name(given, self.codes.codes)
        near = near or self._beginning_with(given)
        words = Text("{list}中没有“{given}”", "“{given}” is not in the list {list}")
        told = did_you_mean(words.format(list=self.codes.label, given=given[:40]), near)
        return Unreadable(told.zh, told.en)

    def _beginning_with(self, given: str) -> Text | None:
        """The broadest entry whose name begins with what is written of a trade or field (软件业),
        where there is one alone."""
        stem = _TRADE.sub("", given)
        if stem == given or len(stem) < _LEAST_KEYWORD:
            return None
        codes = self.codes.codes
        found = _broadest(self.codes, [c for c, e in codes.items() if e.label.zh.startswith(stem)])
        return self.codes.label_of(found[0]) if len(found) == 1 else None

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
        return [
            code
            for code, entry in self.codes.codes.items()
            if any(
                len(k) >= _LEAST_KEYWORD and not k.isascii() and k in folded for k in entry.keywords
            )
        ]

    def _named(self, code: str) -> Text:
        """A code with what it lies in, unless that is the whole of the list."""
        label = self.codes.label_of(code)
        listed = self.codes.codes.get(code)
        parents = listed.parents if listed else ()
        above = [self.codes.label_of(p) for p in parents if self.codes.ancestors(p) - {p}]
        path = join([*above, label], Text("", " / "))
        return Text(f"{path.zh}（{code}）", f"{path.en} ({code})")


def _made_of(text: str, names: Sequence[Sequence[str]]) -> bool:
    """Whether a text is made of names, one of each list at most and in their order: the first of a
    list may be cut short."""
    if not text:
        return True
    for i, (name, *others) in enumerate(names):
        begun = (name[:n] for n in range(min(len(name), len(text)), SHORTEST - 1, -1))
        for written in (*begun, *others):
            if text.startswith(written) and _made_of(text[len(written) :], names[i + 1 :]):
                return True
    return False


def _not_within(own: str, broader: Sequence[str]) -> Unreadable:
    around = "".join(dict.fromkeys(broader))
    return Unreadable(
        f"“{own[:40]}”不在“{around[:40]}”", f"“{own[:40]}” does not lie in “{around[:40]}”"
    )


def _broadest(codes: CodeList, found: list[str]) -> list[str]:
    """The one code that all the others lie in, where there is one."""
    for code in found:
        if all(code in codes.ancestors(other) for other in found):
            return [code]
    return found
