"""One programme's match object as byte segments and placeholders.

The reference rendering writes the segments: it is given placeholders instead of values, once for
each degree of detail and choice of language that is asked for. A request only fills them and joins.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

import orjson

from service.compiled.evaluated_subject import EvaluatedSubject, LeafNumbers
from service.domain.evaluation.evaluator import (
    IN_REACH,
    AnswerDetail,
    Finding,
    Status,
    group_finding,
)
from service.domain.rules.conditions import Condition, Group
from service.domain.rules.programmes import Programme
from service.domain.truth import Truth
from service.rendering.canonical_json import canonical_json
from service.rendering.json_parts import Json, in_language
from service.rendering.match_json import BriefValues, MatchRenderer, MatchValues

# JSON has no such byte: in a string it stands as an escape.
PLACEHOLDER_MARK = b"\0"


class Placeholder:
    """A place in a template: the number of the value that belongs there."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number


# The values of a match come in this order; then each node's truth, then what was observed and the
# provenance of each leaf.
SUBJECT, HYPOTHETICAL, STATUS, MISSING, CEILING, SETTLED_BY = range(6)
BECAUSE, DECIDED_BY, NEAR_MISS, WARNINGS = range(6, 10)
_NODES = WARNINGS + 1
_TRUTH_JSON = tuple(canonical_json(str(truth)) for truth in sorted(Truth))


class Segments:
    """JSON with two or more places left open: `fill` puts values, themselves JSON, into them."""

    __slots__ = ("_order", "_parts")

    def __init__(self, data: object, shared: dict[bytes, bytes]) -> None:
        order: list[int] = []

        def note(value: object) -> orjson.Fragment:
            if not isinstance(value, Placeholder):
                raise TypeError(type(value).__qualname__)
            order.append(value.number)
            return orjson.Fragment(PLACEHOLDER_MARK)

        pieces = canonical_json(data, note).split(PLACEHOLDER_MARK)
        self._parts = [b""] * (2 * len(pieces) - 1)
        self._parts[::2] = [shared.setdefault(piece, piece) for piece in pieces]
        self._order = itemgetter(*order)

    def fill(self, values: list[bytes]) -> bytes:
        """The JSON with these values, by the numbers of their placeholders."""
        parts = self._parts.copy()
        parts[1::2] = self._order(values)
        return b"".join(parts)


DetailAndLanguage: TypeAlias = tuple[AnswerDetail, str | None]


class WrittenPieces(NamedTuple):
    """What is the same in all matches of a programme: the match object by detail and language, and
    who decides, by status and language."""

    segments: dict[DetailAndLanguage, Segments]
    decided_by: dict[tuple[Status, str | None], bytes]


