"""All codes that one name may stand for: 徐汇, 江西吉安新干, C39 计算机制造业, 农业（A01）, 6513.

A name stands for a code where it is the code's own name; in a list of places also where it is its
beginning, alone or behind the names of what it lies in. Which one is meant is not asked here.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from service.domain.facts.code_lists import CodeList
from service.intake.english_places import EnglishPlaces, names_its_kind
from service.intake.listed_names import SHORTEST, ListedNames, folded_name, is_former

# No name is longer, be it with those of all that it lies in.
LONGEST_NAME = 200
_CODE = r"[A-Za-z]?[0-9]{1,6}|[A-Za-z]"
_CODE_FIRST = re.compile(rf"(?P<code>{_CODE})[\s:：.、_-]*(?P<name>.+)")
_CODE_LAST = re.compile(rf"(?P<name>.+?)\s*\((?P<code>{_CODE})\)")
# 上海（徐汇）, 朝阳（辽宁）: of two names one lies in the other.
_TWO_NAMES = re.compile(r"([^()]+)\(([^()]+)\)")
# What the districts of a city are listed below, and nobody calls a place.
_LEVEL = "市辖区"
# A number of so many digits may have lost a zero before them in a spreadsheet.
_CUT_ZERO = 3


class NameLookup:
    """Finds the codes of one list by name. `shortened`: names may be cut short and follow those of
    what they lie in, as places are written."""

    def __init__(self, codes: CodeList, shortened: bool) -> None:
        self._codes, self._shortened = codes, shortened

    def codes_of(self, given: str) -> list[str]:
        """All codes that a name may stand for, also those that lie in another of them."""
        for code in (given, given.upper()):
            if code in self._codes:
                return [code]
        folded = folded_name(given)
        found = self._present.exact.get(folded) or self._with_code(given) or self._by_digits(given)
        if self._shortened and given.isascii() and not (found and names_its_kind(given)):
            # One place may be called Chaoyang whole, and another Chaoyang District.
            found = [*(found or ()), *self._english.find(given)]
        elif self._shortened and not found:
            found = list(self._by_path(folded, self._present)) or self._by_bracket(folded)
        # A name that nothing has today may be what an abolished one had.
        return list(dict.fromkeys(found or self._former_codes(folded)))

    def named_exactly(self, name: str) -> Sequence[str]:
        """The codes of today that have a name as a whole."""
        return self._present.exact.get(folded_name(name), ())

    def ends_in_name_of(self, text: str, code: str) -> bool:
        return text.endswith(folded_name(self._codes.label_of(code).zh))

    def _by_bracket(self, folded: str) -> list[str]:
        """Codes that two names mean of which one stands in a bracket behind the other."""
        if (names := _TWO_NAMES.fullmatch(folded)) is None:
            return []
        joined = (f"{names[1]}{names[2]}", f"{names[2]}{names[1]}")
        return [code for path in joined for code in self._by_path(path, self._present)]

    def _former_codes(self, folded: str) -> list[str]:
        found = self._former.exact.get(folded)
        if found is None and self._shortened:
            found = [
                c for c in self._by_path(folded, self._former) if self.ends_in_name_of(folded, c)
            ]
        return found or []

    def _with_code(self, given: str) -> list[str]:
        """A code with its own name behind it, or in a bracket behind its name."""
        match = _CODE_FIRST.fullmatch(given) or _CODE_LAST.fullmatch(given)
        if match is None or (code := match["code"].upper()) not in self._codes:
            return []
        label = self._codes.label_of(code)
        names = (folded_name(label.zh), folded_name(label.en))
        return [code] if folded_name(match["name"]) in names else []

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
        return [code for code in written if code in self._codes]

    @cached_property
    def _by_number(self) -> dict[str, str]:
        """Codes of a letter and a number by the number, where one alone has it."""
        found: dict[str, str] = {}
        for code in self._codes.codes:
            if code[:1].isalpha() and code[1:].isdecimal():
                found[code[1:]] = "" if code[1:] in found else code
        return {number: code for number, code in found.items() if code}

    @cached_property
    def _present(self) -> ListedNames:
        """The codes that are in use today."""
        return ListedNames(e for e in self._codes.codes.values() if not is_former(e))

    @cached_property
    def _former(self) -> ListedNames:
        return ListedNames(filter(is_former, self._codes.codes.values()))

    @cached_property
    def _english(self) -> EnglishPlaces:
        return EnglishPlaces(self._codes)

    def _by_path(self, given: str, names: ListedNames) -> Iterator[str]:
        """Codes whose name begins as the given one ends, the rest being what they lie in."""
        if len(given) > LONGEST_NAME:
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
            (c for c in self._codes.ancestors(code) if c != code),
            key=lambda c: len(self._codes.ancestors(c)),
        )
        names = [self._called(c) for c in broader]
        return _made_of(before.replace(_LEVEL, ""), names)

    def _called(self, code: str) -> Sequence[str]:
        """A place's name, and its others that are not cut short: 沪."""
        listed = self._codes.codes.get(code)
        aliases = listed.aliases if listed else ()
        return [folded_name(n) for n in (self._codes.label_of(code).zh, *aliases)]


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
