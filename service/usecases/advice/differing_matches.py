"""Which matches may differ between two sides, found by their indexes; only those are evaluated."""

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeAlias

from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.evaluation.evaluator import PROMISING, Evaluation, Status
from service.domain.facts.profile import Profile, Value
from service.domain.index.bitset import BitSet, bitset_of, places_of
from service.domain.index.status_index import SubjectTruths, evaluate_readings
from service.usecases.matching import is_large

# The status of each programme, by the project that it is looked at for.
Statuses: TypeAlias = dict[str | None, dict[str, Status]]
_ALL = frozenset(Status)
# Of a catalogue with more programmes than an answer tells whole so many matches are compared: of
# ten thousand programmes half may turn, and to say why takes a second and more.
MAX_COMPARED = 1_000


class ComparedSide(NamedTuple):
    """A profile as it is evaluated, the day, and the catalogue."""

    compiled: CompiledCatalogue
    profile: Profile
    as_of: date


def evaluate_differing(
    before: ComparedSide, after: ComparedSide, unchanged: Container[str]
) -> tuple[Evaluation, Evaluation, int]:
    """Both sides evaluated, with all matches that differ and some that do not; `unchanged` are the
    folders in which the rules of both are the same. And how many that may differ were left out: of
    a large catalogue what came into reach or left it goes first, then what else turned."""
    readings = [s.compiled.index.truths_of(s.profile, s.as_of) for s in (before, after)]
    then, now = (_statuses(s, r) for s, r in zip((before, after), readings, strict=True))
    rewritten = frozenset(_rewritten(after, unchanged))
    named = {
        ref: {
            *_turned(then.get(ref, {}), now.get(ref, {})),
            *_other_amounts(before, after, ref),
            *rewritten,
        }
        for ref in then.keys() | now.keys()
    }
    possible = sum(map(len, named.values()))
    if any(is_large(side.compiled.catalogue) for side in (before, after)):
        most = max(1, MAX_COMPARED // len(named))
        for ref, names in named.items():
            named[ref] = _first(names, then.get(ref, {}), now.get(ref, {}), most)
    left_out = possible - sum(map(len, named.values()))
    first, second = (
        _evaluated(side, read, named) for side, read in zip((before, after), readings, strict=True)
    )
    return first, second, left_out


def _first(
    names: set[str], then: Mapping[str, Status], now: Mapping[str, Status], most: int
) -> set[str]:
    """So many of the programmes that may differ, those first that somebody reads first."""

    def rank(name: str) -> tuple[bool, bool, str]:
        before, after = then.get(name), now.get(name)
        return before is after, PROMISING.isdisjoint((before, after)), name

    return set(sorted(names, key=rank)[:most])


def _statuses(side: ComparedSide, readings: Sequence[SubjectTruths]) -> Statuses:
    index, found = side.compiled.index, Statuses()
    for reading in readings:
        known = found.setdefault(reading.project.ref if reading.project else None, {})
        for status, held in index.by_status(reading, side.as_of).items():
            known.update((index.order[place], status) for place in places_of(held))
    return found


def _turned(then: Mapping[str, Status], now: Mapping[str, Status]) -> Iterator[str]:
    """The programmes that have another status, or one on one side only."""
    for name in then.keys() | now.keys():
        if then.get(name) is not now.get(name):
            yield name


def _other_amounts(before: ComparedSide, after: ComparedSide, ref: str | None) -> Iterator[str]:
    """The programmes whose amount is reckoned from what differs."""
    then, now = (_facts(side.profile, ref) for side in (before, after))
    differing = [f for f in then.keys() | now.keys() if then.get(f) != now.get(f)]
    for side in (before, after):
        answers = side.compiled.match_answers
        amounts = answers.amounts_from(differing)
        if before.as_of != after.as_of:
            amounts |= answers.dated_amounts
        yield from (side.compiled.index.order[place] for place in places_of(amounts))


def _facts(profile: Profile, ref: str | None) -> dict[str, Value]:
    own = next((p.facts for p in profile.projects if p.ref == ref), {})
    return {**profile.company, **own}


def _rewritten(after: ComparedSide, unchanged: Container[str]) -> Iterator[str]:
    """The programmes whose rules may be others."""
    table = after.compiled.table
    for name, (folder, _) in zip(table.ids, table.described.value, strict=True):
        if folder not in unchanged:
            yield name


def _evaluated(
    side: ComparedSide, readings: Sequence[SubjectTruths], named: Mapping[str | None, set[str]]
) -> Evaluation:
    compiled = side.compiled
    places = {name: place for place, name in enumerate(compiled.index.order)}
    among: dict[str | None, BitSet] = {
        ref: bitset_of(places[name] for name in names if name in places)
        for ref, names in named.items()
    }
    return evaluate_readings(
        compiled.index, compiled.catalogue, side.profile, readings, side.as_of, _ALL, among
    )
