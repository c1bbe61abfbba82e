"""Code lists: closed sets of values, optionally arranged from broad to narrow.

A region list knows that 310115 lies in 310000 and that the abolished 310108 lives on in 310106; an
industry list knows that C3912 lies in C39, which lies in C. Both are data: the list says who is
whose parent, this module only walks upward.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from itertools import permutations

from service.domain.cache import BoundedCache
from service.domain.facts.code_classes import Bearing, CodeClasses
from service.domain.text import Text, names_like
from service.domain.truth import Truth

# An enumeration's members are slow to name.
_FALSE, _UNKNOWN, _TRUE = Truth

MAX_RELATIONS = 8_192


@dataclass(frozen=True, slots=True)
class Code:
    """One value of a list.

    `retired_on` is the first day on which it is no longer given out: what holds it stays readable.
    `undefined` marks a term for which no official list or definition exists: holding it can be
    claimed, but not holding it can never be concluded. `may_also_be`: whoever holds this code may
    hold those too without having said so. `excludes`: whoever holds this one holds none of those.
    `rest`: whoever holds it may hold any other of the list, and may as well hold none.
    `aliases` are other names it goes by, `keywords` what it is looked for by that names other
    things too. `catch_all`: what holds it has nothing in common but that
    nothing else fits. `none_of_others`: it says that none of the others is held, not even an
    `undefined` one. `completes`: it says that what stands beside it is all, and nothing by
    itself. `one_with`: a level of government that is one with it where no level lies between
    them. `identifiers`: how the identifiers of those who hold it begin; empty: anyhow.
    `longest_years`: for how many years such a certificate is valid at most; None: any term.
    `repayable`: of an instrument, whether what it gives is paid back; None where it may be or not.
    `place`: the regions that what it stands for lies in; none where it may be anywhere.
    """

    code: str
    label: Text
    parents: tuple[str, ...] = ()
    successor: str | None = None
    valid_to: int | None = None
    retired_on: date | None = None
    undefined: bool = False
    initials: str = ""
    keywords: tuple[str, ...] = ()
    note: str = ""
    help: Text | None = None
    facts: tuple[str, ...] = ()
    may_also_be: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    catch_all: bool = False
    rest: bool = False
    none_of_others: bool = False
    completes: bool = False
    one_with: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    longest_years: int | None = None
    repayable: bool | None = None
    place: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class CodeList:
    """A named list of codes; there is one of each, so it is equal to nothing but itself.

    `extension_pattern` is a regular expression for the characters that may follow a listed code to
    make a narrower one that the list does not spell out (GB/T 4754 groups and classes below a
    division). Only a code that has no narrower listed one is extended so: there is no division C99.
    """

    id: str
    label: Text
    codes: Mapping[str, Code] = field(repr=False)  # thousands: no message is read with them in it
    extension_pattern: str | None = None
    source: str = ""
    # Labels of narrower codes that the list does not spell out.
    named: Mapping[str, Text] = field(default_factory=dict, repr=False)
    # INVARIANT: `codes` never changes, so what was worked out of it once stays true.
    _ancestors: dict[str, frozenset[str]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _ties: dict[tuple[str, str], tuple[str, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _relations: BoundedCache[tuple[str, str], Truth] = field(
        default_factory=partial(BoundedCache, MAX_RELATIONS), init=False, repr=False, compare=False
    )

    def __hash__(self) -> int:
        return hash(self.id)

    @cached_property
    def _deeper(self) -> re.Pattern[str] | None:
        return re.compile(self.extension_pattern) if self.extension_pattern else None

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and (
            code in self.codes or self._listed_prefix(code) is not None
        )

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.codes), default=0)

    def _listed_prefix(self, code: str) -> str | None:
        """The listed code that an unlisted, narrower code extends, if the list allows that."""
        if self._deeper is None:
            return None
        for cut in range(min(len(code) - 1, self._longest), 0, -1):
            if code[:cut] in self.codes:
                leaf = code[:cut] not in self._broad
                return code[:cut] if leaf and self._deeper.fullmatch(code[cut:]) else None
        return None

    def label_of(self, code: str) -> Text:
        """The label of a code; a narrower unlisted one has a name of its own, or is named by its
        stem and its own digits."""
        if code in self.codes:
            return self.codes[code].label
        if code in self.named:
            return self.named[code]
        stem = self._listed_prefix(code)
        if stem is None:
            return Text(code, code)
        return Text("{stem} {code}", "{stem} {code}").format(stem=self.codes[stem].label, code=code)

    @cached_property
    def rest(self) -> str | None:
        """The code that says "unsure about the rest": which other codes of the list hold stays
        unknown. None where the list has no such code."""
        return next((code for code, entry in self.codes.items() if entry.rest), None)

    @cached_property
    def completing(self) -> frozenset[str]:
        """The codes that say that what stands beside them is all."""
        return frozenset(code for code, entry in self.codes.items() if entry.completes)

    @cached_property
    def none_code(self) -> str | None:
        """The code that says none of the others is held, where the list has one."""
        return next((c.code for c in self.codes.values() if c.none_of_others), None)

    @cached_property
    def by_label(self) -> Mapping[str, str]:
        """The code behind each label, whatever its language; English without regard to case. Of two
        that are called alike it is the one in use."""
        old_first = sorted(self.codes.items(), key=lambda pair: pair[1].successor is None)
        pairs = [*self.named.items(), *((code, entry.label) for code, entry in old_first)]
        return {
            **{label.en.lower(): code for code, label in pairs},
            **{label.zh: code for code, label in pairs},
        }

    @cached_property
    def _by_alias(self) -> Mapping[str, str]:
        """The code behind each other name, without regard to case."""
        return {
            alias.lower(): code for code, entry in self.codes.items() for alias in entry.aliases
        }

    def suggest(self, word: str) -> tuple[str, ...]:
        """The codes that a word which is none was probably meant for, likeliest first: by its
        label, by a label that holds it, those in use and the shorter ones first, or written most
        alike."""
        given = word.strip()
        exact = (
            self.by_label.get(given)
            or self.by_label.get(given.lower())
            or self._by_alias.get(given.lower())
        )
        if exact:
            return (exact,)
        part = given.lower()
        labels = [label for label in self.by_label if len(part) > 1 and part in label.lower()]
        labels.sort(key=lambda label: (self.by_label[label] in self.succeeded, len(label)))
        holding = [self.by_label[label] for label in labels]
        return tuple(dict.fromkeys([*holding, *names_like(given, self.codes, 3)]))[:3]

    @cached_property
    def _broad(self) -> frozenset[str]:
        return frozenset(parent for entry in self.codes.values() for parent in entry.parents)

    @property
    def broadest(self) -> str | None:
        """The code that all narrower ones lie in, such as the country's; None where it is not one
        alone."""
        tops = [code for code in self._broad if self.ancestors(code) == {code}]
        return tops[0] if len(tops) == 1 else None

    def has_narrower(self, code: str) -> bool:
        """Whether values narrower than this code may exist, listed or not."""
        return code in self._broad or (self._deeper is not None and code in self)

    def current(self, code: str) -> str:
        """The code in use today for a code that may have been abolished."""
        return self.succeeded.get(code, code)

    @cached_property
    def succeeded(self) -> Mapping[str, str]:
        """Today's code for every abolished one."""
        listed = self.codes.items()
        return {code: self._last(code) for code, entry in listed if entry.successor is not None}

    @cached_property
    def retired(self) -> frozenset[str]:
        """The codes that are no longer given out."""
        return frozenset(code for code, entry in self.codes.items() if entry.retired_on)

    def _last(self, code: str) -> str:
        seen = {code}
        while (entry := self.codes.get(code)) and entry.successor and entry.successor not in seen:
            code = entry.successor
            seen.add(code)
        return code

    def ancestors(self, code: str) -> frozenset[str]:
        """The current form of the code itself and everything broader."""
        known = self._ancestors.get(code)
        if known is None:
            now = self.current(code)
            if now in self.codes:
                parents = self.codes[now].parents
            else:
                parents = (now[:-1],) if self._listed_prefix(now) else ()
            known = frozenset([now]).union(*map(self.ancestors, parents))
            self._ancestors[code] = known
        return known

    def relation(self, value: str, target: str) -> Truth:
        """Whether `value` lies in `target`: UNKNOWN where the value is too coarse to tell: broader
        than the target, only overlapping with it, or such that its holder may be that too."""
        known = self._relations.get((value, target))
        if known is None:
            truth = self._relation(self.current(value), self.current(target))
            known = self._relations.keep((value, target), truth)
        return known

    def lies_in(self, value: str, targets: Iterable[str]) -> bool:
        """Whether a code surely is one of some, or one of theirs."""
        return any(self.relation(value, target) is _TRUE for target in targets)

    def _relation(self, value: str, target: str) -> Truth:
        if target in self.ancestors(value):
            return _TRUE
        if value in self.ancestors(target) or (value, target) in self.overlapping:
            return _UNKNOWN
        may_be = self.has_ties and self._may_be(value, target)
        return _UNKNOWN if may_be else _FALSE

    def _may_be(self, value: str, target: str) -> bool:
        near = self.ancestors(target)
        return any(m in near or target in self.ancestors(m) for m in self.also(value))

    def also(self, value: str) -> tuple[str, ...]:
        """What the holder of a code may be besides."""
        return self._declared(value, "may_also_be")

    def rules_out(self, value: str, target: str) -> bool:
        """Whether whoever holds `value` certainly does not hold `target`."""
        if not self.has_ties:
            return False
        ruled_out = self.excluded(value)
        return bool(ruled_out) and not self.ancestors(target).isdisjoint(ruled_out)

    def excluded(self, value: str) -> tuple[str, ...]:
        """What the holder of a code is certainly not."""
        return self._declared(value, "excludes")

    def excluding(self, target: str) -> Iterator[str]:
        """The codes whose holder is certainly not the target."""
        return (code for code in self.codes if self.rules_out(code, target))

    def _declared(self, value: str, key: str) -> tuple[str, ...]:
        """What a code and the broader ones say under a key; most lists say nothing."""
        if not self.has_ties:
            return ()
        known = self._ties.get((value, key))
        if known is None:
            named = (getattr(self.codes[c], key) for c in self.ancestors(value) if c in self.codes)
            known = tuple(self.current(code) for codes in named for code in codes)
            self._ties[value, key] = known
        return known

    @cached_property
    def has_ties(self) -> bool:
        """Whether any code says what its holder may be besides, or certainly is not."""
        return any(entry.may_also_be or entry.excludes for entry in self.codes.values())

    def bearing(self, value: str, target: str) -> Bearing:
        """The relation of a value to a target; None where the value rules the target out."""
        return None if self.rules_out(value, target) else self.relation(value, target)

    @cached_property
    def overlapping(self) -> frozenset[tuple[str, str]]:
        """Pairs of codes with a narrower code in common, found at the codes of several parents."""
        shared = (self.ancestors(c) for c, entry in self.codes.items() if len(entry.parents) > 1)
        return frozenset(pair for codes in shared for pair in permutations(codes, 2))

    @cached_property
    def classes(self) -> CodeClasses:
        """Its codes by how they bear on some of them."""
        return CodeClasses(self)