class MatchTemplate:
    """A programme's match object in every degree of detail and choice of language."""

    __slots__ = (
        "_answers",
        "_groups",
        "_leaves",
        "_nodes",
        "_shared",
        "programme",
        "written",
    )

    def __init__(
        self,
        programme: Programme,
        answers: MatchRenderer,
        numbers: LeafNumbers,
        shared: dict[bytes, bytes],
        written: WrittenPieces,
    ) -> None:
        """`written`: what was written already, elsewhere."""
        self.programme = programme
        # (node, number of its question), left to right.
        self._leaves: list[tuple[int, int]] = []
        # (node, group, the nodes below it), the parents after their children.
        self._groups: list[tuple[int, Group, tuple[int, ...]]] = []
        places = count()
        self._place(programme.condition, places, numbers)
        self._nodes = next(places)
        self._answers, self._shared = answers, shared
        self.written = written

    def _place(self, condition: Condition, places: Iterator[int], numbers: LeafNumbers) -> int:
        """Give a node its place, and all below it theirs."""
        place = next(places)
        if isinstance(condition, Group):
            below = tuple([self._place(child, places, numbers) for child in condition.children])
            self._groups.append((place, condition, below))
        else:
            self._leaves.append((place, numbers.number_of(condition)))
        return place

    def segments(self, shown: DetailAndLanguage) -> Segments:
        """The match object with so much detail, made when it is first asked for."""
        found = self.written.segments.get(shown)
        if found is None:
            detail, language = shown
            match_object = in_language(self._object(detail), language)
            found = self.written.segments[shown] = Segments(match_object, self._shared)
        return found

    def decided_by(self, status: Status, language: str | None) -> bytes:
        """Who decides at a status."""
        found = self.written.decided_by.get((status, language))
        if found is None:
            said = self._answers.decided_by(self.programme, status)
            words = canonical_json(in_language(said, language))
            found = self._shared.setdefault(words, words)
            self.written.decided_by[status, language] = found
        return found

    def write(self, shown: Iterable[DetailAndLanguage]) -> None:
        """Make what is the same in all matches, with so much detail."""
        for detail, language in shown:
            self.segments((detail, language))
            for status in IN_REACH:
                self.decided_by(status, language)

    def _object(self, detail: AnswerDetail) -> Json:
        """The match object as the reference renders it, of placeholders."""
        programme, answers = self.programme, self._answers
        values = [Placeholder(i) for i in range(_NODES)]
        if detail is AnswerDetail.STATUSES:
            return {
                "programme": {"id": programme.id},
                "subject": values[SUBJECT],
                "status": values[STATUS],
            }
        shared: dict[str, Any] = {
            "subject": values[SUBJECT],
            "status": values[STATUS],
            "missing_facts": values[MISSING],
            "ceiling": values[CEILING],
            "settled_by": values[SETTLED_BY],
        }
        if detail is AnswerDetail.BRIEF:
            return answers.brief_object(programme, BriefValues(because=values[BECAUSE], **shared))
        opened = iter(range(_NODES, _NODES + self._nodes))
        leaf_places = iter(
            range(_NODES + self._nodes, _NODES + self._nodes + 2 * len(self._leaves))
        )
        finding = _placeholder_finding(programme.condition, opened, leaf_places)
        full = MatchValues(
            findings=finding.children,
            shown=_as_placed,
            hypothetical=values[HYPOTHETICAL],
            decided_by=values[DECIDED_BY],
            near_miss=values[NEAR_MISS],
            warnings=values[WARNINGS],
            **shared,
        )
        return answers.match_object(programme, full)

    def findings(self, subject: EvaluatedSubject) -> list[Finding]:
        """What every node comes to, the parents before their children. Of a test another that asks
        the same may stand in for its condition."""
        found: list[Any] = [None] * self._nodes
        for node, number in self._leaves:
            found[node] = subject[number]
        for node, group, children in self._groups:
            found[node] = group_finding(group, [found[child] for child in children])
        return found

    def fill(
        self,
        shown: DetailAndLanguage,
        values: list[bytes],
        found: Sequence[Finding],
        subject: EvaluatedSubject,
    ) -> bytes:
        """The match object with the values of its own and, where anything was found, those of
        its conditions."""
        filled = values + [_TRUTH_JSON[finding.truth] for finding in found]
        if found:
            for _, number in self._leaves:
                filled += subject.shown(number)
        return self.segments(shown).fill(filled)


def _placeholder_finding(
    condition: Condition, nodes: Iterator[int], leaves: Iterator[int]
) -> Finding:
    """A tree of findings with placeholders for truths; a leaf observes its own two places."""
    truth: Any = Placeholder(next(nodes))
    if not isinstance(condition, Group):
        seen: Any = (Placeholder(next(leaves)), Placeholder(next(leaves)))
        return Finding(condition, truth, seen)
    children = tuple(_placeholder_finding(child, nodes, leaves) for child in condition.children)
    return Finding(condition, truth, None, (), children)


def _as_placed(finding: Finding, _facts: tuple[str, ...]) -> tuple[object, object, object]:
    if finding.observed is None:
        return finding.truth, None, None
    observed, provenance = finding.observed  # type: ignore[misc, str-unpack]  # see _placeholder_finding
    return finding.truth, observed, provenance
