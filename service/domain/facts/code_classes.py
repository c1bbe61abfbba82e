"""Equivalence classes of the codes of a list: codes that no test can tell apart. Where all answers
are to be tried, one code of each class is tried for all of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain, islice
from string import ascii_uppercase, digits
from typing import TYPE_CHECKING, TypeAlias

from service.domain.cache import BoundedCache
from service.domain.truth import Truth

if TYPE_CHECKING:
    from service.domain.facts.code_lists import CodeList

# How a held code bears on a named one; None: it rules it out.
Bearing: TypeAlias = Truth | None
CACHE_SIZE = 4_096


class CodeClasses:
    """The classes of one list; what was worked out is kept, for a list never changes."""

    def __init__(self, codes: "CodeList") -> None:
        self._list = codes
        self._by_targets: dict[tuple[str, ...], dict[tuple[Bearing, ...], str]] = {}
        self._extended: BoundedCache[str, tuple[str, ...]] = BoundedCache(CACHE_SIZE)
        self._others: BoundedCache[tuple[str, ...], Mapping[tuple[Bearing, ...], str]] = (
            BoundedCache(CACHE_SIZE)
        )
        self._within: BoundedCache[tuple[str, tuple[str, ...]], tuple[str, ...]] = BoundedCache(
            CACHE_SIZE
        )

    def of(self, targets: tuple[str, ...]) -> Mapping[tuple[Bearing, ...], str]:
        """One code for every way a code can bear on the targets. Codes of one class come out alike
        in every test that names only the targets."""
        known = self._by_targets.get(targets)
        if known is None:
            known = {}
            for code in self._distinguishing_codes(targets):
                known.setdefault(self._bearings(code, targets), code)
            self._by_targets[targets] = known
        return known

    def _met(self, targets: tuple[str, ...]) -> frozenset[str]:
        """What lies on the way to a target, or overlaps with others. In a list without ties all
        other codes that lie in the same of these bear on the targets alike."""
        return self._overlaps.union(*(self._list.ancestors(target) for target in targets))

    def _bearings(self, code: str, targets: tuple[str, ...]) -> tuple[Bearing, ...]:
        return tuple([self._list.bearing(code, target) for target in targets])

    def others(self, targets: tuple[str, ...]) -> Mapping[tuple[Bearing, ...], str]:
        """As `of`, without the classes to which a target itself belongs."""
        known = self._others.get(targets)
        if known is None:
            own = {self._bearings(code, targets) for code in targets}
            others = {way: code for way, code in self.of(targets).items() if way not in own}
            known = self._others.keep(targets, others)
        return known

    def within(self, code: str, targets: tuple[str, ...]) -> tuple[str, ...]:
        """One code for every way in which codes that lie in `code` bear on the targets."""
        code = self._list.current(code)
        known = self._within.get((code, targets))
        if known is not None:
            return known
        by_bearing: dict[tuple[Bearing, ...], str] = {}
        for narrower in self.below(code, targets):
            by_bearing.setdefault(self._bearings(narrower, targets), narrower)
        return self._within.keep((code, targets), tuple(by_bearing.values()))

    def below(self, code: str, targets: tuple[str, ...]) -> Iterator[str]:
        """As `within`, where several may bear on the targets alike: to tell these takes a look at
        each target, of which there may be hundreds."""
        code, named = self._list.current(code), (*targets, code)
        every = (
            self._met_below(named, code)
            if not self._list.has_ties
            else (*self._list.codes, *self._extensions(named))
        )
        return (narrower for narrower in every if code in self._list.ancestors(narrower))

    def is_exact(self, code: str, targets: tuple[str, ...]) -> bool:
        """Whether all codes that lie in a code bear on the targets alike."""
        return len(self.within(code, targets)) <= 1

    def _met_below(self, targets: tuple[str, ...], whole: str) -> Iterator[str]:
        """Codes among which each bearing on the targets is met that codes in a whole can have, in a
        list without ties. But for what lies on the way to a target, or overlaps with others, the
        codes below one code bear on them alike: the first stands for all."""
        met = self._met(targets)
        inside = (c for c in met if whole in self._list.ancestors(c) or c in self._overlaps)
        for code in sorted(inside):
            yield code
            yield from islice((c for c in self._children.get(code, ()) if c not in met), 1)
        unlisted = [c for c in self._extensions(targets) if c not in met]
        yield from {self._list.ancestors(code) & met: code for code in reversed(unlisted)}.values()

    @cached_property
    def _children(self) -> Mapping[str, list[str]]:
        """Today's codes right below each code."""
        children: dict[str, list[str]] = {}
        for code, entry in self._list.codes.items():
            for parent in entry.parents if entry.successor is None else ():
                children.setdefault(self._list.current(parent), []).append(code)
        return children

    @cached_property
    def _overlaps(self) -> frozenset[str]:
        """The codes that overlap with others."""
        return frozenset(code for code, _ in self._list.overlapping)

    def _distinguishing_codes(self, targets: tuple[str, ...]) -> Iterable[str]:
        """Today's codes, yesterday's, and where codes can be extended what lies on the way to the
        targets, beside it and below; of those that bear on the targets alike only the first, where
        that can be told without looking at each target."""
        today = (c for c, entry in self._list.codes.items() if entry.successor is None)
        every = chain(today, self._list.codes, self._extensions(targets))
        if self._list.has_ties:
            yield from every
            return
        met, first = self._met(targets), set[tuple[bool, frozenset[str]]]()
        for code in every:
            within = self._list.ancestors(code) & met
            way = self._list.current(code) in met, within
            if way not in first:
                first.add(way)
                yield code

    def _extensions(self, targets: tuple[str, ...]) -> Iterable[str]:
        for target in targets if self._list.extension_pattern else ():
            known = self._extended.get(target)
            if known is None:
                stems = [target[:cut] for cut in range(1, len(target) + 1)]
                near = (stem + end for stem in stems for end in ("", *digits, *ascii_uppercase))
                known = self._extended.keep(
                    target, tuple([code for code in near if code in self._list])
                )
            yield from known
