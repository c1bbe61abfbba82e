"""The programmes by what a list can be narrowed and sorted by, as bit sets: whatever their number,
a page of a list costs what it shows.

Bit i of a set is the programme at place i, in the order of the catalogue.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from service.domain.advice.change_dates import facts_that_date
from service.domain.dates import DAY, Window
from service.domain.deferred import Deferred
from service.domain.evaluation.evaluator import PROMISING
from service.domain.index.bitset import BitSet, bits_by_key, bitset_of, places_of, union_of
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Evidence
from service.domain.rules.programmes import Example, Programme
from service.domain.text import Text

Departments: TypeAlias = tuple[Text, ...]
_PROMISING = frozenset(status.value for status in PROMISING)

# What a programme has of each criterion.
VALUES: Mapping[str, Callable[[Programme], tuple[str, ...]]] = {
    "jurisdiction": lambda p: (p.jurisdiction,),
    "measure": lambda p: (p.measure,),
    "instrument": lambda p: (p.instrument,),
    "commitment": lambda p: (p.commitment.value,),
    "kind": lambda p: p.kinds,
    "field": lambda p: p.fields,
}


def _amount(programme: Programme) -> Decimal:
    """The highest ceiling first; what has none comes last."""
    most = programme.benefit.most if programme.benefit else None
    return -(most or Decimal(0))


# What official documents hold before what only the press reports.
OFFICIAL = "official"
SORTED: Mapping[str, Callable[[Programme], Any]] = {
    "id": lambda p: p.id,
    "amount": _amount,
    "valid_to": lambda p: (p.window.end or date.max, p.id),
    OFFICIAL: lambda p: p.evidence is not Evidence.OFFICIAL,
}


class ProgrammeTable:
    """The lists of one catalogue. `having` gives the programmes by criterion and value."""

    def __init__(self, catalogue: Catalogue) -> None:
        programmes = tuple(catalogue.programmes.values())
        self.ids = tuple(p.id for p in programmes)
        # The folder that each one's file stands in, and its name.
        self.described = Deferred.of(tuple((p.folder, p.name) for p in programmes))
        self.places = {name: place for place, name in enumerate(self.ids)}
        self.all_programmes: BitSet = (1 << len(programmes)) - 1
        self.having: Mapping[str, Mapping[str, BitSet]] = {
            criterion: bits_by_key(values(p) for p in programmes)
            for criterion, values in VALUES.items()
        }
        self.of_departments: Mapping[Departments, BitSet] = bits_by_key(
            (p.departments,) for p in programmes
        )
        self._windows: Mapping[Window, BitSet] = bits_by_key((p.window,) for p in programmes)
        self._turning = bits_by_key(tuple(facts_that_date(p)) for p in programmes)
        self._with_periods = bitset_of(i for i, p in enumerate(programmes) if p.application.windows)
        self._ranks = {name: _ranks([key(p) for p in programmes]) for name, key in SORTED.items()}
        # What a request can be shown by: looked for once, since it looks at every programme.
        self.best_example = _best_example(programmes)
        self.with_amount = sum(p.benefit is not None and bool(p.benefit.most) for p in programmes)

    def in_force(self, day: date) -> BitSet:
        """The programmes in force on a day."""
        return union_of(bits for window, bits in self._windows.items() if day in window)

    def windows(self, chosen: BitSet) -> Iterator[tuple[Window, tuple[str, ...]]]:
        """The windows that some programmes have, each with the ids of those."""
        for window, held in self._windows.items():
            if found := held & chosen:
                yield window, tuple(self.ids[place] for place in places_of(found))

    def with_periods(self, chosen: BitSet) -> tuple[str, ...]:
        """The ids of those of the chosen programmes whose periods of application are published."""
        return tuple(self.ids[place] for place in places_of(self._with_periods & chosen))

    def may_turn(self, stated: Iterable[str], start: date, end: date) -> BitSet:
        """The programmes of which something may turn after a day, up to another, for who states
        these facts: a window, a period for applications or a condition."""
        by_window = union_of(
            held
            for window, held in self._windows.items()
            for day in (window.start, window.end and window.end + DAY)
            if day and start < day <= end
        )
        by_fact = union_of(self._turning.get(fact, 0) for fact in (None, *stated))
        return self._with_periods | by_window | by_fact

    def responsible(self, named: str) -> BitSet:
        """The programmes that the department of that name has to do with; where none is called just
        so, those of which it is a part."""
        wanted = named.casefold()
        own = union_of(b for d, b in self.of_departments.items() if wanted in names_of(d))
        return own or union_of(b for d, b in self.of_departments.items() if _is_part(d, named))

    def valid_at(self, places: Iterable[str]) -> BitSet:
        """The programmes of these jurisdictions."""
        here = self.having["jurisdiction"]
        return union_of(here.get(place, 0) for place in places)

    def in_order(self, chosen: BitSet, found: Iterable[str] | None, sort: str | None) -> list[int]:
        """The places of a set: in the order in which they were found (then of these only), or that
        of the catalogue; sorted where a sort is named."""
        held = chosen.to_bytes(len(self.ids) // 8 + 1, "little")
        listed: Iterable[int] = range(len(self.ids))
        if found is not None:
            listed = [self.places[name] for name in found if name in self.places]
        ordered = [place for place in listed if held[place >> 3] >> (place & 7) & 1]
        return ordered if sort is None else sorted(ordered, key=self._ranks[sort].__getitem__)

    def bits_of(self, names: Iterable[str]) -> BitSet:
        """The set of the programmes with these ids, as far as there are such."""
        return bitset_of(self.places[name] for name in names if name in self.places)


def names_of(departments: Iterable[Text]) -> set[str]:
    """What departments are called, however it is written."""
    return {name.casefold() for d in departments for name in (d.zh, d.en)}


def _is_part(departments: Iterable[Text], named: str) -> bool:
    """Whether that is part of the name of one of the departments."""
    wanted = named.casefold()
    return any(wanted in d.zh or wanted in d.en.casefold() for d in departments)


def _best_example(programmes: Iterable[Programme]) -> tuple[str, Example] | None:
    """A promising example and its programme's id, official before news, with an amount before
    without, most facts first; None where no programme has any."""
    ranked = [
        (
            (
                programme.evidence is not Evidence.OFFICIAL,
                example.expect.ceiling is None,
                -len(example.given),
            ),
            programme.id,
            example,
        )
        for programme in programmes
        for example in programme.examples
        if example.expect.status in _PROMISING
    ]
    return min(ranked, key=lambda found: found[0])[1:] if ranked else None


def _ranks(keys: list[Any]) -> "array[int]":
    """The places of the keys among those that differ."""
    ranks = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    return array("q", (ranks[key] for key in keys))
