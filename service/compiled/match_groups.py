"""The matches of an answer in groups, before any is taken up: who they are of, as bit sets; and how
many there are, by place and by what they fail for."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias, TypeVar

from service.compiled.evaluated_subject import EvaluatedSubject, SubjectStatuses
from service.compiled.match_writer import SubjectMatch
from service.domain.advice.settling import SettledBy
from service.domain.evaluation.evaluator import Status
from service.domain.index.bitset import BitSet
from service.domain.index.status_index import StatusIndex
from service.rendering.json_parts import Json

K = TypeVar("K", str, tuple[str, ...])


# A subject, and which programmes of it.
Held: TypeAlias = tuple[EvaluatedSubject, BitSet]


class MatchGroup(NamedTuple):
    """Matches that come after one another in an answer: in order already, or to be ordered by
    programme and subject."""

    status: Status
    chosen: tuple[Held, ...] = ()
    matches: tuple[SubjectMatch, ...] = ()
    settled_by: SettledBy | None = None

    @property
    def size(self) -> int:
        return len(self.matches) + sum([held.bit_count() for _, held in self.chosen])


def overview_json(
    groups: Iterable[MatchGroup],
    subjects: Sequence[SubjectStatuses],
    of_jurisdiction: Mapping[str, BitSet],
    index: StatusIndex,
) -> list[Json]:
    """How many matches there are of each status, and of those who settle what is open: by place,
    and of those out of reach by what stands in the way alone; the commonest first."""
    held: dict[tuple[Status, SettledBy | None], list[MatchGroup]] = defaultdict(list)
    for group in groups:
        if group.size:
            held[group.status, group.settled_by].append(group)
    return [
        {
            "status": status.value,
            "settled_by": settled_by,
            "count": sum(group.size for group in found),
            "places": _places_json(found, of_jurisdiction),
            "reasons": _reasons_json(subjects, index) if status is Status.INELIGIBLE else [],
        }
        for (status, settled_by), found in held.items()
    ]


def _places_json(groups: Iterable[MatchGroup], of_jurisdiction: Mapping[str, BitSet]) -> list[Json]:
    chosen: dict[str | None, BitSet] = defaultdict(int)
    counts: Counter[str] = Counter()
    for group in groups:
        counts.update(match.programme.jurisdiction for match in group.matches)
        for subject, held in group.chosen:
            chosen[subject.ref] |= held
    for place, programmes in of_jurisdiction.items():
        counts[place] += sum((programmes & held).bit_count() for held in chosen.values())
    return [{"jurisdiction": p, "count": n} for p, n in _commonest(counts)]


def _reasons_json(subjects: Iterable[SubjectStatuses], index: StatusIndex) -> list[Json]:
    counts: Counter[tuple[str, ...]] = Counter()
    for subject in subjects:
        counts.update(dict(_sole_obstacles(subject, index)))
    return [{"facts": list(facts), "count": n} for facts, n in _commonest(counts)]


def _sole_obstacles(
    found: SubjectStatuses, index: StatusIndex
) -> Iterator[tuple[tuple[str, ...], int]]:
    """What stands in the way alone, and of how many programmes, each told once."""
    evaluated, lanes = found.subject, found.reading.lanes
    failing = found.by_status[Status.INELIGIBLE]
    alone = list(index.sole_obstacles(evaluated.facts, lanes, evaluated.as_of, failing))
    alone.sort(key=lambda obstacle: (-obstacle[1].bit_count(), obstacle[0]))
    for facts, programmes in alone:
        yield facts, (programmes & failing).bit_count()
        failing &= ~programmes


def _commonest(counts: "Counter[K]") -> list[tuple[K, int]]:
    """What was counted at all, the most frequent first."""
    found = [(about, count) for about, count in counts.items() if count]
    return sorted(found, key=lambda item: (-item[1], item[0]))
